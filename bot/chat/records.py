"""`/attendance`: who came, by month, person or day, as a table or a file.

Here lives what the words behind it mean; wording and columns are `render.records`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.chat.rights import may_change
from bot.chat.why import read_day
from bot.errors import QueryError
from bot.model import Chat, DateRange, YearlyDate
from bot.render import records as words
from bot.render import results
from bot.render.callbacks import Records
from bot.search.dates import scan
from bot.study.attendance import tally

_LONGEST = 40  # characters of a month, a day or a name
_EXAMPLE = "/attendance 11月27日"
_HALF_A_YEAR = timedelta(days=183)
_ONE_DAY = timedelta(days=1)


async def attendance(update: Update, context: Context, text: str) -> None:
    """This month without words; else the month, the day or the person they name."""
    chat = await context.meet(update)
    today = context.today(chat)
    if len(text) > _LONGEST:
        await replies.reply(update, context, words.not_understood(text))
        return
    try:
        first_on = read_month(text, today) if text else today.replace(day=1)
        on = read_day(text, today) if text and first_on is None else None
    except QueryError as error:
        await replies.reply(update, context, results.refused(error.with_example(_EXAMPLE), {}))
        return
    if first_on is not None:
        held = await _held(context, chat, first_on, _next_month(first_on))
        answer = words.month(first_on, held, tally(held), today)
    elif on is not None:
        held = await _held(context, chat, on, on + _ONE_DAY)
        answer = words.day(on, held, chat.zone)
    else:
        held = await _held(context, chat, today - _HALF_A_YEAR, today + _ONE_DAY)
        answer = words.person(text, held, chat.zone)
    await replies.reply(update, context, answer)


async def pressed(update: Update, context: Context, action: Records) -> None:
    """Another month in place of this one; or the month as a file, for administrators."""
    if action.as_file and not await may_change(update, context):
        return
    chat = await context.meet(update)
    held = await _held(context, chat, action.first_on, _next_month(action.first_on))
    tallies = tally(held)
    if action.as_file:
        content = words.sheet(held, tallies, chat.zone)
        name, under = words.file_name(action.first_on), words.file_sent(action.first_on)
        await replies.reply_with_file(update, context, content, name, under)
    else:
        answer = words.month(action.first_on, held, tallies, context.today(chat))
        await replies.turn(update, context, answer)
    await replies.acknowledge(update)


async def _held(context: Context, chat: Chat, first_on: date, before_on: date) -> words.Held:
    """The chat's sessions of these local dates that have begun by now."""
    zone = ZoneInfo(chat.zone)
    since, until = (
        datetime.combine(on, time(), zone).astimezone(UTC) for on in (first_on, before_on)
    )
    now = context.now()
    return await context.store.sessions(chat.id, since, min(until, now))


def _next_month(first_on: date) -> date:
    return date(first_on.year + (first_on.month == 12), first_on.month % 12 + 1, 1)


def read_month(text: str, today: date) -> date | None:
    """The first day of the month that the text is; without a year the last that has begun."""
    spans = scan(text, today)
    if len(spans) != 1 or text[: spans[0].start].strip() or text[spans[0].end :].strip():
        return None
    match spans[0].when:
        case (YearlyDate(month, None),):
            year = today.year - (month > today.month)
            return date(year, month, 1)
        case (DateRange(start, end),) if start is not None and end is not None:
            is_month = start.day == 1 and end + _ONE_DAY == _next_month(start)
            is_so_far = start == today.replace(day=1) and end == today != start
            return start if is_month or is_so_far else None
        case _:
            return None
