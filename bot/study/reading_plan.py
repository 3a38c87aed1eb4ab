"""How a text is read over some weeks: cut into parts, and which part which day has.

Here live the cutting and the counting of reading days. No I/O and no clock: every moment
comes in as an argument. What people mean by the words behind 读书计划 is `reading_wishes`.

A part belongs to a local date, as a push does: the n-th reading day from `starts_on` has the
n-th part from `first_part`, whether or not the message of that day could be sent. What was
missed is read later, in one's own time; a pause moves all that is still to come.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise
from itertools import count as count_from

from bot.model import Days, PlanState, ReadingPlan, Schedule, ScheduleKind
from bot.study import calendar

MOST_WEEKS = 52

_DAY = timedelta(days=1)
_WEEK_DAYS = 7
# No rule of days has a longer run of days off, public holidays included.
_LONGEST_REST = 40


def cut(lengths: Sequence[int], parts: int) -> tuple[range, ...]:
    """Cut a text into at most `parts` parts in order, as equal in length as its sections allow.

    `lengths` are those of the sections, in characters; each part is a run of their places,
    never empty: with fewer sections than parts there are as many parts as sections. Each cut
    falls where a section ends nearest to its even share, so no part is longer than the even
    share and the longest section together. Raises ValueError for no sections or no parts.
    """
    if not lengths or parts < 1:
        raise ValueError("only a text can be cut, and into one part at least")
    parts = min(parts, len(lengths))
    ends = list(accumulate(max(one, 1) for one in lengths))
    cuts = [0]
    for number in range(1, parts):
        nearest = _nearest(ends, ends[-1] * number / parts)
        # Every part has a section, and each of those to come will have one.
        cuts.append(min(max(nearest, cuts[-1] + 1), len(lengths) - (parts - number)))
    cuts.append(len(lengths))
    return tuple(range(first, last) for first, last in pairwise(cuts))


def _nearest(ends: Sequence[int], share: float) -> int:
    """After how many sections the text is nearest to `share` characters long."""
    at = bisect_left(ends, share)
    before = ends[at - 1] if at else 0
    return at if share - before <= ends[at] - share else at + 1


def reading_days(days: Days, first_on: date) -> Iterator[date]:
    """The dates that the rule chooses, from `first_on` on, without end.

    Raises ValueError for a rule that chooses none.
    """
    on, idle = first_on, 0
    while idle <= _LONGEST_REST:
        if calendar.is_push_day(days, on):
            yield on
            idle = 0
        on, idle = on + _DAY, idle + 1
    raise ValueError(f"{days} has no days")


def days_within(days: Days, starts_on: date, weeks: int) -> int:
    """How many reading days there are in so many weeks from `starts_on`."""
    return sum(
        calendar.is_push_day(days, starts_on + number * _DAY)
        for number in range(weeks * _WEEK_DAYS)
    )


def first_day(days: Days, at: time, zone: str, now: datetime) -> date:
    """The first reading day whose time is still ahead."""
    today = calendar.local_date(now, zone)
    return next(on for on in reading_days(days, today) if calendar.moment(on, at, zone) > now)


def part_on(plan: ReadingPlan, on: date) -> int | None:
    """The number of the part of that local date; None when it has none."""
    if on < plan.starts_on or not calendar.is_push_day(plan.days, on):
        return None
    before = sum(
        calendar.is_push_day(plan.days, plan.starts_on + number * _DAY)
        for number in range((on - plan.starts_on).days)
    )
    number = plan.first_part + before
    return number if number <= len(plan.parts) else None


def missed_before(plan: ReadingPlan, number: int, missed_on: Collection[date]) -> int:
    """How many parts in a row right before `number` had one of these dates."""
    missed = {part_on(plan, on) for on in missed_on}
    return next(count for count in count_from(0) if number - 1 - count not in missed)


def date_of(plan: ReadingPlan, number: int) -> date:
    """The local date of a part that is not before `first_part`."""
    days = reading_days(plan.days, plan.starts_on)
    for _ in range(number - plan.first_part):
        next(days)
    return next(days)


def last_on(plan: ReadingPlan) -> date:
    """The local date of the last part; the day before `starts_on` when all were given."""
    if plan.first_part > len(plan.parts):
        return plan.starts_on - _DAY
    return date_of(plan, len(plan.parts))


def given(plan: ReadingPlan, zone: str, now: datetime) -> int:
    """How many parts have had their day and time in `zone` by now; none of a draft."""
    if plan.state is PlanState.DRAFT:
        return 0
    number = plan.first_part - 1
    if plan.state is not PlanState.ACTIVE:
        return number
    today = calendar.local_date(now, zone)
    for on in reading_days(plan.days, plan.starts_on):
        is_ahead = on > today or calendar.moment(on, plan.at, zone) > now
        if is_ahead or number == len(plan.parts):
            return number
        number += 1
    raise AssertionError("reading days have no end")


def stopped(plan: ReadingPlan, state: PlanState, zone: str, now: datetime) -> ReadingPlan:
    """The plan paused or ended at `now`: what was given stays given."""
    first_part = given(plan, zone, now) + 1
    return replace(plan, first_part=first_part, state=state, edited_at=now)


def begun(plan: ReadingPlan, starts_on: date, zone: str, now: datetime) -> ReadingPlan:
    """The plan active from `starts_on` on, with the first part that was not given."""
    first_part = given(plan, zone, now) + 1
    return replace(
        plan,
        first_part=first_part,
        starts_on=starts_on,
        state=PlanState.ACTIVE,
        edited_at=now,
    )


def schedule_of(plan: ReadingPlan, zone: str, now: datetime) -> Schedule:
    """The schedule by which the chat itself gets its parts."""
    made = Schedule(
        chat_id=plan.chat_id,
        kind=ScheduleKind.PART,
        at=plan.at,
        zone=zone,
        first_on=plan.starts_on,
        edited_at=now,
        thread_id=plan.thread_id,
        is_active=plan.state is PlanState.ACTIVE,
    )
    return followed(made, plan, now)


def followed(schedule: Schedule, plan: ReadingPlan, now: datetime) -> Schedule:
    """The schedule with the days of the plan as it is now, at its own time of day.

    While the plan rests nothing of it is due, whether or not the schedule itself is on.
    """
    is_active = plan.state is PlanState.ACTIVE
    return calendar.rescheduled(
        replace(
            schedule,
            days=plan.days,
            first_on=plan.starts_on,
            ends_on=last_on(plan) if is_active else plan.starts_on - _DAY,
        ),
        now,
    )
