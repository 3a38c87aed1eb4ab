"""Standing schedules: what a chat gets again and again beside its push and its reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.model.chats import Days
from bot.model.ledger import DeliveryKind

_DAILY = Days()


class ScheduleKind(StrEnum):
    """What a schedule sends; a chat has at most one of each."""

    QUIZ = "quiz"
    BOARD = "board"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a chat gets what. One of each kind a chat; `id` is 0 until stored and then for ever
    the same.

    `at` is local wall time in `zone`. `first_on` and `ends_on` are the first and the last
    local date that may be served (None: without end); `edited_at` is when time, zone or
    days last changed. What is late by more than `grace` is not sent any more. `next_due_at`
    is when the clock must look at this row again, kept by the planner (None: never).
    """

    chat_id: int
    kind: ScheduleKind
    at: time
    zone: str
    first_on: date
    edited_at: datetime
    id: int = 0
    thread_id: int | None = None
    days: Days = _DAILY
    ends_on: date | None = None
    grace: timedelta = timedelta(hours=6)
    is_active: bool = True
    next_due_at: datetime | None = None

    @property
    def delivers(self) -> DeliveryKind:
        """The kind of its rows in the ledger, whose subject is the schedule's id."""
        return DeliveryKind(self.kind.value)
