"""The nightly copy of the database: when it is made, where it is, and which copies are kept.

Here lives the choice. The copy itself is the store's. A copy is named after the moment it
was made, in the settings' zone: `studybot-20261124-033000.sqlite3`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Final

from bot.store import Store

_log = logging.getLogger(__name__)

_NAME: Final = "studybot-%Y%m%d-%H%M%S.sqlite3"
_PATTERN: Final = re.compile(r"studybot-\d{8}-\d{6}\.sqlite3")


def folder_of(data_dir: Path) -> Path:
    """Where the copies are."""
    return data_dir / "backups"


def file_for(folder: Path, at: datetime) -> Path:
    """The file of a copy made at this local moment."""
    return folder / at.strftime(_NAME)


def made_in(folder: Path) -> dict[Path, datetime]:
    """The copies in the folder and the local moments they were made, oldest first."""
    if not folder.is_dir():
        return {}
    files = sorted(one for one in folder.iterdir() if _PATTERN.fullmatch(one.name))
    return {one: datetime.strptime(one.name, _NAME) for one in files}  # noqa: DTZ007 - local


def is_due(made: Iterable[datetime], now: datetime, at: time) -> bool:
    """True from the wall time `at` on, until there is a copy made since. `now` is local."""
    wanted_from = datetime.combine(now.date(), at)
    is_time = now.replace(tzinfo=None) >= wanted_from
    return is_time and not any(one >= wanted_from for one in made)


def superfluous(made: dict[Path, datetime], daily: int, weekly: int) -> tuple[Path, ...]:
    """The copies to be deleted: all but the newest of each of the last `daily` days that have

    one, and of the last `weekly` weeks (Monday to Sunday) that have one.
    """
    by_day = {at.date(): file for file, at in sorted(made.items(), key=lambda one: one[1])}
    by_week = {day.isocalendar()[:2]: file for day, file in by_day.items()}
    kept = {*_last(list(by_day.values()), daily), *_last(list(by_week.values()), weekly)}
    return tuple(file for file in made if file not in kept)


def _last(files: list[Path], count: int) -> list[Path]:
    return files[-count:] if count else []


async def back_up(store: Store, folder: Path, now: datetime, *, daily: int, weekly: int) -> Path:
    """Make a copy now and delete those not kept any longer; the file of the copy.

    `now` is local. Raises StoreError when there is no new copy; then none is deleted.
    """
    file = file_for(folder, now)
    await store.back_up(file)
    for old in superfluous(made_in(folder), daily, weekly):
        if old != file:
            try:
                old.unlink(missing_ok=True)
            except OSError as error:
                _log.warning("an old backup cannot be deleted: %s", error)
    _log.info("backed up", extra={"file": str(file), "bytes": file.stat().st_size})
    return file
