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
import secrets
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.store import Store, Turn

_MOST_AT_ONCE: Final = 64
# How long an answer may take before a replica counts as dead, and its update as not answered.
_LEASE: Final = timedelta(seconds=20)
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
        try:
            if await self._take(self._store, update.update_id, line, taker):
                await coroutine
                await self._store.settle_update(update.update_id, taker)
        finally:
            if inspect.iscoroutine(coroutine):
                coroutine.close()  # where it was not begun; else this does nothing

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


def _line(update: object) -> int | None:
    """In which line an update waits: that of its chat, or of its sender where it has none."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else None
