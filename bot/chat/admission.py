"""Who is answered at all, and in which language: the first handler of every update.

Here lives the limit on questions as people meet it. The handler lets an update through or
ends it, and sets the language of all that is said in answer. It runs in a group of its own,
before all other handlers. Whoever asks too much is told so once, politely, and then not
answered until it is calmer; how much that is, is decided in `limits`.
"""

from __future__ import annotations

import logging
from typing import Final

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, filters

from bot.chat import languages, replies, transfer
from bot.chat.context import Context
from bot.chat.limits import Verdict
from bot.chat.words import addressed
from bot.render import callbacks
from bot.render import help as wording
from bot.render.callbacks import CheckIn, PlanVerb, ReadTogether, TakePart
from bot.render.language import _

_log = logging.getLogger(__name__)

# Telegram asks anew at nearly every letter of an inline query.
_INLINE_COST: Final = 0.25
# What these answer is a notice, or the way into the private chat, whoever taps.
_OF_EVERYONE: Final = (PlanVerb.DONE, PlanVerb.CATCH_UP, PlanVerb.FOLLOW)


async def admit(update: Update, context: Context) -> None:
    """Let the update pass to its handler, or end here: ApplicationHandlerStop."""
    if not _is_asking(update, context):
        if languages.may_be_answered(update):
            await languages.follow(update, context)
        return
    person, chat = update.effective_user, update.effective_chat
    if is_taking_part(update):
        chat = None  # a whole group taps within a minute, as it was asked to
    verdict = context.services.limits.judge(
        person.id if person else None,
        chat.id if chat else None,
        context.now(),
        _INLINE_COST if update.inline_query else 1.0,
    )
    if verdict is Verdict.ANSWER:
        await languages.follow(update, context)
        return
    if verdict is Verdict.SAY_SO:
        _log.info("too many questions", extra={"chat": chat.id if chat else None})
        await languages.follow(update, context)
        if update.callback_query is None and update.inline_query is None:
            await replies.reply(update, context, wording.too_many())
    if update.callback_query is not None:
        # A press that nobody acknowledges shows a clock for a minute.
        is_news = verdict is Verdict.SAY_SO
        await replies.acknowledge(update, _(wording.TOO_MANY_PRESSES) if is_news else "")
    raise ApplicationHandlerStop


def is_taking_part(update: Update) -> bool:
    """True for a tap under a session, a push or a part: everyone's, and next to nothing."""
    query = update.callback_query
    if query is None:
        return False
    match callbacks.parse(query.data or ""):
        case TakePart() | CheckIn():
            return True
        case ReadTogether(verb=verb):
            return verb in _OF_EVERYONE
    return False


def _is_asking(update: Update, context: Context) -> bool:
    """True for what would be answered: a press, an inline query, a message to the bot."""
    if update.callback_query is not None or update.inline_query is not None:
        return True
    message = update.effective_message
    if not isinstance(message, Message) or message.from_user is None:
        return False
    if not message.text:
        return _is_asking_without_text(update, message)
    if message.text.startswith("/"):
        _, _, bot = message.text.split(maxsplit=1)[0].partition("@")
        return bot.lower() in ("", context.bot.username.lower())
    return addressed(update, context) is not None


def _is_asking_without_text(update: Update, message: Message) -> bool:
    """True for anything sent in private, and for a file that a group is to take in.

    What Telegram itself says of a chat (a message was pinned) is nobody's question.
    """
    if message.chat.type == ChatType.PRIVATE:
        return not filters.StatusUpdate.ALL.check_update(update)
    return (
        message.document is not None and transfer.CAPTION.search(message.caption or "") is not None
    )
