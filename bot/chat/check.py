"""`/check`: is this sentence in the corpus, typed behind it or in the message replied to."""

from __future__ import annotations

import asyncio

from telegram import Message, Update

from bot.chat import replies
from bot.chat.context import Context
from bot.chat.remembered import remember_texts
from bot.errors import QueryError
from bot.model import Verdict
from bot.render import check as wording
from bot.render import results
from bot.search import checking
from bot.search.query import MAX_CHARACTERS


async def check(update: Update, context: Context, text: str) -> None:
    """Judge the text, or else the message that this one replies to."""
    await context.meet(update)
    asked = text or _replied_to(update)
    index = context.library.index
    try:
        if not asked:
            raise wording.usage()
        # Off the event loop: a long text is compared for some ten milliseconds.
        judged = await asyncio.to_thread(checking.check, asked, index)
    except QueryError as error:
        ids = await remember_texts(context, [error.example])
        await replies.reply(update, context, results.refused(error, ids))
        return
    absent = [one.text for one in judged if one.verdict is Verdict.ABSENT]
    searches = [" ".join(one.split()) for one in absent[:1] if len(one) <= MAX_CHARACTERS]
    ids = await remember_texts(context, searches)
    await replies.reply(update, context, wording.answer(judged, ids))


def _replied_to(update: Update) -> str:
    """What the message replied to says: the part that was chosen, if one was; else all of it."""
    message = update.effective_message
    if not isinstance(message, Message):
        return ""
    if message.quote is not None:
        return message.quote.text.strip()
    above = message.reply_to_message
    return (above.text or above.caption or "").strip() if above is not None else ""
