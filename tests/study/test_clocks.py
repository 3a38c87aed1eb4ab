"""Every zone of the tz database, every day from 2020 to 2030: one push a chosen local date.

What a planner does is walked from beginning to end: it looks when `next_due` told it to,
takes what `due` gives, and is told when to look again. Zones that are alike over these years
(links, and those whose rules differ only before or after) are walked once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import DayRule, Days, Subscription
from bot.study.calendar import due, is_push_day, moment, next_due, workdays_known_until

pytestmark = pytest.mark.long

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
EVERY_DATE = tuple(FIRST + ahead * DAY for ahead in range((LAST - FIRST).days + 1))
FROM = datetime(2019, 12, 30, tzinfo=UTC)
UNTIL = datetime(2031, 1, 2, 12, tzinfo=UTC)
DAILY, WORKDAYS = Days(), Days(DayRule.WORKDAYS)
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)

Changes = tuple[tuple[datetime, timedelta], ...]


@cache
def zones_alike() -> Mapping[Changes, list[str]]:
    """The zones by how they change their clocks in these years, to the quarter of an hour."""
    found: dict[Changes, list[str]] = {}
    for zone in sorted(available_timezones() - {"localtime"}):
        found.setdefault(changes_of(zone), []).append(zone)
    return found


@cache
def changes_of(zone: str) -> Changes:
    """The offset at the beginning, and each change of it after that.

    Found by looking once a week: no zone changes there and back within one (Morocco's Ramadan
    and Gaza's last a month).
    """
    info = ZoneInfo(zone)
    at = FROM - 2 * DAY
    offset = _offset(info, at)
    found = [(FROM, offset)]
    while at < UNTIL + 2 * DAY:
        if _offset(info, at + 7 * DAY) == offset:
            at += 7 * DAY
            continue
        at += QUARTER * bisect_left(
            range(7 * 24 * 4 + 1),
            True,
            key=lambda quarters: _offset(info, at + quarters * QUARTER) != offset,
        )
        offset = _offset(info, at)
        found.append((at, offset))
    return tuple(found)


def _offset(info: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(info).utcoffset()
    assert offset is not None
    return offset


@dataclass
class Row:
    """What the calendar asks of a subscription. Changing it costs less than making another."""

    at: time
    zone: str
    days: Days
    first_on: date
    edited_at: datetime
    next_due_at: datetime | None = None
    grace: timedelta = timedelta(hours=6)
    ends_on: date | None = None
    is_active: bool = True


def walk(one: Subscription) -> Iterator[tuple[date, datetime]]:
    """Every date a planner pushes that looks exactly when it was told to, and at what moment."""
    row = Row(one.at, one.zone, one.days, one.first_on, one.edited_at)
    row.next_due_at = at = next_due(row, FROM)
    while at is not None and at < UNTIL:
        for found in due(row, at):
            yield found.local_on, found.due_at
        row.next_due_at = at = next_due(row, at)


def daily(zone: str, at: time, days: Days = DAILY) -> Subscription:
    return Subscription(
        chat_id=1, push_at=at, zone=zone, first_on=FIRST, edited_at=LONG_AGO, days=days
    )


def pushed(zone: str, at: time, days: Days = DAILY) -> tuple[date, ...]:
    """The dates of these years on which a chat in `zone` is written to."""
    return tuple(on for on, _ in walk(daily(zone, at, days)) if on <= LAST)


def critical_times(changes: Changes) -> set[time]:
    """Wall times that some change of these clocks skips or repeats; one of each for a year's."""
    found = set()
    for (_, before), (at, after) in pairwise(changes):
        half_way = at + (before + after) / 2
        found.add(half_way.time().replace(second=0, microsecond=0, tzinfo=None))
    return found


def test_the_tz_database_is_all_there() -> None:
    assert len(available_timezones()) > 590
    assert sum(map(len, zones_alike().values())) == len(available_timezones() - {"localtime"})


@cache
def at_eight() -> Mapping[str, tuple[tuple[date, datetime], ...]]:
    """What a push at eight comes to in one zone of each kind."""
    return {alike[0]: tuple(walk(daily(alike[0], time(8)))) for alike in zones_alike().values()}


def test_every_date_of_eleven_years_is_pushed_once_in_every_zone_at_eight() -> None:
    wrong = [
        zone
        for zone, pushes in at_eight().items()
        if tuple(on for on, _ in pushes if on <= LAST) != EVERY_DATE
    ]
    assert wrong == []


def test_a_push_comes_at_its_wall_time_unless_the_clocks_skip_it() -> None:
    wrong = []
    for zone, pushes in at_eight().items():
        info, jumps = ZoneInfo(zone), {at.date() for at, _ in changes_of(zone)}
        for on, due_at in pushes:
            wall = due_at.astimezone(info)
            is_exact = (wall.date(), wall.time()) == (on, time(8))
            if not is_exact and not jumps & {on - DAY, on, on + DAY}:
                wrong.append((zone, on))
    assert wrong == []


def test_every_date_is_pushed_once_at_a_time_that_clocks_skip_or_repeat() -> None:
    wrong = []
    for number, (changes, alike) in enumerate(zones_alike().items()):
        times = sorted(critical_times(changes))
        if not times:
            continue  # clocks that never change
        # One for each, by turns the first and the last: now skipped, now repeated.
        at = times[-(number % 2)]
        if pushed(alike[0], at) != EVERY_DATE:
            wrong.append((alike[0], at))
    assert wrong == []


@settings(max_examples=10, deadline=None)
@given(data=st.data(), at=st.times().map(lambda one: one.replace(second=0, microsecond=0)))
def test_every_date_is_pushed_once_at_any_time_of_day(data: st.DataObject, at: time) -> None:
    zone = data.draw(st.sampled_from([alike[0] for alike in zones_alike().values()]))
    assert pushed(zone, at) == EVERY_DATE


@settings(max_examples=10, deadline=None)
@given(
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    zone=st.sampled_from(["Asia/Shanghai", "Africa/Cairo", "America/Nuuk", "Pacific/Apia"]),
)
def test_chosen_weekdays_and_no_others_are_pushed(weekdays: frozenset[int], zone: str) -> None:
    chosen = Days(DayRule.WEEKDAYS, weekdays)
    expected = tuple(on for on in EVERY_DATE if on.isoweekday() in weekdays)
    assert pushed(zone, time(0, 30), chosen) == expected


# ------------------------------------------------------------------- working days


def test_working_days_are_those_of_the_state_council_and_then_monday_to_friday() -> None:
    dates = set(pushed("Asia/Shanghai", time(8), WORKDAYS))
    known_until = workdays_known_until()
    for on in EVERY_DATE:
        works = chinese_calendar.is_workday(on) if on <= known_until else on.isoweekday() <= 5
        assert (on in dates) is works, on


def test_past_the_known_years_no_made_up_saturday_is_invented() -> None:
    first = workdays_known_until() + DAY
    assert not any(
        is_push_day(WORKDAYS, first + ahead * DAY)
        for ahead in range(400)
        if (first + ahead * DAY).isoweekday() > 5
    )


# -------------------------------------------------------------- edits in mid-day

SPOTS = ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12", "Africa/Cairo"]
EDITS = st.lists(
    st.tuples(
        st.timedeltas(timedelta(minutes=1), timedelta(hours=30)),
        st.times().map(lambda one: one.replace(second=0, microsecond=0)),
        st.sampled_from(SPOTS),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(
    start=st.integers(5 * 24 * 60, 3980 * 24 * 60).map(
        lambda minutes: FROM + timedelta(minutes=minutes)
    ),
    edits=EDITS,
)
def test_however_it_is_edited_a_date_is_pushed_at_most_once_and_the_last_wish_every_day(
    start: datetime, edits: list[tuple[timedelta, time, str]]
) -> None:
    ledger: dict[date, datetime] = {}
    now, subscription = start, daily("Asia/Shanghai", time(8))
    subscription = replace(subscription, edited_at=now, next_due_at=next_due(subscription, now))

    def look(until: datetime) -> None:
        nonlocal subscription
        while (at := subscription.next_due_at) is not None and at <= until:
            for one in due(subscription, at):
                ledger.setdefault(one.local_on, one.due_at)  # as UNIQUE holds it
            subscription = replace(subscription, next_due_at=next_due(subscription, at))

    for pause, at, zone in edits:
        now += pause
        look(now)
        subscription = replace(subscription, push_at=at, zone=zone, edited_at=now)
        subscription = replace(subscription, next_due_at=next_due(subscription, now))
    before = dict(ledger)
    look(now + 5 * DAY)
    # Every date that begins after the last edit has its push, at its wall time.
    zone = subscription.zone
    first = now.astimezone(ZoneInfo(zone)).date() + DAY
    for ahead in range(3):
        on = first + ahead * DAY
        assert on in ledger
        if on not in before:
            assert ledger[on] == max(
                moment(on, subscription.push_at, zone), now + timedelta(microseconds=1)
            )
    # What was pushed before stays as it was: no date a second time.
    assert before.items() <= ledger.items()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Pacific/Kiritimati"])
def test_a_move_across_the_date_line_repeats_no_date_and_loses_none_that_is_ahead(
    zone: str,
) -> None:
    there = "Etc/GMT+12"
    now = datetime(2026, 11, 24, 11, tzinfo=UTC)
    before = daily(there, time(8))
    already = {on for on, _ in walk(before) if moment(on, time(8), there) <= now}
    moved = replace(before, zone=zone, edited_at=now)
    moved = replace(moved, next_due_at=next_due(moved, now))
    after = [one.local_on for one in due(moved, now + 3 * DAY)]
    assert len(after) == len(set(after))
    new = [on for on in after if on not in already]
    today = now.astimezone(ZoneInfo(zone)).date()
    assert new[:2] == [today, today + DAY]
