"""What an operator asks of the database: `studybot db upgrade` and `studybot why`.

Here live the commands that open the store and nothing else.
"""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.chat.why import day_told
from bot.config import read_settings
from bot.errors import StudybotError
from bot.render.html import plain
from bot.render.why import story
from bot.store import open_store


def upgrade_database(config: Path | None) -> str:
    """Bring the database to this program's version; what version that is."""
    return asyncio.run(_upgrade(read_settings(config).store_url))


async def _upgrade(url: str) -> str:
    store = await open_store(url)
    try:
        return f"The database is at version {await store.current_revision()}."
    finally:
        await store.close()


def tell_why(config: Path | None, chat_id: int, on: date | None) -> str:
    """The story of a chat's push on its local date `on` (today when None).

    Raises StudybotError when the bot has never met this chat.
    """
    return asyncio.run(_why(read_settings(config).store_url, chat_id, on))


async def _why(url: str, chat_id: int, on: date | None) -> str:
    store = await open_store(url, upgrade=False)
    try:
        chat = await store.chat(chat_id)
        if chat is None:
            raise StudybotError(f"the bot has never been in a chat with the id {chat_id}")
        now = await store.now()
        today = now.astimezone(ZoneInfo(chat.zone)).date()
        return plain(story(await day_told(store, chat, on or today, now)).text)
    finally:
        await store.close()
