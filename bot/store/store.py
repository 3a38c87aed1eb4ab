"""The Store: all that is kept, behind one object. Each of its methods is one transaction.

Here lives what puts the parts together, opens and closes. The methods stand with their
subjects: `chats`, `subscriptions`, `planning` (rows are entered), `reminders`, `schedules`,
`reading_plans`, `attendance` (who takes part), `check_ins`, `boards` (messages that show all
three), `quizzes`, `ledger` (rows are given out), `sending` (rows are sent), `story` (what is
told of them), `pacing`, `notes`, `updates` (Telegram's), `offices` (who alone does what),
`jobs` (the queue's own tables), `restoring` (a copy was brought back), `watch` (what an
operator asks).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import version
from bot.store.archive import Archives
from bot.store.attendance import Attendances
from bot.store.boards import Boards
from bot.store.chats import Chats
from bot.store.check_ins import CheckIns
from bot.store.day_plans import DayPlans
from bot.store.engine import Database, connect
from bot.store.forgetting import Forgetting
from bot.store.jobs import Jobs
from bot.store.ledger import Ledger
from bot.store.notes import Notes
from bot.store.offices import Offices
from bot.store.pacing import Pacing
from bot.store.planning import Planning
from bot.store.quizzes import Quizzes
from bot.store.reading_plans import ReadingPlans
from bot.store.reminders import Reminders
from bot.store.restoring import Restoring
from bot.store.schedules import Schedules
from bot.store.sending import Sending
from bot.store.story import Story
from bot.store.subscriptions import Subscriptions
from bot.store.ticks import Ticks
from bot.store.updates import Updates
from bot.store.watch import Watched

_PATIENCE = timedelta(seconds=5)


class Store(
    Chats,
    Subscriptions,
    DayPlans,
    Planning,
    Reminders,
    Schedules,
    ReadingPlans,
    Quizzes,
    Archives,
    Attendances,
    Boards,
    CheckIns,
    Forgetting,
    Ledger,
    Sending,
    Story,
    Pacing,
    Notes,
    Updates,
    Offices,
    Jobs,
    Ticks,
    Restoring,
    Watched,
):
    """Everything studybot remembers. Made by `open_store`; belongs to one event loop.

    All moments are aware UTC. Every method raises StoreError when the database cannot be
    used, after having tried for a bounded time where trying again could help.
    """

    def __init__(self, database: Database, draw_seed: Callable[[], int]) -> None:
        super().__init__(database, draw_seed)

    async def check_version(self) -> None:
        """Raise StoreError unless the database is at exactly this program's version."""
        await version.check_version(self._database)

    async def upgrade(self) -> None:
        """Bring the database to this program's version; see `store.version.upgrade`."""
        await version.upgrade(self._database)

    async def current_revision(self) -> str | None:
        """The migration the database is at; None when it is empty."""
        return await version.current_revision(self._database)

    def hurry(self) -> None:
        """Wait but a moment for a database that is away from now on: the process is to end."""
        self._database.hurry()

    async def close(self) -> None:
        """Close every connection. The store cannot be used afterwards."""
        await self._database.close()


async def open_store(
    url: str,
    *,
    clock: Callable[[], datetime] | None = None,
    upgrade: bool = True,
    patience: timedelta = _PATIENCE,
    draw_seed: Callable[[], int] | None = None,
) -> Store:
    """The store at `url`: `sqlite:///path/to/file` or `postgresql://user@host/name`.

    `clock` gives aware moments; without one the database's own clock is used, which all
    processes share. With `upgrade` an empty or older database is migrated, by one process
    at a time; without, it is refused. `patience` is how long a locked or unreachable database
    is tried again. `draw_seed` gives the 63-bit seed of a chat newly met (default:
    random). Raises StoreError when the database cannot be used, or is newer than this program.
    """
    store = Store(connect(url, clock, patience), draw_seed or _random_seed)
    try:
        await (store.upgrade() if upgrade else store.check_version())
    except BaseException:
        await store.close()
        raise
    return store


def _random_seed() -> int:
    return secrets.randbits(63)
