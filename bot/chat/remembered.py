"""Queries that buttons refer to: kept by id, so that a button works for ever.

Here lives how a query and what it depends on (the day it was asked, if it says 去年 or
今天; that only dates were meant) is spelled as the one text the store keeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.chat.context import Context
from bot.errors import QueryError
from bot.model import Query
from bot.render import results
from bot.search.query import parse

_DATES_ONLY = "dates"
# Two days that share neither weekday, day of the month, month nor year.
_APART = (date(2023, 5, 9), date(2025, 10, 25))


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. `asked_on` is the chat's local date: what 今天 and 去年 refer to."""

    text: str
    asked_on: date
    dates_only: bool = False

    def understand(self) -> Query:
        """The query; QueryError when there is none, or it is too long or impossible."""
        is_empty = not any(map(str.isalnum, self.text))
        if not self.text or (self.dates_only and is_empty):
            raise results.usage(dates_only=self.dates_only)
        return parse(self.text, self.asked_on, dates_only=self.dates_only)

    @property
    def depends_on_day(self) -> bool:
        """True when the same words mean other dates on another day."""
        meanings = []
        for day in _APART:
            try:
                meanings.append(parse(self.text, day, dates_only=self.dates_only).dates)
            except QueryError:
                return True
        return meanings[0] != meanings[1]


def question(text: str, asked_on: date, *, dates_only: bool = False) -> Question:
    """The question with its white space (line breaks too) made single spaces."""
    return Question(" ".join(text.split()), asked_on, dates_only)


async def remember(context: Context, asked: Question) -> int:
    """The id under which `recall` finds this question again."""
    lines = [asked.text]
    if asked.dates_only:
        lines.append(_DATES_ONLY)
    if asked.depends_on_day:
        lines.append(asked.asked_on.isoformat())
    return await context.store.remember_query("\n".join(lines))


async def recall(context: Context, query_id: int, today: date) -> Question | None:
    """The question of this id as of the day it was asked, or None when there is none."""
    kept = await context.store.query_text(query_id)
    if kept is None:
        return None
    text, *notes = kept.split("\n")
    dates_only = _DATES_ONLY in notes
    days = [note for note in notes if note != _DATES_ONLY]
    return Question(text, date.fromisoformat(days[0]) if days else today, dates_only)


async def remember_texts(context: Context, texts: Iterable[str]) -> dict[str, int]:
    """Ids of plain queries, to be asked as of the day their button is pressed."""
    return {text: await context.store.remember_query(text) for text in texts}
