"""In which order updates are answered: those of one chat one after another.

Here lives python-telegram-bot's update processor of this bot. Different chats are answered
side by side, so that a slow answer keeps nobody else waiting; within a chat a second
press of a button, or a question after a setting, never overtakes the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_MOST_AT_ONCE = 64


class OneAtATimeInAChat(BaseUpdateProcessor):
    """At most 64 updates at once, and of each chat (or person, without a chat) only one."""

    def __init__(self) -> None:
        super().__init__(_MOST_AT_ONCE)
        self._last: dict[int, asyncio.Task[Any]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        key = _key(update)
        if key is None:
            await coroutine
            return
        before = self._last.get(key)
        mine = asyncio.current_task()
        assert mine is not None, "updates are processed in tasks"
        self._last[key] = mine
        try:
            if before is not None:
                # Whether that went well was told by its own error handler.
                await asyncio.wait([before])
            await coroutine
        finally:
            if self._last.get(key) is mine:
                del self._last[key]

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def _key(update: object) -> int | None:
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else None
