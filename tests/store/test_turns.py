"""Turns and intents are one, and no delay anywhere heaps messages above Telegram's limits."""

from __future__ import annotations

import heapq
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import cycle, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import Delivery, Pace, State
from bot.store import Ready, Store
from tests.clock import Clock
from tests.ledger import settle_sent
from tests.store.conftest import CHOICE, LEASE, NOON, TODAY, OpenStore, due, plan_push
from tests.store.test_pacing import most_in_a_second

PACE = Pace()
SECOND = timedelta(seconds=1)
LOOK = timedelta(milliseconds=10)  # while all turns are out
# How long a message takes to be accepted after its turn, and its answer to come after that:
# mostly little, now and then a stall.
DELAYS = st.lists(
    st.tuples(st.sampled_from([0.001, 0.01, 0.3, 1.5]), st.sampled_from([0.05, 0.05, 0.4, 2.0])),
    min_size=1,
    max_size=9,
)


async def ready_rows(store: Store, chat_ids: range, at: datetime = NOON) -> list[Ready]:
    """Claimed and composed pushes to these chats, due at this moment."""
    for chat_id in chat_ids:
        await plan_push(store, chat_id, due(at=at))
    claimed = await store.claim("sender", len(chat_ids), timedelta(days=1))
    return [Ready(one, CHOICE) for one in claimed]


async def send_all(
    stores: list[Store], clock: Clock, waiting: list[Ready], delays: list[tuple[float, float]]
) -> list[tuple[int, datetime]]:
    """Send through these processes by turns; the chat and moment of each acceptance."""
    accepted: list[tuple[int, datetime]] = []
    answers: list[tuple[datetime, int, Delivery]] = []
    delay, process = cycle(delays), cycle(stores)
    while waiting or answers:
        store = next(process)
        while answers and answers[0][0] <= clock.at:
            await settle_sent(store, heapq.heappop(answers)[2], 1)
        begun, asked_at = await store.begin_in_turn(waiting, PACE), clock.at
        for row in begun.rows.values():
            on_its_way, back = next(delay)
            accepted.append((row.chat_id, clock.at + timedelta(seconds=on_its_way)))
            answered_at = accepted[-1][1] + timedelta(seconds=back)
            heapq.heappush(answers, (answered_at, row.id, row))
        waiting = [one for one in waiting if one.delivery.id not in begun.rows]
        if not begun.rows:
            # Turns come back with answers; asking again in between changes nothing.
            clock.at = answers[0][0] if answers else clock.at + begun.wait
            clock.at = min(clock.at, asked_at + begun.wait) if begun.wait > LOOK else clock.at
    return accepted


@given(delays=DELAYS)
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_is_late_telegram_never_counts_more_than_30_in_a_second(
    opened: OpenStore, clock: Clock, delays: list[tuple[float, float]]
) -> None:
    clock.at += timedelta(hours=1)  # nothing is left of the example before
    stores = [await opened(clock=clock) for _ in range(3)]
    number = int((clock.at - NOON).total_seconds())
    waiting = await ready_rows(stores[0], range(number, number + 45), clock.at)
    accepted = await send_all(stores, clock, waiting, delays)
    assert len(accepted) == 45
    assert most_in_a_second(sorted(at for _, at in accepted)) <= 30
    for store in stores:
        await store.close()


async def test_without_delays_28_go_in_every_second(opened: OpenStore, clock: Clock) -> None:
    stores = [await opened(clock=clock) for _ in range(2)]
    waiting = await ready_rows(stores[0], range(1, 57))
    accepted = await send_all(stores, clock, waiting, [(0.001, 0.05)])
    took = (accepted[-1][1] - accepted[0][1]).total_seconds()
    assert 55 / 28 - 0.1 <= took <= 55 / 28 + 0.2


async def test_the_parts_to_a_chat_keep_its_interval_whoever_sends_them(
    opened: OpenStore, clock: Clock
) -> None:
    stores = [await opened(clock=clock) for _ in range(3)]
    at: dict[int, list[datetime]] = defaultdict(list)
    for chat_id in (7, -100777):
        await plan_push(stores[0], chat_id)
    process = cycle(stores)
    while any(len(at[chat_id]) < 4 for chat_id in (7, -100777)):
        store = next(process)
        claimed = await store.claim("sender", 10, LEASE)
        begun = await store.begin_in_turn([Ready(one, CHOICE, 4) for one in claimed], PACE)
        for row in begun.rows.values():
            at[row.chat_id].append(clock.at)
            await settle_sent(store, row, 1)
        await store.release("sender")
        clock.at += timedelta(milliseconds=40)
    assert all(later - sooner >= SECOND for sooner, later in pairwise(at[7]))
    assert all(later - sooner >= 3 * SECOND for sooner, later in pairwise(at[-100777]))


async def test_a_turn_and_the_intent_are_taken_together_or_not_at_all(
    store: Store, clock: Clock
) -> None:
    first, second = await ready_rows(store, range(1, 3))
    begun = await store.begin_in_turn([first, second], PACE)
    assert list(begun.rows) == [first.delivery.id]
    states = [(await store.deliveries_on(chat_id, TODAY))[0].state for chat_id in (1, 2)]
    assert states == [State.SENDING, State.CLAIMED]
    assert (await store.begin_in_turn([second], PACE)).wait > timedelta()


async def test_a_lost_lease_takes_no_turn(store: Store, clock: Clock) -> None:
    lost, kept = await ready_rows(store, range(1, 3))
    await store.deactivate_chat(1, "kicked")
    begun = await store.begin_in_turn([lost, kept], PACE)
    assert set(begun.refused) == {lost.delivery.id}
    assert list(begun.rows) == [kept.delivery.id]
