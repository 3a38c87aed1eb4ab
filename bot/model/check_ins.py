"""Daily check-ins (打卡): how long people have kept at it, and on which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.model.attendance import Member


@dataclass(frozen=True, slots=True)
class Streak:
    """How many days somebody has checked in without a break: now, and the most ever.

    `spare` is how many days may still be missed before the present streak gets shorter.
    """

    days: int = 0
    longest: int = 0
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """How many checked in on which date of the month that begins on `first_on`.

    Of a single person every number is 1. Dates without any are not in it. `today` is the
    local date from which it is seen: nothing later has happened yet.
    """

    first_on: date
    today: date
    counts: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Habit:
    """Where somebody has checked in: how many of a month's days, and the streak there.

    `title` is the group's, empty for the private chat.
    """

    title: str
    days: int
    streak: Streak


@dataclass(frozen=True, slots=True)
class Diligence:
    """What one person did within a week: on how many days they checked in, and the streak."""

    member: Member
    days: int
    streak: Streak


@dataclass(frozen=True, slots=True)
class Regular:
    """Somebody who checks in in a chat, and when they did. Not `is_listed`: the name is kept

    out of the weekly board, as they asked.
    """

    member: Member
    checked_on: tuple[date, ...]
    is_listed: bool = True
