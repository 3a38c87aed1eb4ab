"""When sessions are and notices come due, through changes of clocks, edits and outages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Change, NoticeDue, NoticeRole, Recurrence, Reminder, ReminderState
from bot.study import calendar, recurrence
from bot.study.reminders import read_reminder
from tests.study.reminder_table import LINES

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")

zones = st.sampled_from(ZONES)
lines = st.sampled_from([row[0] for row in LINES if row[1]])
leads = st.sets(st.integers(0, 3 * 24 * 60).map(lambda one: timedelta(minutes=one)), max_size=4)
moments = st.integers(-300 * 24 * 60, 200 * 24 * 60).map(lambda one: NOON + timedelta(minutes=one))


def fridays(**fields: object) -> Reminder:
    made = Reminder(
        1,
        "学习会",
        Recurrence("FREQ=WEEKLY;BYDAY=FR", FRIDAY),
        time(15),
        "Asia/Shanghai",
        NOON,
        notices=recurrence.notices((timedelta(),), HOUR, takes_part=False),
        state=ReminderState.ACTIVE,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def said(line: str, zone: str, now: datetime, before: set[timedelta]) -> Reminder:
    wish = read_reminder(line, now, zone)
    assert wish.recurrence is not None
    assert wish.at is not None
    notices = recurrence.notices(tuple(before) or (timedelta(),), HOUR, takes_part=False)
    made = fridays(recurrence=wish.recurrence, at=wish.at, zone=zone, notices=notices)
    return replace(made, next_due_at=recurrence.next_due(made, now))


@given(lines, zones, moments)
def test_the_next_sessions_increase_and_keep_the_local_time(
    line: str, zone: str, now: datetime
) -> None:
    one = said(line, zone, now, set())
    following = recurrence.upcoming(one, now, 5)
    moments_ = [held.starts_at for held in following]
    assert moments_ == sorted(set(moments_))
    assert all(at > now for at in moments_)
    for held in following:
        local = held.starts_at.astimezone(ZoneInfo(zone))
        if calendar.moment(held.on, held.at, zone).astimezone(ZoneInfo(zone)).time() == held.at:
            assert (local.date(), local.time()) == (held.on, held.at)


@given(lines, zones, moments, leads, st.lists(st.integers(1, 60 * 24 * 10), max_size=12))
def test_ticks_at_any_moments_find_every_notice_once(
    line: str, zone: str, now: datetime, before: set[timedelta], minutes: list[int]
) -> None:
    one = said(line, zone, now, before)
    end = now + sum((timedelta(minutes=number) for number in minutes), timedelta())
    whole = recurrence.due(one, end)
    found: list[NoticeDue] = []
    at = now
    for number in minutes:
        at += timedelta(minutes=number)
        found += recurrence.due(one, at)
        if one.next_due_at is not None and at >= one.next_due_at:
            one = replace(one, next_due_at=recurrence.next_due(one, at))
    seen = [(item.due.local_on, item.notice) for item in found]
    assert len(seen) == len(set(seen))
    if end - now < timedelta(days=31):
        assert {(item.due.local_on, item.notice) for item in whole} == set(seen)


@given(lines, zones, moments, leads)
def test_the_next_due_moment_is_the_first_that_a_later_look_finds(
    line: str, zone: str, now: datetime, before: set[timedelta]
) -> None:
    one = said(line, zone, now, before)
    if one.next_due_at is None:
        assert not recurrence.upcoming(one, now, 1)
        return
    assert one.next_due_at > now
    assert recurrence.due(one, one.next_due_at - timedelta(microseconds=1)) == ()
    assert recurrence.due(one, one.next_due_at)[0].due.due_at == one.next_due_at


@pytest.mark.parametrize(
    ("zone", "at", "first"),
    [
        ("Europe/Berlin", time(2, 30), "2027-03-28T01:30:00+00:00"),  # a gap: 03:30 summer time
        ("Europe/Berlin", time(15, 0), "2027-03-28T13:00:00+00:00"),
        ("America/New_York", time(1, 30), "2027-03-28T05:30:00+00:00"),
    ],
)
def test_wall_time_is_kept_through_the_change_of_clocks(zone: str, at: time, first: str) -> None:
    daily = Recurrence("FREQ=DAILY", date(2027, 3, 20))
    one = fridays(recurrence=daily, zone=zone, at=at)
    held = recurrence.occurrence_on(one, date(2027, 3, 28))
    assert held is not None
    assert held.starts_at.isoformat() == first


def test_a_day_before_is_the_same_wall_time_and_an_hour_before_is_an_hour() -> None:
    sunday = Recurrence("FREQ=WEEKLY;BYDAY=SU", date(2027, 3, 28))
    one = fridays(
        recurrence=sunday,
        zone="Europe/Berlin",
        notices=recurrence.notices((DAY, HOUR), HOUR, takes_part=False),
    )
    (held,) = recurrence.upcoming(one, datetime(2027, 3, 27, 0, tzinfo=UTC), 1)
    day, hour = (recurrence.due_at(one, notice, held) for notice in one.notices)
    assert held.starts_at - day == timedelta(hours=23)  # the night that is an hour shorter
    assert held.starts_at - hour == HOUR


def test_a_skipped_session_is_left_out_and_a_moved_one_comes_where_it_was_moved() -> None:
    one = fridays(
        changes=(
            Change(FRIDAY),
            Change(date(2026, 12, 4), date(2026, 12, 12), time(9)),
        )
    )
    days = [(held.on, held.at) for held in recurrence.upcoming(one, NOON, 3)]
    assert days == [
        (date(2026, 12, 11), time(15)),
        (date(2026, 12, 12), time(9)),
        (date(2026, 12, 18), time(15)),
    ]
    assert recurrence.named(one, FRIDAY) is None
    moved = recurrence.named(one, date(2026, 12, 4))
    assert moved is not None
    assert moved.on == date(2026, 12, 12)


def test_the_first_working_day_is_that_of_the_month_even_where_it_begins_later() -> None:
    first = Recurrence("FREQ=DAILY", date(2026, 10, 15), workday=1)
    # 1 to 7 October is the national holiday; the 8th works, and is before the beginning.
    assert next(recurrence.dates(first, date(2026, 10, 1))) == date(2026, 11, 2)
    assert next(
        recurrence.dates(replace(first, starts_on=date(2026, 10, 1)), date(2026, 10, 1))
    ) == date(2026, 10, 8)


def test_the_last_working_day_stays_the_last_where_the_rule_ends_earlier() -> None:
    last = Recurrence("FREQ=DAILY;UNTIL=20261220", date(2026, 11, 1), workday=-1)
    assert list(recurrence.dates(last, date(2026, 11, 1))) == [date(2026, 11, 30)]


def test_a_long_running_daily_rule_costs_no_more_than_a_new_one() -> None:
    old = Recurrence("FREQ=DAILY;INTERVAL=3", date(1990, 1, 1))
    found = next(recurrence.dates(old, FRIDAY))
    assert (found - old.starts_on).days % 3 == 0
    assert FRIDAY <= found < FRIDAY + 3 * DAY


def test_nothing_is_due_of_what_is_not_active() -> None:
    for state in (ReminderState.DRAFT, ReminderState.PAUSED, ReminderState.DELETED):
        one = fridays(state=state, next_due_at=NOON)
        assert recurrence.due(one, NOON + 7 * DAY) == ()
        assert recurrence.next_due(one, NOON) is None


def test_after_a_long_outage_only_the_last_month_is_looked_at() -> None:
    one = fridays(next_due_at=NOON + 3 * DAY)
    found = recurrence.due(one, NOON + 365 * DAY)
    assert len(found) == 4
    assert found[-1].due.local_on == date(2027, 11, 19)


def test_only_sessions_that_people_take_part_in_are_summed_up() -> None:
    roles = [one.role for one in recurrence.notices((HOUR,), HOUR, takes_part=True)]
    assert roles == [NoticeRole.LEAD, NoticeRole.NUDGE, NoticeRole.SUMMARY]
