"""What is wrong at this moment, each thing with a name.

Here lives what counts as wrong, and where it is looked for. Whom it is told, and how often,
is `alarms`; how it is said, `render.alarms`.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.render import alarms as wording
from bot.store import Store
from bot.study.calendar import workdays_known_until
from bot.watch.health import LATE_BEYOND

LEAST_FREE_PERCENT: Final = 5.0
# A year's holidays are announced in November of the year before.
WORKDAYS_SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that is wrong. The same name is the same trouble, whatever it says."""

    name: str
    text: str


class Troubles:
    """What other rooms know to be wrong until they say that it is right again."""

    def __init__(self) -> None:
        self._signs: dict[str, Callable[[], str]] = {}

    def corpus_failed(self, said: str, served: str = "") -> None:
        """A changed corpus could not be loaded; `said` has every mistake.

        `served` says which corpus is in force instead.
        """
        self._note("corpus", lambda: wording.corpus(said, served))

    def corpus_loaded(self) -> None:
        """The corpus in force is the one on the disk."""
        self._signs.pop(_local("corpus"), None)

    def backup_failed(self, said: str) -> None:
        """Last night's backup could not be written."""
        self._note("backup", lambda: wording.backup(said))

    def backup_made(self) -> None:
        """There is a backup of last night."""
        self._signs.pop(_local("backup"), None)

    def signs(self) -> tuple[Sign, ...]:
        """What is wrong now, in the language being spoken."""
        return tuple(Sign(name, write()) for name, write in self._signs.items())

    def _note(self, name: str, write: Callable[[], str]) -> None:
        self._signs[_local(name)] = write


async def look(
    store: Store,
    data_dir: Path,
    *,
    today: date,
    zone: str,
    troubles: Troubles,
    is_lateness_told: bool = True,
) -> tuple[Sign, ...]:
    """Everything that is wrong now. Raises StoreError when the store cannot be asked.

    Without `is_lateness_told` late pushes are no sign yet.
    """
    found = [*troubles.signs(), *await asyncio.to_thread(_disk, data_dir)]
    lateness = await store.lateness(LATE_BEYOND)
    if lateness.pushes and is_lateness_told:
        text = wording.late(lateness.pushes, lateness.oldest_due_at, zone)
        found.append(Sign("late", text))
    known_until = workdays_known_until()
    if known_until - today < WORKDAYS_SOON and await store.needs_workdays():
        found.append(Sign("workdays", wording.workdays(known_until)))
    return tuple(found)


def free_percent(folder: Path) -> float:
    """How much of the disk that holds `folder` can still be written. Raises OSError."""
    usage = shutil.disk_usage(folder)
    return 100 * usage.free / (usage.used + usage.free)


def _disk(data_dir: Path) -> tuple[Sign, ...]:
    try:
        free = free_percent(data_dir)
    except OSError:
        return ()  # no such folder: then nothing is written there
    if free >= LEAST_FREE_PERCENT:
        return ()
    text = wording.disk(free, str(data_dir), socket.gethostname())
    return (Sign(_local("disk"), text),)


def _local(name: str) -> str:
    """The name of what is wrong on this machine and not on others that share the store."""
    return f"{name} on {socket.gethostname()}"
