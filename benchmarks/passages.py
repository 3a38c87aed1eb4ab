"""Corpora of any size for the benchmarks, and queries to ask of them. Seeded: always the same.

A passage is made of sentences of the compilation in `../shared/data` (of the shipped corpus
where that is missing), drawn at random, a quarter of their words replaced by other words of
it. Long phrases are therefore commoner than in real text of the size: harder, not easier.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from bot.corpus.load import load_corpus
from bot.model import Compilation, Corpus, PartialDate, Quote
from bot.search.text import fold

ROOT = Path(__file__).resolve().parent.parent
COMPILATION = ROOT.parent / "shared" / "data" / "compilation-2026-04.md"
SHIPPED = ROOT / "corpus"
COMPILATION_PASSAGES = 50_000
QUERIES = 60  # of every class
_FIRST_ON = date(2012, 11, 15)
_DAYS = 4900
_MARKUP = re.compile(r"[#>*_`|\-\s]+|\[|\]|\(http[^)]*\)")
_SENTENCE = re.compile(r"[^。！？；]{8,}[。！？；]")


def shipped() -> Corpus:
    """The corpus of this repository: the real one."""
    return load_corpus([SHIPPED])


def _source() -> str:
    if COMPILATION.is_file():
        return COMPILATION.read_text(encoding="utf-8")
    return "\n".join(passage.text for passage in shipped())


def generated(passages: int) -> Corpus:
    """So many quotations, 50,000 to a compilation, of 170 characters each on average."""
    import rjieba

    chance = random.Random(passages)
    sentences = [rjieba.cut(one) for one in _SENTENCE.findall(_MARKUP.sub("", _source()))]
    words = [word for sentence in sentences for word in sentence if fold(word)]
    occasions = [quote.occasion for quote in shipped().quotes]
    compilations = []
    for start in range(0, passages, COMPILATION_PASSAGES):
        name = f"c{start // COMPILATION_PASSAGES:03d}"
        quotes = []
        for number in range(start, min(passages, start + COMPILATION_PASSAGES)):
            drawn = chance.sample(sentences, 3 + chance.randrange(2))
            text = "".join(
                chance.choice(words) if chance.random() < 0.25 and fold(word) else word
                for sentence in drawn
                for word in sentence
            )
            said_on = _FIRST_ON + timedelta(days=number * _DAYS // passages)
            quotes.append(Quote(f"q-{number}", name, said_on, chance.choice(occasions), text))
        issued = PartialDate(quotes[-1].said_on.year, quotes[-1].said_on.month)
        compilations.append(
            Compilation(name, f"第{start}条起", "测试", issued, "测试", (), tuple(quotes), ())
        )
    return Corpus(tuple(compilations), fingerprint=f"generated {passages}")


def queries(corpus: Corpus) -> dict[str, list[str]]:
    """Class of query -> queries as typed; every one finds something, mostly much."""
    import rjieba

    chance = random.Random(1)
    every = [passage.text for passage in corpus]
    texts = [fold(text) for text in chance.sample(every, min(len(every), 3000))]
    characters = Counter(one for text in texts for one in set(text) if one >= "一")
    words = Counter(word for text in texts for word in set(rjieba.cut(text)) if len(word) in (2, 3))
    words = Counter({word: count for word, count in words.items() if min(word) >= "一"})
    fours = Counter(text[at : at + 4] for text in texts for at in range(len(text) - 3))
    common = [word for word, _ in words.most_common(QUERIES // 2)]
    spread = common + chance.sample(sorted(words), min(len(words), QUERIES // 2))
    idioms = [word for word, _ in fours.most_common(400) if min(word) >= "一"]
    days = [chance.randrange(_DAYS) for _ in range(QUERIES)]
    dates = [_date(_FIRST_ON + timedelta(days=day), at) for at, day in enumerate(days)]
    if len(every) < 1000:
        said = [quote.said_on for quote in corpus.quotes]
        dates = [_date(chance.choice(said), at) for at in range(QUERIES)]
    return {
        "1 common character": [one for one, _ in characters.most_common(QUERIES // 2)],
        "1 rare character": [one for one, _ in characters.most_common()[-QUERIES:]],
        "word": spread,
        "4 characters": chance.sample(idioms[:200], min(len(idioms), QUERIES)),
        "phrase across words": [_cut(chance.choice(texts), chance) for _ in range(QUERIES)],
        "3 words AND": [" ".join(chance.sample(common, 3)) for _ in range(QUERIES)],
        "date only": dates,
        "date and word": [f"{one} {chance.choice(common)}" for one in dates],
    }


def _cut(text: str, chance: random.Random) -> str:
    length = chance.randint(5, 10)
    start = chance.randrange(max(1, len(text) - length))
    return text[start : start + length]


def _date(day: date, at: int) -> str:
    match at % 4:
        case 0:
            return f"{day.year}年"
        case 1:
            return f"{day.year}年{day.month}月"
        case 2:
            return f"{day.year}年{day.month}月到{day.year + 1}年{day.month}月"
        case _:
            return f"{day.year}年以来"
