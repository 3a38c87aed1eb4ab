"""What an operator asks of the database, and the examination of the whole.

Here live the commands `studybot db …`, `studybot why` and `studybot doctor`: each opens what
it needs and says what came of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app.library import corpus_directories
from bot.chat.why import day_told, read_day
from bot.config import Settings, read_settings
from bot.errors import QueryError, StudybotError
from bot.logs import ChatNames
from bot.model import Chat
from bot.render.html import plain
from bot.render.why import story
from bot.store import (
    Restored,
    Store,
    copy_online,
    open_store,
    postgresql_address,
    restore,
    sqlite_file,
)
from bot.study.calendar import local_date
from bot.watch import backups, findings
from bot.watch.doctor import examine_all


def upgrade_database(config: Path | None) -> str:
    """Bring the database, and the job queue in it, to this program's version; what that is."""
    return asyncio.run(_upgrade(read_settings(config)))


async def _upgrade(settings: Settings) -> str:
    store = await open_store(settings.store_url)
    try:
        told = f"The database is at version {await store.current_revision()}"
        if settings.engine == "distributed":
            told += f", its job queue at {await store.upgrade_jobs()}"
        return f"{told}."
    finally:
        await store.close()


def tell_why(config: Path | None, chat_id: int, day: str) -> str:
    """The story of a chat's push on a day of its own, as /why reads it (empty: today).

    Raises StudybotError when that is not one day, or the bot does not know the chat.
    """
    return asyncio.run(_why(read_settings(config).store_url, chat_id, day))


async def _why(url: str, chat_id: int, day: str) -> str:
    store = await open_store(url, upgrade=False)
    try:
        chat = await known_chat(store, chat_id)
        now = await store.now()
        today = local_date(now, chat.zone)
        on = _day_of(day, today) if day else today
        told = plain(story(await day_told(store, chat, on, now)).text)
        name = ChatNames(await store.installation_key()).name(chat.id)
        return f"{told}\n\n日志里这个聊天写作 {name}"
    finally:
        await store.close()


async def known_chat(store: Store, chat_id: int) -> Chat:
    """The chat that an operator names by its id. Raises StudybotError when there is none."""
    chat = await store.chat(chat_id)
    if chat is None:
        raise StudybotError(
            f"the bot knows no chat with the id {chat_id} (a group that became a "
            "supergroup has a new id since)"
        )
    return chat


def _day_of(text: str, today: date) -> date:
    with contextlib.suppress(QueryError):
        if on := read_day(text, today):
            return on
    raise StudybotError(f"{text} is not one day; expected such as 2026-11-23, 昨天 or yesterday")


# ---------------------------------------------------------------------------- copies


def back_up_database(config: Path | None, file: Path | None) -> str:
    """Copy the database to `file` (default: among the nightly copies), while it is in use.

    Raises StudybotError; for PostgreSQL it says the command that does it.
    """
    settings = read_settings(config)
    source = sqlite_file(settings.store_url)
    if source is None:
        raise StudybotError(_by_hand(settings, "pg_dump --format=custom --file=studybot.dump"))
    if not source.exists():
        raise StudybotError(f"there is no database {source} yet")
    if file is None:
        now = datetime.now(ZoneInfo(settings.zone))
        file = backups.file_for(backups.folder_of(settings.data_dir), now)
    elif file.exists():
        raise StudybotError(f"{file} is there already; choose another name")
    copy_online(source, file)
    return f"The database is backed up in {file}"


def restore_database(config: Path | None, file: Path) -> str:
    """Put a backup in the place of the database. Raises StudybotError, as above."""
    settings = read_settings(config)
    if sqlite_file(settings.store_url) is None:
        command = "pg_restore --clean --if-exists --single-transaction --dbname"
        then = (
            "and before the bot starts, so that nothing is sent twice unmarked:\n"
            "  studybot db restored"
        )
        raise StudybotError(f"{_by_hand(settings, command, file)}\n{then}")
    restored = asyncio.run(restore(settings.store_url, file))
    kept = f" The one before is kept as {restored.replaced}" if restored.replaced else ""
    return f"The database is that of {file}.{kept}\n{_unknown_since(restored, settings.zone)}"


def mark_database_restored(config: Path | None) -> str:
    """Say that the database was just brought back by its own tools. Raises StudybotError."""
    settings = read_settings(config)
    return _unknown_since(asyncio.run(_mark_restored(settings.store_url)), settings.zone)


async def _mark_restored(url: str) -> Restored:
    store = await open_store(url)
    try:
        return await store.mark_restored()
    finally:
        await store.close()


def _unknown_since(restored: Restored, zone: str) -> str:
    """What the operator must know of a database that was restored."""
    since = "before now"
    if restored.as_of is not None:
        since = f"since {restored.as_of.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
    return (
        f"It knows nothing of what was sent {since}. What was due until now and is not too late "
        "may have been sent already: it goes out once more, silently and marked as a possible "
        "repetition. What people set or answered in that time is gone."
    )


def _by_hand(settings: Settings, command: str, *arguments: Path) -> str:
    words = [postgresql_address(settings.store_url), *map(str, arguments)]
    return (
        "PostgreSQL has its own tools for this (they ask for the password, or take it from "
        f"~/.pgpass); run:\n  {command} {shlex.join(words)}"
    )


# ----------------------------------------------------------------------- the examination


def examine(config: Path | None, *, as_json: bool) -> tuple[str, bool]:
    """What the doctor found, as lines or as one JSON object, and whether anything is wrong."""
    settings = read_settings(config)
    found = asyncio.run(examine_all(settings, corpus_directories(settings)))
    shown = findings.as_json(found) if as_json else findings.as_lines(found)
    return shown, findings.is_anything_wrong(found)
