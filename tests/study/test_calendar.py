"""Exactly one push for every chosen local date, in every zone, through every clock change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import DayRule, Days, Subscription
from bot.study.calendar import (
    MAX_CAUGHT_UP,
    due,
    exists,
    first_push_on,
    is_push_day,
    moment,
    next_due,
    workdays_known_until,
)

DAY = timedelta(days=1)
ALL_ZONES = sorted(available_timezones() - {"localtime"})
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
EIGHT = time(8)
DAILY = Days()
WORKDAYS = Days(DayRule.WORKDAYS)


def at(text: str) -> datetime:
    """A moment in UTC from `2026-11-24 08:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(text: str) -> date:
    return date.fromisoformat(text)


def subscribed(
    zone: str = "Asia/Shanghai",
    push_at: time = EIGHT,
    *,
    days: Days = DAILY,
    since: datetime | None = None,
    edited_at: datetime = LONG_AGO,
    first_on: date = date(1990, 1, 1),
) -> Subscription:
    return Subscription(
        chat_id=1,
        push_at=push_at,
        zone=zone,
        first_on=first_on,
        edited_at=edited_at,
        days=days,
        next_due_at=since,
    )


def dates_due(subscription: Subscription, now: datetime) -> list[date]:
    return [one.local_on for one in due(subscription, now)]


# ------------------------------------------------------------------------ moment


def test_a_moment_is_the_wall_time_in_utc() -> None:
    assert moment(on("2026-11-24"), EIGHT, "Asia/Shanghai") == at("2026-11-24 00:00")


def test_a_time_that_comes_twice_is_its_first_coming() -> None:
    assert moment(on("2026-11-01"), time(1, 30), "America/New_York") == at("2026-11-01 05:30")


def test_a_time_in_a_gap_is_moved_forward_by_the_gap() -> None:
    found = moment(on("2026-03-08"), time(2, 30), "America/New_York")
    assert found.astimezone(ZoneInfo("America/New_York")).time() == time(3, 30)


def test_a_midnight_in_a_gap_is_one_in_the_morning_of_the_same_date() -> None:
    found = moment(on("2018-11-04"), time(0), "America/Sao_Paulo")
    assert found.astimezone(ZoneInfo("America/Sao_Paulo")).isoformat()[:16] == "2018-11-04T01:00"


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Apia", "2011-12-30"), ("Kwajalein", "1993-08-21")]
)
def test_a_date_that_a_zone_skipped_does_not_exist(zone: str, day: str) -> None:
    around = [on(day) - DAY, on(day), on(day) + DAY]
    assert [exists(one, zone) for one in around] == [True, False, True]


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Apia", "2011-12-30"), ("Kwajalein", "1993-08-21")]
)
def test_a_date_that_a_zone_skipped_has_no_push_and_its_neighbours_have(
    zone: str, day: str
) -> None:
    since = moment(on(day) - DAY, EIGHT, zone)
    found = dates_due(subscribed(zone, since=since), since + 2 * DAY)
    assert found == [on(day) - DAY, on(day) + DAY, on(day) + 2 * DAY]


# -------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-10-01", False),  # national holiday, a Thursday
        ("2026-10-10", True),  # a Saturday made up for it
        ("2026-11-23", True),
        ("2026-11-22", False),
    ],
)
def test_working_days_know_holidays_and_make_up_days(day: str, works: bool) -> None:
    assert is_push_day(WORKDAYS, on(day)) is works


def test_past_the_known_years_working_days_are_monday_to_friday() -> None:
    first = workdays_known_until() + DAY
    days = [first + ahead * DAY for ahead in range(400)]
    assert [is_push_day(WORKDAYS, day) for day in days] == [day.weekday() < 5 for day in days]


def test_before_the_known_years_working_days_are_monday_to_friday() -> None:
    assert is_push_day(WORKDAYS, on("1999-10-01"))


def test_holidays_are_known_to_the_end_of_a_year() -> None:
    until = workdays_known_until()
    assert (until.month, until.day) == (12, 31)
    assert until >= on("2026-12-31")


def test_chosen_weekdays_are_iso_numbers() -> None:
    days = Days(DayRule.WEEKDAYS, frozenset({1, 7}))
    chosen = [on("2026-11-22") + ahead * DAY for ahead in range(7)]
    assert [is_push_day(days, day) for day in chosen] == [True, True] + [False] * 5


# ----------------------------------------------------------------- due, next_due


def test_a_push_is_due_at_its_moment_and_not_before() -> None:
    subscription = subscribed(since=at("2026-11-24 00:00"))
    assert dates_due(subscription, at("2026-11-23 23:59")) == []
    assert dates_due(subscription, at("2026-11-24 00:00")) == [on("2026-11-24")]


def test_what_is_due_is_missed_after_the_grace() -> None:
    (one,) = due(subscribed(since=at("2026-11-24 00:00")), at("2026-11-24 01:00"))
    assert (one.due_at, one.missed_after) == (at("2026-11-24 00:00"), at("2026-11-24 06:00"))


def test_after_an_outage_every_missed_date_is_due() -> None:
    subscription = subscribed(since=at("2026-11-21 00:00"))
    expected = [on("2026-11-21") + ahead * DAY for ahead in range(4)]
    assert dates_due(subscription, at("2026-11-24 09:00")) == expected


def test_after_a_very_long_outage_the_latest_dates_are_due() -> None:
    found = dates_due(subscribed(since=at("2025-01-01 00:00")), at("2026-11-24 09:00"))
    assert len(found) == MAX_CAUGHT_UP
    assert found[-1] == on("2026-11-24")


@pytest.mark.parametrize("weekday", range(1, 8))
def test_a_weekly_push_catches_up_as_many_dates_as_a_daily_one(weekday: int) -> None:
    days = Days(DayRule.WEEKDAYS, frozenset({weekday}))
    found = due(subscribed(since=at("2025-01-01 00:00"), days=days), at("2026-11-24 09:00"))
    assert len(found) == MAX_CAUGHT_UP


def test_the_next_due_moment_is_later_than_now() -> None:
    assert next_due(subscribed(), at("2026-11-24 00:00")) == at("2026-11-25 00:00")
    assert next_due(subscribed(), at("2026-11-23 23:59")) == at("2026-11-24 00:00")


def test_the_next_due_moment_passes_over_a_long_holiday() -> None:
    assert next_due(subscribed(days=WORKDAYS), at("2026-09-30 12:00")) == at("2026-10-08 00:00")


def test_nothing_is_due_before_the_first_date() -> None:
    subscription = subscribed(first_on=on("2027-03-01"), since=at("2026-11-24 00:00"))
    assert dates_due(subscription, at("2026-11-30 00:00")) == []
    assert next_due(subscription, at("2026-11-24 00:00")) == at("2027-03-01 00:00")


def test_no_weekday_at_all_is_never_due() -> None:
    subscription = subscribed(days=Days(DayRule.WEEKDAYS))
    assert next_due(subscription, at("2026-11-24 00:00")) is None


def test_what_is_not_active_is_never_due() -> None:
    subscription = replace(subscribed(since=at("2026-11-20 00:00")), is_active=False)
    assert due(subscription, at("2026-11-24 00:00")) == ()
    assert next_due(subscription, at("2026-11-24 00:00")) is None


def test_a_time_moved_to_earlier_in_the_day_is_due_at_once() -> None:
    edited_at = at("2026-11-24 02:30")  # 10:30 in Shanghai, to 08:00
    edited = subscribed(edited_at=edited_at)
    soon = next_due(edited, edited_at)
    assert soon is not None
    assert timedelta() < soon - edited_at < timedelta(seconds=1)
    assert dates_due(replace(edited, next_due_at=soon), soon) == [on("2026-11-24")]


def test_a_time_moved_to_later_in_the_day_is_due_then() -> None:
    edited = subscribed(push_at=time(20), edited_at=at("2026-11-24 02:30"))
    assert next_due(edited, at("2026-11-24 02:30")) == at("2026-11-24 12:00")


def test_a_look_at_the_due_moment_goes_on_to_the_next_date() -> None:
    edited_at = at("2026-11-24 02:30")
    edited = subscribed(edited_at=edited_at)
    soon = next_due(edited, edited_at)
    assert soon is not None
    assert next_due(edited, soon) == at("2026-11-25 00:00")


def test_a_push_that_a_gap_moved_past_midnight_is_still_ahead_after_midnight() -> None:
    # In Nuuk the clocks went from 23:00 on the 30th to 00:00 on the 31st of March 2024.
    subscription = subscribed("America/Nuuk", time(23, 30))
    after_midnight = at("2024-03-31 01:10")
    due_at = at("2024-03-31 01:30")
    assert after_midnight.astimezone(ZoneInfo("America/Nuuk")).day == 31
    assert next_due(subscription, after_midnight) == due_at
    assert dates_due(replace(subscription, next_due_at=due_at), due_at) == [on("2024-03-30")]


def test_an_edit_after_clocks_went_back_over_midnight_loses_no_date() -> None:
    # In St. John's they went from 00:01 on the 7th to 23:01 on the 6th of November 2010, so
    # that the first midnight of the 7th was before this edit on the 6th.
    edited_at = at("2010-11-07 03:00")
    edited = subscribed("America/St_Johns", time(0), edited_at=edited_at)
    assert edited_at.astimezone(ZoneInfo(edited.zone)).day == 6
    now = edited_at + timedelta(hours=1)
    found = dates_due(replace(edited, next_due_at=next_due(edited, edited_at)), now)
    assert on("2010-11-07") in found


def test_the_first_push_is_today_when_its_time_is_still_ahead() -> None:
    assert first_push_on(EIGHT, "Asia/Shanghai", at("2026-11-23 23:59")) == on("2026-11-24")


def test_the_first_push_is_tomorrow_when_its_time_has_come() -> None:
    assert first_push_on(EIGHT, "Asia/Shanghai", at("2026-11-24 00:00")) == on("2026-11-25")


def pushes_of_a_year(zone: str) -> list[date]:
    """The dates that come due in 2026 when somebody looks every 30 days."""
    subscription = subscribed(zone, time(2, 30))
    now = at("2025-12-20 00:00")
    found: list[date] = []
    while now < at("2027-01-02 00:00"):
        subscription = replace(subscription, next_due_at=next_due(subscription, now))
        now += timedelta(days=30)
        found += dates_due(subscription, now)
    return [one for one in found if one.year == 2026]


def test_every_zone_has_one_push_a_date_through_2026() -> None:
    found = {zone: pushes_of_a_year(zone) for zone in ALL_ZONES}
    every_date = [on("2026-01-01") + ahead * DAY for ahead in range(365)]
    wrong = [zone for zone, dates in found.items() if dates != every_date]
    assert wrong == []


# ------------------------------------------------- a planner that looks now and then


@dataclass
class Planner:
    """The ledger's part: looks at random moments, keeps each date once, advances the row."""

    subscription: Subscription
    ledger: dict[date, datetime] = field(default_factory=dict)
    since_edit: list[date] = field(default_factory=list)

    def look(self, now: datetime) -> None:
        next_due_at = self.subscription.next_due_at
        if next_due_at is None or next_due_at > now:
            return
        for one in due(self.subscription, now):
            assert one.due_at <= now
            self.since_edit.append(one.local_on)
            self.ledger.setdefault(one.local_on, one.due_at)
        self._advance(now)

    def edit(self, edited: Subscription, now: datetime) -> None:
        self.subscription = replace(edited, edited_at=now)
        self.since_edit = []
        self._advance(now)

    def _advance(self, now: datetime) -> None:
        self.subscription = replace(self.subscription, next_due_at=next_due(self.subscription, now))


def dates_lived(zone: str, start: datetime, end: datetime) -> Iterator[date]:
    """Every local date that is in part after `start` and wholly before `end`, by the hour."""
    hour = start
    seen = None
    while hour <= end:
        today = hour.astimezone(ZoneInfo(zone)).date()
        if today != seen:
            if seen is not None:
                yield seen
            seen = today
        hour += timedelta(hours=1)


ODD_ZONES = [
    "America/New_York",
    "America/Nuuk",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Kwajalein",
]
# Moments near changes of clocks and calendars, and any.
STARTS = st.sampled_from(
    [
        at("1993-08-15 00:00"),
        at("2011-12-20 00:00"),
        at("2018-10-28 00:00"),
        at("2024-03-22 00:00"),
        at("2026-10-20 00:00"),
    ]
) | st.integers(0, 87_600).map(lambda hours: at("2020-01-01 00:00") + timedelta(hours=hours))
ZONES = st.sampled_from(ODD_ZONES) | st.sampled_from(ALL_ZONES)
TIMES = st.sampled_from(
    [time(0), time(0, 30), time(2, 30), time(23, 30), time(23, 59)]
) | st.builds(time, st.integers(0, 23), st.integers(0, 59))
RULES = st.sampled_from([Days(), WORKDAYS]) | st.builds(
    Days,
    st.just(DayRule.WEEKDAYS),
    st.frozensets(st.integers(1, 7), min_size=1),
)
STEPS = st.lists(
    st.tuples(
        st.timedeltas(timedelta(minutes=1), timedelta(hours=60)),
        st.none() | st.tuples(TIMES, ZONES, RULES),
    ),
    min_size=1,
    max_size=25,
)
# By then the date is over and so is any gap that moved its push past midnight.
MARGIN = timedelta(hours=3)


@settings(max_examples=250, deadline=None)
@given(start=STARTS, push_at=TIMES, zone=ZONES, days=RULES, steps=STEPS)
def test_every_chosen_date_lived_through_has_its_push(
    start: datetime,
    push_at: time,
    zone: str,
    days: Days,
    steps: list[tuple[timedelta, tuple[time, str, Days] | None]],
) -> None:
    planner = Planner(subscribed())
    now = edited_at = start
    planner.edit(subscribed(zone, push_at, days=days), now)
    for step, edit in steps:
        now += step
        planner.look(now)
        current = planner.subscription
        assert len(planner.since_edit) == len(set(planner.since_edit))
        assert all(is_push_day(current.days, one) for one in planner.since_edit)
        lived = dates_lived(current.zone, edited_at, now - MARGIN)
        expected = {one for one in lived if is_push_day(current.days, one)}
        assert expected <= planner.ledger.keys()
        if edit:
            edited_at = now
            planner.edit(subscribed(edit[1], edit[0], days=edit[2]), now)


@settings(max_examples=100, deadline=None)
@given(start=STARTS, push_at=TIMES, zone=ZONES, looks=st.lists(st.integers(1, 4000), max_size=40))
def test_no_date_is_due_before_its_wall_time_or_after_its_next_midnight(
    start: datetime, push_at: time, zone: str, looks: list[int]
) -> None:
    planner = Planner(subscribed())
    planner.edit(subscribed(zone, push_at), start)
    now = start
    for minutes in looks:
        now += timedelta(minutes=minutes)
        planner.look(now)
    # The first date may be due late, at the edit itself.
    for local_on, due_at in list(planner.ledger.items())[1:]:
        wall = due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        late = wall - datetime.combine(local_on, push_at)
        assert timedelta() <= late <= timedelta(hours=2)
