"""The Bot API methods that change what stands in a chat, and that answer queries.

Here live editing, deleting and pinning messages, and the answers to pressed buttons and
inline queries. Putting new messages into a chat is in sending.py.
"""

from __future__ import annotations

import re

from bot.local.entities import utf16_length
from bot.local.markup import checked_markup
from bot.local.people import People
from bot.local.refusal import bad_request
from bot.local.rules import Fields, checked_object, within
from bot.local.sending import read_text, writable
from bot.local.world import Json, Kind, LocalMessage, Status

QUERY_SECONDS = 60.0  # how long a press or an inline query waits for its answer
DELETE_SECONDS = 48 * 3600.0

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(people: People, fields: Fields) -> Json:
    """New text and keyboard (none given: none left) of the bot's own message."""
    text, entities = read_text(people, fields, "text", "entities", "editMessageText")
    markup = checked_markup(fields.get("reply_markup"))
    message = _editable(people, fields)
    if message.is_service or message.extra:
        raise bad_request("there is no text in the message to edit")
    if (text, entities, markup) == (message.text, message.entities, message.reply_markup):
        raise bad_request(_NOT_MODIFIED)
    message.text, message.entities, message.reply_markup = text, entities, markup
    message.edited_at = people.clock()
    return message.json()


def edit_message_reply_markup(people: People, fields: Fields) -> Json:
    """A new keyboard, or none, under the bot's own message."""
    markup = checked_markup(fields.get("reply_markup"))
    message = _editable(people, fields)
    if markup == message.reply_markup:
        raise bad_request(_NOT_MODIFIED)
    message.reply_markup = markup
    message.edited_at = people.clock()
    return message.json()


def delete_message(people: People, fields: Fields) -> bool:
    """One's own messages within 48 hours; in a group an administrator's right over others'."""
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    message = people.find_message(chat, fields["message_id"], "message to delete")
    age_seconds = (people.clock() - message.sent_at).total_seconds()
    is_own = message.sender == people.bot
    is_allowed = is_own or chat.kind is Kind.PRIVATE or chat.member(people.bot).status.rules
    if age_seconds > DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if not is_allowed:
        raise bad_request("message can't be deleted")
    message.is_deleted = True
    return True


def pin_chat_message(people: People, fields: Fields) -> bool:
    """Pin a message, which in a group takes an administrator."""
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    message = people.find_message(chat, fields["message_id"], "message to pin")
    _may_pin(people, message.chat.member(people.bot).status, chat.kind)
    chat.pinned.append(message.id)
    people.new_message(
        chat, sender=people.bot, extra={"pinned_message": message.json(with_reply=False)}
    )
    return True


def unpin_chat_message(people: People, fields: Fields) -> bool:
    """Unpin a message, the newest pinned one by default."""
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    _may_pin(people, chat.member(people.bot).status, chat.kind)
    wanted = fields.get("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    return True


def answer_callback_query(people: People, fields: Fields) -> bool:
    """Answer a pressed button: once, and within a minute."""
    text = fields.get("text", "")
    within("answerCallbackQuery", "text", utf16_length(text), "MESSAGE_TOO_LONG")
    url = fields.get("url", "")
    if url and not _opens(people.bot.username, url):
        raise bad_request("URL_INVALID")
    press = people.presses.get(fields["callback_query_id"])
    now = people.clock().timestamp()
    if press is None or press.answer is not None or now - press.pressed_at > QUERY_SECONDS:
        raise bad_request(_TOO_OLD)
    press.answer = {
        "text": text,
        "show_alert": fields.get("show_alert", False),
        "url": url,
    }
    return True


def _opens(username: str, url: str) -> bool:
    """True for a link to a bot's own private chat; a bot without games may give no other."""
    return re.fullmatch(rf"https://t\.me/{username}\?start=[A-Za-z0-9_-]{{1,64}}", url) is not None


def answer_inline_query(people: People, fields: Fields) -> bool:
    """Answer an inline query with articles: once, and within a minute."""
    results = fields["results"]
    within("answerInlineQuery", "results", len(results), "too many inline query results specified")
    start = fields.get("button", {}).get("start_parameter", "-")
    within("InlineQueryResultsButton", "start_parameter", len(start), "START_PARAM_INVALID")
    checked = [_result(people, result) for result in results]
    if len({result["id"] for result in checked}) != len(checked):
        raise bad_request("RESULT_ID_DUPLICATE")
    question = people.inline_questions.get(fields["inline_query_id"])
    now = people.clock().timestamp()
    if question is None or question.answer is not None or now - question.asked_at > QUERY_SECONDS:
        raise bad_request(_TOO_OLD)
    question.answer = {**fields, "results": checked}
    return True


def _editable(people: People, fields: Fields) -> LocalMessage:
    if fields.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in fields:
        raise bad_request("chat_id is empty")
    if not fields.get("message_id"):
        raise bad_request("message identifier is not specified")
    chat = people.find_chat(fields["chat_id"])
    writable(people, chat)
    message = people.find_message(chat, fields["message_id"], "message to edit")
    is_own_post = chat.kind is Kind.CHANNEL and message.sender_chat is chat
    if message.sender != people.bot and not is_own_post:
        raise bad_request("message can't be edited")
    return message


def _may_pin(people: People, status: Status, kind: Kind) -> None:
    if kind is not Kind.PRIVATE and not status.rules:
        raise bad_request("not enough rights to manage pinned messages in the chat")


def _result(people: People, result: Json) -> Json:
    """An inline result this Telegram knows: an article with text."""
    if result.get("type") != "article":
        kind = result.get("type", "")
        raise bad_request(
            f'can\'t parse inline query result: type "{kind}" is unsupported '
            "for the inline query result"
        )
    read = checked_object("InlineQueryResultArticle", result)
    within("InlineQueryResultArticle", "id", len(read["id"].encode()), "RESULT_ID_INVALID")
    content = checked_object("InputTextMessageContent", read["input_message_content"])
    fields = {**content, "text": content["message_text"]}
    text, entities = read_text(people, fields, "text", "entities", "sendMessage")
    markup = checked_markup(read.get("reply_markup"))
    shown = {"text": text, "entities": entities}
    return {**read, "input_message_content": content, "reply_markup": markup, "shown": shown}
