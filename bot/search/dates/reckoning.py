"""The arithmetic of the calendar that dates need, and the sentences that refuse what it has not.

Here live lengths of months, moving by months, and refusals. No reading of text.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

from bot.errors import DatePart, QueryError

FIRST_YEAR, LAST_YEAR = 1800, 2100

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def month_length(year: int, month: int) -> int:
    """Days of the month."""
    return calendar.monthrange(year, month)[1]


@lru_cache(maxsize=4096)
def month_start(year: int, month: int) -> date:
    """The first of a month counted on from January of `year`: month 13 is the next January."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


@lru_cache(maxsize=4096)
def month_end(year: int, month: int) -> date:
    """The last of a month counted on from January of `year`."""
    first = month_start(year, month)
    return first.replace(day=month_length(first.year, first.month))


def move(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative); the month's last where it has none."""
    first = month_start(day.year, day.month + months)
    return first.replace(day=min(day.day, month_length(first.year, first.month)))


def this_day_of(year: int, today: date) -> date:
    """Today's day and month in another year; 28 February where 29 February is missing."""
    return move(today, 12 * (year - today.year))


def full(two_digits: int, today: date) -> int:
    """The year of two digits: up to ten years from now, else in the last century."""
    century, now = divmod(today.year, 100)
    return century * 100 + two_digits - (100 if two_digits > now + 10 else 0)


def week_start(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def no_such_year(year: str) -> QueryError:
    """Of a year that nobody here can mean."""
    return QueryError(
        "只能查{first}年到{last}年，没有{year}年。可以这样写：{example}",
        "2024年",
        first=FIRST_YEAR,
        last=LAST_YEAR,
        year=year,
    )


def no_such_month(month: int) -> QueryError:
    """Of a thirteenth month, or a month 0."""
    return QueryError(
        "一年只有12个月，没有{month}月。可以这样写：{example}", "2024年3月", month=month
    )


def no_such_quarter(quarter: int) -> QueryError:
    """Of a fifth quarter, or a quarter 0."""
    return QueryError(
        "一年只有四个季度，没有第{quarter}季度。可以这样写：{example}",
        "2024年第一季度",
        quarter=quarter,
    )


def no_such_week(year: int, week: int, last: int) -> QueryError:
    """Of a week that the year does not have: most have 52 (ISO 8601)."""
    return QueryError(
        "{year}年只有{last}周，没有第{week}周。可以这样写：{example}",
        f"{year}年第{last}周",
        year=year,
        last=last,
        week=week,
    )


def no_such_day(year: int | None, month: int, day: int) -> QueryError:
    """Of a day that the month does not have in `year` (None: in any year)."""
    longest = month_length(year or 2000, month)
    last = DatePart(month, year=year)
    example = f"{last}{longest}日"
    if year is None and month == 2:
        return QueryError(
            "{month}最多{longest}天，没有{day}日。可以这样写：{example}",
            example,
            month=last,
            longest=longest,
            day=day,
        )
    return QueryError(
        "{month}只有{longest}天，没有{day}日。可以这样写：{example}",
        example,
        month=last,
        longest=longest,
        day=day,
    )


def runs_backwards(start: date, end: date) -> QueryError:
    """Of a range whose end comes before its start."""
    return QueryError(
        "这段日期前后颠倒了：{start}在{end}之后。可以这样写：{example}",
        f"{part(end)}到{part(start)}",
        start=part(start),
        end=part(end),
    )


def needs_next_year(start: DatePart, end: DatePart, example: str) -> QueryError:
    """Of a range such as 11月到2月, whose end is of the same year only by inheritance."""
    return QueryError(
        "这段日期前后颠倒了：{start}在{end}之后；跨年请写“次年”。可以这样写：{example}",
        example,
        start=start,
        end=end,
    )


def part(day: date) -> DatePart:
    """The day as refusals speak of it."""
    return DatePart(day.month, day.day, day.year)
