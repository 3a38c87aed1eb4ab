"""What administrators decided about single days: a quotation, a note.

Here live the rows of `day_plans`, and their way to another bot within the transactions of
`archive`. What follows from them is decided in `study.choice`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.model import NO_PLAN, ArchivedDay, DayPlan
from bot.store.engine import Part, add_new, insert, reads, writes
from bot.store.schema import day_plans


class DayPlans(Part):
    """The store's share that knows plans of single days."""

    @reads
    def day_plans(
        self, connection: Connection, chat_ids: Sequence[int], dates: Sequence[date]
    ) -> Mapping[tuple[int, date], DayPlan]:
        """The plans of these chats for these local dates, as far as there are any."""
        if not chat_ids or not dates:
            return {}
        found = connection.execute(
            select(day_plans).where(
                day_plans.c.chat_id.in_(set(chat_ids)), day_plans.c.local_on.in_(set(dates))
            )
        )
        return {(row.chat_id, row.local_on): DayPlan(row.quote_id, row.note) for row in found}

    @writes
    def save_day_plan(self, connection: Connection, chat_id: int, on: date, plan: DayPlan) -> None:
        """Keep the plan of that day in place of the one before; an empty one is none.

        Raises StoreError when the chat was never met.
        """
        if plan == NO_PLAN:
            connection.execute(
                delete(day_plans).where(day_plans.c.chat_id == chat_id, day_plans.c.local_on == on)
            )
            return
        fields = {"quote_id": plan.quote_id, "note": plan.note, "edited_at": self._database.now()}
        connection.execute(
            insert(connection, day_plans)
            .values(chat_id=chat_id, local_on=on, **fields)
            .on_conflict_do_update(index_elements=["chat_id", "local_on"], set_=fields)
        )


def find_archived_days(connection: Connection, chat_id: int) -> tuple[ArchivedDay, ...]:
    """Within a transaction: what was decided about which dates, in their order."""
    found = connection.execute(
        select(day_plans).where(day_plans.c.chat_id == chat_id).order_by(day_plans.c.local_on)
    )
    return tuple(ArchivedDay(row.local_on, DayPlan(row.quote_id, row.note)) for row in found)


def take_days(
    connection: Connection, chat_id: int, days: Sequence[ArchivedDay], now: Any
) -> tuple[int, int]:
    """Within a transaction: add what was decided about days that are free here.

    How many were, and for how many something else was decided here, which stays.
    """
    rows = [
        {
            "chat_id": chat_id,
            "local_on": one.on,
            "quote_id": one.plan.quote_id,
            "note": one.plan.note,
            "edited_at": now,
        }
        for one in days
    ]
    fresh = add_new(connection, day_plans, rows)
    return fresh, len(set(days) - set(find_archived_days(connection, chat_id)))
