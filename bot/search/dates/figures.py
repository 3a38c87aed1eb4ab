"""The productions for dates written in figures: 2024-03-05, 2024/3, 2024.3.5, 20240305.

    figures = year sep month [sep day ["日"]]  |  year "-" year  |  8 digits  |  6 digits
            | year " " month [" " day]  |  2 digits sep month sep day

One separator throughout; what looks like a version, an address or a quantity is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.search.dates import words
from bot.search.dates.line import Line, Read
from bot.search.dates.numerals import Number
from bot.search.dates.parts import Parts
from bot.search.dates.reckoning import (
    FIRST_YEAR,
    LAST_YEAR,
    full,
    month_length,
    no_such_month,
    no_such_year,
)
from bot.search.dates.stretch import Impossible, Part, Stretch, Stretches, whole_years

SEPARATORS = frozenset("-/.")
_LATE_YEARS = 8
_FIRST_COMPACT_YEAR = 1900  # 18990101 is a number


class Figures:
    """The productions over one line, on one day (`today`, the chat's own)."""

    def __init__(self, line: Line, parts: Parts, today: date) -> None:
        self._line = line
        self._today = today
        self._parts = parts

    def separated(self, at: int) -> Iterator[Read[Stretches]]:
        """2024-03-05, 2024/3, 2024.3.5, 2024-3月5日, 2023-24."""
        for end, year in self._line.numbers(at):
            separator = self._line.text[end : end + 1]
            if not (year.is_arabic and year.digits == 4 and separator in SEPARATORS):
                continue
            for month_end, month in self._digits(end + 1):
                yield from self._month_marked(month_end, year.value, month.value)
                if self._line.text[month_end : month_end + 1] == separator:
                    yield from self._day(month_end + 1, year.value, month.value)
                if self._ends(month_end, separator):
                    yield from self._month(month_end, year.value, month.value, separator)

    def spread(self, at: int) -> Iterator[Read[Stretches]]:
        """2024. 3. 5 and 2024 - 03 - 05: blanks around the separators of a whole date."""
        for end, year in self._line.numbers(at):
            separator = self._line.sign_after(end)
            if not (year.is_arabic and year.digits == 4 and separator in SEPARATORS):
                continue
            for month_end, month in self._digits_after(end):
                if self._line.sign_after(month_end) == separator:
                    for day_end, day in self._digits_after(month_end):
                        if self._ends(day_end, ""):
                            yield Read(day_end, (written(year.value, month.value, day.value),))

    def _digits_after(self, separator: int) -> Iterator[Read[Number]]:
        behind = self._line.skip(separator) + 1
        yield from self._digits(self._line.skip(behind))

    def spaced(self, at: int) -> Iterator[Read[Stretches]]:
        """2024 3 5, 24-03-05 and 24.3.5, where the three numbers make a day, and 2024 03."""
        for year_end, year in self._line.numbers(at):
            separator = self._line.text[year_end : year_end + 1]
            is_short = year.digits == 2 and separator in SEPARATORS
            if not (year.is_arabic and (is_short or (year.digits == 4 and separator == " "))):
                continue
            for month_end, month in self._digits(year_end + 1):
                is_month = self._line.text[month_end - 2] == "0" and month.value >= 1
                if separator == " " and is_month and self._parts.is_free_after(month_end):
                    yield Read(month_end, (written(year.value, month.value, None),))
                if self._line.text[month_end : month_end + 1] == separator:
                    for end, day in self._digits(month_end + 1):
                        is_padded = month.digits == day.digits == 2 and separator != "."
                        is_day = is_padded or not is_short or self.is_late(year)
                        if is_day and self._ends(end, ""):
                            yield from self._if_a_day(end, year.value, month.value, day.value)

    def _if_a_day(self, end: int, year: int, month: int, day: int) -> Iterator[Read[Stretches]]:
        full_year = full(year, self._today) if year < 100 else year
        if not FIRST_YEAR <= full_year <= LAST_YEAR or not 1 <= month <= 12:
            return
        if 1 <= day <= month_length(full_year, month):
            yield Read(end, (written(full_year, month, day),))

    def _month_marked(self, at: int, year: int, month: int) -> Iterator[Read[Stretches]]:
        for end, _ in self._line.words(at, words.MONTH):
            whole = written(year, month, None)
            yield Read(end, (whole,))
            if isinstance(whole, Part):
                yield from self._parts.of_a_month(end, whole)

    def _month(self, end: int, year: int, month: int, separator: str) -> Iterator[Read[Stretches]]:
        is_years = separator == "-" and month > 12 and month > year % 100
        if is_years and FIRST_YEAR <= year <= LAST_YEAR:
            years = whole_years(year, year // 100 * 100 + month)
            for unit in self._line.optionally(end, words.YEAR):
                yield Read(unit, (years,))
        elif separator != "." or (1 <= month <= 12 and self._parts.ends_number(end)):
            yield Read(end, (written(year, month, None),))

    def _day(self, at: int, year: int, month: int) -> Iterator[Read[Stretches]]:
        for day_end, day in self._digits(at):
            if self._ends(day_end, ""):
                for end in self._line.optionally(day_end, words.DAY):
                    stretch = written(year, month, day.value)
                    yield Read(self._parts.past_weekday(end), (stretch,))

    def compact(self, at: int) -> Iterator[Read[Stretches]]:
        """20240305, 202403."""
        for end, number in self._line.numbers(at):
            is_whole = self._ends(end, "-") and self._parts.ends_number(end)
            if not (number.is_arabic and number.digits in (6, 8) and is_whole):
                continue
            figures = f"{number.value:0{number.digits}d}"
            year, month, day = int(figures[:4]), int(figures[4:6]), int(figures[6:] or 0)
            if not _FIRST_COMPACT_YEAR <= year <= LAST_YEAR:
                continue
            if number.digits == 8 and month and day:
                yield Read(end, (written(year, month, day),))
            elif number.digits == 6 and 1 <= month <= 12:
                yield Read(end, (written(year, month, None),))

    def tails(self, at: int, separator: str) -> Iterator[Read[Stretches]]:
        """What ends a range of figures: 3.15 behind 2024.3.1-, 15 behind 2024-03-01~."""
        for end, first in self._digits(self._line.skip(at)):
            if self._line.text[end : end + 1] == separator:
                for day_end, day in self._digits(end + 1):
                    if self._ends(day_end, ""):
                        yield Read(day_end, (written(None, first.value, day.value),))
            elif self._ends(end, "") and self._parts.ends_number(end):
                yield Read(end, (Part(days=(first.value, first.value)),))

    def _digits(self, at: int) -> Iterator[Read[Number]]:
        """One or two Arabic digits, right here."""
        if self._line.skip(at) == at:
            yield from (read for read in self._parts.small_numbers(at) if read.value.is_arabic)

    def is_late(self, number: Number) -> bool:
        """True for 24 in 2026, of which so many years, or such a version, are seldom said."""
        years_ago = self._today.year % 100 - number.value
        return number.is_arabic and -1 <= years_ago < _LATE_YEARS and number.value % 10 != 0

    def late_years(self, at: int) -> Iterator[Read[int]]:
        """23 and 25 of 23-25年, each in full."""
        for end, number in self._line.numbers(at):
            if number.digits == 2 and self.is_late(number):
                yield Read(end, full(number.value, self._today))

    def are_whole(self, at: int) -> bool:
        """True when the figures of a year end at `at`: no month, no unit, no quantity follows."""
        behind = self._line.text[at : at + 2]
        is_month = behind[:1] in SEPARATORS and behind[1:].isdecimal()
        return not is_month and self._parts.ends_figures(at)

    def _ends(self, at: int, separator: str) -> bool:
        """True when nothing more belongs to the figures that end at `at`.

        Behind the separator "-" a whole year may follow, as the end of a range.
        """
        behind = self._line.text[at : at + 5]
        if behind[:1].isascii() and behind[:1].isalpha():
            return behind[0] in "Tt"  # 2024-03-05T08:00
        if behind[:1] == "-" == separator and behind[1:2].isdecimal():
            return behind[1:].isdecimal() and len(behind) == 5
        return not self._parts.go_on(at)


def written(year: int | None, month: int, day: int | None) -> Stretch:
    """A date written in figures, as far as the calendar has it."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return Impossible(no_such_year(f"{year:04d}"))
    if not 1 <= month <= 12:
        return Impossible(no_such_month(month))
    return Part(year=year, months=(month, month), days=None if day is None else (day, day))
