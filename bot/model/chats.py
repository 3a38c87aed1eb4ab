"""Chats and their subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class ChatKind(StrEnum):
    """Telegram's kinds of chats, by their names in the Bot API."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Language(StrEnum):
    """What the bot speaks, by BCP 47 tags. The corpus is never translated."""

    SIMPLIFIED = "zh-Hans"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


class Script(StrEnum):
    """In which characters a chat reads the corpus."""

    PRINTED = "printed"  # as it stands there
    TRADITIONAL = "traditional"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat the bot has met. `zone` is an IANA name; `seed` orders its own shuffled round.

    `inactive_reason` is empty while the bot can write there.
    """

    id: int
    kind: ChatKind
    title: str
    zone: str
    seed: int
    inactive_reason: str = ""
    language: Language = Language.SIMPLIFIED
    script: Script = Script.PRINTED

    @property
    def is_active(self) -> bool:
        return not self.inactive_reason


class DayRule(StrEnum):
    """How the days of a subscription are chosen."""

    DAILY = "daily"
    WORKDAYS = "workdays"  # Chinese working days: public holidays off, make-up days on
    WEEKDAYS = "weekdays"  # the chosen days of the week


@dataclass(frozen=True, slots=True)
class Days:
    """On which local dates a push is due. `weekdays` are ISO numbers, Monday 1 to Sunday 7,

    used only with `DayRule.WEEKDAYS`.
    """

    rule: DayRule = DayRule.DAILY
    weekdays: frozenset[int] = frozenset()


class Content(StrEnum):
    """What a push carries."""

    BOTH = "both"
    QUOTE = "quote"
    READING = "reading"


class QuoteOrder(StrEnum):
    """Which quotation comes next."""

    ROUND = "round"  # 那年今日, else the chat's own shuffled round
    DATE = "date"  # oldest first, and again


class ReadingOrder(StrEnum):
    """Which reading comes next."""

    NEAREST = "nearest"  # the section nearest to the quotation
    SEQUENCE = "sequence"  # the articles in order, one reading a day


class Card(StrEnum):
    """Whether a push comes with its quotation as a picture (图文), and in which theme."""

    NONE = "none"
    LIGHT = "light"
    DARK = "dark"
    LARGE = "large"  # large type, black on white


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What administrators decided about the push of one local date: which quotation (an id,

    empty: as it comes) and a note that goes with it (plain text, empty: none).
    """

    quote_id: str = ""
    note: str = ""


NO_PLAN = DayPlan()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's daily push. One a chat; `id` is 0 until stored and then for ever the same.

    `push_at` is local wall time in `zone`. `first_on` is the first local date that may
    be pushed; `edited_at` is when time, zone or days last changed. `next_due_at` is when
    the clock must look at this row again, kept by the planner (None: never, inactive).
    `theme` limits quotations to a topic when not empty. `has_check_in`: under each push people
    can check in for the day (打卡).
    """

    chat_id: int
    push_at: time
    zone: str
    first_on: date
    edited_at: datetime
    id: int = 0
    thread_id: int | None = None
    days: Days = Days()
    content: Content = Content.BOTH
    quote_order: QuoteOrder = QuoteOrder.ROUND
    reading_order: ReadingOrder = ReadingOrder.NEAREST
    theme: str = ""
    card: Card = Card.NONE
    has_check_in: bool = True
    grace: timedelta = timedelta(hours=6)
    is_active: bool = True
    next_due_at: datetime | None = None

    @property
    def at(self) -> time:
        """The time of day, by the word that schedules have for it."""
        return self.push_at

    @property
    def ends_on(self) -> date | None:
        """A push goes on until it is switched off."""
        return None
