"""Buttons of an answer as Telegram's inline keyboard: the only file here that knows the library."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Button


def markup(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The keyboard under a message, or None when there are no buttons."""
    keys = [
        [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
        for row in rows
    ]
    return InlineKeyboardMarkup(keys) if any(keys) else None
