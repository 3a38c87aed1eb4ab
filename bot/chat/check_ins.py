"""Daily check-ins (打卡): the button under each push, `/checkin`, and a month as a picture.

Here lives what a tap or a word does. Each is for the chat's local date at that moment, under
whatever day's push it was; what a streak is stands in `study.streaks`, the weekly board in
`chat.weekly`. Groups and private chats count for themselves; in private a person sees
all of their own.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from telegram import Message, Update, User

from bot.chat import pictures, replies, weekly
from bot.chat.context import Context
from bot.chat.records import read_month
from bot.chat.why import read_day
from bot.errors import QueryError
from bot.model import Card, Chat, ChatKind, Habit, Member, Month, Streak
from bot.render import check_ins as words
from bot.render import heatmap, results
from bot.render.callbacks import CheckIn, ShowMonth
from bot.study import calendar
from bot.study.streaks import StudyDays, in_month, streak

_LONGEST: Final = 40  # characters of a month or a wish
_THIS_MONTH: Final = ("本月", "这个月", "這個月", "month", "this month")
_EXAMPLE: Final = "/checkin 11月"
_ONE_DAY: Final = timedelta(days=1)


async def tapped(update: Update, context: Context, action: CheckIn) -> None:
    """今天打卡 under a push: noted at once, shown when the message may be edited."""
    chat = await context.meet(update)
    user, message = update.effective_user, update.effective_message
    assert user is not None, "somebody tapped"
    assert message is not None, "a button stands under a message"
    today = context.today(chat)
    tapped_on = message.message_id if action.pushed_on == today else None
    is_news, now = await _check_in(context, chat, user, today, tapped_on)
    notice = words.notice(now, is_news=is_news, today=today, pushed_on=action.pushed_on)
    await replies.acknowledge(update, notice)


async def check_in(update: Update, context: Context, text: str) -> None:
    """`/checkin`: for today; with a month after it that month; or a wish about the board."""
    if len(text) > _LONGEST:
        await replies.reply(update, context, words.not_understood(text))
        return
    if weekly.is_about_board(text):
        await weekly.board(update, context, text)
        return
    chat = await context.meet(update)
    today = context.today(chat)
    if not text:
        await _answer_check_in(update, context, chat)
        return
    try:
        first_on, day = _month(text, today), read_day(text, today)
    except QueryError as error:
        await replies.reply(update, context, results.refused(error.with_example(_EXAMPLE), {}))
        return
    if first_on is not None:
        await _show(update, context, chat, first_on)
    elif day == today:
        await _answer_check_in(update, context, chat)
    else:
        answer = words.only_today() if day is not None else words.not_understood(text)
        await replies.reply(update, context, answer)


async def month_pressed(update: Update, context: Context, action: ShowMonth) -> None:
    """A button for a month, answered anew."""
    await _show(update, context, await context.meet(update), action.first_on)


def is_about_check_ins(context: Context, text: str) -> bool:
    """True when what follows 打卡 is nothing, a month, a day, or a wish about the weekly board."""
    if not text or weekly.is_about_board(text):
        return True
    today = context.now().date()
    try:
        is_short = len(text) <= _LONGEST
        return is_short and (_month(text, today) or read_day(text, today)) is not None
    except QueryError:
        return True


def _month(text: str, today: date) -> date | None:
    """The first day of the month that is meant; None for anything else.

    Raises QueryError for what the calendar does not have.
    """
    return today.replace(day=1) if text in _THIS_MONTH else read_month(text, today)


# ------------------------------------------------------------------------ checking in


async def _answer_check_in(update: Update, context: Context, chat: Chat) -> None:
    message, user = update.effective_message, update.effective_user
    is_named = isinstance(message, Message) and message.sender_chat is None
    if user is None or not is_named:
        await replies.reply(update, context, words.not_named())
        return
    assert isinstance(message, Message)
    # What was sent before midnight belongs to that day, however late it is answered.
    today = calendar.local_date(min(message.date, context.now()), chat.zone)
    is_news, now = await _check_in(context, chat, user, today)
    dates = await context.store.check_ins_of(chat.id, user.id)
    first_on = today.replace(day=1)
    this_month = len(in_month(dates, first_on))
    answer = (
        words.done(now, is_news=is_news, this_month=this_month, first_on=first_on)
        if chat.kind is ChatKind.PRIVATE
        else words.done_briefly(user.full_name, now, is_news=is_news, this_month=this_month)
    )
    await replies.reply(update, context, answer)


async def _check_in(
    context: Context, chat: Chat, user: User, today: date, tapped_on: int | None = None
) -> tuple[bool, Streak]:
    """Note it; whether it is news, and the streak with it. Groups are shown one more."""
    member = Member(user.id, user.full_name)
    is_news = await context.store.check_in_for_day(chat, member, today, tapped_on)
    if is_news:
        context.services.wake_boards()
    dates = await context.store.check_ins_of(chat.id, user.id)
    days = StudyDays(*await context.store.study_days(chat.id))
    return is_news, streak(dates, today, days)


# ---------------------------------------------------------------------------- a month


async def _show(update: Update, context: Context, chat: Chat, first_on: date) -> None:
    today = context.today(chat)
    is_group = chat.kind is not ChatKind.PRIVATE
    if first_on > today:
        await replies.reply(update, context, words.not_yet(first_on))
        return
    if is_group:
        last_on = first_on + 31 * _ONE_DAY
        counts = await context.store.check_in_counts(chat.id, first_on, last_on)
        month = Month(first_on, today, {on: counts[on] for on in in_month([*counts], first_on)})
        told = words.group_month(month) if month.counts else None
    else:
        month, habits = await _own(context, chat, first_on)
        told = words.own_month(month, habits) if month.counts else None
    if told is None:
        await replies.reply(update, context, words.nothing(first_on, is_group=is_group))
        return
    font = context.services.font
    if font is not None:
        sheet = words.sheet(month, is_group=is_group, is_dark=await _is_dark(context, chat))
        draw = partial(heatmap.draw, sheet, font)
        # No note is made of a person's own picture: there is nothing to forget.
        made_from, of = f"{heatmap.STYLE}\n{sheet}", f"{chat.id}\n{first_on}"
        kept = pictures.kept_as(context, "month", of, made_from) if is_group else None
        if await pictures.show(update, context, told, draw, kept):
            return
    await replies.reply(update, context, told)


async def _own(context: Context, chat: Chat, first_on: date) -> tuple[Month, list[Habit]]:
    """A person's month in all chats, whose private chat this is; most days first."""
    today = context.today(chat)
    habits, every = [], set()
    # A private chat's id is the person's own.
    for where, dates in await context.store.check_ins_everywhere(chat.id):
        days = in_month(dates, first_on)
        if not days:
            continue
        every |= {*days}
        there = context.today(where)
        study_days = StudyDays(*await context.store.study_days(where.id))
        kept_up = streak(dates, there, study_days)
        title = "" if where.kind is ChatKind.PRIVATE else where.title
        habits.append(Habit(title, len(days), kept_up))
    ordered = sorted(habits, key=lambda one: -one.days)
    return Month(first_on, today, dict.fromkeys(sorted(every), 1)), ordered


async def _is_dark(context: Context, chat: Chat) -> bool:
    """The theme of the chat's cards; dark where it has none, as charts are."""
    subscription = await context.store.subscription(chat.id)
    return subscription is None or subscription.card in (Card.DARK, Card.NONE)
