"""The tick: every push and every notice of a reminder that has come due becomes a row.

Here lives the way from stored subscriptions and reminders to the ledger's rows, and nothing
that sends them. The tick is level-triggered: it asks what is due by now, not what became due
since it last ran, so a lost, late, doubled or concurrent tick is harmless.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime

from bot.delivery.observer import NOBODY, Observer
from bot.model import Subscription
from bot.store import Plan, ReminderPlan, Store
from bot.study import calendar, recurrence

_log = logging.getLogger(__name__)


async def tick(store: Store, *, batch: int = 500, observer: Observer = NOBODY) -> int:
    """Plan everything due by the store's clock; returns how many rows are now to be sent.

    They are taken `batch` at a time, a transaction each, so neither time nor memory grows
    with those that are not due. One that cannot be planned stands in nobody's
    way and stays due: the next tick tries it again. Raises StoreError; what was planned
    until then stays planned. In the end the store notes that there was a tick.
    """
    began_at = time.perf_counter()
    planned = await _plan_due(store, batch) + await _plan_reminders(store, batch)
    await store.note_tick()
    observer.ticked(planned, time.perf_counter() - began_at)
    return planned


async def _plan_due(store: Store, batch: int) -> int:
    now = await store.now()
    planned = 0
    broken: set[int] = set()
    while True:
        found = await store.due_subscriptions(now, batch + len(broken))
        subscriptions = [one for one in found if one.id not in broken]
        if not subscriptions:
            return planned
        plans = []
        for subscription in subscriptions:
            try:
                plans.append(_plan(subscription, now))
            except (LookupError, ValueError, OverflowError):
                # A zone that this machine's tz database has lost, say.
                _log.exception("subscription %d cannot be planned", subscription.id)
                broken.add(subscription.id)
        planned += await store.plan_many(plans)


async def _plan_reminders(store: Store, batch: int) -> int:
    now = await store.now()
    planned = 0
    broken: set[int] = set()
    while True:
        found = await store.due_reminders(now, batch + len(broken))
        reminders = [one for one in found if one.id not in broken]
        if not reminders:
            return planned
        plans = []
        for reminder in reminders:
            try:
                due = recurrence.due(reminder, now)
                plans.append(ReminderPlan(reminder, due, recurrence.next_due(reminder, now)))
            except (LookupError, ValueError, OverflowError):
                _log.exception("reminder %d cannot be planned", reminder.id)
                broken.add(reminder.id)
        planned += await store.plan_reminders(plans)


def _plan(subscription: Subscription, now: datetime) -> Plan:
    return Plan(subscription, calendar.due(subscription, now), calendar.next_due(subscription, now))
