"""The weekly board (周榜): administrators have it sent, and members keep out of it if they like.

Here lives what the words behind `/checkin 周榜` and `/checkin 上榜` do. When it comes is a
schedule; what it says is `render.weekly`, made by `delivery.weekly`.

Two consents stand behind a name on it. The group's: nothing is sent until an administrator
asks for it, and the answer, which all members see, says that names will be shown and how to
keep one's own out. The person's: whoever checks in here is listed unless they say 不上榜, once,
in the group. Asking everybody to say 上榜 first was considered and left: the names are those
of people who tapped a button in front of the same members, nobody who did not check in is
ever named, and a board that begins empty stays empty.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Final

from telegram import Message, Update

from bot.chat import replies
from bot.chat.context import Context
from bot.chat.rights import may_change
from bot.errors import StudyWordError
from bot.model import Chat, ChatKind, DayRule, Days, Member, Schedule, ScheduleKind
from bot.render import refusals
from bot.render import weekly as words
from bot.render.check_ins import not_named
from bot.study import calendar
from bot.study.words import read_days, read_time

_EXAMPLE: Final = "/checkin 周榜 周日 20:00"
_DEFAULT_DAY: Final = Days(DayRule.WEEKDAYS, frozenset({7}))
_DEFAULT_AT: Final = time(20)
_GRACE: Final = timedelta(hours=12)  # a week's board is still good the next morning

_BOARD: Final = re.compile(r"(?:周榜|週榜|每周榜)\s*(?P<rest>.*)", re.S)
_DAY: Final = re.compile(
    r"(?P<day>每?(?:周|週|星期|礼拜|禮拜)[一二三四五六日天1-7])(?P<at>.*)", re.S
)
_OFF: Final = ("关", "關", "关闭", "停", "停止", "不要", "off")
_ON: Final = ("开", "開", "开启", "on")
_LISTING: Final = {"上榜": True, "不上榜": False}


def is_about_board(text: str) -> bool:
    """True for 周榜 and what stands behind it, for 上榜 and 不上榜."""
    return text in _LISTING or _BOARD.fullmatch(text) is not None


async def board(update: Update, context: Context, text: str) -> None:
    """Do what such a text wants."""
    chat = await context.meet(update)
    if chat.kind is ChatKind.PRIVATE:
        await replies.reply(update, context, words.only_in_groups())
    elif text in _LISTING:
        await _list(update, context, chat, is_listed=_LISTING[text])
    else:
        match = _BOARD.fullmatch(text)
        assert match is not None, "is_about_board has been asked"
        await _schedule(update, context, chat, match["rest"].strip())


async def _list(update: Update, context: Context, chat: Chat, *, is_listed: bool) -> None:
    message, user = update.effective_message, update.effective_user
    if user is None or not isinstance(message, Message) or message.sender_chat is not None:
        await replies.reply(update, context, not_named())
        return
    member = Member(user.id, user.full_name)
    await context.store.list_member(chat.id, member, is_listed=is_listed)
    await replies.reply(update, context, words.listed(user.full_name, is_listed=is_listed))


async def _schedule(update: Update, context: Context, chat: Chat, text: str) -> None:
    """The board's schedule as it is, or as the words want it."""
    before = await context.store.schedule(chat.id, ScheduleKind.BOARD)
    if not text:
        next_at = calendar.next_due(before, context.now()) if before is not None else None
        await replies.reply(update, context, words.state(before, next_at, context.today(chat)))
        return
    if not await may_change(update, context):
        return
    if text in _OFF:
        if before is not None and before.is_active:
            await context.store.save_schedule(replace(before, is_active=False, next_due_at=None))
        await replies.reply(update, context, words.switched_off())
        return
    try:
        days, at = _read(text)
    except StudyWordError as error:
        await replies.reply(update, context, words.refused(refusals.sentence(error)))
        return
    saved = await context.store.save_schedule(
        _wished(update, context, chat, before or _blank(context, chat, at), days, at)
    )
    next_at = calendar.next_due(saved, context.now())
    await replies.reply(update, context, words.switched_on(saved, next_at, context.today(chat)))


def _blank(context: Context, chat: Chat, at: time) -> Schedule:
    now = context.now()
    first_on = calendar.first_push_on(at, chat.zone, now)
    return Schedule(
        chat.id, ScheduleKind.BOARD, at, chat.zone, first_on, edited_at=now, grace=_GRACE
    )


def _wished(
    update: Update, context: Context, chat: Chat, schedule: Schedule, days: Days, at: time
) -> Schedule:
    """The schedule as it is to be: on, here, on that day of the week at that time."""
    now = context.now()
    wished = replace(
        schedule,
        at=at,
        zone=chat.zone,
        days=days,
        thread_id=replies.thread_of(update),
        is_active=True,
    )
    if not schedule.is_active:
        wished = replace(wished, first_on=calendar.first_push_on(at, chat.zone, now))
    return calendar.rescheduled(wished, now)


def _read(text: str) -> tuple[Days, time]:
    """The day of the week and the time of `周日 20:00`; what is not said is Sunday at 20:00.

    Raises StudyWordError for anything else.
    """
    if text in _ON:
        return _DEFAULT_DAY, _DEFAULT_AT
    match = _DAY.fullmatch(text)
    days = read_days(match["day"]) if match else _DEFAULT_DAY
    said = (match["at"] if match else text).strip(" ，,")
    if len(days.weekdays) != 1:
        raise StudyWordError("周榜一周一次，请写是周几。可以这样写：{example}", _EXAMPLE)
    return days, read_time(said) if said else _DEFAULT_AT
