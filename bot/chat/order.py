"""In which order updates are answered, and that each is answered once.

Here lives python-telegram-bot's update processor of this bot. Different chats are answered
side by side, so that a slow answer keeps nobody else waiting; within a chat a second
press of a button, or a question after a setting, never overtakes the first. The store
sees to the same where several replicas share a chat, and knows which updates have been
answered, for Telegram gives one out again when it had no answer in time.

Across replicas the order is that of the updates' numbers among those that have arrived. An
update that arrives (by another connection, through the proxy) only after a later one was
begun is answered after it: nobody can wait for what may never come.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import secrets
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.errors import StoreError
from bot.store import Store, Turn

_log = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 64
# For how long a replica that says nothing may be at an update, before it counts as dead.
_LEASE: Final = timedelta(seconds=6)
_RENEW_SECONDS: Final = 2.0
_ASK_AGAIN_SECONDS: Final = 0.05


class OneAtATimeInAChat(BaseUpdateProcessor):
    """At most 64 updates at once, and of each chat (or person, without a chat) only one.

    Without a store it is so within this process, and nobody knows what was answered.
    """

    def __init__(self, store: Store | None = None) -> None:
        super().__init__(_MOST_AT_ONCE)
        self._store = store
        self._last: dict[int, asyncio.Task[Any]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        line = _line(update)
        if line is None:
            await self._answer_once(update, line, coroutine)
            return
        before = self._last.get(line)
        mine = asyncio.current_task()
        assert mine is not None, "updates are processed in tasks"
        self._last[line] = mine
        try:
            if before is not None:
                # Whether that went well was told by its own error handler.
                await asyncio.wait([before])
            await self._answer_once(update, line, coroutine)
        finally:
            if self._last.get(line) is mine:
                del self._last[line]

    async def _answer_once(
        self, update: object, line: int | None, coroutine: Awaitable[Any]
    ) -> None:
        """Raises StoreError, the update not answered, when nobody can know whether it was."""
        if self._store is None or not isinstance(update, Update):
            await coroutine
            return
        taker = secrets.token_hex(8)
        is_mine = False
        try:
            is_mine = await self._take(self._store, update.update_id, line, taker)
        finally:
            if not is_mine and inspect.iscoroutine(coroutine):
                coroutine.close()
        if is_mine:
            await self._hold_while(self._store, update.update_id, taker, coroutine)
            await self._store.settle_update(update.update_id, taker)

    async def _hold_while(
        self, store: Store, update_id: int, taker: str, coroutine: Awaitable[Any]
    ) -> None:
        """Answer, and hold the update meanwhile, however long that takes."""
        answering = asyncio.ensure_future(coroutine)
        try:
            while not (await asyncio.wait([answering], timeout=_RENEW_SECONDS))[0]:
                await _renew(store, update_id, taker)
        except asyncio.CancelledError:
            answering.cancel()
            await asyncio.wait([answering])
            raise
        await answering

    async def _take(self, store: Store, update_id: int, line: int | None, taker: str) -> bool:
        """Wait for the turn with this update; false when another has answered it."""
        while True:
            match await store.take_update(update_id, line, taker, _LEASE):
                case Turn.MINE:
                    return True
                case Turn.PAST:
                    return False
                case Turn.WAIT:
                    await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


async def _renew(store: Store, update_id: int, taker: str) -> None:
    """An answer goes on without the database; at worst another begins it as well."""
    try:
        await store.keep_update(update_id, taker, _LEASE)
    except StoreError as error:
        _log.warning("an update may be answered twice: %s", error)


def _line(update: object) -> int | None:
    """In which line an update waits: that of its chat, or of its sender where it has none."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else None
