"""What a date expression means before the calendar is asked.

Here live the stretches of time that can be said, how one inherits from another what it
leaves out, and how a phrase of them becomes ranges and yearly dates. No reading of text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto
from functools import lru_cache

from bot.errors import DatePart, QueryError
from bot.model import DateRange, When, YearlyDate
from bot.search.dates.feasts import Feast
from bot.search.dates.reckoning import (
    FIRST_YEAR,
    LAST_YEAR,
    ONE_DAY,
    month_end,
    month_length,
    month_start,
    move,
    needs_next_year,
    no_such_day,
    no_such_year,
    part,
    runs_backwards,
    week_start,
)

LAST_DAY = 99  # the last day of a month, whichever it is
_YEARS_WITHOUT = 12  # no lunar date that there is at all is missing for so many years
_LEAP_YEAR = 2000  # stands for any year: it has every day a year can have


@dataclass(frozen=True, slots=True)
class Part:
    """A year, or a part of one, as far as it was said.

    `months` may run past 12 into the next year (winter is 12-14). `days` are days of the
    one month, the second perhaps LAST_DAY; with `months` None they are those of a month
    not named. Without a year it is every year's, or with `is_this_years` this year's
    (上半年, 一季度: parts larger than a month are said of the present year). `later_years`
    counts from the year it inherits (次年 is 1).
    """

    year: int | None = None
    months: tuple[int, int] | None = None
    days: tuple[int, int] | None = None
    feast: Feast | None = None
    feast_days: int = 1
    is_this_years: bool = False
    is_every_years: bool = False
    later_years: int = 0

    def in_year(self, year: int) -> DateRange:
        """The days it covers in that year. Raises QueryError where the calendar has none."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise no_such_year(f"{year:04d}")
        return ordered(self._days_of(year))

    def in_every_year(self) -> tuple[date, date]:
        """First and last day, in a leap year that stands for any year."""
        if self.days and self.months:
            month = self.months[0]
            self._check_days(None, month, month_length(_LEAP_YEAR, month))
        whole = self._days_of(_LEAP_YEAR)
        start, end = bounds(whole)
        if start > end:
            raise _backwards_in_the_year(start, end)
        return start, end

    def _days_of(self, year: int) -> DateRange:
        if self.feast:
            day = self.feast.on(year)
            return DateRange(day, day + (self.feast_days - 1) * ONE_DAY)
        first, last = self.months or (1, 12)
        start, end = month_start(year, first), month_end(year, last)
        if self.days:
            self._check_days(start.year, first, end.day)
            first_day, last_day = self.days
            start = start.replace(day=first_day)
            end = end if last_day == LAST_DAY else end.replace(day=last_day)
        return DateRange(start, end)

    def _check_days(self, year: int | None, month: int, longest: int) -> None:
        for day in self.days or ():
            if day != LAST_DAY and not 1 <= day <= longest:
                raise no_such_day(year, month, day)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Days that need nothing more; `monday` is that of the week, where a week was named."""

    range: DateRange
    monday: date | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of a week not named (ISO: Monday 1); `last` is Sunday for a weekend."""

    first: int
    last: int

    def of(self, monday: date) -> Fixed:
        start = monday + timedelta(days=self.first - 1)
        return Fixed(DateRange(start, monday + timedelta(days=self.last - 1)), monday)


@dataclass(frozen=True, slots=True)
class Impossible:
    """What was said is a date in form, but there is none such."""

    error: QueryError


Stretch = Part | Fixed | Weekday | Impossible
Stretches = tuple[Stretch, ...]  # what one expression lists: 3、4月 is two months


def whole_years(first: int, last: int) -> Fixed:
    """From the first day of one year to the last of another."""
    return Fixed(DateRange(date(first, 1, 1), date(last, 12, 31)))


class Bound(Enum):
    """How a phrase uses its stretches."""

    WHOLE = auto()
    BETWEEN = auto()  # from the first to the last, both included
    SINCE = auto()  # from it up to today
    FROM = auto()  # from it on
    AFTER = auto()
    BEFORE = auto()
    UNTIL = auto()  # up to its end


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole expression: 2024年3月以来 is SINCE of one, 3、4月 WHOLE of two stretches."""

    bound: Bound
    stretches: Stretches

    def heir_of(self, earlier: Stretch) -> Phrase:
        """The phrase with what its first stretch leaves out taken from a stretch before it."""
        heirs = [
            inherit(one, earlier) if leans_well(one, earlier) else one for one in self.stretches
        ]
        return Phrase(self.bound, tuple(heirs))

    def when(self, today: date) -> tuple[When, ...]:
        """What the phrase means. Raises QueryError for what the calendar does not have."""
        for stretch in self.stretches:
            if isinstance(stretch, Impossible):
                raise stretch.error
        if self.bound is Bound.WHOLE:
            if len(self.stretches) == 1:
                return _whole(self.stretches[0], today)
            every = [when for one in self.stretches for when in _whole(one, today)]
            return tuple(dict.fromkeys(every))
        if self.bound is Bound.BETWEEN:
            first, last = self.stretches
            return _between(first, last, today)
        return (_open_range(self.bound, self.stretches[0], today),)


def inherit(stretch: Stretch, earlier: Stretch) -> Stretch:
    """What `stretch` leaves out, taken from the one said before it.

    3月 behind 2024年1月 is 2024年3月, 8日 behind 2024年3月5日 is 2024年3月8日, 周五 behind 上周一
    is 上周五. What says its own year or week keeps it.
    """
    if isinstance(stretch, Weekday) and isinstance(earlier, Fixed) and earlier.monday:
        return stretch.of(earlier.monday)
    if not isinstance(stretch, Part) or stretch.year is not None:
        return stretch
    if isinstance(earlier, Fixed) and stretch.days and not stretch.months:
        day = earlier.range.end
        return replace(stretch, year=day.year, months=(day.month, day.month)) if day else stretch
    if not isinstance(earlier, Part) or stretch.is_every_years:
        return stretch
    says_nothing = earlier.year is None and not (earlier.is_every_years or earlier.is_this_years)
    if says_nothing and (stretch.months or not earlier.months):
        return stretch
    if stretch.days and not stretch.months:
        stretch = replace(stretch, months=earlier.months and (earlier.months[1],) * 2)
    return replace(
        stretch,
        year=None if earlier.year is None else earlier.year + stretch.later_years,
        is_every_years=earlier.is_every_years,
        is_this_years=stretch.is_this_years or earlier.is_this_years,
    )


def leans_well(stretch: Stretch, earlier: Stretch) -> bool:
    """True unless it is a day of a month (8日) and the stretch before it names no month."""
    if not isinstance(stretch, Part) or stretch.months or not stretch.days:
        return True
    return not isinstance(earlier, Part) or bool(earlier.months or earlier.days)


def ordered(days: DateRange) -> DateRange:
    """The range itself. Raises QueryError when it runs backwards."""
    if days.start and days.end and days.start > days.end:
        raise runs_backwards(days.start, days.end)
    return days


def bounds(days: DateRange) -> tuple[date, date]:
    """Start and end of a range that is closed at both ends."""
    assert days.start is not None
    assert days.end is not None
    return days.start, days.end


def _is_yearly(stretch: Stretch) -> bool:
    """True for a day or month of every year."""
    if not isinstance(stretch, Part) or stretch.year is not None or stretch.is_this_years:
        return False
    return stretch.months is not None or (stretch.feast is not None and bool(stretch.feast.fixed))


def _whole(stretch: Stretch, today: date) -> tuple[When, ...]:
    if isinstance(stretch, Part) and stretch.year is None and stretch.feast:
        if not stretch.feast.fixed:
            return (_latest_feast(stretch, today),)
        return _every_year(*bounds(stretch.in_year(_LEAP_YEAR)))
    if _is_yearly(stretch):
        assert isinstance(stretch, Part)
        return _every_year(*stretch.in_every_year())
    return (_this(stretch, today),)


def _latest_feast(stretch: Part, today: date) -> DateRange:
    """The last time the feast began: a lunar month has its 30th in some years only."""
    missing: QueryError | None = None
    for year in range(today.year, today.year - _YEARS_WITHOUT, -1):
        try:
            days = stretch.in_year(year)
        except QueryError as error:
            missing = missing or error
            continue
        if days.start and days.start <= today:
            return days
    assert missing
    raise missing


def _between(first: Stretch, last: Stretch, today: date) -> tuple[When, ...]:
    if isinstance(first, Part) and isinstance(last, Part) and first.year is None and last.year:
        # 11月到2024年2月: the year of the end, or the one before where that would be too late.
        first = _led_by(first, last, today)
    is_led = isinstance(last, Part) and last.year is None and last.months is not None
    last = inherit(last, first)
    if _is_yearly(first) and _is_yearly(last):
        assert isinstance(first, Part)
        assert isinstance(last, Part)
        start, end = first.in_every_year()[0], last.in_every_year()[1]
        if last.later_years:
            turn = date(_LEAP_YEAR, 12, 31)
            end = min(end, start - ONE_DAY)
            return (*_every_year(start, turn), *_every_year(date(_LEAP_YEAR, 1, 1), end))
        if start > end:
            raise _backwards_in_the_year(start, end)
        return _every_year(start, end)
    start, end = bounds(DateRange(_this(first, today).start, _this(last, today).end))
    if start > end and is_led and end.year < LAST_YEAR:
        example = f"{part(start)}到{part(move(end, 12))}"
        raise needs_next_year(part(start), part(end), example)
    return (ordered(DateRange(start, end)),)


def _led_by(first: Part, last: Part, today: date) -> Part:
    assert last.year is not None
    if first.days and not first.months:
        first = replace(first, months=last.months)
    same = replace(first, year=last.year)
    start, end = _this(same, today).start, _this(last, today).end
    if start and end and start > end:
        return replace(first, year=last.year - 1)
    return same


def _backwards_in_the_year(start: date, end: date) -> QueryError:
    early, late = DatePart(end.month, end.day), DatePart(start.month, start.day)
    return needs_next_year(late, early, f"{late}到次年{early}")


@lru_cache(maxsize=512)
def _every_year(start: date, end: date) -> tuple[YearlyDate, ...]:
    """The days from `start` to `end` of every year; whole months as months."""
    every: list[YearlyDate] = []
    day = start
    while day <= end:
        last = month_end(day.year, day.month)
        if day.day == 1 and last <= end:
            every.append(YearlyDate(day.month))
            day = last + ONE_DAY
        else:
            every.append(YearlyDate(day.month, day.day))
            day += ONE_DAY
    return tuple(every)


def _this(stretch: Stretch, today: date) -> DateRange:
    """The stretch as one range; where no year or week is named, today's."""
    match stretch:
        case Fixed(days, _):
            return days
        case Weekday():
            return stretch.of(week_start(today)).range
        case Part(year=None, months=None, days=(_, _)):
            return replace(stretch, months=(today.month,) * 2).in_year(today.year)
        case Part(year=None):
            return stretch.in_year(today.year + stretch.later_years)
        case Part():
            assert stretch.year is not None
            return stretch.in_year(stretch.year)
        case Impossible(error):
            raise error


def _latest(stretch: Stretch, today: date) -> DateRange:
    """The stretch as one range; where no year is named, the latest that has begun."""
    this = _this(stretch, today)
    if this.start and this.start > today and isinstance(stretch, Part) and stretch.year is None:
        if stretch.days and not stretch.months:
            month = move(today.replace(day=1), -1)
            return replace(stretch, months=(month.month,) * 2).in_year(month.year)
        return stretch.in_year(today.year - 1)
    return this


def _open_range(bound: Bound, stretch: Stretch, today: date) -> DateRange:
    match bound:
        case Bound.SINCE:
            start = _latest(stretch, today).start
            if start and start > today:
                raise QueryError(
                    "{day}还没有到，不能说“以来”。可以这样写：{example}",
                    "今年以来",
                    day=part(start),
                )
            return DateRange(start, today)
        case Bound.FROM:
            return DateRange(_latest(stretch, today).start, None)
        case Bound.AFTER:
            return DateRange(bounds(_latest(stretch, today))[1] + ONE_DAY, None)
        case Bound.BEFORE:
            return DateRange(None, bounds(_this(stretch, today))[0] - ONE_DAY)
        case _:
            return DateRange(None, _this(stretch, today).end)
