"""What happens to the bot itself: added, removed, blocked, or its group moved.

Here lives how the stored chats follow. Settings are kept through all of it.
"""

from __future__ import annotations

import logging

from telegram import ChatMember, ChatMemberRestricted, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.chat import replies
from bot.chat.context import Context
from bot.model import Language
from bot.render import help as wording

_log = logging.getLogger(__name__)

_THERE = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)


async def changed(update: Update, context: Context) -> None:
    """The bot's own membership of a chat changed."""
    change = update.my_chat_member
    assert change is not None, "registered for this kind of update only"
    was_there, is_there = _is_there(change.old_chat_member), _is_there(change.new_chat_member)
    if not is_there:
        await context.meet(update)
        await context.store.deactivate_chat(change.chat.id, change.new_chat_member.status)
        _log.info("left a chat", extra={"chat": change.chat.id})
        return
    await context.meet(update)
    if not was_there and change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        await _greet(update, context)


def _is_there(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _THERE


async def _greet(update: Update, context: Context) -> None:
    """Say hello once; a group where the bot may not write stays without it."""
    chat = update.effective_chat
    assert chat is not None, "a membership is that of a chat"
    kept = await context.store.subscription(chat.id)
    is_back = kept is not None and kept.is_active
    try:
        await replies.reply(update, context, wording.back() if is_back else wording.joined())
    except (BadRequest, Forbidden) as error:
        _log.info("a group could not be greeted: %s", error.message)


async def migrated(update: Update, context: Context) -> None:
    """A group became a supergroup: both of its service messages say so, in either order."""
    message = update.effective_message
    assert message is not None, "registered for messages only"
    if message.migrate_to_chat_id is not None:
        old_id, new_id = message.chat.id, message.migrate_to_chat_id
    elif message.migrate_from_chat_id is not None:
        old_id, new_id = message.migrate_from_chat_id, message.chat.id
    else:
        return
    await context.store.migrate_chat(old_id, new_id)
    chat = await context.store.chat(new_id)
    if chat is not None and chat.language is not Language.SIMPLIFIED:
        await context.services.show_menu(chat)  # Telegram has left that of the group behind
