"""`/forget` (忘记我): everything about a person is deleted, everywhere, when they confirm it.

Here live the question and the answer. What there is to delete is the store's.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from bot.chat import replies
from bot.chat.context import Context
from bot.model import Language
from bot.render import forgetting as words
from bot.render.callbacks import Forget
from bot.render.language import _


async def ask(update: Update, context: Context, text: str) -> None:
    """Say what would be deleted; only the person's own press deletes it."""
    user = update.effective_user
    if user is None:
        return
    known = await context.store.known_of(user.id)
    if known.is_nothing:
        await replies.reply(update, context, words.nothing(user.full_name))
        return
    answer = words.ask(
        user.id,
        user.full_name,
        groups=known.groups,
        sessions=known.sessions,
        check_ins=known.check_ins,
        parts=known.parts,
        answers=known.quiz_answers,
        has_chat=known.has_chat,
    )
    await replies.reply(update, context, answer)


async def pressed(update: Update, context: Context, action: Forget) -> None:
    """Delete it all. Nothing here meets the chat again: that would store it anew."""
    user = update.effective_user
    if user is None or user.id != action.user_id:
        await replies.acknowledge(update, _(words.NOT_YOURS), alert=True)
        return
    private = await context.store.chat(user.id)
    await context.store.forget_person(user.id)
    context.services.wake_boards()
    if private is not None and private.language is not Language.SIMPLIFIED:
        # Telegram keeps the menu of that chat: which language it was is forgotten there too.
        await context.services.show_menu(replace(private, language=Language.SIMPLIFIED))
    await replies.acknowledge(update, _(words.DONE))
    await replies.turn(update, context, words.forgotten())
