"""Questions for discussion, made of the corpus's own sentences and of nothing else."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.app.agendas import agendas
from bot.corpus.load import load_corpus
from bot.model import Agenda, Corpus, Kind, Quote
from bot.search.index import Index, open_index
from bot.search.query import parse
from bot.study.agenda import agenda

DAY = date(2026, 1, 1)


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
    made = agendas(lambda: (corpus, index))(theme, 0)
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
    made = agendas(lambda: (corpus, index))("人工智能", 0)
    assert made is not None
    assert (len(made.quotes), len(made.readings)) == (3, 3)


def test_the_same_theme_gives_the_same_agenda(corpus: Corpus, index: Index) -> None:
    make = agendas(lambda: (corpus, index))
    assert make("脑机接口", 5) == make("脑机接口", 5)


@pytest.mark.parametrize("theme", ["量子烹饪术学", "，。", "2月30日"])
def test_a_theme_that_finds_nothing_is_an_empty_agenda(
    corpus: Corpus, index: Index, theme: str
) -> None:
    made = agendas(lambda: (corpus, index))(theme, 0)
    assert made is not None
    assert made.is_empty


def test_without_a_theme_there_is_none(corpus: Corpus, index: Index) -> None:
    assert agendas(lambda: (corpus, index))("", 0) is None


# ------------------------------------------------------------------------- taking turns


def passages(made: Agenda | None) -> list[str]:
    assert made is not None
    return [one.id for one in made.quotes] + [one.id for one in made.readings]


@pytest.mark.parametrize("theme", ["脑机接口", "新质生产力", "人工智能", "未来产业", "科技创新"])
def test_no_passage_comes_again_before_all_on_the_theme_have_come(
    corpus: Corpus, index: Index, theme: str
) -> None:
    make = agendas(lambda: (corpus, index))
    for kind in Kind:
        hits = index.find(parse(theme, DAY), limit=99, only=kind, today=DAY).hits
        good = [hit.passage.id for hit in hits]
        shown = [one for turn in range(33) for one in passages(make(theme, turn)) if one in good]
        assert shown[: len(good)] == good
        rounds = [shown[at : at + len(good)] for at in range(0, len(shown), len(good) or 1)]
        assert all(one == good[: len(one)] for one in rounds)


@pytest.mark.parametrize("theme", ["脑机接口", "绿色发展", "低空经济", "量子科技"])
def test_where_few_passages_are_on_the_theme_no_other_is_put_in(
    corpus: Corpus, index: Index, theme: str
) -> None:
    make = agendas(lambda: (corpus, index))
    for turn in range(6):
        for one in passages(make(theme, turn)):
            passage = corpus.passage(one)
            assert passage is not None
            assert theme in passage.text


def test_words_that_no_passage_has_together_find_those_that_have_most_of_them(
    corpus: Corpus, index: Index
) -> None:
    make = agendas(lambda: (corpus, index))
    shown = {one for turn in range(9) for one in passages(make("脑机接口 人工智能", turn))}
    assert {"a-2026-04-02.3", "a-2026-04-05.2"} <= shown
    assert "a-2026-04-03.1" not in shown  # mentions one of the two, in passing


def test_passages_that_come_again_leave_the_questions_to_those_that_are_new(
    corpus: Corpus, index: Index
) -> None:
    make = agendas(lambda: (corpus, index))
    first, again = make("人工智能", 0), make("人工智能", 1)
    assert first is not None
    assert again is not None
    assert first.quotes == again.quotes  # there are three
    assert [one.passage_id for one in first.questions] == [one.id for one in first.quotes]
    assert [one.passage_id for one in again.questions] == [one.id for one in again.readings]


def test_a_passage_that_comes_again_is_asked_about_by_another_sentence_on_the_theme() -> None:
    text = "".join(f"第{word}要大力发展脑机接口这个产业。" for word in "一二三四五")
    only = Quote("q-2024-03-05", "c", DAY, "讲话", f"这一句话说的是别的什么事情。{text}")
    asked = [agenda("脑机接口", [only], [], turn).questions for turn in range(6)]
    assert [one[0].sentence[1] for one in asked] == ["一", "二", "三", "四", "五", "一"]
    assert all("脑机接口" in question.sentence for one in asked for question in one)
