"""Whose turn it is: from the first session that is told of on, and on through edits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given

from bot.model import Change, Recurrence, Reminder, ReminderState
from bot.study import calendar, recurrence, turns
from bot.study.turns import begun, going_on
from tests.study.test_recurrence import (
    DAY,
    FRIDAY,
    HOUR,
    NOON,
    fridays,
    lines,
    moments,
    said,
    zones,
)

WEEK = 7 * DAY
FRIDAYS, THURSDAYS = "FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=TH"
# 14:00 in Shanghai, an hour before the session, and an hour after it.
BEFORE = calendar.moment(FRIDAY, time(14), "Asia/Shanghai")
AFTER = BEFORE + 2 * HOUR


def turns_of(one: Reminder, after: datetime = NOON, count: int = 5) -> list[int]:
    """Those of the next sessions."""
    return [turns.turn(one, held) for held in recurrence.upcoming(one, after, count)]


def told(*leads: timedelta, **fields: object) -> Reminder:
    """Sessions on a theme on Fridays at 15:00, told of so long before."""
    notices = recurrence.notices(leads, HOUR, takes_part=True)
    return fridays(theme="人工智能", notices=notices, **fields)


def edited(one: Reminder, now: datetime, **fields: object) -> Reminder:
    after: Reminder = replace(one, edited_at=now, **fields)  # type: ignore[arg-type]
    return going_on(one, after, now)


# ---------------------------------------------------------------------------- the count


def test_sessions_take_turns_from_the_first_on() -> None:
    assert turns_of(fridays()) == [0, 1, 2, 3, 4]


def test_a_skipped_session_takes_no_turn() -> None:
    assert turns_of(fridays(changes=(Change(FRIDAY + WEEK),))) == [0, 1, 2, 3, 4]


def test_a_moved_session_keeps_its_turn() -> None:
    moved = Change(FRIDAY + WEEK, FRIDAY + 16 * DAY)
    assert turns_of(fridays(changes=(moved,))) == [0, 2, 1, 3, 4]


def test_what_is_no_longer_a_date_of_the_rule_takes_no_turn() -> None:
    assert turns_of(fridays(changes=(Change(FRIDAY + DAY),))) == [0, 1, 2, 3, 4]


@given(lines, zones, moments)
def test_every_session_has_the_turn_after_the_one_before(
    line: str, zone: str, now: datetime
) -> None:
    one = begun(said(line, zone, now, set()), now)
    assert turns_of(one, now) == list(range(len(recurrence.upcoming(one, now, 5))))


# ---------------------------------------------------------------------------- beginning


@pytest.mark.parametrize(
    ("now", "first_on"), [(BEFORE, FRIDAY), (AFTER, FRIDAY + WEEK)], ids=["before", "after"]
)
def test_the_first_that_takes_place_is_the_first_turn(now: datetime, first_on: date) -> None:
    one = begun(told(timedelta()), now)
    first, *_ = recurrence.upcoming(one, now)
    assert (first.occurs_on, turns_of(one, now)) == (first_on, [0, 1, 2, 3, 4])


def test_a_session_that_nobody_is_told_of_any_more_takes_no_turn() -> None:
    one = begun(told(DAY, 2 * HOUR), BEFORE)
    assert turns_of(one, BEFORE) == [0, 0, 1, 2, 3]


def test_a_session_that_is_told_of_once_more_is_the_first_turn() -> None:
    one = begun(told(DAY, HOUR / 2), BEFORE)
    assert turns_of(one, BEFORE) == [0, 1, 2, 3, 4]


def test_a_single_date_is_the_first_turn() -> None:
    once = told(HOUR * 2, recurrence=Recurrence("", FRIDAY))
    assert turns_of(begun(once, BEFORE), BEFORE) == [0]


def test_what_was_confirmed_late_begins_with_the_first_that_takes_place() -> None:
    draft = begun(told(timedelta(), state=ReminderState.DRAFT, edited_at=BEFORE), BEFORE)
    assert turns_of(draft, BEFORE) == [0, 1, 2, 3, 4]
    one = edited(draft, AFTER, state=ReminderState.ACTIVE)
    assert turns_of(one, AFTER) == [0, 1, 2, 3, 4]


# ------------------------------------------------------------------------------- edits

LATER = AFTER + 2 * WEEK  # three Fridays are over


@pytest.mark.parametrize(
    "fields",
    [
        {"place": "三楼"},
        {"at": time(16, 30)},
        {"title": "读书会"},
        {"recurrence": Recurrence(FRIDAYS, FRIDAY + 2 * WEEK)},
        {"recurrence": Recurrence(THURSDAYS, FRIDAY + 20 * DAY)},
        {"recurrence": Recurrence("FREQ=MONTHLY;BYMONTHDAY=1", date(2027, 1, 1))},
        {"recurrence": Recurrence("", FRIDAY + 30 * DAY)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_another_place_time_or_day_goes_on_with_the_turns(fields: dict[str, object]) -> None:
    one = edited(told(timedelta()), LATER, **fields)
    later = LATER + DAY  # after a session that was moved to a later hour
    assert turns_of(one, later) == [3, 4, 5, 6, 7][: len(turns_of(one, later))]


def test_a_session_moved_to_a_later_hour_keeps_its_turn() -> None:
    rule = Recurrence(FRIDAYS, FRIDAY + 2 * WEEK)
    for fields in ({"at": time(18)}, {"at": time(18), "recurrence": rule}):
        assert turns_of(edited(told(timedelta()), LATER, **fields), LATER) == [2, 3, 4, 5, 6]


def test_a_session_that_was_told_of_and_is_moved_by_the_rule_keeps_its_turn() -> None:
    one = told(DAY, HOUR / 2)
    now = BEFORE + 6 * DAY  # the day before the second
    saturdays = Recurrence("FREQ=WEEKLY;BYDAY=SA", FRIDAY + 8 * DAY)
    assert turns_of(edited(one, now, recurrence=saturdays), now) == [1, 2, 3, 4, 5]


def test_edits_again_and_again_lose_no_turn() -> None:
    one, now = told(timedelta()), BEFORE
    for week in range(6):
        assert turns_of(one, now)[0] == week
        now += WEEK
        day = calendar.local_date(now, one.zone)
        one = edited(one, now, recurrence=Recurrence(FRIDAYS, day), at=time(15, week))


def test_another_theme_begins_anew() -> None:
    one = edited(told(timedelta()), LATER, theme="脑机接口")
    assert turns_of(one, LATER) == [0, 1, 2, 3, 4]
    assert turns_of(one, NOON) == [0, 0, 0, 0, 1]  # those that are over show its best, too


def test_a_pause_takes_no_turn_whatever_is_edited_in_it() -> None:
    paused = edited(told(timedelta()), AFTER, state=ReminderState.PAUSED)
    named = edited(paused, AFTER + 2 * WEEK, title="读书会")
    one = edited(named, AFTER + 5 * WEEK, state=ReminderState.ACTIVE)
    assert turns_of(one, AFTER + 5 * WEEK) == [1, 2, 3, 4, 5]


def test_what_has_ended_goes_on_after_its_last_turn() -> None:
    ended = told(timedelta(), recurrence=Recurrence(f"{FRIDAYS};UNTIL=20261211", FRIDAY))
    now = AFTER + 10 * WEEK
    one = edited(ended, now, recurrence=Recurrence(FRIDAYS, calendar.local_date(now, ended.zone)))
    assert turns_of(one, now) == [3, 4, 5, 6, 7]
