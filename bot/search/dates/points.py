"""The productions of the date grammar that name one stretch of time.

Every production is a method that takes a place of the line and yields each way to read
the line from there: where the reading ends, and what it means. Nothing is refused here:
what is a date in form but not in the calendar is read as `Impossible`.

    point    = numeric | compact | of_year | of_now | ago | recent | era | bare
    of_year  = year ["的"] part | year | every_year part
    part     = months | quarter | half | first_of | season | year_end | feast
    months   = numbers "月" [["的"] days | third]
    numbers  = number [to number] {and number [to number]}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.model import DateRange
from bot.search.dates import words
from bot.search.dates.eras import eras
from bot.search.dates.feasts import Feast
from bot.search.dates.line import Line, Read, Table
from bot.search.dates.numerals import Number
from bot.search.dates.reckoning import (
    FIRST_YEAR,
    LAST_YEAR,
    ONE_DAY,
    move,
    no_such_month,
    no_such_quarter,
    no_such_year,
    this_day_of,
    week_start,
)
from bot.search.dates.stretch import LAST_DAY, Fixed, Impossible, Part, Stretch, Weekday
from bot.search.dates.words import Unit

Stretches = tuple[Stretch, ...]
Production = Callable[[int], Iterator[Read[Stretches]]]
Pairs = tuple[tuple[int, int], ...]


class Points:
    """The productions over one line, on one day (`today`, the chat's own)."""

    def __init__(self, line: Line, today: date) -> None:
        self._line = line
        self._today = today
        self._read: dict[int, tuple[Read[Stretches], ...]] = {}

    def at(self, at: int) -> tuple[Read[Stretches], ...]:
        """Every reading from `at`, the longest first; kept, for ranges ask again and again."""
        at = self._line.skip(at)
        if at not in self._read:
            found = [read for production in self._productions() for read in production(at)]
            self._read[at] = tuple(sorted(found, key=lambda read: -read.end))
        return self._read[at]

    def _productions(self) -> tuple[Production, ...]:
        return (
            self._numeric,
            self._compact,
            self._of_year,
            self._yearless,
            self._of_now,
            self._ago,
            self._recent,
            self._era,
            self._bare,
        )

    # ------------------------------------------------------------------ numbers

    def _numbers(self, at: int) -> Iterator[Read[Pairs]]:
        """numbers = number [to number] {and number [to number]}: 3, 1-3, 3、4, and 三四."""
        for pair in self._number_pairs(at):
            yield pair
            end, pairs = pair
            while True:
                more = next(
                    (
                        following
                        for comma in self._line.words(end, words.AND_NUMBER)
                        for following in self._number_pairs(comma.end)
                    ),
                    None,
                )
                if more is None:
                    break
                end, pairs = more.end, pairs + more.value
                yield Read(end, pairs)

    def _number_pairs(self, at: int) -> Iterator[Read[Pairs]]:
        for end, first in self._small(at):
            if first.is_digit_pair:
                tens, ones = divmod(first.value, 10)
                yield Read(end, ((tens, tens), (ones, ones)))
            else:
                yield Read(end, ((first.value, first.value),))
            for to in self._line.words(end, words.TO_NUMBER):
                for last in self._small(to.end):
                    yield Read(last.end, ((first.value, last.value.value),))

    def _small(self, at: int) -> Iterator[Read[Number]]:
        for read in self._line.numbers(at):
            if read.value.value < 100 and read.value.digits <= 2:
                yield read

    # -------------------------------------------------------------------- years

    def _of_year(self, at: int) -> Iterator[Read[Stretches]]:
        for end, year in self._years(at):
            yield Read(end, (year,))
            for start in self._line.optionally(end, words.OF):
                yield from self._parts_of(start, year)
        yield from self._year_lists(at)
        for end, year in self._unmarked_years(at):
            for dash in self._optional_dash(end):
                yield from self._parts_of(dash, year)
        yield from self._short_seasons(at)
        for every in self._line.words(at, words.EVERY_YEAR):
            for start in self._line.optionally(every.end, words.OF):
                for end, parts in self._parts(start, words.FEAST_OF_A_YEAR):
                    yield Read(end, tuple(_of_every_year(part) for part in parts))

    def _years(self, at: int) -> Iterator[Read[Stretch]]:
        """year = 2024年 | 24年 before a part | 去年 | 三年前 | 次年."""
        for number_end, number in self._line.numbers(at):
            for unit in self._line.words(number_end, words.YEAR):
                yield from self._numbered_year(number, unit.end)
        for end, offset in self._line.words(at, words.YEARS_FROM_NOW):
            for past in self._line.optionally(end, words.FISCAL):
                yield Read(past, Part(year=self._today.year + offset))

    def _numbered_year(self, number: Number, end: int) -> Iterator[Read[Stretch]]:
        is_counted = not number.digits and number.value % 100 and number.value >= 1000
        if number.digits == 4 or is_counted:
            if FIRST_YEAR <= number.value <= LAST_YEAR:
                yield Read(end, Part(year=number.value))
            elif number.value % 100 or number.value < 1000:  # 5000年 is how long, not when
                yield Read(end, Impossible(no_such_year(f"{number.value:04d}")))
        elif number.digits == 2:
            for start in self._line.optionally(end, words.OF):
                if any(True for _ in self._parts(start, words.FEAST_OF_A_YEAR)):
                    yield Read(end, Part(year=self._century(number.value) + number.value))
                    return

    def _year_lists(self, at: int) -> Iterator[Read[Stretches]]:
        """2023、2024年: years whose unit comes with the last."""
        years: list[Stretch] = []
        for end, number in self._line.numbers(at):
            while number.digits == 4 and FIRST_YEAR <= number.value <= LAST_YEAR:
                years.append(Part(year=number.value))
                if len(years) > 1:
                    for unit in self._line.words(end, words.YEAR):
                        yield Read(unit.end, tuple(years))
                more = next(
                    (
                        read
                        for comma in self._line.words(end, words.AND_NUMBER)
                        for read in self._line.numbers(comma.end)
                    ),
                    None,
                )
                if more is None:
                    return
                end, number = more

    def _century(self, two_digits: int) -> int:
        """The century of a year of two digits: up to ten years from now, else the last one."""
        now = self._today.year
        return now // 100 * 100 - (100 if two_digits > now % 100 + 10 else 0)

    def _unmarked_years(self, at: int) -> Iterator[Read[Stretch]]:
        """2024 in 2024Q3, 2024上半年 or 2024春节; 24 in 24Q3."""
        for end, number in self._line.numbers(at):
            if number.digits == 4 and FIRST_YEAR <= number.value <= LAST_YEAR:
                yield Read(end, Part(year=number.value))
            elif number.digits == 2 and any(True for _ in self._letter_quarters(end)):
                yield Read(end, Part(year=self._century(number.value) + number.value))

    def _optional_dash(self, at: int) -> Iterator[int]:
        if self._line.text.startswith("-", at) and any(True for _ in self._letter_quarters(at + 1)):
            yield at + 1
        yield at

    def _short_seasons(self, at: int) -> Iterator[Read[Stretches]]:
        """今春, 去冬."""
        for end, offset in self._line.words(at, words.SHORT_YEARS):
            for season in self._line.words(end, words.SEASONS_OF_A_YEAR):
                if self._is_free_after(season.end):
                    year = self._today.year + offset
                    yield Read(season.end, (Part(year=year, months=season.value),))

    def _parts_of(self, at: int, year: Stretch) -> Iterator[Read[Stretches]]:
        if not isinstance(year, Part):
            for part in self._parts(at, words.FEAST_OF_A_YEAR):
                yield Read(part.end, (year,))  # 3024年3月: the year is what is wrong
            return
        for end, parts in self._parts(at, words.FEAST_OF_A_YEAR):
            yield Read(end, tuple(_in(year, part) for part in parts))
        for end, months in self._line.words(at, words.YEAR_ENDS_BEHIND_A_YEAR):
            yield Read(end, (replace(year, months=months),))
        for end, months in self._line.words(at, words.SEASONS_OF_A_YEAR):
            if end - self._line.skip(at) > 1 or self._is_free_after(end):
                yield Read(end, (replace(year, months=months),))
        for end, months in self._line.words(at, words.HALVES_BEHIND_A_YEAR):
            yield Read(end, (replace(year, months=months),))
        for end, months in self._first_of(at):
            yield Read(end, (replace(year, months=months),))
        if year.year is not None:
            yield from self._moments_of(at, year.year)

    def _moments_of(self, at: int, year: int) -> Iterator[Read[Stretches]]:
        """去年今天, 2024年第10周 (ISO 8601 weeks)."""
        for word in self._line.words(at, words.THE_DAY_TODAY):
            day = this_day_of(year, self._today)
            yield Read(word.end, (_day(day),))
        for ordinal in self._line.words(at, words.ORDINAL):
            for number_end, number in self._small(ordinal.end):
                for week in self._line.words(number_end, words.WEEK_WORD):
                    if 1 <= number.value <= date(year, 12, 28).isocalendar().week:
                        monday = date.fromisocalendar(year, number.value, 1)
                        yield Read(week.end, (_week(monday),))

    # -------------------------------------------------------------- parts of a year

    def _yearless(self, at: int) -> Iterator[Read[Stretches]]:
        yield from self._months(at)
        for quarter in self._quarters(at):
            yield quarter
            for year_end, year in self._line.numbers(quarter.end):
                if year.digits == 4 and FIRST_YEAR <= year.value <= LAST_YEAR:
                    whole = Part(year=year.value)
                    yield Read(year_end, tuple(_in(whole, part) for part in quarter.value))
        for end, months in self._line.words(at, words.HALVES):
            yield Read(end, (Part(months=months, is_this_years=True),))
        for end, months in self._first_of(at):
            if self._line.text[end - 1] == "度":  # 前三季度; 前三个月 may be the last three
                yield Read(end, (Part(months=months, is_this_years=True),))
        for table in (words.YEAR_ENDS, words.SEASONS):
            for end, months in self._line.words(at, table):
                if self._is_free_before(at):
                    yield Read(end, (Part(months=months, is_this_years=True),))
        if self._is_free_before(at):
            for end, parts in self._feasts(at, words.FEAST):
                yield Read(end, parts)

    def _parts(self, at: int, feasts: Table[Feast]) -> Iterator[Read[Stretches]]:
        """What may stand behind a year."""
        yield from self._months(at)
        yield from self._quarters(at)
        for table in (words.HALVES, words.YEAR_ENDS):
            for end, months in self._line.words(at, table):
                yield Read(end, (Part(months=months, is_this_years=True),))
        for end, months in self._line.words(at, words.SEASONS):
            yield Read(end, (Part(months=months, is_this_years=True),))
        yield from self._feasts(at, feasts)

    def _months(self, at: int) -> Iterator[Read[Stretches]]:
        """months = numbers 月 [["的"] days | third]"""
        for numbers_end, pairs in self._numbers(at):
            for end, _ in self._line.words(numbers_end, words.MONTH):
                wrong = next((month for pair in pairs for month in pair if not 1 <= month <= 12), 0)
                if wrong or (0, 0) in pairs:
                    impossible: Stretches = (Impossible(no_such_month(wrong)),)
                    yield Read(end, impossible)
                    yield from (Read(days.end, impossible) for days in self._days(end))
                    continue
                yield Read(end, tuple(Part(months=pair) for pair in pairs))
                if len(pairs) == 1 and pairs[0][0] == pairs[0][1]:
                    yield from self._in_month(end, Part(months=pairs[0]))

    def _in_month(self, at: int, month: Part) -> Iterator[Read[Stretches]]:
        for start in self._line.optionally(at, words.OF):
            for end, days in self._days(start):
                yield Read(end, tuple(replace(month, days=pair) for pair in days))
            for end, third in self._line.words(start, words.THIRDS):
                yield Read(end, (replace(month, days=third),))

    def _days(self, at: int) -> Iterator[Read[Pairs]]:
        """days = numbers (日|号) [weekday] | number at a border (3月5)."""
        for numbers_end, pairs in self._numbers(at):
            for end, _ in self._line.words(numbers_end, words.DAY):
                yield Read(self._past_weekday(end), pairs)
        for end, number in self._small(at):
            if not number.is_digit_pair and self._is_free_after(end) and self._ends_number(end):
                yield Read(end, ((number.value, number.value),))

    def _past_weekday(self, at: int) -> int:
        """The end of (星期二) or 星期二 behind a day, which says nothing new."""
        for bracket in self._line.optionally(at, words.OPENING_BRACKET):
            for week in self._line.words(bracket, words.WEEK_WORD):
                for day in self._line.words(week.end, words.WEEKDAYS):
                    for end in self._line.optionally(day.end, words.CLOSING_BRACKET):
                        return end
        return at

    def _quarters(self, at: int) -> Iterator[Read[Stretches]]:
        """quarter = [第] numbers 季度 [初|末] | Q number"""
        for start in self._line.optionally(at, words.ORDINAL):
            for numbers_end, pairs in self._ordinals(start):
                for end, word in self._line.words(numbers_end, words.QUARTER):
                    if word == "季" and start == self._line.skip(at):
                        continue  # 四季, 三季: of seasons or crops
                    is_quarter = start > self._line.skip(at) or all(
                        1 <= first <= 4 and 1 <= last <= 4 for first, last in pairs
                    )
                    if is_quarter or self._is_behind_year(at):
                        yield Read(end, _quarters(pairs))
        for end, pair in self._letter_quarters(at):
            first, last = pair
            if first <= 4 or self._is_behind_year(at):
                yield Read(end, _quarters(((first, last),)))

    def _ordinals(self, at: int) -> Iterator[Read[Pairs]]:
        """numbers, and 一季度 (至|和) 第三 of 第一至第三季度."""
        for end, pairs in self._numbers(at):
            yield Read(end, pairs)
            if len(pairs) == 1:
                for to in self._line.words(end, words.TO_NUMBER):
                    for ordinal in self._line.words(to.end, words.ORDINAL):
                        for last in self._small(ordinal.end):
                            yield Read(last.end, ((pairs[0][0], last.value.value),))
                for comma in self._line.words(end, words.AND_NUMBER):
                    for ordinal in self._line.words(comma.end, words.ORDINAL):
                        for last in self._small(ordinal.end):
                            yield Read(last.end, (*pairs, (last.value.value,) * 2))

    def _letter_quarters(self, at: int) -> Iterator[Read[tuple[int, int]]]:
        for letter in self._line.words(at, words.LETTER_Q):
            for end, number in self._small(letter.end):
                if number.is_arabic and number.digits == 1 and self._is_free_after_latin(end):
                    yield Read(end, (number.value, number.value))

    def _is_behind_year(self, at: int) -> bool:
        """True when a year stands right before: then a fifth quarter is meant, and refused."""
        before = self._line.text[:at].rstrip(" 的-")
        return before.endswith("年") or before[-4:].isdecimal()

    def _first_of(self, at: int) -> Iterator[Read[tuple[int, int]]]:
        """前三季度, 前10个月, 后两个月 of a year: its months."""
        for table, from_start in ((words.FIRST_OF, True), (words.LAST_OF, False)):
            for word in self._line.words(at, table):
                for number_end, number in self._small(word.end):
                    for end, (unit, months) in self._line.words(number_end, words.UNITS):
                        count = number.value * months
                        if unit is Unit.MONTH and 1 <= count <= 12:
                            yield Read(end, (1, count) if from_start else (13 - count, 12))

    def _feasts(self, at: int, table: Table[Feast]) -> Iterator[Read[Stretches]]:
        for end, feast in self._line.words(at, table):
            for holiday in self._line.words(end, words.HOLIDAYS):
                yield Read(holiday.end, (Part(feast=feast, feast_days=feast.holidays),))
            if self._is_free_after(end):
                yield Read(end, (Part(feast=feast),))

    # --------------------------------------------------------------- numeric forms

    def _numeric(self, at: int) -> Iterator[Read[Stretches]]:
        """2024-03-05, 2024/3, 2024.3.5: a year and numbers, one separator throughout."""
        for end, year in self._line.numbers(at):
            separator = self._line.text[end : end + 1]
            if not (year.is_arabic and year.digits == 4 and separator and separator in "-/."):
                continue
            for month_end, month in self._digits(end + 1):
                yield from self._numeric_month(month_end, year.value, month.value, separator)
                if self._line.text[month_end : month_end + 1] == separator:
                    for day_end, day in self._digits(month_end + 1):
                        if self._ends_numeric(day_end):
                            stretch = _written(year.value, month.value, day.value)
                            for mark in self._line.optionally(day_end, words.DAY):
                                yield Read(self._past_weekday(mark), (stretch,))

    def _digits(self, at: int) -> Iterator[Read[Number]]:
        """One or two Arabic digits, right here."""
        if self._line.skip(at) == at:
            yield from (read for read in self._small(at) if read.value.is_arabic)

    def _numeric_month(
        self, end: int, year: int, month: int, separator: str
    ) -> Iterator[Read[Stretches]]:
        for word in self._line.words(end, words.MONTH):
            if 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR:
                whole = Part(year=year, months=(month, month))
                yield Read(word.end, (whole,))
                yield from self._in_month(word.end, whole)
        following = self._line.text[end : end + 5]
        if not self._ends_numeric(end) or (
            following[:1] == "-" == separator and not following[1:].isdecimal()
        ):
            return
        if separator == "-" and month > max(12, year % 100) and FIRST_YEAR <= year <= LAST_YEAR:
            last = year // 100 * 100 + month
            for unit in self._line.optionally(end, words.YEAR):
                yield Read(unit, (_years(year, last),))
        elif separator != "." or (1 <= month <= 12 and self._is_free_after(end)):
            if FIRST_YEAR <= year <= LAST_YEAR:
                yield Read(end, (_written(year, month, None),))

    def _ends_numeric(self, at: int) -> bool:
        """True when no further number or unit belongs to the figures that end at `at`."""
        behind = self._line.text[at : at + 2]
        if behind[:1].isalpha() and behind[0].isascii():
            return behind[0] in "Tt"
        is_glued = behind[:1] in ("/", ".", "-", "%", "_", ":") and behind[1:].isdecimal()
        return self._ends_number(at) and (not is_glued or behind[:1] == "-")

    def _ends_number(self, at: int) -> bool:
        """True when the number that ends at `at` is not a quantity of something."""
        behind = self._line.skip(at)
        return self._line.text[behind : behind + 1] not in set("%‰℃万亿个元余多倍公千百兆美吨米年家")

    def _compact(self, at: int) -> Iterator[Read[Stretches]]:
        """20240305, 202403."""
        for end, number in self._line.numbers(at):
            if not number.is_arabic or number.digits not in (6, 8) or not self._ends_numeric(end):
                continue
            if self._line.text[end : end + 1] in (".", "-") and number.digits == 6:
                if self._line.text[end + 1 : end + 2].isdecimal() and not self._line.text[
                    end + 1 : end + 7
                ].isdecimal():
                    continue
            figures = f"{number.value:0{number.digits}d}"
            year, month = int(figures[:4]), int(figures[4:6])
            if not 1900 <= year <= LAST_YEAR:
                continue
            if number.digits == 8 and month and int(figures[6:]):
                yield Read(end, (_written(year, month, int(figures[6:])),))
            elif number.digits == 6 and 1 <= month <= 12:
                yield Read(end, (_written(year, month, None),))

    # ---------------------------------------------------------- counted from today

    def _of_now(self, at: int) -> Iterator[Read[Stretches]]:
        line, today = self._line, self._today
        for end, offset in line.words(at, words.DAYS_FROM_NOW):
            yield Read(end, (_fixed(today + timedelta(days=offset)),))
        for end, offset in line.words(at, words.DAYS_AHEAD):
            if self._is_free_before(at) and self._is_free_after(end):
                yield Read(end, (_fixed(today + timedelta(days=offset)),))
        for end, offset in line.words(at, words.WEEKS_FROM_NOW):
            yield from self._in_week(end, week_start(today) + timedelta(weeks=offset))
        for end, offset in line.words(at, words.MONTHS_FROM_NOW):
            first = move(today.replace(day=1), offset)
            month = Part(year=first.year, months=(first.month, first.month))
            yield Read(end, (month,))
            yield from self._in_month(end, month)
            for start in line.optionally(end, words.OF):
                for word in line.words(start, words.THE_DAY_TODAY):
                    yield Read(word.end, (_day(move(today, offset)),))
        for end, offset in line.words(at, words.QUARTERS_FROM_NOW):
            first = move(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), 3 * offset)
            yield Read(end, (Part(year=first.year, months=(first.month, first.month + 2)),))

    def _in_week(self, at: int, monday: date) -> Iterator[Read[Stretches]]:
        yield Read(at, (_week(monday),))
        for start in self._line.optionally(at, words.OF):
            for word in self._line.optionally(start, words.WEEK_WORD):
                for end, (first, last) in self._line.words(word, words.WEEKDAYS):
                    yield Read(end, (Weekday(first, last).of(monday),))

    def _durations(self, at: int) -> Iterator[Read[tuple[Unit, int]]]:
        """duration = 半 unit | 几 unit | number unit [半] | number 个半 月: a count of days or months.

        Years and quarters count months, weeks days.
        """
        line = self._line
        for half in line.words(at, words.HALF):
            for end, (unit, size) in line.words(half.end, words.UNITS):
                if unit is Unit.YEAR:
                    yield Read(end, (Unit.MONTH, 6))
                elif unit is Unit.MONTH and size == 1:
                    yield Read(end, (Unit.DAY, 15))
        for several in line.words(at, words.SEVERAL):
            for end, (unit, size) in line.words(several.end, words.UNITS):
                yield Read(end, (unit, several.value * size))
        for number_end, number in line.numbers(at):
            if not 1 <= number.value <= 999 or number.digits > 3:
                continue
            for end, (unit, size) in line.words(number_end, words.UNITS):
                yield Read(end, (unit, number.value * size))
                if unit is Unit.YEAR:
                    for half in line.words(end, words.HALF):
                        yield Read(half.end, (Unit.MONTH, number.value * 12 + 6))

    def _ago(self, at: int) -> Iterator[Read[Stretches]]:
        """三天前 is that day; 两周前, 三个月前, 三年前 are that week, month, year."""
        if not self._is_free_before(at):
            return
        for duration_end, (unit, count) in self._durations(at):
            for end, _ in self._line.words(duration_end, words.AGO):
                yield from self._ago_of(end, unit, count)

    def _ago_of(self, at: int, unit: Unit, count: int) -> Iterator[Read[Stretches]]:
        then = self._back(unit, count)
        if unit is Unit.DAY:
            yield Read(at, (_fixed(then),))
        elif unit is Unit.WEEK:
            yield from self._in_week(at, week_start(then))
        elif unit is Unit.MONTH:
            month = Part(year=then.year, months=(then.month, then.month))
            yield Read(at, (month,))
            yield from self._in_month(at, month)
        else:
            year = Part(year=then.year)
            yield Read(at, (year,))
            for start in self._line.optionally(at, words.OF):
                yield from self._parts_of(start, year)
        for start in self._line.optionally(at, words.OF):
            for word in self._line.words(start, words.THE_DAY_TODAY):
                yield Read(word.end, (_day(then),))

    def days_ago(self, at: int, ago: Table[str]) -> Iterator[Read[date]]:
        """The day as long ago as the duration before the word of `ago` says."""
        if self._is_free_before(at):
            for duration_end, (unit, count) in self._durations(at):
                for end, _ in self._line.words(duration_end, ago):
                    yield Read(end, self._back(unit, count))

    def _back(self, unit: Unit, count: int) -> date:
        if unit in (Unit.DAY, Unit.WEEK):
            return self._today - timedelta(days=count)
        return move(self._today, -count)

    def _recent(self, at: int) -> Iterator[Read[Stretches]]:
        """近三年, 最近一个月, 过去半年, 三天内, 十年来: so long, ending today, today included."""
        for recently in self._line.words(at, words.RECENTLY):
            for start in self._line.optionally(recently.end, words.OF):
                for end, (unit, count) in self._durations(start):
                    if any(True for _ in self._line.words(end, words.AGO)):
                        continue  # 近20年前: about, not within
                    stretch = _last(self._back(unit, count), self._today)
                    for inside in self._line.optionally(end, words.INSIDE):
                        yield Read(inside, (stretch,))
        if self._is_free_before(at):
            for end, (unit, count) in self._durations(at):
                for within in self._line.words(end, words.WITHIN):
                    yield Read(within.end, (_last(self._back(unit, count), self._today),))

    def _era(self, at: int) -> Iterator[Read[Stretches]]:
        for end, days in eras(self._line, at, self._today):
            yield Read(end, (days,))

    # ------------------------------------------------------- bare, between borders

    def _bare(self, at: int) -> Iterator[Read[Stretches]]:
        """What is a date only where it stands alone: 15日, 周五, 月底, 24年, 2024."""
        line = self._line
        if not self._is_free_before(at):
            return
        for end, pairs in self._days(at):
            is_marked = not line.text[:end].rstrip()[-1].isdecimal()
            if is_marked and self._is_free_after(end) and all(1 <= d <= 31 for d in _flat(pairs)):
                yield Read(end, tuple(Part(days=pair) for pair in pairs))
        for end, third in line.words(at, words.THIRDS):
            if end - at > 1 and self._is_free_after(end):
                yield Read(end, (Part(days=third),))
        for week in line.words(at, words.WEEK_WORD):
            for end, (first, last) in line.words(week.end, words.WEEKDAYS):
                if self._is_free_after(end):
                    yield Read(end, (Weekday(first, last),))
        for end, number in line.numbers(at):
            yield from self._bare_year(end, number)

    def _bare_year(self, at: int, number: Number) -> Iterator[Read[Stretches]]:
        """2024 alone; 24年 and 98年 alone, but not 30年 or 一二年, which say how long."""
        if number.digits == 4 and number.is_arabic and FIRST_YEAR <= number.value <= LAST_YEAR:
            if self._is_free_after(at) and self._ends_numeric(at) and number.value >= 1900:
                yield Read(at, (Part(year=number.value),))
        if number.digits != 2 or number.is_digit_pair:
            return
        is_recent = number.value <= self._today.year % 100 + 1
        if is_recent or (number.value > 50 and number.value % 10):
            for end, _ in self._line.words(at, words.YEAR):
                behind = self._line.text[end : end + 1]
                is_how_long = behind in ("前", "后", "内", "间", "里") or (
                    self._line.text.startswith(("之", "以前", "以后", "以内"), end)
                )
                if self._is_free_after(end) and not is_how_long:
                    year = self._century(number.value) + number.value
                    yield Read(end, (Part(year=year),))

    # -------------------------------------------------- ends that lean on a first end

    def tails(self, at: int) -> Iterator[Read[Stretches]]:
        """What may end a range though it would be no date alone: 8日 behind 3月5日到."""
        yield from self.at(at)
        for end, later in self._line.words(at, words.YEARS_LATER):
            year = Part(later_years=later)
            yield Read(end, (year,))
            for start in self._line.optionally(end, words.OF):
                yield from self._parts_of(start, year)
        for end, pairs in self._days(at):
            yield Read(end, tuple(Part(days=pair) for pair in pairs))
        for week in self._line.words(at, words.WEEK_WORD):
            for end, (first, last) in self._line.words(week.end, words.WEEKDAYS):
                yield Read(end, (Weekday(first, last),))
        for end, months in self._line.words(at, words.THIRDS):
            if end - self._line.skip(at) > 1:
                yield Read(end, (Part(days=months),))

    def numeric_tails(self, at: int, separator: str) -> Iterator[Read[Stretches]]:
        """3.15 behind 2024.3.1-, 15 behind 2024-03-01~."""
        for end, first in self._digits(self._line.skip(at)):
            if self._line.text[end : end + 1] == separator:
                for day_end, day in self._digits(end + 1):
                    if self._ends_numeric(day_end):
                        yield Read(day_end, (_written(None, first.value, day.value),))
            elif self._ends_numeric(end) and self._is_free_after(end):
                yield Read(end, (Part(days=(first.value, first.value)),))

    # --------------------------------------------------------------------- borders

    def _is_free_before(self, at: int) -> bool:
        return self._line.is_free_before(self._line.skip(at), words.BEFORE_A_DATE)

    def _is_free_after(self, at: int) -> bool:
        return self._line.is_free_after(at, words.AFTER_A_DATE)

    def _is_free_after_latin(self, at: int) -> bool:
        behind = self._line.text[at : at + 1]
        return not (behind.isascii() and behind.isalnum())


def _in(year: Part, part: Stretch) -> Stretch:
    """A part of that year; of no year and what the year may bring later (次年) else."""
    if not isinstance(part, Part):
        return part
    return replace(part, year=year.year, later_years=year.later_years)


def _of_every_year(part: Stretch) -> Stretch:
    if not isinstance(part, Part):
        return part
    return replace(part, is_this_years=False, is_every_years=True)


def _written(year: int | None, month: int, day: int | None) -> Stretch:
    """A date written in figures, as far as the calendar has it."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return Impossible(no_such_year(f"{year:04d}"))
    if not 1 <= month <= 12:
        return Impossible(no_such_month(month))
    return Part(year=year, months=(month, month), days=None if day is None else (day, day))


def _quarters(pairs: Pairs) -> Stretches:
    wrong = [quarter for quarter in _flat(pairs) if not 1 <= quarter <= 4]
    if wrong:
        return (Impossible(no_such_quarter(wrong[0])),)
    return tuple(
        Part(months=(3 * first - 2, 3 * last), is_this_years=True) for first, last in pairs
    )


def _flat(pairs: Pairs) -> tuple[int, ...]:
    return tuple(number for pair in pairs for number in pair)


def _day(day: date) -> Part:
    return Part(year=day.year, months=(day.month, day.month), days=(day.day, day.day))


def _fixed(day: date) -> Fixed:
    return Fixed(DateRange(day, day), week_start(day))


def _week(monday: date) -> Fixed:
    return Fixed(DateRange(monday, monday + timedelta(days=6)), monday)


def _last(then: date, today: date) -> Fixed:
    return Fixed(DateRange(then + ONE_DAY, today))


def _years(first: int, last: int) -> Fixed:
    return Fixed(DateRange(date(first, 1, 1), date(last, 12, 31)))


__all__ = ["LAST_DAY", "Points", "Stretches"]
