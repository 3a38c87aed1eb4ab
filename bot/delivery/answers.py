"""Answers on their way out: the turn of a message that is no row of the ledger.

Here lives what python-telegram-bot asks before each call of the bot that answers people. A
message waits for a turn among all that is sent, by whatever process: Telegram counts answers
and pushes together, and halts both when it is asked too much. Other calls pass. The worker
does not come here (its bot has no such limiter): it takes a turn and writes down its intent
in one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.delivery.pace import NEXT_IN_LINE, SHORT_PAUSE, Sleep
from bot.delivery.send import duration
from bot.delivery.together import Together
from bot.errors import StoreError
from bot.model import Pace
from bot.store import Store

_log = logging.getLogger(__name__)

# Then an answer goes without a turn, and Telegram says whether it is one too many. Longer than
# any pause of everybody.
_PATIENCE: Final = SHORT_PAUSE + timedelta(seconds=1)
# So long what is due gives way to answers, and is then asked for once.
PRECEDENCE: Final = timedelta(seconds=1)
# What is left of a pause is waited for here: whoever slept through it may be a little early.
_BRIEF: Final = timedelta(seconds=1)
_NONE: Final = timedelta()
_NOT_A_MESSAGE: Final = frozenset({"sendChatAction"})

Reply = bool | dict[str, Any] | list[dict[str, Any]]


# The id of a turn; None to go without one; a duration while the chat is not to be written to.
_Verdict = int | timedelta | None


@dataclass(slots=True, eq=False)
class _Waiting:
    chat_id: int
    patience: timedelta = _PATIENCE


class AnswersInTurn(BaseRateLimiter[None]):
    """Lets answers through at the pace that all processes share with what is due.

    Where no turn comes in time or the database is away, an answer goes without one. To a chat
    of which Telegram wants a pause nothing goes: that is RetryAfter, as Telegram itself would
    say. `sleep` takes seconds. `precedence` is in real time, whatever `sleep` does.
    """

    def __init__(
        self, store: Store, pace: Pace, sleep: Sleep, *, precedence: timedelta = PRECEDENCE
    ) -> None:
        self._store = store
        self._pace = pace
        self._sleep = sleep
        self._precedence = precedence
        self._line: Together[_Waiting, _Verdict] = Together(self._ask)
        self._waiting = 0
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    async def first(self) -> None:
        """Return when no answer of this process waits for a turn, or their precedence is over.

        Who asks for turns for what is due waits here: a person is looking at the screen.
        """
        if self._waiting:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_empty.wait(), self._precedence.total_seconds())

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Reply]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Reply:
        """Make the call, a message in its turn. A 429 holds up what is due, too."""
        chat_id = data.get("chat_id")
        is_message = endpoint.startswith("send") and endpoint not in _NOT_A_MESSAGE
        if not is_message or not isinstance(chat_id, int):
            return await callback(*args, **kwargs)
        turn_id = await self._begin(chat_id)
        if isinstance(turn_id, timedelta):
            raise RetryAfter(turn_id)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            await self._pause(chat_id, duration(error.retry_after))
            raise
        finally:
            await self._end(turn_id)

    async def _begin(self, chat_id: int) -> _Verdict:
        """Wait for a turn of a message to this chat."""
        self._waiting += 1
        self._is_empty.clear()
        try:
            verdict = await self._line.do(_Waiting(chat_id))
            while isinstance(verdict, timedelta) and verdict <= _BRIEF:
                await self._sleep(verdict.total_seconds())
                verdict = await self._line.do(_Waiting(chat_id))
            return verdict
        except StoreError as error:
            _log.warning("an answer goes without a turn: %s", error)
            return None
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._is_empty.set()

    async def _ask(self, line: Sequence[_Waiting]) -> Mapping[int, _Verdict]:
        """Turns for those who came first; None for whom it took too long."""
        taken = await self._store.take_turns([one.chat_id for one in line], self._pace)
        verdicts: dict[int, _Verdict] = {**taken.ids, **taken.pauses}
        if not verdicts:
            wait = min(taken.wait, NEXT_IN_LINE)
            await self._sleep(wait.total_seconds())
            for one in line:
                one.patience -= wait
            verdicts = {at: None for at, one in enumerate(line) if one.patience <= _NONE}
        return verdicts

    async def _pause(self, chat_id: int, retry_after: timedelta) -> None:
        """A short one of a private chat is everybody's, as for what is due.

        In a lively group, where many ask at once, it is the group's own limit that was reached.
        """
        is_everybodys = retry_after <= SHORT_PAUSE and chat_id > 0
        try:
            until = await self._store.now() + retry_after
            await self._store.pause(until, None if is_everybodys else chat_id)
        except StoreError as error:
            _log.warning("a pause was not noted: %s", error)

    async def _end(self, turn_id: int | None) -> None:
        if turn_id is None:
            return
        try:
            await self._store.end_turn(turn_id)
        except StoreError as error:
            _log.warning("a turn was not ended, and counts for a while: %s", error)
