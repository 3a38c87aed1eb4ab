"""Planning: what came due becomes rows of the ledger, once.

Here live the insertion into `deliveries` and the moving on of `next_due_at`, in one
transaction, for whatever has such a moment. What is due is decided in `study.calendar` and
`study.recurrence`; what becomes of the rows stands in `store.ledger`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Table, bindparam, select, update

from bot.model import DeliveryKind, Due, Schedule, SkipReason, State, Subscription
from bot.store.engine import Part, insert, writes
from bot.store.ledger import KEY, blank_row
from bot.store.restoring import find_restored_at
from bot.store.schema import deliveries, subscriptions
from bot.store.study_tables import schedules

_CHUNK = 1000  # ids in one statement
_FEW_MOMENTS = 8


class Planned(Protocol):
    """What a plan is of: a row that says when the clock must look at it again."""

    @property
    def id(self) -> int: ...
    @property
    def chat_id(self) -> int: ...
    @property
    def thread_id(self) -> int | None: ...
    @property
    def edited_at(self) -> datetime: ...
    @property
    def next_due_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tick decided about one subscription: the dates come due, and when to look again."""

    subscription: Subscription
    due: tuple[Due, ...]
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """What a tick decided about one schedule: the dates come due, and when to look again."""

    schedule: Schedule
    due: tuple[Due, ...]
    next_due_at: datetime | None


class Planning(Part):
    """The store's share that enters deliveries."""

    @writes
    def plan_many(self, connection: Connection, plans: Sequence[Plan]) -> int:
        """Enter what came due and move each `next_due_at` on, in one transaction.

        A date that was entered before stays as it is. A date already past its grace is
        entered as skipped, "too late". A subscription that was edited, switched off or
        planned by somebody else since it was read is left alone, for the next tick to see.
        Returns how many rows are now to be sent.
        """
        decided = [(one.subscription, DeliveryKind.PUSH, one.due, one.next_due_at) for one in plans]
        return self._enter(connection, subscriptions, decided)

    @writes
    def plan_schedules(self, connection: Connection, plans: Sequence[SchedulePlan]) -> int:
        """Enter what came due of schedules, as `plan_many` does for subscriptions."""
        decided = [(one.schedule, one.schedule.delivers, one.due, one.next_due_at) for one in plans]
        return self._enter(connection, schedules, decided)

    def _enter(
        self,
        connection: Connection,
        table: Table,
        decided: Sequence[tuple[Planned, DeliveryKind, Sequence[Due], datetime | None]],
    ) -> int:
        """Enter what came due of rows of one table; of each when to look again is the last."""
        read = [planned for planned, *_ in decided]
        unchanged = find_unchanged(connection, table, read, table.c.is_active)
        decided = [one for one in decided if one[0].id in unchanged]
        now = self._database.moment(connection)
        rows = [
            new_row(kind, planned.id, planned, due, now)
            for planned, kind, every, _ in decided
            for due in every
        ]
        entered = enter(connection, rows)
        moments = {planned.id: look_again_at for planned, *_, look_again_at in decided}
        move_on(connection, table, moments)
        return entered


def find_unchanged(
    connection: Connection, table: Table, read: Sequence[Planned], is_on: Any
) -> frozenset[int]:
    """Within a transaction: lock these rows; the ids of those that are as they were when read.

    Those for which `is_on` no longer holds have changed.
    """
    known = {(one.id, one.chat_id, one.edited_at, one.next_due_at) for one in read}
    ids = sorted(one.id for one in read)
    unchanged: set[int] = set()
    for start in range(0, len(ids), _CHUNK):
        rows = connection.execute(
            select(table.c.id, table.c.chat_id, table.c.edited_at, table.c.next_due_at)
            .where(table.c.id.in_(ids[start : start + _CHUNK]), is_on)
            .order_by(table.c.id)
            .with_for_update()
        )
        unchanged.update(row.id for row in rows if tuple(row) in known)
    return frozenset(unchanged)


def enter(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Within a transaction: insert the rows that are not there yet, each the first part.

    What may have been sent before the database was restored is a possible duplicate.
    What they were planned from is locked, so between looking and inserting nobody else
    enters them. (Letting the INSERT return what it did costs PostgreSQL three times as
    much.) Returns how many of those inserted are to be sent.
    """
    known: set[tuple[DeliveryKind, int, date]] = set()
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        found = connection.execute(
            select(deliveries.c.kind, deliveries.c.subject_id, deliveries.c.local_on).where(
                deliveries.c.kind.in_(sorted({row["kind"] for row in chunk})),
                deliveries.c.subject_id.in_([row["subject_id"] for row in chunk]),
                deliveries.c.local_on.in_(sorted({row["local_on"] for row in chunk})),
                deliveries.c.part == 1,
            )
        )
        known.update((row.kind, row.subject_id, row.local_on) for row in found)
    new = [row for row in rows if (row["kind"], row["subject_id"], row["local_on"]) not in known]
    if new:
        restored_at = find_restored_at(connection)
        for row in new:
            row["may_be_duplicate"] = restored_at is not None and row["due_at"] <= restored_at
        connection.execute(
            insert(connection, deliveries).on_conflict_do_nothing(index_elements=KEY), new
        )
    return sum(row["state"] is State.DUE for row in new)


def move_on(connection: Connection, table: Table, moments: Mapping[int, datetime | None]) -> None:
    """Within a transaction: store when to look again at the rows of these ids.

    Pushes of one minute share a few moments to look again at, and are moved in as many
    statements; after an outage each has its own, and then one statement is given them all.
    """
    ids: dict[datetime | None, list[int]] = {}
    for id_, look_again_at in moments.items():
        ids.setdefault(look_again_at, []).append(id_)
    if len(ids) <= _FEW_MOMENTS:
        for look_again_at, alike in ids.items():
            connection.execute(
                update(table).where(table.c.id.in_(alike)).values(next_due_at=look_again_at)
            )
        return
    connection.execute(
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values(next_due_at=bindparam("look_again_at")),
        [{"row_id": id_, "look_again_at": at} for id_, at in moments.items()],
    )


def new_row(
    kind: DeliveryKind, subject_id: int, planned: Planned, due: Due, now: datetime
) -> dict[str, Any]:
    """The ledger's row of one date come due; skipped when it is too late already."""
    is_missed = due.missed_after < now
    return {
        **blank_row(),
        "kind": kind,
        "subject_id": subject_id,
        "chat_id": planned.chat_id,
        "thread_id": planned.thread_id,
        "local_on": due.local_on,
        "part": 1,
        "due_at": due.due_at,
        "missed_after": due.missed_after,
        "not_before_at": due.due_at,
        "state": State.SKIPPED if is_missed else State.DUE,
        "reason": SkipReason.TOO_LATE if is_missed else "",
        "settled_at": now if is_missed else None,
    }
