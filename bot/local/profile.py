"""The Bot API methods about the bot itself: who it is, its commands, name and descriptions."""

from __future__ import annotations

import json
import re

from bot.local.entities import utf16_length
from bot.local.people import People
from bot.local.refusal import bad_request
from bot.local.rules import Fields, within
from bot.local.world import Json

_COMMAND = re.compile(r"[a-z0-9_]+")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(people: People, fields: Fields) -> Json:
    """The bot's own User."""
    return people.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not people.has_privacy_mode,
        "supports_guest_queries": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def set_my_commands(people: People, fields: Fields) -> bool:
    """The command menu of one scope and language."""
    commands = fields["commands"]
    within("setMyCommands", "commands", len(commands), "BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        name, description = one["command"].removeprefix("/"), one["description"]
        within("BotCommand", "command", len(name), "BOT_COMMAND_INVALID")
        if not _COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        size = utf16_length(description)
        within("BotCommand", "description", size, "BOT_COMMAND_DESCRIPTION_INVALID")
    people.commands[_scope(people, fields), _language(fields)] = [
        {"command": one["command"].removeprefix("/"), "description": one["description"]}
        for one in commands
    ]
    return True


def get_my_commands(people: People, fields: Fields) -> list[Json]:
    """What was set for exactly this scope and language; an empty list otherwise."""
    return people.commands.get((_scope(people, fields), _language(fields)), [])


def delete_my_commands(people: People, fields: Fields) -> bool:
    """Forget the menu of one scope and language."""
    people.commands.pop((_scope(people, fields), _language(fields)), None)
    return True


def set_my_name(people: People, fields: Fields) -> bool:
    """The bot's name in one language."""
    return _set(people, fields, "setMyName", "name")


def get_my_name(people: People, fields: Fields) -> Json:
    """A BotName, falling back to the name without a language."""
    kept = people.texts.get(("name", _language(fields))) or people.texts.get(("name", ""))
    return {"name": kept or people.bot.first_name}


def set_my_description(people: People, fields: Fields) -> bool:
    """What stands in an empty chat with the bot."""
    return _set(people, fields, "setMyDescription", "description")


def get_my_description(people: People, fields: Fields) -> Json:
    """A BotDescription."""
    return {"description": people.texts.get(("description", _language(fields)), "")}


def set_my_short_description(people: People, fields: Fields) -> bool:
    """What stands on the bot's profile."""
    return _set(people, fields, "setMyShortDescription", "short_description")


def get_my_short_description(people: People, fields: Fields) -> Json:
    """A BotShortDescription."""
    return {"short_description": people.texts.get(("short_description", _language(fields)), "")}


def _set(people: People, fields: Fields, method: str, name: str) -> bool:
    value = fields.get(name, "")
    within(method, name, utf16_length(value), f"BOT_{name.upper()}_INVALID")
    people.texts[name, _language(fields)] = value
    return True


def _language(fields: Fields) -> str:
    code: str = fields.get("language_code", "")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("LANG_CODE_INVALID")
    return code


def _scope(people: People, fields: Fields) -> str:
    """A scope as one string, so that equal scopes are equal keys."""
    scope = fields.get("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for name in _SCOPES[kind]:
        if not scope.get(name):
            raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")
    if "chat_id" in _SCOPES[kind]:
        people.find_chat(str(scope["chat_id"]))
    wanted = {name: str(scope[name]) for name in ("type", *_SCOPES[kind])}
    return json.dumps(wanted, sort_keys=True)
