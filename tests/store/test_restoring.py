"""A database that was restored: what may have been sent since the copy is never sent as new."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.delivery.plan import tick
from bot.model import State
from bot.store import Restored, Store, open_store, restore
from tests.clock import Clock
from tests.conftest import NewDatabase
from tests.ledger import begin, settle_sent
from tests.store.conftest import (
    CHOICE,
    LEASE,
    NOON,
    TODAY,
    OpenStore,
    begin_one,
    claim_one,
    plan_push,
    subscribe,
)
from tests.store.reminding import save_reminder

CHAT = -100777
DAY = timedelta(days=1)
TEN_MINUTES = timedelta(minutes=10)


async def is_marked(store: Store, chat_id: int = CHAT) -> bool:
    (row,) = await store.deliveries_on(chat_id, TODAY)
    return row.may_be_duplicate


async def test_what_came_due_between_the_copy_and_its_restoring_is_a_possible_duplicate(
    store: Store, clock: Clock
) -> None:
    clock.at = NOON - TEN_MINUTES
    await subscribe(store, CHAT)
    await tick(store)
    clock.at = NOON + timedelta(hours=2)
    assert await store.mark_restored() == Restored(NOON - TEN_MINUTES)
    assert await tick(store) == 1
    assert await is_marked(store)


async def test_a_reminder_that_came_due_meanwhile_is_one_too(store: Store, clock: Clock) -> None:
    reminder = await save_reminder(store, CHAT)
    assert reminder.next_due_at is not None
    clock.at = reminder.next_due_at + TEN_MINUTES
    await store.mark_restored()
    assert await tick(store) == 1
    (row,) = await store.claim("one", 10, LEASE)
    assert row.may_be_duplicate


async def test_what_comes_due_after_the_restoring_is_none(store: Store, clock: Clock) -> None:
    clock.at = NOON - timedelta(seconds=1)
    await store.mark_restored()
    await subscribe(store, CHAT)
    clock.at = NOON
    assert await tick(store) == 1
    assert not await is_marked(store)


async def test_a_database_that_was_never_restored_marks_nothing(store: Store, clock: Clock) -> None:
    await subscribe(store, CHAT)
    clock.at = NOON + timedelta(hours=2)
    await tick(store)
    assert not await is_marked(store)


async def test_what_was_open_in_the_copy_is_free_at_once_and_marked(store: Store) -> None:
    await plan_push(store, 1)
    await claim_one(store)
    await plan_push(store, 2)
    await begin_one(store)
    await plan_push(store, 3)
    await store.mark_restored()
    claimed = await store.claim("second", 10, LEASE)
    assert [(row.chat_id, row.state, row.may_be_duplicate) for row in claimed] == [
        (chat, State.CLAIMED, True) for chat in (1, 2, 3)
    ]


async def test_what_was_sent_before_the_copy_stays_sent(store: Store) -> None:
    await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store), 77)
    before = await store.deliveries_on(CHAT, TODAY)
    await store.mark_restored()
    assert await store.deliveries_on(CHAT, TODAY) == before


async def test_the_later_parts_of_a_push_that_may_have_been_sent_are_marked_as_well(
    store: Store, clock: Clock
) -> None:
    await subscribe(store, CHAT)
    await store.mark_restored()
    await tick(store)
    await begin_one(store, parts=3)
    rows = await store.deliveries_on(CHAT, TODAY)
    assert [row.may_be_duplicate for row in rows] == [True, True, True]


async def test_the_later_parts_of_a_push_in_doubt_are_new_where_nothing_was_restored(
    store: Store, clock: Clock, opened: OpenStore
) -> None:
    await plan_push(store, CHAT)
    await begin_one(store, parts=2)
    clock.advance(minutes=5)
    await begin_one(store, "second", parts=3)
    rows = await store.deliveries_on(CHAT, TODAY)
    assert [row.may_be_duplicate for row in rows] == [True, False, False]


async def test_a_restored_copy_knows_up_to_when_it_may_have_sent(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    """The morning of an operator: copied at 11:50, sent at noon, restored at 14:00."""
    clock = Clock(NOON - TEN_MINUTES)
    url = new_database(tmp_path / "data" / "studybot.sqlite3")
    store = await open_store(url, clock=clock)
    await subscribe(store, CHAT)
    await tick(store)
    copy = tmp_path / "copy.sqlite3"
    await store.back_up(copy)
    clock.at = NOON
    await tick(store)
    await settle_sent(store, await begin_one(store), 77)
    await store.close()

    clock.at = NOON + timedelta(hours=2)
    assert (await restore(url, copy, clock=clock)).as_of == NOON - TEN_MINUTES
    store = await open_store(url, clock=clock)
    await tick(store)
    again = await claim_one(store)
    assert again.may_be_duplicate
    begun = await begin(store, again, CHOICE)
    assert begun is not None
    await settle_sent(store, begun, 78)
    clock.at = NOON + DAY
    await tick(store)
    assert not (await claim_one(store)).may_be_duplicate
    await store.close()
