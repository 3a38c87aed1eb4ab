"""After a downtime: one letter of what was skipped as too late, and of nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.plan import tick
from bot.model import SkipReason, State, Subscription
from bot.store import Store
from bot.watch.alarms import Owner
from bot.watch.signs import Troubles
from bot.watch.watchman import Nightly, Watchman
from tests.clock import Clock
from tests.watch.conftest import CHAT, ZONE, Reader, subscribe

OTHERS = (CHAT - 1, CHAT - 2)
LEASE = timedelta(minutes=1)


def watchman(store: Store, reader: Reader, clock: Clock) -> Watchman:
    """That of a process of its own."""
    return Watchman(
        store,
        Owner(store, reader.send, ZONE, clock),
        Troubles(),
        data_dir=Path("/nowhere"),
        zone=ZONE,
        nightly=Nightly(clock().time(), 0, 0),
        clock=clock,
    )


async def run(store: Store) -> None:
    """A minute of the engine: what is due is planned, and the worker takes what it may."""
    await tick(store)
    await store.claim("worker", 100, LEASE)


async def subscribed(store: Store, clock: Clock, chats: Sequence[int]) -> list[Subscription]:
    return [await subscribe(store, clock, chat) for chat in chats]


async def down(store: Store, clock: Clock, *, hours: float, chats: Sequence[int]) -> None:
    """These chats' pushes come due just after the last tick before the downtime."""
    morning = clock.at
    clock.at = morning - timedelta(minutes=1)
    await tick(store)
    clock.at = morning
    await subscribed(store, clock, chats)
    clock.at = morning + timedelta(hours=hours)


async def test_what_was_skipped_as_too_late_is_told_in_one_letter(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=8, chats=[CHAT, *OTHERS])
    await run(store)
    watching = watchman(store, reader, clock)
    for _ in range(3):
        await watching.round()
    (letter,) = reader.came
    assert letter.startswith(
        "⏭ 从 11-24 07:59 到 11-24 16:00 程序没有运行，"
        "有 3 条到点的消息（推送、提醒等）已经过了时限，不再补送，涉及 3 个聊天。"
    )
    assert "studybot why 编号 昨天" in letter
    assert f"studybot why {OTHERS[1]} 2026-11-24" in letter
    assert "读书会" in letter


async def test_several_days_of_one_chat_are_one_chat(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=3 * 24 + 9, chats=[CHAT])
    await run(store)
    await watchman(store, reader, clock).round()
    (letter,) = reader.came
    days = [clock().date() - timedelta(days=back) for back in range(5)]
    skipped = [row for day in days for row in await store.deliveries_on(CHAT, day)]
    assert len(skipped) > 1
    assert f"有 {len(skipped)} 条" in letter
    assert "涉及 1 个聊天" in letter


async def test_after_the_next_restart_it_is_not_told_again(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=8, chats=[CHAT])
    await run(store)
    await watchman(store, reader, clock).round()
    clock.advance(minutes=10)
    await run(store)
    await watchman(store, reader, clock).round()
    assert len(reader.came) == 1


async def test_of_several_replicas_one_tells_it(store: Store, reader: Reader, clock: Clock) -> None:
    await down(store, clock, hours=8, chats=[CHAT])
    for _ in range(3):
        await run(store)
    for _ in range(3):
        await watchman(store, reader, clock).round()
    assert len(reader.came) == 1


async def test_the_next_downtime_is_told_anew_and_alone(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=8, chats=[CHAT])
    watching = watchman(store, reader, clock)
    for hours in (0, 15, 9):  # the next morning's push comes due during the last nine
        clock.advance(hours=hours)
        await run(store)
        await watching.round()
    assert len(reader.came) == 2
    assert reader.came[1].startswith("⏭ 从 11-25 07:00 到 11-25 16:00 程序没有运行，有 1 条")


async def test_what_is_late_but_still_sent_is_no_letter(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=5, chats=[CHAT])
    await run(store)
    await watchman(store, reader, clock).round()
    assert reader.came == []
    assert await store.downtimes() == ()


async def test_what_was_skipped_for_another_reason_is_not_counted(
    store: Store, reader: Reader, clock: Clock
) -> None:
    (given_up,) = await subscribed(store, clock, OTHERS[:1])
    await tick(store)
    off = replace(given_up, is_active=False, edited_at=clock(), next_due_at=None)
    await store.save_subscription(off)
    (row,) = await store.deliveries_on(OTHERS[0], clock().date())
    assert (row.state, row.reason) == (State.SKIPPED, SkipReason.UNSUBSCRIBED)
    await down(store, clock, hours=8, chats=[CHAT])
    await run(store)
    await watchman(store, reader, clock).round()
    assert "有 1 条到点的消息" in reader.came[0]


async def test_what_was_planned_before_and_became_too_late_meanwhile_is_counted(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await subscribe(store, clock)
    await tick(store)
    clock.advance(hours=8)
    await tick(store)
    watching = watchman(store, reader, clock)
    await watching.round()
    assert reader.came == []  # nobody has skipped it yet
    await run(store)
    await watching.round()
    assert "有 1 条到点的消息" in reader.came[0]


@pytest.mark.parametrize("is_back", [False, True])
async def test_where_the_bot_could_not_write_nothing_was_missed(
    store: Store, reader: Reader, clock: Clock, is_back: bool
) -> None:
    await subscribe(store, clock)
    await tick(store)
    await store.deactivate_chat(CHAT, "kicked")
    clock.advance(hours=8)
    await run(store)
    if is_back:
        await store.activate_chat(CHAT)
    await watchman(store, reader, clock).round()
    assert reader.came == []


async def test_a_restart_of_minutes_is_no_downtime_that_is_told(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=0.1, chats=[CHAT])
    await run(store)
    await watchman(store, reader, clock).round()
    assert reader.came == []


async def test_what_waits_for_the_first_tick_after_a_downtime_is_not_called_late(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=8, chats=[CHAT])
    watching = watchman(store, reader, clock)
    await watching.round()
    await run(store)
    await watching.round()
    (letter,) = reader.came
    assert letter.startswith("⏭")


async def test_of_what_is_late_nothing_is_promised_that_does_not_hold(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await subscribe(store, clock)
    clock.advance(minutes=10)
    watching = watchman(store, reader, clock)
    await watching.round()
    await watching.round()
    assert "不会丢" not in reader.came[0]
    assert "过了时限的不再送" in reader.came[0]


async def test_of_what_a_restored_database_may_have_sent_nobody_is_told_that_it_was_missed(
    store: Store, reader: Reader, clock: Clock
) -> None:
    await down(store, clock, hours=8, chats=[CHAT])
    await store.mark_restored()
    await run(store)
    await watchman(store, reader, clock).round()
    (row,) = await store.deliveries_on(CHAT, clock().date())
    assert (row.state, row.may_be_duplicate) == (State.SKIPPED, True)
    assert reader.came == []
