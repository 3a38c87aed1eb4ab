"""The productions of the date grammar that join stretches into whole expressions.

    expression = point [期间] | 历史上的今天 | duration 以前 | 截至 point | 到 point 为止
               | 到 point | [从] joined
    joined     = range | point suffix
    range      = (point | year_number) to tail [为止] | figures to figures
               | point 和 tail 之间

Which words stand for the connectors is in `words`; what a point is, in `points`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.model import DateRange
from bot.search.dates import words
from bot.search.dates.figures import SEPARATORS
from bot.search.dates.line import Line, Read, beginnings
from bot.search.dates.points import FIRST, Points
from bot.search.dates.reckoning import FIRST_YEAR, LAST_YEAR, ONE_DAY
from bot.search.dates.stretch import Bound, Fixed, Part, Phrase, Stretch, Stretches, leans_well


class Grammar:
    """The grammar over one line, on one day (`today`, the chat's own)."""

    def __init__(self, line: Line, today: date) -> None:
        self._line = line
        self._today = today
        self._points = Points(line, today)

    def expressions(self, at: int) -> Iterator[Read[Phrase]]:
        """Every expression that begins at `at`; none where a term stands (十月革命)."""
        beginning = self._line.text[at : at + 2]
        if beginning[0] not in _FIRST and beginning not in _FIRST:
            return
        if self._line.is_inside_number(at) or self._line.has(at, words.TERMS):
            return
        for point in self._points.at(at):
            yield Read(point.end, Phrase(Bound.WHOLE, point.value))
            for during in self._line.words(point.end, words.DURING):
                yield Read(during.end, Phrase(Bound.WHOLE, point.value))
        yield from self._joined(at)
        yield from self._before_then(at)
        if self._line.begins(at, _LEADING):
            yield from self._led(at)

    def _led(self, at: int) -> Iterator[Read[Phrase]]:
        """What a word leads that is no point itself."""
        yield from self._history(at)
        for end, bound in self._line.words(at, words.PREFIXES):
            for point in self._points.at(end):
                yield Read(point.end, Phrase(bound, point.value[:1]))
        yield from self._up_to(at)
        for end, _ in self._line.words(at, words.FROM):
            yield from self._joined(end)

    def _history(self, at: int) -> Iterator[Read[Phrase]]:
        for end, _ in self._line.words(at, words.TODAY_IN_HISTORY):
            month, day = self._today.month, self._today.day
            today = Part(months=(month, month), days=(day, day))
            yield Read(end, Phrase(Bound.WHOLE, (today,)))

    def _before_then(self, at: int) -> Iterator[Read[Phrase]]:
        """三年以前: before the day that long ago."""
        for end, then in self._points.elapsed.days_ago(at, words.BEFORE_THEN):
            yield Read(end, Phrase(Bound.WHOLE, (Fixed(DateRange(None, then - ONE_DAY)),)))

    def _up_to(self, at: int) -> Iterator[Read[Phrase]]:
        """到2024年3月为止, and 到2024年3月 between borders of words."""
        for leading in self._line.words(at, words.UP_TO):
            for point in self._points.at(leading.end):
                is_free = self._line.is_free_before(at, ())
                if is_free and self._line.is_free_after(point.end, words.AFTER_A_DATE):
                    yield Read(point.end, Phrase(Bound.UNTIL, point.value[:1]))
                for end, bound in self._line.words(point.end, words.SUFFIXES):
                    if is_free or bound is Bound.UNTIL:
                        yield Read(end, Phrase(bound, point.value[:1]))

    # --------------------------------------------------- ranges and open expressions

    def _joined(self, at: int) -> Iterator[Read[Phrase]]:
        for end, stretches in self._points.at(at):
            if len(stretches) > 1 or not self._line.begins(end, _FOLLOWING):
                continue
            first = stretches[0]
            yield from self._ranges(end, first)
            yield from self._between(end, first)
            yield from self._range_in_figures(at, end, first)
            for suffix in self._line.words(end, words.SUFFIXES):
                yield Read(suffix.end, Phrase(suffix.value, (first,)))
        for end, year in self._year_number(at):
            yield from self._ranges(end, year)
            yield from self._range_of_years(end, year)
        yield from self._range_of_short_years(at)

    def _ranges(self, at: int, first: Stretch) -> Iterator[Read[Phrase]]:
        for to in self._line.words(at, words.TO):
            for tail in (*self._points.tails(to.end), *self._short_year(to.end, first)):
                if _is_end(first, tail.value):
                    for end in self._line.optionally(tail.end, words.CLOSING):
                        yield Read(end, Phrase(Bound.BETWEEN, (first, tail.value[0])))

    def _between(self, at: int, first: Stretch) -> Iterator[Read[Phrase]]:
        for conjunction in self._line.words(at, words.BETWEEN_AND):
            for tail in self._points.tails(conjunction.end):
                for end, _ in self._line.words(tail.end, words.BETWEEN):
                    if _is_end(first, tail.value):
                        yield Read(end, Phrase(Bound.BETWEEN, (first, tail.value[0])))

    def _range_of_years(self, at: int, first: Part) -> Iterator[Read[Phrase]]:
        """2023-2024 before a word, where the second year alone would be no date."""
        for to in self._line.words(at, words.TO_NUMBER):
            for end, last in self._year_number(to.end):
                is_later = (last.year or 0) > (first.year or 0)
                if is_later and self._points.figures.are_whole(end):
                    yield Read(end, Phrase(Bound.BETWEEN, (first, last)))

    def _range_of_short_years(self, at: int) -> Iterator[Read[Phrase]]:
        """23-25年, both of late: 10-15年 says how long."""
        for first_end, first in self._points.figures.late_years(at):
            for to in self._line.words(first_end, words.TO_NUMBER):
                for last_end, last in self._points.figures.late_years(to.end):
                    for end, _ in self._line.words(last_end, words.YEAR):
                        if first < last:
                            ends = Part(year=first), Part(year=last)
                            yield Read(end, Phrase(Bound.BETWEEN, ends))

    def _year_number(self, at: int) -> Iterator[Read[Part]]:
        """2020 in 2020-2023年: a year whose unit comes with the second end."""
        for end, number in self._line.numbers(at):
            if number.digits == 4 and FIRST_YEAR <= number.value <= LAST_YEAR:
                yield Read(end, Part(year=number.value))

    def _short_year(self, at: int, first: Stretch) -> Iterator[Read[Stretches]]:
        """98年 in 1995-98年."""
        if not isinstance(first, Part) or first.year is None:
            return
        for number_end, number in self._line.numbers(at):
            year = first.year // 100 * 100 + number.value
            if number.digits == 2 and year > first.year:
                for end, _ in self._line.words(number_end, words.YEAR):
                    yield Read(end, (Part(year=year),))

    def _range_in_figures(self, at: int, end: int, first: Stretch) -> Iterator[Read[Phrase]]:
        """2024.3.1-3.15, 2024/3/1-15, 2024.3-5: the second end leaves out what the first says."""
        year_end = self._line.skip(at) + 4
        separator = self._line.text[year_end : year_end + 1]
        if separator not in SEPARATORS or not isinstance(first, Part):
            return
        for to_end, to in self._line.words(end, words.TO_NUMBER):
            if to == separator:
                continue
            for tail in self._points.figures.tails(to_end, separator):
                last = tail.value[0]
                if isinstance(last, Part) and not last.months and not first.days:
                    last = Part(months=last.days)
                yield Read(tail.end, Phrase(Bound.BETWEEN, (first, last)))


def joins(between: str) -> bool:
    """True when what stands between two expressions makes them one list: 和, 、 or a blank."""
    return between.strip() in _CONJUNCTIONS


def _is_end(first: Stretch, tail: Stretches) -> bool:
    return len(tail) == 1 and leans_well(tail[0], first)


_CONJUNCTIONS = frozenset(["和", "与", "及", "、", "以及", "或", "或者", "跟", ",", ""])

# What a connector behind a point can begin with, and what can lead an expression.
_FOLLOWING = beginnings(words.TO, words.TO_NUMBER, words.BETWEEN_AND, words.SUFFIXES)
_LEADING = beginnings(words.PREFIXES, words.FROM, words.UP_TO, words.TODAY_IN_HISTORY)
# Whatever an expression can begin with: most of a text is passed over at once.
_FIRST = FIRST | _LEADING
