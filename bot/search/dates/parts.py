"""The productions for parts of a year: months, days, quarters, halves, seasons, feasts.

Every production is a method that takes a place of the line and yields each way to read
the line from there: where the reading ends, and what it means. Nothing is refused here:
what is a date in form but not in the calendar is read as `Impossible`.

    part    = months | quarter | half | first_of | year_end | season | feast
    months  = numbers "月" [["的"] (days | third)]
    days    = numbers ("日" | "号") [weekday] | number at a border
    quarter = ["第"] numbers "季度" | "Q" number
    numbers = pair {and pair}          pair = number [to number]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from bot.search.dates import words
from bot.search.dates.feasts import Feast, lunar_date
from bot.search.dates.line import Line, Read, Table, beginnings, first_signs, quoted
from bot.search.dates.numerals import CHINESE_NUMERALS, DIGITS, Number
from bot.search.dates.reckoning import no_such_month, no_such_quarter
from bot.search.dates.stretch import Impossible, Part, Stretches
from bot.search.dates.words import Unit

_LONGEST_LIST = 11  # more numbers than a year has months are no list of months or days

Pairs = tuple[tuple[int, int], ...]


class Parts:
    """The productions over one line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._free: dict[int, bool] = {}
        self._read: dict[int, tuple[Read[Pairs], ...]] = {}
        self._read_of_a_year: dict[int, tuple[Read[Stretches], ...]] = {}

    def named(self, at: int) -> Iterator[Read[Stretches]]:
        """What is a date without a year, months and quarters aside: halves, 前三季度, and

        between borders of words feasts, seasons and 年底.
        """
        for end, months in self._line.words(at, words.HALVES):
            yield Read(end, (Part(months=months, is_this_years=True),))
        for end, months in self.first_of(at):
            if self._line.text[end - 1] == "度":  # 前三季度; 前三个月 may be the last three
                yield Read(end, (Part(months=months, is_this_years=True),))
        if self.is_free_before(at):
            for table in (words.YEAR_ENDS, words.SEASONS):
                for end, months in self._line.words(at, table):
                    yield Read(end, (Part(months=months, is_this_years=True),))
            yield from self._feasts(at, words.FEAST)

    def of_a_year(self, at: int) -> tuple[Read[Stretches], ...]:
        """What may stand right behind a year; kept, for a year of two digits asks first."""
        at = self._line.skip(at)
        if at not in self._read_of_a_year:
            is_part = self._line.begins(at, _OF_A_YEAR)
            self._read_of_a_year[at] = tuple(self._of_a_year(at)) if is_part else ()
        return self._read_of_a_year[at]

    def _of_a_year(self, at: int) -> Iterator[Read[Stretches]]:
        yield from self.months(at)
        yield from self.quarters(at, behind_year=True)
        for end, months in self._line.words(at, words.BEHIND_A_YEAR):
            if self._line.text[end - 1] not in words.ONLY_AT_BORDERS or self.is_free_after(end):
                yield Read(end, (Part(months=months, is_this_years=True),))
        for end, months in self.first_of(at):
            yield Read(end, (Part(months=months, is_this_years=True),))
        if self._line.begins(at, _FEASTS):
            yield from self._feasts(at, words.FEAST_OF_A_YEAR)

    # ------------------------------------------------------------------ numbers

    def numbers(self, at: int) -> tuple[Read[Pairs], ...]:
        """3, 1-3, 3、4 and 三四 as pairs of first and last; kept, for months and days both ask."""
        at = self._line.skip(at)
        if at not in self._read:
            self._read[at] = self._one_number(at) or tuple(self._numbers(at))
        return self._read[at]

    def _one_number(self, at: int) -> tuple[Read[Pairs], ...]:
        """The number at `at` where plainly nothing is listed: most of them."""
        for end, number in self.small_numbers(at):
            if not self._line.begins(end, LISTS):
                return (Read(end, _alone(number)),)
        return ()

    def _numbers(self, at: int) -> Iterator[Read[Pairs]]:
        longest = 0 if self._line.is_inside_list(at) else _LONGEST_LIST
        for end, pairs in self._pairs(at):
            yield Read(end, pairs)
            for _ in range(longest):
                commas = self._line.words(end, words.AND_NUMBER)
                more = [pair for comma in commas for pair in self._pairs(comma.end)]
                if not more:
                    break
                end, pairs = more[-1].end, pairs + more[-1].value
                yield Read(end, pairs)

    def _pairs(self, at: int) -> Iterator[Read[Pairs]]:
        for end, first in self.small_numbers(at):
            yield Read(end, _alone(first))
            for to in self._line.words(end, words.TO_NUMBER):
                for last in self.small_numbers(to.end):
                    yield Read(last.end, ((first.value, last.value.value),))

    def small_numbers(self, at: int) -> Sequence[Read[Number]]:
        """A number that may count months or days: below 100, at most two digits."""
        return [
            read
            for read in self._line.numbers(at)
            if read.value.value < 100 and read.value.digits <= 2
        ]

    # ------------------------------------------------------------ months and days

    def months(self, at: int) -> Iterator[Read[Stretches]]:
        """3月, 1-3月, 3、4月, 元月, and days and thirds of one month."""
        for end, number in self._line.words(at, words.MONTH_NAMES):
            yield Read(end, (Part(months=(number, number)),))
            yield from self.of_a_month(end, Part(months=(number, number)))
        for numbers_end, pairs in self.numbers(at):
            for end, _ in self._line.words(numbers_end, words.MONTH):
                wrong = [month for month in flat(pairs) if not 1 <= month <= 12]
                if wrong:
                    impossible: Stretches = (Impossible(no_such_month(wrong[0])),)
                    yield Read(end, impossible)
                    yield from (Read(days.end, impossible) for days in self.days(end))
                    continue
                yield Read(end, tuple(_months(pair) for pair in pairs))
                if len(pairs) == 1 and pairs[0][0] == pairs[0][1]:
                    yield from self.of_a_month(end, _months(pairs[0]))

    def of_a_month(self, at: int, month: Part) -> Iterator[Read[Stretches]]:
        """Days and thirds behind a month."""
        if self._line.sign_after(at) not in _OF_A_MONTH_SIGNS:
            return
        for start in self._line.optionally(at, words.OF):
            for end, days in self.days(start):
                yield Read(end, tuple(_days(month, pair) for pair in days))
            for end, third in self._line.words(start, words.THIRDS):
                if self._line.text[end - 1] not in words.ONLY_AT_BORDERS or self.is_free_after(end):
                    yield Read(end, (_days(month, third),))

    def days(self, at: int) -> Iterator[Read[Pairs]]:
        """The marked days, and 5 at a border (3月5)."""
        yield from self.marked_days(at)
        for end, number in self.small_numbers(at):
            if not number.is_digit_pair and self.is_free_after(end) and self.ends_number(end):
                yield Read(end, ((number.value, number.value),))

    def marked_days(self, at: int) -> Iterator[Read[Pairs]]:
        """5日, 5号, 1-5日, 5、6日."""
        for numbers_end, pairs in self.numbers(at):
            for end, _ in self._line.words(numbers_end, words.DAY):
                yield Read(self.past_weekday(end), pairs)

    def past_weekday(self, at: int) -> int:
        """The end of (星期二) or 星期二 behind a day, which says nothing new."""
        for bracket in self._line.optionally(at, words.OPENING_BRACKET):
            for week in self._line.words(bracket, words.WEEK_WORD):
                for day in self._line.words(week.end, words.WEEKDAYS):
                    return self._line.optionally(day.end, words.CLOSING_BRACKET)[0]
        return at

    # ------------------------------------------------------- larger parts of a year

    def quarters(self, at: int, *, behind_year: bool = False) -> Iterator[Read[Stretches]]:
        for start in self._line.optionally(at, words.ORDINAL):
            is_ordinal = start > at
            for numbers_end, pairs in self._ordinals(start):
                for end, word in self._line.words(numbers_end, words.QUARTER):
                    is_quarter = all(1 <= number <= 4 for number in flat(pairs))
                    if word == "季" and not (is_ordinal and behind_year):
                        continue  # 四季, 三季稻, 第二季 of a series
                    if word == "个季度" and not is_ordinal:
                        continue  # so many, not which
                    if is_quarter or is_ordinal or behind_year:
                        yield from self.of_quarters(end, _quarters(pairs))
        for end, quarter in self.letter_quarters(at):
            if quarter <= 4 or behind_year:
                yield Read(end, _quarters(((quarter, quarter),)))

    def of_quarters(self, at: int, quarters: Stretches) -> Iterator[Read[Stretches]]:
        """The quarters, and the first or last month of one: 三季度末."""
        yield Read(at, quarters)
        one = quarters[0]
        if len(quarters) == 1 and isinstance(one, Part) and one.months:
            for end, offset in self._line.words(at, words.QUARTER_ENDS):
                month = one.months[0] + offset
                yield Read(end, (replace(one, months=(month, month)),))

    def _ordinals(self, at: int) -> Iterator[Read[Pairs]]:
        """numbers, and those of 第一至第三季度, 第一、第二季度."""
        for end, pairs in self.numbers(at):
            yield Read(end, pairs)
            if not self._line.begins(end, LISTS):
                continue
            first = pairs[0][0]
            for to in self._line.words(end, words.TO_NUMBER):
                for last_end, last in self._ordinal(to.end):
                    yield Read(last_end, ((first, last),))
            for comma in self._line.words(end, words.AND_NUMBER):
                for last_end, last in self._ordinal(comma.end):
                    yield Read(last_end, (*pairs, (last, last)))

    def _ordinal(self, at: int) -> Iterator[Read[int]]:
        for ordinal in self._line.words(at, words.ORDINAL):
            for end, number in self.small_numbers(ordinal.end):
                yield Read(end, number.value)

    def letter_quarters(self, at: int) -> Iterator[Read[int]]:
        """Q3."""
        for letter in self._line.words(at, words.LETTER_Q):
            for end, number in self.small_numbers(letter.end):
                behind = self._line.text[end : end + 1]
                if number.digits == 1 and not (behind.isascii() and behind.isalnum()):
                    yield Read(end, number.value)

    def first_of(self, at: int) -> Iterator[Read[tuple[int, int]]]:
        """前三季度, 前10个月, 后两个月: the months of the year."""
        for table, from_start in ((words.FIRST_OF, True), (words.LAST_OF, False)):
            for word in self._line.words(at, table):
                for number_end, number in self.small_numbers(word.end):
                    for end, (unit, months) in self._line.words(number_end, words.UNITS):
                        count = number.value * months
                        if unit is Unit.MONTH and 1 <= count <= 12:
                            yield Read(end, (1, count) if from_start else (13 - count, 12))

    def _feasts(self, at: int, table: Table[Feast]) -> Iterator[Read[Stretches]]:
        """春节, "五一", 国庆假期, 农历八月十五."""
        for start in self._line.optionally(at, words.QUOTE_MARK):
            for name_end, feast in self._line.words(start, table):
                for end in self._line.optionally(name_end, words.QUOTE_MARK):
                    for holidays in self._line.words(end, words.HOLIDAYS):
                        whole = Part(feast=feast, feast_days=feast.holidays)
                        yield Read(holidays.end, (whole,))
                    if self.is_free_after(end):
                        yield Read(end, (Part(feast=feast),))
        for month_end, month in self._lunar_months(at):
            for start in self._line.optionally(month_end, words.LUNAR_BEGINNING):
                for number_end, day in self.small_numbers(start):
                    for end in self._line.optionally(number_end, words.DAY):
                        yield Read(end, (Part(feast=lunar_date(month, day.value)),))

    def _lunar_months(self, at: int) -> Iterator[Read[int]]:
        yield from self._line.words(at, words.LUNAR_MONTHS)
        for lunar in self._line.words(at, words.LUNAR):
            yield from self._line.words(lunar.end, words.LUNAR_MONTHS)
            for number_end, month in self.small_numbers(lunar.end):
                for end, _ in self._line.words(number_end, words.MONTH):
                    yield Read(end, month.value)

    # --------------------------------------------------------------------- borders

    def is_free_before(self, at: int) -> bool:
        """True when no word runs into the place `at`."""
        at = self._line.skip(at)
        if at not in self._free:
            self._free[at] = self._line.is_free_before(at, words.BEFORE_A_DATE)
        return self._free[at]

    def is_free_after(self, at: int) -> bool:
        """True when no word runs on from the place `at`."""
        return self._line.is_free_after(at, words.AFTER_A_DATE)

    def ends_number(self, at: int) -> bool:
        """True when the number that ends at `at` is not a quantity of something."""
        is_quantity = self._line.sign_after(at) in words.QUANTITY_SIGNS
        return not is_quantity or self._line.has(at, words.NO_QUANTITY)

    def ends_figures(self, at: int) -> bool:
        """True when the figures that end at `at` go on neither as a version nor as a quantity."""
        return not self.go_on(at) and self.ends_number(at)

    def go_on(self, at: int) -> bool:
        """True when more figures of the same version or address stand right behind."""
        behind = self._line.text[at : at + 2]
        return behind[:1] in ("/", ".", "_", ":") and behind[1:].isdecimal()


# Every sign that a part of a year, a day or a third of a month can begin with.
_NUMERALS = CHINESE_NUMERALS | frozenset(DIGITS)
_FEASTS = beginnings(words.FEAST_OF_A_YEAR, words.LUNAR, words.LUNAR_MONTHS) | quoted(
    words.FEAST_OF_A_YEAR
)
_OF_A_YEAR = _FEASTS.union(
    *(_NUMERALS, beginnings(words.MONTH_NAMES, words.ORDINAL, words.LETTER_Q)),
    beginnings(words.BEHIND_A_YEAR, words.FIRST_OF, words.LAST_OF),
)
LISTS = beginnings(words.TO_NUMBER, words.AND_NUMBER)
_OF_A_MONTH_SIGNS = _NUMERALS | first_signs(words.OF, words.THIRDS)


def _alone(number: Number) -> Pairs:
    if number.is_digit_pair:
        tens, ones = divmod(number.value, 10)
        return (tens, tens), (ones, ones)
    return ((number.value, number.value),)


def flat(pairs: Pairs) -> tuple[int, ...]:
    """The numbers of the pairs one after another."""
    return pairs[0] if len(pairs) == 1 else tuple(chain.from_iterable(pairs))


# Parts are made again and again at every place of a line, and seldom new ones.
@lru_cache(maxsize=256)
def _months(pair: tuple[int, int]) -> Part:
    return Part(months=pair)


@lru_cache(maxsize=1024)
def _days(month: Part, pair: tuple[int, int]) -> Part:
    return replace(month, days=pair)


def _quarters(pairs: Pairs) -> Stretches:
    wrong = [quarter for quarter in flat(pairs) if not 1 <= quarter <= 4]
    if wrong:
        return (Impossible(no_such_quarter(wrong[0])),)
    return tuple(
        Part(months=(3 * first - 2, 3 * last), is_this_years=True) for first, last in pairs
    )
