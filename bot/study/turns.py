"""Whose turn it is: the sessions of a reminder show the passages on its theme in turns.

Here lives the count of sessions, and what edits do to it. The turn of a session is the number
of sessions before it, by the recurrence, from `Reminder.first_turn` on. The first that people
are told of is turn 0, however many dates were over when it was written; another rule or time
goes on where the one before was; another theme begins anew. No I/O and no clock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile

from bot.model import NoticeRole, Occurrence, Recurrence, Reminder
from bot.study import calendar
from bot.study.recurrence import dates, due_at, occurrences

_DAY = timedelta(days=1)


def turn(reminder: Reminder, occurrence: Occurrence) -> int:
    """Which turn this session is, counted from 0; skipped ones take none."""
    return max(_count(reminder, occurrence.occurs_on), 0)


def begun(reminder: Reminder, now: datetime) -> Reminder:
    """The reminder with the next session that people are told of as the first on its theme."""
    following = _next_told(reminder, now)
    return reminder if following is None else _with_turn(reminder, following, 0)


def going_on(before: Reminder, after: Reminder, now: datetime) -> Reminder:
    """`after`, which is `before` as edited at `now`, with its turns where they were.

    What is paused, or not yet confirmed, takes no turns from its last edit on.
    """
    if after.theme != before.theme:
        return begun(after, now)
    if before.is_active and after.recurrence == before.recurrence:
        return after
    following = _next_told(after, now)
    if following is None:
        return after
    next_turn = _turn_at(before, now if before.is_active else before.edited_at)
    # A session that is moved is the one it was, though people have been told of it.
    return _with_turn(after, following, min(next_turn, _count(before, following.occurs_on)))


def _turn_at(reminder: Reminder, after: datetime) -> int:
    """The turn of the next session that people are told of later than `after`."""
    following = _next_told(reminder, after)
    on = calendar.local_date(after, reminder.zone) + _DAY
    return _count(reminder, on if following is None else following.occurs_on)


def _next_told(reminder: Reminder, after: datetime) -> Occurrence | None:
    """The next session with a message about its beginning later than `after`, if there is one."""
    leads = [one for one in reminder.notices if one.role is NoticeRole.LEAD]
    latest = max(leads, key=lambda one: one.offset, default=None)
    first_on = calendar.local_date(after, reminder.zone) - _DAY
    for occurrence in occurrences(reminder, first_on):
        told_at = due_at(reminder, latest, occurrence) if latest else occurrence.starts_at
        if told_at > after:
            return occurrence
    return None


def _with_turn(reminder: Reminder, occurrence: Occurrence, number: int) -> Reminder:
    before = _count(reminder, occurrence.occurs_on) - reminder.first_turn
    return replace(reminder, first_turn=number - before)


def _count(reminder: Reminder, on: date) -> int:
    skipped = frozenset(one.occurs_on for one in reminder.changes if one.to_on is None)
    return reminder.first_turn + _count_before(reminder.recurrence, on, skipped)


@lru_cache(maxsize=4096)  # years of working days take a while to count
def _count_before(recurrence: Recurrence, on: date, skipped: frozenset[date]) -> int:
    before = takewhile(lambda one: one < on, dates(recurrence, recurrence.starts_on))
    return sum(one not in skipped for one in before)
