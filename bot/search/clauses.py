"""What can be asked of the index: text contained, dates, kinds, and their combinations.

tantivy ranks all hits by BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75). A text scores
as one word with its own document frequency, however many pairs of characters it takes to
find it; title, author and occasion count more than the body.

What must not live here: which clauses answer a query (ranking).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy
from tantivy import Occur

from bot.model import DateRange, Kind, When
from bot.search.storage import Storage
from bot.search.text import grams

_HEAD_BOOST = 2.0
_FIELDS = (("body", 1.0), ("head", _HEAD_BOOST))
_INTEGER = tantivy.FieldType.Integer


def all_of(queries: Sequence[Any]) -> Any:
    return queries[0] if len(queries) == 1 else _boolean(Occur.Must, queries)


def any_of(queries: Sequence[Any]) -> Any:
    return queries[0] if len(queries) == 1 else _boolean(Occur.Should, queries)


def at_least(count: int, queries: Sequence[Any]) -> Any:
    """Passages that match `count` or more of the queries, ranked by all that they match."""
    return tantivy.Query.boolean_query(
        [(Occur.Should, query) for query in queries], minimum_number_should_match=count
    )


def nothing_of(query: Any, excluded: Sequence[Any]) -> Any:
    """The query without the passages that match any excluded one."""
    if not excluded:
        return query
    clauses = [(Occur.Must, query), *((Occur.MustNot, one) for one in excluded)]
    return tantivy.Query.boolean_query(clauses)


def restrict(query: Any, filters: Sequence[Any]) -> Any:
    """The query, where all filters hold; filters do not score."""
    if not filters:
        return query
    return all_of([query, *(tantivy.Query.const_score_query(one, 0.0) for one in filters)])


def boost(query: Any, factor: float) -> Any:
    return tantivy.Query.boost_query(query, factor)


def everything() -> Any:
    return tantivy.Query.all_query()


def _boolean(occur: Any, queries: Iterable[Any]) -> Any:
    return tantivy.Query.boolean_query([(occur, query) for query in queries])


@dataclass(frozen=True, slots=True)
class Clauses:
    """Makes index queries over one index."""

    storage: Storage

    def containing(self, folded: str) -> Any:
        """Passages whose body or head contains the folded, not empty text. Ranked."""
        return any_of(
            [boost(self._phrase(field, folded), field_boost) for field, field_boost in _FIELDS]
        )

    def in_body(self, folded: str) -> Any:
        """Passages whose own text contains the folded, not empty text. Ranked."""
        return self._phrase("body", folded)

    def word(self, folded: str) -> Any:
        """`containing`, scored so that texts of different lengths can be weighed together.

        tantivy scores a phrase with the sum of its pairs' idf; a boost makes that the idf of
        the text itself.
        """
        searcher = self.storage.searcher
        parts = []
        for field, factor in _FIELDS:
            phrase = self._phrase(field, folded)
            pairs = grams(folded)
            if len(pairs) > 1:
                own = idf(searcher.num_docs, self.count(phrase))
                summed = sum(
                    idf(searcher.num_docs, searcher.doc_freq(field, pair)) for pair in pairs
                )
                factor *= own / summed
            parts.append(boost(phrase, factor))
        return any_of(parts)

    def gap(self, before: str, after: str, missing: int) -> Any:
        """Passages with `before`, any `missing` characters, then `after`; two or more each."""
        words: list[str | tuple[int, str]] = list(enumerate(grams(before)))
        offset = len(before) + missing
        words += [(offset + at, pair) for at, pair in enumerate(grams(after))]
        return any_of(
            [tantivy.Query.phrase_query(self.storage.schema, field, words) for field, _ in _FIELDS]
        )

    def count(self, query: Any) -> int:
        """How many passages match."""
        unscored = tantivy.Query.const_score_query(query, 0.0)
        return int(self.storage.searcher.search(unscored, 1).count)

    def occurs(self, folded: str) -> int:
        """How many passages contain the folded text."""
        return self.count(self.containing(folded)) if folded else 0

    def of_kind(self, kinds: Iterable[Kind]) -> Any:
        return any_of([self._raw("kind", kind) for kind in sorted(kinds)])

    def of_ids(self, ids: Sequence[str]) -> Any:
        return tantivy.Query.term_set_query(self.storage.schema, "id", list(ids))

    def dated(self, dates: Sequence[When]) -> Any:
        """Passages that are wholly in one of the dates."""
        return any_of([self._when(when) for when in dates])

    def _when(self, when: When) -> Any:
        if isinstance(when, DateRange):
            start = when.start.toordinal() if when.start else None
            end = when.end.toordinal() if when.end else None
            schema = self.storage.schema
            bounds = []
            if start is not None:
                bounds.append(tantivy.Query.range_query(schema, "first_on", _INTEGER, start, None))
            if end is not None:
                bounds.append(tantivy.Query.range_query(schema, "last_on", _INTEGER, None, end))
            return all_of(bounds) if bounds else everything()
        if when.day is None:
            return self._raw("yearly", f"{when.month:02d}")
        return self._raw("yearly", f"{when.month:02d}-{when.day:02d}")

    def _raw(self, field: str, value: str) -> Any:
        return tantivy.Query.term_query(self.storage.schema, field, value, "basic")

    def _phrase(self, field: str, folded: str) -> Any:
        schema = self.storage.schema
        if len(folded) == 1:
            return tantivy.Query.term_query(schema, f"{field}_characters", folded, "freq")
        if len(folded) == 2:
            return tantivy.Query.term_query(schema, field, folded, "freq")
        return tantivy.Query.phrase_query(schema, field, [*grams(folded)])


def idf(documents: int, having: int) -> float:
    """The inverse document frequency tantivy uses (Lucene's, never negative)."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))
