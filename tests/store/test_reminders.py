"""Reminders and attendance as they are stored, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.errors import StoreError
from bot.model import (
    Change,
    Coming,
    Due,
    Member,
    Notice,
    NoticeDue,
    NoticeRole,
    Reminder,
    ReminderState,
    State,
)
from bot.store import ReminderPlan, Store
from tests.clock import Clock
from tests.store.conftest import GRACE
from tests.store.reminding import FRIDAY, LEAD, OCCURRENCE, STARTS_AT, save_reminder

CHAT = -1001
WANG, LI = Member(7, "小王"), Member(8, "小李")
HOUR = timedelta(hours=1)


def plan(one: Reminder) -> ReminderPlan:
    notice = one.notices[0]
    due = NoticeDue(notice, OCCURRENCE, Due(FRIDAY, STARTS_AT, STARTS_AT + GRACE))
    return ReminderPlan(one, (due,), STARTS_AT + timedelta(days=7))


async def test_a_reminder_comes_back_as_it_was_stored(store: Store) -> None:
    one = await save_reminder(
        store,
        CHAT,
        place="三楼",
        theme="脑机接口",
        thread_id=5,
        changes=(Change(FRIDAY), Change(FRIDAY, date(2026, 12, 1), time(9, 30))),
        lasts=timedelta(minutes=90),
    )
    assert one.id > 0
    assert one.uid
    assert await store.reminder(one.id) == one
    assert await store.reminders(CHAT) == (one,)


async def test_a_chat_that_was_never_met_has_no_reminder(store: Store) -> None:
    one = await save_reminder(store, CHAT)
    with pytest.raises(StoreError, match="met"):
        await store.save_reminder(replace(one, id=0, chat_id=-5))


async def test_notices_keep_their_ids_through_an_edit(store: Store) -> None:
    one = await save_reminder(store, CHAT)
    earlier = Notice(NoticeRole.LEAD, -HOUR)
    edited = await store.save_reminder(replace(one, notices=(earlier, LEAD)))
    assert edited.notices[1] == one.notices[0]
    assert edited.notices[0].id not in (0, edited.notices[1].id)
    back = await store.save_reminder(replace(edited, notices=(LEAD,)))
    assert back.notices == one.notices


async def test_only_what_is_due_and_active_is_looked_at(store: Store) -> None:
    one = await save_reminder(store, CHAT)
    await save_reminder(store, -1002, state=ReminderState.PAUSED)
    await save_reminder(store, -1003, next_due_at=STARTS_AT + HOUR)
    gone = await save_reminder(store, -1004)
    await store.deactivate_chat(gone.chat_id, "kicked")
    assert await store.due_reminders(STARTS_AT, 10) == (one,)
    await store.activate_chat(gone.chat_id)
    assert await store.due_reminders(STARTS_AT, 10) == (one, gone)


async def test_planning_twice_enters_once(store: Store, clock: Clock) -> None:
    one = await save_reminder(store, CHAT)
    clock.at = STARTS_AT
    assert await store.plan_reminders([plan(one)]) == 1
    assert await store.plan_reminders([plan(one)]) == 0
    again = await store.reminder(one.id)
    assert again is not None
    assert await store.plan_reminders([plan(again)]) == 0
    (row,) = await store.deliveries_on(CHAT, FRIDAY)
    assert (row.subject_id, row.state) == (one.notices[0].id, State.DUE)


async def test_what_was_edited_since_it_was_read_is_not_planned(store: Store, clock: Clock) -> None:
    one = await save_reminder(store, CHAT)
    await store.save_reminder(replace(one, edited_at=one.edited_at + HOUR))
    clock.at = STARTS_AT
    assert await store.plan_reminders([plan(one)]) == 0


async def test_pausing_skips_what_waits(store: Store, clock: Clock) -> None:
    one = await save_reminder(store, CHAT)
    clock.at = STARTS_AT
    await store.plan_reminders([plan(one)])
    await store.save_reminder(replace(one, state=ReminderState.PAUSED, next_due_at=None))
    (row,) = await store.deliveries_on(CHAT, FRIDAY)
    assert row.state is State.SKIPPED


async def test_a_new_draft_replaces_the_older_one_alone(store: Store) -> None:
    active = await save_reminder(store, CHAT)
    draft = await save_reminder(store, CHAT, state=ReminderState.DRAFT)
    newer = await save_reminder(store, CHAT, state=ReminderState.DRAFT)
    assert await store.reminder(draft.id) is None
    assert await store.reminder(newer.id) == newer
    assert await store.reminders(CHAT) == (active,)


async def test_a_person_answers_once_however_often(store: Store) -> None:
    one = await save_reminder(store, CHAT)
    assert await store.say_coming(one, OCCURRENCE, WANG, Coming.YES, 1)
    assert not await store.say_coming(one, OCCURRENCE, WANG, Coming.YES, 1)
    assert await store.say_coming(one, OCCURRENCE, WANG, Coming.NO, 1)
    assert await store.check_in(one, OCCURRENCE, WANG, 1)
    assert not await store.check_in(one, OCCURRENCE, WANG, 1)
    (who,) = await store.attendees(one.id, OCCURRENCE)
    assert (who.member, who.coming, who.has_come) == (WANG, Coming.NO, True)


async def test_a_board_is_taken_by_one_and_rests_from_the_end_of_the_edit(
    store: Store, clock: Clock
) -> None:
    one = await save_reminder(store, CHAT)
    await store.say_coming(one, OCCURRENCE, WANG, Coming.YES, 1)
    (behind,) = await store.boards_behind(10)
    rest = timedelta(seconds=3)
    taken = await store.take_board(behind, rest)
    assert taken is not None
    assert await store.take_board(behind, rest) is None
    await store.say_coming(one, OCCURRENCE, LI, Coming.YES, 1)
    clock.advance(seconds=2)  # an edit that takes long
    await store.settle_board(taken, rest)
    (still,) = await store.boards_behind(10)  # 小李 came in between
    assert (still.shown, still.changes) == (1, 2)
    clock.advance(seconds=2)
    assert await store.take_board(still, rest) is None
    clock.advance(seconds=1)
    last = await store.take_board(still, rest)
    assert last is not None
    await store.settle_board(last, rest)
    assert await store.boards_behind(10) == ()


async def test_a_person_is_forgotten_and_the_others_stay(store: Store) -> None:
    one = await save_reminder(store, CHAT)
    for member in (WANG, LI):
        await store.say_coming(one, OCCURRENCE, member, Coming.YES, 1)
    private = await save_reminder(store, WANG.user_id)
    await store.say_coming(private, OCCURRENCE, LI, Coming.YES, 2)
    known = await store.known_of(WANG.user_id)
    assert (known.groups, known.sessions, known.has_chat) == (1, 1, True)
    await store.forget_person(WANG.user_id)
    assert (await store.known_of(WANG.user_id)).is_nothing
    assert await store.members(CHAT) == (LI,)
    assert await store.reminder(private.id) is None
    await store.forget_person(WANG.user_id)


async def test_a_chat_is_taken_in_once(store: Store) -> None:
    one = await save_reminder(store, CHAT)
    await store.check_in(one, OCCURRENCE, WANG, 1)
    archive = await store.export_chat(CHAT)
    other = await save_reminder(store, -1002)
    fresh = [replace(archive.reminders[0], id=0)]
    first = await store.import_chat(-1002, archive, None, fresh)
    assert (first.reminders, first.members, first.sessions, first.attendances) == (1, 1, 1, 1)
    again = await store.import_chat(-1002, archive, None, fresh)
    assert (again.reminders, again.members, again.sessions, again.attendances) == (0, 0, 0, 0)
    assert other in await store.reminders(-1002)
