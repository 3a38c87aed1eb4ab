"""What the bot says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `data` (at most 64 bytes of UTF-8) comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says: Telegram HTML, and rows of buttons under the last part.

    `text` may exceed one message; `render.split` makes parts of it.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
