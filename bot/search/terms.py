"""The key terms of a compilation: what it is about, beside general text and the rest of the corpus.

TF-IDF after jieba (its `idf.txt`, from general text), times how few of the other compilations
have the term (Salton and Buckley 1988, "Term-weighting approaches in automatic text
retrieval"). Terms are nouns and the like by their part of speech, and compounds of them that
stand together as often as their rarer part allows: `新质生产力` is no word of the dictionary.

Used when a booklet is imported and by `studybot topics`. What must not live here: files,
who edits topics.
"""

from __future__ import annotations

import logging
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.model import Article, Compilation, Quote
from bot.search.words import STOP_WORDS

MOST_TERMS = 20
MOST_OF_A_PASSAGE = 5

_NOUNS = ("n", "j", "eng", "i", "l")  # prefixes of jieba's parts of speech
_LAST_PARTS = (*_NOUNS, "v")  # 脑机接口, 科技创新: a verb behind nouns names a thing
_ATTRIBUTES = ("n", "j", "b", "a", "t", "vn", "eng", "f")
_LEAST_IDF = 5.0  # of a part; below it a word is in every text: 发展, 建设, 工作
_LEAST_IDF_ALONE = 6.5  # 领域, 优势, 机制 say nothing by themselves
_LEAST_COUNT = 3
_COHESION = 0.2  # a compound's count, of its rarer part's
_SWALLOWED = 0.6  # a term that stands so often within a longer one is left to that
_COMPOUND_BONUS = 1.3
_LONGEST = 8

_Tag = Callable[[str], Iterable[tuple[str, str]]]


@dataclass(slots=True)
class _Tally:
    """How often terms stand in some texts; a compound is kept with its parts."""

    counts: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def key_terms(
    compilation: Compilation, others: Sequence[Compilation], most: int = MOST_TERMS
) -> tuple[str, ...]:
    """The terms that a compilation is about, the most telling first.

    `others` are the other compilations of the corpus; a term that they have too tells less.
    """
    tag, idf = _tagger(), _general_idf()
    mine = _tally(_texts(compilation), tag, idf)
    elsewhere = [set(_tally(_texts(one), tag, idf).counts) for one in others]
    scores = {
        term: count * _weight(term, mine, idf) * _rarity(term, elsewhere)
        for term, count in mine.counts.items()
        if count >= _LEAST_COUNT and mine.texts[term] > 1 and _is_telling(term, mine, idf)
    }
    return tuple(_chosen(scores, mine, most))


def terms_in(text: str, terms: Sequence[str], most: int = MOST_OF_A_PASSAGE) -> tuple[str, ...]:
    """Those of the terms that stand in a text, the most frequent there first."""
    having = [(text.count(term), -at, term) for at, term in enumerate(terms) if term in text]
    return tuple(term for _, _, term in sorted(having, reverse=True)[:most])


def text_of(passage: Quote | Article) -> str:
    """All that a quotation or an article says, for `terms_in`."""
    if isinstance(passage, Quote):
        return passage.text
    return "\n".join(
        text
        for section in passage.sections
        for text in (section.title, *(section.original or (section.digest, section.excerpt)))
    )


def _texts(compilation: Compilation) -> Iterator[str]:
    for quote in compilation.quotes:
        yield quote.text
    for article in compilation.articles:
        yield article.title
        for section in article.sections:
            yield "\n".join(section.original or (section.digest, section.excerpt))


def _tagger() -> _Tag:
    """jieba's parts of speech, by the fastest implementation there is (see segment)."""
    try:
        from rjieba import Jieba
    except ImportError:
        return _slow_tagger()
    tag: _Tag = Jieba().tag
    return tag


def _slow_tagger() -> _Tag:
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as own:  # never the cache that all users share
        tokenizer.tmp_dir = own
        tokenizer.initialize()
    tagger = jieba.posseg.POSTokenizer(tokenizer)
    return lambda text: ((pair.word, pair.flag) for pair in tagger.cut(text))


def _general_idf() -> Callable[[str], float]:
    from jieba.analyse import default_tfidf

    known, middling = default_tfidf.idf_loader.get_idf()
    return lambda word: float(known.get(word, middling))


def _tally(texts: Iterable[str], tag: _Tag, idf: Callable[[str], float]) -> _Tally:
    tally = _Tally()
    for text in texts:
        here: Counter[str] = Counter()
        tokens = list(tag(text))
        for at, (word, flag) in enumerate(tokens):
            if len(word) > 1 and flag.startswith(_NOUNS) and word not in STOP_WORDS:
                here[word] += 1
                tally.parts.setdefault(word, (word,))
            for size in (2, 3):
                parts = tokens[at : at + size]
                if len(parts) == size and _may_be_compound(parts, idf):
                    term = "".join(each for each, _ in parts)
                    here[term] += 1
                    tally.parts.setdefault(term, tuple(each for each, _ in parts))
        tally.counts.update(here)
        tally.texts.update(here.keys())
    for term in [one for one, parts in tally.parts.items() if len(parts) > 1]:
        rarer = min(tally.counts[part] or tally.counts[term] for part in tally.parts[term])
        if tally.counts[term] < max(_LEAST_COUNT, _COHESION * rarer):
            del tally.counts[term]
    return tally


def _may_be_compound(parts: Sequence[tuple[str, str]], idf: Callable[[str], float]) -> bool:
    *before, (last, last_flag) = parts
    if sum(len(word) for word, _ in parts) > _LONGEST or not last_flag.startswith(_LAST_PARTS):
        return False
    if last_flag.startswith("v") and (
        idf(last) < _LEAST_IDF or not all(flag.startswith(_NOUNS) for _, flag in before)
    ):
        return False
    if last in STOP_WORDS or len(last) < 2:
        return False
    return all(
        flag.startswith(_ATTRIBUTES)
        and word not in STOP_WORDS
        and len(word) > 1
        and (not flag.startswith("vn") or idf(word) >= _LEAST_IDF)
        for word, flag in before
    )


def _is_telling(term: str, tally: _Tally, idf: Callable[[str], float]) -> bool:
    parts = tally.parts[term]
    least = _LEAST_IDF if len(parts) > 1 else _LEAST_IDF_ALONE
    return any(idf(part) >= least for part in parts)


def _weight(term: str, tally: _Tally, idf: Callable[[str], float]) -> float:
    parts = tally.parts[term]
    mean = sum(map(idf, parts)) / len(parts)
    return mean * (_COMPOUND_BONUS if len(parts) > 1 else 1.0)


def _rarity(term: str, elsewhere: Sequence[set[str]]) -> float:
    having = sum(term in terms for terms in elsewhere)
    return 1.0 + math.log((1 + len(elsewhere)) / (1 + having))


def _chosen(scores: dict[str, float], tally: _Tally, most: int) -> Iterator[str]:
    """The best terms; none that hardly stands outside a longer one that is better or as good."""
    ranked = sorted(scores, key=lambda term: (-scores[term], term))
    for at, term in enumerate(ranked):
        if most == 0:
            return
        longer = (tally.counts[other] for other in ranked if term != other and term in other)
        within = max(longer, default=0)
        longer_than = [other for other in ranked[:at] if other in term]
        is_swallowed = within >= _SWALLOWED * tally.counts[term]
        is_late = any(tally.counts[other] > 3 * tally.counts[term] for other in longer_than)
        if not is_swallowed and not is_late:
            most -= 1
            yield term
