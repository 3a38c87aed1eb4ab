"""Key terms: what a compilation is about, beside general text and the rest of the corpus."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.corpus.load import load_corpus
from bot.model import Compilation, PartialDate, Quote
from bot.search.terms import MOST_TERMS, key_terms, terms_in


@pytest.fixture(scope="module")
def compilation(shipped_corpus: Path) -> Compilation:
    return load_corpus([shipped_corpus]).compilations[0]


@pytest.fixture(scope="module")
def terms(compilation: Compilation) -> tuple[str, ...]:
    return key_terms(compilation, ())


def test_the_compilations_own_theme_comes_first(terms: tuple[str, ...]) -> None:
    assert terms[0] == "未来产业"


@pytest.mark.parametrize("term", ["新质生产力", "人工智能", "科技创新", "新兴产业"])
def test_a_term_of_several_words_is_found_whole(terms: tuple[str, ...], term: str) -> None:
    assert term in terms


@pytest.mark.parametrize("word", ["发展", "推动", "加快", "我们", "生产力"])
def test_a_word_that_tells_nothing_by_itself_is_none(terms: tuple[str, ...], word: str) -> None:
    assert word not in terms


def test_there_are_no_more_terms_than_asked_for(compilation: Compilation) -> None:
    assert len(key_terms(compilation, ())) <= MOST_TERMS
    assert len(key_terms(compilation, (), most=3)) == 3


def test_a_term_that_the_rest_of_the_corpus_has_too_tells_less(compilation: Compilation) -> None:
    text = "人工智能和未来产业都很重要。" * 3
    quote = Quote("q-2024-01-01", "x", date(2024, 1, 1), "在渡口", text)
    two = (quote, replace(quote, id="q-2024-01-01-2"))
    other = Compilation("x", "x", "x", PartialDate(2024, 1), "x", (), two, ())
    with_other = key_terms(compilation, (other,))
    assert with_other.index("新质生产力") < with_other.index("人工智能")


def test_the_terms_of_a_passage_are_those_in_it_the_most_frequent_first() -> None:
    assert terms_in("修桥、种田，种田、种田", ("修桥", "种田", "打铁")) == ("种田", "修桥")
