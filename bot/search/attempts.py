"""What is tried, one plan after another, until something is found; what is offered if not.

The order is the promise: as typed; then, only where that finds nothing, put right by sound
or by one character; then looser. What is likelier meant than the words as typed apart
(`_surely_meant`) is tried first where the term itself stands nowhere.

What must not live here: how plans rank (ranking), how guesses are made (forgiving).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from bot.errors import QueryError
from bot.model import Corpus, DateRange, Match, Query, Term, When, YearlyDate
from bot.search.clauses import Clauses
from bot.search.dates import scan
from bot.search.documents import body, head
from bot.search.forgiving import Forgiving
from bot.search.ranking import Plan, Ranking, Tier, Wanted, run_of
from bot.search.synonyms import Synonyms
from bot.search.text import fold, fold_with_origin
from bot.search.words import Words

_SUGGESTIONS = 6
_SUGGESTED_DATES = 3
_FEWEST_SURE_CHARACTERS = 5


@dataclass(frozen=True, slots=True)
class _Guess:
    match: Match
    folded: str


def _guess(match: Match, folded: str | None) -> _Guess | None:
    return None if folded is None else _Guess(match, folded)


class Attempts:
    """Plans and suggestions over one index; `words` is called only when they are needed."""

    def __init__(
        self, corpus: Corpus, clauses: Clauses, words: Callable[[], Words], synonyms: Synonyms
    ) -> None:
        self._corpus = corpus
        self._clauses = clauses
        self._storage = clauses.storage
        self._get_words = words
        self._ranking = Ranking(clauses, words, synonyms)

    @cached_property
    def _forgiving(self) -> Forgiving:
        return Forgiving(self._get_words(), self._clauses, self._folded_texts)

    def warm(self) -> None:
        """Load words and their sounds."""
        _ = self._forgiving

    def plans(self, query: Query) -> Iterator[Plan]:
        """Plans to try one after the other until one has hits, closest first."""
        named = self._named(query.text.casefold())
        if named:
            yield Plan((Tier(Match.EXACT, self._clauses.of_ids(named), order_by="shelf"),))
        wanted = [self._ranking.resolve(term) for term in query.terms]
        is_pinyin = len(wanted) > 1 and all(
            one.folded.isascii() and one.folded.isalpha() for one in wanted
        )
        is_known = all(one.occurs for one in wanted)
        if len(wanted) == 1 and not is_known and not (query.literal and self._stands(query)):
            yield from self._surely_meant(query, wanted)
        plan = self._ranking.as_typed(query, wanted, with_some=is_known)
        yield replace(plan, corrected=_reworded(query, wanted))
        if is_known:
            return
        if is_pinyin:
            joined = Wanted(Term("".join(one.term.text for one in wanted)), run_of(wanted), False)
            yield from self._corrected(query, [joined], self._by_sound)
        yield from self._corrected(query, wanted, self._by_sound, self._one_off)
        if len(wanted) > 1:
            plan = self._ranking.as_typed(query, wanted)
            yield replace(plan, corrected=_reworded(query, wanted))
        elif not wanted[0].term.is_phrase:
            reworded = _reworded(query, wanted)
            yield replace(self._ranking.all_words(query, wanted[0]), corrected=reworded)
            yield replace(self._ranking.some_words(query, wanted[0]), corrected=reworded)

    def _named(self, passage_id: str) -> tuple[str, ...]:
        """The passage of this id, or the sections of the article: answers show ids to be cited."""
        if self._corpus.passage(passage_id) is not None:
            return (passage_id,)
        article = self._corpus.article(passage_id) if passage_id.startswith("a-") else None
        return tuple(section.id for section in article.sections) if article else ()

    def _stands(self, query: Query) -> bool:
        return self._clauses.occurs(fold(query.literal)) > 0

    def _surely_meant(self, query: Query, wanted: Sequence[Wanted]) -> Iterator[Plan]:
        """Mistakes that are likelier than that the words of the term were meant apart.

        A word of four characters that sounds like it (人工只能), five characters in a row
        that sound alike (战略性新型产业), two that are swapped, or one off where the term
        does not fall into words as it is.
        """
        folded = wanted[0].folded
        yield from self._corrected(query, wanted, self._same_word)
        if len(folded) >= _FEWEST_SURE_CHARACTERS:
            yield from self._corrected(query, wanted, self._by_sound)
            if not self._get_words().knows_all(folded):
                yield from self._corrected(query, wanted, self._one_off)
        yield from self._corrected(query, wanted, self._swapped)

    def _by_sound(self, folded: str) -> _Guess | None:
        return _guess(Match.PINYIN, self._forgiving.by_sound(folded))

    def _same_word(self, folded: str) -> _Guess | None:
        return _guess(Match.PINYIN, self._forgiving.same_word(folded))

    def _one_off(self, folded: str) -> _Guess | None:
        return _guess(Match.FUZZY, self._forgiving.one_off(folded))

    def _swapped(self, folded: str) -> _Guess | None:
        return _guess(Match.FUZZY, self._forgiving.swapped(folded))

    def _corrected(
        self,
        query: Query,
        wanted: Sequence[Wanted],
        *guesses: Callable[[str], _Guess | None],
    ) -> Iterator[Plan]:
        """The query with the terms that occur nowhere put right, each by the first guess.

        A phrase is never put right: it was asked for exactly. What cannot be put right
        stays, and then enough of the others will do.
        """
        mended: list[Wanted] = []
        how: set[Match] = set()
        for one in wanted:
            if one.occurs or one.term.is_phrase:
                mended.append(one)
                continue
            each = (guess(one.folded) for guess in guesses)
            guess = next((found for found in each if found is not None), None)
            if guess is None:
                mended.append(one)
                continue
            how.add(guess.match)
            text = self._spelling(guess.folded)
            mended.append(Wanted(replace(one.term, text=text), guess.folded, occurs=True))
        if not how:
            return
        plan = self._ranking.as_typed(replace(query, literal=""), mended)
        match = Match.FUZZY if Match.FUZZY in how else Match.PINYIN
        yield plan.matched_as(match, " ".join(one.term.text for one in mended))

    def _spelling(self, folded: str) -> str:
        """A folded text as the corpus writes it, where it does so without marks between."""
        found = self._storage.searcher.search(self._clauses.containing(folded), 1)
        for _, address in found.hits:
            passage = self._storage.passage(self._corpus, self._storage.passage_id(address))
            for text in (body(passage), *head(passage)):
                for start, end in fold_with_origin(text).spans(folded):
                    if end - start == len(folded):
                        return text[start:end]
        return folded

    def _folded_texts(self, clause: Any, limit: int) -> Iterable[str]:
        for _, address in self._storage.searcher.search(clause, limit).hits:
            passage = self._storage.passage(self._corpus, self._storage.passage_id(address))
            yield from (fold(text) for text in (body(passage), *head(passage)))

    def suggestions(self, query: Query, today: date) -> tuple[str, ...]:
        """Queries near this one that do find something, nearest first; often there are none."""
        offered: list[str] = []
        wanted = [self._ranking.resolve(term) for term in query.terms]
        if wanted and all(one.occurs for one in wanted):
            # The words are there, only not with this date, kind or exclusion.
            words = " ".join(_quoted(one.term) for one in wanted)
            offered.append(words)
        offered += [_quoted(one.term) for one in wanted if one.occurs and len(wanted) > 1]
        # “2024年3月5日” is asked for letter by letter; the day may have been meant.
        unfound = [one.term.text for one in wanted if not one.occurs and one.term.is_phrase]
        quoted = [when for text in unfound for when in _dates_in(text, today)]
        offered += self._nearest_dates(quoted, today) if quoted else []
        for one in wanted:
            if not one.occurs:
                meant = self._forgiving.by_sound(one.folded), self._forgiving.one_off(one.folded)
                near = self._forgiving.nearest(one.folded, self._corpus.topics)
                guesses = [guess for guess in meant if guess is not None]
                offered += [self._spelling(fold(text)) for text in (*guesses, *near)]
        if query.dates:
            offered += self._nearest_dates(query.dates, today)
        return self._found(offered)

    def topics(self) -> tuple[str, ...]:
        """What the corpus is about, for a query that nothing is near."""
        return self._found(self._corpus.topics)

    def _found(self, texts: Iterable[str]) -> tuple[str, ...]:
        found = (text for text in dict.fromkeys(texts) if self._has_hits(text))
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


def _reworded(query: Query, wanted: Sequence[Wanted]) -> str | None:
    """What is searched for where Taiwan's wording was made the mainland's, else None."""
    if query.terms == tuple(one.term for one in wanted):
        return None
    return " ".join(one.term.text for one in wanted)


def _dates_in(text: str, today: date) -> tuple[When, ...]:
    with suppress(QueryError):
        return tuple(when for span in scan(text, today) for when in span.when)
    return ()


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
