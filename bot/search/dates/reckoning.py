"""The arithmetic of the calendar that dates need, and the sentences that refuse what it has not.

Here live lengths of months, moving by months, and refusals. No reading of text.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

from bot.errors import QueryError

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


def in_words(day: date) -> str:
    """`2024年3月5日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def refusal(wrong: str, example: str) -> QueryError:
    """What is wrong, and something like it that works."""
    return QueryError(f"{wrong}。可以这样写：{example}", example)


def no_such_year(year: str) -> QueryError:
    """Of a year that nobody here can mean."""
    return refusal(f"只能查{FIRST_YEAR}年到{LAST_YEAR}年，没有{year}年", "2024年")


def no_such_month(month: int) -> QueryError:
    """Of a thirteenth month, or a month 0."""
    return refusal(f"一年只有12个月，没有{month}月", "2024年3月")


def no_such_quarter(quarter: int) -> QueryError:
    """Of a fifth quarter, or a quarter 0."""
    return refusal(f"一年只有四个季度，没有第{quarter}季度", "2024年第一季度")


def no_such_day(year: int | None, month: int, day: int) -> QueryError:
    """Of a day that the month does not have in `year` (None: in any year)."""
    longest = month_length(year or 2000, month)
    last = f"{year}年{month}月" if year else f"{month}月"
    only = "最多" if year is None and month == 2 else "只有"
    return refusal(f"{last}{only}{longest}天，没有{day}日", f"{last}{longest}日")


def runs_backwards(start: date, end: date) -> QueryError:
    """Of a range whose end comes before its start."""
    return refusal(
        f"这段日期前后颠倒了：{in_words(start)}在{in_words(end)}之后",
        f"{in_words(end)}到{in_words(start)}",
    )


def needs_next_year(start: date, end: date) -> QueryError:
    """Of a range such as 2024年11月到2月, whose end is of the same year only by inheritance."""
    return refusal(
        f"这段日期前后颠倒了：{in_words(start)}在{in_words(end)}之后；跨年请写“次年”",
        f"{in_words(start)}到{in_words(move(end, 12))}",
    )
