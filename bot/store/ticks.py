"""Ticks: when it was last asked what is due, when for long it was not, and what that cost.

Here live the facts about ticks and downtimes, and the counting of what was skipped because of
one. A downtime is known when the tick after it is done: what it missed is entered by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, or_, select

from bot.model import Cause, SkipReason, State
from bot.store.engine import Part, reads, writes_unflushed
from bot.store.facts import add_fact, drop_fact, find_facts_under, find_saved_at, put_fact
from bot.store.schema import deliveries

TICKED: Final = "ticked"  # `saved_at` is when
_DOWNTIME: Final = "downtime: "  # and when it began, in ISO 8601; the value is when it ended
# There is a tick each minute, by whichever process.
_DOWN_BEYOND: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Downtime:
    """Nothing was planned from `began_at` to `ended_at`: no process ran, or none could."""

    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """What was skipped as too late because of a downtime, in chats where the bot could write.

    `chat_id` and `local_on` are of the last of these messages; None where there is none.
    """

    messages: int
    chats: int
    chat_id: int | None = None
    local_on: date | None = None


class Ticks(Part):
    """The store's share that knows when it was asked what is due."""

    @writes_unflushed
    def note_tick(self, connection: Connection) -> None:
        """Remember that a tick was done just now; after a downtime that too, once for all."""
        now = self._database.moment(connection)
        before = find_saved_at(connection, TICKED, for_update=True)
        if before is not None and now - before > _DOWN_BEYOND:
            add_fact(connection, f"{_DOWNTIME}{before.isoformat()}", now.isoformat(), now)
        put_fact(connection, TICKED, "", self._database.now())

    @reads
    def tick_age(self, connection: Connection) -> timedelta | None:
        """How long ago the last tick was done; None when there never was one."""
        at = find_saved_at(connection, TICKED)
        return None if at is None else self._database.moment(connection) - at

    @reads
    def downtimes(self, connection: Connection) -> tuple[Downtime, ...]:
        """Those that were noted and not forgotten yet, the oldest first."""
        return tuple(
            Downtime(datetime.fromisoformat(began), datetime.fromisoformat(ended))
            for began, ended in find_facts_under(connection, _DOWNTIME).items()
        )

    @reads
    def missed_by(self, connection: Connection, downtime: Downtime) -> Missed | None:
        """What it cost; None as long as anything that is too late is still to be skipped.

        What was too late before it began is no part of it, nor what was skipped for another
        reason, nor what may have been sent after all. Looks through all the ledger, so ask
        once a downtime and not each minute.
        """
        if self._is_any_open(connection):
            return None
        because = (
            deliveries.c.state == State.SKIPPED,
            deliveries.c.reason.startswith(SkipReason.TOO_LATE),
            ~deliveries.c.reason.startswith(f"{SkipReason.TOO_LATE}: {Cause.CHAT_GONE}"),
            deliveries.c.missed_after > downtime.began_at,
            ~deliveries.c.may_be_duplicate,
        )
        messages, in_chats = connection.execute(
            select(func.count(), func.count(deliveries.c.chat_id.distinct())).where(*because)
        ).one()
        last = connection.execute(
            select(deliveries.c.chat_id, deliveries.c.local_on)
            .where(*because)
            .order_by(deliveries.c.due_at.desc(), deliveries.c.id.desc())
            .limit(1)
        ).one_or_none()
        return Missed(messages, in_chats, *last) if last else Missed(0, 0)

    def _is_any_open(self, connection: Connection) -> bool:
        now = self._database.now()
        is_free = or_(deliveries.c.lease_until_at.is_(None), deliveries.c.lease_until_at <= now)
        found = connection.scalar(
            select(deliveries.c.id)
            .where(deliveries.c.settled_at.is_(None), deliveries.c.missed_after < now, is_free)
            .limit(1)
        )
        return found is not None

    @writes_unflushed
    def forget_downtime(self, connection: Connection, downtime: Downtime) -> bool:
        """It is told, or cost nothing; whether it was still there, for the first who says so."""
        return drop_fact(connection, f"{_DOWNTIME}{downtime.began_at.isoformat()}")
