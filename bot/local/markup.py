"""Keyboards: what the server accepts under a message.

Here lives what goes beyond the shape of the JSON (that is in rules.py): what a button may
carry and how many there may be.
"""

from __future__ import annotations

from typing import Any

from bot.local.entities import utf16_length
from bot.local.refusal import bad_request
from bot.local.rules import within

# Not in the documentation: what the server was seen to accept.
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def checked_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The inline keyboard that stays with the message, or None where there is none.

    Reply keyboards are accepted and, as in the real one, are no part of the message.
    Raises RefusedError for a button that the server refuses.
    """
    if markup is None or "inline_keyboard" not in markup:
        if markup and "input_field_placeholder" in markup:
            size = utf16_length(markup["input_field_placeholder"])
            within("ForceReply", "input_field_placeholder", size, "reply markup is invalid")
        return None
    rows = [[_checked(button) for button in row] for row in markup["inline_keyboard"]]
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _checked(button: dict[str, Any]) -> dict[str, Any]:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [
        name
        for name in _ACTIONS
        if name in button and (button[name] or name.startswith("switch_inline_query"))
    ]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(f"inline keyboard button must do one thing, not {' and '.join(actions)}")
    if "callback_data" in actions:
        size = len(button["callback_data"].encode())
        within("InlineKeyboardButton", "callback_data", size, "BUTTON_DATA_INVALID")
    if "copy_text" in actions:
        size = utf16_length(button["copy_text"]["text"])
        within("CopyTextButton", "text", size, "BUTTON_COPY_TEXT_INVALID")
    if "url" in actions and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")
    return button
