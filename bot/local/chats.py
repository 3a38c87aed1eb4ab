"""The Bot API methods that ask about chats and their members, and that leave them."""

from __future__ import annotations

from bot.local.people import People
from bot.local.refusal import bad_request, forbidden, migrated
from bot.local.rules import Fields
from bot.local.world import Json, Kind, LocalChat, Status

_ANY_GIFT = dict.fromkeys(
    (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ),
    True,
)


def get_chat(people: People, fields: Fields) -> Json:
    """A ChatFullInfo with what this Telegram knows of the chat."""
    chat = people.find_chat(fields["chat_id"])
    _visible(people, chat)
    shown = chat.json() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": _ANY_GIFT,
    }
    if chat.is_group:
        shown["permissions"] = {"can_send_messages": not chat.is_bot_muted}
    if chat.pinned:
        shown["pinned_message"] = chat.messages[chat.pinned[-1]].json(with_reply=False)
    return shown


def get_chat_member(people: People, fields: Fields) -> Json:
    """The ChatMember of a user known to this Telegram."""
    chat = people.find_chat(fields["chat_id"])
    _visible(people, chat)
    user = people.users.get(fields["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return chat.member(user).json(chat.kind)


def get_chat_administrators(people: People, fields: Fields) -> list[Json]:
    """The ChatMembers who rule; other bots only when asked for."""
    chat = people.find_chat(fields["chat_id"])
    if chat.kind is Kind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    _visible(people, chat)
    with_bots = fields.get("return_bots", False)
    return [
        member.json(chat.kind)
        for member in people.administrators(chat)
        if with_bots or not member.user.is_bot or member.user == people.bot
    ]


def get_chat_member_count(people: People, fields: Fields) -> int:
    """How many are in, the bot included."""
    chat = people.find_chat(fields["chat_id"])
    _visible(people, chat)
    return sum(member.status.is_in for member in chat.members.values())


def leave_chat(people: People, fields: Fields) -> bool:
    """The bot leaves a group or channel, and is told that it left."""
    chat = people.find_chat(fields["chat_id"])
    if chat.kind is Kind.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    _visible(people, chat)
    people.set_status(chat, people.bot, Status.LEFT, people.bot)
    return True


def _visible(people: People, chat: LocalChat) -> None:
    """Raises RefusedError for a group that the bot has no part in."""
    if chat.kind is Kind.PRIVATE:
        return
    if chat.upgraded_to:
        raise migrated(chat.upgraded_to)
    status = chat.member(people.bot).status
    if status is Status.KICKED:
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if not status.is_in:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
