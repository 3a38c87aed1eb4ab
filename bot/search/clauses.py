"""What can be asked of the index: text contained, dates, kinds, and their combinations.

tantivy ranks all hits by BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75). A text scores
as one word with its own document frequency, however many terms it takes to find it.

What must not live here: which clauses answer a query (ranking).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import tantivy
from tantivy import Occur

from bot.model import DateRange, Kind, When
from bot.search.periods import inside, outside
from bot.search.storage import Storage
from bot.search.text import grams

# Both are told by identity, so that they cost nothing.
NOTHING = tantivy.Query.empty_query()  # no passage
EVERYTHING = tantivy.Query.all_query()  # every passage, unranked

_FIRST_DAYS = (31, 366)


def all_of(queries: Sequence[Any]) -> Any:
    """Passages that match every one of one or more queries, ranked by all of them."""
    if any(query is NOTHING for query in queries):
        return NOTHING
    return queries[0] if len(queries) == 1 else _boolean(Occur.Must, queries)


def any_of(queries: Iterable[Any]) -> Any:
    """Passages that match any of the queries, ranked by all that they match."""
    some = [query for query in queries if query is not NOTHING]
    if not some:
        return NOTHING
    return some[0] if len(some) == 1 else _boolean(Occur.Should, some)


@dataclass(frozen=True, slots=True)
class Filter:
    """What passages must match any of, or with `is_without` none of; it does not score.

    `passages` is how many do, where that is known without going through them.
    """

    queries: tuple[Any, ...]
    is_without: bool = False
    passages: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether all passages do."""
        return self.is_without and not self.queries


def without(queries: Iterable[Any]) -> Filter:
    """Passages that match none of the queries."""
    return Filter(tuple(query for query in queries if query is not NOTHING), is_without=True)


def restrict(query: Any, filters: Iterable[Filter]) -> Any:
    """The query, where all filters hold.

    All stand side by side in one query: one within another costs tantivy several times as much.
    """
    others: list[tuple[Any, Any]] = []
    for one in filters:
        if one.is_without:
            others += [(Occur.MustNot, excluded) for excluded in one.queries]
        elif (any_one := any_of(one.queries)) is NOTHING:
            return NOTHING
        else:
            others.append((Occur.Must, tantivy.Query.const_score_query(any_one, 0.0)))
    if query is NOTHING or not others:
        return query
    if query is not EVERYTHING or all(occur is Occur.MustNot for occur, _ in others):
        others.insert(0, (Occur.Must, query))
    return tantivy.Query.boolean_query(others)


def boost(query: Any, factor: float) -> Any:
    """The query, its scores multiplied."""
    return query if factor == 1.0 else tantivy.Query.boost_query(query, factor)


def _boolean(occur: Any, queries: Iterable[Any]) -> Any:
    return tantivy.Query.boolean_query([(occur, query) for query in queries])


@dataclass(frozen=True, slots=True)
class Clauses:
    """Makes index queries over one index."""

    storage: Storage

    def containing(self, folded: str) -> Any:
        """Passages whose body or head contains the folded, not empty text. Ranked."""
        terms = self._terms(folded)
        if not self._may_occur(terms):
            return NOTHING
        schema = self.storage.schema
        if len(terms) == 1:
            return tantivy.Query.term_query(schema, *terms[0], "freq")
        words: list[str | tuple[int, str]] = [
            (at, text) for at, (_, text) in zip(_steps(len(folded)), terms, strict=True)
        ]
        return tantivy.Query.phrase_query(schema, terms[0][0], words)

    def word(self, folded: str) -> Any:
        """`containing`, scored so that texts of different lengths can be weighed together.

        tantivy scores a text found as triples in a row with the sum of their idf; a boost
        makes that the idf of the text itself.
        """
        text, terms = self.containing(folded), self._terms(folded)
        if text is NOTHING or len(terms) == 1:
            return text
        documents = self.storage.searcher.num_docs
        summed = sum(idf(documents, self._having(*term)) for term in terms)
        return boost(text, idf(documents, self.count(text)) / summed)

    def gap(self, before: str, after: str, missing: int) -> Any:
        """Passages with `before`, any `missing` characters, then `after`; two or more each."""
        words: list[str | tuple[int, str]] = list(enumerate(grams(before)))
        offset = len(before) + missing
        words += [(offset + at, pair) for at, pair in enumerate(grams(after))]
        return tantivy.Query.phrase_query(self.storage.schema, "pairs", words)

    def count(self, query: Any) -> int:
        """How many passages match."""
        return count(self.storage.searcher, query)

    def occurs(self, folded: str) -> int:
        """How many passages contain the folded text."""
        return self.count(self.containing(folded)) if folded else 0

    def exists(self, folded: str) -> bool:
        """Whether any passage contains the folded text: `occurs`, mostly without a search."""
        terms = self._terms(folded) if folded else []
        if len(terms) < 2:
            return bool(terms) and self._may_occur(terms)
        front, query = self.storage.front, self.containing(folded)
        return bool((front is not None and count(front, query)) or self.count(query))

    def of_kind(self, kind: Kind) -> Filter:
        """Passages of a kind: those that are, or those that are not of another."""
        having = {one: self._having("kind", one) for one in Kind}
        others = [one for one in Kind if one is not kind and having[one]]
        if sum(having[one] for one in others) <= having[kind]:
            return without(self._raw("kind", one) for one in others)
        return Filter((self._raw("kind", kind),) if having[kind] else ())

    def of_ids(self, ids: Sequence[str]) -> Any:
        """Passages with one of these ids."""
        return tantivy.Query.term_set_query(self.storage.schema, "id", list(ids))

    def dated(self, dates: Sequence[When]) -> Filter:
        """Passages that are wholly in one of the dates."""
        (first, *more) = dates
        if not more and isinstance(first, DateRange):
            return self._within(first)
        queries = []
        for when in dates:
            if isinstance(when, DateRange):
                queries.append(restrict(EVERYTHING, [self._within(when)]))
            else:
                day = "" if when.day is None else f"-{when.day:02d}"
                queries.append(self._raw("yearly", f"{when.month:02d}{day}"))
        return Filter(tuple(queries))

    def _within(self, when: DateRange) -> Filter:
        """Passages in a range: those with a mark of what lies inside, or those with none of

        what lies outside, whichever is less to go through.
        """
        spans = self.storage.spans
        # Beyond the first and last day there is nothing: whole years are fewer marks.
        start = max(when.start or date.min, spans.first_on.replace(month=1, day=1))
        end = min(when.end or date.max, spans.last_on.replace(month=12, day=31))
        if start > end:
            return Filter((), passages=0)
        within = self._marked(inside(start, end, spans))
        passages, every = sum(within.values()), int(self.storage.searcher.num_docs)
        if 2 * passages <= every:
            return Filter(tuple(self._raw("periods", one) for one in within), passages=passages)
        others = self._marked(outside(start, end, spans))
        outer = tuple(self._raw("periods", one) for one in others)
        return Filter(outer, is_without=True, passages=every - sum(others.values()))

    def first_days(self, when: DateRange) -> Iterator[Filter]:
        """Passages of the first days of a range only, of more days each time."""
        start = max(when.start or date.min, self.storage.spans.first_on)
        end = min(when.end or date.max, self.storage.spans.last_on)
        for days in _FIRST_DAYS:
            if (end - start).days > days:
                yield self._within(DateRange(start, start + timedelta(days=days)))

    def _marked(self, marks: Iterable[str]) -> dict[str, int]:
        """Those of the marks that any passage has, and how many have them."""
        having = {mark: self._having("periods", mark) for mark in marks}
        return {mark: passages for mark, passages in having.items() if passages}

    def _raw(self, field: str, value: str) -> Any:
        return tantivy.Query.term_query(self.storage.schema, field, value, "basic")

    def _terms(self, folded: str) -> list[tuple[str, str]]:
        """The terms, as (field, text), that a passage with a text has: one if that says it all."""
        if len(folded) < 3:
            return [("characters" if len(folded) == 1 else "pairs", folded)]
        if folded in self.storage.frequent:
            return [("frequent", folded)]
        return [("triples", folded[at : at + 3]) for at in _steps(len(folded))]

    def _may_occur(self, terms: Iterable[tuple[str, str]]) -> bool:
        """False only where no passage has a text of these terms."""
        return all(self._having(*term) for term in terms)

    def _having(self, field: str, text: str) -> int:
        return int(self.storage.searcher.doc_freq(field, text))


def count(searcher: Any, query: Any) -> int:
    """How many passages of a searcher match."""
    if query is NOTHING:
        return 0
    return int(searcher.search(tantivy.Query.const_score_query(query, 0.0), 1).count)


def _steps(length: int) -> list[int]:
    """Where triples begin that together are a text of three or more characters."""
    return [*range(0, length - 3, 3), length - 3]


def idf(documents: int, having: int) -> float:
    """The inverse document frequency tantivy uses (Lucene's, never negative)."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))
