"""Reminders as a calendar file that a phone imports.

Here lives the sending of the file alone; what stands in it is `render.calendars`.
"""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.model import Reminder
from bot.render import calendars as words
from bot.study import recurrence

# Of a rule that calendars cannot express, so many dates are written out.
_WRITTEN_OUT = 60


async def send(update: Update, context: Context, reminders: Sequence[Reminder]) -> None:
    """Send one file with these reminders."""
    now = context.now()
    entries = [
        words.Entry(one, recurrence.upcoming(one, now, _WRITTEN_OUT if _is_odd(one) else 1))
        for one in reminders
    ]
    content = words.calendar(entries, now)
    await replies.reply_with_file(
        update, context, content, words.FILE_NAME, words.sent(len(entries))
    )


def _is_odd(reminder: Reminder) -> bool:
    return reminder.recurrence.workday is not None


async def ics(update: Update, context: Context, text: str) -> None:
    """All reminders of the chat as one file."""
    chat = await context.meet(update)
    found = await context.store.reminders(chat.id)
    if not found:
        await replies.reply(update, context, words.nothing())
        return
    await send(update, context, found)
