"""A chat has one subscription, and the clock is shown those it must look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.model import (
    Content,
    DayRule,
    Days,
    QuoteOrder,
    ReadingOrder,
    State,
    Subscription,
)
from bot.store import Store
from tests.ledger import settle_sent
from tests.store.conftest import LEASE, NOON, TODAY, begin_one, claim_one, plan_push, subscribe

CHAT = -100777
TOPIC = 42

moments = st.integers(0, 2 * 10**17).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
subscriptions = st.builds(
    Subscription,
    chat_id=st.just(CHAT),
    push_at=st.times(),
    zone=st.sampled_from(["Asia/Shanghai", "UTC", "America/Argentina/ComodRivadavia"]),
    first_on=st.dates(date(1970, 1, 1), date(9000, 1, 1)),
    edited_at=moments,
    thread_id=st.none() | st.integers(1, 2**40),
    days=st.builds(Days, st.sampled_from(DayRule), st.frozensets(st.integers(1, 7))),
    content=st.sampled_from(Content),
    quote_order=st.sampled_from(QuoteOrder),
    reading_order=st.sampled_from(ReadingOrder),
    theme=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    grace=st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    is_active=st.booleans(),
    next_due_at=st.none() | moments,
)


async def test_a_chat_that_never_subscribed_has_no_subscription(store: Store) -> None:
    assert await store.subscription(CHAT) is None


@given(subscription=subscriptions)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_every_subscription_is_read_back_as_it_was_saved(
    store: Store, subscription: Subscription
) -> None:
    await subscribe(store, CHAT)
    saved = await store.save_subscription(subscription)
    assert saved == replace(subscription, id=saved.id)
    assert await store.subscription(CHAT) == saved


async def test_a_subscription_keeps_its_id_through_every_edit(store: Store) -> None:
    first = await subscribe(store, CHAT)
    await store.save_subscription(replace(first, is_active=False))
    again = await store.save_subscription(replace(first, id=0, push_at=time(7)))
    assert first.id == again.id > 0


async def test_only_a_chat_that_was_met_can_subscribe(store: Store) -> None:
    subscription = Subscription(CHAT, time(8), "UTC", TODAY, NOON)
    with pytest.raises(StoreError, match="must be met"):
        await store.save_subscription(subscription)


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    subscription = await subscribe(store, CHAT)
    with pytest.raises(ValueError, match="no time zone"):
        await store.save_subscription(replace(subscription, edited_at=datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_a_moment_of_another_zone_comes_back_in_utc(store: Store) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    saved = await subscribe(store, CHAT, next_due_at=there)
    assert saved.next_due_at == NOON
    assert saved.next_due_at.tzinfo is UTC


async def ids(store: Store, now: datetime = NOON, limit: int = 10) -> list[int]:
    return [found.chat_id for found in await store.due_subscriptions(now, limit)]


async def test_due_are_those_whose_moment_has_come_longest_due_first(store: Store) -> None:
    for chat_id, seconds in ((1, 0), (2, -1), (3, 1), (4, -3600)):
        await subscribe(store, chat_id, next_due_at=NOON + timedelta(seconds=seconds))
    assert await ids(store) == [4, 2, 1]


async def test_a_moment_a_microsecond_ahead_has_not_come(store: Store) -> None:
    await subscribe(store, CHAT, next_due_at=NOON + timedelta(microseconds=1))
    assert await ids(store) == []


async def test_no_more_are_given_than_asked_for(store: Store) -> None:
    for chat_id in range(1, 6):
        await subscribe(store, chat_id)
    assert await ids(store, limit=3) == [1, 2, 3]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"next_due_at": None}])
async def test_a_subscription_that_is_off_or_never_due_is_not_looked_at(
    store: Store, fields: dict[str, Any]
) -> None:
    await subscribe(store, CHAT, **fields)
    assert await ids(store) == []


async def test_a_chat_the_bot_cannot_write_to_is_not_looked_at_until_it_can(store: Store) -> None:
    await subscribe(store, CHAT)
    await store.deactivate_chat(CHAT, "kicked")
    assert await ids(store) == []
    await store.activate_chat(CHAT)
    assert await ids(store) == [CHAT]


async def test_a_chat_saved_as_inactive_is_not_looked_at(store: Store) -> None:
    await subscribe(store, CHAT)
    chat = await store.chat(CHAT)
    assert chat is not None
    await store.save_chat(replace(chat, inactive_reason="blocked"))
    assert await ids(store) == []


async def test_subscribing_in_a_chat_the_bot_cannot_write_to_waits_for_the_chat(
    store: Store,
) -> None:
    subscription = await subscribe(store, CHAT, is_active=False)
    await store.deactivate_chat(CHAT, "kicked")
    await store.save_subscription(replace(subscription, is_active=True))
    assert await ids(store) == []


async def test_unsubscribing_skips_what_waits(store: Store) -> None:
    planned = await plan_push(store, CHAT)
    await store.save_subscription(replace(planned, is_active=False))
    (row,) = await store.deliveries_on(CHAT, TODAY)
    assert (row.state, row.reason) == (State.SKIPPED, "unsubscribed")
    assert await store.claim("first", 1, LEASE) == ()


async def test_unsubscribing_leaves_what_is_being_sent_to_its_sender(store: Store) -> None:
    planned = await plan_push(store, CHAT)
    begun = await begin_one(store)
    await store.save_subscription(replace(planned, is_active=False))
    assert await settle_sent(store, begun, 9)


async def test_only_active_subscriptions_in_active_chats_are_counted(store: Store) -> None:
    await subscribe(store, 1)
    await subscribe(store, 2, is_active=False)
    await subscribe(store, 3)
    await store.deactivate_chat(3, "kicked")
    assert await store.count_subscriptions() == 1


async def test_all_subscriptions_are_read_page_by_page(store: Store) -> None:
    for chat_id in range(1, 6):
        await subscribe(store, chat_id)
    first = await store.subscriptions(limit=3)
    rest = await store.subscriptions(after_id=first[-1].id, limit=3)
    assert [one.chat_id for one in (*first, *rest)] == [1, 2, 3, 4, 5]


async def test_leaving_a_topic_sends_the_subscription_and_what_waits_to_the_general_one(
    store: Store,
) -> None:
    await subscribe(store, CHAT, thread_id=TOPIC)
    await plan_push(store, CHAT)
    await store.leave_topic(CHAT, TOPIC)
    subscription = await store.subscription(CHAT)
    assert subscription is not None
    assert subscription.thread_id is None
    assert (await claim_one(store)).thread_id is None


async def test_leaving_a_topic_does_not_touch_another_one(store: Store) -> None:
    await subscribe(store, CHAT, thread_id=TOPIC)
    await store.leave_topic(CHAT, TOPIC + 1)
    subscription = await store.subscription(CHAT)
    assert subscription is not None
    assert subscription.thread_id == TOPIC


async def test_what_was_sent_to_a_topic_keeps_saying_so(store: Store) -> None:
    await subscribe(store, CHAT, thread_id=TOPIC)
    await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store), 1)
    await store.leave_topic(CHAT, TOPIC)
    (row,) = await store.deliveries_on(CHAT, TODAY)
    assert row.thread_id == TOPIC
