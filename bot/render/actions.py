"""What a pressed button can want, as values.

Here live the actions alone. How they are spelled in 64 bytes is `render.callbacks`, from
where everybody imports them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model import Kind, Order


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Page `page`, from 0, of a remembered query; `kind` None is both kinds."""

    query_id: int
    page: int = 0
    kind: Kind | None = None
    order: Order = Order.RELEVANCE


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a remembered query, answered anew."""

    query_id: int


@dataclass(frozen=True, slots=True)
class OpenPassage:
    """Show a passage in a new message."""

    passage_id: str


@dataclass(frozen=True, slots=True)
class TurnToPassage:
    """Show a passage in the message whose button it is."""

    passage_id: str


@dataclass(frozen=True, slots=True)
class ShowRelated:
    """Show what is near to a passage."""

    passage_id: str


@dataclass(frozen=True, slots=True)
class Read:
    """Read a section in a new message."""

    section_id: str


@dataclass(frozen=True, slots=True)
class TurnToSection:
    """Read a section in the message whose button it is."""

    section_id: str


@dataclass(frozen=True, slots=True)
class ReadAfter:
    """Read, in a new message, what follows a section, in this article or the next."""

    section_id: str


@dataclass(frozen=True, slots=True)
class TurnToPiece:
    """Read a piece of a section's original, from 0, in the message whose button it is."""

    section_id: str
    piece: int


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """Read a piece of a section's original, from 0, in a new message."""

    section_id: str
    piece: int


@dataclass(frozen=True, slots=True)
class OpenPiece:
    """Show, in a new message, the piece of an original, from 0, that a search has found."""

    section_id: str
    piece: int


@dataclass(frozen=True, slots=True)
class ListArticles:
    """Page `page`, from 0, of the articles."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """Page `page`, from 0, of an article's sections."""

    article_id: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class AnotherQuote:
    """Any quotation but the one shown."""

    quote_id: str


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on reading where the chat stopped."""


@dataclass(frozen=True, slots=True)
class EnableUpload:
    """Put a booklet that was sent and read in force."""

    key: str


@dataclass(frozen=True, slots=True)
class DiscardUpload:
    """Forget a booklet that was sent and read."""

    key: str


@dataclass(frozen=True, slots=True)
class RollBack:
    """Go back from this version of a compilation to the one before."""

    compilation_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting's menu (`value` None) or its new value, in the spelling of `render.settings`."""

    field: str
    value: str | None = None


class Verb(StrEnum):
    """What a button does with a reminder. A letter is never given a second meaning."""

    CONFIRM = "c"
    EDIT = "e"
    OPEN = "o"
    LIST = "l"
    PAUSE = "p"
    RESUME = "r"
    SKIP = "s"
    MOVE = "m"
    RESTORE = "u"
    TAKING_PART = "t"
    CALENDAR = "i"
    DELETE = "d"
    DELETE_NOW = "x"


class Tap(StrEnum):
    """What a person says by a tap under the message of a session."""

    COMING = "y"
    AWAY = "n"
    UNSURE = "m"
    HERE = "c"


@dataclass(frozen=True, slots=True)
class Remind:
    """Do something with a reminder, or with its occurrence of a date."""

    verb: Verb
    reminder_id: int
    occurs_on: date | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class TakePart:
    """Say something about one's part in the session of a reminder on a date."""

    reminder_id: int
    occurs_on: date
    tap: Tap


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Check in for today; the button stands under the push of `pushed_on`."""

    pushed_on: date


@dataclass(frozen=True, slots=True)
class ShowMonth:
    """The check-ins of the month that begins on this date, answered anew."""

    first_on: date


@dataclass(frozen=True, slots=True)
class Records:
    """The attendance of the month that begins on this date."""

    first_on: date
    as_file: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget a person."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ListDays:
    """The days to come, from a date on."""

    first_on: date


@dataclass(frozen=True, slots=True)
class OpenDay:
    """One of the days to come, with what can be done about it."""

    on: date


@dataclass(frozen=True, slots=True)
class SwapQuote:
    """Another quotation for that day, if it still shows this one."""

    on: date
    quote_id: str


@dataclass(frozen=True, slots=True)
class ResetDay:
    """Nothing special about that day any more."""

    on: date


class PlanVerb(StrEnum):
    """What a button does with a reading plan. A letter is never given a second meaning."""

    CONFIRM = "c"
    EDIT = "e"
    OPEN = "o"
    READ = "r"
    DONE = "d"
    CATCH_UP = "u"
    PAUSE = "p"
    RESUME = "s"
    STOP = "x"
    STOP_NOW = "y"
    FOLLOW = "f"


@dataclass(frozen=True, slots=True)
class ReadTogether:
    """Do something with a reading plan, or with a part of it, counted from 1 (0: none)."""

    verb: PlanVerb
    plan_id: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class AskQuiz:
    """Another question after the one whose button it is, on a topic or on anything."""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class Outdated:
    """Data that this program does not know: of another version, or not ours."""


Action = (
    SearchPage
    | Ask
    | OpenPassage
    | TurnToPassage
    | ShowRelated
    | Read
    | TurnToSection
    | ReadAfter
    | TurnToPiece
    | ReadPiece
    | OpenPiece
    | ListArticles
    | OpenArticle
    | AnotherQuote
    | Continue
    | EnableUpload
    | DiscardUpload
    | RollBack
    | Setting
    | ListDays
    | OpenDay
    | SwapQuote
    | ResetDay
    | Remind
    | TakePart
    | ReadTogether
    | CheckIn
    | ShowMonth
    | Records
    | Forget
    | AskQuiz
)
