"""The words of the corpus, and how they sound, by pypinyin.

Segmentation never decides what is found exactly; words serve what is looser: a sentence
typed as a query, readings near a quotation, pinyin, suggestions. A query is split into
words the corpus has, so a segmenter and its dictionary are needed only when the words of a
changed corpus are counted, once, into `words.json` beside the index.

What must not live here: tantivy, queries, segmenting (segment).
"""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.model import Corpus
from bot.search.documents import body, head
from bot.search.segment import commonness, segmenter
from bot.search.text import fold

_FILE = "words.json"
_LATIN = re.compile(r"[0-9a-z.%+&]+")
_MARK = re.compile(r"[^\w%+&]+")
_UNKNOWN_COST = 4  # pieces that one unknown character counts for when splitting

# What a word tells, in nats: minus the logarithm of its share of general text. A word in
# none of the passages tells as much as a rare one, else what shares only 存在 with
# 不存在的词语 would be an answer to it; a topic of the corpus tells most.
_UNKNOWN_TELLS = 14.0
_TOPIC_TELLS = 13.0
_LEAST_COUNT = 400  # in the dictionary, of a word: rarer ones tell no more

# Words that do not tell one text of the corpus from another: grammar, questions, and the
# one person whom every quotation is by.
_STOP_WORDS = """
    习近平 总书记 主席 要求 观点 的 了 和 是 在 与 及 或 等 对 为 从 到 以 于 中 上 下 里 把 被
    不能 不是 就是 都是 也是 而是 只是 只能 只有 只要 还要 就要 这样 那样
    将 要 也 都 而 并 就 还 又 很 更 最 这 那 其 各 有 无 不 没有 一 个 我 你 他 她 它 我们
    你们 他们 咱们 大家 自己 这个 那个 这些 那些 什么 怎么 怎样 如何 为什么 哪些 哪个 哪里 多少
    吗 呢 吧 啊 请问 关于 有关 对于 以及 或者 还是 因为 所以 但是 如果 可以 能够 应该 需要 必须
    已经 正在 通过 进行 成为 作为 实现 推动 推进 加快 加强 坚持 说 讲 谈 说过 讲过 谈到 提到
    提出 指出 强调 论述 讲话 一个 一种 一些 一批 以来 同时 不断 进一步 重要 方面 之间 之一 以上
    以下 不仅 而且 既 又要 起来 是否 帮助 介绍 内容
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True)
class Words:
    """How many passages have each folded word of the corpus, and how each sounds.

    `sounds` maps a word to its syllables, joined by apostrophes (`xin'zhi`). `tells` is the
    information of a word in nats, by its share of general text (jieba's dictionary).
    """

    frequency: Mapping[str, int]
    sounds: Mapping[str, str]
    tells: Mapping[str, float]
    passages: int

    @cached_property
    def _longest(self) -> int:
        return max(map(len, (*self.frequency, *STOP_WORDS)))

    def weight(self, word: str) -> float:
        """The idf of a word of the corpus; an unknown one weighs as a middling one."""
        having = self.frequency.get(word) or max(1, self.passages // 6)
        return math.log(1 + (self.passages - having + 0.5) / (having + 0.5))

    def information(self, piece: str) -> float:
        """What a piece of a query tells, in nats: none for filler, much for what is unknown."""
        if piece in STOP_WORDS:
            return 0.0
        known = self.tells.get(piece)
        if known is None:
            return _UNKNOWN_TELLS
        return known if len(piece) > 1 else known / 2

    def split(self, folded: str) -> tuple[str, ...]:
        """A folded text as words of the corpus; what it does not know stays in one piece.

        The fewest pieces win, then the commonest words (a shortest path, from the right).
        """
        best: list[tuple[float, float, int]] = [(0.0, 0.0, len(folded))] * (len(folded) + 1)
        for start in range(len(folded) - 1, -1, -1):
            best[start] = min(
                (best[end][0] + cost, best[end][1] - commonness, end)
                for end, cost, commonness in self._steps(folded, start)
            )
        pieces: list[str] = []
        start, unknown = 0, False
        while start < len(folded):
            end = best[start][2]
            piece = folded[start:end]
            is_known = piece in self.frequency or piece in STOP_WORDS
            if unknown and not is_known:
                pieces[-1] += piece
            else:
                pieces.append(piece)
            start, unknown = end, not is_known
        return tuple(pieces)

    def _steps(self, folded: str, start: int) -> Iterator[tuple[int, float, float]]:
        latin = _LATIN.match(folded, start)
        if latin:
            yield latin.end(), 1, 0.0
        yield start + 1, _UNKNOWN_COST, 0.0
        for end in range(start + 1, min(len(folded), start + self._longest) + 1):
            piece = folded[start:end]
            if piece in self.frequency or piece in STOP_WORDS:
                yield end, 1, math.log(1 + self.frequency.get(piece, 0))

    def knows_all(self, folded: str) -> bool:
        """Whether a text falls into words of the corpus, none of one character, and filler."""
        return all(
            piece in STOP_WORDS or (len(piece) > 1 and piece in self.frequency)
            for piece in self.split(folded)
        )

    def content(self, text: str) -> tuple[str, ...]:
        """The words of a text, folded, each once, that say what it is about."""
        every = [word for clause in _MARK.split(text) for word in self.split(fold(clause))]
        return tuple(dict.fromkeys(word for word in every if says_something(word)))


def says_something(word: str) -> bool:
    """Whether a folded word tells what a text is about."""
    return len(word) > 1 and word not in STOP_WORDS


def pinyin(folded: str) -> tuple[str, ...]:
    """How a folded text sounds: a syllable for every character, Latin and digits as they are."""
    from pypinyin import lazy_pinyin

    # The two spellings of ü on a keyboard.
    return tuple(syllable.replace("v", "u") for syllable in lazy_pinyin(folded))


def load_words(corpus: Corpus, directory: Path | None) -> Words:
    """The words kept in the index's directory, counted first if they are not there.

    Without a directory, or one that cannot be written, they are counted every time.
    """
    if directory is not None:
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept = json.loads((directory / _FILE).read_text(encoding="utf-8"))
            columns = kept["words"]
            return Words(
                {word: int(having) for word, (having, _, _) in columns.items()},
                {word: str(sound) for word, (_, sound, _) in columns.items()},
                {word: float(tells) for word, (_, _, tells) in columns.items()},
                int(kept["passages"]),
            )
    words = _count(corpus, directory)
    if directory is not None:
        with suppress(OSError):
            _keep(words, directory)
    return words


def _keep(words: Words, directory: Path) -> None:
    content = {
        "passages": words.passages,
        "words": {
            word: [having, words.sounds[word], words.tells[word]]
            for word, having in words.frequency.items()
        },
    }
    handle, beside = tempfile.mkstemp(dir=directory)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
    os.replace(beside, directory / _FILE)


def _count(corpus: Corpus, directory: Path | None) -> Words:
    cut = segmenter(corpus.topics, directory.parent if directory is not None else None)
    frequency: Counter[str] = Counter()
    passages = 0
    for passage in corpus:
        passages += 1
        texts = (body(passage), *head(passage))
        words = {fold(word) for text in texts for word in cut(text)}
        # A dictionary word that the corpus does not have whole is no help in finding.
        frequency.update(word for word in words if word)
    sounds = {word: "'".join(pinyin(word)) for word in frequency}
    topics = {fold(topic) for topic in corpus.topics}
    common = commonness(frequency)
    tells = {
        word: _TOPIC_TELLS
        if word in topics
        else math.log(common.total / max(_LEAST_COUNT, common.counts.get(word, 0)))
        for word in frequency
    }
    return Words(frequency, sounds, tells, passages)
