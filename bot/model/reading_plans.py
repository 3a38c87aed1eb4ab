"""Reading plans: an article or a booklet that a chat reads together, a part a reading day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from bot.model.chats import Days

_DAILY = Days()


class PlanState(StrEnum):
    """draft (read back, not yet confirmed) -> active <-> paused; ended for good."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """What a chat reads, and which part of it on which of its reading days.

    `parts` are ids of sections in reading order, cut once and for all, so that a corpus that
    is reloaded changes no part; of sections it has lost nothing is shown. Parts are counted
    from 1. Part `first_part` is that of the local date `starts_on`, a reading day, and each
    reading day (`days`) after it has the next; every edit, and every pause, sets both anew,
    so that no part is passed over. `at` is the local wall time of the chat's own messages,
    in the zone of its schedule. `id` is 0 until stored; `uid` names the plan to other bots.
    """

    chat_id: int
    title: str
    parts: tuple[tuple[str, ...], ...]
    weeks: int
    at: time
    starts_on: date
    edited_at: datetime
    id: int = 0
    uid: str = ""
    thread_id: int | None = None
    days: Days = _DAILY
    first_part: int = 1
    state: PlanState = PlanState.DRAFT

    @property
    def is_standing(self) -> bool:
        """Confirmed, and not ended."""
        return self.state in (PlanState.ACTIVE, PlanState.PAUSED)

    def in_state(self, state: PlanState) -> ReadingPlan:
        return replace(self, state=state)


@dataclass(frozen=True, slots=True)
class PartRead:
    """That a person has read a part."""

    user_id: int
    part: int
    read_at: datetime
