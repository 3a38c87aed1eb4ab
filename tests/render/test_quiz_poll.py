"""A quiz in words keeps to what Telegram allows, whatever the corpus says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus.load import load_corpus
from bot.model import Corpus, Language, QuizKind, QuizPoll, QuizQuestion, Quote, Script
from bot.render import quiz_poll
from bot.render.language import speaking
from bot.render.quiz_poll import (
    EXPLANATION_LIMIT,
    OPTION_LIMIT,
    QUESTION_LIMIT,
    shortened,
    told_apart,
)
from bot.render.split import units
from bot.study import quiz
from bot.study.quiz import Questions

ROOT = Path(__file__).resolve().parents[2]
SEEDS = st.integers(0, 2**63 - 1)
# Everyday letters, and letters that count double in UTF-16.
WORDS = st.text(st.sampled_from("产业发展新质生产力，。；𠮷😀a \n"), min_size=1, max_size=400)


@cache
def corpus() -> Corpus:
    return load_corpus(sorted((ROOT / "corpus").iterdir()))


@cache
def questions() -> Questions:
    return Questions(corpus())


def shown(key: str, seed: int = 1) -> QuizPoll:
    question = questions().question(key, seed)
    assert question is not None
    found = quiz_poll.poll(question, corpus())
    assert found is not None
    return found


def assert_fits(one: QuizPoll) -> None:
    assert 1 <= units(one.question) <= QUESTION_LIMIT
    assert all(1 <= units(option) <= OPTION_LIMIT for option in one.options)
    assert len(set(one.options)) == len(one.options)
    assert units(one.explanation) <= EXPLANATION_LIMIT
    assert one.explanation.count("\n") <= 2


def first(kind: QuizKind) -> str:
    return next(key for key in questions().about() if key.startswith(f"{kind}:"))


@settings(deadline=None)
@given(
    key=st.sampled_from(questions().about()),
    seed=SEEDS,
    script=st.sampled_from(Script),
    is_marked=st.booleans(),
)
def test_every_question_of_the_corpus_fits(
    key: str, seed: int, script: Script, *, is_marked: bool
) -> None:
    with speaking(Language.SIMPLIFIED, script):
        one = shown(key, seed)
        if is_marked:
            one = quiz_poll.numbered(one, 10, 10)
            one = quiz_poll.may_be_duplicate(quiz_poll.moved_to_general(one))

    assert_fits(one)


@settings(deadline=None)
@given(WORDS, st.lists(WORDS, min_size=3, max_size=4, unique=True), WORDS)
def test_any_occasion_fits(text: str, options: list[str], occasion: str) -> None:
    (compilation,) = corpus().compilations
    quote = Quote("q-1999-01-01", compilation.id, date(1999, 1, 1), occasion, text)
    made = Corpus((replace(compilation, quotes=(quote,)),), "made")
    asked = QuizQuestion("occasion:q", QuizKind.OCCASION, quote.id, text, tuple(options), 0)

    one = quiz_poll.poll(asked, made)

    if one is None:
        assert not all(option.strip() for option in options)
    else:
        assert_fits(one)


@given(st.lists(st.text(min_size=1, max_size=300), min_size=2, max_size=4, unique=True))
def test_options_that_are_cut_stay_apart(options: list[str]) -> None:
    cut = told_apart(options, OPTION_LIMIT)

    assert len(set(cut)) == len(cut)
    assert all(units(option) <= OPTION_LIMIT for option in cut)


def test_long_occasions_are_told_apart_by_how_they_end() -> None:
    same = "在" + "全国" * 60
    cut = told_apart([f"{same}二次会议上的讲话", f"{same}三次会议上的讲话"], OPTION_LIMIT)

    assert cut[0].endswith("二次会议上的讲话")
    assert cut[1].endswith("三次会议上的讲话")


def test_occasions_that_differ_in_the_middle_alone_are_numbered() -> None:
    head, tail = "在" + "全国" * 60, "省市" * 60
    cut = told_apart([f"{head}甲{tail}", f"{head}乙{tail}"], OPTION_LIMIT)

    assert cut[0].startswith("1. 在全国")
    assert cut[1].startswith("2. 在全国")


@given(WORDS, st.integers(4, 300))
def test_what_is_shortened_begins_the_same(text: str, room: int) -> None:
    cut = shortened(text, room)

    assert units(cut) <= room
    assert cut == text or text.startswith(cut.removesuffix("……"))


def test_a_cut_falls_between_clauses() -> None:
    assert (
        shortened("推动科技创新，引领产业创新，发展新质生产力", 16)
        == "推动科技创新，引领产业创新……"
    )


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (QuizKind.TERM, "🧩 填空：原文横线处是哪个词？"),
        (QuizKind.YEAR, "🧩 这段话是哪一年讲的？（"),
        (QuizKind.OCCASION, "🧩 这段话是在什么场合讲的？"),
        (QuizKind.ARTICLE, "🧩 这句话出自哪篇文章？"),
    ],
)
def test_each_kind_says_what_is_asked(kind: QuizKind, ask: str) -> None:
    assert shown(first(kind)).question.startswith(ask)


def test_an_explanation_cites_and_fills_in() -> None:
    one = shown("term:q-2024-12-11:因地制宜")

    original, cited = one.explanation.split("\n")
    assert "因地制宜发展新质生产力" in original
    assert cited == "—— 在中央经济工作会议上的讲话（2024年12月11日）"


def test_a_missing_term_leaves_the_same_blank_in_both_rooms() -> None:
    assert quiz_poll.BLANK == quiz.BLANK


def test_a_question_whose_passage_left_the_corpus_cannot_be_shown() -> None:
    question = questions().question(first(QuizKind.YEAR), 1)
    assert question is not None
    assert quiz_poll.poll(question, Corpus((), "")) is None
