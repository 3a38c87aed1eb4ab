"""The ledger can be asked what happened to any day of any chat."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Backlog, Choice, Shown, State
from bot.store import Store
from tests.clock import Clock
from tests.ledger import begin, settle_sent
from tests.store.conftest import (
    CHOICE,
    LEASE,
    NOON,
    TODAY,
    begin_one,
    claim_one,
    due,
    plan_push,
)

CHAT = -100777
DAY = timedelta(days=1)


async def send_day(store: Store, clock: Clock, choice: Choice) -> None:
    """Plan and send the next day's push."""
    on = clock.at.date()
    await plan_push(store, CHAT, due(on, clock.at))
    begun = await begin(store, await claim_one(store), choice)
    assert begun is not None
    await settle_sent(store, begun, 1)
    clock.advance(days=1)


async def test_history_tells_what_was_shown_oldest_first(store: Store, clock: Clock) -> None:
    shown = [Choice(f"q-{n}", "round", f"a-{n}.1", "nearest") for n in range(4)]
    for choice in shown:
        await send_day(store, clock, choice)
    assert await store.history(CHAT) == tuple(
        Shown(TODAY + n * DAY, choice) for n, choice in enumerate(shown)
    )


async def test_history_of_a_chat_is_its_own(store: Store, clock: Clock) -> None:
    await send_day(store, clock, CHOICE)
    assert await store.history(CHAT + 1) == ()


async def test_history_counts_a_push_of_several_parts_once(store: Store) -> None:
    await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store, parts=2), 1)
    await settle_sent(store, await begin_one(store), 2)
    assert await store.history(CHAT) == (Shown(TODAY, CHOICE),)


async def test_history_holds_what_is_being_sent(store: Store) -> None:
    await plan_push(store, CHAT)
    await begin_one(store)
    assert await store.history(CHAT) == (Shown(TODAY, CHOICE),)


async def test_history_holds_what_may_have_been_sent(store: Store) -> None:
    await plan_push(store, CHAT)
    await store.settle_retry(await begin_one(store), NOON, "timed out", in_doubt=True)
    assert await store.history(CHAT) == (Shown(TODAY, CHOICE),)


async def test_history_leaves_out_what_was_surely_not_shown(store: Store) -> None:
    await plan_push(store, CHAT)
    await store.settle_dead(await begin_one(store), "400")
    assert await store.history(CHAT) == ()


async def test_a_day_without_deliveries_has_none(store: Store) -> None:
    assert await store.deliveries_on(CHAT, TODAY) == ()


async def test_a_day_shows_its_parts_in_order(store: Store) -> None:
    await plan_push(store, CHAT)
    await begin_one(store, parts=3)
    assert [row.part for row in await store.deliveries_on(CHAT, TODAY)] == [1, 2, 3]


async def test_an_empty_ledger_has_no_backlog(store: Store) -> None:
    assert await store.backlog() == Backlog({}, 0, None)


async def test_the_backlog_counts_what_is_open_and_knows_the_oldest(
    store: Store, clock: Clock
) -> None:
    for n, chat_id in enumerate((CHAT, CHAT - 1, CHAT - 2, CHAT - 3)):
        await plan_push(store, chat_id, due(at=NOON - timedelta(minutes=n)))
    oldest, second = await store.claim("first", 2, LEASE)
    begun = await begin(store, oldest, CHOICE)
    assert begun is not None
    await settle_sent(store, begun, 1)
    doubted = await begin(store, second, CHOICE)
    assert doubted is not None
    await store.settle_retry(doubted, NOON, "timed out", in_doubt=True)
    assert await store.backlog() == Backlog(
        {State.RETRY: 1, State.DUE: 2}, 1, NOON - timedelta(minutes=2)
    )
