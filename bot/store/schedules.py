"""Schedules: which a chat has, and which of them the clock must look at.

Here live the rows of `schedules`. What comes due is decided in `study.calendar` and entered
in `store.planning`; what a schedule sends stands with its kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.errors import StoreError
from bot.model import Chat, Days, Schedule, ScheduleKind, SkipReason
from bot.store.chats import find_chat, find_chats
from bot.store.engine import Part, insert, reads, writes
from bot.store.ledger import skip_waiting
from bot.store.study_tables import schedules


@dataclass(frozen=True, slots=True)
class ScheduleBriefing:
    """What the message of a schedule depends on whatever its kind: whose it is."""

    chat: Chat
    schedule: Schedule


class Schedules(Part):
    """The store's share that knows schedules."""

    @reads
    def schedule(self, connection: Connection, chat_id: int, kind: ScheduleKind) -> Schedule | None:
        """The chat's schedule of this kind, switched off or not; None when it never had one."""
        found = find_schedules(connection, schedules.c.chat_id == chat_id, schedules.c.kind == kind)
        return found[0] if found else None

    @reads
    def schedules(self, connection: Connection, chat_id: int) -> tuple[Schedule, ...]:
        """All that the chat has, switched off or not, oldest first."""
        return find_schedules(connection, schedules.c.chat_id == chat_id)

    @writes
    def save_schedule(self, connection: Connection, schedule: Schedule) -> Schedule:
        """Store the chat's one schedule of its kind so; returns it with its id.

        The id stays the same for ever. Switched off, what waits of it is skipped as
        "unsubscribed". Raises StoreError when the chat was never met.
        """
        return keep_schedule(connection, schedule, self._database.now())

    @reads
    def due_schedules(
        self, connection: Connection, now: datetime, limit: int
    ) -> tuple[Schedule, ...]:
        """Up to `limit` schedules the clock must look at by `now`, longest due first.

        Only those that are on, in chats where the bot can write.
        """
        found = connection.execute(
            select(schedules)
            .where(
                schedules.c.is_active, schedules.c.chat_is_active, schedules.c.next_due_at <= now
            )
            .order_by(schedules.c.next_due_at, schedules.c.id)
            .limit(limit)
        )
        return tuple(map(schedule_of, found))

    @reads
    def schedule_briefings(
        self, connection: Connection, schedule_ids: Sequence[int]
    ) -> Mapping[int, ScheduleBriefing]:
        """What the next messages of these schedules depend on, by their ids."""
        wanted = find_schedules(connection, schedules.c.id.in_(schedule_ids))
        met = find_chats(connection, [one.chat_id for one in wanted])
        return {one.id: ScheduleBriefing(met[one.chat_id], one) for one in wanted}


def find_schedules(connection: Connection, *where: Any) -> tuple[Schedule, ...]:
    """Within a transaction: the schedules for which all of this holds, oldest first."""
    found = connection.execute(select(schedules).where(*where).order_by(schedules.c.id))
    return tuple(map(schedule_of, found))


def keep_schedule(connection: Connection, schedule: Schedule, now: Any) -> Schedule:
    """Within a transaction: what `Schedules.save_schedule` does; `now` is the database's."""
    chat = find_chat(connection, schedule.chat_id)
    if chat is None:
        raise StoreError("A chat must be met before anything can be scheduled.")
    fields = _fields(schedule)
    saved = connection.execute(
        insert(connection, schedules)
        .values(
            chat_id=schedule.chat_id,
            kind=schedule.kind,
            chat_is_active=chat.is_active,
            **fields,
        )
        .on_conflict_do_update(index_elements=["chat_id", "kind"], set_=fields)
        .returning(schedules)
    )
    stored = schedule_of(saved.one())
    if not stored.is_active:
        reason = SkipReason.UNSUBSCRIBED
        skip_waiting(connection, stored.delivers, [stored.id], reason, now)
    return stored


def add_schedules(connection: Connection, chat: Chat, wanted: Sequence[Schedule]) -> int:
    """Within a transaction: give the chat those of these of whose kind it has none; how many."""
    added = 0
    for one in wanted:
        made = connection.execute(
            insert(connection, schedules)
            .values(chat_id=chat.id, kind=one.kind, chat_is_active=chat.is_active, **_fields(one))
            .on_conflict_do_nothing(index_elements=["chat_id", "kind"])
            .returning(schedules.c.id)
        )
        added += len(made.all())
    return added


def _fields(schedule: Schedule) -> dict[str, Any]:
    """The columns that an edit sets: all but the row's identity and the chat's activity."""
    return {
        "thread_id": schedule.thread_id,
        "at": schedule.at,
        "zone": schedule.zone,
        "day_rule": schedule.days.rule,
        "weekdays": schedule.days.weekdays,
        "first_on": schedule.first_on,
        "ends_on": schedule.ends_on,
        "edited_at": schedule.edited_at,
        "grace_seconds": schedule.grace,
        "is_active": schedule.is_active,
        "next_due_at": schedule.next_due_at,
    }


def schedule_of(row: Row[Any]) -> Schedule:
    """A row of `schedules` as the model has it."""
    return Schedule(
        id=row.id,
        chat_id=row.chat_id,
        kind=row.kind,
        thread_id=row.thread_id,
        at=row.at,
        zone=row.zone,
        days=Days(row.day_rule, row.weekdays),
        first_on=row.first_on,
        ends_on=row.ends_on,
        edited_at=row.edited_at,
        grace=row.grace_seconds,
        is_active=row.is_active,
        next_due_at=row.next_due_at,
    )
