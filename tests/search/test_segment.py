"""Facts about segmentation: two implementations of jieba, one result; topics are words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.model import Corpus
from bot.search.segment import commonness, segmenter
from bot.search.words import load_words
from tests.search.conftest import fields


@pytest.fixture
def without_rjieba(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine for which there is no build of rjieba."""
    monkeypatch.setitem(sys.modules, "rjieba", None)


def texts_of(*corpora: Corpus) -> list[str]:
    return [text for corpus in corpora for passage in corpus for text in fields(passage) if text]


def test_jieba_and_rjieba_cut_the_compilation_into_the_same_words(
    shipped: Corpus, booklet: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rjieba  # noqa: F401 - the test is about both: it must be there

    texts = texts_of(shipped, booklet)
    topics = shipped.topics
    fast = segmenter(topics, None)
    by_rjieba = [list(fast(text)) for text in texts]
    monkeypatch.setitem(sys.modules, "rjieba", None)
    slow = segmenter(topics, tmp_path)
    assert (tmp_path / "jieba.cache").is_file()  # it was jieba itself
    assert by_rjieba == [list(slow(text)) for text in texts]


@pytest.mark.usefixtures("without_rjieba")
def test_the_words_are_the_same_where_rjieba_is_not_installed(
    shipped: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = load_words(shipped, None)
    monkeypatch.undo()
    assert without == load_words(shipped, None)


def test_every_topic_of_the_corpus_is_a_word(shipped: Corpus) -> None:
    cut = segmenter(shipped.topics, None)
    for topic in shipped.topics:
        assert topic in set(cut(f"关于{topic}的论述")), topic


def test_a_word_that_the_dictionary_does_not_have_counts_nothing() -> None:
    common = commonness({"存在", "人工智能", "新质生产力"})
    assert set(common.counts) == {"存在", "人工智能"}
    assert common.counts["存在"] > 50 * common.counts["人工智能"]
    assert common.total > 50_000_000
