"""What happens when a handler fails: log first, then tell the person.

Here lives the one error handler. People get a sentence and a number that stands in the
log beside the cause; never a trace, never silence.
"""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chat import replies
from bot.chat.context import Context
from bot.render import help as wording

_log = logging.getLogger(__name__)


async def tell(update: object, context: Context) -> None:
    """Log the error of this update, then say in its chat that something went wrong."""
    error = context.error
    if not isinstance(update, Update):
        _log_outside_update(error)
        return
    chat = update.effective_chat
    extra = {"update": update.update_id, "chat": chat.id if chat else None}
    if isinstance(error, RetryAfter):
        # Whoever cannot be answered yet cannot be told so either.
        _log.warning("an answer was not sent: %s", error.message, extra=extra)
        if update.callback_query is not None:
            await replies.acknowledge(update)
        return
    _log.error("an update failed", exc_info=error, extra=extra)
    if chat is None or isinstance(error, Forbidden):
        return  # nobody to tell: the bot was removed or blocked
    try:
        if update.callback_query is not None:
            await replies.acknowledge(update)
        may_have_arrived = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        told = wording.connection_broke if may_have_arrived else wording.went_wrong
        await replies.reply(update, context, told(update.update_id))
    except TelegramError as failure:
        _log.warning("the person could not be told: %s", failure.message)


def _log_outside_update(error: Exception | None) -> None:
    """Errors of polling: passing ones by the dozen, so without their traces."""
    if isinstance(error, NetworkError | Conflict):
        _log.warning("polling: %s", error.message)
    else:
        _log.error("an error outside any update", exc_info=error)
