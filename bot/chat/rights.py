"""Who may change the settings of a chat: its administrators, and in private the person; and
what is the owner's alone.

Here live these questions and the refusals. Everyone may ask the bot for passages.
"""

from __future__ import annotations

import logging

from telegram import Message, Update
from telegram.constants import ChatID, ChatMemberStatus, ChatType
from telegram.error import BadRequest

from bot.chat import replies
from bot.chat.context import Context
from bot.model import ChatKind
from bot.render import help as wording
from bot.render import settings
from bot.render.language import _

_log = logging.getLogger(__name__)

_ADMINISTRATORS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def is_owner(update: Update, context: Context) -> bool:
    """True when the operator of this bot sent this; anybody else is told whose matter it is."""
    user, owner_id = update.effective_user, context.services.owner_id
    if user is not None and owner_id and user.id == owner_id:
        return True
    await _refuse(update, context, _(wording.ONLY_OWNER))
    return False


async def may_change(update: Update, context: Context) -> bool:
    """True when whoever sent this may change the chat's settings; else they were told why not."""
    try:
        allowed = await _is_administrator(update, context)
    except BadRequest as error:
        # A supergroup may hide its members from bots that are not administrators.
        _log.info("cannot ask for a chat member: %s", error.message)
        await _refuse(update, context, _(wording.NOT_CONFIRMED))
        return False
    if not allowed:
        chat = update.effective_chat
        assert chat is not None
        await _refuse(update, context, settings.only_administrators(ChatKind(chat.type)))
    return allowed


async def _is_administrator(update: Update, context: Context) -> bool:
    chat, user, query = update.effective_chat, update.effective_user, update.callback_query
    assert chat is not None, "only updates of a chat are registered"
    if chat.type == ChatType.PRIVATE:
        return True
    message = update.effective_message
    if query is None and isinstance(message, Message) and message.sender_chat is not None:
        # An anonymous administrator writes as the group, a channel's post as the channel;
        # anybody may write as a channel of their own.
        return message.sender_chat.id == chat.id
    if user is None:
        return False
    if user.id == ChatID.ANONYMOUS_ADMIN:
        return True
    member = await context.bot.get_chat_member(chat.id, user.id)
    return member.status in _ADMINISTRATORS


async def _refuse(update: Update, context: Context, sentence: str) -> None:
    if update.callback_query is not None:
        await replies.acknowledge(update, sentence, alert=True)
    else:
        await replies.reply(update, context, settings.refusal(sentence))
