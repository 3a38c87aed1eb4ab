"""Pressed buttons: which handler each action of `render.callbacks` goes to.

Here lives that table alone, and the acknowledgement that every press gets.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from telegram import Update

from bot.chat import (
    attendance,
    forgetting,
    plan,
    quotes,
    reading,
    records,
    reminders,
    replies,
    search,
    settings,
    upload,
)
from bot.chat.context import Context
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
}


async def pressed(update: Update, context: Context) -> None:
    """Do what a button says and acknowledge the press; old buttons say what to do instead."""
    query = update.callback_query
    assert query is not None, "registered for pressed buttons only"
    action = callbacks.parse(query.data or "")
    if isinstance(action, callbacks.Outdated) or query.message is None:
        await replies.acknowledge(update, _(wording.OUTDATED))
        if query.message is not None:
            await replies.reply(update, context, wording.outdated_button())
    elif isinstance(action, callbacks.Setting):
        await settings.pressed(update, context, action)  # acknowledges with words of its own
    elif isinstance(action, callbacks.SwapQuote):
        await plan.swap(update, context, action)
    elif isinstance(action, callbacks.ResetDay):
        await plan.reset(update, context, action)
    elif isinstance(action, callbacks.Remind):
        await reminders.pressed(update, context, action)
    elif isinstance(action, callbacks.TakePart):
        await attendance.tapped(update, context, action)
    elif isinstance(action, callbacks.Records):
        await records.pressed(update, context, action)
    elif isinstance(action, callbacks.Forget):
        await forgetting.pressed(update, context, action)
    else:
        await _HANDLERS[type(action)](update, context, action)
        await replies.acknowledge(update)
