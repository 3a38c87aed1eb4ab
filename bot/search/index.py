"""The one door to search: `open_index`, `Index.find`, readings near a quotation.

Why tantivy, and not FTS5, over the same runs of characters: both find every substring, where
jieba's words alone find 118 of 400; but FTS5 ranks every hit of a common phrase in 1240 ms at
a million passages, and capped at the first 300 by rowid its top ten share 0.09 with the full
ranking. Runs of characters make a fourth index of jieba's words needless, for a text weighs
as one word however it is found (`clauses.Clauses.word`). `benchmarks/search.py` has figures.

What must not live here: how a query is understood (query), how passages rank (ranking).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.model import Corpus, Found, Hit, Kind, Match, Nearby, Order, Passage, Query, Quote
from bot.search.attempts import Attempts
from bot.search.clauses import Clauses, any_of, boost, restrict, without
from bot.search.documents import body, head
from bot.search.pages import Pages, Row, search
from bot.search.snippet import cut_snippet
from bot.search.storage import Storage, open_storage
from bot.search.synonyms import Synonyms
from bot.search.text import fold, grams
from bot.search.words import Words, load_words

_NEAR_READINGS = 20
_NEAR_WORDS = 64  # of a passage, heaviest first, that others are compared by
_TOPIC_BOOST = 3.0
_SHOWN_WORDS = 3  # as the reason why a reading is near


def open_index(corpus: Corpus, directory: Path, synonyms: Synonyms | None = None) -> Index:
    """The index of a corpus, kept in `directory` and built only when the corpus changed.

    `directory` is made if need be; where it cannot be written the index is in memory.
    `synonyms` (synonyms.load_synonyms) are for words that occur nowhere in the corpus.
    """
    return Index(corpus, open_storage(corpus, directory), synonyms or Synonyms())


class Index:
    """Finds passages of one corpus. Never changes; safe to share between threads."""

    def __init__(self, corpus: Corpus, storage: Storage, synonyms: Synonyms) -> None:
        self._corpus = corpus
        self._storage = storage
        self._clauses = Clauses(storage)
        self._attempts = Attempts(corpus, self._clauses, lambda: self._words, synonyms)
        self._pages = Pages(corpus, self._clauses)
        self._similar = lru_cache(maxsize=256)(self._find_similar)
        self._synonyms = synonyms

    def alike(self, word: str) -> tuple[str, ...]:
        """Other words that may stand for this one."""
        return self._synonyms.of(fold(word))

    @cached_property
    def _words(self) -> Words:
        return load_words(self._corpus, self._storage.directory)

    def warm(self) -> None:
        """Load what only loose and mistyped queries need, so that no person waits for it.

        Up to 3 s of CPU after a change of the corpus, a few ms afterwards.
        """
        self._attempts.warm()

    def find(
        self,
        query: Query,
        *,
        today: date,
        limit: int | None = 10,
        offset: int = 0,
        order: Order | None = None,
        only: Kind | None = None,
    ) -> Found:
        """One page of the passages that answer, and how many there are.

        `limit` None is all hits from `offset`. `only` narrows what is shown to a kind, as a
        filter button does; `totals` still counts both kinds. With a `limit`, more than 1000
        hits are counted no further than the page needs (`Found.total_is_least`). `today` (in
        the chat's zone) decides which of two equally near dates is suggested. Without an
        `order` the query's own counts.
        """
        order = order or query.order
        for plan in self._attempts.plans(query):
            page = self._pages.read(plan, limit=limit, offset=offset, order=order, only=only)
            if any(page.totals.values()):
                break
        else:
            near = self._attempts.suggestions(query, today)
            none = Found(query, (), 0, dict.fromkeys(Kind, 0))
            if near:
                return replace(none, suggestions=near)
            return replace(none, suggestions=self._attempts.topics(), are_near=False)
        total = sum(page.totals.values()) if only is None else page.totals[only]
        return Found(
            query,
            tuple(_hit(row, plan.marks) for row in page.rows),
            total,
            page.totals,
            corrected=plan.corrected,
            total_is_least=page.is_least,
            is_partial=page.is_partial,
        )

    def nearest(self, quote_id: str) -> tuple[Nearby, ...]:
        """The readings nearest to a quotation, nearest first, with the words they share.

        BM25 of the quotation's words, its topics weighing three times; empty for an unknown
        id. Computed when first asked for (some 3 ms) and then kept.
        """
        quote = self._corpus.quote(quote_id)
        if quote is None:
            return ()
        return tuple(
            Nearby(section_id, score, words)
            for section_id, score, words in self._similar(quote_id, Kind.READING, _NEAR_READINGS)
        )

    def related(self, passage_id: str, limit: int = 5) -> tuple[Passage, ...]:
        """The quotations nearest to a passage, nearest first, itself left out."""
        near = self._similar(passage_id, Kind.QUOTE, limit)
        passages = (self._corpus.passage(found_id) for found_id, _, _ in near)
        return tuple(passage for passage in passages if passage is not None)

    def containing(self, text: str) -> tuple[Passage, ...]:
        """Every passage in whose own text this stands (folded alike), oldest first.

        Nothing looser, and titles and occasions do not count. Empty for a text without letters.
        """
        folded = fold(text)
        if not folded:
            return ()
        found = self._passages(self._clauses.containing(folded), "oldest")
        return tuple(one for one in found if folded in fold(body(one)))

    def resembling(self, text: str, limit: int = 5) -> tuple[Passage, ...]:
        """The passages that share the most pairs of characters with a text, BM25, best first."""
        pairs = sorted(set(grams(fold(text))))
        if not pairs:
            return ()
        sharing = any_of([self._clauses.containing(pair) for pair in pairs])
        return self._passages(sharing, None, limit)

    def _passages(
        self, query: Any, order_by: str | None, limit: int | None = None
    ) -> tuple[Passage, ...]:
        most = limit or self._storage.searcher.num_docs
        found = search(self._storage.searcher, query, most, 0, order_by)
        return tuple(self._passage(self._id(address)) for _, address in found.hits)

    def _id(self, address: Any) -> str:
        return self._storage.passage_id(address)

    def _passage(self, passage_id: str) -> Passage:
        return self._storage.passage(self._corpus, passage_id)

    # ------------------------------------------------------------------------- near by

    def _find_similar(
        self, passage_id: str, kind: Kind, limit: int
    ) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
        """(id, BM25, shared words) of the passages of a kind that are nearest to a passage.

        Words that are topics of the passage weigh more, and are shown first as the reason.
        """
        passage = self._corpus.passage(passage_id)
        if passage is None:
            return ()
        named = passage.topics if isinstance(passage, Quote) else passage.article.topics
        topics = {fold(topic) for topic in named}
        content = self._words.content(body(passage))
        # A word of one passage alone ties nothing to it.
        shared = [word for word in content if self._words.frequency.get(word, 0) > 1]
        words = sorted(shared, key=lambda word: -self._words.weight(word))[:_NEAR_WORDS]
        words.sort(key=lambda word: (word not in topics, -len(word)))
        if not words:
            return ()
        clauses = [
            boost(self._clauses.word(word), _TOPIC_BOOST if word in topics else 1.0)
            for word in words
        ]
        others = without([self._clauses.of_ids([passage_id])])
        query = restrict(any_of(clauses), [self._clauses.of_kind(kind), others])
        near = []
        for score, address in self._storage.searcher.search(query, limit).hits:
            found_id = self._id(address)
            found = self._passage(found_id)
            text = fold("\n".join((body(found), *head(found))))
            both = tuple(word for word in words if word in text)
            near.append((found_id, float(score), both[:_SHOWN_WORDS]))
        return tuple(near)


def _hit(row: Row, marks: Sequence[str]) -> Hit:
    shown = () if row.match is Match.DATE else marks  # a date is not a place in the text
    return Hit(row.passage, row.match, row.score, cut_snippet(body(row.passage), shown))
