"""What comes due is entered in the ledger once, however often it is planned."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

from bot.model import Delivery, DeliveryKind, State
from bot.store import Plan, Store
from tests.clock import Clock
from tests.ledger import plan, settle_sent
from tests.store.conftest import (
    GRACE,
    NOON,
    TODAY,
    OpenStore,
    begin_one,
    due,
    subscribe,
)

CHAT = -100777
DAY = timedelta(days=1)
TOMORROW = NOON + DAY


async def rows_on(store: Store, on: date = TODAY) -> tuple[Delivery, ...]:
    return await store.deliveries_on(CHAT, on)


async def test_a_planned_date_is_a_due_row_for_the_subscriptions_chat_and_topic(
    store: Store,
) -> None:
    subscription = await subscribe(store, CHAT, thread_id=5)
    assert await plan(store, subscription, [due()], TOMORROW) == 1
    (row,) = await rows_on(store)
    assert row == Delivery(
        id=row.id,
        kind=DeliveryKind.PUSH,
        subject_id=subscription.id,
        chat_id=CHAT,
        thread_id=5,
        local_on=TODAY,
        part=1,
        state=State.DUE,
        due_at=NOON,
        missed_after=NOON + GRACE,
        not_before_at=NOON,
    )


async def test_planning_moves_the_moment_to_look_again(store: Store) -> None:
    subscription = await subscribe(store, CHAT)
    await plan(store, subscription, [due()], TOMORROW)
    assert await store.subscription(CHAT) == replace(subscription, next_due_at=TOMORROW)
    assert await store.due_subscriptions(NOON, 10) == ()


async def test_a_subscription_with_nothing_due_is_only_moved_on(store: Store) -> None:
    subscription = await subscribe(store, CHAT)
    assert await plan(store, subscription, [], None) == 0
    assert await store.subscription(CHAT) == replace(subscription, next_due_at=None)


async def test_a_date_planned_twice_is_entered_once(store: Store) -> None:
    subscription = await subscribe(store, CHAT)
    await plan(store, subscription, [due()], NOON)
    assert await plan(store, subscription, [due()], TOMORROW) == 0
    assert len(await rows_on(store)) == 1


async def test_planning_a_date_again_leaves_what_became_of_it(store: Store) -> None:
    subscription = await subscribe(store, CHAT)
    await plan(store, subscription, [due()], NOON)
    await settle_sent(store, await begin_one(store), 77)
    await plan(store, subscription, [due(at=NOON - DAY)], TOMORROW)
    (row,) = await rows_on(store)
    assert (row.state, row.message_id, row.due_at) == (State.SENT, 77, NOON)


async def test_a_date_past_its_grace_is_entered_as_skipped(store: Store, clock: Clock) -> None:
    subscription = await subscribe(store, CHAT)
    clock.advance(days=3)
    days = [due(TODAY + n * DAY, NOON + n * DAY) for n in range(4)]
    assert await plan(store, subscription, days, NOON + 4 * DAY) == 1
    states = [(await rows_on(store, TODAY + n * DAY))[0] for n in range(4)]
    assert [row.state for row in states] == [State.SKIPPED] * 3 + [State.DUE]
    assert {row.reason for row in states[:3]} == {"too late"}


async def test_a_date_exactly_at_the_end_of_its_grace_is_still_due(
    store: Store, clock: Clock
) -> None:
    subscription = await subscribe(store, CHAT)
    clock.at = NOON + GRACE
    assert await plan(store, subscription, [due()], TOMORROW) == 1


async def test_a_subscription_edited_since_it_was_read_is_left_for_the_next_tick(
    store: Store,
) -> None:
    read = await subscribe(store, CHAT)
    edited = await store.save_subscription(
        replace(read, push_at=time(21), edited_at=NOON, next_due_at=NOON + timedelta(hours=1))
    )
    assert await plan(store, read, [due()], TOMORROW) == 0
    assert await store.subscription(CHAT) == edited
    assert await rows_on(store) == ()


async def test_a_subscription_switched_off_since_it_was_read_is_not_planned(store: Store) -> None:
    read = await subscribe(store, CHAT)
    await store.save_subscription(replace(read, is_active=False))
    assert await plan(store, read, [due()], TOMORROW) == 0


async def test_many_subscriptions_are_planned_in_one_go(store: Store) -> None:
    plans = [Plan(await subscribe(store, chat_id), (due(),), TOMORROW) for chat_id in range(1, 31)]
    assert await store.plan_many(plans) == 30
    assert await store.due_subscriptions(NOON, 100) == ()


async def test_planning_nothing_is_nothing(store: Store) -> None:
    assert await store.plan_many([]) == 0


async def test_replicas_that_tick_at_once_enter_a_date_once(opened: OpenStore) -> None:
    stores = [await opened() for _ in range(3)]
    far = due(at=NOON, grace=timedelta(days=36500))
    plans = [
        Plan(await subscribe(stores[0], chat_id), (far,), TOMORROW) for chat_id in range(1, 21)
    ]
    entered = await asyncio.gather(*(store.plan_many(plans) for store in stores))
    assert sum(entered) == 20
