"""What is told about the corpus as a whole: terms through time, sentences checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.corpus import Passage
from bot.model.search import Snippet


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
