"""Planning: what came due becomes rows of the ledger, once.

Here live the insertion into `deliveries` and the moving on of `next_due_at`, in one
transaction. What is due is decided in `study.calendar`; what becomes of the rows stands
in `store.ledger`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import DeliveryKind, Due, SkipReason, State, Subscription
from bot.store.engine import Part, insert, writes
from bot.store.ledger import KEY, blank_row
from bot.store.schema import deliveries, subscriptions

_CHUNK = 1000  # ids in one statement
_FEW_MOMENTS = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tick decided about one subscription: the dates come due, and when to look again."""

    subscription: Subscription
    due: tuple[Due, ...]
    next_due_at: datetime | None


class Planning(Part):
    """The store's share that enters deliveries."""

    async def plan(
        self, subscription: Subscription, due: Sequence[Due], next_due_at: datetime | None
    ) -> int:
        """Enter what came due of one subscription; see `plan_many`."""
        return await self.plan_many([Plan(subscription, tuple(due), next_due_at)])

    @writes
    async def plan_many(self, connection: AsyncConnection, plans: Sequence[Plan]) -> int:
        """Enter what came due and move each `next_due_at` on, in one transaction.

        A date that was entered before stays as it is. A date already past its grace is
        entered as skipped, "too late". A subscription that was edited, switched off or
        planned by somebody else since it was read is left alone, for the next tick to see.
        Returns how many rows are now to be sent.
        """
        unchanged = await _unchanged(connection, [plan.subscription for plan in plans])
        plans = [plan for plan in plans if plan.subscription.id in unchanged]
        if not plans:
            return 0
        now = await self._database.moment(connection)
        rows = [_new_row(plan.subscription, due, now) for plan in plans for due in plan.due]
        entered = await _enter(connection, rows)
        await _move_on(connection, plans)
        return entered


async def _unchanged(connection: AsyncConnection, read: Sequence[Subscription]) -> frozenset[int]:
    """Lock the subscriptions; the ids of those that are as they were when they were read."""
    known = {(one.id, one.chat_id, one.edited_at, one.next_due_at) for one in read}
    ids = sorted(one.id for one in read)
    unchanged: set[int] = set()
    for start in range(0, len(ids), _CHUNK):
        rows = await connection.execute(
            select(
                subscriptions.c.id,
                subscriptions.c.chat_id,
                subscriptions.c.edited_at,
                subscriptions.c.next_due_at,
            )
            .where(subscriptions.c.id.in_(ids[start : start + _CHUNK]), subscriptions.c.is_active)
            .order_by(subscriptions.c.id)
            .with_for_update()
        )
        unchanged.update(row.id for row in rows if tuple(row) in known)
    return frozenset(unchanged)


async def _enter(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the pushes that are not there yet; returns how many of those are to be sent.

    Their subscriptions are locked, so between looking and inserting nobody else enters
    them. (Letting the INSERT return what it did costs PostgreSQL three times as much.)
    """
    known: set[tuple[int, date]] = set()
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        found = await connection.execute(
            select(deliveries.c.subject_id, deliveries.c.local_on).where(
                deliveries.c.kind == DeliveryKind.PUSH,
                deliveries.c.subject_id.in_([row["subject_id"] for row in chunk]),
                deliveries.c.local_on.in_(sorted({row["local_on"] for row in chunk})),
                deliveries.c.part == 1,
            )
        )
        known.update((row.subject_id, row.local_on) for row in found)
    new = [row for row in rows if (row["subject_id"], row["local_on"]) not in known]
    if new:
        await connection.execute(
            insert(connection, deliveries).on_conflict_do_nothing(index_elements=KEY), new
        )
    return sum(row["state"] is State.DUE for row in new)


async def _move_on(connection: AsyncConnection, plans: Sequence[Plan]) -> None:
    """Store when to look again.

    Pushes of one minute share a few moments to look again at, and are moved in as many
    statements; after an outage each has its own, and then one statement is given them all.
    """
    ids: dict[datetime | None, list[int]] = {}
    for plan in plans:
        ids.setdefault(plan.next_due_at, []).append(plan.subscription.id)
    if len(ids) <= _FEW_MOMENTS:
        for look_again_at, alike in ids.items():
            await connection.execute(
                update(subscriptions)
                .where(subscriptions.c.id.in_(alike))
                .values(next_due_at=look_again_at)
            )
        return
    await connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == bindparam("row_id"))
        .values(next_due_at=bindparam("look_again_at")),
        [{"row_id": plan.subscription.id, "look_again_at": plan.next_due_at} for plan in plans],
    )


def _new_row(subscription: Subscription, due: Due, now: datetime) -> dict[str, Any]:
    is_missed = due.missed_after < now
    return {
        **blank_row(),
        "kind": DeliveryKind.PUSH,
        "subject_id": subscription.id,
        "chat_id": subscription.chat_id,
        "thread_id": subscription.thread_id,
        "local_on": due.local_on,
        "part": 1,
        "due_at": due.due_at,
        "missed_after": due.missed_after,
        "not_before_at": due.due_at,
        "state": State.SKIPPED if is_missed else State.DUE,
        "reason": SkipReason.TOO_LATE if is_missed else "",
        "settled_at": now if is_missed else None,
    }
