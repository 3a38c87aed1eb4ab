"""Reading plans as they are stored: parts read, followed in private, moved and forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.errors import StoreError
from bot.model import (
    ChatKind,
    Choice,
    DayRule,
    Days,
    Member,
    PlanState,
    ReadingPlan,
    ScheduleKind,
    State,
)
from bot.store import SchedulePlan, Store
from bot.study import reading_plan
from tests.ledger import begin, settle_sent
from tests.store.conftest import LEASE, NOON, TODAY, claim_one, due

OLD, NEW = -100, -1001
WANG, LI = Member(7, "小王"), Member(8, "小李")
DAY = timedelta(days=1)
PART = ScheduleKind.PART


async def save_plan(store: Store, chat_id: int, **fields: Any) -> ReadingPlan:
    """An active plan of a chat that is met for it, due at noon, with its schedule."""
    await store.meet_chat(chat_id, ChatKind.SUPERGROUP, f"chat {chat_id}", "UTC")
    made = ReadingPlan(
        chat_id=chat_id,
        title="书",
        parts=(("a.0", "a.1"), ("a.2",), ("b.0",)),
        weeks=1,
        at=time(12),
        starts_on=TODAY,
        edited_at=NOON - DAY,
        thread_id=5,
        days=Days(DayRule.WORKDAYS),
    )
    draft = await store.save_reading_plan(replace(made, **fields))
    active = draft.in_state(PlanState.ACTIVE)
    schedule = reading_plan.schedule_of(active, "UTC", NOON - DAY)
    return await store.save_reading_plan(active, [schedule])


async def follow(store: Store, plan: ReadingPlan, member: Member = WANG) -> None:
    """The person follows the plan in private, at nine in the evening."""
    await store.meet_chat(member.user_id, ChatKind.PRIVATE, member.name, "UTC")
    own = reading_plan.schedule_of(plan, "UTC", NOON - DAY)
    own = replace(own, chat_id=member.user_id, at=time(21), thread_id=None)
    await store.follow_plan(plan, member, own)


async def send_part(store: Store, plan: ReadingPlan, part: int, message_id: int) -> None:
    """Today's message of the chat, sent, shows this part."""
    schedule = await store.schedule(plan.chat_id, PART)
    assert schedule is not None
    await store.plan_schedules([SchedulePlan(schedule, (due(),), None)])
    choice = Choice(section_id=plan.parts[part - 1][0])
    begun = await begin(store, await claim_one(store), choice, parts=1)
    assert begun is not None
    await settle_sent(store, begun, message_id)


# --------------------------------------------------------------------------------- plans


async def test_a_plan_comes_back_as_it_was_stored(store: Store) -> None:
    one = await save_plan(store, OLD)
    assert one.id > 0
    assert one.uid
    assert await store.reading_plan(one.id) == one
    assert await store.standing_plan(OLD) == one
    schedule = await store.schedule(OLD, PART)
    assert schedule is not None
    assert (schedule.first_on, schedule.next_due_at) == (TODAY, NOON)


async def test_a_chat_that_was_never_met_has_no_plan(store: Store) -> None:
    one = await save_plan(store, OLD)
    with pytest.raises(StoreError, match="met"):
        await store.save_reading_plan(replace(one, id=0, chat_id=-5))


async def test_a_draft_takes_the_place_of_the_draft_before_and_of_nothing_else(
    store: Store,
) -> None:
    standing = await save_plan(store, OLD)
    drafts = [
        await store.save_reading_plan(replace(standing, id=0, uid="", state=PlanState.DRAFT))
        for _ in range(2)
    ]
    assert await store.reading_plan(drafts[0].id) is None
    assert await store.reading_plan(drafts[1].id) == drafts[1]
    assert await store.standing_plan(OLD) == standing


async def test_a_plan_made_active_ends_the_chats_other_one_and_its_following(
    store: Store,
) -> None:
    first = await save_plan(store, OLD)
    await follow(store, first)
    second = await save_plan(store, OLD)
    assert await store.standing_plan(OLD) == second
    ended = await store.reading_plan(first.id)
    assert ended == first.in_state(PlanState.ENDED)
    assert await store.followed_plan(WANG.user_id) is None
    own = await store.schedule(WANG.user_id, PART)
    assert own is not None
    assert (own.is_active, own.next_due_at) == (False, None)
    assert await store.schedule(OLD, PART) is not None


async def test_a_closed_topic_is_left_by_the_plan_too(store: Store) -> None:
    one = await save_plan(store, OLD)
    await store.leave_topic(OLD, 5)
    assert await store.standing_plan(OLD) == replace(one, thread_id=None)


async def test_what_waits_of_an_ended_plan_is_skipped_everywhere(store: Store) -> None:
    one = await save_plan(store, OLD)
    await follow(store, one)
    for chat_id in (OLD, WANG.user_id):
        schedule = await store.schedule(chat_id, PART)
        assert schedule is not None
        await store.plan_schedules([SchedulePlan(schedule, (due(),), None)])
    ended = one.in_state(PlanState.ENDED)
    off = reading_plan.schedule_of(ended, "UTC", NOON)
    await store.save_reading_plan(ended, [off])
    for chat_id in (OLD, WANG.user_id):
        (row,) = await store.deliveries_on(chat_id, TODAY)
        assert (row.state, row.reason) == (State.SKIPPED, "unsubscribed")
    assert await store.standing_plan(OLD) is None


# ---------------------------------------------------------------------------- parts read


async def test_a_part_read_twice_is_noted_once(store: Store) -> None:
    one = await save_plan(store, OLD)
    told = [await store.note_part_read(one, 1, WANG) for _ in range(2)]
    told.append(await store.note_part_read(one, 1, LI))
    await store.note_part_read(one, 3, WANG)
    assert told == [True, False, True]
    assert await store.parts_read(one.id) == {1: 2, 3: 1}
    assert await store.parts_read_by(one.id, WANG.user_id) == {1, 3}


async def test_who_has_read_a_part_is_in_the_groups_roster(store: Store) -> None:
    one = await save_plan(store, OLD)
    await store.note_part_read(one, 1, WANG)
    assert await store.members(OLD) == (WANG,)
    ((chat, plan),) = await store.plans_open_to(WANG.user_id)
    assert (chat.id, plan) == (OLD, one)
    assert await store.plans_open_to(LI.user_id) == ()


async def test_the_message_of_a_part_is_behind_when_somebody_has_read_it(store: Store) -> None:
    one = await save_plan(store, OLD)
    await send_part(store, one, 1, 77)
    await store.note_part_read(one, 1, WANG)
    await store.note_part_read(one, 2, WANG)  # of which there is no message yet
    (board,) = await store.boards_behind(10)
    assert (board.message_id, board.plan_id, board.part, board.pushed_on, board.changes) == (
        77,
        one.id,
        1,
        TODAY,
        1,
    )


async def test_a_message_from_before_a_move_is_not_edited(store: Store) -> None:
    one = await save_plan(store, OLD)
    await send_part(store, one, 1, 77)
    await store.migrate_chat(OLD, NEW)
    moved = await store.standing_plan(NEW)
    assert moved is not None
    await store.note_part_read(moved, 1, WANG)
    assert await store.boards_behind(10) == ()


# ------------------------------------------------------------------------------ following


async def test_who_follows_is_in_the_roster_and_has_a_schedule(store: Store) -> None:
    one = await save_plan(store, OLD)
    for _ in range(2):
        await follow(store, one)
    assert await store.followed_plan(WANG.user_id) == one
    assert await store.members(OLD) == (WANG,)
    (own,) = await store.following(one.id)
    assert (own.chat_id, own.at) == (WANG.user_id, time(21))


async def test_who_follows_no_more_gets_nothing(store: Store) -> None:
    one = await save_plan(store, OLD)
    await follow(store, one)
    await store.leave_plan(WANG.user_id)
    assert await store.followed_plan(WANG.user_id) is None
    assert await store.following(one.id) == ()
    own = await store.schedule(WANG.user_id, PART)
    assert own is not None
    assert not own.is_active


async def test_a_briefing_is_of_the_chats_own_plan_or_of_the_one_it_follows(
    store: Store,
) -> None:
    one = await save_plan(store, OLD)
    await follow(store, one)
    await store.note_part_read(one, 1, LI)
    schedules = [await store.schedule(chat_id, PART) for chat_id in (OLD, WANG.user_id)]
    ids = [schedule.id for schedule in schedules if schedule is not None]
    found = await store.part_briefings(ids)
    assert [(found[id_].chat.id, found[id_].plan) for id_ in ids] == [(OLD, one), (7, one)]
    assert {id_: dict(of.read) for id_, of in found.items()} == {id_: {1: 1} for id_ in ids}


# ------------------------------------------------------------------ moving and forgetting


async def test_of_two_plans_of_a_moved_chat_the_old_ones_goes_on(store: Store) -> None:
    lost, kept = await save_plan(store, NEW), await save_plan(store, OLD)
    await follow(store, kept)
    await store.note_part_read(kept, 1, LI)
    await store.migrate_chat(OLD, NEW)
    assert await store.standing_plan(NEW) == replace(kept, chat_id=NEW)
    assert await store.reading_plan(lost.id) == lost.in_state(PlanState.ENDED)
    assert await store.parts_read(kept.id) == {1: 1}
    assert await store.followed_plan(WANG.user_id) == replace(kept, chat_id=NEW)


async def test_a_person_who_is_forgotten_has_read_and_follows_nothing(store: Store) -> None:
    one = await save_plan(store, OLD)
    await follow(store, one)
    await send_part(store, one, 1, 77)
    for member in (WANG, LI):
        await store.note_part_read(one, 1, member)
    (board,) = await store.boards_behind(10)
    assert (await store.known_of(WANG.user_id)).parts == 1
    await store.forget_person(WANG.user_id)
    assert (await store.known_of(WANG.user_id)).is_nothing
    assert await store.parts_read(one.id) == {1: 1}
    assert await store.following(one.id) == ()
    (again,) = await store.boards_behind(10)
    assert again.changes == board.changes + 1


async def test_a_private_chats_own_plan_is_forgotten_with_it(store: Store) -> None:
    one = await save_plan(store, WANG.user_id)
    await store.note_part_read(one, 1, WANG)
    await store.forget_person(WANG.user_id)
    assert await store.reading_plan(one.id) is None
    assert await store.claim("first", 10, LEASE) == ()
