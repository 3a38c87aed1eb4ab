"""A row is given to one sender at a time, in order, for as long as its lease runs."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from bot.model import Choice, State
from bot.store import Plan, Store
from bot.store.engine import connect
from tests.clock import Clock
from tests.ledger import begin, settle_sent
from tests.store.conftest import (
    CHOICE,
    LEASE,
    NOON,
    TODAY,
    OpenStore,
    begin_one,
    claim_one,
    due,
    plan_push,
    subscribe,
)

CHAT = -100777
DAY = timedelta(days=1)
# Due by any real clock, and not too late for a hundred years.
LONG_DUE = due(at=NOON - timedelta(days=3650), grace=timedelta(days=36500))


async def claimed_chats(store: Store, owner: str = "first", limit: int = 10) -> list[int]:
    return [row.chat_id for row in await store.claim(owner, limit, LEASE)]


async def test_a_claimed_row_says_who_holds_it_and_until_when(store: Store) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store, "first")
    assert claimed.state is State.CLAIMED
    assert (claimed.lease_owner, claimed.lease_until_at) == ("first", NOON + LEASE)
    assert not claimed.may_be_duplicate


async def test_a_claimed_row_is_not_given_out_again(store: Store) -> None:
    await plan_push(store, CHAT)
    await claim_one(store, "first")
    assert await claimed_chats(store, "second") == []
    assert await claimed_chats(store, "first") == []


async def test_a_lease_needs_an_owner(store: Store) -> None:
    with pytest.raises(ValueError, match="owner"):
        await store.claim("", 1, LEASE)


async def test_nothing_is_claimed_before_it_is_due(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT, due(at=NOON + timedelta(seconds=1)))
    assert await claimed_chats(store) == []
    clock.advance(seconds=1)
    assert await claimed_chats(store) == [CHAT]


async def test_rows_are_given_out_longest_due_first_and_no_more_than_asked_for(
    store: Store,
) -> None:
    for chat_id, minutes in ((1, -1), (2, -3), (3, -2), (4, 0)):
        await plan_push(store, chat_id, due(at=NOON + timedelta(minutes=minutes)))
    assert await claimed_chats(store, limit=3) == [2, 3, 1]
    assert await claimed_chats(store) == [4]


async def test_a_lease_that_ran_out_is_given_out_again_without_doubt(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await claim_one(store, "first")
    clock.at = NOON + LEASE
    claimed = await claim_one(store, "second")
    assert claimed.lease_owner == "second"
    assert not claimed.may_be_duplicate


async def test_a_row_that_was_being_sent_when_its_lease_ran_out_is_in_doubt(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await begin_one(store, "first")
    assert await claimed_chats(store, "second") == []
    clock.advance(minutes=2)
    claimed = await claim_one(store, "second")
    assert claimed.may_be_duplicate
    assert claimed.choice == CHOICE


async def test_doubt_stays_with_a_row_that_is_claimed_and_lost_again(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await begin_one(store)
    for _ in range(2):
        clock.advance(minutes=2)
        assert (await claim_one(store)).may_be_duplicate


async def test_a_chat_the_bot_cannot_write_to_is_passed_over_until_it_can(store: Store) -> None:
    await plan_push(store, CHAT)
    await store.deactivate_chat(CHAT, "kicked")
    assert await claimed_chats(store) == []
    await store.activate_chat(CHAT)
    assert await claimed_chats(store) == [CHAT]


# ------------------------------------------------------------- one chat's order


async def test_a_chat_has_one_row_in_flight_at_a_time(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT, due(), due(TODAY + DAY, NOON + timedelta(seconds=1)))
    clock.advance(seconds=1)
    first = await begin_one(store)
    assert first.local_on == TODAY
    assert await claimed_chats(store) == []
    await settle_sent(store, first, 1)
    assert (await claim_one(store)).local_on == TODAY + DAY


async def test_a_row_planned_late_with_an_earlier_moment_waits_for_the_one_in_flight(
    store: Store,
) -> None:
    await plan_push(store, CHAT)
    await claim_one(store)
    await plan_push(store, CHAT, due(TODAY - DAY, NOON - timedelta(hours=1)))
    assert await claimed_chats(store) == []


async def test_a_row_that_waits_to_be_retried_holds_back_later_ones_of_its_chat(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT, due(), due(TODAY + DAY, NOON + timedelta(seconds=1)))
    await plan_push(store, CHAT + 1)
    clock.advance(seconds=1)
    (first, _) = await store.claim("first", 10, LEASE)
    await store.settle_retry(first, NOON + timedelta(minutes=9), "502", in_doubt=False)
    assert await claimed_chats(store) == []


async def test_later_parts_are_rows_that_follow_the_first(store: Store) -> None:
    await plan_push(store, CHAT)
    first = await begin_one(store, parts=3)
    assert await claimed_chats(store) == []
    await settle_sent(store, first, 1)
    second = await claim_one(store)
    assert (second.part, second.choice, second.due_at) == (2, CHOICE, first.due_at)
    begun = await begin(store, second, second.choice)
    assert begun is not None
    await settle_sent(store, begun, 2)
    assert (await claim_one(store)).part == 3


async def test_nothing_comes_between_two_parts(store: Store) -> None:
    await plan_push(store, CHAT)
    first = await begin_one(store, parts=2)
    await plan_push(store, CHAT + 1)  # due at the same moment, and in the same chat after this:
    await store.migrate_chat(CHAT + 1, CHAT)
    await settle_sent(store, first, 1)
    following = await claim_one(store)
    assert (following.subject_id, following.part) == (first.subject_id, 2)


async def test_beginning_a_first_part_again_does_not_double_the_others(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await begin_one(store, parts=2)
    clock.advance(minutes=2)
    await begin_one(store, parts=2)
    assert [row.part for row in await store.deliveries_on(CHAT, TODAY)] == [1, 2]


# -------------------------------------------------------------------- too late


async def test_a_row_past_its_grace_is_skipped_instead_of_claimed(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    clock.advance(hours=7)
    assert await claimed_chats(store) == []
    (row,) = await store.deliveries_on(CHAT, TODAY)
    assert (row.state, row.reason, row.may_be_duplicate) == (State.SKIPPED, "too late", False)


async def test_a_row_past_its_grace_in_a_chat_without_the_bot_is_skipped_too(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await store.deactivate_chat(CHAT, "kicked")
    clock.advance(hours=7)
    await store.claim("first", 1, LEASE)
    (row,) = await store.deliveries_on(CHAT, TODAY)
    assert (row.state, row.reason) == (State.SKIPPED, "too late: chat gone")


async def test_a_row_past_its_grace_keeps_what_held_it_up(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT)
    await store.settle_retry(await begin_one(store), NOON, "not sent: 502", in_doubt=False)
    clock.advance(hours=7)
    assert await claimed_chats(store) == []
    (row,) = await store.deliveries_on(CHAT, TODAY)
    assert (row.state, row.reason) == (State.SKIPPED, "too late: not sent: 502")


async def test_a_row_in_doubt_past_its_grace_is_skipped_and_keeps_its_doubt(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await begin_one(store)
    clock.advance(hours=7)
    assert await claimed_chats(store) == []
    (row,) = await store.deliveries_on(CHAT, TODAY)
    assert (row.state, row.may_be_duplicate) == (State.SKIPPED, True)


async def test_a_row_claimed_by_a_process_that_died_is_skipped_past_its_grace(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await claim_one(store)
    clock.advance(hours=7)
    assert await claimed_chats(store) == []
    (row,) = await store.deliveries_on(CHAT, TODAY)
    assert (row.state, row.may_be_duplicate) == (State.SKIPPED, False)


async def test_a_row_whose_grace_ends_while_it_is_in_flight_may_still_be_sent(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT, due(grace=timedelta(seconds=1)))
    begun = await begin_one(store)
    clock.advance(seconds=30)
    await store.claim("second", 1, LEASE)
    assert await settle_sent(store, begun, 1)


# --------------------------------------------------------------- begin sending


async def test_beginning_stores_the_choice_and_counts_the_attempt(store: Store) -> None:
    await plan_push(store, CHAT)
    begun = await begin_one(store)
    assert (begun.state, begun.choice, begun.attempts) == (State.SENDING, CHOICE, 1)
    assert await store.deliveries_on(CHAT, TODAY) == (begun,)


async def test_nothing_is_begun_once_the_lease_ran_out(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store)
    clock.at = NOON + LEASE
    assert await begin(store, claimed, CHOICE) is None


async def test_nothing_is_begun_on_a_lease_that_went_to_somebody_else(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store, "first")
    clock.at = NOON + LEASE
    await claim_one(store, "second")
    assert await begin(store, claimed, CHOICE) is None


async def test_nothing_is_begun_twice(store: Store) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store)
    assert await begin(store, claimed, CHOICE) is not None
    assert await begin(store, claimed, CHOICE) is None


async def test_nothing_is_begun_in_a_chat_that_was_left_meanwhile(store: Store) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store)
    await store.deactivate_chat(CHAT, "kicked")
    assert await begin(store, claimed, Choice()) is None


async def test_a_renewed_lease_ends_later(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store, "first")
    clock.advance(seconds=59)
    assert await store.renew("first", LEASE, [claimed.id]) == 1
    clock.advance(seconds=59)
    assert await claimed_chats(store, "second") == []
    assert await begin(store, claimed, CHOICE) is not None


async def test_a_lease_that_ran_out_is_not_renewed(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT)
    claimed = await claim_one(store, "first")
    clock.at = NOON + LEASE
    assert await store.renew("first", LEASE, [claimed.id]) == 0


async def test_only_the_leases_that_are_named_are_renewed(store: Store, clock: Clock) -> None:
    for chat_id in (1, 2):
        await plan_push(store, chat_id)
    kept, failed = await store.claim("first", 10, LEASE)
    clock.advance(seconds=30)
    assert await store.renew("first", LEASE, [kept.id]) == 1
    assert await store.renew("second", LEASE, [failed.id]) == 0
    clock.at = NOON + LEASE
    assert await claimed_chats(store, "second") == [failed.chat_id]


async def test_what_the_dead_held_is_taken_over_at_once(store: Store) -> None:
    for chat_id in (1, 2, 3):
        await plan_push(store, chat_id)
    sending, _ = await store.claim("dead", 2, LEASE)
    await begin(store, sending, CHOICE)
    await store.claim("alive", 1, LEASE)
    assert await store.take_over("alive") == 2
    taken = await store.claim("alive", 10, LEASE)
    assert [(row.chat_id, row.may_be_duplicate) for row in taken] == [(1, True), (2, False)]
    assert await store.take_over("alive") == 0


async def test_leases_run_out_by_the_databases_own_clock(opened: OpenStore) -> None:
    store = await opened()
    await plan_push(store, CHAT, LONG_DUE)
    first = await claim_one(store, "first", timedelta())
    assert await begin(store, first, CHOICE) is None
    second = await claim_one(store, "second", LEASE)
    assert second.lease_until_at is not None
    assert timedelta() < second.lease_until_at - await store.now() <= LEASE


# ---------------------------------------------------------- many senders at once


async def test_no_row_is_ever_given_to_two_senders(opened: OpenStore) -> None:
    stores = [await opened() for _ in range(4)]
    plans = [
        Plan(await subscribe(stores[0], chat_id), (LONG_DUE,), None) for chat_id in range(1, 61)
    ]
    await stores[0].plan_many(plans)
    given: list[int] = []

    async def take_all(store: Store, owner: str) -> None:
        while rows := await store.claim(owner, 3, LEASE):
            given.extend(row.id for row in rows)

    await asyncio.gather(*(take_all(one, f"owner {n}") for n, one in enumerate(stores)))
    # A sender may have seen nothing because others were just taking what was left.
    await take_all(stores[0], "last")
    assert sorted(given) == sorted(set(given))
    assert len(given) == 60


async def test_senders_together_send_every_part_once_and_in_order(opened: OpenStore) -> None:
    stores = [await opened() for _ in range(3)]
    for chat_id in range(1, 6):
        await plan_push(stores[0], chat_id, LONG_DUE)
    sent: dict[int, list[int]] = {chat_id: [] for chat_id in range(1, 6)}

    async def send(store: Store, owner: str) -> None:
        for row in await store.claim(owner, 2, LEASE):
            begun = await begin(store, row, CHOICE, parts=3)
            assert begun is not None
            sent[begun.chat_id].append(begun.part)
            await settle_sent(store, begun, 1)

    for _ in range(60):
        if not (await stores[0].backlog()).by_state:
            break
        await asyncio.gather(*(send(one, f"owner {n}") for n, one in enumerate(stores)))
    assert list(sent.values()) == [[1, 2, 3]] * 5


# ------------------------------------------------------------------------ cost


async def plan_of(url: str, statement: str) -> str:
    """How the engine would go about a statement."""
    database = connect(url, None, LEASE)
    prefix = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"

    def explain(connection: Connection) -> str:
        if not database.is_sqlite:  # so few rows that it would read them all
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.execute(text(f"{prefix} {statement}"))
        return "\n".join(str(row[-1]) for row in rows)

    explained = await database.read(explain)
    await database.close()
    return explained


async def test_a_claim_walks_along_the_open_rows_and_sorts_nothing(url: str) -> None:
    plan = await plan_of(
        url,
        "SELECT deliveries.id FROM deliveries JOIN chats ON chats.id = deliveries.chat_id "
        "WHERE settled_at IS NULL ORDER BY due_at, deliveries.kind, subject_id, local_on, part "
        "LIMIT 40",
    )
    assert "ix_deliveries_turn" in plan
    assert "B-TREE" not in plan
    assert "Sort" not in plan


async def test_looking_for_late_rows_reads_open_rows_at_most(url: str, engine: str) -> None:
    plan = await plan_of(
        url,
        "UPDATE deliveries SET state = 'skipped' WHERE lease_until_at IS NULL "
        "AND settled_at IS NULL AND missed_after < '2026-11-24T00:00:00.000000Z'",
    )
    # Without rows PostgreSQL finds one index of open rows as good as the other.
    assert ("ix_deliveries_missed" if engine == "sqlite" else "Index Scan using ix_") in plan


async def test_looking_for_leases_reads_rows_in_flight_alone(url: str) -> None:
    plan = await plan_of(
        url,
        "SELECT chat_id FROM deliveries WHERE lease_until_at > '2026-11-24T00:00:00.000000Z'",
    )
    assert "ix_deliveries_in_flight" in plan


async def test_a_claim_finds_what_is_free_behind_many_rows_that_are_not(store: Store) -> None:
    for chat_id in range(1, 31):
        await plan_push(store, chat_id, due(at=NOON - timedelta(minutes=1)))
    await plan_push(store, CHAT)
    assert len(await store.claim("first", 30, LEASE)) == 30
    assert [row.chat_id for row in await store.claim("second", 1, LEASE)] == [CHAT]


async def test_a_tick_reads_due_subscriptions_alone(url: str, engine: str) -> None:
    true = " = 1" if engine == "sqlite" else ""
    plan = await plan_of(
        url,
        f"SELECT * FROM subscriptions WHERE is_active{true} AND chat_is_active{true} "
        "AND next_due_at <= '2026-11-24T00:00:00.000000Z' ORDER BY next_due_at, id LIMIT 10",
    )
    assert "ix_subscriptions_next_due_at" in plan
