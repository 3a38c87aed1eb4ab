"""The productions counted from today: 昨天, 上周五, 上个月5号, 三年前, 近三年.

    of_now = day | week [["的"] weekday] | month [["的"] (days | third)] | quarter
    ago    = duration "前" [["的"] part]
    recent = ("近" | "最近" | "过去") duration ["来"] | duration ("内" | "来")

The years counted from now (去年) are in `points`, with the other years.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.model import DateRange
from bot.search.dates import words
from bot.search.dates.line import Line, Read, Table
from bot.search.dates.parts import Parts
from bot.search.dates.reckoning import ONE_DAY, move, week_start
from bot.search.dates.stretch import Fixed, Part, Stretches, Weekday
from bot.search.dates.words import Unit


class Elapsed:
    """The productions over one line, on one day (`today`, the chat's own)."""

    def __init__(self, line: Line, parts: Parts, today: date) -> None:
        self._line = line
        self._parts = parts
        self._today = today
        self._read: dict[int, tuple[Read[tuple[Unit, int]], ...]] = {}

    def of_now(self, at: int) -> Iterator[Read[Stretches]]:
        """昨天, 上周五, 上个月5号, 本季度."""
        for end, offset in self._line.words(at, words.DAYS_FROM_NOW):
            yield Read(end, (one_day(self._today + timedelta(days=offset)),))
        for end, offset in self._line.words(at, words.DAYS_AHEAD):
            if self._parts.is_free_before(at) and self._parts.is_free_after(end):
                yield Read(end, (one_day(self._today + timedelta(days=offset)),))
        for end, offset in self._line.words(at, words.WEEKS_FROM_NOW):
            yield from self.in_week(end, week_start(self._today) + timedelta(weeks=offset))
        for end, offset in self._line.words(at, words.MONTHS_FROM_NOW):
            yield from self._in_month(end, offset)
        for end, offset in self._line.words(at, words.QUARTERS_FROM_NOW):
            first = move(self._today.replace(day=1), 3 * offset)
            month = (first.month - 1) // 3 * 3 + 1
            quarter = Part(year=first.year, months=(month, month + 2))
            yield from self._parts.of_quarters(end, (quarter,))

    def in_week(self, at: int, monday: date) -> Iterator[Read[Stretches]]:
        """The week itself, and its days: 上周五, 上周的周五."""
        yield Read(at, (whole_week(monday),))
        for start in self._line.optionally(at, words.OF):
            for end, _ in self._line.words(start, words.THE_DAY_TODAY):
                yield Read(end, (one_day(monday + timedelta(days=self._today.weekday())),))
            for word in self._line.optionally(start, words.WEEK_WORD):
                for end, (first, last) in self._line.words(word, words.WEEKDAYS):
                    yield Read(end, (Weekday(first, last).of(monday),))

    def _in_month(self, at: int, offset: int) -> Iterator[Read[Stretches]]:
        first = move(self._today.replace(day=1), offset)
        month = Part(year=first.year, months=(first.month, first.month))
        yield Read(at, (month,))
        yield from self._parts.of_a_month(at, month)
        for start in self._line.optionally(at, words.OF):
            for end, _ in self._line.words(start, words.THE_DAY_TODAY):
                yield Read(end, (that_day(move(self._today, offset)),))

    # ---------------------------------------------------------------------- durations

    def durations(self, at: int) -> tuple[Read[tuple[Unit, int]], ...]:
        """The durations that stand at `at`; kept, for three productions ask."""
        at = self._line.skip(at)
        if at not in self._read:
            self._read[at] = tuple(self._durations(at))
        return self._read[at]

    def _durations(self, at: int) -> Iterator[Read[tuple[Unit, int]]]:
        """duration = 半 unit | 几 unit | number unit [半]: a number of days or of months.

        The unit says how exact: 两周 is (WEEK, 14), in days; 两年 is (YEAR, 24), in months.
        """
        numbers = self._line.numbers(at)
        if not numbers:
            for half in self._line.words(at, words.HALF):
                yield from self._line.words(half.end, words.HALVED_UNITS)
            for several in self._line.words(at, words.SEVERAL):
                for end, (unit, size) in self._line.words(several.end, words.UNITS):
                    yield Read(end, (unit, several.value * size))
        for number_end, number in numbers:
            if not 1 <= number.value <= 999 or number.digits > 3:
                continue
            count = number.value % 10 if number.is_digit_pair else number.value  # 二三年: three
            for end, (unit, size) in self._line.words(number_end, words.UNITS):
                yield Read(end, (unit, count * size))
                if unit is Unit.YEAR:
                    for half in self._line.words(end, words.HALF):
                        yield Read(half.end, (Unit.MONTH, count * 12 + 6))

    def _back(self, unit: Unit, count: int) -> date:
        if unit in (Unit.DAY, Unit.WEEK):
            return self._today - timedelta(days=count)
        return move(self._today, -count)

    def days_ago(self, at: int, ago: Table[str]) -> Iterator[Read[date]]:
        """The day as long ago as the duration before a word of `ago` says."""
        for duration_end, (unit, count) in self.durations(at):
            for end, _ in self._line.words(duration_end, ago):
                if not self._is_name(duration_end) and self._parts.is_free_before(at):
                    yield Read(end, self._back(unit, count))

    def ago(self, at: int) -> Iterator[Read[tuple[Unit, date]]]:
        """三天前 is that day; 两周前, 三个月前, 三年前 are that week, month, year."""
        for duration_end, (unit, count) in self.durations(at):
            for end, _ in self._line.words(duration_end, words.AGO):
                is_exact = not self._is_name(duration_end) or unit is Unit.DAY
                if is_exact and self._parts.is_free_before(at) and not self._is_about(at):
                    yield Read(end, (unit, self._back(unit, count)))

    def recent(self, at: int) -> Iterator[Read[Stretches]]:
        """近三年, 最近一个月, 三天内, 十年来: so long, ending today, today included."""
        for recently in self._line.words(at, words.RECENTLY):
            for start in self._line.optionally(recently.end, words.OF):
                for end, (unit, count) in self.durations(start):
                    if self._line.has(end, words.AGO):
                        continue  # 近20年前: about, not within
                    for inside in self._line.optionally(end, words.INSIDE):
                        yield Read(inside, (self._last(unit, count),))
        for duration_end, (unit, count) in self.durations(at):
            for within in self._line.words(duration_end, words.WITHIN):
                is_so_long = not self._is_name(duration_end) or within.value in _INSIDE
                if is_so_long and self._parts.is_free_before(at):
                    yield Read(within.end, (self._last(unit, count),))

    def _is_name(self, at: int) -> bool:
        """True behind 3月 or 二季度: of a month or quarter, not of so many."""
        unit = next(
            (unit for unit in words.NAMING_UNITS if self._line.text.endswith(unit, 0, at)), ""
        )
        return bool(unit) and self._line.text[at - len(unit) - 1] != "个"

    def _is_about(self, at: int) -> bool:
        """True for 几年前 and 约20年前, which do not say when."""
        at = self._line.skip(at)
        is_several = self._line.has(at, words.SEVERAL)
        return is_several or self._line.text[:at].rstrip().endswith(words.ABOUT)

    def _last(self, unit: Unit, count: int) -> Fixed:
        return Fixed(DateRange(self._back(unit, count) + ONE_DAY, self._today))


_INSIDE = ("内", "以内", "之内")  # 7日内 is seven days, 7日来 is none


def that_day(day: date) -> Part:
    """A day as a part of its year, so that what follows may inherit from it."""
    return Part(year=day.year, months=(day.month, day.month), days=(day.day, day.day))


def one_day(day: date) -> Fixed:
    """A day as one of its week."""
    return Fixed(DateRange(day, day), week_start(day))


def whole_week(monday: date) -> Fixed:
    """The seven days from a Monday."""
    return Fixed(DateRange(monday, monday + timedelta(days=6)), monday)
