"""Rows of the ledger as tests move them: one at a time, and without waiting for a turn.

Here live short forms of the store's methods for many rows at once, and none of its rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.model import Choice, Delivery, Due, Pace, Subscription
from bot.store import Plan, Ready, Store

AT_ONCE = Pace(1_000_000, private_interval=timedelta(), group_interval=timedelta())


async def plan(
    store: Store, subscription: Subscription, due: Sequence[Due], next_due_at: datetime | None
) -> int:
    """Enter what came due of one subscription; how many rows are now to be sent."""
    return await store.plan_many([Plan(subscription, tuple(due), next_due_at)])


async def begin(store: Store, row: Delivery, choice: Choice, *, parts: int = 1) -> Delivery | None:
    """The claimed row as it is being sent; None when it is refused."""
    begun = await store.begin_in_turn([Ready(row, choice, parts)], AT_ONCE)
    assert begun.refused == {row.id} - begun.rows.keys()
    return begun.rows.get(row.id)


async def settle_sent(store: Store, row: Delivery, message_id: int) -> bool:
    """Note that Telegram accepted it; false when it was settled before."""
    return row.id in await store.settle_all_sent([(row, message_id)])
