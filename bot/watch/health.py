"""Ready or not: whether this process can do its work now, and what is late.

Here live the questions and when their answers count as well. Late pushes are counted and do
not make it unready: being restarted would not make them earlier.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot import __version__
from bot.errors import StoreError
from bot.store import Lateness, Store

LATE_BEYOND: Final = timedelta(minutes=5)
# There is one a minute. Two that are missing are no coincidence: the disk may be full, say, and
# then only writing fails.
_TICK_BEYOND: Final = timedelta(minutes=2)
_ANSWER_SECONDS: Final = 5.0
_OK: Final = "ok"
_UNKNOWN: Final = Lateness(0, 0, None)


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. `checks` maps what was asked to `ok` or what is wrong with it."""

    checks: dict[str, str]
    lateness: Lateness = _UNKNOWN
    tick_age: timedelta | None = None

    @property
    def is_ready(self) -> bool:
        """True when all is well."""
        return all(said == _OK for said in self.checks.values())

    def record(self) -> dict[str, Any]:
        """The JSON object of /healthz; moments as ISO 8601 in UTC, ages in seconds."""
        oldest: datetime | None = self.lateness.oldest_due_at
        return {
            "ready": self.is_ready,
            "version": __version__,
            "checks": self.checks,
            "late_pushes": self.lateness.pushes,
            "oldest_late_due_at": oldest.isoformat() if oldest else None,
            "last_tick_seconds": self.tick_age.total_seconds() if self.tick_age else None,
        }


# Each returns what is wrong, in a few words, or nothing.
Complaint = Callable[[], str]


async def examine(store: Store, *, corpus: Complaint, updates: Complaint) -> Health:
    """How this process is at this moment, in at most 5 s.

    `corpus` complains when nothing can be searched, `updates` when nothing is heard from
    Telegram any more.
    """
    checks = {"corpus": corpus() or _OK, "updates": updates() or _OK}
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            age = await store.tick_age()
            lateness = await store.lateness(LATE_BEYOND)
    except TimeoutError:
        return Health({"database": "no answer in time", "tick": "unknown", **checks})
    except StoreError as error:
        return Health({"database": str(error), "tick": "unknown", **checks})
    return Health({"database": _OK, "tick": _tick(age), **checks}, lateness, age)


def _tick(age: timedelta | None) -> str:
    if age is None:
        return "there was none yet"
    return _OK if age < _TICK_BEYOND else f"the last was {age.total_seconds():.0f} s ago"
