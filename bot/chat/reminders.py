"""Reminders: `/remind`, `/reminders` and the buttons of a reminder's panel.

Here lives how a wish makes or changes a reminder. What a line means is `study.reminders`,
when it comes due `study.recurrence`, the wording `render.reminders`; who may change anything
is `chat.rights`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from telegram import Update

from bot.chat import calendars, replies
from bot.chat.context import Context
from bot.chat.rights import may_change
from bot.errors import QueryError, StudyWordError
from bot.model import Change, Chat, ChatKind, Reminder, ReminderState
from bot.render import refusals
from bot.render import reminders as words
from bot.render.callbacks import Remind, Verb
from bot.render.language import _
from bot.search.query import parse
from bot.study import calendar, recurrence, turns
from bot.study.reminders import EXAMPLE, Wish, read_changes, read_reminder

MOST_REMINDERS = 50

_ON_TIME = (timedelta(),)
_NUMBERED = re.compile(r"[#＃]\s?(?P<number>[0-9]{1,9})(?:\s+(?P<rest>.*))?", re.S)
_MOVED = re.compile(r"(?:下一?次|这一?次|本次)?\s*改到\s*(?P<when>.+)", re.S)
_NONE = ("无", "無", "没有", "沒有", "不限", "取消")


# --------------------------------------------------------------------- by words


async def remind(update: Update, context: Context, text: str) -> None:
    """Read a new reminder back, or change the one that is named by its number."""
    if not text:
        await replies.reply(update, context, words.usage())
        return
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    try:
        numbered = _NUMBERED.fullmatch(text)
        if numbered:
            await _edit(update, context, chat, int(numbered["number"]), numbered["rest"] or "")
        else:
            await _draft(update, context, chat, text)
    except StudyWordError as error:
        await replies.reply(update, context, words.refused(refusals.sentence(error)))


async def listed(update: Update, context: Context, text: str) -> None:
    """All reminders of the chat, for everyone to see."""
    chat = await context.meet(update)
    found = await context.store.reminders(chat.id)
    await replies.reply(update, context, words.listed([_shown(context, one) for one in found]))


def is_about_a_reminder(context: Context, text: str) -> bool:
    """True when what follows 提醒 is nothing, a number, or says a day or an hour."""
    if not text or _NUMBERED.fullmatch(text):
        return True
    try:
        wish = read_changes(text, context.now(), context.services.default_zone)
    except StudyWordError:
        return True
    return wish.recurrence is not None or wish.at is not None


async def _draft(update: Update, context: Context, chat: Chat, text: str) -> None:
    if len(await context.store.reminders(chat.id)) >= MOST_REMINDERS:
        await replies.reply(update, context, words.too_many(MOST_REMINDERS))
        return
    wish = read_reminder(
        text,
        context.now(),
        chat.zone,
        untitled=_(words.UNTITLED),
        titled_by_theme=_(words.TITLED_BY_THEME),
    )
    assert wish.recurrence is not None, "read_reminder never misses it"
    assert wish.at is not None, "nor this"
    takes_part = chat.kind in (ChatKind.GROUP, ChatKind.SUPERGROUP)
    made = Reminder(
        chat_id=chat.id,
        thread_id=replies.thread_of(update),
        title=wish.title,
        recurrence=wish.recurrence,
        at=wish.at,
        zone=chat.zone,
        edited_at=context.now(),
        takes_part=takes_part,
    )
    wished = turns.begun(_wished(made, wish), context.now())
    saved = await context.store.save_reminder(wished)
    await replies.reply(update, context, words.read_back(_shown(context, saved)))


async def _edit(update: Update, context: Context, chat: Chat, number: int, text: str) -> None:
    before = await _reminder(context, chat, number)
    if before is None:
        await replies.reply(update, context, words.gone())
        return
    moved = _MOVED.fullmatch(text)
    if moved:
        await _move_to(update, context, before, moved["when"])
        return
    wish = read_changes(text, context.now(), before.zone)
    if wish == Wish():
        await replies.reply(update, context, words.to_be_edited(_shown(context, before)))
        return
    saved = await _save(context, before, _wished(before, wish))
    await replies.reply(update, context, words.panel(_shown(context, saved), _(words.DONE)))


async def _move_to(update: Update, context: Context, before: Reminder, text: str) -> None:
    """`#3 下次改到 周四 16:00`: the next occurrence alone."""
    following = recurrence.upcoming(before, context.now(), 1)
    if not following:
        await replies.reply(update, context, words.nothing_ahead(before))
        return
    (one,) = following
    wish = read_changes(text, context.now(), before.zone)
    if (wish.recurrence and wish.recurrence.rule) or not (wish.recurrence or wish.at):
        example = f"#{before.id} 下次改到 周四 16:00"
        raise StudyWordError("没看懂要改到哪一天。可以这样写：{example}", example)
    to_on = wish.recurrence.starts_on if wish.recurrence else one.on
    at = wish.at or one.at
    if calendar.moment(to_on, at, before.zone) <= context.now():
        raise StudyWordError("那个时间已经过去了，没有改动。可以这样写：{example}", EXAMPLE)
    saved = await _change(context, before, Change(one.occurs_on, to_on, at))
    await replies.reply(update, context, words.panel(_shown(context, saved), _(words.DONE)))


def _wished(reminder: Reminder, wish: Wish) -> Reminder:
    """The reminder as the words want it; what they do not say stays."""
    said: dict[str, Any] = {
        "title": wish.title or None,
        "recurrence": wish.recurrence,
        "at": wish.at,
        "lasts": wish.lasts,
        "place": _or_none(wish.place),
        "theme": _or_none(wish.theme),
        "takes_part": wish.takes_part,
        "changes": () if wish.recurrence else None,
    }
    after = replace(reminder, **{name: one for name, one in said.items() if one is not None})
    leads = wish.leads or reminder.leads or _ON_TIME
    return replace(
        after, notices=recurrence.notices(leads, after.lasts, takes_part=after.takes_part)
    )


def _or_none(said: str | None) -> str | None:
    return "" if said in _NONE else said


# ------------------------------------------------------------------- by buttons


async def pressed(update: Update, context: Context, action: Remind) -> None:
    """A button of a reminder: the message shows the result."""
    if action.verb not in _FOR_EVERYONE and not await may_change(update, context):
        return
    chat = await context.meet(update)
    if action.verb is Verb.LIST:
        found = await context.store.reminders(chat.id)
        shown = [_shown(context, one) for one in found]
        await replies.turn(update, context, words.listed(shown))
        await replies.acknowledge(update)
        return
    reminder = await _reminder(context, chat, action.reminder_id)
    if reminder is None:
        await replies.turn(update, context, words.gone())
        await replies.acknowledge(update, _(words.GONE))
        return
    await _VERBS[action.verb](update, context, reminder, action)


async def _confirm(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    if not recurrence.upcoming(reminder, context.now(), 1):
        await replies.acknowledge(update, _(words.PAST), alert=True)
        return
    if reminder.state is ReminderState.DRAFT:
        active = replace(reminder, state=ReminderState.ACTIVE)
        reminder = await _save(context, reminder, active)
    await replies.turn(update, context, words.confirmed(_shown(context, reminder)))
    await replies.acknowledge(update, _(words.CONFIRMED))


async def _open(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    await replies.turn(update, context, words.panel(_shown(context, reminder)))
    await replies.acknowledge(update)


async def _say_how(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    await replies.acknowledge(update)
    await replies.reply(update, context, words.to_be_edited(_shown(context, reminder)))


async def _switch(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    states = {Verb.PAUSE: ReminderState.PAUSED, Verb.RESUME: ReminderState.ACTIVE}
    await _show(update, context, reminder, replace(reminder, state=states[action.verb]))


async def _skip(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    if action.occurs_on is None or recurrence.named(reminder, action.occurs_on) is None:
        await _show(update, context, reminder, reminder)  # skipped before: nothing changes
        return
    saved = await _change(context, reminder, Change(action.occurs_on))
    await _turn(update, context, saved)


async def _move(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    shown = _shown(context, reminder)
    if not shown.upcoming:
        await replies.acknowledge(update, _(words.PAST), alert=True)
        return
    if action.occurs_on is None:
        await replies.turn(update, context, words.moving(shown))
        await replies.acknowledge(update)
        return
    held = recurrence.named(reminder, action.occurs_on)
    to_on = _read_date(action.value)
    if held is None or to_on is None:
        await _show(update, context, reminder, reminder)
        return
    if calendar.moment(to_on, held.at, reminder.zone) <= context.now():
        await replies.acknowledge(update, _(words.PAST), alert=True)
        return
    at = held.at if held.at != reminder.at else None
    saved = await _change(context, reminder, Change(action.occurs_on, to_on, at))
    await _turn(update, context, saved)


async def _restore(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    today = calendar.local_date(context.now(), reminder.zone)
    past = tuple(one for one in reminder.changes if (one.to_on or one.occurs_on) < today)
    await _show(update, context, reminder, replace(reminder, changes=past))


async def _take_part(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    takes_part = not reminder.takes_part
    notices = recurrence.notices(reminder.leads, reminder.lasts, takes_part=takes_part)
    await _show(
        update, context, reminder, replace(reminder, takes_part=takes_part, notices=notices)
    )


async def _calendar(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    await replies.acknowledge(update)
    await calendars.send(update, context, (reminder,))


async def _ask_delete(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    await replies.turn(update, context, words.deleting(_shown(context, reminder)))
    await replies.acknowledge(update)


async def _delete(update: Update, context: Context, reminder: Reminder, action: Remind) -> None:
    await _save(context, reminder, replace(reminder, state=ReminderState.DELETED))
    await replies.turn(update, context, words.deleted(reminder))
    await replies.acknowledge(update, _(words.DONE))


_FOR_EVERYONE = (Verb.OPEN, Verb.LIST, Verb.CALENDAR)
_Do = Callable[[Update, Context, Reminder, Remind], Awaitable[None]]
_VERBS: Mapping[Verb, _Do] = {
    Verb.CONFIRM: _confirm,
    Verb.EDIT: _say_how,
    Verb.OPEN: _open,
    Verb.PAUSE: _switch,
    Verb.RESUME: _switch,
    Verb.SKIP: _skip,
    Verb.MOVE: _move,
    Verb.RESTORE: _restore,
    Verb.TAKING_PART: _take_part,
    Verb.CALENDAR: _calendar,
    Verb.DELETE: _ask_delete,
    Verb.DELETE_NOW: _delete,
}


# --------------------------------------------------------- what it all comes down to


async def _reminder(context: Context, chat: Chat, number: int) -> Reminder | None:
    """The chat's own reminder of this number; None when there is none, or no more."""
    found = await context.store.reminder(number)
    if found is None or found.chat_id != chat.id or found.state is ReminderState.DELETED:
        return None
    return found


async def _show(update: Update, context: Context, before: Reminder, after: Reminder) -> None:
    """Store the change, if it is one, and show the panel in place of the message."""
    saved = before if after == before else await _save(context, before, after)
    await _turn(update, context, saved)


async def _turn(update: Update, context: Context, reminder: Reminder) -> None:
    await replies.turn(update, context, words.panel(_shown(context, reminder)))
    await replies.acknowledge(update, _(words.DONE))


async def _change(context: Context, before: Reminder, change: Change) -> Reminder:
    """Store that one occurrence is otherwise; what was said of it before is replaced."""
    others = tuple(one for one in before.changes if one.occurs_on != change.occurs_on)
    return await _save(context, before, replace(before, changes=(*others, change)))


async def _save(context: Context, before: Reminder, after: Reminder) -> Reminder:
    """Store a change, whose turn the next session is then, and when the clock must look again.

    What has just come due and is not yet planned must not be passed over, so a look that
    is due already stays due.
    """
    now = context.now()
    after = turns.going_on(before, after, now)
    look_at = before.next_due_at if before.is_active else None
    if look_at is None or look_at > now:
        look_at = recurrence.next_due(after, now)
    after = replace(after, edited_at=now, next_due_at=look_at if after.is_active else None)
    return await context.store.save_reminder(after)


def _shown(context: Context, reminder: Reminder) -> words.Shown:
    now = context.now()
    upcoming = recurrence.upcoming(reminder, now)
    is_guessing = (
        reminder.recurrence.workday is not None
        and bool(upcoming)
        and upcoming[-1].occurs_on > calendar.workdays_known_until()
    )
    return words.Shown(
        reminder,
        upcoming,
        calendar.local_date(now, reminder.zone),
        is_guessing=is_guessing,
        has_agenda=_finds_something(context, reminder.theme),
    )


def _finds_something(context: Context, theme: str) -> bool:
    """Whether a theme has anything to read; what it finds does not depend on the day."""
    try:
        query = parse(theme, context.now().date())
    except QueryError:
        return False
    return bool(context.library.index.find(query, today=context.now().date(), limit=1).hits)


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
