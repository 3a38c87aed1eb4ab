"""The engines a search is compared with, each over the same passages: ten ids, best first.

SQLite FTS5 over pairs of characters and over jieba's words, both ordered by its BM25; bm25s
over jieba's words; a scan that looks at every passage and ranks nothing. And the yardstick:
BM25 over every passage that matches, computed from the texts, without any index.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.model import Corpus, DateRange, Query, Quote
from bot.search.documents import HEAD_WEIGHT, head
from bot.search.text import fold

K1, B = 1.2, 0.75


class Engine(Protocol):
    """Answers with the numbers of at most ten passages."""

    name: str

    def top(self, query: Query) -> Sequence[int]: ...


class Texts:
    """The folded texts and days of a corpus of quotations and readings, by number."""

    def __init__(self, corpus: Corpus) -> None:
        self.ids = [passage.id for passage in corpus]
        self.bodies = [fold(passage.text) for passage in corpus]
        self.heads = ["\n".join(map(fold, head(passage))) for passage in corpus]
        self.days = [
            (one.said_on if isinstance(one, Quote) else one.article.published.first_on).toordinal()
            for one in corpus
        ]


def bounds(query: Query) -> tuple[int, int] | None:
    """The days (ordinals) of the first range of a query."""
    for when in query.dates:
        if isinstance(when, DateRange):
            return (
                when.start.toordinal() if when.start else 0,
                when.end.toordinal() if when.end else 2**31,
            )
    return None


class Scan:
    """Every text looked at with `in`; the first ten."""

    name = "scan"

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def top(self, query: Query) -> Sequence[int]:
        terms = [fold(term.text) for term in query.terms]
        days = bounds(query)
        return [
            at
            for at, (body, head) in enumerate(
                zip(self._texts.bodies, self._texts.heads, strict=True)
            )
            if all(term in body or term in head for term in terms)
            and (days is None or days[0] <= self._texts.days[at] <= days[1])
        ][:10]


class Fts5:
    """SQLite FTS5, ordered by rank; a day is a column of a table beside."""

    def __init__(self, texts: Texts, file: Path, *, by_words: bool) -> None:
        self.name = "FTS5 jieba words" if by_words else "FTS5 pairs"
        self._by_words = by_words
        self._database = sqlite3.connect(file)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE days (id INTEGER PRIMARY KEY, day INTEGER);"
            "CREATE VIRTUAL TABLE texts USING fts5(body, content='', "
            "tokenize=\"unicode61 remove_diacritics 0\", prefix='1');"
        )
        rows = zip(texts.bodies, texts.heads, texts.days, strict=True)
        for at, (body, named, day) in enumerate(rows):
            self._database.execute("INSERT INTO days VALUES (?, ?)", (at, day))
            tokens = " ".join(self._tokens(f"{named}\n{body}"))
            self._database.execute("INSERT INTO texts (rowid, body) VALUES (?, ?)", (at, tokens))
        self._database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self._database.execute("CREATE INDEX by_day ON days (day)")
        self._database.commit()

    def _tokens(self, text: str) -> list[str]:
        if self._by_words:
            import rjieba

            return [word for word in rjieba.cut(text) if word.strip()]
        return [line[at : at + 2] for line in text.split("\n") for at in range(len(line)) if line]

    def top(self, query: Query) -> Sequence[int]:
        match = " AND ".join(self._clause(fold(term.text)) for term in query.terms)
        days = bounds(query)
        if not match:
            sql = "SELECT id FROM days WHERE day BETWEEN ? AND ? ORDER BY day LIMIT 10"
            return [row[0] for row in self._database.execute(sql, days or (0, 2**31))]
        if days is None:
            sql = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10"
            return [row[0] for row in self._database.execute(sql, (match,))]
        sql = (
            "SELECT texts.rowid FROM texts JOIN days ON days.id = texts.rowid "
            "WHERE texts MATCH ? AND day BETWEEN ? AND ? ORDER BY rank LIMIT 10"
        )
        return [row[0] for row in self._database.execute(sql, (match, *days))]

    def _clause(self, term: str) -> str:
        if self._by_words:
            return " AND ".join(f'"{word}"' for word in self._tokens(term))
        if len(term) == 1:
            return f'"{term}" *'
        return '"' + " ".join(term[at : at + 2] for at in range(len(term) - 1)) + '"'


class Bm25s:
    """bm25s over jieba's words; knows neither dates nor AND."""

    name = "bm25s jieba words"

    def __init__(self, texts: Texts) -> None:
        import bm25s
        import rjieba

        self._cut = rjieba.cut
        self._index = bm25s.BM25(k1=K1, b=B)
        rows = zip(texts.heads, texts.bodies, strict=True)
        tokens = [[one for one in self._cut(head + body) if one.strip()] for head, body in rows]
        self._index.index(tokens, show_progress=False)

    def top(self, query: Query) -> Sequence[int]:
        words = [word for term in query.terms for word in self._cut(fold(term.text))]
        k = min(10, self._index.scores["num_docs"])
        found, _ = self._index.retrieve([words], k=k, show_progress=False, n_threads=0)
        return [int(one) for one in found[0]]


class Exhaustive:
    """BM25 as promised, over every passage: the terms weighed as words, a title three times.

    Lengths are kept in one byte, as Lucene and tantivy do (`rounded`), or exactly.
    """

    def __init__(self, texts: Texts, *, rounded: bool) -> None:
        self._texts = texts
        # A mark behind every text, as the index has it (documents): in a head, each line.
        lengths = [
            len(body) + 1 + HEAD_WEIGHT * (len(head) + 1)
            for body, head in zip(texts.bodies, texts.heads, strict=True)
        ]
        average = sum(lengths) / max(1, len(lengths))
        used = [_rounded(length) if rounded else length for length in lengths]
        self._norms = [K1 * (1 - B + B * length / max(1, average)) for length in used]

    def scores(self, query: Query) -> dict[int, float]:
        """Number -> score of all passages that have every term; the run of them in front."""
        terms = [fold(term.text) for term in query.terms]
        run = "".join(terms)
        summed: dict[int, float] | None = None
        for term in terms:
            one = self._score(term)
            summed = (
                one
                if summed is None
                else {at: score + one[at] for at, score in summed.items() if at in one}
            )
        if len(terms) > 1:
            return {**(summed or {}), **{at: 1e6 + s for at, s in self._score(run).items()}}
        return summed or {}

    def _score(self, term: str) -> dict[int, float]:
        counts = {
            at: count
            for at, (body, head) in enumerate(
                zip(self._texts.bodies, self._texts.heads, strict=True)
            )
            if (count := body.count(term) + HEAD_WEIGHT * head.count(term))
        }
        passages = len(self._norms)
        idf = math.log(1 + (passages - len(counts) + 0.5) / (len(counts) + 0.5))
        return {
            at: idf * count * (K1 + 1) / (count + self._norms[at]) for at, count in counts.items()
        }


def _rounded(length: int) -> int:
    """A length as Lucene's SmallFloat keeps it in a byte: exact to 40, then in coarser steps."""
    free = 24
    if length < free:
        return length
    above = length - free
    shift = max(0, above.bit_length() - 4)
    return free + (above >> shift << shift)
