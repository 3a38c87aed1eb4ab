"""The few exceptions that cross rooms.

Here live errors that one room raises and another shows or acts upon. An error
that never leaves its room is defined in that room. Every message is a whole
sentence that a person can act upon; nothing here carries a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


class StudybotError(Exception):
    """What studybot knows to be wrong; `str(error)` is fit to be shown to people."""


class ConfigError(StudybotError):
    """The settings cannot be used; says which one and what was expected."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a corpus file.

    `file` is the path as given to the loader, `line` counts from 1.
    """

    file: str
    line: int
    wrong: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong}, {self.expected}"


class CorpusError(StudybotError):
    """A corpus that cannot be served; `mistakes` holds all of them, never empty."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class DatePart:
    """A day or a month, with its year or of any year, that a refusal speaks of.

    As a string it is Chinese: `2024年3月5日`, `3月5日`, `2024年2月`.
    """

    month: int
    day: int | None = None
    year: int | None = None

    def __str__(self) -> str:
        year = f"{self.year}年" if self.year is not None else ""
        day = f"{self.day}日" if self.day is not None else ""
        return f"{year}{self.month}月{day}"


class RefusedError(StudybotError):
    """What somebody typed is refused: a message with `{names}`, and what stands in their place.

    `str(error)` is the sentence in simplified Chinese, ending in an example that works.
    `message` is the key of that sentence in other languages, whose words are the render
    room's; `values` are put into it, the example too, as `{example}`. `example` is that
    example alone, for a button: people type Chinese in every language.
    """

    def __init__(self, message: str, example: str, /, **values: str | int | DatePart) -> None:
        self.message = message
        self.example = example
        self.values: dict[str, str | int | DatePart] = {**values, "example": example}
        super().__init__(message.format(**self.values))

    def with_example(self, example: str) -> Self:
        """The same refusal with another example, where this one would not work."""
        values = {name: value for name, value in self.values.items() if name != "example"}
        return type(self)(self.message, example, **values)


class QueryError(RefusedError):
    """A query that is refused: an impossible date, nothing to look for, too long."""


class StudyWordError(RefusedError):
    """A time, days, a zone, a reminder or a group's file that is not understood."""


class CardError(StudybotError):
    """A quotation that cannot be shown as a picture; it is then sent in words."""


class StoreError(StudybotError):
    """The database cannot be used: newer than this program, locked, or not there."""
