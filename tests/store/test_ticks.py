"""Ticks: a downtime is known once to all, and what it cost is counted."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.store import Downtime, Missed, Store
from tests.clock import Clock
from tests.store.conftest import GRACE, LEASE, NOON, TODAY, OpenStore, due, plan_push

FOUR_MINUTES = timedelta(minutes=4)


async def down(store: Store, clock: Clock, length: timedelta) -> Downtime:
    await store.note_tick()
    clock.move(length)
    await store.note_tick()
    (downtime,) = await store.downtimes()
    return downtime


async def test_a_downtime_is_what_passed_between_two_ticks(store: Store, clock: Clock) -> None:
    assert await down(store, clock, FOUR_MINUTES) == Downtime(NOON, NOON + FOUR_MINUTES)


@pytest.mark.parametrize("minutes", [0, 1, 3])
async def test_a_tick_that_comes_a_little_late_ends_no_downtime(
    store: Store, clock: Clock, minutes: int
) -> None:
    await store.note_tick()
    clock.advance(minutes=minutes)
    await store.note_tick()
    assert await store.downtimes() == ()


async def test_the_very_first_tick_ends_no_downtime(store: Store) -> None:
    await store.note_tick()
    assert await store.downtimes() == ()


async def test_replicas_that_tick_at_once_note_one_downtime_and_one_may_tell_it(
    store: Store, opened: OpenStore, clock: Clock
) -> None:
    await store.note_tick()
    clock.move(FOUR_MINUTES)
    replicas = [await opened(clock=clock) for _ in range(4)]
    await asyncio.gather(*(one.note_tick() for one in replicas))
    (downtime,) = await store.downtimes()
    may_tell = await asyncio.gather(*(one.forget_downtime(downtime) for one in replicas))
    assert sorted(may_tell) == [False, False, False, True]
    assert await store.downtimes() == ()


async def test_what_became_too_late_in_it_is_counted_by_chats(store: Store, clock: Clock) -> None:
    for chat_id in (-1, -2):
        await plan_push(store, chat_id, due())
    downtime = await down(store, clock, GRACE + FOUR_MINUTES)
    assert await store.missed_by(downtime) is None  # nobody has skipped it yet
    await store.claim("worker", 10, LEASE)
    assert await store.missed_by(downtime) == Missed(2, 2, -2, TODAY)


async def test_what_was_too_late_before_it_is_not_counted(store: Store, clock: Clock) -> None:
    await plan_push(store, -1, due())
    clock.move(GRACE + FOUR_MINUTES)
    await store.claim("worker", 10, LEASE)
    downtime = await down(store, clock, GRACE)
    assert await store.missed_by(downtime) == Missed(0, 0)


async def test_what_is_too_late_in_a_chat_that_shut_the_bot_out_is_not_counted(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, -1, due())
    await store.deactivate_chat(-1, "kicked")
    downtime = await down(store, clock, GRACE + FOUR_MINUTES)
    await store.claim("worker", 10, LEASE)
    assert await store.missed_by(downtime) == Missed(0, 0)
