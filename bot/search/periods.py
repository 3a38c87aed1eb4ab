"""Days as terms of the index: what a passage is marked with, and what covers a range of days.

A passage of one day is marked with that day and with the month, the quarter, the year and the
four years it lies in; one known only to the month with all but the day; and so on. A range
is covered by the fewest such periods, so that a date query is a union of a few lists, where
comparing the dates of every passage took six times as long (measured at 100,000 passages). A
range that holds nearly everything is told faster by what lies outside it.

A passage of any other span (an article dated `2026` in a booklet of April 2026) is marked
with the span itself. There are few such spans: the index keeps a list of them (`Spans`).

What must not live here: the index, what people type.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_YEARS = 4  # in the largest period
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spans:
    """What an index knows of the days of its passages: from the first to the last of any, and

    the spans, first and last day, that are no period.
    """

    first_on: date
    last_on: date
    odd: tuple[tuple[date, date], ...] = ()


def spans_of(days: Iterable[tuple[date, date]]) -> Spans:
    """The spans of passages of these days (first and last)."""
    every = set(days)
    if not every:
        return Spans(date.min, date.min)
    odd = sorted(one for one in every if periods_of(*one) == (_span(*one),))
    return Spans(min(one for one, _ in every), max(one for _, one in every), tuple(odd))


def periods_of(first_on: date, last_on: date) -> tuple[str, ...]:
    """The marks of a passage of these days, both included."""
    if first_on == last_on:
        return (*_from_month_up(first_on), _day(first_on))
    if first_on.day == 1 and last_on == _end_of_month(first_on):
        return (*_from_month_up(first_on), _only(_month(first_on)))
    if first_on == date(first_on.year, 1, 1) and last_on == date(first_on.year, 12, 31):
        return _years(first_on), _year(first_on), _only(_year(first_on))
    return (_span(first_on, last_on),)


def inside(start: date, end: date, spans: Spans) -> Iterator[str]:
    """The marks of a range of days, both included, among passages of these spans.

    A passage lies wholly in the range if and only if it has one of them.
    """
    yield from cover(start, end)
    yield from (_span(*one) for one in spans.odd if start <= one[0] and one[1] <= end)


def cover(start: date, end: date) -> Iterator[str]:
    """The fewest marks of periods that together are the days from `start` to `end`."""
    at = start
    while at <= end:
        mark, last_on = _largest(at, end)
        yield mark
        if last_on == date.max:
            return
        at = last_on + _ONE_DAY


def outside(start: date, end: date, spans: Spans) -> Iterator[str]:
    """The marks of all that is not wholly in a range, among passages of these spans.

    A passage lies wholly in the range if and only if it has none of them: neither a day
    outside, nor is it known only to a year or month that goes beyond.
    """
    if start > spans.first_on:
        yield from cover(spans.first_on.replace(month=1, day=1), start - _ONE_DAY)
        yield from _cut_by(start, is_whole_month=start.day == 1, is_whole_year=_is_new_year(start))
    if end < spans.last_on:
        after = end + _ONE_DAY
        yield from cover(after, spans.last_on.replace(month=12, day=31))
        yield from _cut_by(end, is_whole_month=after.day == 1, is_whole_year=_is_new_year(after))
    yield from (_span(*one) for one in spans.odd if one[0] < start or end < one[1])


def _cut_by(border: date, *, is_whole_month: bool, is_whole_year: bool) -> Iterator[str]:
    if not is_whole_month:
        yield _only(_month(border))
    if not is_whole_year:
        yield _only(_year(border))


def _largest(at: date, end: date) -> tuple[str, date]:
    """The mark of the largest period that begins on a day and ends by `end`; its last day."""
    if at.day == 1:
        year, month = at.year, at.month
        if month == 1:
            if year % _YEARS == 0 and year + _YEARS <= date.max.year + 1:
                last_on = date(year + _YEARS - 1, 12, 31)
                if last_on <= end:
                    return _years(at), last_on
            last_on = date(year, 12, 31)
            if last_on <= end:
                return _year(at), last_on
        if month % 3 == 1:
            last_on = date(year, month + 2, 31 if month in (1, 10) else 30)
            if last_on <= end:
                return _quarter(at), last_on
        last_on = _end_of_month(at)
        if last_on <= end:
            return _month(at), last_on
    return _day(at), at


def _from_month_up(day: date) -> tuple[str, ...]:
    return _years(day), _year(day), _quarter(day), _month(day)


def _span(first_on: date, last_on: date) -> str:
    return f"{first_on.isoformat()}/{last_on.isoformat()}"


def _only(period: str) -> str:
    """The mark of passages known no closer than to this period."""
    return f"{period}!"


def _years(day: date) -> str:
    return f"{day.year - day.year % _YEARS:04d}+{_YEARS}"


def _year(day: date) -> str:
    return f"{day.year:04d}"


def _quarter(day: date) -> str:
    return f"{day.year:04d}q{(day.month + 2) // 3}"


def _month(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def _day(day: date) -> str:
    return day.isoformat()


def _is_new_year(day: date) -> bool:
    return day.month == day.day == 1


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
