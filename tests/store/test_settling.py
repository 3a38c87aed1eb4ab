"""What became of a row is written by whoever sent it, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import State
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
LATER = NOON + timedelta(seconds=30)


async def states(store: Store) -> list[tuple[State, str]]:
    return [(row.state, row.reason) for row in await store.deliveries_on(CHAT, TODAY)]


async def test_a_sent_row_says_when_and_as_which_message(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT)
    begun = await begin_one(store)
    clock.advance(seconds=2)
    assert await settle_sent(store, begun, 4711)
    (sent,) = await store.deliveries_on(CHAT, TODAY)
    assert (sent.state, sent.message_id) == (State.SENT, 4711)
    assert sent.sent_at == NOON + timedelta(seconds=2)
    assert (sent.lease_owner, sent.lease_until_at) == ("", None)


async def test_a_sent_row_is_never_claimed_again(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store), 1)
    clock.advance(hours=1)
    assert await store.claim("second", 10, LEASE) == ()


async def test_settling_twice_keeps_what_was_settled_first(store: Store) -> None:
    await plan_push(store, CHAT)
    begun = await begin_one(store)
    assert await settle_sent(store, begun, 1)
    assert not await settle_sent(store, begun, 2)
    assert not await store.settle_dead(begun, "400")
    assert not await store.settle_skipped(begun, "no quote")
    assert not await store.settle_retry(begun, LATER, "502", in_doubt=True)
    (sent,) = await store.deliveries_on(CHAT, TODAY)
    assert (sent.state, sent.message_id, sent.reason) == (State.SENT, 1, "")


async def test_a_row_to_retry_waits_for_its_moment_and_keeps_its_choice(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    begun = await begin_one(store)
    assert await store.settle_retry(begun, LATER, "502 Bad Gateway", in_doubt=False)
    clock.at = LATER - timedelta(microseconds=1)
    assert await store.claim("second", 1, LEASE) == ()
    clock.at = LATER
    claimed = await claim_one(store, "second")
    assert (claimed.choice, claimed.reason, claimed.attempts) == (CHOICE, "502 Bad Gateway", 1)


@pytest.mark.parametrize("in_doubt", [True, False])
async def test_a_retry_is_marked_when_the_try_before_it_may_have_worked(
    store: Store, in_doubt: bool
) -> None:
    await plan_push(store, CHAT)
    await store.settle_retry(await begin_one(store), NOON, "timed out", in_doubt=in_doubt)
    assert (await claim_one(store)).may_be_duplicate is in_doubt


async def test_a_mark_once_set_stays_through_certain_failures(store: Store) -> None:
    await plan_push(store, CHAT)
    await store.settle_retry(await begin_one(store), NOON, "timed out", in_doubt=True)
    await store.settle_retry(await begin_one(store), NOON, "refused", in_doubt=False)
    assert (await claim_one(store)).may_be_duplicate


async def test_a_claimed_row_can_be_put_off_before_it_is_begun(store: Store) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store)
    assert await store.settle_retry(claimed, LATER, "paused", in_doubt=False)
    assert await states(store) == [(State.RETRY, "paused")]


async def test_a_dead_row_says_why_and_takes_its_later_parts_along(store: Store) -> None:
    await plan_push(store, CHAT)
    assert await store.settle_dead(await begin_one(store, parts=3), "400 Bad Request")
    assert await states(store) == [
        (State.DEAD, "400 Bad Request"),
        (State.SKIPPED, "an earlier part was not sent"),
        (State.SKIPPED, "an earlier part was not sent"),
    ]


async def test_a_later_part_that_dies_leaves_the_ones_that_were_sent(store: Store) -> None:
    await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store, parts=2), 1)
    await store.settle_dead(await begin_one(store), "400")
    assert await states(store) == [(State.SENT, ""), (State.DEAD, "400")]


async def test_after_a_dead_row_the_chats_next_one_has_its_turn(store: Store, clock: Clock) -> None:
    tomorrow = TODAY + timedelta(days=1)
    await plan_push(store, CHAT, due(), due(tomorrow, NOON + timedelta(hours=1)))
    clock.advance(hours=1)
    await store.settle_dead(await begin_one(store), "400")
    assert (await claim_one(store)).local_on == tomorrow


async def test_a_claimed_row_can_be_skipped_with_a_reason(store: Store) -> None:
    await plan_push(store, CHAT)
    assert await store.settle_skipped(await claim_one(store), "no quote of this theme")
    assert await states(store) == [(State.SKIPPED, "no quote of this theme")]


async def test_only_the_holder_of_the_lease_puts_a_row_off_or_gives_it_up(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    lost = await begin_one(store, "first")
    clock.advance(minutes=2)
    held = await begin_one(store, "second")
    assert not await store.settle_retry(lost, LATER, "502", in_doubt=False)
    assert not await store.settle_dead(lost, "400")
    assert not await store.settle_skipped(lost, "nothing")
    assert await store.deliveries_on(CHAT, TODAY) == (held,)


async def test_a_sender_whose_lease_ran_out_still_settles_what_nobody_else_took(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    begun = await begin_one(store)
    clock.advance(minutes=2)
    assert await settle_sent(store, begun, 1)


async def test_a_late_answer_saves_the_next_holder_from_sending_it_again(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    begun = await begin_one(store, "first")
    clock.advance(minutes=2)
    taken = await claim_one(store, "second")
    assert await settle_sent(store, begun, 1)
    assert await begin(store, taken, CHOICE) is None


async def test_a_late_answer_leaves_a_row_to_whoever_is_sending_it_now(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    lost = await begin_one(store, "first")
    clock.advance(minutes=2)
    held = await begin_one(store, "second")
    assert not await settle_sent(store, lost, 1)
    assert await settle_sent(store, held, 2)


async def test_releasing_gives_back_what_was_not_begun(store: Store) -> None:
    for chat_id in (CHAT, CHAT - 1, CHAT - 2):
        await plan_push(store, chat_id)
    begun, *_ = await store.claim("first", 2, LEASE)
    assert await begin(store, begun, CHOICE) is not None
    await store.claim("second", 1, LEASE)
    assert await store.release("first") == 1
    given = await store.claim("third", 10, LEASE)
    assert len(given) == 1
    assert not given[0].may_be_duplicate


async def test_releasing_keeps_the_moment_and_the_doubt_of_a_retried_row(store: Store) -> None:
    await plan_push(store, CHAT)
    await store.settle_retry(await begin_one(store), NOON, "timed out", in_doubt=True)
    await claim_one(store, "first")
    await store.release("first")
    again = await claim_one(store, "second")
    assert (again.may_be_duplicate, again.attempts, again.choice) == (True, 1, CHOICE)
