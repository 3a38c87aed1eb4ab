"""`/why [date]`: what happened to the push of a day, from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.chat.remembered import remember_texts
from bot.errors import QueryError
from bot.model import (
    Answer,
    Chat,
    DateRange,
    Delivery,
    DeliveryKind,
    Notice,
    Reminder,
    YearlyDate,
)
from bot.render import results
from bot.render import why as words
from bot.search.dates import scan
from bot.store import Store
from bot.study import calendar

_LONGEST_DATE = 40  # characters, of one day in any spelling
# The grammar of dates is Chinese; these are for those whom the bot answers in English.
_ENGLISH = {"yesterday": -1, "today": 0, "tomorrow": 1}


async def why(update: Update, context: Context, text: str) -> None:
    """The story of one day's push; of today's without a date."""
    chat = await context.meet(update)
    today = context.today(chat)
    try:
        on = read_day(text, today) if text else today
    except QueryError as error:
        ids = await remember_texts(context, [error.example])
        await replies.reply(update, context, results.refused(error, ids))
        return
    answer = words.not_a_day(text) if on is None else await _story(context, chat, on)
    await replies.reply(update, context, answer)


def is_about_a_day(context: Context, text: str) -> bool:
    """True when what follows 为什么 is nothing, or one date, possible or not."""
    try:
        return not text or read_day(text, context.now().date()) is not None
    except QueryError:
        return True


def read_day(text: str, today: date) -> date | None:
    """The one day this text names, and nothing else in it; None for anything else.

    A day without a year is the one nearest to `today`. Raises QueryError for an
    impossible date.
    """
    text = text.strip()
    if len(text) > _LONGEST_DATE:
        return None
    if text.casefold() in _ENGLISH:
        return today + timedelta(days=_ENGLISH[text.casefold()])
    spans = scan(text, today)
    if len(spans) != 1 or text[: spans[0].start].strip() or text[spans[0].end :].strip():
        return None
    match spans[0].when:
        case (DateRange(start, end),) if start is not None and start == end:
            return start
        case (YearlyDate(month, day),) if day is not None:
            return _nearest(month, day, today)
        case _:
            return None


def _nearest(month: int, day: int, today: date) -> date | None:
    """The day of this name that is nearest to `today`; 29 February only where there is one."""
    candidates = []
    for year in range(today.year - 4, today.year + 5):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    return min(candidates, key=lambda on: abs((on - today).days), default=None)


async def _story(context: Context, chat: Chat, on: date) -> Answer:
    return words.story(await day_told(context.store, chat, on, context.now()))


async def day_told(store: Store, chat: Chat, on: date, now: datetime) -> words.Day:
    """What is known of the chat's push of its local date `on`, ready to be worded."""
    subscription = await store.subscription(chat.id)
    rows = await store.deliveries_on(chat.id, on)
    is_push_day, due_at = False, None
    if subscription is not None:
        is_push_day = calendar.is_push_day(subscription.days, on)
        due_at = calendar.moment(on, subscription.push_at, subscription.zone)
    history = await store.history(chat.id)
    others = [row for row in rows if row.kind is not DeliveryKind.PUSH]
    return words.Day(
        on=on,
        today=calendar.local_date(now, chat.zone),
        now=now,
        zone=chat.zone,
        subscription=subscription,
        rows=[row for row in rows if row.kind is DeliveryKind.PUSH],
        is_push_day=is_push_day,
        due_at=due_at,
        others=others,
        notices=await _notices(store, others),
        elsewhere=[one.choice for one in history if one.on == on and not one.is_ours],
    )


async def _notices(store: Store, rows: Sequence[Delivery]) -> Mapping[int, tuple[Reminder, Notice]]:
    """Of which reminder each of its messages is, as far as there is it yet."""
    found = {}
    for number in {row.subject_id for row in rows if row.kind is DeliveryKind.REMINDER}:
        briefing = await store.notice_briefing(number)
        if briefing is not None:
            found[number] = briefing.reminder, briefing.notice
    return found
