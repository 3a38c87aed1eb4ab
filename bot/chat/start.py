"""`/start` and `/help`: what the bot can do, with examples to press."""

from __future__ import annotations

from telegram import Update

from bot.chat import buttons, reading_plans, replies
from bot.chat.context import Context
from bot.chat.remembered import remember_texts
from bot.model import ChatKind
from bot.render import help as wording


async def start(update: Update, context: Context, text: str) -> None:
    """The greeting, for one person or for a group; or what a link into this chat is for."""
    for by_link in (reading_plans.by_link, buttons.by_link):
        if text and await by_link(update, context, text):
            return
    chat = await context.meet(update)
    ids = await remember_texts(context, wording.EXAMPLES)
    is_group = chat.kind is not ChatKind.PRIVATE
    person = update.effective_user
    # Whoever writes in a group need not speak for it.
    their_own = person.language_code or "" if person is not None and not is_group else ""
    is_unsaid = chat.zone == context.services.default_zone and not is_group
    zone = chat.zone if is_unsaid else ""
    answer = wording.start(
        context.library.corpus, ids, is_group=is_group, zone=zone, theirs=their_own
    )
    await replies.reply(update, context, answer)


async def thanked(update: Update, context: Context, text: str) -> None:
    """What one says to thanks."""
    await context.meet(update)
    await replies.reply(update, context, wording.thanked())


async def guide(update: Update, context: Context, text: str) -> None:
    """Everything that can be done, a line each."""
    chat = await context.meet(update)
    ids = await remember_texts(context, wording.EXAMPLES)
    answer = wording.guide(ids, is_group=chat.kind is not ChatKind.PRIVATE)
    await replies.reply(update, context, answer)
