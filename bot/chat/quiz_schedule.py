"""The quiz that comes by itself: `/quiz 每周五 20:00 3题`, and `/quiz 停`.

Here lives how a wish changes the chat's schedule. What a line means is `study.quiz_words`,
when it comes due `study.calendar`; only administrators change it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Final

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.chat.rights import may_change
from bot.errors import StudyWordError
from bot.model import Chat, Schedule, ScheduleKind
from bot.render import quiz as words
from bot.render import refusals
from bot.render.settings import word_refused
from bot.study import calendar
from bot.study.quiz_words import QuizWish, no_day, read_wish

_STOP: Final = ("停", "停止", "停掉", "关", "关闭", "取消", "關", "關閉", "stop", "off")
_AT: Final = time(20)


def is_stop(text: str) -> bool:
    """True for the words that end the schedule."""
    return text.casefold() in _STOP


async def set_up(update: Update, context: Context, text: str) -> None:
    """Start the chat's schedule, or change one that runs, and read it back."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    before = await context.store.schedule(chat.id, ScheduleKind.QUIZ)
    try:
        wish = read_wish(text)
        if wish.days is None and before is None:
            raise no_day()
    except StudyWordError as error:
        await replies.reply(update, context, word_refused(refusals.sentence(error)))
        return
    after = _wished(update, context, chat, before, wish)
    saved = await context.store.save_schedule(after)
    if wish.questions is not None:
        await context.store.save_quiz_size(chat.id, wish.questions)
    standing = words.Standing(
        schedule=saved,
        questions=await context.store.quiz_size(chat.id),
        today=context.today(chat),
        next_at=calendar.next_due(saved, context.now()),
    )
    await replies.reply(update, context, words.scheduled(standing))


async def stop(update: Update, context: Context) -> None:
    """Switch the schedule off; what it asked, and how, is kept."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    before = await context.store.schedule(chat.id, ScheduleKind.QUIZ)
    was_active = before is not None and before.is_active
    if before is not None and was_active:
        off = replace(before, is_active=False, edited_at=context.now(), next_due_at=None)
        await context.store.save_schedule(off)
    await replies.reply(update, context, words.stopped(was_active=was_active))


def _wished(
    update: Update, context: Context, chat: Chat, before: Schedule | None, wish: QuizWish
) -> Schedule:
    """The schedule as the words want it; what they do not say stays.

    While time, days and zone stay, the clock's next look stays too: a quiz that has just come
    due and is not yet planned must not be passed over.
    """
    now = context.now()
    at = wish.at or (before.at if before else _AT)
    new = Schedule(
        chat_id=chat.id,
        kind=ScheduleKind.QUIZ,
        at=at,
        zone=chat.zone,
        first_on=calendar.first_push_on(at, chat.zone, now),
        edited_at=now,
        grace=context.services.grace,
    )
    after = replace(before or new, at=at, zone=chat.zone, is_active=True)
    after = replace(after, days=wish.days or after.days, thread_id=replies.thread_of(update))
    if before is not None and before.is_active:
        is_moved = (before.at, before.zone, before.days) != (after.at, after.zone, after.days)
        return calendar.rescheduled(after, now) if is_moved else after
    return calendar.rescheduled(replace(after, first_on=new.first_on), now)
