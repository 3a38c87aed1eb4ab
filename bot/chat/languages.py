"""Which language a chat is answered in: set for every update, changed by its administrators.

Here live these two. What is said is `render`; which command and word asks for a change is
`settings` and `wishes`, and the menus of commands are `register`'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telegram import Message, Update
from telegram.constants import ChatType

from bot.chat.context import Context
from bot.model import Chat, Language, Script
from bot.render.language import speak

_GROUPS: Final = (ChatType.GROUP, ChatType.SUPERGROUP)


async def follow(update: Update, context: Context) -> None:
    """From here to the end of this update, speak as the chat it comes from has chosen.

    An inline query comes from no chat of ours: whoever asks has a private one, or none. One
    read of the store by its key.
    """
    person, chat = update.effective_user, update.effective_chat
    whose = chat or person
    if whose is not None:
        speak(*await context.store.spoken(whose.id))


def may_be_answered(update: Update) -> bool:
    """False for what people in groups say to one another: most of what a bot hears."""
    message = update.effective_message
    if not isinstance(message, Message) or update.callback_query is not None:
        return True
    return message.chat.type not in _GROUPS or message.document is not None


async def change(
    context: Context, chat: Chat, *, language: Language | None = None, script: Script | None = None
) -> Chat:
    """Store what a chat has chosen, speak so at once, and show its menu of commands so."""
    changed = replace(chat, language=language or chat.language, script=script or chat.script)
    speak(changed.language, changed.script)
    if changed != chat:
        await context.store.save_chat(changed)
    if changed.language is not chat.language:
        await context.services.show_menu(changed)
    return changed
