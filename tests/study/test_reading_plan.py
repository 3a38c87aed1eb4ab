"""Cutting a text into parts, and which reading day has which: for any text and any days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DayRule, Days, PlanState, ReadingPlan
from bot.study import calendar, reading_plan

SHANGHAI = "Asia/Shanghai"
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # a Tuesday
TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)
WORKDAYS = Days(DayRule.WORKDAYS)

lengths = st.lists(st.integers(0, 5000), min_size=1, max_size=80)
rules = st.one_of(
    st.just(Days()),
    st.just(WORKDAYS),
    st.frozensets(st.integers(1, 7), min_size=1).map(lambda days: Days(DayRule.WEEKDAYS, days)),
)


def plan(parts: int = 20, **fields: object) -> ReadingPlan:
    """An active plan, one section a part, every evening at eight from that Tuesday on."""
    made = ReadingPlan(
        chat_id=-100,
        title="书",
        parts=tuple((f"a.{number}",) for number in range(parts)),
        weeks=4,
        at=time(20),
        starts_on=TUESDAY,
        edited_at=NOON,
        state=PlanState.ACTIVE,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------ cutting


@given(lengths, st.integers(1, 90))
def test_no_section_is_lost_or_comes_twice(text: list[int], parts: int) -> None:
    cut = reading_plan.cut(text, parts)
    assert [section for part in cut for section in part] == list(range(len(text)))
    assert all(cut)
    assert len(cut) == min(parts, len(text))


@given(lengths, st.integers(1, 90))
def test_no_part_is_longer_than_its_share_and_the_longest_section(
    text: list[int], parts: int
) -> None:
    cut = reading_plan.cut(text, parts)
    weights = [max(one, 1) for one in text]
    longest = max(sum(weights[section] for section in part) for part in cut)
    assert longest <= sum(weights) / len(cut) + max(weights)


def test_sections_of_one_length_are_cut_evenly() -> None:
    assert [len(part) for part in reading_plan.cut([100] * 12, 4)] == [3, 3, 3, 3]


def test_a_long_section_stands_alone() -> None:
    assert reading_plan.cut([100, 100, 1000, 100, 100], 3) == (range(2), range(2, 3), range(3, 5))


@pytest.mark.parametrize(("text", "parts"), [([], 3), ([5], 0)])
def test_nothing_cannot_be_cut(text: list[int], parts: int) -> None:
    with pytest.raises(ValueError, match="text"):
        reading_plan.cut(text, parts)


# ------------------------------------------------------------------------------- counting


@given(rules, st.integers(0, 700), st.integers(1, 40))
def test_every_part_has_one_reading_day_and_they_are_in_order(
    days: Days, ahead: int, parts: int
) -> None:
    starts_on = next(reading_plan.reading_days(days, TUESDAY + ahead * DAY))
    one = plan(parts, days=days, starts_on=starts_on)
    last_on = reading_plan.last_on(one)
    span = [starts_on + number * DAY for number in range((last_on - starts_on).days + 1)]
    found = [reading_plan.part_on(one, on) for on in span]
    assert [number for number in found if number] == list(range(1, parts + 1))
    dates = [on for on, number in zip(span, found, strict=True) if number]
    assert [reading_plan.date_of(one, number) for number in range(1, parts + 1)] == dates
    assert all(calendar.is_push_day(days, on) for on in dates)


@given(rules, st.integers(0, 700), st.integers(1, 6))
def test_a_text_of_many_sections_fills_the_weeks_and_no_more(
    days: Days, ahead: int, weeks: int
) -> None:
    starts_on = next(reading_plan.reading_days(days, TUESDAY + ahead * DAY))
    parts = reading_plan.days_within(days, starts_on, weeks)
    last_on = reading_plan.last_on(plan(parts, days=days, starts_on=starts_on))
    assert last_on < starts_on + timedelta(weeks=weeks)
    following = next(reading_plan.reading_days(days, last_on + DAY))
    assert following >= starts_on + timedelta(weeks=weeks)


def test_working_days_leave_out_public_holidays_and_take_make_up_days() -> None:
    # The national holidays of 2025: 1 to 8 October; Sunday, 28 September was worked on.
    found = reading_plan.reading_days(WORKDAYS, date(2025, 9, 27))
    assert [next(found) for _ in range(4)] == [
        date(2025, 9, 28),
        date(2025, 9, 29),
        date(2025, 9, 30),
        date(2025, 10, 9),
    ]


def test_a_rule_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no days"):
        next(reading_plan.reading_days(Days(DayRule.WEEKDAYS), TUESDAY))


def test_a_day_off_and_the_days_around_a_plan_have_no_part() -> None:
    one = plan(3, days=WORKDAYS, starts_on=date(2026, 11, 27))
    assert [reading_plan.part_on(one, date(2026, 11, day)) for day in (26, 27, 28, 30)] == [
        None,
        1,
        None,
        2,
    ]
    assert reading_plan.part_on(one, date(2026, 12, 2)) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOON, 0),
        (NOON + timedelta(hours=8) - timedelta(seconds=1), 0),
        (NOON + timedelta(hours=8), 1),
        (NOON + timedelta(days=5), 5),
        (NOON + timedelta(days=500), 20),
    ],
)
def test_a_part_is_given_when_its_time_has_come(moment: datetime, expected: int) -> None:
    assert reading_plan.given(plan(), SHANGHAI, moment) == expected


def test_the_first_day_is_today_while_its_time_is_ahead() -> None:
    assert reading_plan.first_day(Days(), time(20), SHANGHAI, NOON) == TUESDAY
    assert reading_plan.first_day(Days(), time(12), SHANGHAI, NOON) == TUESDAY + DAY
    weekend = Days(DayRule.WEEKDAYS, frozenset({6}))
    assert reading_plan.first_day(weekend, time(20), SHANGHAI, NOON) == date(2026, 11, 28)


# ---------------------------------------------------------------------- pauses and schedules


@given(rules, st.integers(0, 60), st.integers(0, 60))
def test_a_pause_passes_over_no_part_and_repeats_none(days: Days, runs: int, rests: int) -> None:
    one = plan(10, days=days, starts_on=next(reading_plan.reading_days(days, TUESDAY)))
    paused_at = NOON + runs * DAY
    paused = reading_plan.stopped(one, PlanState.PAUSED, SHANGHAI, paused_at)
    before = reading_plan.given(one, SHANGHAI, paused_at)
    resumed_at = paused_at + rests * DAY
    assert reading_plan.given(paused, SHANGHAI, resumed_at) == before
    starts_on = reading_plan.first_day(days, one.at, SHANGHAI, resumed_at)
    again = reading_plan.begun(paused, starts_on, SHANGHAI, resumed_at)
    if before < 10:
        assert reading_plan.part_on(again, starts_on) == before + 1
    last_on = reading_plan.last_on(again)
    left = [reading_plan.part_on(again, starts_on + number * DAY) for number in range(200)]
    assert [number for number in left if number] == list(range(before + 1, 11))
    assert last_on == (reading_plan.date_of(again, 10) if before < 10 else starts_on - DAY)


def test_the_schedule_has_the_plans_days_and_ends_with_its_last_part() -> None:
    one = plan(3, days=WORKDAYS)
    schedule = reading_plan.schedule_of(one, SHANGHAI, NOON)
    assert (schedule.first_on, schedule.ends_on) == (TUESDAY, date(2026, 11, 26))
    assert schedule.next_due_at == NOON + timedelta(hours=8)
    dues = calendar.due(schedule, NOON + timedelta(days=30))
    assert [one.local_on for one in dues] == [TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY]


def test_nothing_of_a_resting_plan_is_due_to_those_who_follow_it() -> None:
    schedule = replace(reading_plan.schedule_of(plan(), SHANGHAI, NOON), at=time(21, 30))
    paused = reading_plan.stopped(plan(), PlanState.PAUSED, SHANGHAI, NOON)
    resting = reading_plan.followed(schedule, paused, NOON)
    assert (resting.is_active, resting.next_due_at) == (True, None)
    again = reading_plan.followed(resting, plan(), NOON)
    assert again.next_due_at == NOON + timedelta(hours=9, minutes=30)
