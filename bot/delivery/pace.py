"""When the next message may go, and that it is written down before it goes.

Here lives the waiting for a turn. How many messages a second are allowed is a `Pace`, and
who has taken which turn is in the store, shared by all processes; nothing is counted here.
A turn and the state `sending` are taken in one transaction, so nothing is `sending` that is
not really being sent, and nothing is sent that is not `sending`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.delivery.together import Together
from bot.model import Delivery, Pace
from bot.store import Ready, Store

Sleep = Callable[[float], Awaitable[None]]
GiveWay = Callable[[], Awaitable[None]]

# A 429 up to this long is about the bot's overall rate, a longer one about that chat.
SHORT_PAUSE: Final = timedelta(seconds=10)
# Waits up to this long are for the overall rate: they are served one after another.
NEXT_IN_LINE: Final = timedelta(milliseconds=100)
_NOW: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Go:
    """Send this row now. `asked_at` is the event loop's time before its turn was taken."""

    delivery: Delivery
    asked_at: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Do not send this row: it is nobody's turn any more, or no longer this worker's row."""


# A duration: there is no turn for so long, come back then.
Answer = Go | Stop | timedelta


class Gate:
    """Lets rows of this process through at the pace that all processes share.

    While `is_closed` nobody is let through. Before turns are asked for, `answers_first` is
    waited for.
    """

    def __init__(
        self,
        store: Store,
        pace: Pace,
        sleep: Sleep,
        *,
        answers_first: GiveWay,
        is_closed: Callable[[], bool],
    ) -> None:
        self._store = store
        self._pace = pace
        self._sleep = sleep
        self._answers_first = answers_first
        self._is_closed = is_closed
        self._line: Together[Ready, Answer] = Together(self._ask)

    async def begin(self, ready: Ready, patience: timedelta) -> Answer:
        """Wait for a turn to send this row; with Go it is taken, and the row is `sending`.

        A duration is more than what was left of `patience`. Raises StoreError.
        """
        answer = await self._line.do(ready)
        while isinstance(answer, timedelta) and answer <= patience:
            patience -= answer
            await self._sleep(answer.total_seconds())
            answer = await self._line.do(ready)
        return answer

    async def _ask(self, line: Sequence[Ready]) -> Mapping[int, Answer]:
        """Ask once for all who are in line. Those who have only to wait for the overall rate

        stay there: without the line all of them would ask the database for every message.
        """
        await self._answers_first()
        if self._is_closed():
            return dict.fromkeys(range(len(line)), Stop())
        asked_at = asyncio.get_running_loop().time()
        begun = await self._store.begin_in_turn(line, self._pace)
        answers: dict[int, Answer] = {}
        for at, one in enumerate(line):
            key = one.delivery.id
            if key in begun.rows:
                answers[at] = Go(begun.rows[key], asked_at)
            elif key in begun.refused:
                answers[at] = Stop()
            elif wait := begun.chat_waits.get(key, _NOW):
                answers[at] = wait
            elif begun.wait > NEXT_IN_LINE:
                answers[at] = begun.wait
        if not answers:
            await self._sleep(begun.wait.total_seconds())
        return answers
