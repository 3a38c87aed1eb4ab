"""From a query to tiers, best first: which passages answer, and in which order.

A tier is one way to answer: the exact run as typed, all terms, some terms, the date. A
passage belongs to the first tier that holds it; tiers are disjoint, so they are counted and
paged one after the other, and a looser hit can never stand before a closer one.

What must not live here: what was typed (query), mistakes in it (forgiving).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.model import Kind, Match, Query, Term
from bot.search.clauses import (
    Clauses,
    all_of,
    any_of,
    at_least,
    everything,
    nothing_of,
    restrict,
)
from bot.search.text import fold, mainland
from bot.search.words import STOP_WORDS, Words, says_something

_SOME_SHARE = 0.5  # of the weight of a sentence's words, that a loose hit must have


@dataclass(frozen=True, slots=True)
class Tier:
    """Passages that answer in one way. `order_by` names a fast field, else BM25 orders."""

    match: Match
    query: Any  # tantivy.Query
    order_by: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Disjoint tiers, and the folded texts to mark in a snippet, closest first.

    `every` is all of the tiers together; None where there is no tier.
    """

    tiers: tuple[Tier, ...] = ()
    every: Any = None  # tantivy.Query
    marks: tuple[str, ...] = ()
    corrected: str | None = None

    def matched_as(self, match: Match, corrected: str) -> Plan:
        """The same plan, for a query that was not typed like this."""
        tiers = tuple(replace(tier, match=match) for tier in self.tiers)
        return replace(self, tiers=tiers, corrected=corrected)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term, folded, in the wording that occurs in the corpus, if any does."""

    term: Term
    folded: str
    occurs: bool

    @property
    def is_character(self) -> bool:
        return len(self.folded) == 1


def run_of(wanted: Sequence[Wanted]) -> str:
    """The terms in a row, as typed."""
    return "".join(one.folded for one in wanted)


class Ranking:
    """Makes plans over one index. `words` is asked for only when a term occurs nowhere."""

    def __init__(self, clauses: Clauses, words: Callable[[], Words]) -> None:
        self._clauses = clauses
        self._words = words

    def resolve(self, term: Term) -> Wanted:
        """The term as typed, or in the mainland's wording where only that occurs."""
        folded = fold(term.text)
        if self._clauses.occurs(folded):
            return Wanted(term, folded, occurs=True)
        converted = mainland(term.text)
        if fold(converted) != folded and self._clauses.occurs(fold(converted)):
            return Wanted(replace(term, text=converted), fold(converted), occurs=True)
        return Wanted(term, folded, occurs=False)

    def as_typed(self, query: Query, wanted: Sequence[Wanted], *, with_some: bool = True) -> Plan:
        """The run, all terms, and with `with_some` any term; or the date alone."""
        filters = self._filters(query)
        if not wanted:
            order = Tier(Match.DATE, restrict(everything(), filters), order_by="shelf")
            return self._plan(query, [order, *self._literal(query)], [])
        run = Tier(Match.EXACT, restrict(self._clauses.containing(run_of(wanted)), filters))
        literal = self._literal(query)
        if literal and self._clauses.count(literal[0].query):
            # The whole text stands somewhere: what only has its words is no exact hit.
            run = replace(run, match=Match.WORDS)
        tiers = [*literal, run]
        marks = [one.folded for one in wanted]
        if len(wanted) > 1:
            tiers += self._looser(wanted, filters, with_some=with_some)
            marks.insert(0, run_of(wanted))
        elif not wanted[0].occurs and not wanted[0].term.is_phrase:
            pieces = self.pieces(wanted[0].folded)
            core = self._core(wanted[0].folded)
            if len(core) > 1:
                tiers.append(Tier(Match.WORDS, restrict(self._clauses.containing(core), filters)))
                marks.append(core)
            # 新 and 生产力 somewhere is no answer yet to 新生产力: a mistake is likelier.
            if all(len(piece) > 1 for piece in pieces):
                tiers += self._all_pieces(pieces, filters)
                marks += pieces
        return self._plan(query, tiers, marks)

    def all_words(self, query: Query, wanted: Wanted) -> Plan:
        """Passages with all the words, single characters too, of a term that occurs nowhere."""
        pieces = self.pieces(wanted.folded)
        longer = [piece for piece in pieces if len(piece) > 1]
        tiers = self._all_pieces(pieces, self._filters(query)) if longer else []
        return self._plan(query, tiers, longer)

    def some_words(self, query: Query, wanted: Wanted) -> Plan:
        """Passages with half of the weight of the words of one term that occurs nowhere."""
        pieces = self.pieces(wanted.folded)
        words = self._words()
        weights = {piece: words.weight(piece) for piece in pieces}
        known = [piece for piece in pieces if says_something(piece) and self._knows(piece)]
        known.sort(key=lambda piece: -weights[piece])
        needed, gathered = 0, 0.0
        while gathered < _SOME_SHARE * sum(weights.values()):
            if needed == len(known):
                return Plan()
            gathered += weights[known[needed]]
            needed += 1
        if not known or needed == 0:
            return Plan()
        loose = at_least(needed, [self._clauses.word(piece) for piece in known])
        tier = Tier(Match.WORDS, restrict(loose, self._filters(query)))
        return self._plan(query, [tier], known)

    def pieces(self, folded: str) -> list[str]:
        """The words of a term that must be there for the term to be answered."""
        every = self._words().split(folded)
        kept = [piece for piece in every if piece not in STOP_WORDS]
        return list(dict.fromkeys(kept))

    def _core(self, folded: str) -> str:
        """The term without what only asks around it: 怎么发展新质生产力 -> 发展新质生产力."""
        every = list(self._words().split(folded))
        while every and every[0] in STOP_WORDS:
            del every[0]
        while every and every[-1] in STOP_WORDS:
            del every[-1]
        return "".join(every)

    def _knows(self, piece: str) -> bool:
        return piece in self._words().frequency

    def _literal(self, query: Query) -> list[Tier]:
        folded = fold(query.literal)
        return [Tier(Match.EXACT, self._clauses.containing(folded))] if folded else []

    def _looser(
        self, wanted: Sequence[Wanted], filters: Sequence[Any], *, with_some: bool
    ) -> list[Tier]:
        each = [(one, self._loose(one)) for one in wanted]
        required = [clause for one, clause in each if one.term.is_phrase]
        found = [clause for _, clause in each if clause is not None]
        tiers = []
        if len(found) == len(each):
            tiers.append(Tier(Match.WORDS, restrict(all_of(found), filters)))
        if with_some and None not in required:
            # Beside longer terms a single character alone would bring in everything.
            longer = [
                clause
                for one, clause in each
                if clause is not None and not one.term.is_phrase and not one.is_character
            ]
            some = [any_of(longer)] if longer and not required else []
            if required or some:
                tiers.append(Tier(Match.WORDS, restrict(all_of(required + some), filters)))
        return tiers

    def _loose(self, wanted: Wanted) -> Any:
        """Passages with the term, or else with all its words; None where there are none."""
        if wanted.occurs:
            return self._clauses.word(wanted.folded)
        if wanted.term.is_phrase:
            return None
        pieces = self.pieces(wanted.folded)
        if len(pieces) < 2 or not all(map(self._knows, pieces)):
            return None
        return all_of([self._clauses.word(piece) for piece in pieces])

    def _all_pieces(self, pieces: Sequence[str], filters: Sequence[Any]) -> list[Tier]:
        if not pieces or not all(map(self._knows, pieces)):
            return []
        every = all_of([self._clauses.word(piece) for piece in pieces])
        return [Tier(Match.WORDS, restrict(every, filters))]

    def _filters(self, query: Query) -> list[Any]:
        filters = []
        if query.kinds != frozenset(Kind):
            filters.append(self._clauses.of_kind(query.kinds))
        if query.dates:
            filters.append(self._clauses.dated(query.dates))
        return filters

    def _plan(self, query: Query, tiers: Sequence[Tier], marks: Sequence[str]) -> Plan:
        """Make the tiers disjoint and leave out what the query excludes."""
        excluded = [
            self._clauses.containing(folded)
            for folded in (fold(term.text) for term in query.excluded)
            if folded
        ]
        if not tiers:
            return Plan()
        disjoint, seen = [], list(excluded)
        for tier in tiers:
            disjoint.append(replace(tier, query=nothing_of(tier.query, seen)))
            seen.append(tier.query)
        every = nothing_of(any_of([tier.query for tier in tiers]), excluded)
        literal = [fold(query.literal)] if query.literal else []
        return Plan(tuple(disjoint), every, tuple(dict.fromkeys([*literal, *marks])))
