"""What a person asks, and what is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.model.corpus import Passage, Quote


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `start` to `end`, both included; None is an open end."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class YearlyDate:
    """A day of every year, or with `day` None a month of every year."""

    month: int
    day: int | None = None


When = DateRange | YearlyDate


class Kind(StrEnum):
    """Which of the two a passage is."""

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
    """In which order hits are given."""

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
    `order` is what was asked for: the newest first for 最新的论述, the oldest for 最早提出….
    """

    text: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    dates: tuple[When, ...] = ()
    kinds: frozenset[Kind] = frozenset(Kind)
    literal: str = ""
    first: Kind | None = None
    order: Order = Order.RELEVANCE

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
    """One passage found: how, how well, and the piece of it to show. `score` is comparable only

    within one answer.
    """

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
    something, offered when there are no hits. `total_is_least` says that there may be more
    than `total` and `totals` (which are then 1000 and more): counting all would take long.
    `is_partial` says that no hit has all of the terms; `are_near` that the suggestions have
    to do with the query, and are not what the corpus is about at large.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    totals: Mapping[Kind, int] = field(default_factory=dict)
    corrected: str | None = None
    suggestions: tuple[str, ...] = ()
    total_is_least: bool = False
    is_partial: bool = False
    are_near: bool = True


@dataclass(frozen=True, slots=True)
class Nearby:
    """A reading near a quotation: its BM25 score and the words that make it near."""

    section_id: str
    score: float
    words: tuple[str, ...]
