"""The tick: every local date that has come due becomes a row of the ledger.

Here lives the way from stored subscriptions to rows, and nothing that sends them. The
tick is level-triggered: it asks what is due by now, not what became due since it last
ran, so a lost, late, doubled or concurrent tick is harmless.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.model import Subscription
from bot.store import Plan, Store
from bot.study import calendar

_log = logging.getLogger(__name__)

_LOOK_AGAIN = timedelta(hours=1)


async def tick(store: Store, *, batch: int = 500) -> int:
    """Plan everything due by the store's clock; returns how many rows are now to be sent.

    Subscriptions are taken `batch` at a time, a transaction each, so neither time nor
    memory grows with those that are not due. Raises StoreError; what was planned until
    then stays planned.
    """
    now = await store.now()
    planned = 0
    while subscriptions := await store.due_subscriptions(now, batch):
        planned += await store.plan_many([_plan(one, now) for one in subscriptions])
    return planned


def _plan(subscription: Subscription, now: datetime) -> Plan:
    try:
        due = calendar.due(subscription, now)
        next_due_at = calendar.next_due(subscription, now)
    except (LookupError, ValueError, OverflowError):
        # A zone that this machine's tz database has lost, say. Set aside for an hour:
        # left in place it would stand in the way of everybody else's pushes.
        _log.exception("subscription %d cannot be planned", subscription.id)
        return Plan(subscription, (), now + _LOOK_AGAIN)
    return Plan(subscription, due, next_due_at)
