"""The judge of calls finds what is wrong, and nothing in what is right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot_api_spec import BotApiSpec

BUTTON = {"text": "x", "callback_data": "y"}
FIRST_BUTTON = "sendMessage.reply_markup.inline_keyboard[0][0]"
ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "题",
    "input_message_content": {"message_text": "文"},
}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": "5", "text": "x", "reply_markup": {"inline_keyboard": []}}),
        ("sendmessage", {"chat_id": "@x", "text": "x", "protect_content": "true"}),
        ("sendMessage", {"chat_id": 5, "text": f"<b>{'字' * 4096}</b>", "parse_mode": "HTML"}),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "reply_markup": '{"inline_keyboard": [[{"text": "x"}]]}'},
        ),
        ("sendDocument", {"chat_id": 5, "document": "attach://f", "f": b"..."}),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [ARTICLE]}),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "chat_member", "chat_id": 1, "user_id": 2}},
        ),
    ],
)
def test_a_right_call_has_no_mistakes(
    spec: BotApiSpec, method: str, params: dict[str, Any]
) -> None:
    assert spec.mistakes(method, params) == []


@pytest.mark.parametrize(
    ("method", "params", "mistake"),
    [
        ("sendMassage", {}, "there is no method sendMassage"),
        ("sendMessage", {"chat_id": 5}, "sendMessage: text is missing"),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "txt": "x"},
            "sendMessage: txt is no parameter",
        ),
        ("sendMessage", {"chat_id": 5, "text": 5}, "sendMessage.text must be String"),
        (
            "deleteMessage",
            {"chat_id": 5, "message_id": "first"},
            "deleteMessage.message_id must be Integer",
        ),
        (
            "sendMessage",
            {"chat_id": 5, "text": "字" * 4097},
            "sendMessage.text must be 1-4096 characters, is 4097",
        ),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "reply_markup": {"inline_keyboard": [[{"url": "x"}]]}},
            f"{FIRST_BUTTON}: text of InlineKeyboardButton is missing",
        ),
        (
            "sendMessage",
            {
                "chat_id": 5,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{**BUTTON, "callback_data": "字" * 22}]]},
            },
            f"{FIRST_BUTTON}.callback_data must be 1-64 bytes, is 66",
        ),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "reply_markup": {"inline_keyboard": [BUTTON]}},
            "sendMessage.reply_markup.inline_keyboard[0] must be Array of InlineKeyboardButton",
        ),
        (
            "answerInlineQuery",
            {"inline_query_id": "1", "results": [{**ARTICLE, "titel": "x"}]},
            "answerInlineQuery.results[0]: titel is no field of InlineQueryResultArticle",
        ),
        ("getUpdates", {"limit": 101}, "getUpdates.limit must be 1-100 value, is 101"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": "x"}] * 101},
            "setMyCommands.commands must be 0-100 items, is 101",
        ),
    ],
)
def test_a_wrong_call_is_found_out(
    spec: BotApiSpec, method: str, params: dict[str, Any], mistake: str
) -> None:
    assert mistake in spec.mistakes(method, params)
