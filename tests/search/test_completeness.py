"""Complete: every piece of the corpus finds every passage it stands in, however it is typed.

The oracle looks at every passage (`holders`). Only what has no letter in it, or names a day
that never was (a cut of `12月31日` is `2月31日`), may be refused.
"""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.errors import QueryError
from bot.model import Corpus, Match
from bot.search.dates import scan
from bot.search.index import Index
from bot.search.query import parse
from bot.search.text import fold
from tests.search.conftest import TODAY, fields, holders

LONGEST = 20
TO_TRADITIONAL = OpenCC("s2t")
TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
CUTS = settings(max_examples=200, deadline=None)


@st.composite
def cuts(draw: st.DrawFn, corpus: Corpus) -> str:
    """A piece of 1 to 20 characters of any searched text of any passage."""
    texts = [text for passage in corpus for text in fields(passage) if text]
    text = draw(st.sampled_from(texts))
    length = draw(st.integers(1, min(LONGEST, len(text))))
    start = draw(st.integers(0, len(text) - length))
    return text[start : start + length]


def check(index: Index, corpus: Corpus, cut: str, typed: str) -> None:
    """Asking for `typed` has the passages with `cut`, all of them, as its exact hits.

    A date or a kind alone is answered by what it holds, exact hits being mentions of it.
    """
    try:
        query = parse(typed, TODAY)
    except QueryError:
        assert not fold(typed) or is_impossible(typed)
        return
    found = index.find(query, today=TODAY, limit=None)
    assert found.total == len(found.hits) == len({hit.passage.id for hit in found.hits})
    exact = {hit.passage.id for hit in found.hits if hit.match is Match.EXACT}
    expected = holders(corpus, cut)
    if query.terms:
        assert exact == expected
    else:
        assert exact <= expected <= {hit.passage.id for hit in found.hits}


def is_impossible(text: str) -> bool:
    try:
        scan(text, TODAY)
    except QueryError:
        return True
    return False


@CUTS
@given(st.data())
def test_every_piece_of_the_shipped_corpus_finds_exactly_its_passages(
    shipped: Corpus, shipped_index: Index, data: st.DataObject
) -> None:
    cut = data.draw(cuts(shipped))
    check(shipped_index, shipped, cut, cut)


@CUTS
@given(st.data())
def test_every_piece_of_the_whole_booklet_finds_exactly_its_passages(
    booklet: Corpus, booklet_index: Index, data: st.DataObject
) -> None:
    cut = data.draw(cuts(booklet))
    check(booklet_index, booklet, cut, cut)


@CUTS
@given(st.data())
def test_a_piece_in_traditional_characters_finds_the_same(
    booklet: Corpus, booklet_index: Index, data: st.DataObject
) -> None:
    cut = data.draw(cuts(booklet))
    check(booklet_index, booklet, cut, TO_TRADITIONAL.convert(cut))


@CUTS
@given(st.data())
def test_a_piece_in_full_width_finds_the_same(
    booklet: Corpus, booklet_index: Index, data: st.DataObject
) -> None:
    cut = data.draw(cuts(booklet))
    check(booklet_index, booklet, cut, cut.translate(TO_FULL_WIDTH))


@CUTS
@given(st.data(), st.randoms(use_true_random=False))
def test_a_piece_with_spaces_typed_into_it_finds_the_same(
    booklet: Corpus, booklet_index: Index, data: st.DataObject, chance: random.Random
) -> None:
    cut = data.draw(cuts(booklet))
    spaced = "".join(one + " " * (chance.random() < 0.3) for one in cut)
    # A point between spaces is none of a decimal number: 1 . 0 is not 1.0.
    check(booklet_index, booklet, cut, re.sub(r" *([.．]) *", r"\1", spaced))


def test_every_single_character_of_the_booklet_finds_exactly_its_passages(
    booklet: Corpus, booklet_index: Index
) -> None:
    characters = {one for passage in booklet for text in fields(passage) for one in text}
    for character in sorted(characters):
        check(booklet_index, booklet, character, character)


def test_words_of_the_query_language_are_found_as_text_too(
    booklet: Corpus, booklet_index: Index
) -> None:
    for text in ("论述", "重要论述", "去年7月以来", "“十五五”时期", "2024年"):
        assert holders(booklet, text), text
        check(booklet_index, booklet, text, text)


@pytest.mark.parametrize("typed", ["资讯", "数位", "软体"])
def test_what_stands_nowhere_has_no_exact_hit_as_typed(
    booklet: Corpus, booklet_index: Index, typed: str
) -> None:
    assert not holders(booklet, typed)
    found = booklet_index.find(parse(typed, TODAY), today=TODAY, limit=None)
    assert all(hit.match is not Match.EXACT or found.corrected for hit in found.hits)
