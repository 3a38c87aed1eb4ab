"""From tiers to one page of hits and the totals: how much of the index is read for it.

Tiers are read in order until the page is full and all hits are counted, or `ENOUGH` are:
beyond that a total is a lower bound, and the page says so. In an index with a front (see
storage) a tier with enough hits there is answered from there, best first, and goes on in
the rest: with thousands of hits nobody can tell the ten best from ten of the best, and the
cost stays what it is for 131,072 passages. With fewer hits all passages are ranked.

So every hit is on some page, none on two, and only the order of very many depends on age.

What must not live here: which passages answer (ranking), what is shown of them (snippet).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import tantivy

from bot.model import Corpus, DateRange, Kind, Match, Order, Passage, Quote
from bot.search.clauses import NOTHING, Clauses, Filter, any_of, count, restrict
from bot.search.ranking import Plan, Tier

ENOUGH = 1000

_FIELD_OF = {Order.NEWEST: "newest", Order.OLDEST: "oldest"}


@dataclass(frozen=True, slots=True)
class Row:
    """A passage on a page, how it matched, and its BM25 score (0 where the date orders)."""

    match: Match
    score: float
    passage: Passage


@dataclass(frozen=True, slots=True)
class Page:
    """`totals` are lower bounds where `is_least`.

    `is_partial` where even the best hits have some of the terms only; by date never told.
    """

    rows: tuple[Row, ...]
    totals: Mapping[Kind, int]
    is_least: bool = False
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """The hits of a tier in a searcher: how many there are, limited to a kind if one was wanted."""

    tier: Tier
    searcher: Any
    hits: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Hits, with their scores or sort keys, and how many there are on all pages."""

    hits: Sequence[tuple[Any, Any]]
    count: int


@dataclass(slots=True)
class _Gathered:
    """Rows so far, hits so far, and where they were counted."""

    rows: list[Row] = field(default_factory=list)
    seen: int = 0
    sources: list[_Source] = field(default_factory=list)


class Pages:
    """Reads pages from one index."""

    def __init__(self, corpus: Corpus, clauses: Clauses) -> None:
        self._corpus = corpus
        self._clauses = clauses
        self._storage = clauses.storage

    def read(
        self, plan: Plan, *, limit: int | None, offset: int, order: Order, only: Kind | None
    ) -> Page:
        """The hits of a plan from `offset`; `limit` None is all, and then totals are exact.

        `only` limits the rows to a kind; `totals` still counts both.
        """
        if order is not Order.RELEVANCE:
            return self._by_date(plan, limit, offset, _FIELD_OF[order], only)
        gathered = _Gathered()
        is_least = False
        tiers = [tier for tier in plan.tiers if tier.asked is not NOTHING]
        for number, tier in enumerate(tiers):
            for has_more in self._gather(gathered, tier, limit, offset, only):
                if limit is not None and gathered.seen >= max(ENOUGH, offset + limit + 1):
                    is_least = has_more or number + 1 < len(tiers)
                    break
            if is_least:
                break
        best = next((source.tier for source in gathered.sources if source.hits), None)
        is_partial = best is not None and best.is_partial
        return Page(tuple(gathered.rows), self._totals(gathered, only), is_least, is_partial)

    def _gather(
        self,
        gathered: _Gathered,
        tier: Tier,
        limit: int | None,
        offset: int,
        only: Kind | None,
    ) -> Iterator[bool]:
        """Gather the hits of a tier, in one step or two; after each, whether another follows."""
        query = self._limited(tier, only)
        front, rest, everything = self._storage.front, self._storage.rest, self._storage.searcher

        def found_in(searcher: Any) -> Any:
            wanted = count(searcher, query) if limit is None else limit - len(gathered.rows)
            start = max(0, offset - gathered.seen)
            if front is not None and tier.days is not None and tier.kind is Kind.QUOTE:
                return self._by_day(tier, tier.days, only, wanted, start)
            return search(searcher, query, wanted, start, tier.order_by)

        def take(searcher: Any, found: Any) -> None:
            room = None if limit is None else limit - len(gathered.rows)
            gathered.rows += [
                Row(tier.match, 0.0 if tier.order_by else float(key), passage)
                for key, passage in self._passages(searcher, found.hits[:room])
            ]
            gathered.seen += found.count
            gathered.sources.append(_Source(tier, searcher, found.count))

        if front is not None and limit is not None and not tier.order_by:
            found = found_in(front)
            if found.count >= ENOUGH:
                take(front, found)
                yield True
                take(rest, found_in(rest))
                yield False
                return
        take(everything, found_in(everything))
        yield False

    def _by_day(
        self, tier: Tier, days: DateRange, only: Kind | None, limit: int, offset: int
    ) -> _Found:
        """The quotations of a range of days: those of its first days, where these are enough.

        Each is of one day, so nothing later stands before them. To sort all passages of many
        years takes 10 ms for a million, and to count them 8 where that is not known.
        """
        everything, query = self._storage.searcher, self._limited(tier, only)
        for first_days in self._clauses.first_days(days):
            early = replace(tier, filters=(first_days, *tier.filters))
            found = search(everything, self._limited(early, only), limit, offset, tier.order_by)
            if found.count >= offset + limit:
                known = tier.passages
                return _Found(found.hits, count(everything, query) if known is None else known)
        found = search(everything, query, limit, offset, tier.order_by)
        return _Found(found.hits, found.count)

    def _totals(self, gathered: _Gathered, only: Kind | None) -> dict[Kind, int]:
        if only is not None:
            (other,) = set(Kind) - {only}
            return {only: gathered.seen, other: self._count(gathered.sources, other)}
        if gathered.seen == len(gathered.rows):
            quotes = sum(_kind(row.passage) is Kind.QUOTE for row in gathered.rows)
            return {Kind.QUOTE: quotes, Kind.READING: gathered.seen - quotes}
        totals = dict.fromkeys(Kind, 0)
        mixed = []
        for source in gathered.sources:
            if source.tier.kind is None:
                mixed.append(source)
            else:
                totals[source.tier.kind] += source.hits
        having = self._storage.searcher.doc_freq
        rarer, other = sorted(Kind, key=lambda kind: int(having("kind", kind)))
        of_rarer = self._count(mixed, rarer)  # the less to go through
        totals[rarer] += of_rarer
        totals[other] += sum(source.hits for source in mixed) - of_rarer
        return totals

    def _count(self, sources: Sequence[_Source], kind: Kind) -> int:
        """How many of a kind were among the hits of these."""
        total = 0
        for searcher in dict.fromkeys(source.searcher for source in sources):
            tiers = [source.tier.asked for source in sources if source.searcher is searcher]
            total += count(searcher, restrict(any_of(tiers), [self._clauses.of_kind(kind)]))
        return total

    def _by_date(
        self, plan: Plan, limit: int | None, offset: int, order_by: str, only: Kind | None
    ) -> Page:
        everything = self._storage.searcher
        every = Tier(Match.DATE, any_of([tier.asked for tier in plan.tiers]), order_by=order_by)
        totals = {kind: count(everything, self._limited(every, kind)) for kind in Kind}
        wanted = sum(totals.values()) if limit is None else limit
        found = search(everything, self._limited(every, only), wanted, offset, order_by)
        passages = [passage for _, passage in self._passages(everything, found.hits[:wanted])]
        on_page = Filter((self._clauses.of_ids([passage.id for passage in passages]),))
        how: dict[str, tuple[Match, float]] = {}
        for tier in plan.tiers if passages else ():
            asked = restrict(tier.query, [*tier.filters, on_page])
            here = search(everything, asked, len(passages), 0, None)
            how.update(
                (passage.id, (tier.match, float(score)))
                for score, passage in self._passages(everything, here.hits)
            )
        return Page(tuple(Row(*how[passage.id], passage) for passage in passages), totals)

    def _limited(self, tier: Tier, only: Kind | None) -> Any:
        if only is None:
            return tier.asked
        return restrict(tier.query, [*tier.filters, self._clauses.of_kind(only)])

    def _passages(
        self, searcher: Any, hits: Sequence[tuple[Any, Any]]
    ) -> Iterator[tuple[Any, Passage]]:
        """Scores or sort keys, with the passages at the addresses."""
        for key, address in hits:
            passage_id = self._storage.passage_id(address, searcher)
            yield key, self._storage.passage(self._corpus, passage_id)


def _kind(passage: Passage) -> Kind:
    return Kind.QUOTE if isinstance(passage, Quote) else Kind.READING


def search(searcher: Any, query: Any, limit: int, offset: int, order_by: str | None) -> Any:
    """tantivy's hits, by score or ascending by a fast field; at least one is asked for."""
    limit = max(1, limit)
    if order_by is None:
        return searcher.search(query, limit, offset=offset)
    up = tantivy.Order.Asc
    return searcher.search(query, limit, order_by_field=order_by, offset=offset, order=up)
