"""Dates in what people type: where they stand, and which days they mean.

Here lives `scan`; behind it the grammar, from the signs up: `numerals` and `line` read
signs, `words` is the vocabulary; `parts`, `figures`, `elapsed`, `eras`, `points` and
`grammar` are the productions; `stretch`, `feasts` and `reckoning` know the calendar. Words that are no dates, and how a
query is put together, are none of this room's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.model import When
from bot.search.dates.grammar import Grammar, joins
from bot.search.dates.line import Line


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date expression: `text` stands at [start, end) of the text scanned and means `when`.

    `when` has several members where one expression says several things: 3、4月, or the
    days of a range without a year.
    """

    start: int
    end: int
    when: tuple[When, ...]
    text: str


def scan(text: str, today: date) -> tuple[DateSpan, ...]:
    """Every date expression of the text, from left to right, never overlapping.

    Where several begin at one place, the longest counts. `today` is the day in the chat's
    own zone. An expression behind 和, 、 and the like takes what it leaves out from the
    one before (2024年3月和5月). Raises QueryError for a date that the calendar does not
    have, a range that runs backwards, and a year outside 1800-2100.
    """
    line = Line(text)
    grammar = Grammar(line, today)
    spans: list[DateSpan] = []
    at, earlier, earlier_end = 0, None, 0
    while at < len(text):
        read = max(grammar.expressions(at), key=lambda read: read.end, default=None)
        if read is None or grammar.term_end(at) > at:
            at = max(grammar.term_end(at), at + 1)
            continue
        phrase = read.value
        if earlier is not None and joins(line.text[earlier_end:at]):
            phrase = phrase.heir_of(earlier)
        spans.append(DateSpan(at, read.end, phrase.when(today), text[at : read.end]))
        earlier, earlier_end = phrase.stretches[-1], read.end
        at = read.end
    return tuple(spans)


__all__ = ["DateSpan", "scan"]
