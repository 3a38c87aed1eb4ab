"""What people do in the local Telegram, and the updates this gives the bot.

Here live the human half of the world: saying, pressing, asking inline, adding and kicking,
promoting, blocking, migrating; each makes exactly the update the real server would, or none
(privacy mode, a bot that is not there). What the bot does is in the method modules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.local.entities import trimmed, utf16_length, utf16_slice, with_found
from bot.local.flood import FloodGate
from bot.local.rules import Upload
from bot.local.updates import UpdateQueue
from bot.local.world import (
    ANONYMOUS,
    GENERAL_TOPIC,
    ChatLike,
    Json,
    Kind,
    LocalChat,
    LocalMessage,
    LocalUser,
    Member,
    Status,
    Topic,
    World,
)

_ICON_COLOR = 0x6FB9F0  # the first of the colours a topic may have


@dataclass(slots=True)
class Press:
    """A button that was pressed, and what the bot answered to it (None: not yet)."""

    id: str
    user: LocalUser
    message: LocalMessage
    data: str
    pressed_at: float
    answer: Json | None = None


@dataclass(slots=True)
class InlineQuestion:
    """An inline query, and the results the bot answered with (None: not yet)."""

    id: str
    user: LocalUser
    text: str
    asked_at: float
    answer: Json | None = None


class People(World):
    """The world with people in it. Chats may be given as themselves or by id."""

    def __init__(
        self,
        *,
        has_privacy_mode: bool,
        is_local_server: bool,
        flood: FloodGate | None,
        **world: Any,
    ) -> None:
        super().__init__(**world)
        self.has_privacy_mode = has_privacy_mode
        self.is_local_server = is_local_server
        self._flood = flood
        self.updates = UpdateQueue(self.lock)
        self.presses: dict[str, Press] = {}
        self.inline_questions: dict[str, InlineQuestion] = {}
        self._query_ids = iter(range(4_000_000_000_000_000_001, 5_000_000_000_000_000_000))

    # ------------------------------------------------------------------- talking

    def say(
        self,
        chat: ChatLike,
        user: LocalUser,
        text: str,
        *,
        thread_id: int | None = None,
        reply_to: LocalMessage | int | None = None,
        quote: str = "",
        as_anonymous_admin: bool = False,
    ) -> LocalMessage:
        """Somebody writes. `quote` is the part that was chosen of the message replied to.

        Raises ValueError for what the person could not do either.
        """
        with self.lock:
            where = self.chat(chat)
            author = self._author(where, user, as_anonymous_admin)
            above = self._replied(where, reply_to, thread_id)
            plain, entities = trimmed(text, [])
            message = self.new_message(
                where,
                text=plain,
                entities=with_found(plain, entities),
                thread_id=self._thread(where, thread_id),
                reply_to=above,
                extra=_quoted(above, quote) if quote else {},
                **author,
            )
            if where.kind is Kind.PRIVATE:
                where.is_started = True
            if self._reaches_bot(message):
                kind = "channel_post" if where.kind is Kind.CHANNEL else "message"
                self.updates.add(kind, message.json())
            return message

    def send_file(
        self, chat: ChatLike, user: LocalUser, name: str, content: bytes, *, caption: str = ""
    ) -> LocalMessage:
        """Somebody sends a file as a document."""
        with self.lock:
            where = self.chat(chat)
            identity = self.file_json(content)
            self.files["document", identity["file_id"]] = Upload(name, content)
            plain, entities = trimmed(caption, [])
            message = self.new_message(
                where,
                text=plain,
                entities=with_found(plain, entities),
                extra={"document": {**identity, "file_name": name}},
                **self._author(where, user, as_anonymous=False),
            )
            if where.kind is Kind.PRIVATE:
                where.is_started = True
            if self._reaches_bot(message):
                self.updates.add("message", message.json())
            return message

    def edit(self, message: LocalMessage, text: str) -> None:
        """The author changes what was said."""
        with self.lock:
            message.text, _ = trimmed(text, [])
            message.entities = with_found(message.text, [])
            message.edited_at = self.clock()
            if self._reaches_bot(message):
                channel = message.chat.kind is Kind.CHANNEL
                kind = "edited_channel_post" if channel else "edited_message"
                self.updates.add(kind, message.json())

    def press(self, chat: ChatLike, message_id: int, button: int | str, user: LocalUser) -> Press:
        """Press an inline button, by its index in reading order or by its callback data.

        Raises ValueError where the message has no such button, or one without data.
        """
        with self.lock:
            message = self.chat(chat).messages[message_id]
            data = [one.get("callback_data") for one in message.buttons]
            chosen = button if isinstance(button, str) else (data[button : button + 1] or [None])[0]
            if message.is_deleted or chosen is None or chosen not in data:
                raise ValueError(f"message {message_id} has no callback button {button!r}")
            number = self.next_query_id()
            press = Press(number, user, message, chosen, self.clock().timestamp())
            self.presses[number] = press
            self.updates.add(
                "callback_query",
                {
                    "id": number,
                    "from": user.json(),
                    "message": message.json(),
                    "chat_instance": str(1_000_003 * message.chat.id),
                    "data": chosen,
                },
            )
            return press

    def inline(
        self, user: LocalUser, text: str, *, offset: str = "", chat_type: str = "sender"
    ) -> InlineQuestion:
        """Somebody types `@bot text` in a message field; the answer comes into what returns."""
        with self.lock:
            number = self.next_query_id()
            question = InlineQuestion(number, user, text[:256], self.clock().timestamp())
            self.inline_questions[number] = question
            self.updates.add(
                "inline_query",
                {
                    "id": number,
                    "from": user.json(),
                    "query": question.text,
                    "offset": offset,
                    "chat_type": chat_type,
                },
            )
            return question

    def choose(self, question: InlineQuestion, number: int, chat: ChatLike) -> LocalMessage:
        """Tap a result, by its index: its message is sent by the person, via the bot.

        Raises ValueError where the answer has no such result.
        """
        with self.lock:
            results = question.answer["results"] if question.answer else []
            if not 0 <= number < len(results):
                raise ValueError(f"there is no result {number} for {question.text}")
            where, result = self.chat(chat), results[number]
            message = self.new_message(
                where,
                text=result["shown"]["text"],
                entities=result["shown"]["entities"],
                reply_markup=result["reply_markup"],
                extra={"via_bot": self.bot.json()},
                **self._author(where, question.user, as_anonymous=False),
            )
            if self._reaches_bot(message):
                self.updates.add("message", message.json())
            return message

    # ------------------------------------------------------------------- members

    def add_bot(self, chat: ChatLike, by: LocalUser) -> None:
        """Somebody adds the bot to a group or channel."""
        with self.lock:
            where = self.chat(chat)
            in_channel = where.kind is Kind.CHANNEL
            self.set_status(
                where, self.bot, Status.ADMINISTRATOR if in_channel else Status.MEMBER, by
            )
            if not in_channel:
                self._service(where, by, new_chat_members=[self.bot.json()])

    def kick_bot(self, chat: ChatLike, by: LocalUser) -> None:
        with self.lock:
            where = self.chat(chat)
            if where.kind is Kind.GROUP:  # in a supergroup the bot no longer sees it
                self._service(where, by, left_chat_member=self.bot.json())
            self.set_status(where, self.bot, Status.KICKED, by)

    def join(self, chat: ChatLike, user: LocalUser) -> None:
        """A person comes into a group."""
        with self.lock:
            where = self.chat(chat)
            self.set_status(where, user, Status.MEMBER, user)
            self._service(where, user, new_chat_members=[user.json()])

    def leave(self, chat: ChatLike, user: LocalUser) -> None:
        with self.lock:
            where = self.chat(chat)
            self.set_status(where, user, Status.LEFT, user)
            self._service(where, user, left_chat_member=user.json())

    def promote(
        self,
        chat: ChatLike,
        user: LocalUser,
        *,
        is_anonymous: bool = False,
        custom_title: str = "",
        by: LocalUser | None = None,
    ) -> None:
        """Make somebody (the bot too) an administrator, or change how one appears."""
        with self.lock:
            where = self.chat(chat)
            status = where.member(user).status
            status = status if status is Status.CREATOR else Status.ADMINISTRATOR
            self.set_status(
                where,
                user,
                status,
                by or user,
                is_anonymous=is_anonymous,
                custom_title=custom_title,
            )

    def demote(self, chat: ChatLike, user: LocalUser, *, by: LocalUser | None = None) -> None:
        with self.lock:
            self.set_status(self.chat(chat), user, Status.MEMBER, by or user)

    def block(self, user: LocalUser) -> None:
        """The person blocks the bot."""
        self._set_blocked(user, True)

    def unblock(self, user: LocalUser) -> None:
        self._set_blocked(user, False)

    # --------------------------------------------------------------------- chats

    def rename(self, chat: ChatLike, title: str, by: LocalUser) -> None:
        with self.lock:
            where = self.chat(chat)
            where.title = title
            self._service(where, by, new_chat_title=title)

    def topic(self, chat: ChatLike, name: str, by: LocalUser) -> int:
        """A new topic of a forum; its `message_thread_id`."""
        with self.lock:
            where = self.chat(chat)
            if not where.is_forum:
                raise ValueError(f"{where.title} has no topics")
            created = {"name": name, "icon_color": _ICON_COLOR}
            thread_id = where.next_message_id
            where.topics[thread_id] = Topic(thread_id, name)
            self._service(where, by, thread_id, forum_topic_created=created)
            return thread_id

    def close_topic(self, chat: ChatLike, thread_id: int, by: LocalUser) -> None:
        with self.lock:
            where = self.chat(chat)
            where.topics[thread_id].is_closed = True
            self._service(where, by, thread_id, forum_topic_closed={})

    def reopen_topic(self, chat: ChatLike, thread_id: int, by: LocalUser) -> None:
        with self.lock:
            where = self.chat(chat)
            where.topics[thread_id].is_closed = False
            self._service(where, by, thread_id, forum_topic_reopened={})

    def delete_topic(self, chat: ChatLike, thread_id: int) -> None:
        """A topic and its messages vanish; the bot is not told."""
        with self.lock:
            where = self.chat(chat)
            where.topics[thread_id].is_deleted = True
            for message in where.messages.values():
                if message.thread_id == thread_id:
                    message.is_deleted = True

    def migrate(self, chat: ChatLike, by: LocalUser) -> LocalChat:
        """A basic group becomes a supergroup with a new id; both service messages are sent."""
        with self.lock:
            old = self.chat(chat)
            if old.kind is not Kind.GROUP or old.upgraded_to:
                raise ValueError(f"{old.title} is no basic group")
            creator = next(one.user for one in old.members.values() if one.status == "creator")
            new = self.supergroup(old.title, creator)
            new.members = old.members
            self._service(old, by, migrate_to_chat_id=new.id)
            old.upgraded_to = new.id
            self._service(new, ANONYMOUS, migrate_from_chat_id=old.id, sender_chat=new)
            return new

    # ------------------------------------------ what the methods and the above share

    def _author(self, chat: LocalChat, user: LocalUser, as_anonymous: bool) -> Json:
        if chat.upgraded_to:
            raise ValueError(f"{chat.title} became the supergroup {chat.upgraded_to}")
        if chat.kind is Kind.PRIVATE and chat.is_blocked:
            raise ValueError(f"{user.name} has blocked the bot")
        member = chat.member(user)
        if not member.status.is_in:
            raise ValueError(f"{user.name} is not in {chat.title or 'this private chat'}")
        if chat.kind is Kind.CHANNEL:
            return {"sender_chat": chat}
        if not (as_anonymous or member.is_anonymous):
            return {"sender": user}
        if not member.status.rules or not chat.is_group:
            raise ValueError(f"{user.name} is no administrator of {chat.title}")
        return {"sender": ANONYMOUS, "sender_chat": chat, "signature": member.custom_title}

    def _thread(self, chat: LocalChat, thread_id: int | None) -> int | None:
        if thread_id is None or thread_id == GENERAL_TOPIC or not chat.is_forum:
            return None
        if chat.topics[thread_id].is_deleted:
            raise ValueError(f"topic {thread_id} was deleted")
        return thread_id

    def _replied(
        self, chat: LocalChat, reply_to: LocalMessage | int | None, thread_id: int | None
    ) -> LocalMessage | None:
        if isinstance(reply_to, int):
            reply_to = chat.messages[reply_to]
        if reply_to is None and self._thread(chat, thread_id):
            # In a topic, what replies to nothing replies to the topic's first message.
            return chat.messages[self._thread(chat, thread_id) or 0]
        return reply_to

    def _reaches_bot(self, message: LocalMessage) -> bool:
        """Whether the bot is shown this message (core.telegram.org/bots/features#privacy-mode)."""
        chat = message.chat
        if chat.kind is Kind.PRIVATE:
            return True
        own = chat.member(self.bot).status
        if not own.is_in:
            return False
        if message.is_service or own.rules or not self.has_privacy_mode:
            return True
        if message.reply_to and message.reply_to.sender == self.bot:
            return not message.reply_to.is_service
        return any(self._calls_bot(message, entity) for entity in message.entities)

    def _calls_bot(self, message: LocalMessage, entity: Json) -> bool:
        piece = utf16_slice(message.text, entity["offset"], entity["length"]).lower()
        own_name = self.bot.username.lower()
        if entity["type"] == "mention":
            return piece == f"@{own_name}"
        if entity["type"] == "bot_command":
            return "@" not in piece or piece.endswith(f"@{own_name}")
        return False

    def _service(
        self,
        chat: LocalChat,
        by: LocalUser,
        thread_id: int | None = None,
        sender_chat: LocalChat | None = None,
        **extra: Any,
    ) -> None:
        message = self.new_message(
            chat, sender=by, sender_chat=sender_chat, thread_id=thread_id, extra=extra
        )
        if self._reaches_bot(message):
            self.updates.add("message", message.json())

    def set_status(
        self,
        chat: LocalChat,
        user: LocalUser,
        status: Status,
        by: LocalUser,
        *,
        is_anonymous: bool = False,
        custom_title: str = "",
    ) -> None:
        """Change a membership and tell the bot, as far as it is told."""
        old = chat.member(user)
        new = Member(user, status, is_anonymous, custom_title)
        chat.members[user.id] = new
        is_own = user == self.bot
        if not is_own and not chat.member(self.bot).status.rules:
            return  # only an administrator bot hears of other members
        self.updates.add(
            "my_chat_member" if is_own else "chat_member",
            {
                "chat": chat.json(),
                "from": by.json(),
                "date": int(self.clock().timestamp()),
                "old_chat_member": old.json(chat.kind),
                "new_chat_member": new.json(chat.kind),
            },
        )

    def admit(self, chat: LocalChat, *, is_paid: bool) -> None:
        """Count a message of the bot to this chat. Raises RefusedError (429): too fast."""
        if self._flood:
            self._flood.admit(chat.id, is_private=chat.kind is Kind.PRIVATE, is_paid=is_paid)

    def next_query_id(self) -> str:
        """A long number nobody has had: of a query, a poll."""
        return str(next(self._query_ids))

    def _set_blocked(self, user: LocalUser, is_blocked: bool) -> None:
        with self.lock:
            chat = self.private(user)
            if chat.is_blocked == is_blocked:
                return
            chat.is_blocked = is_blocked
            chat.members[self.bot.id] = Member(
                self.bot, Status.MEMBER if is_blocked else Status.KICKED
            )
            self.set_status(chat, self.bot, Status.KICKED if is_blocked else Status.MEMBER, user)


def _quoted(above: LocalMessage | None, quote: str) -> Json:
    """The TextQuote of a reply that chose a part of what it replies to."""
    if above is None or quote not in above.text:
        raise ValueError(f"{quote} does not stand in the message replied to")
    position = utf16_length(above.text[: above.text.index(quote)])
    return {"quote": {"text": quote, "position": position, "is_manual": True}}
