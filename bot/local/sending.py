"""The Bot API methods that put something into a chat: messages, pictures, files.

Here live who may be written to, where in the chat, and what a message may hold. Polls are in
polls.py; changing and removing messages is in editing.py.
"""

from __future__ import annotations

import struct
from typing import Any

from bot.local.entities import Entity, settled, trimmed, utf16_length, with_found
from bot.local.html import parse_html
from bot.local.markup import checked_markup
from bot.local.people import People
from bot.local.refusal import bad_request, forbidden, migrated
from bot.local.rules import Fields, Upload, within
from bot.local.world import GENERAL_TOPIC, Json, Kind, LocalChat, LocalMessage, Status

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_MOST_BYTES = {"photo": 10 * 1024**2, "document": 50 * 1024**2}
_MOST_SOURCE_BYTES = 1 << 15  # of a text before its entities are parsed


def send_message(people: People, fields: Fields) -> Json:
    """Text, with HTML or entities; the Message."""
    text, entities = read_text(people, fields, "text", "entities", "sendMessage")
    return post(people, fields, text=text, entities=entities)


def send_photo(people: People, fields: Fields) -> Json:
    """A PNG or JPEG sent along, at most 10 MB, or one of before by its id; the Message."""
    upload = _file(people, fields, "photo")
    width, height = _dimensions(upload.content)
    size = {**people.file_json(upload.content), "width": width, "height": height}
    extra: Json = {"photo": [size]}
    for name, shown in (
        ("show_caption_above_media", "show_caption_above_media"),
        ("has_spoiler", "has_media_spoiler"),
    ):
        if fields.get(name):
            extra[shown] = True
    return _post_media(people, fields, extra, "sendPhoto")


def send_document(people: People, fields: Fields) -> Json:
    """A file sent along, at most 50 MB, or one of before by its id; the Message."""
    upload = _file(people, fields, "document")
    document = {
        **people.file_json(upload.content),
        "file_name": upload.name,
        "mime_type": upload.mime_type,
    }
    return _post_media(people, fields, {"document": document}, "sendDocument")


def send_chat_action(people: People, fields: Fields) -> bool:
    """ "Typing ..." and its like: checked, then forgotten."""
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    find_thread(chat, fields)
    if fields["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


# ------------------------------------------------------------------------ may I, and where


def writable(people: People, chat: LocalChat) -> None:
    """Raises RefusedError where the bot may not write, in the order the real server looks."""
    if chat.upgraded_to:
        raise migrated(chat.upgraded_to)
    if chat.kind is Kind.PRIVATE:
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.is_started:
            raise forbidden("bot can't initiate conversation with a user")
        return
    status = chat.member(people.bot).status
    if status is Status.KICKED:
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if not status.is_in:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    if chat.is_bot_muted and not status.rules:
        raise bad_request("not enough rights to send text messages to the chat")


def find_thread(chat: LocalChat, fields: Fields) -> int | None:
    """The topic a call names; ignored, as in the real one, by groups without topics."""
    thread_id: int | None = fields.get("message_thread_id")
    if not thread_id:
        return None
    if chat.kind is Kind.PRIVATE:
        raise bad_request("message thread not found")
    if not chat.is_forum:
        return None
    topic = chat.topics.get(thread_id)
    if thread_id == GENERAL_TOPIC or topic is None or topic.is_deleted:
        raise bad_request("message thread not found")
    return thread_id


def _open_thread(people: People, chat: LocalChat, fields: Fields) -> int | None:
    thread_id = find_thread(chat, fields)
    topic = chat.topics.get(thread_id or GENERAL_TOPIC)
    if topic and topic.is_closed and not chat.member(people.bot).status.rules:
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def _replied(people: People, chat: LocalChat, fields: Fields) -> LocalMessage | None:
    reply = fields.get("reply_parameters")
    if not reply:
        return None
    within("ReplyParameters", "quote", utf16_length(reply.get("quote", "")), "QUOTE_TEXT_INVALID")
    where = people.find_chat(str(reply["chat_id"])) if "chat_id" in reply else chat
    message = where.messages.get(reply["message_id"])
    if message is None or message.is_deleted:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return message


# ------------------------------------------------------------------------ text and the post


def read_text(
    people: People, fields: Fields, name: str, entities_name: str, method: str
) -> tuple[str, list[Entity]]:
    """The text of a message as it will stand. Raises RefusedError: empty, too long, bad HTML."""
    text, entities = formatted(people, fields, name, entities_name, "parse_mode")
    if name == "text":
        if not text:
            raise bad_request("message text is empty")
        within(method, name, utf16_length(text), "message is too long")
    else:
        within(method, name, utf16_length(text), "message caption is too long")
    return text, entities


def formatted(
    people: People, fields: Fields, name: str, entities_name: str, mode_name: str
) -> tuple[str, list[Entity]]:
    """A field of text, trimmed, with its entities: those given, or those of its HTML."""
    source = fields.get(name, "")
    if len(source.encode()) > _MOST_SOURCE_BYTES:
        raise bad_request("text is too long")
    mode = fields.get(mode_name, "none").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode == "none":
        text, entities = source, list(fields.get(entities_name, []))
    elif mode in ("markdown", "markdownv2"):
        raise bad_request(f"this Telegram reads HTML, not {mode}")
    else:
        raise bad_request("unsupported parse_mode")
    for entity in entities:
        if entity["type"] == "text_mention":
            user = people.users.get(entity["user"]["id"])
            entity["user"] = user.json() if user else entity["user"]
    text, entities = trimmed(text, settled(entities))
    return text, with_found(text, entities)


def _post_media(people: People, fields: Fields, extra: Json, method: str) -> Json:
    text, entities = read_text(people, fields, "caption", "caption_entities", method)
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    if chat.has_no_media and not chat.member(people.bot).status.rules:
        kind = {"sendPhoto": "photos", "sendDocument": "documents"}[method]
        raise bad_request(f"not enough rights to send {kind} to the chat")
    return post(people, fields, text=text, entities=entities, extra=extra)


def post(people: People, fields: Fields, **content: Any) -> Json:
    """Put the bot's message into the chat, where it may write; the Message."""
    markup = checked_markup(fields.get("reply_markup"))
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    thread_id = _open_thread(people, chat, fields)
    reply_to = _replied(people, chat, fields)
    people.admit(chat, is_paid=fields.get("allow_paid_broadcast", False))
    if reply_to is None and thread_id:
        reply_to = chat.messages.get(thread_id)
    in_channel = chat.kind is Kind.CHANNEL
    message = people.new_message(
        chat,
        sender=None if in_channel else people.bot,
        sender_chat=chat if in_channel else None,
        thread_id=thread_id,
        reply_to=reply_to,
        reply_markup=markup,
        is_silent=fields.get("disable_notification", False),
        **content,
    )
    if fields.get("protect_content"):
        message.extra["has_protected_content"] = True
    return message.json()


# ------------------------------------------------------------------------------------ files


def _file(people: People, fields: Fields, name: str) -> Upload:
    """The file of a call, kept under its id for later calls; ids of other kinds are unknown."""
    value = fields[name]
    if isinstance(value, str):
        value = people.files.get((name, value))
        if value is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
    assert isinstance(value, Upload)
    if not value.content:
        raise bad_request("file must be non-empty")
    if len(value.content) > _MOST_BYTES[name]:
        raise bad_request("file is too big")
    people.files[name, people.file_json(value.content)["file_id"]] = value
    return value


def _dimensions(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG or JPEG. Raises RefusedError for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
    elif content.startswith(b"\xff\xd8"):
        width, height = _jpeg_dimensions(content)
    else:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if (
        width + height > 10_000
        or min(width, height) == 0
        or max(width, height) > 20 * min(width, height)
    ):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _jpeg_dimensions(content: bytes) -> tuple[int, int]:
    """From the frame header (SOF marker): ISO/IEC 10918-1, B.2.2."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    raise bad_request("IMAGE_PROCESS_FAILED")
