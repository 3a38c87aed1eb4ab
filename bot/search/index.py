"""The one door to search: `open_index`, `Index.find`, readings near a quotation.

Why tantivy over pairs of characters, and not FTS5 over the same (figures: one core, worst
query of the class, from the design's measurements): both find 400 of 400 random substrings,
where jieba's words alone find 118; but FTS5 ranks every hit of a common phrase in 1240 ms at
a million passages (168 ms at 100,000), and capped at the first 300 by rowid it is fast while
its top ten share 0.09 with the full ranking. tantivy ranks all hits in at most 77 ms (7.3 ms
at 100,000), builds faster, and its index is half the size. Complete ranking decided;
simplicity then left out a third field of jieba's words, for a phrase of pairs weighs as one
word (`clauses.Clauses.word`). On the shipped corpus a word takes 0.4 ms, three words 1 ms.

What must not live here: how a query is understood (query), how passages rank (ranking).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import tantivy

from bot.model import Corpus, Found, Hit, Kind, Match, Nearby, Order, Passage, Query, Quote
from bot.search.attempts import Attempts
from bot.search.clauses import Clauses, any_of, boost, nothing_of, restrict
from bot.search.ranking import Plan, Tier
from bot.search.snippet import cut_snippet
from bot.search.storage import Storage, body, head, open_storage
from bot.search.synonyms import Synonyms
from bot.search.text import fold, grams
from bot.search.words import Words, load_words

_NEAR_READINGS = 20
_NEAR_WORDS = 64  # of a passage, heaviest first, that others are compared by
_TOPIC_BOOST = 3.0
_SHOWN_WORDS = 3  # as the reason why a reading is near
_FIELD_OF = {Order.NEWEST: "newest", Order.OLDEST: "oldest"}


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
        self._similar = lru_cache(maxsize=256)(self._find_similar)

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
        order: Order = Order.RELEVANCE,
        only: Kind | None = None,
    ) -> Found:
        """One page of the passages that answer, and how many there are.

        `limit` None is all hits from `offset`. `only` narrows what is shown to a kind, as a
        filter button does; `totals` still counts both kinds. `today` (in the chat's zone)
        decides which of two equally near dates is suggested.
        """
        plan = Plan()
        totals = dict.fromkeys(Kind, 0)
        for plan in self._attempts.plans(query):
            totals = self._totals(plan)
            if any(totals.values()):
                break
        else:
            return Found(query, (), 0, totals, suggestions=self._attempts.suggestions(query, today))
        tiers = plan.tiers
        if only is not None:
            of_kind = self._clauses.of_kind([only])
            tiers = tuple(replace(one, query=restrict(one.query, [of_kind])) for one in tiers)
        total = sum(totals.values()) if only is None else totals[only]
        wanted = total - offset if limit is None else min(limit, total - offset)
        page = self._page(tiers, max(0, wanted), offset, order)
        hits = tuple(self._hit(match, score, id_, plan.marks) for match, score, id_ in page)
        return Found(query, hits, total, totals, corrected=plan.corrected)

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
        return self._passages(self._clauses.in_body(folded), "oldest") if folded else ()

    def resembling(self, text: str, limit: int = 5) -> tuple[Passage, ...]:
        """The passages that share the most pairs of characters with a text, BM25, best first."""
        pairs = sorted(set(grams(fold(text))))
        if not pairs:
            return ()
        return self._passages(any_of([self._clauses.in_body(pair) for pair in pairs]), None, limit)

    def _passages(
        self, query: Any, order_by: str | None, limit: int | None = None
    ) -> tuple[Passage, ...]:
        most = limit or max(1, self._storage.searcher.num_docs)
        found = self._search(query, most, 0, order_by)
        return tuple(self._passage(self._id(address)) for _, address in found.hits)

    # ------------------------------------------------------------------ pages and counts

    def _totals(self, plan: Plan) -> dict[Kind, int]:
        total = self._clauses.count(plan.every) if plan.tiers else 0
        quotes = total
        if total:
            of_kind = self._clauses.of_kind([Kind.QUOTE])
            quotes = self._clauses.count(restrict(plan.every, [of_kind]))
        return {Kind.QUOTE: quotes, Kind.READING: total - quotes}

    def _page(
        self, tiers: Sequence[Tier], limit: int, offset: int, order: Order
    ) -> list[tuple[Match, float, str]]:
        """(how it matched, score, id) of the hits from `offset`."""
        if limit == 0:
            return []
        if order is not Order.RELEVANCE:
            return self._page_by_date(tiers, limit, offset, _FIELD_OF[order])
        page: list[tuple[Match, float, str]] = []
        for tier in tiers:
            found = self._search(tier.query, limit - len(page), offset, tier.order_by)
            page += [
                (tier.match, 0.0 if tier.order_by else float(score), self._id(address))
                for score, address in found.hits
            ]
            offset = max(0, offset - found.count)
            if len(page) == limit:
                break
        return page

    def _page_by_date(
        self, tiers: Sequence[Tier], limit: int, offset: int, field: str
    ) -> list[tuple[Match, float, str]]:
        every = any_of([tier.query for tier in tiers])
        found = self._search(every, limit, offset, field)
        ids = [self._id(address) for _, address in found.hits]
        how: dict[str, tuple[Match, float]] = {}
        for tier in tiers:
            on_page = restrict(tier.query, [self._clauses.of_ids(ids)])
            here = self._search(on_page, len(ids), 0, None)
            how.update((self._id(address), (tier.match, score)) for score, address in here.hits)
        return [(*how[one], one) for one in ids]

    def _search(self, query: Any, limit: int, offset: int, order_by: str | None) -> Any:
        searcher = self._storage.searcher
        if order_by is None:
            return searcher.search(query, limit, offset=offset)
        up = tantivy.Order.Asc
        return searcher.search(query, limit, order_by_field=order_by, offset=offset, order=up)

    def _hit(self, match: Match, score: float, passage_id: str, marks: Sequence[str]) -> Hit:
        passage = self._passage(passage_id)
        shown = () if match is Match.DATE else marks  # a date is not a place in the text
        return Hit(passage, match, score, cut_snippet(body(passage), shown))

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
        query = restrict(any_of(clauses), [self._clauses.of_kind([kind])])
        query = nothing_of(query, [self._clauses.of_ids([passage_id])])
        near = []
        for score, address in self._storage.searcher.search(query, limit).hits:
            found_id = self._id(address)
            found = self._passage(found_id)
            text = fold("\n".join((body(found), *head(found))))
            both = tuple(word for word in words if word in text)
            near.append((found_id, float(score), both[:_SHOWN_WORDS]))
        return tuple(near)
