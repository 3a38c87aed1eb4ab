"""`/export` and `/import`: a group's data goes out as a file and comes in elsewhere.

Here live who may do it and where the file comes from. What a file must be is
`study.archive`; nothing of one that is refused is stored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from telegram import Document, Message, Update
from telegram.error import BadRequest

from bot.chat import languages, replies
from bot.chat.context import Context
from bot.chat.reading_here import first_on
from bot.chat.rights import may_change
from bot.chat.zones import move_to_zone
from bot.errors import StudyWordError
from bot.model import (
    Archive,
    ArchivedDay,
    ArchivedPlan,
    Chat,
    Language,
    PlanState,
    Reminder,
    Schedule,
    ScheduleKind,
    Script,
    Subscription,
)
from bot.render import refusals
from bot.render import transfer as words
from bot.render.language import _
from bot.study import archive, calendar, reading_plan, recurrence, turns

# What a file says that is to be taken in.
CAPTION: Final = re.compile(r"^\s*(?:/import(?:@\w+)?|导入)\s*$")

# Those schedules follow from the plans.
_OF_PLANS = (ScheduleKind.PART,)


async def give(update: Update, context: Context, text: str) -> None:
    """Everything the chat has, as one file."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    made = await context.store.export_chat(chat.id)
    made = replace(made, days=_to_come(context, chat, made.days))
    content = archive.write(made)
    await replies.reply_with_file(update, context, content, words.FILE_NAME, words.exported(made))


async def take(update: Update, context: Context, text: str) -> None:
    """Take in the file this is the caption of, or a reply to."""
    if not await may_change(update, context):
        return
    chat = await context.meet(update)
    document = _document(update)
    if document is None:
        await replies.reply(update, context, words.refused(_(words.NO_FILE)))
        return
    try:
        read = archive.read(await _content(document))
    except StudyWordError as error:
        await replies.reply(update, context, words.refused(refusals.sentence(error)))
        return
    if not await _is_at_home(context, chat):
        await move_to_zone(context, chat, read.zone)
    await _speak_as_there(update, context, read)
    after = await context.meet(update)
    days = _to_come(context, after, read.days)
    taken = await context.store.import_chat(
        chat.id,
        read,
        _subscription(context, chat, read),
        [_reminder(context, chat, one) for one in read.reminders],
        [_schedule(context, chat, one) for one in read.schedules if one.kind not in _OF_PLANS],
        [await _plan(context, chat, one, read) for one in read.plans],
        days,
    )
    left_out = words.LeftOut(
        days_past=len(read.days) - len(days),
        days_otherwise=taken.days_otherwise,
        unknown=await _unknown(context, chat, days),
    )
    has_settings = replace(after, title=chat.title) != chat
    answer = words.imported(read, taken, left_out, has_settings=has_settings)
    await replies.reply(update, context, answer)


async def _is_at_home(context: Context, chat: Chat) -> bool:
    """Whether anything stands on the chat's clocks already, so that its zone is not to change."""
    store = context.store
    return (
        await store.subscription(chat.id) is not None
        or bool(await store.reminders(chat.id))
        or bool(await store.schedules(chat.id))
    )


async def _speak_as_there(update: Update, context: Context, read: Archive) -> None:
    """Take over language and script, unless something was chosen here."""
    chat = await context.meet(update)
    if (chat.language, chat.script) == (Language.SIMPLIFIED, Script.PRINTED):
        await languages.change(context, chat, language=read.language, script=read.script)


async def captioned(update: Update, context: Context) -> None:
    """A file whose caption is `/import`."""
    await take(update, context, "")


def _document(update: Update) -> Document | None:
    message = update.effective_message
    if not isinstance(message, Message):
        return None
    above = message.reply_to_message
    return message.document or (above.document if above is not None else None)


async def _content(document: Document) -> bytes:
    """The file. Raises StudyWordError when it is too large to be one of ours."""
    if (document.file_size or 0) > archive.MOST_BYTES:
        raise archive.too_large()
    try:
        file = await document.get_file()
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if "too big" not in error.message.lower():
            raise
        raise archive.too_large() from error


def _to_come(context: Context, chat: Chat, days: Sequence[ArchivedDay]) -> tuple[ArchivedDay, ...]:
    """Those days that are not past where the chat is."""
    return tuple(one for one in days if one.on >= context.today(chat))


async def _unknown(
    context: Context, chat: Chat, days: Sequence[ArchivedDay]
) -> tuple[ArchivedDay, ...]:
    """Those days as they are here now whose quotation is not in the corpus."""
    kept = await context.store.day_plans([chat.id], [one.on for one in days])
    corpus = context.library.corpus
    return tuple(
        one
        for one in days
        if kept.get((chat.id, one.on)) == one.plan
        and one.plan.quote_id
        and corpus.quote(one.plan.quote_id) is None
    )


def _subscription(context: Context, chat: Chat, read: Archive) -> Subscription | None:
    """The archive's subscription as it begins here: from the next push on."""
    if read.subscription is None:
        return None
    now, one = context.now(), read.subscription
    begun = replace(
        one,
        id=0,
        chat_id=chat.id,
        thread_id=None,
        edited_at=now,
        first_on=calendar.first_push_on(one.push_at, one.zone, now),
        next_due_at=None,
    )
    return replace(begun, next_due_at=calendar.next_due(begun, now))


def _reminder(context: Context, chat: Chat, read: Reminder) -> Reminder:
    now = context.now()
    here = turns.going_on(read, replace(read, chat_id=chat.id, edited_at=now), now)
    return replace(here, next_due_at=recurrence.next_due(here, now))


def _schedule(context: Context, chat: Chat, read: Schedule) -> Schedule:
    """The archive's schedule as it begins here: from the next time on."""
    now = context.now()
    first_on = max(read.first_on, calendar.first_push_on(read.at, read.zone, now))
    here = replace(read, id=0, chat_id=chat.id, thread_id=None, first_on=first_on)
    return calendar.rescheduled(here, now)


async def _plan(
    context: Context, chat: Chat, one: ArchivedPlan, read: Archive
) -> tuple[ArchivedPlan, Schedule | None]:
    """A reading plan as it goes on here, with the part after those that came there."""
    now, plan = context.now(), replace(one.plan, id=0, chat_id=chat.id, thread_id=None)
    if not plan.is_standing:
        return replace(one, plan=plan), None
    here = replace(chat, zone=read.zone)
    state, zone = plan.state, read.zone
    plan = reading_plan.stopped(plan, PlanState.PAUSED, zone, min(read.exported_at, now))
    if state is PlanState.ACTIVE:
        starts_on = await first_on(context, here, plan.days, plan.at)
        plan = reading_plan.begun(plan, starts_on, zone, now)
    schedule = replace(reading_plan.schedule_of(plan, zone, now), grace=context.services.grace)
    return replace(one, plan=plan), schedule
