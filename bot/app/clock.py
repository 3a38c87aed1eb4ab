"""One clock for all replicas: the store's, for those who cannot wait for it to be asked.

Here lives the following of that clock. What is due when goes by the store's clock; so must
"today", or what a group sets on a machine whose clock is wrong begins on another day.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from bot.errors import StoreError
from bot.store import Store

_log = logging.getLogger(__name__)

_ASK_AGAIN_SECONDS: Final = 60.0


class StoreClock:
    """Gives the moment on the store's clock, aware UTC, between `start` and `stop`.

    On SQLite that is this machine's clock. A shared database is asked once a minute, and in
    between time is measured on, by what no setting of this machine's clock changes.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked_at = monotonic()
        self._moment = datetime.now(UTC)
        self._following: asyncio.Task[None] | None = None

    def __call__(self) -> datetime:
        if self._following is None:
            return datetime.now(UTC)
        return self._moment + timedelta(seconds=monotonic() - self._asked_at)

    async def start(self) -> None:
        """Begin to follow the store's clock. Raises StoreError."""
        if self._store.is_shared:
            await self._ask()
            self._following = asyncio.create_task(self._follow(), name="clock")

    async def stop(self) -> None:
        """Follow it no longer."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_ASK_AGAIN_SECONDS)
            try:
                await self._ask()
            except StoreError as error:
                _log.warning("the database's clock is not asked: %s", error)

    async def _ask(self) -> None:
        moment = await self._store.now()
        self._moment, self._asked_at = moment, monotonic()
