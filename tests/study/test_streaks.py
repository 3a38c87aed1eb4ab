"""Streaks: what counts, what is forgiven, and what nothing can take away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Member, Regular
from bot.study import calendar
from bot.study.streaks import GRACE, WINDOW, StudyDays, in_month, streak, week

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
EVERY_DAY = StudyDays()
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Niue")

offsets = st.integers(0, 120)
dates = st.sets(offsets.map(lambda ahead: MONDAY + ahead * DAY), min_size=1, max_size=90)
some_days = st.builds(
    StudyDays,
    st.frozensets(offsets.map(lambda ahead: MONDAY + ahead * DAY), max_size=120),
    st.none() | offsets.map(lambda ahead: MONDAY + ahead * DAY),
)
todays = offsets.map(lambda ahead: MONDAY + (ahead + 30) * DAY)


def run(*numbers: int) -> tuple[date, ...]:
    """Dates by how many days they are after Monday."""
    return tuple(MONDAY + number * DAY for number in numbers)


def days_of(numbers: tuple[date, ...], today: int, days: StudyDays = EVERY_DAY) -> int:
    return streak(numbers, MONDAY + today * DAY, days).days


def test_days_in_a_row_are_counted_with_today_or_without_it() -> None:
    assert days_of(run(0, 1, 2), 2) == 3
    assert days_of(run(0, 1, 2), 3) == 3  # the fourth day is not over yet


def test_nothing_is_no_streak() -> None:
    assert streak((), MONDAY, EVERY_DAY).days == 0


def test_two_missed_days_are_forgiven_and_add_nothing() -> None:
    assert days_of(run(0, 1, 3, 5), 5) == 4


def test_a_third_missed_day_gives_up_what_was_before_the_first_of_them() -> None:
    assert days_of(run(0, 1, 3, 5, 7), 7) == 3
    assert days_of(run(0, 1, 2), 6) == 0


def test_after_thirty_days_a_missed_day_is_spent_no_more() -> None:
    every = tuple(MONDAY + number * DAY for number in range(70))
    near, far = set(every) - set(run(10, 11, 39)), set(every) - set(run(10, 11, 40))
    assert streak(near, MONDAY + 69 * DAY, EVERY_DAY).days == 57
    assert streak(far, MONDAY + 69 * DAY, EVERY_DAY).days == 67


def test_the_longest_streak_outlives_a_broken_one() -> None:
    found = streak(run(0, 1, 2, 3, 4, 20, 21), MONDAY + 21 * DAY, EVERY_DAY)
    assert (found.days, found.longest) == (2, 5)


def test_how_many_days_may_be_missed_yet() -> None:
    assert streak(run(0, 1), MONDAY + DAY, EVERY_DAY).spare == 2
    assert streak(run(0, 2), MONDAY + 2 * DAY, EVERY_DAY).spare == 1
    assert streak(run(0, 2, 4), MONDAY + 4 * DAY, EVERY_DAY).spare == 0


def test_weekends_without_a_push_break_nothing() -> None:
    working_days = StudyDays(frozenset(run(0, 1, 2, 3, 4, 7, 8, 9, 10, 11)), MONDAY)
    assert days_of(run(0, 1, 2, 3, 4, 7, 8), 8, working_days) == 7
    assert streak(run(0, 1, 2, 3, 4, 7), MONDAY + 7 * DAY, working_days).spare == 2


def test_a_push_that_was_not_sent_is_missed_by_nobody() -> None:
    after_an_outage = StudyDays(frozenset(run(0, 9, 10)), MONDAY)
    assert days_of(run(0, 9, 10), 10, after_an_outage) == 3


def test_where_nothing_is_pushed_every_date_counts() -> None:
    assert days_of(run(0, 5), 5) == 1
    ended = StudyDays(frozenset(run(0, 1)))
    assert days_of(run(0, 1, 9), 9, ended) == 1


def test_a_pause_between_pushes_is_missed_by_nobody() -> None:
    assert days_of(run(0, 30), 30, StudyDays(frozenset(run(0, 30)), MONDAY + 29 * DAY)) == 2


@given(dates, todays, some_days)
def test_a_streak_is_never_longer_than_the_check_ins(
    checked: set[date], today: date, days: StudyDays
) -> None:
    found = streak(checked, today, days)
    assert 0 <= found.days <= found.longest <= len(checked)
    assert 0 <= found.spare <= GRACE


@given(dates, todays, some_days, offsets)
def test_one_more_check_in_never_shortens_anything(
    checked: set[date], today: date, days: StudyDays, ahead: int
) -> None:
    before = streak(checked, today, days)
    after = streak({*checked, MONDAY + ahead * DAY}, today, days)
    assert after.days >= before.days
    assert after.longest >= before.longest


@given(dates, todays, some_days, some_days)
def test_fewer_days_to_check_in_for_never_shorten_anything(
    checked: set[date], today: date, some: StudyDays, others: StudyDays
) -> None:
    fewer = StudyDays(some.pushed_on & others.pushed_on, MONDAY)
    more = StudyDays(some.pushed_on, MONDAY)
    assert streak(checked, today, fewer).days >= streak(checked, today, more).days


@given(dates, todays)
def test_within_a_streak_no_thirty_days_have_three_missed_ones(
    checked: set[date], today: date
) -> None:
    found = streak(checked, today, EVERY_DAY)
    until = max(today, *checked)
    held = sorted(checked)[len(checked) - found.days :]
    first = held[0] if held else until
    for start in range((until - first).days):
        within = [first + (start + one) * DAY for one in range(WINDOW)]
        missed = [one for one in within if one not in checked and one < min(until, today)]
        assert len(missed) <= GRACE


@given(dates, todays, st.integers(1, 400))
def test_a_streak_knows_dates_by_their_order_alone(
    checked: set[date], today: date, shift: int
) -> None:
    moved = {one + shift * DAY for one in checked}
    assert streak(moved, today + shift * DAY, EVERY_DAY) == streak(checked, today, EVERY_DAY)


@given(st.lists(st.tuples(st.integers(0, 47), st.sampled_from(ZONES)), min_size=1, max_size=40))
def test_a_chat_that_changes_its_zone_counts_no_date_twice(
    taps: list[tuple[int, str]],
) -> None:
    """Whatever zone the chat is in at each tap, the streak is at most the days that passed."""
    now, checked = NOON, set()
    for hours, zone in taps:
        now += timedelta(hours=hours)
        checked.add(calendar.local_date(now, zone))
    today = calendar.local_date(now, taps[-1][1])
    found = streak(checked, today, EVERY_DAY)
    passed = (now - NOON) // timedelta(days=1) + 1
    # A world of dates is two days wide: from UTC-11 to UTC+14.
    assert found.days <= len(checked) <= passed + 2


def test_the_week_lists_who_checked_in_and_nobody_else() -> None:
    people = [
        Regular(Member(1, "小王"), run(0, 1, 2)),
        Regular(Member(2, "小李"), run(1, 2, 3, 4)),
        Regular(Member(3, "小赵"), run(-9)),
        Regular(Member(4, "小孙"), run(1), is_listed=False),
    ]
    listed, unlisted = week(people, MONDAY + 6 * DAY, EVERY_DAY)
    assert [(one.member.name, one.days) for one in listed] == [("小李", 4), ("小王", 3)]
    assert unlisted == 1


def test_of_equals_the_longer_streak_stands_first_then_the_name() -> None:
    people = [
        Regular(Member(1, "乙"), run(5, 6)),
        Regular(Member(2, "甲"), run(5, 6)),
        Regular(Member(3, "丙"), run(-1, 5, 6, -2, -3, 0, 1)[0:3] + run(-2, -3)),
    ]
    listed, _ = week(people, MONDAY + 6 * DAY, StudyDays(frozenset(run(-3, -2, -1, 5, 6)), MONDAY))
    assert [one.member.name for one in listed] == ["丙", "乙", "甲"]


def test_a_month_has_its_own_dates_alone() -> None:
    assert in_month(run(9, 0, 0, 7), MONDAY) == run(0, 7)
