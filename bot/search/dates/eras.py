"""The productions for spans of years with names: decades and five-year plans.

eras   = decade | plan
decade = [century] number "年代" [初|中期|末]
plan   = ["] name ["] ([规划] (时期|期间) | 以来)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.errors import QueryError
from bot.model import DateRange
from bot.search.dates import words
from bot.search.dates.line import Line, Read
from bot.search.dates.reckoning import FIRST_YEAR, LAST_YEAR
from bot.search.dates.stretch import Bound, Fixed, Impossible, Stretch, whole_years

_PLAN_YEARS = 5
_FIRST_REGULAR_PLAN = 6  # from the sixth on (1981-1985) one plan follows another


def eras(line: Line, at: int, today: date) -> Iterator[Read[Stretch]]:
    """Every decade or five-year plan that can be read from `at`."""
    yield from _decades(line, at, today)
    yield from _plans(line, at, today)


# ------------------------------------------------------------------------ decades


def _decades(line: Line, at: int, today: date) -> Iterator[Read[Stretch]]:
    for number_end, number in line.numbers(at):
        for end, _ in line.words(number_end, words.DECADE):
            if number.digits == 4 and number.value % 10 == 0:
                yield from _decade(line, end, number.value)
            elif number.value < 100 and number.value % 10 == 0:
                century = today.year // 100 * 100
                is_past = century + number.value <= today.year
                yield from _decade(line, end, century + number.value - (0 if is_past else 100))
    for start, century in _centuries(line, at, today):
        for number_end, number in line.numbers(start):
            for end, _ in line.words(number_end, words.DECADE):
                if number.value < 100 and number.value % 10 == 0:
                    yield from _decade(line, end, century + number.value)


def _centuries(line: Line, at: int, today: date) -> Iterator[Read[int]]:
    """The first year of a century's decades: 20世纪 is 1900."""
    for end, offset in line.words(at, words.CENTURIES_FROM_NOW):
        yield Read(end, (today.year // 100 + offset) * 100)
    for number_end, number in line.numbers(at):
        for end, _ in line.words(number_end, words.CENTURY):
            if 1 <= number.value < 100:
                yield Read(end, (number.value - 1) * 100)


def _decade(line: Line, at: int, first: int) -> Iterator[Read[Stretch]]:
    if not FIRST_YEAR <= first <= LAST_YEAR - 10:
        wrong = QueryError(
            "只能查{first}年到{last}年，没有{decade}年代。可以这样写：{example}",
            "2020年代",
            first=FIRST_YEAR,
            last=LAST_YEAR,
            decade=first,
        )
        yield Read(at, Impossible(wrong))
        return
    yield Read(at, whole_years(first, first + 9))
    for end, (start, last) in line.words(at, words.DECADE_PARTS):
        yield Read(end, whole_years(first + start, first + last))


# ------------------------------------------------------------------- five-year plans


def _plans(line: Line, at: int, today: date) -> Iterator[Read[Stretch]]:
    for end, first in _plan_names(line, at):
        last = first
        yield from _plan_times(line, end, first, last, today)
        for to in (*line.words(end, words.TO), *line.words(end, words.AND), Read(end, "")):
            for last_end, last in _plan_names(line, to.end):
                if last > first:
                    yield from _plan_times(line, last_end, first, last, today)


def _plan_names(line: Line, at: int) -> Iterator[Read[int]]:
    """The first year of the plan named: 十三五, "十三五", 第十三个五年规划."""
    for start in line.optionally(at, words.QUOTE_MARK):
        for name in line.words(start, words.PLANS):
            for end in line.optionally(name.end, words.QUOTE_MARK):
                yield Read(end, name.value)
    for ordinal in line.words(at, words.ORDINAL):
        for number_end, number in line.numbers(ordinal.end):
            for end, _ in line.words(number_end, words.FIVE_YEAR_PLAN):
                if _FIRST_REGULAR_PLAN <= number.value <= 25:
                    yield Read(end, 1981 + _PLAN_YEARS * (number.value - _FIRST_REGULAR_PLAN))


def _plan_times(line: Line, at: int, first: int, last: int, today: date) -> Iterator[Read[Stretch]]:
    for start in line.optionally(at, words.PLAN_WORD):
        for end, _ in line.words(start, words.PLAN_TIME):
            yield Read(end, whole_years(first, last + _PLAN_YEARS - 1))
    for end, bound in line.words(at, words.SUFFIXES):
        if bound is Bound.SINCE and first <= today.year:  # “十四五”以来 needs no 时期
            since = DateRange(date(first, 1, 1), today)
            yield Read(end, Fixed(since))
