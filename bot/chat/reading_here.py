"""What is read in a chat, and every change of it.

Here live finding the plan that a chat or a person has to do with, storing a change of it with
all that is then due, and following a group's plan in private. Commands are `reading_plans`,
buttons `reading_taps`; which part which day has is `study.reading_plan`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.model import (
    Answer,
    Chat,
    ChatKind,
    DayRule,
    Days,
    DeliveryKind,
    Member,
    PlanState,
    ReadingPlan,
    Schedule,
    ScheduleKind,
)
from bot.render import reading_plans as words
from bot.render.language import _
from bot.study import calendar, reading_plan

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Here:
    """What is read in a chat: its own plan, or a group's that it follows by `schedule`."""

    chat: Chat
    plan: ReadingPlan
    schedule: Schedule | None
    is_followed: bool


async def find_here(context: Context, chat: Chat) -> Here | None:
    """What is read in this chat; None where nothing is."""
    schedule = await context.store.schedule(chat.id, ScheduleKind.PART)
    own = await context.store.standing_plan(chat.id)
    if own is not None:
        return Here(chat, own, schedule, is_followed=False)
    followed = await context.store.followed_plan(chat.id)
    if followed is None or not followed.is_standing:
        return None
    return Here(chat, followed, schedule, is_followed=True)


async def find_reached(update: Update, context: Context, chat: Chat, plan_id: int) -> Here | None:
    """The plan that a button names; None where neither chat nor person has to do with it."""
    plan = await context.store.reading_plan(plan_id)
    if plan is None:
        return None
    schedule = await context.store.schedule(chat.id, ScheduleKind.PART)
    if plan.chat_id == chat.id:
        return Here(chat, plan, schedule, is_followed=False)
    user = update.effective_user
    if chat.kind is not ChatKind.PRIVATE or user is None:
        return None
    followed = await context.store.followed_plan(chat.id)
    is_following = followed is not None and followed.id == plan.id
    found = await context.store.plans_open_to(user.id)
    if not is_following and plan.id not in [one.id for _chat, one in found]:
        return None
    return Here(chat, plan, schedule if is_following else None, is_followed=True)


async def first_on(context: Context, chat: Chat, days: Days, at: time) -> date:
    """The first reading day whose time is ahead and which has had no part yet."""
    on = reading_plan.first_day(days, at, chat.zone, context.now())
    while any(
        row.kind is DeliveryKind.PART for row in await context.store.deliveries_on(chat.id, on)
    ):
        on = next(reading_plan.reading_days(days, on + _DAY))
    return on


async def save(context: Context, here: Here, plan: ReadingPlan) -> Here:
    """Store the chat's plan, and with it what is due to the chat and to all who follow."""
    now = context.now()
    own = reading_plan.schedule_of(plan, here.chat.zone, now)
    own = replace(own, grace=context.services.grace)
    others = [
        reading_plan.followed(one, plan, now) for one in await context.store.following(plan.id)
    ]
    saved = await context.store.save_reading_plan(plan, [own, *others])
    return replace(here, plan=saved, schedule=own)


async def switched(context: Context, here: Here, *, is_on: bool) -> Here:
    """The plan paused or going on; for who follows one, that alone. Said twice, done once."""
    now, plan, zone = context.now(), here.plan, here.chat.zone
    if here.is_followed:
        if here.schedule is None or here.schedule.is_active == is_on:
            return here
        after = reading_plan.followed(replace(here.schedule, is_active=is_on), plan, now)
        return replace(here, schedule=await context.store.save_schedule(after))
    if is_on and plan.state is PlanState.PAUSED:
        starts_on = await first_on(context, here.chat, plan.days, plan.at)
        return await save(context, here, reading_plan.begun(plan, starts_on, zone, now))
    if not is_on and plan.state is PlanState.ACTIVE:
        return await save(context, here, reading_plan.stopped(plan, PlanState.PAUSED, zone, now))
    return here


async def follow(
    update: Update, context: Context, chat: Chat, plan: ReadingPlan, at: time | None
) -> None:
    """Have this private chat follow the plan; followed already, only its time changes."""
    user, now = update.effective_user, context.now()
    own = await context.store.standing_plan(chat.id)
    if own is not None or user is None:
        await replies.reply(update, context, words.has_own(own) if own else words.nothing_here())
        return
    before = await find_here(context, chat)
    is_news = before is None or before.schedule is None or before.plan.id != plan.id
    if before is not None and before.schedule is not None and not is_news:
        schedule = replace(before.schedule, at=at or before.schedule.at, is_active=True)
        schedule = reading_plan.followed(schedule, plan, now)
    else:
        chat = await _where_the_group_is(context, chat, plan)
        made = Schedule(chat.id, ScheduleKind.PART, at or plan.at, chat.zone, date.min, now)
        schedule = reading_plan.followed(replace(made, grace=context.services.grace), plan, now)
        # A time of today that has passed is no reason to be sent something at once.
        first_on = calendar.first_push_on(schedule.at, chat.zone, now)
        if schedule.first_on < first_on:
            schedule = calendar.rescheduled(replace(schedule, first_on=first_on), now)
    await context.store.follow_plan(plan, Member(user.id, user.full_name), schedule)
    here = Here(chat, plan, schedule, is_followed=True)
    shown = await shown_of(update, context, here)
    await replies.reply(update, context, words.panel(shown, _(words.CONFIRMED)))


async def _where_the_group_is(context: Context, chat: Chat, plan: ReadingPlan) -> Chat:
    """The private chat, in the group's zone where the person has never had to do with one."""
    group = await context.store.chat(plan.chat_id)
    is_unsaid = chat.zone == context.services.default_zone
    if group is None or group.zone == chat.zone or not is_unsaid:
        return chat
    if await context.store.subscription(chat.id) is not None:
        return chat
    moved = replace(chat, zone=group.zone)
    await context.store.save_chat(moved)
    return moved


async def catch_up(update: Update, context: Context, here: Here) -> Answer:
    """What is still unread, to the person alone; in a group, all there is."""
    if here.chat.kind is not ChatKind.PRIVATE:
        given = reading_plan.given(here.plan, here.chat.zone, context.now())
        return words.every_part(here.plan, given)
    return words.catching_up(here.plan, await unread(update, context, here))


async def unread(update: Update, context: Context, here: Here) -> list[int]:
    """The parts that have come and the person has not read."""
    user = update.effective_user
    assert user is not None, "somebody asks"
    read = await context.store.parts_read_by(here.plan.id, user.id)
    given = await _given(context, here)
    return [number for number in range(1, given + 1) if number not in read]


async def _given(context: Context, here: Here) -> int:
    """How many parts have come: here, or to the group whose plan it is, whichever is more."""
    plan, now = here.plan, context.now()
    if not here.is_followed:
        return reading_plan.given(plan, here.chat.zone, now)
    group = await context.store.chat(plan.chat_id)
    there = reading_plan.given(plan, group.zone if group else here.chat.zone, now)
    if here.schedule is None:
        return there
    mine = replace(plan, at=here.schedule.at)
    return max(there, reading_plan.given(mine, here.schedule.zone, now))


async def shown_of(update: Update, context: Context, here: Here) -> words.Shown:
    """Where the plan stands, as this chat, and in private the person, sees it."""
    plan, user = here.plan, update.effective_user
    own = here.schedule if here.is_followed else None
    zone = own.zone if own is not None else here.chat.zone
    given, last_on = await _given(context, here), reading_plan.last_on(plan)
    at = own.at if own is not None else plan.at
    next_at = None
    if given < len(plan.parts) and plan.state is not PlanState.PAUSED:
        next_at = calendar.moment(reading_plan.date_of(plan, given + 1), at, zone)
    read = await context.store.parts_read(plan.id)
    mine: frozenset[int] | None = None
    if here.chat.kind is ChatKind.PRIVATE and user is not None:
        mine = await context.store.parts_read_by(plan.id, user.id)
    return words.Shown(
        plan=plan,
        at=at,
        zone=zone,
        today=calendar.local_date(context.now(), zone),
        given=given,
        last_on=last_on,
        next_at=next_at,
        read=read.get(given, 0),
        mine=mine,
        is_guessing=plan.days.rule is DayRule.WORKDAYS
        and last_on > calendar.workdays_known_until(),
        is_followed=here.is_followed,
        is_resting=own is not None and not own.is_active,
    )


def link_to(context: Context, what: str, plan: ReadingPlan) -> str:
    """A link into the private chat: it names the plan, and proves that somebody was given it."""
    return replies.private_link(context, f"{what}_{plan.id}-{plan.uid[:8]}")
