"""Streaks of daily check-ins: how many days in a row, and which missed days are forgiven.

Here live pure decisions over local dates; no clock and no zone comes near them, so neither
clock changes nor a chat's move to another zone can count a date twice or break anything: a
date was checked in on, or it was not.

**What is missed.** A date counts against people only where the chat had something to check in
for: the dates on which it was sent a push. A chat that gets its push on working days loses
nothing at weekends, and a push that failed costs nobody a streak. Where nothing is pushed at
all (before the first push, and after the last while nothing is subscribed) every date counts,
for then people check in by `/checkin` on their own. Today is never missed, it is not over yet.

**What is forgiven.** A streak is the longest stretch up to today in which no more than GRACE
dates of any WINDOW were missed; its length is the number of dates checked in on, so a missed
day adds nothing. One slip must not end a habit: P. Lally et al. (European Journal of Social
Psychology 40, 2010, 998-1009) found that missing one opportunity did not materially affect
the forming of one, and M. A. Sharif and S. B. Shu (Journal of Marketing Research 54, 2017,
495-509) that people persist longest with a goal whose slack is small and has to be spared.
Two in thirty days is such a reserve. A third missed day does not set the count back to nothing:
the stretch then begins after the oldest of the three. From that definition, and not from
walking along and starting anew, it follows that checking in on one more day can never make
any streak shorter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Final

from bot.model import Diligence, Regular, Streak

GRACE: Final = 2
WINDOW: Final = 30  # days

_ONE_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_NOON: Final = time(12)


@dataclass(frozen=True)
class StudyDays:
    """On which dates a chat has something to check in for.

    `pushed_on` are the dates it was sent a push; `subscribed_from` is the first date that its
    push may come on, None while nothing is subscribed.
    """

    pushed_on: frozenset[date] = frozenset()
    subscribed_from: date | None = None

    def __contains__(self, on: date) -> bool:
        if on in self.pushed_on:
            return True
        if self.subscribed_from is not None and on >= self.subscribed_from:
            return False
        first_on, last_on = self._span
        return not first_on < on < last_on

    @cached_property
    def _span(self) -> tuple[date, date]:
        """The first and the last push; without any, a span that nothing is within."""
        return min(self.pushed_on, default=date.max), max(self.pushed_on, default=date.min)


def streak(checked_on: Iterable[date], today: date, days: StudyDays) -> Streak:
    """The streak as it stands on the local date `today`. Dates later than that may be among

    `checked_on`, where the chat has since moved to a zone further west.
    """
    checked = frozenset(checked_on)
    if not checked:
        return Streak()
    stretch: deque[date] = deque()
    missed: deque[date] = deque(maxlen=GRACE + 1)
    longest = 0
    on, last_on = min(checked), max(today, *checked)
    while on <= last_on:
        if on in checked:
            stretch.append(on)
            longest = max(longest, len(stretch))
        elif on < today and on in days:
            missed.append(on)
            if len(missed) > GRACE and (on - missed[0]).days < WINDOW:
                while stretch and stretch[0] < missed[0]:
                    stretch.popleft()
        on += _ONE_DAY
    spent = sum(1 for one in missed if stretch and one > stretch[0] and _is_near(one, today))
    return Streak(len(stretch), longest, max(GRACE - spent, 0) if stretch else 0)


def _is_near(on: date, today: date) -> bool:
    """Whether a day missed then still counts if today is missed as well."""
    return (today - on).days < WINDOW


def week_of(on: date, at: time) -> tuple[date, date]:
    """The first and the last of the seven dates that a weekly board sent then is about.

    They end with that date, or, sent before noon, with the day before: whoever has it come on
    Monday morning means the week that is over.
    """
    last_on = on if at >= _NOON else on - _ONE_DAY
    return last_on - (_WEEK - 1) * _ONE_DAY, last_on


def week(
    regulars: Iterable[Regular], last_on: date, days: StudyDays
) -> tuple[tuple[Diligence, ...], int]:
    """Who checked in in the seven dates up to `last_on`, and how many more want no name there.

    Most days first, then the longest streak, then by name. Who did not check in is not
    among them, and nobody is told who that was.
    """
    first_on = last_on - (_WEEK - 1) * _ONE_DAY
    listed, unlisted = [], 0
    for one in regulars:
        count = len({day for day in one.checked_on if first_on <= day <= last_on})
        if count and one.is_listed:
            until = [day for day in one.checked_on if day <= last_on]
            listed.append(Diligence(one.member, count, streak(until, last_on, days)))
        elif count:
            unlisted += 1
    return tuple(sorted(listed, key=_by_diligence)), unlisted


def _by_diligence(one: Diligence) -> tuple[int, int, str, int]:
    return (-one.days, -one.streak.days, one.member.name, one.member.user_id)


def in_month(dates: Sequence[date], first_on: date) -> tuple[date, ...]:
    """Those of the dates that are in the month beginning on `first_on`, each once, in order."""
    return tuple(
        sorted({one for one in dates if (one.year, one.month) == (first_on.year, first_on.month)})
    )
