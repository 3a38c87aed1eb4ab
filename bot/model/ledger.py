"""Deliveries: what is due, on its way, sent or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.model.chats import NO_PLAN, DayPlan


class DeliveryKind(StrEnum):
    """What a delivery is of; with the subject's id it names what it was planned from."""

    PUSH = "push"
    REMINDER = "reminder"
    QUIZ = "quiz"
    BOARD = "board"
    PART = "part"


class State(StrEnum):
    """due -> claimed (lease) -> sending -> sent | retry (not_before) | dead; or skipped."""

    DUE = "due"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why the ledger itself skipped a row; other reasons are the sender's words."""

    TOO_LATE = "too late"
    UNSUBSCRIBED = "unsubscribed"
    EARLIER_PART = "an earlier part was not sent"
    MOVED = "the chat moved"


class Cause(StrEnum):
    """Why the sender did not, or not yet, send a row. `Delivery.reason` is a SkipReason, or a

    cause, or a cause with a detail (`rejected: Chat not found`); render words it for people.
    What came too late keeps the reason it had (`too late: not sent: timed out`).
    """

    NOTHING = "nothing to show"
    CHAT_GONE = "chat gone"
    TOPIC_GONE = "topic gone"
    MIGRATED = "migrated"
    THROTTLED = "throttled"
    NOT_SENT = "not sent"
    IN_DOUBT = "in doubt"
    REJECTED = "rejected"
    UNAUTHORIZED = "unauthorized"

    def of(self, detail: str) -> str:
        """This cause with its detail, as a reason."""
        return f"{self}: {detail}" if detail else str(self)


def earlier_reason(reason: str) -> str:
    """Of a row that came too late, why it was not sent before; empty where nothing was noted."""
    known, _, earlier = reason.partition(": ")
    return earlier if known == SkipReason.TOO_LATE else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a push shows: ids of a quotation and a reading (empty: none), and why those."""

    quote_id: str = ""
    quote_reason: str = ""  # a member of study.rotation.Reason
    section_id: str = ""
    section_reason: str = ""
    card: str = ""  # theme and pages, as `delivery.cards` spells them; empty: words alone
    spoken: str = ""  # language and script it is said in, as `delivery.choose` spells them


_NO_CHOICE = Choice()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a chat was shown on a local date.

    `is_ours` is False for what another bot showed, of which the chat's data told that was taken
    in here. Where either bot had shown what the other did not know of, `known_from` is the
    first date whose push here could know of it; None: every push here since it did.
    """

    on: date
    choice: Choice
    is_ours: bool = True
    known_from: date | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One local date of the days to come. `due_at` is None on a day without a push.

    `is_entered` when the ledger has it, so that nothing about it can be changed any more,
    and `is_shown` when it was sent. Entered and without `due_at`, it was missed, or shown
    by another bot.
    """

    on: date
    due_at: datetime | None = None
    choice: Choice = _NO_CHOICE
    plan: DayPlan = NO_PLAN
    is_entered: bool = False
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One local date of a subscription, reminder or schedule that has come due."""

    local_on: date
    due_at: datetime
    missed_after: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger: one message part that is to be sent, was sent, or was not.

    Unique by (kind, subject_id, local_on, part). `may_be_duplicate` is set when an
    earlier attempt may have reached Telegram without our learning of it, or may have been
    made before the database was restored from a copy.
    """

    id: int
    kind: DeliveryKind
    subject_id: int
    chat_id: int
    thread_id: int | None
    local_on: date
    part: int
    state: State
    due_at: datetime
    missed_after: datetime
    not_before_at: datetime
    attempts: int = 0
    may_be_duplicate: bool = False
    choice: Choice = Choice()
    reason: str = ""
    message_id: int | None = None
    lease_owner: str = ""
    lease_until_at: datetime | None = None
    sent_at: datetime | None = None
    was_sending: bool = False  # as claimed alone: by who held it before and did not settle it

    @property
    def is_from_copy(self) -> bool:
        """Whether it is in doubt because the database was restored from a copy.

        So it is where no attempt that is noted explains the doubt. The last one does not where
        its end is known.
        """
        is_explained = self.state is State.RETRY and self.reason.startswith(Cause.IN_DOUBT)
        has_ended = self.state in (State.SENDING, State.SENT, State.DEAD, State.RETRY)
        return self.may_be_duplicate and not is_explained and self.attempts <= has_ended


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the ledger has yet to settle: open rows by state, how many of them are in doubt,

    and when the oldest of them was due (None: nothing waits).
    """

    by_state: Mapping[State, int]
    in_doubt: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast Telegram may be written to: by everybody together, and to one chat.

    The defaults keep below the Bot API's limits (30 a second in all, 1 a second to a
    private chat, 20 a minute to a group); paid broadcasts allow 1,000 a second in all.
    """

    overall_per_second: float = 28.0
    private_interval: timedelta = timedelta(seconds=1)
    group_interval: timedelta = timedelta(seconds=3)

    @property
    def is_paid(self) -> bool:
        """True above what is free: messages then ask for a paid broadcast."""
        return self.overall_per_second > 30
