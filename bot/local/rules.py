"""Which fields each method takes, of which types, and how long they may be.

Here live the signatures of every method this Telegram serves, in the notation of the Bot
API's own tables (`name*: Type|Type`, a star for required), the limits, and the reading of a
call's parameters: values arrive as a form sends them (strings of numbers and of JSON) or as
JSON, and both are read alike. tests/local/test_conformity.py holds these tables against the
Bot API specification. What a method does with its fields is not here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.local.refusal import RefusedError, bad_request

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent along with a call (one part of a multipart body)."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a method or an object, as the tables of the Bot API have it."""

    name: str
    types: tuple[str, ...]
    is_required: bool


_SEND = (
    "business_connection_id: String, chat_id*: Integer|String, message_thread_id: Integer, "
    "direct_messages_topic_id: Integer, disable_notification: Boolean, protect_content: Boolean, "
    "allow_paid_broadcast: Boolean, message_effect_id: String, "
    "suggested_post_parameters: SuggestedPostParameters, reply_parameters: ReplyParameters, "
    "reply_markup: InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
)
_CAPTION = "caption: String, parse_mode: String, caption_entities: Array of MessageEntity"
_TARGET = (
    "business_connection_id: String, chat_id: Integer|String, message_id: Integer, "
    "inline_message_id: String, reply_markup: InlineKeyboardMarkup"
)

_METHODS = {
    "getMe": "",
    "getUpdates": "offset: Integer, limit: Integer, timeout: Integer, "
    "allowed_updates: Array of String",
    "setWebhook": "url*: String, certificate: InputFile, ip_address: String, "
    "max_connections: Integer, allowed_updates: Array of String, "
    "drop_pending_updates: Boolean, secret_token: String",
    "deleteWebhook": "drop_pending_updates: Boolean",
    "getWebhookInfo": "",
    "sendMessage": f"{_SEND}, text*: String, parse_mode: String, "
    "entities: Array of MessageEntity, link_preview_options: LinkPreviewOptions",
    "sendPhoto": f"{_SEND}, photo*: InputFile|String, {_CAPTION}, "
    "show_caption_above_media: Boolean, has_spoiler: Boolean",
    "sendDocument": f"{_SEND}, document*: InputFile|String, thumbnail: InputFile|String, "
    f"{_CAPTION}, disable_content_type_detection: Boolean",
    "sendPoll": "business_connection_id: String, chat_id*: Integer|String, "
    "message_thread_id: Integer, question*: String, question_parse_mode: String, "
    "question_entities: Array of MessageEntity, options*: Array of InputPollOption, "
    "is_anonymous: Boolean, type: String, allows_multiple_answers: Boolean, "
    "allows_revoting: Boolean, shuffle_options: Boolean, allow_adding_options: Boolean, "
    "hide_results_until_closes: Boolean, members_only: Boolean, "
    "country_codes: Array of String, correct_option_ids: Array of Integer, "
    "explanation: String, explanation_parse_mode: String, "
    "explanation_entities: Array of MessageEntity, explanation_media: InputPollMedia, "
    "open_period: Integer, close_date: Integer, is_closed: Boolean, description: String, "
    "description_parse_mode: String, description_entities: Array of MessageEntity, "
    "media: InputPollMedia, disable_notification: Boolean, protect_content: Boolean, "
    "allow_paid_broadcast: Boolean, message_effect_id: String, "
    "reply_parameters: ReplyParameters, "
    "reply_markup: InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply",
    "sendChatAction": "business_connection_id: String, chat_id*: Integer|String, "
    "message_thread_id: Integer, action*: String",
    "editMessageText": f"{_TARGET}, text: String, parse_mode: String, "
    "entities: Array of MessageEntity, link_preview_options: LinkPreviewOptions, "
    "rich_message: InputRichMessage",
    "editMessageReplyMarkup": _TARGET,
    "deleteMessage": "chat_id*: Integer|String, message_id*: Integer",
    "pinChatMessage": "business_connection_id: String, chat_id*: Integer|String, "
    "message_id*: Integer, disable_notification: Boolean",
    "unpinChatMessage": "business_connection_id: String, chat_id*: Integer|String, "
    "message_id: Integer",
    "answerCallbackQuery": "callback_query_id*: String, text: String, show_alert: Boolean, "
    "url: String, cache_time: Integer",
    "answerInlineQuery": "inline_query_id*: String, results*: Array of InlineQueryResult, "
    "cache_time: Integer, is_personal: Boolean, next_offset: String, "
    "button: InlineQueryResultsButton",
    "getFile": "file_id*: String",
    "getChat": "chat_id*: Integer|String",
    "getChatMember": "chat_id*: Integer|String, user_id*: Integer",
    "getChatMemberCount": "chat_id*: Integer|String",
    "getChatAdministrators": "chat_id*: Integer|String, return_bots: Boolean",
    "leaveChat": "chat_id*: Integer|String",
    "setMyCommands": "commands*: Array of BotCommand, scope: BotCommandScope, "
    "language_code: String",
    "getMyCommands": "scope: BotCommandScope, language_code: String",
    "deleteMyCommands": "scope: BotCommandScope, language_code: String",
    "setMyName": "name: String, language_code: String",
    "getMyName": "language_code: String",
    "setMyDescription": "description: String, language_code: String",
    "getMyDescription": "language_code: String",
    "setMyShortDescription": "short_description: String, language_code: String",
    "getMyShortDescription": "language_code: String",
}

_OBJECTS = {
    "InlineKeyboardMarkup": "inline_keyboard*: Array of Array of InlineKeyboardButton",
    "InlineKeyboardButton": "text*: String, icon_custom_emoji_id: String, style: String, "
    "url: String, callback_data: String, web_app: WebAppInfo, login_url: LoginUrl, "
    "switch_inline_query: String, switch_inline_query_current_chat: String, "
    "switch_inline_query_chosen_chat: SwitchInlineQueryChosenChat, "
    "copy_text: CopyTextButton, callback_game: CallbackGame, pay: Boolean",
    "WebAppInfo": "url*: String",
    "CopyTextButton": "text*: String",
    "ReplyKeyboardRemove": "remove_keyboard*: Boolean, selective: Boolean",
    "ForceReply": "force_reply*: Boolean, input_field_placeholder: String, selective: Boolean",
    "MessageEntity": "type*: String, offset*: Integer, length*: Integer, url: String, "
    "user: User, language: String, custom_emoji_id: String, unix_time: Integer, "
    "date_time_format: String",
    "ReplyParameters": "message_id*: Integer, chat_id: Integer|String, "
    "allow_sending_without_reply: Boolean, quote: String, quote_parse_mode: String, "
    "quote_entities: Array of MessageEntity, quote_position: Integer, "
    "checklist_task_id: Integer, poll_option_id: String",
    "LinkPreviewOptions": "is_disabled: Boolean, url: String, prefer_small_media: Boolean, "
    "prefer_large_media: Boolean, show_above_text: Boolean",
    "BotCommand": "command*: String, description*: String",
    "InputPollOption": "text*: String, text_parse_mode: String, "
    "text_entities: Array of MessageEntity, media: InputPollOptionMedia",
    "InlineQueryResultsButton": "text*: String, web_app: WebAppInfo, start_parameter: String",
    "InlineQueryResultArticle": "type*: String, id*: String, title*: String, "
    "input_message_content*: InputMessageContent, reply_markup: InlineKeyboardMarkup, "
    "url: String, description: String, thumbnail_url: String, thumbnail_width: Integer, "
    "thumbnail_height: Integer",
    "InputTextMessageContent": "message_text*: String, parse_mode: String, "
    "entities: Array of MessageEntity, link_preview_options: LinkPreviewOptions",
}

# (owner, field) -> (at least, at most, unit); "items" counts an array, "value" is a number.
LIMITS: Mapping[tuple[str, str], tuple[int, int, str]] = {
    ("sendMessage", "text"): (1, 4096, "characters"),
    ("editMessageText", "text"): (1, 4096, "characters"),
    ("InputTextMessageContent", "message_text"): (1, 4096, "characters"),
    ("sendPhoto", "caption"): (0, 1024, "characters"),
    ("sendDocument", "caption"): (0, 1024, "characters"),
    ("sendPoll", "question"): (1, 300, "characters"),
    ("sendPoll", "options"): (1, 12, "items"),
    ("sendPoll", "explanation"): (0, 200, "characters"),
    ("sendPoll", "description"): (0, 1024, "characters"),
    ("sendPoll", "open_period"): (5, 2628000, "value"),
    ("InputPollOption", "text"): (1, 100, "characters"),
    ("InlineKeyboardButton", "callback_data"): (1, 64, "bytes"),
    ("CopyTextButton", "text"): (1, 256, "characters"),
    ("answerCallbackQuery", "text"): (0, 200, "characters"),
    ("answerInlineQuery", "results"): (0, 50, "items"),
    ("InlineQueryResultArticle", "id"): (1, 64, "bytes"),
    ("getUpdates", "limit"): (1, 100, "value"),
    ("setWebhook", "max_connections"): (1, 100, "value"),
    ("setWebhook", "secret_token"): (1, 256, "characters"),
    ("setMyCommands", "commands"): (0, 100, "items"),
    ("BotCommand", "command"): (1, 32, "characters"),
    ("BotCommand", "description"): (1, 256, "characters"),
    ("ForceReply", "input_field_placeholder"): (1, 64, "characters"),
    ("ReplyParameters", "quote"): (0, 1024, "characters"),
    ("InlineQueryResultsButton", "start_parameter"): (1, 64, "characters"),
    ("setMyName", "name"): (0, 64, "characters"),
    ("setMyDescription", "description"): (0, 512, "characters"),
    ("setMyShortDescription", "short_description"): (0, 120, "characters"),
}

# What the server says when a required field is missing, where it is not the general sentence.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "action": "wrong parameter action in request",
    "file_id": "invalid file_id",
    "options": "expected an Array of String as options",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "inline_query_id": "query is too old and response timeout expired or query ID is invalid",
}

_INTEGER = re.compile(r"[+-]?\d{1,19}")
_WORDS_OF_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _declared(tables: Mapping[str, str]) -> Mapping[str, tuple[Field, ...]]:
    return {
        owner: tuple(_field(one) for one in re.split(r",\s*", declaration) if one)
        for owner, declaration in tables.items()
    }


def _field(declaration: str) -> Field:
    name, _, types = declaration.partition(":")
    return Field(name.rstrip("*"), tuple(types.strip().split("|")), name.endswith("*"))


METHODS: Mapping[str, tuple[Field, ...]] = _declared(_METHODS)
OBJECTS: Mapping[str, tuple[Field, ...]] = _declared(_OBJECTS)


def read_fields(method: str, params: Mapping[str, Any], *, strict: bool) -> Fields:
    """The fields of a call to `method` (a name of METHODS), each as its declared type.

    Raises RefusedError where a required field is missing or a value cannot be read; with `strict`
    also for a parameter the method does not have, which the real server ignores.
    """
    given = {name: value for name, value in params.items() if value is not None and value != ""}
    fields: Fields = {}
    for field in METHODS[method]:
        if field.name in given:
            fields[field.name] = _read(given.pop(field.name), field, given)
        elif field.is_required and not (method == "setWebhook" and field.name == "url"):
            why = _MISSING.get(field.name, f'parameter "{field.name}" is required')
            raise bad_request(why)
    unknown = sorted(name for name, value in given.items() if not isinstance(value, Upload))
    if strict and unknown:
        raise bad_request(f"{method} has no parameter {', '.join(unknown)} (strict)")
    return fields


def _read(value: Any, field: Field, given: dict[str, Any]) -> Any:
    if "InputFile" in field.types:
        if isinstance(value, str) and value.startswith("attach://"):
            part = given.pop(value.removeprefix("attach://"), None)
            if not isinstance(part, Upload):
                raise bad_request("file must be non-empty")
            return part
        if isinstance(value, (Upload, str)):
            return value
        raise bad_request(f"there is no {field.name} in the request")
    if len(field.types) == 1 or "Integer" not in field.types:
        kind = field.types[0]
        if kind in ("Integer", "Boolean", "String"):
            return _scalar(value, kind, field.name)
        return _structure(value, field)
    return _scalar(value, "String", field.name)  # Integer|String: a chat, read by its owner


def _scalar(value: Any, kind: str, name: str) -> Any:
    if kind == "String":
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    elif kind == "Integer":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
    elif isinstance(value, bool):
        return value
    elif str(value).lower() in _WORDS_OF_TRUTH:
        return _WORDS_OF_TRUTH[str(value).lower()]
    expected = {"Integer": "Number", "Boolean": "Boolean", "String": "String"}[kind]
    raise bad_request(f'Field "{name}" must be of type {expected}')


def _structure(value: Any, field: Field) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {field.name} JSON object") from error
    kinds = field.types
    if kinds[0].startswith("Array of "):
        return _array(value, kinds[0], field.name)
    if not isinstance(value, dict):
        raise bad_request(f"object expected as {field.name.replace('_', ' ')}")
    kind = next((one for one in kinds if _looks_like(one, value)), kinds[0])
    return checked_object(kind, value)


def _looks_like(kind: str, value: Mapping[str, Any]) -> bool:
    """Which of several object types this is: the one whose required fields are there."""
    needed = [field.name for field in OBJECTS.get(kind, ()) if field.is_required]
    return bool(needed) and all(name in value for name in needed)


def _array(value: Any, kind: str, name: str) -> list[Any]:
    inner = kind.removeprefix("Array of ")
    if not isinstance(value, list):
        raise bad_request(f"expected an Array of {inner} in {name}")
    return [_element(one, inner, name) for one in value]


def _element(value: Any, kind: str, name: str) -> Any:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise bad_request(f'Field "{name}" must be an Array of Arrays')
        return _array(value, kind, name)
    if kind in ("String", "Integer", "Boolean"):
        return _scalar(value, kind, name)
    if kind == "InputPollOption" and isinstance(value, str):
        value = {"text": value}
    if not isinstance(value, dict):
        raise bad_request(f"can't parse {kind}: expected an Object")
    try:
        return checked_object(kind, value)
    except RefusedError as refusal:
        known = {"InlineKeyboardButton": "inline keyboard button"}.get(kind, kind)
        why = refusal.description.removeprefix("Bad Request: ")
        raise bad_request(f"can't parse {known}: {why[:1].upper()}{why[1:]}") from refusal


def checked_object(kind: str, value: Mapping[str, Any]) -> Fields:
    """An object of the Bot API with its fields read; kinds without a table pass as they are."""
    if kind not in OBJECTS:
        return dict(value)
    known = {field.name: field for field in OBJECTS[kind]}
    for field in known.values():
        if field.is_required and value.get(field.name) is None:
            raise bad_request(f'Can\'t find field "{field.name}"')
    read: Fields = {}
    for name, item in value.items():
        if item is not None:
            read[name] = _member(item, known[name]) if name in known else item
    return read


def _member(value: Any, field: Field) -> Any:
    """A field inside JSON: objects and arrays are themselves there, never strings of JSON."""
    kind = field.types[0]
    if len(field.types) > 1:
        return value
    if kind in ("String", "Integer", "Boolean"):
        return _scalar(value, kind, field.name)
    if kind.startswith("Array of "):
        return _array(value, kind, field.name)
    if not isinstance(value, dict):
        raise bad_request(f'Field "{field.name}" must be of type Object')
    return checked_object(kind, value)


def within(owner: str, name: str, size: int, why: str) -> None:
    """Refuse with `why` a field whose size (in its own unit) is beyond its limit."""
    least, most, _ = LIMITS[owner, name]
    if not least <= size <= most:
        raise bad_request(why)
