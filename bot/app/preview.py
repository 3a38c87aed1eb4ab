"""`studybot preview`: what a chat will get in the days to come, for the operator."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app.library import Library, open_library
from bot.app.upkeep import known_chat
from bot.chat.plan import outlook
from bot.config import read_settings
from bot.render.html import plain
from bot.render.plan import lines, no_subscription
from bot.store import open_store


def preview(config: Path | None, chat_id: int, days: int) -> str:
    """A line a day, as `/plan` has it. Raises CorpusError, and StudybotError for a chat that

    the bot has never met.
    """
    settings = read_settings(config)
    return asyncio.run(_preview(settings.store_url, open_library(settings), chat_id, days))


async def _preview(url: str, library: Library, chat_id: int, days: int) -> str:
    corpus, index = library
    store = await open_store(url, upgrade=False)
    try:
        chat = await known_chat(store, chat_id)
        seen = await outlook(store, (corpus, index.nearest), chat, await store.now(), days=days)
        return plain(no_subscription().text if seen is None else "\n".join(lines(seen)))
    finally:
        await store.close()
