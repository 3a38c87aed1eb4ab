"""Chinese text cut into words as jieba cuts it, and how common a word is in general text.

jieba's algorithm and dictionary exist twice. `rjieba` (jieba-rs) cuts the compilation into
the same words as jieba (746 of 746 texts, the topics added to both; tests/search/
test_segment.py) at 3.9 against 0.2 million characters a second, loads in 0.13 s against
0.95 s, with 37 MB against 77 MB. So it counts the words where it is installed; on machines
for which there is no build of it jieba does, with the same result. How common a word is
comes from jieba's dictionary file, read without loading it for cutting.

What must not live here: which words matter (words), queries.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from pathlib import Path

Cut = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Commonness:
    """How often words stand in the text that jieba's dictionary was made from."""

    counts: dict[str, int]
    total: int  # of all words of the dictionary


def segmenter(topics: Iterable[str], cache: Path | None) -> Cut:
    """jieba's search mode, with the topics as words, by the fastest implementation there is.

    `cache` is a directory of ours for jieba's own cache, None for none.
    """
    try:
        return _rjieba(topics)
    except ImportError:
        return _jieba(topics, cache)


def _rjieba(topics: Iterable[str]) -> Cut:
    from rjieba import Jieba

    jieba = Jieba()
    for topic in topics:
        jieba.add_word(topic, None, None)
    cut: Cut = jieba.cut_for_search
    return cut


def _jieba(topics: Iterable[str], cache: Path | None) -> Cut:
    """Its cache is kept with our indexes: the folder all users share would let another user

    plant one (jieba reads it with `marshal`).
    """
    import jieba

    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as own:
        tokenizer.tmp_dir = str(cache) if cache is not None else own
        tokenizer.cache_file = "jieba.cache"
        tokenizer.initialize()
    for topic in topics:
        tokenizer.add_word(topic)
    cut: Cut = tokenizer.cut_for_search
    return cut


def commonness(words: Container[str]) -> Commonness:
    """The counts of those of the words that the dictionary has (0.2 s: a line a word)."""
    import jieba

    counts: dict[str, int] = {}
    total = 0
    with jieba.Tokenizer().get_dict_file() as lines:
        for line in lines:
            word, count, _ = line.decode("utf-8").split(" ", 2)
            total += int(count)
            if word in words:
                counts[word] = int(count)
    return Commonness(counts, total)
