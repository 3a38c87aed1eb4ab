"""Compilations, quotations, articles: what is studied."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property


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
    """One dated quotation, verbatim. Paragraphs of `text` are separated by a line feed.

    `until` is the last day where the booklet gives a range of days, None otherwise.
    """

    id: str
    compilation_id: str
    said_on: date
    occasion: str
    text: str
    topics: tuple[str, ...] = ()
    until: date | None = None

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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chat has stopped reading: a section, and the last piece of it that was shown.

    Pieces count from 0; None is the whole section, shown in one message. `str()` is what a
    database keeps, `Place.read` its opposite.
    """

    section_id: str
    piece: int | None = None

    def __str__(self) -> str:
        return self.section_id if self.piece is None else f"{self.section_id}:{self.piece}"

    @classmethod
    def read(cls, text: str) -> Place:
        section_id, _, piece = text.partition(":")
        return cls(section_id, int(piece) if piece.isdecimal() else None)


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
