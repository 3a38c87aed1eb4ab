"""The one door to search: `open_index`, `Index.find`, readings near a quotation.

Why tantivy over pairs of characters, and not FTS5 over the same (figures: one core, worst
query of the class, from the design's measurements): both find 400 of 400 random substrings,
where jieba's words alone find 118; but FTS5 ranks every hit of a common phrase in 1240 ms at
a million passages (168 ms at 100,000), and capped at the first 300 by rowid it is fast while
its top ten share 0.09 with the full ranking. tantivy ranks all hits in at most 77 ms (7.3 ms
at 100,000), builds faster, and its index is half the size. Complete ranking decided;
simplicity then left out a third field of jieba's words, for a phrase of pairs weighs as one
word (`clauses.Clauses.word`). On the shipped corpus a query takes well under a millisecond.

What must not live here: how a query is understood (query), how passages rank (ranking).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import tantivy

from bot.model import (
    Corpus,
    DateRange,
    Found,
    Hit,
    Kind,
    Match,
    Nearby,
    Order,
    Passage,
    Query,
    Term,
    When,
    YearlyDate,
)
from bot.search.clauses import Clauses, any_of, nothing_of, restrict
from bot.search.forgiving import Forgiving
from bot.search.ranking import Plan, Ranking, Tier, Wanted
from bot.search.snippet import cut_snippet
from bot.search.storage import Storage, body, head, open_storage
from bot.search.text import fold, fold_with_origin
from bot.search.words import Words, load_words

_SUGGESTIONS = 6
_SUGGESTED_DATES = 3
_NEAR_READINGS = 20
_NEAR_WORDS = 24  # of a passage, heaviest first, that others are compared by
_SHOWN_WORDS = 3  # as the reason why a reading is near
_FEWEST_SURE_CHARACTERS = 5
_FIELD_OF = {Order.NEWEST: "newest", Order.OLDEST: "oldest"}


def open_index(corpus: Corpus, directory: Path) -> Index:
    """The index of a corpus, kept in `directory` and built only when the corpus changed.

    `directory` is made if need be; where it cannot be written the index is in memory.
    """
    return Index(corpus, open_storage(corpus, directory))


class Index:
    """Finds passages of one corpus. Never changes; safe to share between threads."""

    def __init__(self, corpus: Corpus, storage: Storage) -> None:
        self._corpus = corpus
        self._storage = storage
        self._clauses = Clauses(storage)
        self._ranking = Ranking(self._clauses, lambda: self._words)
        self._similar = lru_cache(maxsize=256)(self._find_similar)

    @cached_property
    def _words(self) -> Words:
        return load_words(self._corpus, self._storage.directory)

    @cached_property
    def _forgiving(self) -> Forgiving:
        return Forgiving(self._words, self._clauses, self._folded_texts)

    def warm(self) -> None:
        """Load what only loose and mistyped queries need, so that no person waits for it.

        Up to 3 s of CPU after a change of the corpus, a few ms afterwards.
        """
        _ = self._forgiving

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
        for plan in self._attempts(query):
            totals = self._totals(plan.tiers)
            if any(totals.values()):
                break
        else:
            return Found(query, (), 0, totals, suggestions=self._suggestions(query, today))
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

        BM25 of the quotation's heaviest words; empty for an unknown id.
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

    # -------------------------------------------------------------- attempts at an answer

    def _attempts(self, query: Query) -> Iterator[Plan]:
        """Plans to try one after the other until one has hits, closest first."""
        wanted = [self._ranking.resolve(term) for term in query.terms]
        is_pinyin = len(wanted) > 1 and all(
            one.folded.isascii() and one.folded.isalpha() for one in wanted
        )
        if len(wanted) == 1 and not wanted[0].occurs and not query.literal:
            yield from self._surely_meant(query, wanted)
        plan = self._ranking.as_typed(query, wanted, with_some=not is_pinyin)
        yield replace(plan, corrected=_reworded(query, wanted))
        if all(one.occurs for one in wanted):
            return
        if is_pinyin:
            joined = Wanted(Term("".join(one.term.text for one in wanted)), _run(wanted), False)
            yield from self._corrected(query, [joined], Match.PINYIN, self._forgiving.by_sound)
            yield self._ranking.as_typed(query, wanted)
        yield from self._put_right(query, wanted)
        if len(wanted) == 1 and not wanted[0].term.is_phrase:
            yield self._ranking.all_words(query, wanted[0])
            yield self._ranking.some_words(query, wanted[0])

    def _surely_meant(self, query: Query, wanted: Sequence[Wanted]) -> Iterator[Plan]:
        """Mistakes that are likelier than that the words of the term were meant apart.

        Five characters in a row that sound the same (战略性新型产业), two that are swapped,
        or one off where the term does not fall into words as it is.
        """
        folded = wanted[0].folded
        if len(folded) >= _FEWEST_SURE_CHARACTERS:
            yield from self._corrected(query, wanted, Match.PINYIN, self._forgiving.by_sound)
            if not self._words.knows_all(folded):
                yield from self._corrected(query, wanted, Match.FUZZY, self._forgiving.one_off)
        yield from self._corrected(query, wanted, Match.FUZZY, self._forgiving.swapped)

    def _put_right(self, query: Query, wanted: Sequence[Wanted]) -> Iterator[Plan]:
        yield from self._corrected(query, wanted, Match.PINYIN, self._forgiving.by_sound)
        yield from self._corrected(query, wanted, Match.FUZZY, self._forgiving.one_off)

    def _corrected(
        self,
        query: Query,
        wanted: Sequence[Wanted],
        match: Match,
        guess_of: Callable[[str], str | None],
    ) -> Iterator[Plan]:
        """The query with every term that occurs nowhere put right, if all can be.

        A phrase is never put right: it was asked for exactly.
        """
        mended: list[Wanted] = []
        for one in wanted:
            if one.occurs:
                mended.append(one)
                continue
            guess = None if one.term.is_phrase else guess_of(one.folded)
            if guess is None:
                return
            text = self._spelling(guess)
            mended.append(Wanted(replace(one.term, text=text), guess, occurs=True))
        plan = self._ranking.as_typed(replace(query, literal=""), mended, with_some=False)
        yield plan.matched_as(match, " ".join(one.term.text for one in mended))

    def _spelling(self, folded: str) -> str:
        """A folded text as the corpus writes it, where it does so without marks between."""
        found = self._storage.searcher.search(self._clauses.containing(folded), 1)
        for _, address in found.hits:
            passage = self._passage(self._id(address))
            for text in (body(passage), *head(passage)):
                for start, end in fold_with_origin(text).spans(folded):
                    if end - start == len(folded):
                        return text[start:end]
        return folded

    # ------------------------------------------------------------------ pages and counts

    def _totals(self, tiers: Sequence[Tier]) -> dict[Kind, int]:
        if not tiers:
            return dict.fromkeys(Kind, 0)
        every = any_of([tier.query for tier in tiers])
        total = self._clauses.count(every)
        quotes = total
        if total:
            quotes = self._clauses.count(restrict(every, [self._clauses.of_kind([Kind.QUOTE])]))
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
        return str(self._storage.searcher.doc(address).get_first("id"))

    def _passage(self, passage_id: str) -> Passage:
        passage = self._corpus.passage(passage_id)
        if passage is None:
            raise LookupError(f"the index has {passage_id}, the corpus it was built from has not")
        return passage

    def _folded_texts(self, clause: Any, limit: int) -> Iterable[str]:
        for _, address in self._storage.searcher.search(clause, limit).hits:
            passage = self._passage(self._id(address))
            yield from (fold(text) for text in (body(passage), *head(passage)))

    # ------------------------------------------------------------------------- near by

    def _find_similar(
        self, passage_id: str, kind: Kind, limit: int
    ) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
        """(id, BM25, shared words) of the passages of a kind that are nearest to a passage."""
        passage = self._corpus.passage(passage_id)
        if passage is None:
            return ()
        words = sorted(
            (word for word in self._words.content(body(passage)) if word in self._words.frequency),
            key=lambda word: -self._words.weight(word),
        )[:_NEAR_WORDS]
        if not words:
            return ()
        query = restrict(
            any_of([self._clauses.word(word) for word in words]), [self._clauses.of_kind([kind])]
        )
        query = nothing_of(query, [self._clauses.of_ids([passage_id])])
        near = []
        for score, address in self._storage.searcher.search(query, limit).hits:
            found_id = self._id(address)
            found = self._passage(found_id)
            text = fold("\n".join((body(found), *head(found))))
            shared = tuple(word for word in words if word in text)[:_SHOWN_WORDS]
            near.append((found_id, float(score), shared))
        return tuple(near)

    # ---------------------------------------------------------------------- suggestions

    def _suggestions(self, query: Query, today: date) -> tuple[str, ...]:
        """Queries near this one that do find something, nearest first."""
        offered: list[str] = []
        wanted = [self._ranking.resolve(term) for term in query.terms]
        if wanted and all(one.occurs for one in wanted):
            # The words are there, only not with this date, kind or exclusion.
            words = " ".join(_quoted(one.term) for one in wanted)
            offered.append(words)
            offered += [_quoted(one.term) for one in wanted if len(wanted) > 1]
        for one in wanted:
            if not one.occurs:
                meant = self._forgiving.by_sound(one.folded), self._forgiving.one_off(one.folded)
                near = self._forgiving.nearest(one.folded, self._corpus.topics)
                guesses = [guess for guess in meant if guess is not None]
                offered += [self._spelling(fold(text)) for text in (*guesses, *near)]
        if query.dates:
            offered += self._nearest_dates(query.dates, today)
        if not offered:
            offered += self._corpus.topics
        found = (text for text in dict.fromkeys(offered) if self._has_hits(text))
        return tuple(text for text, _ in zip(found, range(_SUGGESTIONS), strict=False))

    def _has_hits(self, text: str) -> bool:
        return text[:1].isdigit() or bool(self._clauses.occurs(fold(text.split(" ")[0])))

    def _nearest_dates(self, dates: Sequence[When], today: date) -> list[str]:
        """The days with a quotation that are nearest to any of the dates."""
        days = {quote.said_on for quote in self._corpus.quotes}

        def distance(day: date) -> tuple[int, int]:
            return min(_days_between(when, day) for when in dates), abs((today - day).days)

        nearest = sorted(days, key=distance)[:_SUGGESTED_DATES]
        return [f"{day.year}年{day.month}月{day.day}日" for day in nearest]


def _run(wanted: Sequence[Wanted]) -> str:
    return "".join(one.folded for one in wanted)


def _reworded(query: Query, wanted: Sequence[Wanted]) -> str | None:
    """What is searched for where Taiwan's wording was made the mainland's, else None."""
    if query.terms == tuple(one.term for one in wanted):
        return None
    return " ".join(one.term.text for one in wanted)


def _quoted(term: Term) -> str:
    return f"“{term.text}”" if term.is_phrase else term.text


def _days_between(when: When, day: date) -> int:
    """Days from a date asked for to a day: 0 inside, over the turn of the year if nearer."""
    if isinstance(when, YearlyDate):
        of_year = (day - date(day.year, 1, 1)).days
        asked = (date(2024, when.month, when.day or 15) - date(2024, 1, 1)).days
        apart = abs(of_year - asked)
        return min(apart, 366 - apart)
    assert isinstance(when, DateRange)
    if when.start is not None and day < when.start:
        return (when.start - day).days
    if when.end is not None and day > when.end:
        return (day - when.end).days
    return 0
