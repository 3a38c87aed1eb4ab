"""An office on PostgreSQL: an advisory lock on a connection that does nothing else.

Here lives what asks psycopg directly, so this file is imported by `offices` alone, and only
where the database is PostgreSQL. The loop waits for these connections itself, and not a
thread of the store: an end that has gone silent must hold up nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from typing import Final

from psycopg import AsyncConnection, Error

# How long the other end may be silent before it counts as gone: 5 s idle, then 3 probes.
_KEEPALIVE: Final = (
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
)
_ASK_SECONDS: Final = 3.0
_GONE: Final = (Error, OSError, TimeoutError)


class SessionOffice:
    """The office of this name on the PostgreSQL database at `address`; see `store.offices`."""

    def __init__(self, address: str, name: str) -> None:
        self._address = address
        digest = hashlib.sha256(f"studybot office {name}".encode()).digest()
        self._key = int.from_bytes(digest[:8], signed=True)
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        """Take the office if nobody holds it; true when it is held here now."""
        if await self.is_held():
            return True
        try:
            connection = await AsyncConnection.connect(self._address, autocommit=True)
        except _GONE:
            return False
        try:
            for setting in _KEEPALIVE:
                await connection.execute(setting)
            answer = await connection.execute("SELECT pg_try_advisory_lock(%s)", [self._key])
            if await answer.fetchone() == (True,):
                self._connection = connection
        except _GONE:
            pass
        finally:
            if self._connection is not connection:
                await connection.close()
        return self._connection is connection

    async def is_held(self) -> bool:
        """True while it is held here for certain; false for ever once it was lost."""
        if self._connection is None:
            return False
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                await self._connection.execute("SELECT 1")
            return True
        except _GONE:
            connection, self._connection = self._connection, None
            await connection.close()
            return False

    async def leave(self) -> None:
        """Give it up; nothing happens when it is not held."""
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        # Said in so many words, as the server takes a moment to notice a closed connection.
        with contextlib.suppress(*_GONE):
            async with asyncio.timeout(_ASK_SECONDS):
                await connection.execute("SELECT pg_advisory_unlock(%s)", [self._key])
        await connection.close()
