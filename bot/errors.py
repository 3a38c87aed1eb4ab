"""The few exceptions that cross rooms.

Here live errors that one room raises and another shows or acts upon. An error
that never leaves its room is defined in that room. Every message is a whole
sentence that a person can act upon; nothing here carries a secret.
"""

from __future__ import annotations

from dataclasses import dataclass


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


class QueryError(StudybotError):
    """A query that is refused (an impossible date, nothing to look for, too long).

    `str(error)` is the sentence shown to people, in Chinese, ending in an example
    that works; `example` is that example alone, for a button.
    """

    def __init__(self, sentence: str, example: str) -> None:
        super().__init__(sentence)
        self.example = example


class StudyWordError(StudybotError):
    """A time, days or a zone that is not understood; shaped like QueryError."""

    def __init__(self, sentence: str, example: str) -> None:
        super().__init__(sentence)
        self.example = example


class CardError(StudybotError):
    """A quotation that cannot be shown as a picture; it is then sent in words."""


class StoreError(StudybotError):
    """The database cannot be used: newer than this program, locked, or not there."""
