"""What an import says about itself: every repair, every doubt, and the counts.

A repair is what was done and is believed right; a doubt is for a person to look at, whether
something was done or not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Repair(StrEnum):
    """What was done to the text, so that it reads as the booklet was meant."""

    DECODED = "decoded"
    PAGE_BREAK_JOINED = "page-break-joined"
    REPETITION_REMOVED = "repetition-removed"
    PAGE_NUMBER_DROPPED = "page-number-dropped"
    RUNNING_HEAD_DROPPED = "running-head-dropped"
    LINE_BREAK_JOINED = "line-break-joined"
    HEADING_RECOVERED = "heading-recovered"
    HEADING_DEMOTED = "heading-demoted"
    ATTRIBUTION_PARTED = "attribution-parted"
    NUMBER_DROPPED = "number-dropped"
    TAKEN_FOR = "taken-for"


class Doubt(StrEnum):
    """What a person should look at."""

    QUOTE_COUNT = "quote-count"
    ARTICLE_COUNT = "article-count"
    CONTENTS = "contents"
    UNCLOSED = "unclosed"
    UNFINISHED = "unfinished"
    PAGE_BREAK = "page-break"
    REPETITION = "repetition"
    DATE_IMPOSSIBLE = "date-impossible"
    DATE_AFTER_ISSUE = "date-after-issue"
    DATE_MISSING = "date-missing"
    NO_ATTRIBUTION = "no-attribution"
    NEAR_DUPLICATE = "near-duplicate"
    NUMBERING = "numbering"
    HEADING = "heading"
    NO_SOURCE = "no-source"
    NO_AUTHOR = "no-author"
    COVER = "cover"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Remark:
    """One repair or doubt; `line` counts from 1 in the file, 0 for the file as a whole."""

    kind: Repair | Doubt
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.line}: {self.text}" if self.line else self.text


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found, beside what the booklet says of itself (None: it does not say)."""

    pages: int
    quotes: int
    quotes_promised: int | None
    articles: int
    articles_promised: int | None
    sections: int
    paragraphs: int
    characters: int
    repeated_quotes: int = 0  # word for word in another compilation


@dataclass(frozen=True, slots=True)
class Report:
    """Everything an import has to say, in the order of the file."""

    repairs: tuple[Remark, ...]
    doubts: tuple[Remark, ...]
    counts: Counts

    def record(self) -> dict[str, Any]:
        """The report for programs: plain lists, mappings, texts and numbers."""
        return {
            "counts": asdict(self.counts),
            "repairs": [_record(one) for one in self.repairs],
            "doubts": [_record(one) for one in self.doubts],
        }


def _record(remark: Remark) -> dict[str, Any]:
    return {"kind": str(remark.kind), "line": remark.line, "text": remark.text}
