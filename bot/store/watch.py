"""What an operator asks of the database: what is late, how it is kept, a copy of it.

Here live reading queries over open rows, facts about the database itself, and the online
backup. Bringing a backup back stands in `store.backup`: it needs the database closed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, func, select, text

from bot.errors import StoreError
from bot.model import DayRule, ReminderState
from bot.store import backup
from bot.store.engine import Part, reads
from bot.store.schema import chats, deliveries, subscriptions
from bot.store.study_tables import reminders, schedules


@dataclass(frozen=True, slots=True)
class Lateness:
    """What should have been sent by now, in chats where the bot can write.

    `rows` are open rows of the ledger, `unplanned` subscriptions that came due and are no
    rows yet: the tick stands still, or cannot plan them. `oldest_due_at` is of both (None:
    nothing is late).
    """

    rows: int
    unplanned: int
    oldest_due_at: datetime | None

    @property
    def pushes(self) -> int:
        """How many pushes are late in all."""
        return self.rows + self.unplanned


@dataclass(frozen=True, slots=True)
class Condition:
    """The database itself: `kind` is `SQLite` or `PostgreSQL`, `version` the engine's.

    `journal_mode` is SQLite's (`wal` when all is well), empty on PostgreSQL.
    """

    kind: str
    version: str
    journal_mode: str


class Watched(Part):
    """The store's share that is asked by whoever looks after it."""

    @reads
    def lateness(self, connection: Connection, beyond: timedelta) -> Lateness:
        """What was due more than `beyond` ago and is not settled. Costs what is open."""
        before = self._database.now(-beyond)
        rows, oldest_row = connection.execute(
            select(func.count(), func.min(deliveries.c.due_at, type_=deliveries.c.due_at.type))
            .join(chats, chats.c.id == deliveries.c.chat_id)
            .where(
                deliveries.c.settled_at.is_(None),
                deliveries.c.due_at < before,
                chats.c.inactive_reason == "",
            )
        ).one()
        look_at = subscriptions.c.next_due_at
        unplanned, oldest_look = connection.execute(
            select(func.count(), func.min(look_at, type_=look_at.type)).where(
                subscriptions.c.is_active, subscriptions.c.chat_is_active, look_at < before
            )
        ).one()
        oldest = [one for one in (oldest_row, oldest_look) if one is not None]
        return Lateness(rows, unplanned, min(oldest, default=None))

    @reads
    def needs_workdays(self, connection: Connection) -> bool:
        """Whether anything that is on follows the Chinese working days.

        That are pushes, what is scheduled (quizzes, boards, the parts of reading plans) and
        reminders.
        """
        on_workdays = (
            (subscriptions, subscriptions.c.is_active, _is_on_workdays(subscriptions)),
            (schedules, schedules.c.is_active, _is_on_workdays(schedules)),
            (
                reminders,
                reminders.c.state == ReminderState.ACTIVE,
                reminders.c.workday.is_not(None),
            ),
        )
        return any(
            connection.scalar(
                select(table.c.id).where(is_on, table.c.chat_is_active, follows).limit(1)
            )
            is not None
            for table, is_on, follows in on_workdays
        )

    @reads
    def condition(self, connection: Connection) -> Condition:
        """What kind of database this is, of which version, and how it keeps its journal."""
        if not self._database.is_sqlite:
            version = connection.scalar(text("SHOW server_version"))
            return Condition("PostgreSQL", str(version), "")
        version = connection.scalar(text("SELECT sqlite_version()"))
        journal_mode = connection.scalar(text("PRAGMA journal_mode"))
        return Condition("SQLite", str(version), str(journal_mode))

    @property
    def is_sqlite(self) -> bool:
        """True for SQLite, which studybot backs up itself."""
        return self._database.is_sqlite

    async def back_up(self, file: Path) -> None:
        """Write a consistent copy of a SQLite database to `file`, while it is in use.

        Readable by its owner only: it holds what people asked. It appears under its name
        when it is complete and on the disk, in place of one that was there. Raises
        StoreError, on PostgreSQL always.
        """
        source = self._database.engine.url.database
        if not self._database.is_sqlite or source is None:
            raise StoreError("PostgreSQL is backed up with its own tools.")
        await asyncio.to_thread(backup.copy_online, Path(source), file)


def _is_on_workdays(table: Table) -> ColumnElement[bool]:
    return table.c.day_rule == DayRule.WORKDAYS
