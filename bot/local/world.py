"""Users, chats, members, topics and messages: the state of the local Telegram.

Here live the things themselves, their JSON as the Bot API shows it, and how they come into
being. Who does what to whom is in people.py; what the bot may do is in the method modules.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.local.entities import Entity
from bot.local.refusal import bad_request

Json = dict[str, Any]

GENERAL_TOPIC = 1

_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)


class Kind(StrEnum):
    """The type of a chat, in the Bot API's words."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Status(StrEnum):
    """The status of a member, in the Bot API's words (nobody is `restricted` here)."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def is_in(self) -> bool:
        return self not in (Status.LEFT, Status.KICKED)

    @property
    def rules(self) -> bool:
        return self in (Status.CREATOR, Status.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class LocalUser:
    """A person or a bot."""

    id: int
    first_name: str
    username: str = ""
    last_name: str = ""
    language_code: str = ""
    is_bot: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def json(self) -> Json:
        shown: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = ("last_name", "username", "language_code")
        return shown | {name: value for name in optional if (value := getattr(self, name))}


# Who an anonymous administrator's message is "from", in every group of the real Telegram.
ANONYMOUS = LocalUser(1087968824, "Group", "GroupAnonymousBot", is_bot=True)


@dataclass(slots=True)
class Member:
    """Somebody's part in a chat; administrators here have every right but promoting others."""

    user: LocalUser
    status: Status
    is_anonymous: bool = False
    custom_title: str = ""

    def json(self, kind: Kind) -> Json:
        """A ChatMember object of the Bot API."""
        shown: Json = {"user": self.user.json(), "status": str(self.status)}
        if self.status is Status.KICKED:
            shown["until_date"] = 0
        if self.status is Status.ADMINISTRATOR:
            shown["can_be_edited"] = False
            shown |= dict.fromkeys(_RIGHTS, True)
            shown["can_promote_members"] = False
            if kind is Kind.SUPERGROUP:
                shown["can_manage_topics"] = True
            if kind is Kind.CHANNEL:
                shown |= {"can_post_messages": True, "can_edit_messages": True}
        if self.status.rules:
            shown["is_anonymous"] = self.is_anonymous
            if self.custom_title:
                shown["custom_title"] = self.custom_title
        return shown


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the service message that made it."""

    id: int
    name: str
    is_closed: bool = False
    is_deleted: bool = False


@dataclass(slots=True)
class LocalMessage:
    """One message of a chat. `extra` holds what other JSON fields it has (photo, poll ...).

    `votes` are those in its poll: who chose which option, from 0.
    """

    id: int
    chat: LocalChat
    sent_at: datetime
    sender: LocalUser | None = None
    sender_chat: LocalChat | None = None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    reply_markup: Json | None = None
    thread_id: int | None = None
    reply_to: LocalMessage | None = None
    edited_at: datetime | None = None
    is_deleted: bool = False
    is_silent: bool = False
    signature: str = ""
    extra: Json = field(default_factory=dict)
    votes: dict[int, int] = field(default_factory=dict)

    @property
    def buttons(self) -> tuple[Json, ...]:
        """The inline buttons in reading order, as the Bot API shows them."""
        rows = self.reply_markup["inline_keyboard"] if self.reply_markup else []
        return tuple(button for row in rows for button in row)

    @property
    def is_service(self) -> bool:
        return not self.text and not {"photo", "document", "poll"} & self.extra.keys()

    def json(self, *, with_reply: bool = True) -> Json:
        shown: Json = {
            "message_id": self.id,
            "date": int(self.sent_at.timestamp()),
            "chat": self.chat.json(),
        }
        if self.sender:
            shown["from"] = self.sender.json()
        if self.sender_chat:
            shown["sender_chat"] = self.sender_chat.json()
        if self.signature:
            shown["author_signature"] = self.signature
        if self.thread_id is not None:
            shown["message_thread_id"] = self.thread_id
            shown["is_topic_message"] = True
        if self.reply_to and with_reply:
            shown["reply_to_message"] = self.reply_to.json(with_reply=False)
        if self.edited_at:
            shown["edit_date"] = int(self.edited_at.timestamp())
        shown |= self.extra
        has_media = "photo" in self.extra or "document" in self.extra
        if self.text:
            shown["caption" if has_media else "text"] = self.text
        if self.entities:
            shown["caption_entities" if has_media else "entities"] = self.entities
        if self.reply_markup:
            shown["reply_markup"] = self.reply_markup
        return shown


@dataclass(slots=True)
class LocalChat:
    """A chat. `next_message_id` is its own for supergroups and channels only."""

    id: int
    kind: Kind
    title: str = ""
    user: LocalUser | None = None  # the other party of a private chat
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, LocalMessage] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    next_message_id: int = 1
    upgraded_to: int | None = None
    is_started: bool = False  # private: the person has written to the bot
    is_blocked: bool = False  # private: the person has blocked the bot
    is_bot_muted: bool = False  # group: members may not send messages
    has_no_media: bool = False  # group: members may send text only
    has_no_polls: bool = False  # group: members may send no polls

    @property
    def is_group(self) -> bool:
        return self.kind in (Kind.GROUP, Kind.SUPERGROUP)

    def member(self, user: LocalUser) -> Member:
        """The membership of this user; somebody never seen here has left."""
        return self.members.get(user.id, Member(user, Status.LEFT))

    def json(self) -> Json:
        shown: Json = {"id": self.id, "type": str(self.kind)}
        if self.user:
            own = self.user.json()
            shown |= {name: own[name] for name in ("first_name", "last_name") if name in own}
            shown |= {"username": own["username"]} if "username" in own else {}
        else:
            shown["title"] = self.title
        if self.is_forum:
            shown["is_forum"] = True
        return shown


ChatLike = LocalChat | int


class World:
    """Everything there is, under one lock: a server's thread and a test's may share it."""

    def __init__(
        self, *, clock: Callable[[], datetime], bot_name: str, bot_username: str, bot_id: int
    ) -> None:
        self.clock = clock
        self.lock = threading.Condition(threading.RLock())
        self.bot = LocalUser(bot_id, bot_name, bot_username, is_bot=True)
        self.users: dict[int, LocalUser] = {self.bot.id: self.bot, ANONYMOUS.id: ANONYMOUS}
        self.chats: dict[int, LocalChat] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.texts: dict[tuple[str, str], str] = {}  # the bot's name and descriptions, likewise
        self.files: dict[tuple[str, str], Any] = {}  # uploads by kind and file_id
        self._user_ids = iter(range(700_000_001, 800_000_000))
        self._group_ids = iter(range(-4_000_001, -5_000_000, -1))
        self._supergroup_ids = iter(range(-1_002_000_000_001, -1_003_000_000_000, -1))
        self._box_message_id = 1  # private chats and basic groups count together

    # ------------------------------------------------------------- who and where

    def user(
        self,
        first_name: str,
        *,
        username: str = "",
        last_name: str = "",
        language_code: str = "zh-hans",
    ) -> LocalUser:
        """Somebody new."""
        with self.lock:
            one = LocalUser(next(self._user_ids), first_name, username, last_name, language_code)
            self.users[one.id] = one
            return one

    def private(self, user: LocalUser) -> LocalChat:
        """The private chat of this person and the bot; its id is the person's."""
        with self.lock:
            if user.id not in self.chats:
                chat = LocalChat(user.id, Kind.PRIVATE, user=user)
                chat.members = {user.id: Member(user, Status.MEMBER)}
                self.chats[user.id] = chat
            return self.chats[user.id]

    def group(self, title: str, creator: LocalUser, members: Iterable[LocalUser] = ()) -> LocalChat:
        """A basic group without the bot (`people.add_bot` adds it)."""
        return self._gather(LocalChat(next(self._group_ids), Kind.GROUP, title), creator, members)

    def supergroup(
        self,
        title: str,
        creator: LocalUser,
        members: Iterable[LocalUser] = (),
        *,
        is_forum: bool = False,
    ) -> LocalChat:
        """A supergroup without the bot, with topics when `is_forum`."""
        chat = LocalChat(next(self._supergroup_ids), Kind.SUPERGROUP, title, is_forum=is_forum)
        return self._gather(chat, creator, members)

    def channel(self, title: str, creator: LocalUser) -> LocalChat:
        return self._gather(LocalChat(next(self._supergroup_ids), Kind.CHANNEL, title), creator, ())

    def _gather(
        self, chat: LocalChat, creator: LocalUser, members: Iterable[LocalUser]
    ) -> LocalChat:
        with self.lock:
            chat.members = {one.id: Member(one, Status.MEMBER) for one in members}
            chat.members[creator.id] = Member(creator, Status.CREATOR)
            self.chats[chat.id] = chat
            return chat

    def chat(self, chat: ChatLike) -> LocalChat:
        """The chat of this id. Raises KeyError: a test or console asked for one that is not."""
        return chat if isinstance(chat, LocalChat) else self.chats[chat]

    def find_chat(self, chat_id: str) -> LocalChat:
        """The chat a call names. Raises RefusedError when there is none, or none for this bot."""
        try:
            number = int(chat_id)
        except ValueError:
            raise bad_request("chat not found") from None
        if number in self.chats:
            return self.chats[number]
        user = self.users.get(number)
        if user is None or user.is_bot:
            raise bad_request("chat not found")
        return self.private(user)

    # ------------------------------------------------------------------ messages

    def messages(self, chat: ChatLike) -> list[LocalMessage]:
        """What stands in the chat now, oldest first."""
        with self.lock:
            return [one for one in self.chat(chat).messages.values() if not one.is_deleted]

    def sent(self, chat: ChatLike) -> list[LocalMessage]:
        """What the bot has said in the chat, oldest first."""
        return [one for one in self.messages(chat) if one.sender == self.bot]

    def new_message(self, chat: LocalChat, **fields: Any) -> LocalMessage:
        """A message in the chat, dated now. Must be called under the lock."""
        if chat.kind in (Kind.PRIVATE, Kind.GROUP):
            number = self._box_message_id
            self._box_message_id += 1
        else:
            number = chat.next_message_id
            chat.next_message_id += 1
        message = LocalMessage(number, chat, self.clock(), **fields)
        chat.messages[number] = message
        return message

    def find_message(self, chat: LocalChat, message_id: int, what: str) -> LocalMessage:
        """A message that stands. Raises RefusedError ("message to edit not found" and the like)."""
        message = chat.messages.get(message_id)
        if message is None or message.is_deleted:
            raise bad_request(f"{what} not found")
        return message

    def file_json(self, content: bytes) -> Json:
        """The identity of a stored file: the same bytes, the same id."""
        digest = hashlib.sha256(content).hexdigest()
        return {
            "file_id": f"local-{digest[:40]}",
            "file_unique_id": digest[:16],
            "file_size": len(content),
        }

    def administrators(self, chat: LocalChat) -> Iterator[Member]:
        return (member for member in chat.members.values() if member.status.rules)
