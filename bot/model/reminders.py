"""Reminders: what a group wants to be told of, when, and how often; and who takes part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.model.ledger import Due


class ReminderState(StrEnum):
    """draft (read back, not yet confirmed) -> active <-> paused; deleted ends it for good."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"


class NoticeRole(StrEnum):
    """What one message of a reminder is for."""

    LEAD = "lead"  # says that it is about to begin
    NUDGE = "nudge"  # asks those who wanted to come and are not there
    SUMMARY = "summary"  # says who came


@dataclass(frozen=True, slots=True)
class Recurrence:
    """On which local dates.

    `rule` is the value of an RRULE (RFC 5545, 3.3.10) without a time of day, counted from
    `starts_on`; empty: once, on `starts_on`. `workday` is what that standard cannot say: None
    takes every date of the rule, 0 those that China works on, 1 the first such date of each
    month, -1 the last, and so on.
    """

    rule: str
    starts_on: date
    workday: int | None = None

    @property
    def parts(self) -> dict[str, str]:
        """The parts of the rule by name, in their order; none of an empty one."""
        return dict(part.split("=", 1) for part in self.rule.split(";") if part)

    @property
    def ends_on(self) -> date | None:
        """The last date the rule allows; None for one without end."""
        until = self.parts.get("UNTIL")
        return date.fromisoformat(until) if until else None


@dataclass(frozen=True, slots=True)
class Change:
    """One date of a recurrence that is otherwise: skipped (`to_on` None), or moved.

    `at` is the new local time, None where the time of day stays.
    """

    occurs_on: date
    to_on: date | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One message of every occurrence, `offset` from its beginning (negative: before).

    Whole days are counted on the wall clock, everything else in real time. `id` is 0 until
    stored; it is the subject of the notice's rows in the ledger.
    """

    role: NoticeRole
    offset: timedelta
    id: int = 0


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a chat is reminded of. `id` is 0 until stored and then for ever the same.

    `at` is local wall time in `zone`; `lasts` is how long the session takes. With
    `takes_part` people are asked whether they will come. `theme` is what its agenda is made
    from, when not empty, in turns; `first_turn` is that of the recurrence's first date, below
    0 where the first dates came to nothing. `uid` names it to calendars and other bots.
    `next_due_at` is when the clock must look at this row again, kept by the planner (None:
    never).
    """

    chat_id: int
    title: str
    recurrence: Recurrence
    at: time
    zone: str
    edited_at: datetime
    id: int = 0
    uid: str = ""
    thread_id: int | None = None
    lasts: timedelta = timedelta(hours=1)
    place: str = ""
    theme: str = ""
    notices: tuple[Notice, ...] = ()
    takes_part: bool = False
    changes: tuple[Change, ...] = ()
    state: ReminderState = ReminderState.DRAFT
    next_due_at: datetime | None = None
    first_turn: int = 0

    @property
    def is_active(self) -> bool:
        return self.state is ReminderState.ACTIVE

    @property
    def leads(self) -> tuple[timedelta, ...]:
        """How long before it begins people are told, the longest first."""
        found = [-one.offset for one in self.notices if one.role is NoticeRole.LEAD]
        return tuple(sorted(found, reverse=True))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a reminder is about.

    `occurs_on` is the date the recurrence gives, which names it for ever; `on` and `at` are
    the local date and wall time after any move, `starts_at` that moment.
    """

    occurs_on: date
    on: date
    at: time
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """A notice of one occurrence that has come due; `due.local_on` is the occurrence's `on`."""

    notice: Notice
    occurrence: Occurrence
    due: Due
