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

from bot.delivery.pace import NEXT_IN_LINE, Sleep
from bot.delivery.send import duration
from bot.delivery.together import Together
from bot.errors import StoreError
from bot.model import Pace
from bot.store import Store

_log = logging.getLogger(__name__)

# Then an answer goes without a turn, and Telegram says whether it is one too many.
_PATIENCE: Final = timedelta(seconds=5)
# So long what is due gives way to answers, and is then asked for once.
PRECEDENCE: Final = timedelta(seconds=1)
_NONE: Final = timedelta()
_NOT_A_MESSAGE: Final = frozenset({"sendChatAction"})

Reply = bool | dict[str, Any] | list[dict[str, Any]]


@dataclass(slots=True, eq=False)
class _Waiting:
    patience: timedelta = _PATIENCE


class AnswersInTurn(BaseRateLimiter[None]):
    """Lets answers through at the pace that all processes share with what is due.

    An answer is never given up here: where no turn comes in time or the database is away, it
    goes without one. `sleep` takes seconds. `precedence` is in real time, whatever `sleep` does.
    """

    def __init__(
        self, store: Store, pace: Pace, sleep: Sleep, *, precedence: timedelta = PRECEDENCE
    ) -> None:
        self._store = store
        self._pace = pace
        self._sleep = sleep
        self._precedence = precedence
        self._line: Together[_Waiting, int | None] = Together(self._ask)
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
        """Make the call, a message in its turn. A 429 holds up what is due to that chat, too."""
        if not endpoint.startswith("send") or endpoint in _NOT_A_MESSAGE:
            return await callback(*args, **kwargs)
        turn_id = await self._begin()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            await self._pause(data.get("chat_id"), duration(error.retry_after))
            raise
        finally:
            await self._end(turn_id)

    async def _begin(self) -> int | None:
        """Wait for a turn, and return its id; None to go without."""
        self._waiting += 1
        self._is_empty.clear()
        try:
            return await self._line.do(_Waiting())
        except StoreError as error:
            _log.warning("an answer goes without a turn: %s", error)
            return None
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._is_empty.set()

    async def _ask(self, line: Sequence[_Waiting]) -> Mapping[int, int | None]:
        """Turns for those who came first; None for whom it took too long."""
        taken = await self._store.take_turns(len(line), self._pace)
        if taken.ids:
            return dict(enumerate(taken.ids))
        wait = min(taken.wait, NEXT_IN_LINE)
        await self._sleep(wait.total_seconds())
        for one in line:
            one.patience -= wait
        return {at: None for at, one in enumerate(line) if one.patience <= _NONE}

    async def _pause(self, chat_id: object, retry_after: timedelta) -> None:
        """Only that chat: in a lively group it is the group's own limit that was reached."""
        if not isinstance(chat_id, int):
            return
        try:
            await self._store.pause(await self._store.now() + retry_after, chat_id)
        except StoreError as error:
            _log.warning("a pause was not noted: %s", error)

    async def _end(self, turn_id: int | None) -> None:
        if turn_id is None:
            return
        try:
            await self._store.end_turn(turn_id)
        except StoreError as error:
            _log.warning("a turn was not ended, and counts for a while: %s", error)
