"""The productions of the date grammar that name one stretch of time.

As in `parts`, a production yields every way to read the line from a place.

    point   = figures | of_year | part | of_now | ago | recent | era | bare
    of_year = year [["的"] part] | year_number part | ("每年") ["的"] part | years "年"
    bare    = day | third | weekday | 24年 | 2024          between borders of words
    tail    = point | 次年 [part] | day | weekday | third   behind the first end of a range
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.model import DateRange
from bot.search.dates import words
from bot.search.dates.elapsed import Elapsed, that_day, whole_week
from bot.search.dates.eras import eras
from bot.search.dates.figures import SEPARATORS, Figures
from bot.search.dates.line import Line, Read, beginnings, quoted
from bot.search.dates.numerals import CHINESE_NUMERALS, DIGITS, Number
from bot.search.dates.parts import LISTS, Parts, flat
from bot.search.dates.reckoning import (
    FIRST_YEAR,
    LAST_YEAR,
    full,
    no_such_week,
    no_such_year,
    this_day_of,
    week_start,
)
from bot.search.dates.stretch import Fixed, Impossible, Part, Stretch, Stretches, Weekday
from bot.search.dates.words import Unit

Production = Callable[[int], Iterator[Read[Stretches]]]


class Opening(NamedTuple):
    """A production and what it can begin with, so that the others need not be tried.

    First two signs of its words; those of the units of a number that it begins with; with
    `years`, any number of four digits and more.
    """

    words: frozenset[str]
    units: frozenset[str]
    production: Production
    years: bool = False


class Points:
    """The productions over one line, on one day (`today`, the chat's own)."""

    def __init__(self, line: Line, today: date) -> None:
        self._line = line
        self._today = today
        self._parts = Parts(line)
        self.figures = Figures(line, self._parts, today)
        self.elapsed = Elapsed(line, self._parts, today)
        self._read: dict[int, tuple[Read[Stretches], ...]] = {}
        self._read_tails: dict[int, tuple[Read[Stretches], ...]] = {}
        self._chosen: dict[tuple[str, tuple[str, ...], bool], tuple[Production, ...]] = {}
        parts, elapsed, figures = self._parts, self.elapsed, self.figures
        self._openings = (
            Opening(_NONE, SEPARATORS, figures.separated),
            Opening(_NONE, SEPARATORS, figures.spread),
            Opening(_NONE, SEPARATORS, figures.spaced, years=True),
            Opening(_NONE, _NONE, figures.compact, years=True),
            Opening(_YEAR_WORDS, _YEAR_UNITS, self._of_year, years=True),
            Opening(_MONTH_WORDS, _MONTH_UNITS, parts.months),
            Opening(_QUARTER_WORDS, _QUARTER_UNITS, parts.quarters),
            Opening(_PART_WORDS, _NONE, parts.named),
            Opening(_Q, _NONE, self._quarter_of_year),
            Opening(_NOW_WORDS, _NONE, elapsed.of_now),
            Opening(_DURATION_WORDS, _DURATION_UNITS, self._ago),
            Opening(_RECENT_WORDS, _DURATION_UNITS, elapsed.recent),
            Opening(_ERA_WORDS, _ERA_UNITS, self._era),
            Opening(_BARE_WORDS, _BARE_UNITS, self._bare, years=True),
        )

    def at(self, at: int) -> tuple[Read[Stretches], ...]:
        """Every reading from `at`; kept, for ranges ask again and again."""
        at = self._line.skip(at)
        if at not in self._read:
            self._read[at] = tuple(
                read for production in self._possible(at) for read in production(at)
            )
        return self._read[at]

    def _possible(self, at: int) -> tuple[Production, ...]:
        """What can begin with the word, or the number and unit, that stands at `at`."""
        word = self._line.beginning(at)
        numbers = self._line.numbers(at)
        units = tuple(self._line.beginning(end) for end in self._unit_places(at))
        is_long = bool(numbers) and numbers[0].value.digits >= 4
        beginning = (word, units, is_long)
        if beginning not in self._chosen:
            self._chosen[beginning] = tuple(
                opening.production
                for opening in self._openings
                if word in opening.words
                or word[:1] in opening.words
                or any(unit in opening.units or unit[:1] in opening.units for unit in units)
                or (is_long and opening.years)
            )
        return self._chosen[beginning]

    def _unit_places(self, at: int) -> Iterator[int]:
        """Where the unit of a number stands: right behind it, or behind the list it begins."""
        for end, _ in self._line.numbers(at):
            yield end
            if self._line.begins(end, LISTS):
                yield from (read.end for read in self._parts.numbers(at))

    def tails(self, at: int) -> tuple[Read[Stretches], ...]:
        """What may end a range though it would be no date alone: 8日 behind 3月5日到."""
        at = self._line.skip(at)
        if at not in self._read_tails:
            self._read_tails[at] = (*self.at(at), *self._leaning(at))
        return self._read_tails[at]

    # -------------------------------------------------------------------- years

    def _of_year(self, at: int) -> Iterator[Read[Stretches]]:
        numbers = self._line.numbers(at)
        if numbers and numbers[0].value.digits in (1, 3):
            return  # 3年, 100年: how long
        for end, year in self._years(at):
            yield Read(end, (year,))
            for start in self._line.optionally(end, words.OF):
                yield from self._of(start, year)
        if numbers:
            for end, number_year in self._year_numbers(at):
                yield from self._of(end, number_year)
            yield from self._year_lists(at)
            return
        yield from self._seasons_of_now(at)
        for every in self._line.words(at, words.EVERY_YEAR):
            for start in self._line.optionally(every.end, words.OF):
                for end, parts in self._parts.of_a_year(start):
                    yield Read(end, tuple(_of_every_year(part) for part in parts))

    def _seasons_of_now(self, at: int) -> Iterator[Read[Stretches]]:
        """今春, 去冬, and 去冬今春 from the first to the last."""
        for end, season in self._season_of_now(at):
            if self._parts.is_free_after(end):
                yield Read(end, (season,))
            for later_end, later in self._season_of_now(end):
                first, last = season.in_year(season.year or 0), later.in_year(later.year or 0)
                if first.start and last.end and first.start < last.end:
                    yield Read(later_end, (Fixed(DateRange(first.start, last.end)),))

    def _season_of_now(self, at: int) -> Iterator[Read[Part]]:
        for year_end, offset in self._line.words(at, words.SHORT_YEARS):
            for end, season in self._line.words(year_end, words.SEASONS_OF_A_YEAR):
                yield Read(end, Part(year=self._today.year + offset, months=season))

    def _years(self, at: int) -> Iterator[Read[Stretch]]:
        """2024年, 去年, and 24年 before a part."""
        for number_end, number in self._line.numbers(at):
            for unit in self._line.words(number_end, words.YEAR):
                yield from self._numbered_year(number, unit.end)
        for year_end, offset in self._line.words(at, words.YEARS_FROM_NOW):
            for end in self._line.optionally(year_end, words.FISCAL):
                yield Read(end, _whole_year(self._today.year + offset))

    def _numbered_year(self, number: Number, end: int) -> Iterator[Read[Stretch]]:
        is_counted = not number.digits and number.value % 100 and number.value >= 1000
        if number.digits == 4 or is_counted:
            if FIRST_YEAR <= number.value <= LAST_YEAR:
                yield Read(end, _whole_year(number.value))
            elif number.value % 100:  # 5000年 is how long, not when
                yield Read(end, Impossible(no_such_year(f"{number.value:04d}")))
        elif number.digits == 2:
            starts = self._line.optionally(end, words.OF)
            if any(part for start in starts for part in self._parts.of_a_year(start)):
                yield Read(end, Part(year=full(number.value, self._today)))

    def _year_numbers(self, at: int) -> Iterator[Read[Stretch]]:
        """2024 in 2024Q3, 2024上半年 or 2024春节; 24 in 24Q3; 2024- in 2024-Q3."""
        for number_end, number in self._line.numbers(at):
            dash = number_end + self._line.text.startswith("-", number_end)
            has_quarter = any(True for _ in self._parts.letter_quarters(dash))
            end = dash if has_quarter else number_end
            if number.digits == 4 and FIRST_YEAR <= number.value <= LAST_YEAR:
                yield Read(end, Part(year=number.value))
            elif number.digits == 2 and has_quarter:
                yield Read(end, Part(year=full(number.value, self._today)))

    def _year_lists(self, at: int) -> Iterator[Read[Stretches]]:
        """2023、2024年 and 23、24年: years whose unit comes with the last."""
        years: list[Stretch] = []
        numbers = () if self._line.is_inside_list(at) else self._line.numbers(at)
        while numbers and self._may_be_listed(numbers[0].value):
            end, number = numbers[0]
            is_short = number.digits == 2
            years.append(Part(year=full(number.value, self._today) if is_short else number.value))
            if len(years) > 1:
                for unit in self._line.words(end, words.YEAR):
                    yield Read(unit.end, tuple(years))
            commas = self._line.words(end, words.AND_NUMBER)
            numbers = self._line.numbers(commas[0].end) if commas else ()

    def _may_be_listed(self, number: Number) -> bool:
        return self._is_year(number) or (number.digits == 2 and self.figures.is_late(number))

    def _is_year(self, number: Number) -> bool:
        return number.digits == 4 and FIRST_YEAR <= number.value <= LAST_YEAR

    def _of(self, at: int, year: Stretch) -> Iterator[Read[Stretches]]:
        """The parts of that year that stand at `at`."""
        for end, parts in self._parts.of_a_year(at):
            if isinstance(year, Part):
                yield Read(end, tuple(_in(year, part) for part in parts))
            else:
                yield Read(end, (year,))  # 3024年3月: the year is what is wrong
        is_moment = self._line.begins(at, _MOMENTS)
        if is_moment and isinstance(year, Part) and year.year is not None:
            yield from self._moments_of(at, year.year)

    def _moments_of(self, at: int, year: int) -> Iterator[Read[Stretches]]:
        """去年今天, 去年同月, 去年同期 (its first day to today's), 2024年第10周 (ISO 8601)."""
        same = this_day_of(year, self._today)
        for end, _ in self._line.words(at, words.SAME_MONTH):
            yield Read(end, (Part(year=year, months=(same.month, same.month)),))
        for end, _ in self._line.words(at, words.SAME_TIME):
            yield Read(end, (Fixed(DateRange(date(year, 1, 1), same)),))
        for end, _ in self._line.words(at, words.THE_DAY_TODAY):
            yield Read(end, (that_day(same),))
        for ordinal in self._line.words(at, words.ORDINAL):
            for number_end, number in self._parts.small_numbers(ordinal.end):
                for end, _ in self._line.words(number_end, words.WEEK_WORD):
                    yield Read(end, (_week(year, number.value),))

    def _quarter_of_year(self, at: int) -> Iterator[Read[Stretches]]:
        """Q3 2024."""
        for quarter_end, _ in self._parts.letter_quarters(at):
            for end, number in self._line.numbers(quarter_end):
                if self._is_year(number):
                    for quarter in self._parts.of_a_year(at):
                        if quarter.end == quarter_end:
                            year = Part(year=number.value)
                            yield Read(end, tuple(_in(year, part) for part in quarter.value))

    # --------------------------------------------------------- long ago, and eras

    def _ago(self, at: int) -> Iterator[Read[Stretches]]:
        """三天前, 三年前的今天, 三年前的3月."""
        for end, (unit, then) in self.elapsed.ago(at):
            for start in self._line.optionally(end, words.OF):
                for word in self._line.words(start, words.THE_DAY_TODAY):
                    yield Read(word.end, (that_day(then),))
            match unit:
                case Unit.DAY:
                    yield Read(end, (that_day(then),))
                case Unit.WEEK:
                    yield from self.elapsed.in_week(end, week_start(then))
                case Unit.MONTH:
                    month = Part(year=then.year, months=(then.month, then.month))
                    yield Read(end, (month,))
                    yield from self._parts.of_a_month(end, month)
                case Unit.YEAR:
                    year = Part(year=then.year)
                    yield Read(end, (year,))
                    for start in self._line.optionally(end, words.OF):
                        yield from self._of(start, year)

    def _era(self, at: int) -> Iterator[Read[Stretches]]:
        for end, years in eras(self._line, at, self._today):
            yield Read(end, (years,))

    # ------------------------------------------------------- bare, between borders

    def _bare(self, at: int) -> Iterator[Read[Stretches]]:
        """What is a date only where it stands alone: 15日, 月底, 周五, 24年, 2024."""
        if not self._parts.is_free_before(at):
            return
        for end, pairs in self._parts.marked_days(at):
            if self._stands_alone(end) and all(1 <= day <= 31 for day in flat(pairs)):
                yield Read(end, tuple(Part(days=pair) for pair in pairs))
        for end, third in self._line.words(at, words.THIRDS):
            if end - at > 1 and self._stands_alone(end):
                yield Read(end, (Part(days=third),))
        for week in self._line.words(at, words.WEEK_WORD):
            for end, (first, last) in self._line.words(week.end, words.WEEKDAYS):
                if self._stands_alone(end):
                    yield Read(end, (Weekday(first, last),))
        for end, number in self._line.numbers(at):
            yield from self._bare_year(end, number)

    def _stands_alone(self, end: int) -> bool:
        return self._parts.is_free_after(end)

    def _bare_year(self, at: int, number: Number) -> Iterator[Read[Stretches]]:
        """2024 alone, and before a word when it has come; 二〇二四, 24年 and 98年 alone, but not

        30年 or 一二年, which say how long.
        """
        if self._is_year(number) and number.value >= _FIRST_BARE_YEAR:
            has_come = _FIRST_LATE_YEAR <= number.value <= self._today.year + 1
            is_late = number.is_arabic and has_come
            if (self._stands_alone(at) or is_late) and self.figures.are_whole(at):
                yield Read(at, (_whole_year(number.value),))
        elif number.digits == 2 and not number.is_digit_pair:
            is_past = number.value <= self._today.year % 100 + 1
            if is_past or (number.value > 50 and number.value % 10):
                for end, _ in self._line.words(at, words.YEAR):
                    is_year = self._stands_alone(end) or self.figures.is_late(number)
                    if is_year and not self._line.has(end, words.HOW_LONG):
                        yield Read(end, (Part(year=full(number.value, self._today)),))

    # -------------------------------------------------- ends that lean on a first end

    def _leaning(self, at: int) -> Iterator[Read[Stretches]]:
        for end, later in self._line.words(at, words.YEARS_LATER):
            year = Part(later_years=later)
            yield Read(end, (year,))
            for start in self._line.optionally(end, words.OF):
                yield from self._of(start, year)
        for end, pairs in self._parts.marked_days(at):
            yield Read(end, tuple(Part(days=pair) for pair in pairs))
        for week in self._line.words(at, words.WEEK_WORD):
            for end, (first, last) in self._line.words(week.end, words.WEEKDAYS):
                yield Read(end, (Weekday(first, last),))
        for end, third in self._line.words(at, words.THIRDS):
            if end - at > 1:
                yield Read(end, (Part(days=third),))


def _week(year: int, week: int) -> Stretch:
    """A week by its number, if the year has it."""
    last = date(year, 12, 28).isocalendar().week
    if not 1 <= week <= last:
        return Impossible(no_such_week(year, week, last))
    return whole_week(date.fromisocalendar(year, week, 1))


@lru_cache(maxsize=512)
def _whole_year(year: int) -> Part:
    return Part(year=year)


@lru_cache(maxsize=1024)
def _in(year: Part, part: Stretch) -> Stretch:
    """A part of that year, or of what the year leaves open (次年)."""
    if not isinstance(part, Part):
        return part
    return replace(part, year=year.year, later_years=year.later_years)


def _of_every_year(part: Stretch) -> Stretch:
    if not isinstance(part, Part):
        return part
    return replace(part, is_this_years=False, is_every_years=True)


_FIRST_LATE_YEAR = 2000
_FIRST_BARE_YEAR = 1900  # 1848 alone is a number

_NONE: frozenset[str] = frozenset()
_Q = beginnings(words.LETTER_Q)
_YEAR_WORDS = beginnings(words.YEARS_FROM_NOW, words.SHORT_YEARS, words.EVERY_YEAR)
_YEAR_UNITS = beginnings(words.YEAR, words.LETTER_Q) | {"-"}
_MOMENTS = beginnings(words.SAME_MONTH, words.SAME_TIME, words.THE_DAY_TODAY, words.ORDINAL)
_MONTH_WORDS = beginnings(words.MONTH_NAMES)
_MONTH_UNITS = beginnings(words.MONTH)
_QUARTER_WORDS = beginnings(words.ORDINAL) | _Q
_QUARTER_UNITS = beginnings(words.QUARTER)
_PART_WORDS = beginnings(
    *(words.HALVES, words.FIRST_OF, words.YEAR_ENDS, words.SEASONS),
    *(words.FEAST, words.LUNAR, words.LUNAR_MONTHS),
) | quoted(words.FEAST)
_NOW_WORDS = beginnings(
    *(words.DAYS_FROM_NOW, words.DAYS_AHEAD, words.WEEKS_FROM_NOW),
    *(words.MONTHS_FROM_NOW, words.QUARTERS_FROM_NOW),
)
_DURATION_UNITS = beginnings(words.UNITS)
_DURATION_WORDS = beginnings(words.HALF, words.SEVERAL)
_RECENT_WORDS = _DURATION_WORDS | beginnings(words.RECENTLY)
_ERA_WORDS = beginnings(words.CENTURIES_FROM_NOW, words.PLANS, words.ORDINAL) | quoted(words.PLANS)
_ERA_UNITS = beginnings(words.DECADE, words.CENTURY)
_BARE_WORDS = beginnings(words.THIRDS, words.WEEK_WORD)
_BARE_UNITS = beginnings(words.DAY, words.YEAR)

# What a point can begin with: a numeral, or the first two signs of a word.
FIRST = CHINESE_NUMERALS.union(
    *(DIGITS, _YEAR_WORDS, _MONTH_WORDS, _QUARTER_WORDS, _PART_WORDS, _NOW_WORDS),
    *(_RECENT_WORDS, _ERA_WORDS, _BARE_WORDS),
)
