"""When is a daily push due, or whatever else stands on chosen days at one time of day.

A push belongs to a local date, and a date is pushed at most once; the ledger's key holds
that. Here live the rules that turn a subscription or a schedule into moments. No I/O and no
clock: every moment comes in as an argument.

- The due moment of a date is its wall time in the subscription's zone. Where clocks go
  back and the time comes twice, it is the first; where clocks go forward and it never
  comes, it is as long after midnight as if they had not (02:30 becomes 03:30), which
  may even be after the next midnight. Either way it is once, under its own date.
- A date that a zone skipped altogether (Pacific/Apia, 2011-12-30) has no push.
- From the local date of the last edit on, nothing is due before that edit: a time moved to
  earlier in the day is due at once, and the ledger knows whether that day was sent already.
- Nothing is due before `first_on`, nor after `ends_on`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

import chinese_calendar

from bot.model import DayRule, Days, Due, Schedule

MAX_CAUGHT_UP = 31  # dates that one look gives after an outage: the latest ones

_DAY = timedelta(days=1)
_NOON = time(12)
# Longer than any run of days off, so that a rule with any day at all has one within.
_LOOK_AHEAD = timedelta(days=40)
# `next_due` looks strictly later than the moment it is given, which for an edit is the edit.
_JUST_AFTER = timedelta(microseconds=1)


class Timetable(Protocol):
    """What `Subscription` and `Schedule` say of when they are due, with their words for it."""

    @property
    def at(self) -> time: ...
    @property
    def zone(self) -> str: ...
    @property
    def days(self) -> Days: ...
    @property
    def first_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def edited_at(self) -> datetime: ...
    @property
    def grace(self) -> timedelta: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def next_due_at(self) -> datetime | None: ...


@cache
def _clock_of(zone: str) -> ZoneInfo:
    """The zone, kept: `zoneinfo` itself keeps eight, and reads every other one from its file."""
    return ZoneInfo(zone)


# Subscriptions share a few times and zones: at 100,000 of them nearly every answer is known.
@lru_cache(maxsize=16384)
def moment(on: date, at: time, zone: str) -> datetime:
    """When the wall clocks of `zone` show `at` on the local date `on`; aware UTC.

    A time that comes twice is its first coming; a time in a gap moves forward by the gap
    (PEP 495, fold=0). Raises ZoneInfoNotFoundError for an unknown zone.
    """
    return datetime.combine(on, at.replace(fold=0), _clock_of(zone)).astimezone(UTC)


def local_date(at: datetime, zone: str) -> date:
    """The date in `zone` at an aware moment."""
    return at.astimezone(_clock_of(zone)).date()


@lru_cache(maxsize=16384)
def exists(on: date, zone: str) -> bool:
    """False for a date that the zone skipped in crossing the date line."""
    return local_date(moment(on, _NOON, zone), zone) == on


@cache
def workdays_known_until() -> date:
    """The last date whose public holidays and make-up days are known."""
    return date(max(chinese_calendar.holidays).year, 12, 31)


@lru_cache(maxsize=4096)
def is_workday(on: date) -> bool:
    """Whether China works on this date; where holidays are not known, Monday to Friday."""
    known_from = min(chinese_calendar.holidays)
    if not known_from <= on <= workdays_known_until():
        return on.isoweekday() <= 5
    return bool(chinese_calendar.is_workday(on))


def is_push_day(days: Days, on: date) -> bool:
    """Whether the rule chooses this local date."""
    match days.rule:
        case DayRule.DAILY:
            return True
        case DayRule.WORKDAYS:
            return is_workday(on)
        case DayRule.WEEKDAYS:
            return on.isoweekday() in days.weekdays


def first_push_on(push_at: time, zone: str, now: datetime) -> date:
    """The first local date for a subscription made now: today if its time is still ahead."""
    today = local_date(now, zone)
    return today if moment(today, push_at, zone) > now else today + _DAY


def first_on_moved(timetable: Timetable, at: time, zone: str, now: datetime) -> date:
    """Its first local date when it is given this time or zone now.

    What would begin tomorrow begins today where today's moment is ahead by the new clocks,
    as what is made now does. Everything else keeps its first date.
    """
    tomorrow = local_date(now, timetable.zone) + _DAY
    has_begun = moment(timetable.first_on, timetable.at, timetable.zone) <= now
    if has_begun or timetable.first_on > tomorrow:
        return timetable.first_on
    return min(timetable.first_on, first_push_on(at, zone, now))


def due(timetable: Timetable, now: datetime) -> tuple[Due, ...]:
    """Every local date come due from `timetable.next_due_at` to `now`, both included.

    Oldest first and at most the latest MAX_CAUGHT_UP; after an outage the dates missed are
    among them, and `missed_after` tells which are too late. Empty when the timetable is
    not active or never due.
    """
    since = timetable.next_due_at
    if not timetable.is_active or since is None or now < since:
        return ()
    # A chosen weekday comes once in seven days, a working day within _LOOK_AHEAD.
    oldest = now - MAX_CAUGHT_UP * timedelta(days=7) - _LOOK_AHEAD
    # A time that a gap moved past midnight is still the push of the day before.
    first_on = local_date(max(since, oldest), timetable.zone) - _DAY
    last_on = local_date(now, timetable.zone)
    found = [one for one in _dues(timetable, first_on, last_on) if since <= one.due_at <= now]
    return tuple(found[-MAX_CAUGHT_UP:])


def next_due(timetable: Timetable, after: datetime) -> datetime | None:
    """The first due moment later than `after`, or None when there is none (or not active).

    Given the moment of the timetable's own last edit, it is the `next_due_at` to store
    with the edit; given the `now` of a look, the one to store with that look.
    """
    if not timetable.is_active:
        return None
    first_on = max(local_date(after, timetable.zone) - _DAY, timetable.first_on)
    dues = _dues(timetable, first_on, first_on + _LOOK_AHEAD)
    return next((one.due_at for one in dues if one.due_at > after), None)


def rescheduled(schedule: Schedule, now: datetime) -> Schedule:
    """The schedule as edited at `now`: with the moment when the clock must look at it."""
    edited = replace(schedule, edited_at=now)
    return replace(edited, next_due_at=next_due(edited, now))


def _dues(timetable: Timetable, first_on: date, last_on: date) -> Iterator[Due]:
    """The dues of the chosen dates from `first_on` to `last_on`, oldest first."""
    zone = timetable.zone
    edited_on = local_date(timetable.edited_at, zone)
    on = max(first_on, timetable.first_on)
    last_on = min(last_on, timetable.ends_on or last_on)
    while on <= last_on:
        if is_push_day(timetable.days, on) and exists(on, zone):
            due_at = moment(on, timetable.at, zone)
            if on >= edited_on:
                due_at = max(due_at, timetable.edited_at + _JUST_AFTER)
            yield Due(on, due_at, due_at + timetable.grace)
        on += _DAY
