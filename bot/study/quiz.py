"""Questions with one right answer for certain, made from a corpus.

Here lives what can be asked, which answers are wrong, and nothing of how it is worded or
sent. Everything follows from the corpus and a seed: the same seed gives the same options in
the same order. A wrong answer is one that the corpus itself disproves:

- a missing term: the wrong one stands nowhere in that quotation, means nothing similar, is
  no part of the right one, and the clause filled with it stands nowhere in the corpus;
- a year, an occasion: what is quoted stands in no text of that year or occasion, whole or in
  its own clauses alone;
- an article: what is quoted stands in no other article.

A piece that gives its answer away (it names the place where it was said, say) is not asked
about.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, TypeVar

from bot.model import Corpus, QuizKind, QuizQuestion, Quote, Reading
from bot.study.blanks import Terms, follows_modifier, overlap, stands, terms_of
from bot.study.excerpts import LONGEST, SHORTEST, clauses, excerpts

BLANK: Final = "＿＿＿＿"
MOST_OPTIONS: Final = 4
_FEWEST_OPTIONS: Final = 3
_FEW: Final = 5  # questions on a topic: with fewer the same would come again and again
_LOOK_AMONG: Final = 6  # the wrong answers most like the right one, of which some are taken

_Item = TypeVar("_Item")

# Other words for a word, as `search.synonyms.Synonyms.of` knows them.
Alike = Callable[[str], Collection[str]]

_TELLS_YEAR = re.compile(r"[0-9]{2,4}\s*年|[去今明前]年|[0-9]+周年")
_RARE: Final = 0.1  # of all quotations: what stands in no more than these is telling
_TELLING: Final = 4  # characters in common with an answer that give it away
_NEAR_YEARS: Final = 4
_DISTINCT: Final = 9  # characters of a clause by which one knows where it stands


def _no_others(_word: str) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class _Riddle:
    """What one key asks: pieces to ask it of, the right answer, and answers that are wrong.

    The wrong ones stand in order, the most misleading first, and are the same for each piece.
    """

    text: str
    answer: str
    wrong: tuple[str, ...]


class Questions:
    """All that can be asked of one corpus; made once for it. `alike`: see `Alike`."""

    def __init__(self, corpus: Corpus, alike: Alike = _no_others) -> None:
        self.corpus = corpus
        self._alike = alike

    def about(self, topic: str = "") -> tuple[str, ...]:
        """The keys of all questions; with `topic` of those about it, the more nearly the better.

        They name it themselves, as they are asked; where these are few, so may the passage.
        """
        if not topic:
            return tuple(self._riddles)
        named = [key for key, riddles in self._riddles.items() if _all_name(riddles, topic)]
        if len(named) >= _FEW:
            return tuple(named)
        return tuple(key for key in self._riddles if self._is_about(key, topic))

    def question(self, key: str, seed: int) -> QuizQuestion | None:
        """The question of that key; None when the corpus in force has none of it any more."""
        riddles = self._riddles.get(key, ())
        if not riddles:
            return None
        kind, passage_id = _read_key(key)
        riddle = _drawn(riddles, seed, key, lambda one: one.text)[0]
        near = _drawn(riddle.wrong[:_LOOK_AMONG], seed, key)
        wrong = near[: MOST_OPTIONS - 1]
        options = _drawn((riddle.answer, *wrong), seed, f"{key} in order")
        return QuizQuestion(
            key, kind, passage_id, riddle.text, tuple(options), options.index(riddle.answer)
        )

    # ------------------------------------------------------------------ all there is

    @cached_property
    def _riddles(self) -> Mapping[str, tuple[_Riddle, ...]]:
        """Key -> the ways to ask it, which have the same answer."""
        found: dict[str, list[_Riddle]] = {}
        for quote in self.corpus.quotes:
            for term, riddle in self._terms_missing(quote):
                found.setdefault(_key(QuizKind.TERM, quote.id, term), []).append(riddle)
            for riddle in self._years(quote):
                found.setdefault(_key(QuizKind.YEAR, quote.id), []).append(riddle)
            for riddle in self._occasions(quote):
                found.setdefault(_key(QuizKind.OCCASION, quote.id), []).append(riddle)
        for reading in self.corpus.readings:
            for riddle in self._articles(reading):
                found.setdefault(_key(QuizKind.ARTICLE, reading.id), []).append(riddle)
        return {key: tuple(riddles) for key, riddles in found.items()}

    def _is_about(self, key: str, topic: str) -> bool:
        passage = self.corpus.passage(_read_key(key)[1])
        if isinstance(passage, Quote) and topic in passage.topics:
            return True
        return passage is not None and _names(passage.text, topic)

    @cached_property
    def _terms(self) -> Terms:
        return terms_of(self.corpus)

    @cached_property
    def _askable(self) -> Sequence[str]:
        """The terms that can be asked for: of three characters, or topics."""
        topics = frozenset(self.corpus.topics)
        return [
            term
            for term in self._terms.all
            if (len(term) > 2 or term in topics) and term not in self._themes
        ]

    @cached_property
    def _themes(self) -> frozenset[str]:
        """What every quotation is about is no riddle."""
        return frozenset(one.theme for one in self.corpus.compilations)

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """Every passage without blanks, by its id."""
        return {passage.id: _plain(passage.text) for passage in self.corpus}

    @cached_property
    def _everything(self) -> str:
        return "\n".join(self._texts.values())

    # ------------------------------------------------------------------ missing terms

    def _terms_missing(self, quote: Quote) -> Iterator[tuple[str, _Riddle]]:
        for piece in excerpts(quote.text):
            for term in self._askable:
                if piece.count(term) != 1:
                    continue
                places = list(stands(piece, term, self._terms.longer(term)))
                if len(places) != 1:
                    continue
                before, after = piece[: places[0]], piece[places[0] + len(term) :]
                if len(_plain(before + after)) < SHORTEST or follows_modifier(before):
                    continue
                wrong = self._wrong_terms(quote, term, before, after)
                if len(wrong) >= MOST_OPTIONS - 1:
                    yield term, _Riddle(f"{before}{BLANK}{after}", term, wrong)

    def _wrong_terms(self, quote: Quote, term: str, before: str, after: str) -> tuple[str, ...]:
        """Terms that are not what was said there, the most similar first, none like another."""
        text = self._texts[quote.id]
        wrong: list[str] = []
        for other in self._terms.similar(term):
            is_wrong = (
                other not in text
                and not overlap(other, (term, *wrong))
                and not any(self._mean_the_same(other, one) for one in (term, *wrong))
                and not self._is_said(before, other, after)
            )
            if is_wrong:
                wrong.append(other)
            if len(wrong) == _LOOK_AMONG:
                break
        return tuple(wrong)

    def _mean_the_same(self, one: str, other: str) -> bool:
        return other in self._alike(one) or one in self._alike(other)

    def _is_said(self, before: str, term: str, after: str) -> bool:
        """True when the clause filled with the term stands anywhere in the corpus."""
        start = (clauses(before) or ("",))[-1] if before and _is_open(before[-1]) else ""
        end = (clauses(after) or ("",))[0] if after and _is_open(after[0]) else ""
        clause = _plain(f"{start}{term}{end}")
        return len(clause) > len(term) and clause in self._everything

    # ------------------------------------------------------------------ years, occasions

    def _years(self, quote: Quote) -> Iterator[_Riddle]:
        if quote.until is not None and quote.until.year != quote.year:
            return
        years = sorted({one.year for one in self.corpus.quotes})
        for piece in excerpts(quote.text):
            if _TELLS_YEAR.search(piece) or not self._is_distinct(piece, self._of_year(quote.year)):
                continue
            wrong = [
                year
                for year in years
                if year != quote.year and not self._stands_in(piece, self._of_year(year))
            ]
            wrong.sort(key=lambda year: (abs(year - quote.year), year))
            if len(wrong) >= _FEWEST_OPTIONS - 1:
                yield _Riddle(piece, str(quote.year), tuple(map(str, wrong[:_NEAR_YEARS])))

    def _of_year(self, year: int) -> Sequence[Quote]:
        return [one for one in self.corpus.quotes if one.year == year]

    def _occasions(self, quote: Quote) -> Iterator[_Riddle]:
        same = [one for one in self.corpus.quotes if one.occasion == quote.occasion]
        others = [one for one in self.corpus.quotes if one.occasion != quote.occasion]
        for piece in excerpts(quote.text):
            if self._tells(piece, quote.occasion) or not self._is_distinct(piece, same):
                continue
            wrong: dict[str, Quote] = {}
            for one in sorted(others, key=lambda one: abs(one.said_on - quote.said_on)):
                is_wrong = (
                    not overlap(one.occasion, (quote.occasion, *wrong))
                    and not _has_in_common(piece, one.occasion, _TELLING)
                    and not self._stands_in(piece, self._of_occasion(one.occasion))
                )
                if is_wrong:
                    wrong.setdefault(one.occasion, one)
                if len(wrong) == _LOOK_AMONG:
                    break
            if len(wrong) >= MOST_OPTIONS - 1:
                yield _Riddle(piece, quote.occasion, tuple(wrong))

    def _of_occasion(self, occasion: str) -> Sequence[Quote]:
        return [one for one in self.corpus.quotes if one.occasion == occasion]

    def _stands_in(self, piece: str, quotes: Iterable[Quote]) -> bool:
        return not self._where(_plain(piece)).isdisjoint(quote.id for quote in quotes)

    def _is_distinct(self, piece: str, where: Sequence[Quote]) -> bool:
        """True when some longer clause of it stands in those quotations and nowhere else."""
        ids = {quote.id for quote in where}
        return any(
            len(clause) >= _DISTINCT and self._where(clause) <= ids
            for clause in clauses(_plain(piece))
        )

    def _where(self, words: str) -> set[str]:
        """The ids of the passages in which the words stand."""
        found = set()
        at = self._everything.find(words)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            found.add(self._ids[number])
            at = self._everything.find(words, at + 1)
        return found

    @cached_property
    def _ids(self) -> Sequence[str]:
        return tuple(self._texts)

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where each passage begins in everything."""
        lengths = [len(text) + 1 for text in self._texts.values()]
        return (0, *accumulate(lengths))[:-1]

    @cached_property
    def _pairs(self) -> Counter[str]:
        """In how many quotations two letters stand side by side."""
        return Counter(
            pair for quote in self.corpus.quotes for pair in _grams(self._texts[quote.id], 2)
        )

    def _tells(self, piece: str, answer: str) -> bool:
        """True when the piece names what the answer names: a place, a meeting."""
        if _has_in_common(piece, answer, _TELLING):
            return True
        rare = max(2, round(_RARE * len(self.corpus.quotes)))
        return any(self._pairs[one] <= rare for one in _grams(piece, 2) & _grams(answer, 2))

    # ------------------------------------------------------------------ articles

    def _articles(self, reading: Reading) -> Iterator[_Riddle]:
        article = reading.article
        others = [one for one in self.corpus.articles if one.id != article.id]
        pieces = (reading.section.excerpt,) if reading.section.excerpt else ()
        for piece in pieces or excerpts(reading.section.digest):
            if not SHORTEST <= len(piece) <= LONGEST or _has_title(piece, article.title):
                continue
            wrong = [one for one in others if not self._stands_in_article(piece, one.id)]
            shared = {one.id: len(set(one.topics) & set(article.topics)) for one in wrong}
            wrong.sort(key=lambda one: (-shared[one.id], one.id))
            if len(wrong) >= _FEWEST_OPTIONS - 1 and len(wrong) == len(others):
                yield _Riddle(piece, article.id, tuple(one.id for one in wrong))

    def _stands_in_article(self, piece: str, article_id: str) -> bool:
        found = (self.corpus.passage(one) for one in self._where(_plain(piece)))
        return any(isinstance(one, Reading) and one.article.id == article_id for one in found)


def seed_of(*parts: object) -> int:
    """A seed of 63 bits that follows from these, the same for ever."""
    lot = hashlib.sha256("\n".join(map(str, parts)).encode()).digest()
    return int.from_bytes(lot[:8]) >> 1


def _all_name(riddles: Iterable[_Riddle], topic: str) -> bool:
    return all(_names(one.text, topic) or _names(one.answer, topic) for one in riddles)


def _names(text: str, topic: str) -> bool:
    """True when the topic stands in the text, in letters of either case."""
    return topic.casefold() in text.casefold()


def _has_title(piece: str, title: str) -> bool:
    """True when a longer part of the title stands in the piece, so that it is no riddle."""
    return _has_in_common(piece, title, 6)


def _key(kind: QuizKind, passage_id: str, term: str = "") -> str:
    return f"{kind}:{passage_id}" + (f":{term}" if term else "")


def _read_key(key: str) -> tuple[QuizKind, str]:
    kind, passage_id, *_term = key.split(":")
    return QuizKind(kind), passage_id


def _plain(text: str) -> str:
    return "".join(text.split())


def _is_open(character: str) -> bool:
    """True inside a clause."""
    return bool(clauses(character))


def _grams(text: str, length: int) -> set[str]:
    return {
        gram
        for clause in clauses(text)
        for gram in (clause[at : at + length] for at in range(len(clause) - length + 1))
    }


def _has_in_common(piece: str, answer: str, length: int) -> bool:
    return not _grams(piece, length).isdisjoint(_grams(answer, length))


def _drawn(
    items: Sequence[_Item], seed: int, purpose: str, name: Callable[[_Item], str] = str
) -> list[_Item]:
    """All items in an order by chance that follows from the seed, the same for ever."""

    def lot(item: _Item) -> bytes:
        return hashlib.sha256(f"{seed}\n{purpose}\n{name(item)}".encode()).digest()

    return sorted(items, key=lot)
