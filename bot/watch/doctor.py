"""The examination of what the bot stands on: database, clocks, corpus, disk, time zones.

Here lives what is looked at and what it means. Nothing is repaired, made or upgraded; the
only write is a fact in the database, to see whether it can be written.
"""

from __future__ import annotations

import importlib.metadata
import os
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bot.config import Settings
from bot.corpus.load import find_mistakes, load_corpus
from bot.errors import StoreError
from bot.store import Store, open_store, sqlite_file
from bot.study.calendar import workdays_known_until
from bot.watch import backups
from bot.watch.account import examine_account
from bot.watch.findings import Finding, ok, warn, wrong
from bot.watch.health import LATE_BEYOND
from bot.watch.signs import LEAST_FREE_PERCENT, WORKDAYS_SOON, free_percent

_SKEW_SECONDS: Final = 3.0
_BAD_SKEW_SECONDS: Final = 60.0
_FEW_FREE_PERCENT: Final = 15.0
_OLD_BACKUP_DAYS: Final = 2


async def examine_all(settings: Settings, corpus_dirs: Sequence[Path]) -> tuple[Finding, ...]:
    """Everything, in the order in which an operator would look."""
    account = await examine_account(settings)
    return (
        *account.findings,
        account.owner or _owner(settings),
        *await _database(settings),
        *_clock(account.ahead_seconds),
        _corpus(corpus_dirs),
        *_data_directory(settings.data_dir),
        *_backups(settings),
        _time_zones(datetime.now(UTC).date()),
        _workdays(datetime.now(UTC).date()),
    )


def _owner(settings: Settings) -> Finding:
    """What can be said of the owner without having asked Telegram."""
    if settings.owner_id:
        return warn(
            "owner",
            f"alarms go to {settings.owner_id}; whether they arrive, Telegram was not asked",
            "put the above right, then run studybot doctor again",
        )
    return warn(
        "owner",
        "alarms go nowhere",
        "set owner_id to your own Telegram user id and send the bot /start once",
    )


# ------------------------------------------------------------------------ the database


async def _database(settings: Settings) -> tuple[Finding, ...]:
    about = "database"
    try:
        file = sqlite_file(settings.store_url)
        if file is not None and not file.exists():
            return (ok(about, f"{file} is not there yet; the bot makes it when it starts"),)
        store = await open_store(settings.store_url, upgrade=False)
    except StoreError as error:
        to_do = "put that right; until then nothing is sent, and nothing is lost"
        if not settings.store_url.startswith("sqlite"):
            to_do = f"see that the server runs and database_url is right; {to_do}"
        return (wrong(about, str(error), to_do),)
    try:
        return await _opened(store, about)
    except StoreError as error:
        return (wrong(about, str(error), "see that it can be written to, then try again"),)
    finally:
        await store.close()


async def _opened(store: Store, about: str) -> tuple[Finding, ...]:
    condition = await store.condition()
    revision = await store.current_revision()
    found = [ok(about, f"{condition.kind} {condition.version}, at version {revision}")]
    if store.is_sqlite and condition.journal_mode != "wal":
        found.append(
            wrong(
                about,
                f"its journal is {condition.journal_mode}, not WAL",
                "SQLite cannot use WAL on a network file system: move data_dir to a local disk",
            )
        )
    await store.save_fact("examined", "")
    found.append(_skew("database's clock", await _database_ahead(store)))
    lateness = await store.lateness(LATE_BEYOND)
    if lateness.pushes:
        found.append(
            wrong(
                "pushes",
                f"{lateness.pushes} are late, the oldest since {lateness.oldest_due_at}",
                "see that the bot runs, and read its log",
            )
        )
    else:
        found.append(ok("pushes", f"none is late; {await store.count_subscriptions()} chats"))
    return tuple(found)


async def _database_ahead(store: Store) -> float:
    began_at = datetime.now(UTC)
    now = await store.now()
    middle = began_at + (datetime.now(UTC) - began_at) / 2
    return (now - middle).total_seconds()


# --------------------------------------------------------------------------- the clocks


def _clock(ahead_of_telegram: float | None) -> tuple[Finding, ...]:
    if ahead_of_telegram is None:
        return ()
    return (_skew("this machine's clock", ahead_of_telegram),)


def _skew(about: str, seconds: float) -> Finding:
    """A clock that goes `seconds` ahead of another (negative: behind)."""
    if abs(seconds) < _SKEW_SECONDS:
        return ok(about, "right")
    found = f"{abs(seconds):.0f} s {'fast' if seconds > 0 else 'slow'}"
    to_do = "pushes go by the database's clock: have it set by NTP (timedatectl set-ntp true)"
    return (wrong if abs(seconds) > _BAD_SKEW_SECONDS else warn)(about, found, to_do)


# ------------------------------------------------------------------- corpus, disk, copies


def _corpus(directories: Sequence[Path]) -> Finding:
    mistakes = find_mistakes(directories)
    if mistakes:
        found = f"{len(mistakes)} mistake(s), the first: {mistakes[0]}"
        return wrong("corpus", found, "run: studybot check")
    corpus = load_corpus(directories)
    return ok("corpus", f"{len(corpus.quotes)} quotations, {len(corpus.articles)} articles")


def _data_directory(folder: Path) -> tuple[Finding, ...]:
    about = "data directory"
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        return (
            wrong(
                about,
                f"{folder} cannot be written by this user",
                f"give it to the user the bot runs as: chown -R studybot {folder}",
            ),
        )
    free = free_percent(existing)
    if free >= _FEW_FREE_PERCENT:
        return (ok(about, f"{folder}, {free:.0f} % of the disk is free"),)
    found = f"only {free:.1f} % of the disk of {folder} is free"
    to_do = "make room: on a full disk nothing is sent, because nothing can be noted"
    return ((wrong if free < LEAST_FREE_PERCENT else warn)(about, found, to_do),)


def _backups(settings: Settings) -> tuple[Finding, ...]:
    about = "backups"
    file = sqlite_file(settings.store_url)
    if file is None:
        return (warn(about, "PostgreSQL is not backed up by studybot", "studybot db backup"),)
    if not file.exists():
        return ()
    made = backups.made_in(backups.folder_of(settings.data_dir))
    if not settings.backup.keep_daily:
        return (warn(about, "switched off (backup.keep_daily is 0)", "studybot db backup"),)
    if not made:
        return (warn(about, "there is none yet", "studybot db backup"),)
    newest = max(made.values())
    age = datetime.now(zoneinfo.ZoneInfo(settings.zone)).replace(tzinfo=None) - newest
    found = f"{len(made)}, the newest of {newest:%Y-%m-%d %H:%M}"
    if age.days >= _OLD_BACKUP_DAYS:
        return (warn(about, found, "see that the bot runs; studybot db backup makes one now"),)
    return (ok(about, found),)


# ---------------------------------------------------------------------------- calendars


def _time_zones(today: date) -> Finding:
    """Of which release the time zones are. Python prefers the system's to those of PyPI."""
    about = "time zones"
    system = [Path(folder) / "tzdata.zi" for folder in zoneinfo.TZPATH]
    version = next((_release(file) for file in system if file.is_file()), "")
    source, to_do = "the system's", "upgrade the package tzdata of the system"
    if not version and not any(Path(one).is_dir() for one in zoneinfo.TZPATH):
        source, to_do = "PyPI's", "pip install -U tzdata"
        version = importlib.metadata.version("tzdata")
    found = f"{source}, release {version or 'unknown'}"
    if version[:4].isdecimal() and int(version[:4]) < today.year - 1:
        return warn(about, found, f"{to_do}: governments change clocks at short notice")
    return ok(about, found)


def _release(file: Path) -> str:
    """`2025b` of a first line such as `# version 2025b`."""
    with file.open(encoding="ascii", errors="replace") as lines:
        return lines.readline().rpartition(" ")[2].strip()


def _workdays(today: date) -> Finding:
    known_until = workdays_known_until()
    found = f"known until {known_until}"
    if known_until - today >= WORKDAYS_SOON:
        return ok("working days", found)
    return warn(
        "working days",
        f"{found}; from then on 工作日 means Monday to Friday",
        "pip install -U chinese-calendar (a release with the new year comes in November)",
    )
