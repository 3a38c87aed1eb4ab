"""What a group takes with it to another bot: its settings, reminders, roster and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.model.attendance import Coming
from bot.model.chats import DayPlan, Language, Script, Subscription
from bot.model.quizzes import Quiz, QuizAnswer, QuizCard
from bot.model.reading_plans import PartRead, ReadingPlan
from bot.model.reminders import Reminder
from bot.model.schedules import Schedule

ARCHIVE_VERSION = 1


@dataclass(frozen=True, slots=True)
class ArchivedMember:
    """A person of the roster."""

    user_id: int
    name: str
    joined_at: datetime
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class ArchivedAttendance:
    """What one person said and did about a session."""

    user_id: int
    coming: Coming
    answered_at: datetime
    checked_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArchivedSession:
    """A session, by the uid of its reminder and its date."""

    reminder_uid: str
    occurs_on: date
    starts_at: datetime
    title: str
    attendances: tuple[ArchivedAttendance, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchivedCheckIns:
    """On which local dates one person checked in, and at which moments."""

    user_id: int
    moments: Mapping[date, datetime]


@dataclass(frozen=True, slots=True)
class ArchivedPlan:
    """A reading plan, and who has read which part of it."""

    plan: ReadingPlan
    read: tuple[PartRead, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchivedQuiz:
    """A question that was asked, and who answered what."""

    quiz: Quiz
    answers: tuple[QuizAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchivedShown:
    """What the chat was shown on a local date: ids of the corpus, empty where there was none.

    The reasons are those of a `Choice`, and `known_from` is that of a `Shown`.
    """

    on: date
    quote_id: str = ""
    quote_reason: str = ""
    section_id: str = ""
    section_reason: str = ""
    known_from: date | None = None


@dataclass(frozen=True, slots=True)
class ArchivedDay:
    """What administrators decided about the push of a local date."""

    on: date
    plan: DayPlan


@dataclass(frozen=True, slots=True)
class Archive:
    """All of it. Ids of rows in it are those of the bot it came from, and mean nothing here.

    Files written before there were `seed` and `shown` have neither: then a round begins anew.
    Nor have those written before there were `days`, for which nothing was decided then.
    """

    version: int
    title: str
    zone: str
    exported_at: datetime
    subscription: Subscription | None = None
    reading_position: str | None = None
    reminders: tuple[Reminder, ...] = ()
    members: tuple[ArchivedMember, ...] = ()
    sessions: tuple[ArchivedSession, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    check_ins: tuple[ArchivedCheckIns, ...] = ()
    language: Language = Language.SIMPLIFIED
    script: Script = Script.PRINTED
    plans: tuple[ArchivedPlan, ...] = ()
    quizzes: tuple[ArchivedQuiz, ...] = ()
    quiz_cards: tuple[QuizCard, ...] = ()
    quiz_size: int = 0  # questions of a scheduled quiz; 0: as many as usual
    pushed_on: tuple[date, ...] = ()  # every date that had a push, for streaks to go on
    seed: int | None = None  # orders the round of quotations
    shown: tuple[ArchivedShown, ...] = ()  # oldest first, for the round to go on
    days: tuple[ArchivedDay, ...] = ()  # in their order


@dataclass(frozen=True, slots=True)
class Taken:
    """How much of an archive was new to this bot.

    `days_otherwise` are dates for which something else was decided here, which stays.
    """

    subscription: bool
    reminders: int
    members: int
    sessions: int
    attendances: int
    schedules: int = 0
    check_ins: int = 0
    plans: int = 0
    quizzes: int = 0
    shown: int = 0
    days: int = 0
    days_otherwise: int = 0
