"""Sessions: who takes part in them, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model.corpus import Quote, Reading


class Coming(StrEnum):
    """What a person said about a session; UNSAID for who came without a word."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a group's roster, who has tapped there once, by the name they go by."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """One occurrence of a reminder that people take part in, by (reminder_id, occurs_on).

    What it was called and when it began is kept, whatever becomes of the reminder.
    """

    id: int
    reminder_id: int
    chat_id: int
    occurs_on: date
    starts_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person at one session."""

    member: Member
    coming: Coming
    checked_in_at: datetime | None = None

    @property
    def has_come(self) -> bool:
        return self.checked_in_at is not None

    @property
    def is_awaited(self) -> bool:
        """Said to be coming, and not there (yet)."""
        return self.coming is Coming.YES and not self.has_come


@dataclass(frozen=True, slots=True)
class Count:
    """Who takes part, each list in the order people answered."""

    coming: tuple[Attendee, ...]
    away: tuple[Attendee, ...]
    unsure: tuple[Attendee, ...]
    came: tuple[Attendee, ...]

    @property
    def expected(self) -> int:
        """How many were to be there: whoever said so, and whoever came."""
        return len({one.member.user_id for one in (*self.coming, *self.came)})

    @property
    def rate(self) -> float:
        """Of those expected, the share that came; 0 where nobody was."""
        return len(self.came) / self.expected if self.expected else 0.0

    @property
    def awaited(self) -> tuple[Attendee, ...]:
        """Whoever said they would come and is not there."""
        return tuple(one for one in self.coming if one.is_awaited)


@dataclass(frozen=True, slots=True)
class Tally:
    """What one person did in `total` sessions: came to so many, and was excused from so many."""

    member: Member
    came: int
    away: int
    total: int

    @property
    def rate(self) -> float:
        return self.came / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Board:
    """A message that shows what people tapped: where it stands, and how far behind it is.

    It shows who takes part in a session, as the notice that it is, or else who has checked in
    on the date `pushed_on` under the push of that date; with a `plan_id`, how many have read
    the `part` that this plan had for that date. `changes` counts what happened,
    `shown` how much of that the message shows. It may not be edited before `not_before_at`.
    """

    chat_id: int
    message_id: int
    session_id: int | None
    notice_id: int
    pushed_on: date | None
    changes: int
    shown: int
    not_before_at: datetime
    plan_id: int | None = None
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question for discussion: a message with `{sentence}`, and the sentence it asks about.

    `passage_id` is where that sentence stands.
    """

    message: str
    sentence: str
    passage_id: str

    @property
    def text(self) -> str:
        """The question as it is asked in simplified Chinese."""
        return self.message.format(sentence=self.sentence)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a session on a theme is about; empty where nothing was found."""

    theme: str
    quotes: tuple[Quote, ...]
    readings: tuple[Reading, ...]
    questions: tuple[Question, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.quotes or self.readings)
