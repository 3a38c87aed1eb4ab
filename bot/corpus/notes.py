"""What is wrong with a file, collected while it is read.

Here live the collector, the way an offending value is shown, and the blanks that stand
for a value that could not be read. No file format and no rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from bot.errors import Mistake
from bot.model import PartialDate

SHOWN_CHARACTERS = 40

# A mistaken value reads as one of these, so that one mistake does not hide the next. Nothing
# of a corpus with a mistake is ever served, so a blank never leaves this room.
BLANK_DATE = date.min
BLANK_PARTIAL = PartialDate(date.min.year)

T = TypeVar("T")


class UnreadableFileError(Exception):
    """Nothing more can be read from this file; the mistake is already noted."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value and where it was written; `line` counts from 1."""

    value: T
    file: str
    line: int


@dataclass(slots=True)
class Notes:
    """The mistakes of one file, in the order they were met."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, line: int, wrong: str, expected: str) -> None:
        """Note one mistake; the messages are halves of one English sentence."""
        self.mistakes.append(Mistake(self.file, line, wrong, f"expected {expected}"))


def shown(value: str) -> str:
    """The value in quotes, on one line, cut to `SHOWN_CHARACTERS`."""
    flat = " ".join(value.split())
    if len(flat) > SHOWN_CHARACTERS:
        flat = flat[: SHOWN_CHARACTERS - 1] + "…"
    return f"'{flat}'"
