"""The tick: every push, notice of a reminder, quiz, board and part that is due becomes a row.

Here lives the way from stored subscriptions, reminders and schedules to the ledger's rows, and
nothing that sends them. The tick is level-triggered: it asks what is due by now, not what
became due since it last ran, so a lost, late, doubled or concurrent tick is harmless.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.delivery.observer import NOBODY, Observer
from bot.model import Reminder, Schedule, Subscription
from bot.store import Plan, ReminderPlan, SchedulePlan, Store
from bot.study import calendar, recurrence

_log = logging.getLogger(__name__)

Due = TypeVar("Due", Subscription, Reminder, Schedule)
Made = TypeVar("Made", Plan, ReminderPlan, SchedulePlan)


async def tick(store: Store, *, batch: int = 500, observer: Observer = NOBODY) -> int:
    """Plan everything due by the store's clock; returns how many rows are now to be sent.

    They are taken `batch` at a time, a transaction each, so neither time nor memory grows
    with those that are not due. One that cannot be planned stands in nobody's
    way and stays due: the next tick tries it again. Raises StoreError; what was planned
    until then stays planned. In the end the store notes that there was a tick.
    """
    began_at = time.perf_counter()
    planned = await _plan_all(
        "subscription", store, store.due_subscriptions, _plan, store.plan_many, batch
    )
    planned += await _plan_all(
        "reminder", store, store.due_reminders, _plan_reminder, store.plan_reminders, batch
    )
    planned += await _plan_all(
        "schedule", store, store.due_schedules, _plan_schedule, store.plan_schedules, batch
    )
    await store.note_tick()
    observer.ticked(planned, time.perf_counter() - began_at)
    return planned


async def _plan_all(
    name: str,
    store: Store,
    find: Callable[[datetime, int], Awaitable[Sequence[Due]]],
    plan: Callable[[Due, datetime], Made],
    keep: Callable[[Sequence[Made]], Awaitable[int]],
    batch: int,
) -> int:
    """Plan every row of one kind that is due now: find a batch, plan each, keep them at once."""
    now = await store.now()
    planned = 0
    broken: set[int] = set()
    while True:
        found = [one for one in await find(now, batch + len(broken)) if one.id not in broken]
        if not found:
            return planned
        plans = []
        for one in found:
            try:
                plans.append(plan(one, now))
            except (LookupError, ValueError, OverflowError):
                # A zone that this machine's tz database has lost, say.
                _log.exception("%s %d cannot be planned", name, one.id)
                broken.add(one.id)
        planned += await keep(plans)


def _plan(subscription: Subscription, now: datetime) -> Plan:
    return Plan(subscription, calendar.due(subscription, now), calendar.next_due(subscription, now))


def _plan_reminder(reminder: Reminder, now: datetime) -> ReminderPlan:
    return ReminderPlan(reminder, recurrence.due(reminder, now), recurrence.next_due(reminder, now))


def _plan_schedule(schedule: Schedule, now: datetime) -> SchedulePlan:
    return SchedulePlan(schedule, calendar.due(schedule, now), calendar.next_due(schedule, now))
