"""When a reminder's sessions are, and when each of its notices is due.

Here live the rules that turn a recurrence into local dates and moments. No I/O and no clock:
every moment comes in as an argument. Recurrences are those of RFC 5545, expanded by dateutil
over dates alone; the time of day is wall time in the reminder's zone, put to each date by
`study.calendar.moment`, so that a session is once per local date however the clocks change.
China's working days, which the standard does not know, are picked from the expanded dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, islice, takewhile

from dateutil.rrule import rrule, rrulestr

from bot.model import (
    Change,
    Due,
    Notice,
    NoticeDue,
    NoticeRole,
    Occurrence,
    Recurrence,
    Reminder,
)
from bot.study import calendar

NUDGE_AFTER = timedelta(minutes=10)
CHECK_IN_BEFORE = timedelta(minutes=15)
CHECK_IN_AFTER = timedelta(minutes=30)

_DAY = timedelta(days=1)
_NO_TIME = timedelta()
_MIDNIGHT = time()
# 29 February is eight years apart around 2100: who finds nothing by then finds nothing.
_HORIZON = timedelta(days=9 * 366)
# A look after an outage goes back this far; what is older is too late by any rule.
_CAUGHT_UP = timedelta(days=31)
_LONGEST_GRACE = timedelta(hours=6)
_SHORTEST_GRACE = timedelta(minutes=30)
_SUMMARY_GRACE = timedelta(hours=12)


def dates(recurrence: Recurrence, first_on: date) -> Iterator[date]:
    """The recurrence's dates from `first_on` on, in order, within some nine years."""
    first_on = max(first_on, recurrence.starts_on)
    last_on = min(first_on, date.max - _HORIZON) + _HORIZON
    if not recurrence.rule:
        return iter([recurrence.starts_on] if recurrence.starts_on == first_on else ())
    position = recurrence.workday
    last_on = min(last_on, recurrence.ends_on or last_on)
    # A month is judged as a whole, so its dates are looked at from its beginning to its end.
    begin_on = first_on.replace(day=1) if position else first_on
    every = _expanded(recurrence, begin_on)
    if position is not None:
        every = filter(calendar.is_workday, every)
    if position:
        every = _one_a_month(every, position)
    return takewhile(lambda on: on <= last_on, (on for on in every if on >= first_on))


def _expanded(recurrence: Recurrence, first_on: date) -> Iterator[date]:
    endless = ";".join(f"{k}={v}" for k, v in recurrence.parts.items() if k != "UNTIL")
    rule = _rule(endless, _anchor(recurrence, first_on))
    since = datetime.combine(first_on, _MIDNIGHT)
    return (at.date() for at in rule.xafter(since, inc=True))


@lru_cache(maxsize=4096)
def _rule(rule: str, starts_on: date) -> rrule:
    made = rrulestr(rule, dtstart=datetime.combine(starts_on, _MIDNIGHT))
    assert isinstance(made, rrule), "one RRULE makes one rrule"
    return made


def _anchor(recurrence: Recurrence, first_on: date) -> date:
    """A date to count from that gives the same dates as `starts_on`, and is near `first_on`.

    A rule is expanded from its beginning: without this a daily one would cost more each year.
    """
    parts = recurrence.parts
    starts_on, interval = recurrence.starts_on, int(parts.get("INTERVAL", "1"))
    if first_on <= starts_on:
        return min(first_on, starts_on) if interval == 1 and recurrence.workday else starts_on
    if parts["FREQ"] in ("DAILY", "WEEKLY"):
        period = interval * (7 if parts["FREQ"] == "WEEKLY" else 1)
        return starts_on + _DAY * ((first_on - starts_on).days // period * period)
    return starts_on


def _one_a_month(workdays: Iterator[date], position: int) -> Iterator[date]:
    for _, month in groupby(workdays, key=lambda on: (on.year, on.month)):
        days = list(month)
        if abs(position) <= len(days):
            yield days[position - 1 if position > 0 else position]


def occurrences(reminder: Reminder, first_on: date) -> Iterator[Occurrence]:
    """The sessions whose local date is `first_on` or later, in order, as they will be held.

    What was skipped is left out, what was moved stands where it was moved to.
    """
    changes = {one.occurs_on: one for one in reminder.changes}
    moved = sorted(
        (_occurrence(reminder, one.occurs_on, one) for one in reminder.changes if one.to_on),
        key=lambda one: (one.on, one.at),
    )
    waiting = [one for one in moved if one.on >= first_on]
    for on in dates(reminder.recurrence, first_on):
        if on in changes or not calendar.exists(on, reminder.zone):
            continue
        regular = _occurrence(reminder, on, None)
        while waiting and waiting[0].starts_at <= regular.starts_at:
            yield waiting.pop(0)
        yield regular
    yield from waiting


def _occurrence(reminder: Reminder, occurs_on: date, change: Change | None) -> Occurrence:
    on = (change.to_on if change else None) or occurs_on
    at = (change.at if change else None) or reminder.at
    return Occurrence(occurs_on, on, at, calendar.moment(on, at, reminder.zone))


def upcoming(reminder: Reminder, after: datetime, limit: int = 3) -> tuple[Occurrence, ...]:
    """The next sessions that begin later than `after`, at most `limit`."""
    first_on = calendar.local_date(after, reminder.zone) - _DAY
    later = (one for one in occurrences(reminder, first_on) if one.starts_at > after)
    return tuple(islice(later, limit))


def occurrence_on(reminder: Reminder, on: date) -> Occurrence | None:
    """The session held on the local date `on`, after any move; None when there is none."""
    found = next(occurrences(reminder, on), None)
    return found if found is not None and found.on == on else None


def named(reminder: Reminder, occurs_on: date) -> Occurrence | None:
    """The session the recurrence gave for `occurs_on`, as it will be held; None when it is not."""
    for change in reminder.changes:
        if change.occurs_on == occurs_on:
            return _occurrence(reminder, occurs_on, change) if change.to_on else None
    is_one = next(dates(reminder.recurrence, occurs_on), None) == occurs_on
    return _occurrence(reminder, occurs_on, None) if is_one else None


def due_at(reminder: Reminder, notice: Notice, occurrence: Occurrence) -> datetime:
    """When this notice of this session is due.

    A lead of whole days is the same wall time that many local dates before.
    """
    days, rest = divmod(notice.offset, _DAY)
    if days < 0 and rest == _NO_TIME:
        return calendar.moment(occurrence.on + notice.offset, occurrence.at, reminder.zone)
    return occurrence.starts_at + notice.offset


def due(reminder: Reminder, now: datetime) -> tuple[NoticeDue, ...]:
    """Every notice come due from `reminder.next_due_at` to `now`, both included, oldest first.

    After an outage those missed are among them; `missed_after` tells which are too late.
    """
    since = reminder.next_due_at
    if not reminder.is_active or since is None or now < since:
        return ()
    since = max(since, now - _CAUGHT_UP)
    found = [one for one in _dues(reminder, since, now) if since <= one.due.due_at <= now]
    return tuple(sorted(found, key=lambda one: (one.due.due_at, one.notice.id)))


def next_due(reminder: Reminder, after: datetime) -> datetime | None:
    """The first moment later than `after` at which a notice is due; None when there is none."""
    if not reminder.is_active or not reminder.notices:
        return None
    best: datetime | None = None
    earliest = min(one.offset for one in reminder.notices)
    for occurrence in occurrences(reminder, _first_on(reminder, after)):
        # An hour or two more than the offset, for clocks may change between.
        if best is not None and occurrence.starts_at + earliest - _DAY > best:
            break
        for notice in reminder.notices:
            at = due_at(reminder, notice, occurrence)
            if at > after and (best is None or at < best):
                best = at
    return best


def _first_on(reminder: Reminder, since: datetime) -> date:
    """The first local date whose session may have a notice due at `since` or later."""
    latest = max((one.offset for one in reminder.notices), default=_NO_TIME)
    return calendar.local_date(since - max(latest, _NO_TIME), reminder.zone) - _DAY


def _dues(reminder: Reminder, since: datetime, until: datetime) -> Iterator[NoticeDue]:
    if not reminder.notices:
        return
    earliest = min(one.offset for one in reminder.notices)
    for occurrence in occurrences(reminder, _first_on(reminder, since)):
        if occurrence.starts_at + earliest - _DAY > until:
            return
        for notice in reminder.notices:
            at = due_at(reminder, notice, occurrence)
            yield NoticeDue(notice, occurrence, Due(occurrence.on, at, at + _grace(notice)))


def _grace(notice: Notice) -> timedelta:
    """How late it may still come: news of a beginning is none long after it."""
    if notice.role is NoticeRole.SUMMARY:
        return _SUMMARY_GRACE
    return min(max(-notice.offset, _SHORTEST_GRACE), _LONGEST_GRACE)


def notices(
    leads: tuple[timedelta, ...], lasts: timedelta, *, takes_part: bool
) -> tuple[Notice, ...]:
    """The notices of a reminder with these leads; those who take part get two more.

    One soon after the beginning, and one after the end, when nobody can check in any more.
    """
    found = [Notice(NoticeRole.LEAD, -lead) for lead in sorted(set(leads), reverse=True)]
    if takes_part:
        found.append(Notice(NoticeRole.NUDGE, NUDGE_AFTER))
        found.append(Notice(NoticeRole.SUMMARY, max(lasts, CHECK_IN_AFTER)))
    return tuple(found)
