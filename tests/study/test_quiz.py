"""Questions from the shipped corpus: one right answer for certain, whatever the seed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus.load import load_corpus
from bot.model import Corpus, QuizKind, QuizQuestion, Quote
from bot.search.synonyms import Synonyms, load_synonyms
from bot.search.text import fold
from bot.study.blanks import Terms, stands, terms_of
from bot.study.excerpts import LONGEST, excerpts
from bot.study.quiz import BLANK, MOST_OPTIONS, Questions

ROOT = Path(__file__).resolve().parents[2]
SEEDS = st.integers(0, 2**63 - 1)


@cache
def corpus() -> Corpus:
    return load_corpus(sorted((ROOT / "corpus").iterdir()))


@cache
def synonyms() -> Synonyms:
    return load_synonyms(ROOT / "config" / "synonyms.yaml")


@cache
def questions() -> Questions:
    return Questions(corpus(), lambda word: synonyms().of(fold(word)))


@cache
def made_again() -> Questions:
    read_again = load_corpus(sorted((ROOT / "corpus").iterdir()))
    return Questions(read_again, lambda word: synonyms().of(fold(word)))


def keys(kind: QuizKind) -> st.SearchStrategy[str]:
    return st.sampled_from([key for key in questions().about() if key.startswith(f"{kind}:")])


def asked(key: str, seed: int) -> QuizQuestion:
    found = questions().question(key, seed)
    assert found is not None
    return found


def quote_of(one: QuizQuestion) -> Quote:
    quote = corpus().quote(one.passage_id)
    assert quote is not None
    return quote


def plain(text: str) -> str:
    return "".join(text.split())


def wrong(one: QuizQuestion) -> list[str]:
    return [option for number, option in enumerate(one.options) if number != one.correct]


MARKS = r"[，。；：！？、“”《》（）]"
EVERYTHING = "\n".join(plain(passage.text) for passage in corpus())


def test_every_quotation_is_asked_about_in_every_way() -> None:
    counted = Counter(key.split(":")[0] for key in questions().about())
    asked_of = {key.split(":")[1] for key in questions().about()}

    assert asked_of >= {quote.id for quote in corpus().quotes}
    assert counted["year"] == counted["occasion"] == len(corpus().quotes)
    assert counted["term"] > 100
    assert counted["article"] > 30


@settings(deadline=None)
@given(st.sampled_from(questions().about()), SEEDS)
def test_options_are_few_and_differ(key: str, seed: int) -> None:
    one = asked(key, seed)

    assert 3 <= len(one.options) <= MOST_OPTIONS
    assert len(set(one.options)) == len(one.options)
    assert len(one.text) <= LONGEST + len(BLANK)


@settings(deadline=None)
@given(st.sampled_from(questions().about()), SEEDS)
def test_the_same_seed_asks_the_same(key: str, seed: int) -> None:
    assert made_again().question(key, seed) == asked(key, seed)


@settings(deadline=None)
@given(keys(QuizKind.TERM), SEEDS)
def test_the_right_term_makes_the_quotation_and_a_wrong_one_nothing(key: str, seed: int) -> None:
    one = asked(key, seed)
    text = quote_of(one).text

    assert one.text.count(BLANK) == 1
    assert one.text.replace(BLANK, one.answer) in text
    for option in wrong(one):
        assert option not in plain(text)
        assert plain(one.text.replace(BLANK, option)) not in EVERYTHING
        before, after = one.text.split(BLANK)
        start, end = re.split(MARKS, before)[-1], re.split(MARKS, after)[0]
        clause = plain(start + option + end)
        # A term between two marks says nothing by itself, so that it may stand so elsewhere.
        assert clause == option or clause not in EVERYTHING


@settings(deadline=None)
@given(keys(QuizKind.TERM), SEEDS)
def test_no_two_options_say_the_same(key: str, seed: int) -> None:
    options = asked(key, seed).options

    for option in options:
        for other in options:
            if option != other:
                assert option not in other
                assert other not in synonyms().of(fold(option))


@settings(deadline=None)
@given(keys(QuizKind.TERM), SEEDS)
def test_the_missing_term_is_not_left_to_be_read(key: str, seed: int) -> None:
    one = asked(key, seed)

    assert one.answer not in one.text
    assert one.answer not in {compilation.theme for compilation in corpus().compilations}


@settings(deadline=None)
@given(keys(QuizKind.YEAR), SEEDS)
def test_the_words_stand_in_no_quotation_of_a_wrong_year(key: str, seed: int) -> None:
    one = asked(key, seed)

    assert one.answer == str(quote_of(one).year)
    assert one.text in quote_of(one).text
    said_in = {str(quote.year) for quote in corpus().quotes if one.text in quote.text}
    assert said_in.isdisjoint(wrong(one))
    assert not re.search(r"\d{4}年", one.text)


@settings(deadline=None)
@given(keys(QuizKind.OCCASION), SEEDS)
def test_the_words_were_said_on_no_wrong_occasion(key: str, seed: int) -> None:
    one = asked(key, seed)

    assert one.answer == quote_of(one).occasion
    assert one.text in quote_of(one).text
    said_on = {quote.occasion for quote in corpus().quotes if one.text in quote.text}
    assert said_on == {one.answer}


@settings(deadline=None)
@given(keys(QuizKind.OCCASION), SEEDS)
def test_the_words_do_not_name_the_occasion(key: str, seed: int) -> None:
    one = asked(key, seed)

    shared = {one.answer[at : at + 4] for at in range(len(one.answer) - 3)}
    assert not any(piece in one.text for piece in shared)


@settings(deadline=None)
@given(keys(QuizKind.ARTICLE), SEEDS)
def test_the_words_stand_in_no_other_article(key: str, seed: int) -> None:
    one = asked(key, seed)

    found_in = {
        reading.article.id
        for reading in corpus().readings
        if plain(one.text) in plain(reading.text)
    }
    assert found_in == {one.answer}


@settings(deadline=None)
@given(st.sampled_from(corpus().quotes))
def test_excerpts_are_verbatim_and_end_where_a_clause_does(quote: Quote) -> None:
    for piece in excerpts(quote.text):
        assert piece in quote.text
        assert len(piece) <= LONGEST
        assert piece[-1] in "。！？；，”："


def test_a_question_is_about_its_topic() -> None:
    about = questions().about("量子科技")

    assert about
    for key in about:
        passage = corpus().passage(asked(key, 1).passage_id)
        assert passage is not None
        assert "量子科技" in passage.text or isinstance(passage, Quote)
    assert len(about) < len(questions().about())


def test_a_key_that_left_the_corpus_asks_nothing() -> None:
    assert questions().question("term:q-1999-01-01:数字经济", 1) is None
    assert questions().question("nonsense", 1) is None


def test_of_one_quotation_alone_nothing_is_asked_that_needs_others() -> None:
    (compilation,) = corpus().compilations
    alone = replace(compilation, quotes=compilation.quotes[:1], articles=())

    found = Questions(Corpus((alone,), "alone")).about()

    assert not [key for key in found if not key.startswith("term:")]


def test_what_was_said_twice_is_asked_of_neither_year() -> None:
    (compilation,) = corpus().compilations
    first = compilation.quotes[0]
    again = replace(
        first, id="q-2099-01-01", said_on=first.said_on + timedelta(days=31_000), occasion="在别处"
    )
    twice = replace(compilation, quotes=(*compilation.quotes, again))

    found = Questions(Corpus((twice,), "twice")).about()

    for quote in (first, again):
        assert f"year:{quote.id}" not in found
        assert f"occasion:{quote.id}" not in found


def test_what_was_said_over_the_turn_of_a_year_is_asked_of_no_year() -> None:
    (compilation,) = corpus().compilations
    first, *others = compilation.quotes
    spanning = replace(first, until=first.said_on + timedelta(days=40))
    over = replace(compilation, quotes=(spanning, *others))

    found = Questions(Corpus((over,), "over")).about()

    assert f"year:{first.id}" not in found
    assert f"year:{others[0].id}" in found


def test_a_term_inside_a_longer_word_does_not_stand_there() -> None:
    assert list(stands("产业数字化、数字产业化", "数字产业", ())) == []
    assert list(stands("战略性新兴产业和新兴产业", "新兴产业", ("战略性新兴产业",))) == [8]


def test_terms_of_an_enumeration_are_of_a_kind() -> None:
    terms = terms_of(corpus())

    assert terms.likeness("高端化", "网络化") > terms.likeness("高端化", "工业母机")
    assert terms.likeness("因地制宜", "分类指导") >= 3
    assert Terms(frozenset({"氢能"}), ()).all == ("氢能",)
