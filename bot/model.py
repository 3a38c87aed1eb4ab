"""The nouns of studybot as frozen values: what the rooms hand to one another.

Here live data and what follows from it alone. No I/O, no clock, no wording, no
library beyond the standard one. Dates of the calendar end in `_on`, moments end in
`_at` and are aware UTC, durations say their unit.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

# --------------------------------------------------------------------- the corpus


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date as precise as its source: a year, a month of a year, or a day.

    `str()` is ISO 8601 with reduced precision: `2026`, `2025-11`, `2026-02-12`.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first_on(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_on(self) -> date:
        if self.day and self.month:
            return date(self.year, self.month, self.day)
        month = self.month or 12
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Quote:
    """One dated quotation, verbatim. Paragraphs of `text` are separated by a line feed."""

    id: str
    compilation_id: str
    said_on: date
    occasion: str
    text: str
    topics: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        return self.said_on.year

    @property
    def author(self) -> str:
        """Whose words these are: a compilation quotes one person."""
        return "习近平"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an article, flat and in reading order.

    `id` is the article's id, a dot and the number: `a-2026-04-05.2.1` is the first
    sub-section of the second section; `.0` is what stands before the first heading.
    `depth` is 1 for a section, 2 for a sub-section. `original` is the full text, a
    string a paragraph, and empty where the operator has not imported it.
    """

    id: str
    title: str
    depth: int
    digest: str
    excerpt: str
    original: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """Somebody else's article: bibliography and our sections of it.

    `source` is the publication as cited (`《党建》杂志 2025年第11期`); `role` is the
    author's post and may be empty.
    """

    id: str
    compilation_id: str
    title: str
    author: str
    role: str
    source: str
    published: PartialDate
    sections: tuple[Section, ...]
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compilation:
    """One booklet. `issued` is a month; `id` is the name of its directory."""

    id: str
    title: str
    publisher: str
    issued: PartialDate
    theme: str
    topics: tuple[str, ...]
    quotes: tuple[Quote, ...]
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A section together with its article: what a person is given to read."""

    article: Article
    section: Section

    @property
    def id(self) -> str:
        return self.section.id

    @property
    def is_original(self) -> bool:
        """True when the text shown is the article's own (原文), false for our digest (导读)."""
        return bool(self.section.original)

    @property
    def text(self) -> str:
        """Everything of this section that can be searched and read, paragraphs by line feeds."""
        paragraphs = [self.section.digest, *(self.section.original or (self.section.excerpt,))]
        return "\n".join(paragraph for paragraph in paragraphs if paragraph)


Passage = Quote | Reading


@dataclass(frozen=True)
class Corpus:
    """All compilations in force, oldest first. Ids are unique across all of them.

    `fingerprint` changes whenever any file of the corpus does (SHA-256, hexadecimal).
    """

    compilations: tuple[Compilation, ...]
    fingerprint: str

    @cached_property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quotation, oldest first; those of a day in the booklet's order."""
        every = [quote for compilation in self.compilations for quote in compilation.quotes]
        return tuple(sorted(every, key=lambda quote: quote.said_on))

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        return tuple(article for one in self.compilations for article in one.articles)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every section of every article, in reading order."""
        return tuple(
            Reading(article, section) for article in self.articles for section in article.sections
        )

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Every topic of compilations, articles and quotations, in order of first mention."""
        named = [topic for one in self.compilations for topic in one.topics]
        named += [topic for article in self.articles for topic in article.topics]
        named += [topic for quote in self.quotes for topic in quote.topics]
        return tuple(dict.fromkeys(named))

    @cached_property
    def _passages(self) -> Mapping[str, Passage]:
        every: list[Passage] = [*self.quotes, *self.readings]
        return {passage.id: passage for passage in every}

    def passage(self, passage_id: str) -> Passage | None:
        """The quotation or reading of this id, or None when the corpus has none."""
        return self._passages.get(passage_id)

    def quote(self, quote_id: str) -> Quote | None:
        found = self.passage(quote_id)
        return found if isinstance(found, Quote) else None

    def reading(self, section_id: str) -> Reading | None:
        found = self.passage(section_id)
        return found if isinstance(found, Reading) else None

    def article(self, article_id: str) -> Article | None:
        return next((one for one in self.articles if one.id == article_id), None)

    def compilation(self, compilation_id: str) -> Compilation | None:
        return next((one for one in self.compilations if one.id == compilation_id), None)

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages.values())


# ------------------------------------------------------------------------- dates


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `start` to `end`, both included; None is an open end."""

    start: date | None
    end: date | None

    def holds(self, first_on: date, last_on: date) -> bool:
        """True when every day of the span lies in this range."""
        return (self.start is None or self.start <= first_on) and (
            self.end is None or last_on <= self.end
        )


@dataclass(frozen=True, slots=True)
class YearlyDate:
    """A day of every year, or with `day` None a month of every year."""

    month: int
    day: int | None = None

    def holds(self, first_on: date, last_on: date) -> bool:
        """True when the span lies in this day or month of one year."""
        if (first_on.year, first_on.month) != (last_on.year, last_on.month):
            return False
        return (
            first_on.month == self.month
            and self.day in (None, first_on.day, last_on.day)
            and (self.day is None or first_on == last_on)
        )


When = DateRange | YearlyDate

# ------------------------------------------------------------------------ search


class Kind(StrEnum):
    QUOTE = "quote"
    READING = "reading"


class Match(StrEnum):
    """How a hit was found, best first."""

    EXACT = "exact"
    WORDS = "words"
    PINYIN = "pinyin"
    FUZZY = "fuzzy"
    DATE = "date"


class Order(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing looked for. A quoted term is a phrase: nothing looser will do."""

    text: str
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asked, understood. `text` is what was typed, trimmed.

    A passage answers when it matches the terms (all of them first), none of
    `excluded`, at least one of `dates` (where there are any), and is of `kinds`. Where
    the text is more than its terms in a row (a date, a kind, filler), `literal` is all of
    it: a passage in which it stands word for word answers too, whatever dates and kinds say.
    """

    text: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    dates: tuple[When, ...] = ()
    kinds: frozenset[Kind] = frozenset(Kind)
    literal: str = ""
    first: Kind | None = None

    @property
    def keywords(self) -> tuple[str, ...]:
        return tuple(term.text for term in self.terms)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a passage; `marks` are the matched spans in it, as (start, end) offsets.

    `cut_before` and `cut_after` say whether text was left out at that end.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    passage: Passage
    match: Match
    score: float
    snippet: Snippet

    @property
    def kind(self) -> Kind:
        return Kind.QUOTE if isinstance(self.passage, Quote) else Kind.READING


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query: one page of hits, and how many there are in all.

    `corrected` is what was searched for instead when nothing matched as typed
    (pinyin, one wrong character), else None. `suggestions` are queries that do find
    something, offered when there are no hits.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    totals: Mapping[Kind, int] = field(default_factory=dict)
    corrected: str | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearby:
    """A reading near a quotation: its BM25 score and the words that make it near."""

    section_id: str
    score: float
    words: tuple[str, ...]


# -------------------------------------------------------- terms and sentences looked at


@dataclass(frozen=True, slots=True, order=True)
class MonthCount:
    """In how many quotations and readings of one month a term stands."""

    year: int
    month: int
    quotes: int = 0
    readings: int = 0

    @property
    def total(self) -> int:
        return self.quotes + self.readings


@dataclass(frozen=True, slots=True)
class Trend:
    """A term through time: the months with any mention, in order.

    `undated` are readings of which only the year is known, as (year, readings), in order.
    `first` and `latest` are mentions; of a corpus without months, by year.
    """

    term: str
    months: tuple[MonthCount, ...]
    undated: tuple[tuple[int, int], ...]
    first: Passage
    latest: Passage

    @property
    def quotes(self) -> int:
        return sum(month.quotes for month in self.months)

    @property
    def readings(self) -> int:
        """Those of a year alone too."""
        return sum(one.readings for one in self.months) + sum(count for _, count in self.undated)


class Verdict(StrEnum):
    """Whether a sentence stands in the corpus."""

    EXACT = "exact"  # every character, leaving aside marks, width and script
    DIFFERENT = "different"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sentence stands. In a digest the words are ours, not the article's."""

    passage: Passage
    is_digest: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comparison. All `typed` in a row are what was typed, all `original` the

    source's own words; where `is_kept` the two agree but for marks, width and script.
    """

    typed: str
    original: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one sentence. `sources` is empty for an absent one.

    Exact: all the places, and `shown` is the sentence around the first, with it marked.
    Different: the nearest place, and `pieces` are the comparison with it.
    """

    text: str
    verdict: Verdict
    sources: tuple[Source, ...] = ()
    shown: Snippet | None = None
    pieces: tuple[Piece, ...] = ()


# -------------------------------------------------------- chats and subscriptions


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


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

    @property
    def is_active(self) -> bool:
        return not self.inactive_reason


class DayRule(StrEnum):
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
    ROUND = "round"  # 那年今日, else the chat's own shuffled round
    DATE = "date"  # oldest first, and again


class ReadingOrder(StrEnum):
    NEAREST = "nearest"  # the section nearest to the quotation
    SEQUENCE = "sequence"  # the articles in order, one reading a day


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's daily push. One a chat; `id` is 0 until stored and then for ever the same.

    `push_at` is local wall time in `zone`. `first_on` is the first local date that may
    be pushed; `edited_at` is when time, zone or days last changed. `next_due_at` is when
    the clock must look at this row again, kept by the planner (None: never, inactive).
    `theme` limits quotations to a topic when not empty.
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
    grace: timedelta = timedelta(hours=6)
    is_active: bool = True
    next_due_at: datetime | None = None


# -------------------------------------------------------------------- the ledger


class DeliveryKind(StrEnum):
    PUSH = "push"
    REMINDER = "reminder"


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


@dataclass(frozen=True, slots=True)
class Choice:
    """What a push shows: ids of a quotation and a reading (empty: none), and why those."""

    quote_id: str = ""
    quote_reason: str = ""  # a member of study.rotation.Reason
    section_id: str = ""
    section_reason: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """One local date of a subscription or reminder that has come due."""

    local_on: date
    due_at: datetime
    missed_after: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger: one message part that is to be sent, was sent, or was not.

    Unique by (kind, subject_id, local_on, part). `may_be_duplicate` is set when an
    earlier attempt may have reached Telegram without our learning of it.
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


# ----------------------------------------------------------------------- answers


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `data` (at most 64 bytes of UTF-8) comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says: Telegram HTML, and rows of buttons under the last part.

    `text` may exceed one message; `render.split` makes parts of it.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
