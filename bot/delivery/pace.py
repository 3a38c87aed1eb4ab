"""When the next message may go.

Here lives the waiting for a turn. How many messages a second are allowed is a `Pace`, and
who has taken which turn is in the store, shared by all processes; nothing is counted here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.model import Pace
from bot.store import Store

Sleep = Callable[[float], Awaitable[None]]

# Waits up to this long are for the overall rate: they are served one after another.
_NEXT_IN_LINE = timedelta(milliseconds=100)
_NOW = timedelta()


class Turnstile:
    """Lets messages of this process through at the pace that all processes share."""

    def __init__(self, store: Store, pace: Pace, sleep: Sleep) -> None:
        self._store = store
        self._pace = pace
        self._sleep = sleep
        self._line = asyncio.Lock()

    async def wait(self, chat_id: int, *, is_group: bool, patience: timedelta) -> timedelta:
        """Wait for a turn to send to this chat. Zero: it is taken, send now.

        Otherwise no turn was taken, and there is none for as long as the result, which is
        more than what was left of `patience`: come back then. Raises StoreError.
        """
        while wait := await self._ask(chat_id, is_group):
            if wait > patience:
                return wait
            patience -= wait
            await self._sleep(wait.total_seconds())
        return _NOW

    async def _ask(self, chat_id: int, is_group: bool) -> timedelta:
        """Ask for a turn, in line with the others of this process.

        Whoever has only to wait for the overall rate keeps the head of the line meanwhile.
        Without the line, all who wait would ask the database again for every message.
        """
        async with self._line:
            wait = await self._store.reserve(chat_id, is_group, self._pace)
            while _NOW < wait <= _NEXT_IN_LINE:
                await self._sleep(wait.total_seconds())
                wait = await self._store.reserve(chat_id, is_group, self._pace)
            return wait
