"""Pressed buttons: which handler each action of `render.callbacks` goes to.

Here lives that table alone, the acknowledgement that every press gets, and that what was
answered a moment ago is not answered again.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from telegram import Update
from telegram.constants import ChatType

from bot.chat import (
    attendance,
    check_ins,
    forgetting,
    plan,
    quizzes,
    quotes,
    reading,
    reading_taps,
    records,
    reminders,
    replies,
    search,
    settings,
    upload,
)
from bot.chat.context import Context
from bot.chat.presses import BY_A_TREMBLING_FINGER, IN_A_GROUP
from bot.render import callbacks
from bot.render import help as wording
from bot.render.language import _

_Handler = Callable[[Update, Context, Any], Awaitable[None]]

_HANDLERS: Mapping[type[callbacks.Action], _Handler] = {
    callbacks.SearchPage: search.turn_page,
    callbacks.Ask: search.ask,
    callbacks.OpenPassage: quotes.open_passage,
    callbacks.TurnToPassage: quotes.turn_to_passage,
    callbacks.ShowRelated: quotes.show_related,
    callbacks.AnotherQuote: quotes.another,
    callbacks.Read: reading.read_section,
    callbacks.TurnToSection: reading.turn_to_section,
    callbacks.ReadAfter: reading.read_after,
    callbacks.ReadPiece: reading.read_piece,
    callbacks.TurnToPiece: reading.turn_to_piece,
    callbacks.OpenPiece: reading.open_piece,
    callbacks.Continue: reading.continue_pressed,
    callbacks.EnableUpload: upload.enable,
    callbacks.DiscardUpload: upload.discard,
    callbacks.RollBack: upload.go_back,
    callbacks.ListArticles: reading.turn_list,
    callbacks.ListDays: plan.turn_days,
    callbacks.OpenDay: plan.open_day,
    callbacks.OpenArticle: reading.open_article,
    callbacks.ShowMonth: check_ins.month_pressed,
}

# Those that acknowledge the press with words of their own.
_ACKNOWLEDGING: Mapping[type[callbacks.Action], _Handler] = {
    callbacks.Setting: settings.pressed,
    callbacks.SwapQuote: plan.swap,
    callbacks.ResetDay: plan.reset,
    callbacks.Remind: reminders.pressed,
    callbacks.TakePart: attendance.tapped,
    callbacks.ReadTogether: reading_taps.pressed,
    callbacks.CheckIn: check_ins.tapped,
    callbacks.Records: records.pressed,
    callbacks.AskQuiz: quizzes.pressed,
    callbacks.Forget: forgetting.pressed,
}


# Those that are answered by a message of their own, the same whoever presses.
_ANSWERED_ANEW: tuple[type[callbacks.Action], ...] = (
    callbacks.Ask,
    callbacks.OpenPassage,
    callbacks.ShowRelated,
    callbacks.Read,
    callbacks.ReadAfter,
    callbacks.ReadPiece,
    callbacks.OpenPiece,
    callbacks.Continue,
    callbacks.ShowMonth,
)

# `/start` with this and a button's data does in private what the button does.
_OPEN: Final = "open_"
_LONGEST_PAYLOAD: Final = 64  # https://core.telegram.org/bots/features#deep-linking


async def pressed(update: Update, context: Context) -> None:
    """Do what a button says and acknowledge the press; old buttons say what to do instead."""
    query = update.callback_query
    assert query is not None, "registered for pressed buttons only"
    action = callbacks.parse(query.data or "")
    if isinstance(action, callbacks.Outdated) or query.message is None:
        await replies.acknowledge(update, _(wording.OUTDATED))
        if query.message is not None:
            await replies.reply(update, context, wording.outdated_button())
    elif type(action) in _ACKNOWLEDGING:
        await _ACKNOWLEDGING[type(action)](update, context, action)
    elif isinstance(action, _ANSWERED_ANEW):
        await _answer_anew(update, context, action)
    else:
        await _HANDLERS[type(action)](update, context, action)
        await replies.acknowledge(update)


async def _answer_anew(update: Update, context: Context, action: callbacks.Action) -> None:
    """Answer with a new message, unless the same press brought it a moment ago.

    A channel is its administrators' to write in: what a reader presses there opens in private.
    """
    chat, query = update.effective_chat, update.callback_query
    assert chat is not None, "only updates of a chat are registered"
    assert query is not None, "registered for pressed buttons only"
    assert query.message is not None, "without one the button is outdated"
    is_of_channel = isinstance(action, callbacks.ShowMonth)
    if chat.type == ChatType.CHANNEL and not is_of_channel and (link := _link(context, query.data)):
        await replies.acknowledge(update, url=link)
        return
    is_private = chat.type == ChatType.PRIVATE
    # 继续 brings something else each time.
    is_brief = is_private or isinstance(action, callbacks.Continue)
    press = (chat.id, query.message.message_id, query.data or "")
    presses, within = context.services.presses, BY_A_TREMBLING_FINGER if is_brief else IN_A_GROUP
    if presses.is_repeated(press, context.now(), within):
        await replies.acknowledge(update, "" if is_private else _(wording.SHOWN_ALREADY))
        return
    await _HANDLERS[type(action)](update, context, action)
    presses.note(press, context.now())
    await replies.acknowledge(update)


def _link(context: Context, data: str | None) -> str:
    """A link that does in private what the button with this data does; empty for a long one."""
    encoded = urlsafe_b64encode((data or "").encode()).decode().rstrip("=")
    payload = f"{_OPEN}{encoded}"
    return replies.private_link(context, payload) if len(payload) <= _LONGEST_PAYLOAD else ""


async def by_link(update: Update, context: Context, text: str) -> bool:
    """What `/start` with the payload of one of our links does; false for any other payload."""
    chat = update.effective_chat
    if chat is None or chat.type != ChatType.PRIVATE or not text.startswith(_OPEN):
        return False
    encoded = text.removeprefix(_OPEN)
    try:
        data = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    action = callbacks.parse(data)
    if not isinstance(action, _ANSWERED_ANEW):
        return False
    await _HANDLERS[type(action)](update, context, action)
    return True
