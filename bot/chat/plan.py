"""`/plan`: the days to come, and what administrators decide about single days.

Here lives how a wish changes a day's plan. What will come is `study.foresight`, wording is
`render.plan`. Everyone may look; who may change is `chat.rights`. A change is made from what
the day shows, so that a wish given out twice is carried out once.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context, Library
from bot.chat.remembered import remember_texts
from bot.chat.rights import may_change
from bot.chat.why import read_day
from bot.errors import QueryError
from bot.model import NO_PLAN, Answer, Chat, Corpus, DayPlan, DeliveryKind, Foreseen, State
from bot.render import plan as words
from bot.render import results
from bot.render.callbacks import ListDays, OpenDay, ResetDay, SwapQuote
from bot.render.language import _
from bot.render.plan import Outlook
from bot.store import Store
from bot.study import calendar
from bot.study.choice import Nearest
from bot.study.foresight import another, foresee

_COUNT = re.compile(r"(?:往后|未来|今后)?\s*(?P<days>\d{1,3})\s*天?")
_CHANGE = re.compile(
    r"(?P<day>.+?)\s*(?P<verb>换一条|換一條|指定|置顶|置頂|备注|備註|恢复|恢復|\b(?:swap|pin|note|reset)\b)"
    r"(?:\s|[:：])*(?P<rest>.*)",
    re.S | re.I,
)
_VERBS = {
    "换一条": "swap",
    "換一條": "swap",
    "指定": "pin",
    "置顶": "pin",
    "置頂": "pin",
    "备注": "note",
    "備註": "note",
    "恢复": "reset",
    "恢復": "reset",
    **{verb: verb for verb in ("swap", "pin", "note", "reset")},
}
_ONE_DAY = timedelta(days=1)
_OPEN = (State.DUE, State.CLAIMED, State.SENDING, State.RETRY)


async def plan(update: Update, context: Context, text: str) -> None:
    """The days to come; with a day after it, that day; with a wish after that, the change."""
    chat = await context.meet(update)
    today = context.today(chat)
    counted = _COUNT.fullmatch(text)
    if not text or counted:
        days = int(counted["days"]) if counted else words.FEW_DAYS
        await _show_days(update, context, chat, today, min(max(days, 1), words.MAX_DAYS))
        return
    change = _CHANGE.fullmatch(text)
    try:
        on = read_day(change["day"] if change else text, today)
    except QueryError as error:
        ids = await remember_texts(context, [error.example])
        await replies.reply(update, context, results.refused(error, ids))
        return
    if on is None:
        await replies.reply(update, context, words.not_understood(text))
    elif change is None:
        await replies.reply(update, context, await _day(context, chat, on))
    elif await may_change(update, context):
        verb, rest = _VERBS[change["verb"].casefold()], change["rest"].strip()
        await replies.reply(update, context, await _changed(context, chat, on, verb, rest))


def is_about_days(context: Context, text: str) -> bool:
    """True when what follows 计划 is nothing, a number of days, or one day and a wish."""
    change = _CHANGE.fullmatch(text)
    if not text or _COUNT.fullmatch(text):
        return True
    try:
        return read_day(change["day"] if change else text, context.now().date()) is not None
    except QueryError:
        return True


async def outlook(
    store: Store,
    library: tuple[Corpus, Nearest],
    chat: Chat,
    now: datetime,
    *,
    days: int = words.MAX_DAYS,
) -> Outlook | None:
    """The next `days` days of a chat, today's first; None when nothing is subscribed.

    What it costs is off the event loop. Raises StoreError.
    """
    subscription = await store.subscription(chat.id)
    if subscription is None or not subscription.is_active:
        return None
    corpus, nearest = library
    today = calendar.local_date(now, subscription.zone)
    dates = [today + ahead * _ONE_DAY for ahead in range(days)]
    plans = await store.day_plans([chat.id], dates)
    history = await store.history(chat.id)
    entered = {
        one.local_on: one.state in _OPEN
        for one in await store.deliveries_on(chat.id, today)  # it knows no day further ahead
        if one.kind is DeliveryKind.PUSH and one.part == 1
    }
    found = await asyncio.to_thread(
        foresee,
        corpus,
        nearest,
        subscription,
        history,
        {on: plan for (_, on), plan in plans.items()},
        seed=chat.seed,
        first_on=today,
        days=days,
        entered=entered,
    )
    return Outlook(subscription, corpus, today, found, calendar.workdays_known_until())


# ------------------------------------------------------------------------- by buttons


async def turn_days(update: Update, context: Context, action: ListDays) -> None:
    """A button for other days, in the same message."""
    chat = await context.meet(update)
    seen = await _outlook(context, chat)
    await replies.turn(update, context, _listing(seen, action.first_on, words.FEW_DAYS))


async def open_day(update: Update, context: Context, action: OpenDay) -> None:
    """A button for one day, in the same message."""
    chat = await context.meet(update)
    await replies.turn(update, context, await _day(context, chat, action.on))


async def swap(update: Update, context: Context, action: SwapQuote) -> None:
    """A button for another quotation than the one that was shown with it."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    seen = await _outlook(context, chat)
    found = _find(seen, action.on)
    if found is not None and found.choice.quote_id != action.quote_id:
        await replies.turn(update, context, await _day(context, chat, action.on))
        await replies.acknowledge(update, _(words.DONE_BEFORE))
        return
    answer = await _changed(context, chat, action.on, "swap", "")
    await replies.turn(update, context, answer)
    await replies.acknowledge(update, _(words.SWAPPED))


async def reset(update: Update, context: Context, action: ResetDay) -> None:
    """A button to undo what was decided about a day."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    answer = await _changed(context, chat, action.on, "reset", "")
    await replies.turn(update, context, answer)
    await replies.acknowledge(update, _(words.RESET))


# ------------------------------------------------------------------------- what it takes


async def _show_days(
    update: Update, context: Context, chat: Chat, first_on: date, days: int
) -> None:
    seen = await _outlook(context, chat)
    await replies.reply(update, context, _listing(seen, first_on, days))


def _listing(seen: Outlook | None, first_on: date, days: int) -> Answer:
    if seen is None:
        return words.no_subscription()
    # A button of long ago shows the days from today on.
    start = max(first_on, seen.today)
    shown = [one for one in seen.days if start <= one.on < start + days * _ONE_DAY]
    return words.listing(replace(seen, days=shown or seen.days[: words.FEW_DAYS]))


async def _day(context: Context, chat: Chat, on: date, notice: str = "") -> Answer:
    seen = await _outlook(context, chat)
    if seen is None:
        return words.no_subscription()
    found = _find(seen, on)
    if found is None:
        return words.out_of_reach(on, seen.today)
    return words.day(found, seen, notice=notice)


async def _changed(context: Context, chat: Chat, on: date, verb: str, rest: str) -> Answer:
    """Change the plan of a day; the day as it is then, or why it was not changed."""
    seen = await _outlook(context, chat)
    found = _find(seen, on)
    if seen is None or found is None:
        return await _day(context, chat, on)
    if found.is_entered:
        return words.too_late()
    if found.due_at is None:
        return words.no_push()
    wanted: DayPlan
    match verb:
        case "swap" if found.choice.quote_id:
            quote = another(seen.corpus, seen.subscription, found.choice.quote_id, seed=chat.seed)
            wanted = replace(found.plan, quote_id=quote.id)
        case "pin":
            if seen.corpus.quote(rest) is None:
                return words.unknown_quote(rest)
            wanted = replace(found.plan, quote_id=rest)
        case "note":
            note = " ".join(rest.split())
            if len(note) > words.LONGEST_NOTE:
                return words.note_too_long(len(note))
            wanted = replace(found.plan, note=note)
            verb = "note" if note else "clear"
        case "reset":
            wanted = NO_PLAN
        case _:
            return words.too_late()
    await context.store.save_day_plan(chat.id, on, wanted)
    return await _day(context, chat, on, words.said_of(verb))


async def _outlook(context: Context, chat: Chat) -> Outlook | None:
    library: Library = context.library
    return await outlook(
        context.store, (library.corpus, library.index.nearest), chat, context.now()
    )


def _find(seen: Outlook | None, on: date) -> Foreseen | None:
    days = seen.days if seen is not None else ()
    return next((one for one in days if one.on == on), None)
