"""Standing schedules as they are stored and planned, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.errors import StoreError
from bot.model import DayRule, Days, DeliveryKind, ScheduleKind, State
from bot.store import SchedulePlan, Store
from tests.clock import Clock
from tests.ledger import settle_sent
from tests.store.conftest import GRACE, NOON, TODAY, begin_one, due
from tests.store.scheduling import save_schedule

OLD, NEW = -100, -1001
DAY = timedelta(days=1)
TOMORROW = NOON + DAY
QUIZ, PART = ScheduleKind.QUIZ, ScheduleKind.PART


async def test_a_schedule_comes_back_as_it_was_stored(store: Store) -> None:
    one = await save_schedule(
        store,
        OLD,
        QUIZ,
        thread_id=5,
        days=Days(DayRule.WEEKDAYS, frozenset({5})),
        ends_on=TODAY + 9 * DAY,
        grace=timedelta(hours=1),
    )
    assert one.id > 0
    assert await store.schedule(OLD, QUIZ) == one
    assert await store.schedule(OLD, PART) is None
    assert await store.schedules(OLD) == (one,)


async def test_a_chat_has_one_schedule_of_a_kind_under_one_id(store: Store) -> None:
    first = await save_schedule(store, OLD, QUIZ)
    later = await save_schedule(store, OLD, QUIZ, at=time(21))
    other = await save_schedule(store, OLD, PART)
    assert later == replace(first, at=time(21))
    assert await store.schedules(OLD) == (later, other)


async def test_a_chat_that_was_never_met_has_no_schedule(store: Store) -> None:
    one = await save_schedule(store, OLD, QUIZ)
    with pytest.raises(StoreError, match="met"):
        await store.save_schedule(replace(one, chat_id=-5))


async def test_only_what_is_on_and_due_in_a_chat_that_hears_is_looked_at(store: Store) -> None:
    one = await save_schedule(store, OLD, QUIZ)
    await save_schedule(store, OLD, PART, is_active=False)
    await save_schedule(store, -2, QUIZ, next_due_at=TOMORROW)
    gone = await save_schedule(store, -3, QUIZ)
    await store.deactivate_chat(-3, "kicked")
    assert await store.due_schedules(NOON, 10) == (one,)
    await store.activate_chat(-3)
    assert await store.due_schedules(NOON, 10) == (one, gone)


async def test_each_kind_of_a_date_is_a_row_of_its_own(store: Store) -> None:
    quiz, part = await save_schedule(store, OLD, QUIZ), await save_schedule(store, OLD, PART)
    plans = [SchedulePlan(one, (due(),), TOMORROW) for one in (quiz, part)]
    assert await store.plan_schedules(plans) == 2
    rows = await store.deliveries_on(OLD, TODAY)
    assert [(row.kind, row.subject_id) for row in rows] == [
        (DeliveryKind.PART, part.id),
        (DeliveryKind.QUIZ, quiz.id),
    ]
    assert await store.due_schedules(NOON, 10) == ()


async def test_a_date_planned_twice_is_entered_once(store: Store) -> None:
    one = await save_schedule(store, OLD, QUIZ)
    await store.plan_schedules([SchedulePlan(one, (due(),), NOON)])
    assert await store.plan_schedules([SchedulePlan(one, (due(),), TOMORROW)]) == 0
    assert len(await store.deliveries_on(OLD, TODAY)) == 1


async def test_a_date_past_its_grace_is_entered_as_skipped(store: Store, clock: Clock) -> None:
    one = await save_schedule(store, OLD, QUIZ)
    clock.at = NOON + GRACE + timedelta(seconds=1)
    assert await store.plan_schedules([SchedulePlan(one, (due(),), TOMORROW)]) == 0
    (row,) = await store.deliveries_on(OLD, TODAY)
    assert (row.state, row.reason) == (State.SKIPPED, "too late")


async def test_what_was_edited_or_switched_off_meanwhile_is_left_alone(store: Store) -> None:
    edited, off = await save_schedule(store, OLD, QUIZ), await save_schedule(store, OLD, PART)
    await store.save_schedule(replace(edited, edited_at=NOON))
    await store.save_schedule(replace(off, is_active=False))
    plans = [SchedulePlan(one, (due(),), TOMORROW) for one in (edited, off)]
    assert await store.plan_schedules(plans) == 0
    assert await store.deliveries_on(OLD, TODAY) == ()


async def test_what_waits_of_a_schedule_switched_off_is_skipped(store: Store) -> None:
    one = await save_schedule(store, OLD, QUIZ)
    await store.plan_schedules([SchedulePlan(one, (due(),), TOMORROW)])
    await store.save_schedule(replace(one, is_active=False))
    (row,) = await store.deliveries_on(OLD, TODAY)
    assert (row.state, row.reason) == (State.SKIPPED, "unsubscribed")


async def test_what_follows_a_part_that_was_sent_is_still_sent(store: Store) -> None:
    one = await save_schedule(store, OLD, QUIZ)
    await store.plan_schedules([SchedulePlan(one, (due(),), TOMORROW)])
    await settle_sent(store, await begin_one(store, parts=2), 1)
    await store.save_schedule(replace(one, is_active=False))
    rows = await store.deliveries_on(OLD, TODAY)
    assert [row.state for row in rows] == [State.SENT, State.DUE]


async def test_of_two_schedules_of_a_kind_the_old_chats_moves_and_the_other_is_given_up(
    store: Store,
) -> None:
    lost = await save_schedule(store, NEW, QUIZ)
    await store.plan_schedules([SchedulePlan(lost, (due(),), TOMORROW)])
    kept, board = [await save_schedule(store, OLD, kind) for kind in (QUIZ, ScheduleKind.BOARD)]
    part = await save_schedule(store, NEW, PART)
    await store.migrate_chat(OLD, NEW)
    wanted = [replace(one, chat_id=NEW) for one in (kept, board, part)]
    assert set(await store.schedules(NEW)) == set(wanted)
    (row,) = await store.deliveries_on(NEW, TODAY)
    assert (row.state, row.reason) == (State.SKIPPED, "the chat moved")


async def test_a_closed_topic_is_left_by_its_schedules(store: Store) -> None:
    one = await save_schedule(store, OLD, QUIZ, thread_id=5)
    await store.leave_topic(OLD, 5)
    assert await store.schedule(OLD, QUIZ) == replace(one, thread_id=None)


async def test_the_schedules_of_a_private_chat_are_forgotten_with_it(store: Store) -> None:
    await save_schedule(store, 7, PART)
    await store.forget_person(7)
    assert await store.schedules(7) == ()


async def test_a_briefing_names_the_chat_and_the_schedule(store: Store) -> None:
    one = await save_schedule(store, OLD, QUIZ)
    found = await store.schedule_briefings([one.id, one.id + 99])
    assert {id_: (of.chat.id, of.schedule) for id_, of in found.items()} == {one.id: (OLD, one)}
