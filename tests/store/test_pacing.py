"""Messages go no faster than Telegram allows, whoever sends them."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import Pace
from bot.store import Store
from tests.store.conftest import NOON, Clock, OpenStore

CHAT, GROUP = 7, -100777
NOTHING = timedelta()
SECOND = timedelta(seconds=1)
PACE = Pace()


async def test_the_first_message_goes_at_once(store: Store) -> None:
    assert await store.reserve(CHAT, PACE) == NOTHING


@pytest.mark.parametrize(("chat_id", "interval"), [(CHAT, SECOND), (GROUP, 3 * SECOND)])
async def test_a_chat_is_written_to_once_in_its_interval(
    store: Store, clock: Clock, chat_id: int, interval: timedelta
) -> None:
    await store.reserve(chat_id, PACE)
    assert await store.reserve(chat_id, PACE) == interval
    clock.at += interval - timedelta(milliseconds=1)
    assert await store.reserve(chat_id, PACE) == timedelta(milliseconds=1)
    clock.advance(milliseconds=1)
    assert await store.reserve(chat_id, PACE) == NOTHING


async def test_waiting_for_the_chat_takes_no_slot_from_others(store: Store, clock: Clock) -> None:
    await store.reserve(CHAT, PACE)
    clock.advance(milliseconds=500)
    for _ in range(100):
        assert await store.reserve(CHAT, PACE) == timedelta(milliseconds=500)
    assert await store.reserve(GROUP, PACE) == NOTHING


async def test_waiting_for_the_overall_rate_takes_no_slot_in_the_chat(
    store: Store, clock: Clock
) -> None:
    for chat_id in range(1, 3):
        await store.reserve(chat_id, PACE)
    wait = await store.reserve(GROUP, PACE)
    assert NOTHING < wait < timedelta(seconds=0.1)
    clock.at += wait
    assert await store.reserve(GROUP, PACE) == NOTHING


async def test_after_the_wait_it_was_told_a_sender_may_go(store: Store, clock: Clock) -> None:
    for chat_id in range(1, 100):
        clock.at += await store.reserve(chat_id, PACE)
        assert await store.reserve(-chat_id, PACE) >= NOTHING
        clock.advance(seconds=1)


def most_in_a_second(moments: list[datetime]) -> int:
    """The most moments in any window of one second, both ends included."""
    return max(
        bisect_right(moments, moment + SECOND) - index for index, moment in enumerate(moments)
    )


async def send_all(
    store: Store, clock: Clock, count: int, oversleep: list[float]
) -> list[datetime]:
    """Send to `count` chats as soon as allowed, waking late by these milliseconds in turn."""
    sent: list[datetime] = []
    for chat_id in range(1, count + 1):
        while wait := await store.reserve(chat_id, PACE):
            late = oversleep[len(sent) % len(oversleep)]
            clock.at += wait + timedelta(milliseconds=late)
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
    await store.reserve(CHAT, PACE)
    clock.advance(hours=10)
    assert most_in_a_second(await send_all(store, clock, 60, [0.0])) <= 29


async def test_a_paid_pace_lets_a_thousand_a_second_through(store: Store, clock: Clock) -> None:
    paid = Pace(overall_per_second=1000)
    sent = 0
    while clock.at < NOON + timedelta(seconds=0.1):
        sent += 1
        while wait := await store.reserve(sent, paid):
            clock.at += wait
    assert 100 <= sent <= 112


@pytest.mark.parametrize("seconds", [0.3, 2, 3600])
async def test_a_pause_for_everybody_ends_on_time_and_no_sooner(
    store: Store, clock: Clock, seconds: float
) -> None:
    until = NOON + timedelta(seconds=seconds)
    await store.pause(until)
    assert await store.reserve(CHAT, PACE) == until - NOON
    clock.at = until - timedelta(microseconds=1)
    assert await store.reserve(GROUP, PACE) == timedelta(microseconds=1)
    clock.at = until
    assert await store.reserve(GROUP, PACE) == NOTHING


async def test_a_pause_of_one_chat_leaves_the_others_alone(store: Store) -> None:
    await store.pause(NOON + 40 * SECOND, GROUP)
    assert await store.reserve(GROUP, PACE) == 40 * SECOND
    assert await store.reserve(CHAT, PACE) == NOTHING


async def test_of_two_pauses_the_longer_holds(store: Store) -> None:
    await store.pause(NOON + 9 * SECOND, GROUP)
    await store.pause(NOON + 5 * SECOND, GROUP)
    assert await store.reserve(GROUP, PACE) == 9 * SECOND


async def test_a_clock_set_back_an_hour_does_not_silence_anybody(
    store: Store, clock: Clock
) -> None:
    await store.reserve(GROUP, PACE)
    clock.advance(hours=-1)
    for chat_id in (GROUP, *range(1, 60)):
        while wait := await store.reserve(chat_id, PACE):
            clock.at += wait
    assert clock.at < NOON - timedelta(minutes=59)


async def test_processes_that_ask_at_once_share_the_slots(opened: OpenStore, clock: Clock) -> None:
    stores = [await opened(clock=clock) for _ in range(4)]
    answers = await asyncio.gather(*(stores[n % 4].reserve(n + 1, PACE) for n in range(20)))
    assert sum(answer == NOTHING for answer in answers) == 1


async def test_processes_that_ask_at_once_for_one_chat_get_it_once(
    opened: OpenStore, clock: Clock
) -> None:
    stores = [await opened(clock=clock) for _ in range(4)]
    fast = Pace(overall_per_second=1000)
    answers = await asyncio.gather(*(one.reserve(GROUP, fast) for one in stores))
    assert sorted(answers) == [NOTHING, 3 * SECOND, 3 * SECOND, 3 * SECOND]
