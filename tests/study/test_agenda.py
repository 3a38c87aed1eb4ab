"""Questions for discussion, made of the corpus's own sentences and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.app.agendas import agendas
from bot.corpus.load import load_corpus
from bot.model import Corpus
from bot.search.index import Index, open_index


@pytest.fixture(scope="module")
def corpus(shipped_corpus: Path) -> Corpus:
    return load_corpus([shipped_corpus])


@pytest.fixture(scope="module")
def index(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index(corpus, tmp_path_factory.mktemp("agenda"))


@pytest.mark.parametrize("theme", ["脑机接口", "新质生产力", "人工智能", "未来产业"])
def test_every_question_quotes_its_passage_word_for_word(
    corpus: Corpus, index: Index, theme: str
) -> None:
    made = agendas(lambda: (corpus, index))(theme)
    assert made is not None
    assert len(made.questions) == 3
    assert len({one.text for one in made.questions}) == 3
    for one in made.questions:
        quoted = re.search("“(.+)”", one.text)
        assert quoted is not None
        passage = corpus.passage(one.passage_id)
        assert passage is not None
        assert quoted[1] in passage.text


def test_at_most_three_quotations_and_three_readings_are_given(
    corpus: Corpus, index: Index
) -> None:
    made = agendas(lambda: (corpus, index))("人工智能")
    assert made is not None
    assert (len(made.quotes), len(made.readings)) == (3, 3)


def test_the_same_theme_gives_the_same_agenda(corpus: Corpus, index: Index) -> None:
    make = agendas(lambda: (corpus, index))
    assert make("脑机接口") == make("脑机接口")


@pytest.mark.parametrize("theme", ["量子烹饪术学", "，。", "2月30日"])
def test_a_theme_that_finds_nothing_is_an_empty_agenda(
    corpus: Corpus, index: Index, theme: str
) -> None:
    made = agendas(lambda: (corpus, index))(theme)
    assert made is not None
    assert made.is_empty


def test_without_a_theme_there_is_none(corpus: Corpus, index: Index) -> None:
    assert agendas(lambda: (corpus, index))("") is None
