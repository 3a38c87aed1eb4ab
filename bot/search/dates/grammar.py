"""The productions of the date grammar that join stretches into whole expressions.

    expression = history | before_then | prefix point | [从] range | [从] point suffix
               | numbered_range | point [期间]
    range      = (point [起] | year_number) to tail [为止]  |  point 和 point 之间

Which words stand for the connectors is in `words`; what a point is, in `points`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.model import DateRange
from bot.search.dates import words
from bot.search.dates.line import Line, Read
from bot.search.dates.numerals import CHINESE_NUMERALS, DIGITS
from bot.search.dates.points import Points, Stretches
from bot.search.dates.reckoning import FIRST_YEAR, LAST_YEAR, ONE_DAY
from bot.search.dates.stretch import Bound, Fixed, Part, Phrase, Stretch


class Grammar:
    """The grammar over one line, on one day (`today`, the chat's own)."""

    def __init__(self, line: Line, today: date) -> None:
        self._line = line
        self._today = today
        self._points = Points(line, today)

    def longest(self, at: int) -> Read[Phrase] | None:
        """The longest expression that begins at `at`; the first of those as long."""
        if self._line.text[at] not in _FIRST_SIGNS or self._line.is_inside_number(at):
            return None
        return max(self._expressions(at), key=lambda read: read.end, default=None)

    def _expressions(self, at: int) -> Iterator[Read[Phrase]]:
        for point in self._points.at(at):
            yield Read(point.end, Phrase(Bound.WHOLE, point.value))
            if _is_single(point.value):
                for during in self._line.words(point.end, words.DURING):
                    yield Read(during.end, Phrase(Bound.WHOLE, point.value))
        yield from self._history(at)
        yield from self._before_then(at)
        for end, bound in self._line.words(at, words.PREFIXES):
            for point in self._points.at(end):
                yield Read(point.end, Phrase(bound, point.value[:1]))
        for start in self._line.words(at, words.FROM):
            yield from self._joined(start.end)
        yield from self._joined(at)

    def _history(self, at: int) -> Iterator[Read[Phrase]]:
        for end, _ in self._line.words(at, words.TODAY_IN_HISTORY):
            month, day = self._today.month, self._today.day
            today = Part(months=(month, month), days=(day, day))
            yield Read(end, Phrase(Bound.WHOLE, (today,)))

    def _before_then(self, at: int) -> Iterator[Read[Phrase]]:
        """三年以前: before the day that long ago."""
        for end, then in self._points.days_ago(at, words.BEFORE_THEN):
            yield Read(end, Phrase(Bound.WHOLE, (Fixed(DateRange(None, then - ONE_DAY)),)))

    # --------------------------------------------------- ranges and open expressions

    def _joined(self, at: int) -> Iterator[Read[Phrase]]:
        for point in (*self._points.at(at), *self._year_number(at)):
            if not _is_single(point.value):
                continue
            first = point.value[0]
            yield from self._ranges(point.end, first)
            yield from self._numeric_range(at, point.end, first)
            for end, bound in self._line.words(point.end, words.SUFFIXES):
                yield Read(end, Phrase(bound, (first,)))

    def _ranges(self, at: int, first: Stretch) -> Iterator[Read[Phrase]]:
        for to in self._line.words(at, words.TO):
            for tail in (*self._points.tails(to.end), *self._short_year(to.end, first)):
                if not _is_single(tail.value):
                    continue
                last = tail.value[0]
                phrase = Phrase(Bound.BETWEEN, (first, last))
                yield from self._closed(tail.end, phrase)
        for conjunction in self._line.words(at, words.BETWEEN_AND):
            for tail in self._points.tails(conjunction.end):
                for end, _ in self._line.words(tail.end, words.BETWEEN):
                    if _is_single(tail.value):
                        yield Read(end, Phrase(Bound.BETWEEN, (first, tail.value[0])))

    def _closed(self, at: int, phrase: Phrase) -> Iterator[Read[Phrase]]:
        for end in self._line.optionally(at, words.CLOSING):
            yield Read(end, phrase)

    def _year_number(self, at: int) -> Iterator[Read[Stretches]]:
        """2020 in 2020-2023年: a year whose unit comes with the second end."""
        for end, number in self._line.numbers(at):
            if number.digits == 4 and FIRST_YEAR <= number.value <= LAST_YEAR:
                yield Read(end, (Part(year=number.value),))

    def _short_year(self, at: int, first: Stretch) -> Iterator[Read[Stretches]]:
        """98年 in 1995-98年."""
        if not isinstance(first, Part) or first.year is None:
            return
        for number_end, number in self._line.numbers(at):
            year = first.year // 100 * 100 + number.value
            if number.digits == 2 and year > first.year:
                for end, _ in self._line.words(number_end, words.YEAR):
                    yield Read(end, (Part(year=year),))

    def _numeric_range(self, at: int, end: int, first: Stretch) -> Iterator[Read[Phrase]]:
        """2024.3.1-3.15, 2024/3/1-15, 2024.3-5: the second end in figures as well."""
        year = self._line.skip(at) + 4
        separator = self._line.text[year : year + 1]
        if separator not in _SEPARATORS or not isinstance(first, Part):
            return
        for to_end, to in self._line.words(end, words.TO_NUMBER):
            if to == separator:
                continue
            for tail in self._points.numeric_tails(to_end, separator):
                last = tail.value[0]
                if isinstance(last, Part) and not last.months and not first.days:
                    last = Part(months=last.days)
                yield Read(tail.end, Phrase(Bound.BETWEEN, (first, last)))


def _is_single(stretches: Stretches) -> bool:
    return len(stretches) == 1


def joins(between: str) -> bool:
    """True when what stands between two expressions makes them one list: 和, 、, or a blank."""
    return between.strip() in _CONJUNCTIONS


_SEPARATORS = frozenset("-/.")
_CONJUNCTIONS = frozenset("和 与 及 、 以及 或 或者 跟 ,".split())
# Every sign that an expression can begin with: most of a text is passed over at once.
_FIRST_SIGNS = frozenset().union(
    DIGITS,
    CHINESE_NUMERALS,
    *(
        table.first_signs
        for table in (
            words.PREFIXES, words.FROM, words.TODAY_IN_HISTORY, words.ORDINAL, words.LETTER_Q,
            words.YEARS_FROM_NOW, words.SHORT_YEARS, words.EVERY_YEAR, words.HALVES,
            words.YEAR_ENDS, words.SEASONS, words.FEAST, words.DAYS_FROM_NOW, words.DAYS_AHEAD,
            words.WEEKS_FROM_NOW, words.MONTHS_FROM_NOW, words.QUARTERS_FROM_NOW, words.HALF,
            words.SEVERAL, words.RECENTLY, words.CENTURIES_FROM_NOW, words.PLANS,
            words.FIRST_OF, words.QUOTE_MARK, words.THIRDS, words.WEEK_WORD,
        )
    ),
)  # fmt: skip
