"""Messages go no faster than Telegram allows, whoever sends them."""

from __future__ import annotations

import asyncio
import itertools
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import Delivery, Pace
from bot.store import Plan, Ready, Store
from tests.clock import Clock
from tests.ledger import settle_sent
from tests.store.conftest import CHOICE, NOON, TODAY, OpenStore, due, subscribe

CHAT, GROUP = 7, -100777
NOTHING = timedelta()
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
PACE = Pace()
FAST = Pace(overall_per_second=1000)  # but not to one chat

_days = itertools.count()  # a chat has one push a date


async def claimed(store: Store, chat_ids: Iterable[int]) -> list[Delivery]:
    """A row of each chat that is due now and waits for its turn, in this order."""
    now, on = await store.now(), TODAY + next(_days) * DAY
    plans = []
    for chat_id in chat_ids:
        found = await store.subscription(chat_id) or await subscribe(store, chat_id)
        plans.append(Plan(found, (due(on, now),), found.next_due_at))
    await store.plan_many(plans)
    rows = {row.chat_id: row for row in await store.claim("sender", len(plans), DAY)}
    return [rows[plan.subscription.chat_id] for plan in plans]


async def row_of(store: Store, chat_id: int) -> Delivery:
    (row,) = await claimed(store, [chat_id])
    return row


async def turn(store: Store, row: Delivery, pace: Pace = PACE) -> timedelta:
    """Nothing, and the row is being sent; or how long it has to wait."""
    begun = await store.begin_in_turn([Ready(row, CHOICE)], pace)
    assert not begun.refused
    return NOTHING if begun.rows else begun.chat_waits.get(row.id, begun.wait)


async def test_the_first_message_goes_at_once(store: Store) -> None:
    assert await turn(store, await row_of(store, CHAT)) == NOTHING


@pytest.mark.parametrize(("chat_id", "interval"), [(CHAT, SECOND), (GROUP, 3 * SECOND)])
async def test_a_chat_is_written_to_once_in_its_interval(
    store: Store, clock: Clock, chat_id: int, interval: timedelta
) -> None:
    first = await row_of(store, chat_id)
    await turn(store, first, FAST)
    await settle_sent(store, first, 1)
    second = await row_of(store, chat_id)
    assert await turn(store, second, FAST) == interval
    clock.at += interval - timedelta(milliseconds=1)
    assert await turn(store, second, FAST) == timedelta(milliseconds=1)
    clock.advance(milliseconds=1)
    assert await turn(store, second, FAST) == NOTHING


async def test_waiting_for_the_chat_takes_no_slot_from_others(store: Store, clock: Clock) -> None:
    first = await row_of(store, CHAT)
    await turn(store, first)
    await settle_sent(store, first, 1)
    second, other = await claimed(store, [CHAT, GROUP])
    clock.advance(milliseconds=500)
    for _ in range(100):
        assert await turn(store, second) == timedelta(milliseconds=500)
    assert await turn(store, other) == NOTHING


async def test_waiting_for_the_overall_rate_takes_no_slot_in_the_chat(
    store: Store, clock: Clock
) -> None:
    *others, group = await claimed(store, [1, 2, GROUP])
    for row in others:
        await turn(store, row)
    wait = await turn(store, group)
    assert NOTHING < wait < timedelta(seconds=0.1)
    clock.at += wait
    assert await turn(store, group) == NOTHING


async def test_after_the_wait_it_was_told_a_sender_may_go(store: Store, clock: Clock) -> None:
    rows = await claimed(store, [sign * chat_id for chat_id in range(1, 40) for sign in (1, -1)])
    for person, group in zip(rows[::2], rows[1::2], strict=True):
        clock.at += await turn(store, person)
        clock.at += await turn(store, group)
        clock.advance(seconds=1)


def most_in_a_second(moments: list[datetime]) -> int:
    """The most moments in any window of one second, both ends included."""
    return max(
        bisect_right(moments, moment + SECOND) - index for index, moment in enumerate(moments)
    )


async def send_all(
    store: Store, clock: Clock, count: int, oversleep: list[float], pace: Pace = PACE
) -> list[datetime]:
    """Send to `count` chats as soon as allowed, waking late by these milliseconds in turn.

    Every message is accepted and answered the moment it is sent.
    """
    sent: list[datetime] = []
    for row in await claimed(store, range(1, count + 1)):
        while wait := await turn(store, row, pace):
            late = oversleep[len(sent) % len(oversleep)]
            clock.at += wait + timedelta(milliseconds=late)
        await settle_sent(store, row, 1)
        sent.append(clock.at)
    return sent


@given(oversleep=st.lists(st.floats(0, 200), min_size=1, max_size=7))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_no_second_ever_sees_more_than_29_messages(
    store: Store, clock: Clock, oversleep: list[float]
) -> None:
    clock.advance(hours=1)  # nothing is left of the example before
    assert most_in_a_second(await send_all(store, clock, 45, oversleep)) <= 29


async def test_a_sender_that_wakes_a_little_late_still_sends_28_a_second(
    store: Store, clock: Clock
) -> None:
    sent = await send_all(store, clock, 141, oversleep=[12.0, 0.0, 7.0])
    assert sent[-1] - sent[0] < 5.02 * SECOND


async def test_a_long_silence_saves_up_no_burst(store: Store, clock: Clock) -> None:
    await turn(store, await row_of(store, CHAT + 1000))
    clock.advance(hours=10)
    assert most_in_a_second(await send_all(store, clock, 60, [0.0])) <= 29


async def test_a_paid_pace_lets_a_thousand_a_second_through(store: Store, clock: Clock) -> None:
    sent = await send_all(store, clock, 120, [0.0], FAST)
    assert timedelta(seconds=0.1) <= sent[-1] - sent[0] <= timedelta(seconds=0.12)


@pytest.mark.parametrize("seconds", [0.3, 2, 3600])
async def test_a_pause_for_everybody_ends_on_time_and_no_sooner(
    store: Store, clock: Clock, seconds: float
) -> None:
    until = NOON + timedelta(seconds=seconds)
    person, group = await claimed(store, [CHAT, GROUP])
    await store.pause(until)
    assert await turn(store, person) == until - NOON
    clock.at = until - timedelta(microseconds=1)
    assert await turn(store, group) == timedelta(microseconds=1)
    clock.at = until
    assert await turn(store, group) == NOTHING


async def test_a_pause_of_one_chat_leaves_the_others_alone(store: Store) -> None:
    person, group = await claimed(store, [CHAT, GROUP])
    await store.pause(NOON + 40 * SECOND, GROUP)
    assert await turn(store, group) == 40 * SECOND
    assert await turn(store, person) == NOTHING


async def test_of_two_pauses_the_longer_holds(store: Store) -> None:
    await store.pause(NOON + 9 * SECOND, GROUP)
    await store.pause(NOON + 5 * SECOND, GROUP)
    assert await turn(store, await row_of(store, GROUP)) == 9 * SECOND


async def test_a_clock_set_back_an_hour_does_not_silence_anybody(
    store: Store, clock: Clock
) -> None:
    first = await row_of(store, GROUP)
    await turn(store, first)
    await settle_sent(store, first, 1)
    rows = await claimed(store, [GROUP, *range(1, 60)])
    clock.advance(hours=-1)
    for row in rows:
        while wait := await turn(store, row):
            clock.at += wait
        await settle_sent(store, row, 1)
    assert clock.at < NOON - timedelta(minutes=59)


async def test_processes_that_ask_at_once_share_the_slots(opened: OpenStore, clock: Clock) -> None:
    stores = [await opened(clock=clock) for _ in range(4)]
    rows = await claimed(stores[0], range(1, 21))
    answers = await asyncio.gather(*(turn(stores[n % 4], row) for n, row in enumerate(rows)))
    assert sum(answer == NOTHING for answer in answers) == 1


async def test_processes_that_ask_at_once_for_one_row_get_it_once(
    opened: OpenStore, clock: Clock
) -> None:
    stores = [await opened(clock=clock) for _ in range(4)]
    row = await row_of(stores[0], GROUP)
    answers = await asyncio.gather(
        *(one.begin_in_turn([Ready(row, CHOICE)], FAST) for one in stores)
    )
    assert sorted(len(one.rows) for one in answers) == [0, 0, 0, 1]
    assert all(one.refused == {row.id} for one in answers if not one.rows and not one.wait)


async def test_answers_and_rows_take_their_turns_from_one_pace(store: Store) -> None:
    row = await row_of(store, CHAT)
    taken = await store.take_turns([CHAT, GROUP, CHAT], PACE)
    assert (list(taken.ids), taken.wait) == ([0], NOTHING)
    wait = await turn(store, row)
    assert wait > NOTHING
    assert (await store.take_turns([CHAT], PACE)).wait == wait


async def test_thirty_answers_on_their_way_hold_up_everybody_until_a_second_after_one_ended(
    store: Store, clock: Clock
) -> None:
    row = await row_of(store, CHAT)
    on_their_way: list[int] = []
    while len(on_their_way) < 30:
        taken = await store.take_turns([CHAT], PACE)
        on_their_way += taken.ids.values()
        clock.at += taken.wait
    clock.advance(seconds=1)
    assert await turn(store, row) > NOTHING
    await store.end_turn(on_their_way[7])
    assert await turn(store, row) == SECOND
    clock.at += SECOND + timedelta(milliseconds=1)
    assert await turn(store, row) == NOTHING


async def test_a_paid_pace_gives_answers_as_many_turns_as_there_are(store: Store) -> None:
    assert len((await store.take_turns([CHAT] * 8, FAST)).ids) == 8


async def test_at_a_paid_pace_thirty_answers_hold_up_the_answers_and_no_broadcast(
    store: Store, clock: Clock
) -> None:
    row = await row_of(store, CHAT)
    on_their_way: list[int] = []
    while len(on_their_way) < 30:
        taken = await store.take_turns([CHAT] * 40, FAST)
        on_their_way += taken.ids.values()
        clock.at += taken.wait
    clock.advance(seconds=1)
    assert (await store.take_turns([CHAT], FAST)).ids == {}
    assert await turn(store, row, FAST) == NOTHING
    await store.end_turn(on_their_way[7])
    assert (await store.take_turns([CHAT], FAST)).wait == SECOND
    clock.at += SECOND + timedelta(milliseconds=1)
    assert len((await store.take_turns([CHAT] * 8, FAST)).ids) == 1


async def test_at_a_paid_pace_a_broadcast_holds_up_no_answer(store: Store, clock: Clock) -> None:
    await send_all(store, clock, 120, [10.0], FAST)
    assert (await store.take_turns([CHAT], FAST)).ids


async def test_an_answer_to_a_paused_chat_takes_no_turn(store: Store) -> None:
    await store.pause(NOON + 40 * SECOND, GROUP)
    taken = await store.take_turns([GROUP, CHAT, GROUP], PACE)
    assert (list(taken.ids), taken.pauses) == ([1], {0: 40 * SECOND, 2: 40 * SECOND})
