"""From a query to tiers, best first: which passages answer, and in which order.

A tier is one way to answer: the exact run as typed, all terms, some terms, the date. A
passage belongs to the first tier that holds it; tiers are disjoint, so they are counted and
paged one after the other, and a looser hit can never stand before a closer one.

What must not live here: what was typed (query), mistakes in it (forgiving).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from bot.model import DateRange, Kind, Match, Query, Term
from bot.search.clauses import (
    EVERYTHING,
    Clauses,
    Filter,
    all_of,
    any_of,
    restrict,
    without,
)
from bot.search.figures import in_other_figures
from bot.search.synonyms import Synonyms
from bot.search.text import fold, mainland
from bot.search.words import STOP_WORDS, Words, says_something

_SOME_SHARE = 0.42  # of what the words of a query tell, that a loose hit must have
_TERM_TELLS = 8.0  # nats, at least, for a term of several characters that occurs as typed
_MOST_WEIGHED = 8  # words of a query: of n, up to n over n/2 combinations can be enough


@dataclass(frozen=True, slots=True)
class Tier:
    """Passages that answer in one way: those of a query for which all filters hold.

    `order_by` names a fast field, else the query's BM25 orders. `kind` is what all of the
    passages are, where that is known. `is_partial` where some of the terms will do. `days` is
    the one range that was asked for, where nothing else was.
    """

    match: Match
    query: Any  # tantivy.Query
    filters: tuple[Filter, ...] = ()
    order_by: str | None = None
    kind: Kind | None = None
    is_partial: bool = False
    days: DateRange | None = None

    @property
    def passages(self) -> int | None:
        """How many they are, where that is known without going through them."""
        telling = [one for one in self.filters if not one.is_empty]
        is_known = self.query is EVERYTHING and len(telling) == 1
        return telling[0].passages if is_known else None

    @property
    def asked(self) -> Any:
        """Query and filters in one, as tantivy is asked."""
        return restrict(self.query, self.filters)

    def beyond(self, filters: Sequence[Filter]) -> Any:
        """What to leave out so that none of these passages is left where the filters hold."""
        return restrict(self.query, [one for one in self.filters if one not in filters])


@dataclass(frozen=True, slots=True)
class Plan:
    """Disjoint tiers, and the folded texts to mark in a snippet, closest first."""

    tiers: tuple[Tier, ...] = ()
    marks: tuple[str, ...] = ()
    corrected: str | None = None

    def matched_as(self, match: Match, corrected: str) -> Plan:
        """The same plan, for a query that was not typed like this."""
        tiers = tuple(replace(tier, match=match) for tier in self.tiers)
        return replace(self, tiers=tiers, corrected=corrected)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term, folded, in the wording that occurs in the corpus, if any does.

    `synonyms` are the folded words that are searched for in its place, `folded` being the
    first; empty where the term stands for itself.
    """

    term: Term
    folded: str
    occurs: bool
    synonyms: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        return self.synonyms or (self.folded,)

    @property
    def is_character(self) -> bool:
        return len(self.folded) == 1


def run_of(wanted: Sequence[Wanted]) -> str:
    """The terms in a row, as typed."""
    return "".join(one.folded for one in wanted)


class Ranking:
    """Makes plans over one index. `words` is asked for only when a term occurs nowhere."""

    def __init__(self, clauses: Clauses, words: Callable[[], Words], synonyms: Synonyms) -> None:
        self._clauses = clauses
        self._words = words
        self._synonyms = synonyms

    def resolve(self, term: Term) -> Wanted:
        """The term as typed; where it occurs nowhere, in other words that do.

        The mainland's wording first, then numbers in other figures, then synonyms: of the
        whole term all that occur, of words within it one each. A phrase has none of these.
        """
        folded = fold(term.text)
        if self._clauses.exists(folded):
            return Wanted(term, folded, occurs=True)
        converted = mainland(term.text)
        if fold(converted) != folded and self._clauses.exists(fold(converted)):
            return Wanted(replace(term, text=converted), fold(converted), occurs=True)
        return Wanted(term, folded, occurs=False) if term.is_phrase else self._reworded(term)

    def _reworded(self, term: Term) -> Wanted:
        for figures in in_other_figures(fold(term.text)):
            if self._clauses.exists(figures):
                return Wanted(replace(term, text=figures), figures, True, (figures,))
        for folded in dict.fromkeys((fold(term.text), fold(mainland(term.text)))):
            same: list[str] = []
            for one in self._synonyms.of(folded):
                is_new = not any(fold(one) in fold(other) for other in same)
                if is_new and self._clauses.occurs(fold(one)):
                    same.append(one)
            if same:
                forms = tuple(map(fold, same))
                return Wanted(replace(term, text="、".join(same)), forms[0], True, forms)
            inside = self._synonyms.reworded(folded, lambda one: self._clauses.occurs(one) > 0)
            if inside != folded:
                occurs = self._clauses.occurs(inside) > 0
                return Wanted(replace(term, text=inside), inside, occurs, (inside,))
        return Wanted(term, fold(term.text), occurs=False)

    def as_typed(self, query: Query, wanted: Sequence[Wanted], *, with_some: bool = True) -> Plan:
        """The run, all terms, and with `with_some` any term; or the date alone."""
        filters = self._filters(query)
        if not wanted:
            only = query.dates[0] if len(query.dates) == 1 else None
            days = only if isinstance(only, DateRange) else None
            dated = Tier(Match.DATE, EVERYTHING, filters, order_by="shelf", days=days)
            return self._plan(query, [dated, *self._literal(query)], [])
        runs = wanted[0].forms if len(wanted) == 1 else (run_of(wanted),)
        containing = any_of([self._clauses.containing(run) for run in runs])
        is_reworded = any(one.synonyms for one in wanted)
        run = Tier(Match.WORDS if is_reworded else Match.EXACT, containing, filters)
        literal = self._literal(query)
        if literal and self._clauses.count(literal[0].query):
            # The whole text stands somewhere: what only has its words is no exact hit.
            run = replace(run, match=Match.WORDS)
        looser, marks = self._looser(query, wanted, filters, with_some=with_some)
        return self._plan(query, [*literal, run, *looser], [*runs, *marks])

    def _looser(
        self,
        query: Query,
        wanted: Sequence[Wanted],
        filters: tuple[Filter, ...],
        *,
        with_some: bool,
    ) -> tuple[list[Tier], list[str]]:
        """What answers less closely than the run, and what to mark in it."""
        if len(wanted) > 1:
            if self._is_cited(query, wanted):
                return [], []
            tiers = self._several(wanted, filters, with_some=with_some)
            return tiers, [form for one in wanted for form in one.forms]
        if wanted[0].occurs or wanted[0].term.is_phrase:
            return [], []
        tiers, marks = [], []
        core = self._core(wanted[0].folded)
        if len(core) > 1:
            tiers.append(Tier(Match.WORDS, self._clauses.containing(core), filters))
            marks.append(core)
        pieces = self.pieces(wanted[0].folded)
        # 新 and 生产力 somewhere is no answer yet to 新生产力: a mistake is likelier.
        if all(len(piece) > 1 for piece in pieces):
            tiers += self._all_pieces(pieces, filters)
            marks += pieces
        return tiers, marks

    def all_words(self, query: Query, wanted: Wanted) -> Plan:
        """Passages with all the words, single characters too, of a term that occurs nowhere."""
        pieces = self.pieces(wanted.folded)
        longer = [piece for piece in pieces if len(piece) > 1 and not piece.isdecimal()]
        tiers = self._all_pieces(pieces, self._filters(query)) if longer else []
        return self._plan(query, tiers, longer)

    def some_words(self, query: Query, wanted: Wanted) -> Plan:
        """Passages with enough of the words of one term that occurs nowhere."""
        pieces = self.pieces(wanted.folded)
        tells = {piece: self._words().information(piece) for piece in pieces}
        known = [piece for piece in pieces if says_something(piece) and self._knows(piece)]
        weighted = [(self._clauses.word(piece), tells[piece]) for piece in known]
        loose = _enough(weighted, _SOME_SHARE * sum(tells.values()))
        if loose is None:
            return Plan()
        return self._plan(query, [Tier(Match.WORDS, loose, self._filters(query))], known)

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

    def _is_cited(self, query: Query, wanted: Sequence[Wanted]) -> bool:
        """Whether the terms are one text with marks in it, no white space, that stands so.

        A piece of a sentence with a comma in it is no list of things looked for.
        """
        if query.dates or query.kinds != frozenset(Kind) or len(query.text.split()) > 1:
            return False
        return self._clauses.occurs(fold(query.literal) or run_of(wanted)) > 0

    def _literal(self, query: Query) -> list[Tier]:
        folded = fold(query.literal)
        return [Tier(Match.EXACT, self._clauses.containing(folded))] if folded else []

    def _several(
        self, wanted: Sequence[Wanted], filters: tuple[Filter, ...], *, with_some: bool
    ) -> list[Tier]:
        each = [(one, self._loose(one)) for one in wanted]
        required = [clause for one, clause in each if one.term.is_phrase]
        found = [clause for _, clause in each if clause is not None]
        tiers = []
        if len(found) == len(each):
            tiers.append(Tier(Match.WORDS, all_of(found), filters))
        if with_some and None not in required:
            loose = self._some(each) if not required else None
            some = [] if loose is None else [loose]
            if required or some:
                some_terms = all_of(required + some)
                tiers.append(Tier(Match.WORDS, some_terms, filters, is_partial=True))
        return tiers

    def _some(self, each: Sequence[tuple[Wanted, Any]]) -> Any:
        """Passages with any of the terms where all occur, else with enough of what they tell.

        Beside longer terms a single character alone would bring in everything.
        """
        longer = [(one, clause) for one, clause in each if not one.is_character]
        if all(one.occurs for one, _ in longer):
            return any_of([clause for _, clause in longer]) if longer else None
        tells = [self._tells(one) for one, _ in longer]
        weighted = [
            (clause, weight)
            for (_, clause), weight in zip(longer, tells, strict=True)
            if clause is not None
        ]
        return _enough(weighted, _SOME_SHARE * sum(tells))

    def _tells(self, wanted: Wanted) -> float:
        told = sum(map(self._words().information, self.pieces(wanted.folded)))
        return max(told, _TERM_TELLS) if wanted.occurs else told or 1.0

    def _loose(self, wanted: Wanted) -> Any:
        """Passages with the term, or else with all its words; None where there are none."""
        if wanted.occurs:
            return any_of([self._clauses.word(form) for form in wanted.forms])
        if wanted.term.is_phrase:
            return None
        pieces = self.pieces(wanted.folded)
        if len(pieces) < 2 or not all(map(self._knows, pieces)):
            return None
        return all_of([self._clauses.word(piece) for piece in pieces])

    def _all_pieces(self, pieces: Sequence[str], filters: tuple[Filter, ...]) -> list[Tier]:
        if not pieces or not all(map(self._knows, pieces)):
            return []
        every = all_of([self._clauses.word(piece) for piece in pieces])
        return [Tier(Match.WORDS, every, filters)]

    def _filters(self, query: Query) -> tuple[Filter, ...]:
        filters = [self._clauses.of_kind(kind) for kind in query.kinds if len(query.kinds) == 1]
        if query.dates:
            filters.append(self._clauses.dated(query.dates))
        return tuple(filters)

    def _plan(self, query: Query, tiers: Sequence[Tier], marks: Sequence[str]) -> Plan:
        """Make the tiers disjoint and leave out what the query excludes."""
        excluded = [
            self._clauses.containing(folded)
            for folded in (fold(term.text) for term in query.excluded)
            if folded
        ]
        if not tiers:
            return Plan()
        kinds = self._kinds(query.first) if query.first else {}
        disjoint: list[Tier] = []
        for at, tier in enumerate(tiers):
            seen = (earlier.beyond(tier.filters) for earlier in tiers[:at])
            alone = replace(tier, filters=(*tier.filters, without([*excluded, *seen])))
            apart = [
                replace(alone, filters=(*alone.filters, of_kind), kind=kind)
                for kind, of_kind in kinds.items()
            ]
            disjoint += apart or [alone]
        literal = [fold(query.literal)] if query.literal else []
        return Plan(tuple(disjoint), tuple(dict.fromkeys([*literal, *marks])))

    def _kinds(self, first: Kind) -> dict[Kind, Filter]:
        """Each kind's passages, in the order in which they are to be shown."""
        return {kind: self._clauses.of_kind(kind) for kind in (first, *(set(Kind) - {first}))}


def _enough(weighted: Sequence[tuple[Any, float]], needed: float) -> Any:
    """Passages that match clauses of at least the weight needed, ranked by all they match.

    None where even all together weigh too little. Only the heaviest few are asked for.
    """
    heaviest = sorted(weighted, key=lambda one: -one[1])[:_MOST_WEIGHED]
    sets: list[frozenset[int]] = []  # the smallest that weigh enough
    for size in range(1, len(heaviest) + 1):
        for chosen in combinations(range(len(heaviest)), size):
            heavy = sum(heaviest[at][1] for at in chosen) >= needed
            if heavy and not any(one.issubset(chosen) for one in sets):
                sets.append(frozenset(chosen))
    if not sets:
        return None
    condition = any_of([all_of([heaviest[at][0] for at in sorted(one)]) for one in sets])
    return restrict(any_of([clause for clause, _ in weighted]), [Filter((condition,))])
