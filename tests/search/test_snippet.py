"""Facts about snippets: where they are cut, and what is marked in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Corpus, Snippet
from bot.search.snippet import MAX_CHARACTERS, cut_snippet
from bot.search.text import fold

BORDERS = set("。！？!?…，、；：,;:—”’」』）)\n")
SENTENCES = "第一句说的是别的事情，与此无关。第二句讲新质生产力，要因地制宜。第三句又是别的。" * 3


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.marks]


def test_a_short_passage_is_shown_whole() -> None:
    snippet = cut_snippet("发展新质生产力。", ["新质生产力"])
    assert snippet == Snippet("发展新质生产力。", ((2, 7),))


def test_a_snippet_begins_with_the_sentence_of_the_match() -> None:
    snippet = cut_snippet(SENTENCES, ["新质生产力"])
    assert snippet.text.startswith("第二句讲新质生产力")
    assert snippet.cut_before
    assert snippet.cut_after


def test_every_match_in_the_snippet_is_marked() -> None:
    snippet = cut_snippet(SENTENCES, ["新质生产力", "因地制宜"])
    assert marked(snippet)[:2] == ["新质生产力", "因地制宜"]


def test_the_place_where_most_terms_stand_together_is_shown() -> None:
    text = "人工智能在前面。" + "这里说别的。" * 20 + "人工智能赋能制造业。"
    assert marked(cut_snippet(text, ["人工智能", "制造业"])) == ["人工智能", "制造业"]


def test_a_match_typed_differently_is_marked_as_it_is_written() -> None:
    assert marked(cut_snippet("实现“从 0 到 1”的突破。", [fold("从０到１")])) == ["从 0 到 1"]


def test_matches_that_overlap_are_marked_once() -> None:
    snippet = cut_snippet("先进制造业集群。", ["先进制造业", "制造业集群"])
    assert marked(snippet) == ["先进制造业集群"]


def test_without_a_match_the_beginning_is_shown() -> None:
    snippet = cut_snippet(SENTENCES, [])
    assert SENTENCES.startswith(snippet.text)
    assert not snippet.cut_before
    assert not snippet.marks


def test_paragraphs_run_on_in_a_snippet() -> None:
    assert "\n" not in cut_snippet("第一段。\n第二段。", ["第二段"]).text


def test_one_clause_longer_than_the_limit_is_cut_at_the_limit() -> None:
    snippet = cut_snippet("字" * 500, ["字字"])
    assert len(snippet.text) == MAX_CHARACTERS


@given(st.data())
def test_a_snippet_of_the_booklet_is_short_begins_and_ends_at_a_border_and_shows_the_match(
    booklet: Corpus, data: st.DataObject
) -> None:
    passage = data.draw(st.sampled_from(list(booklet)))
    length = data.draw(st.integers(1, min(20, len(passage.text))))
    start = data.draw(st.integers(0, len(passage.text) - length))
    term = fold(passage.text[start : start + length])
    snippet = cut_snippet(passage.text, [term])
    text = passage.text.replace("\n", " ")
    assert len(snippet.text) <= MAX_CHARACTERS
    at = text.index(snippet.text)
    if snippet.cut_after:
        assert text[at + len(snippet.text) - 1] in BORDERS or len(snippet.text) > 60
    for start, end in snippet.marks:
        assert fold(snippet.text[start:end])
    if term:
        assert any(term in fold(one) for one in marked(snippet))


@pytest.mark.parametrize("term", ["𠮷野", "👨‍👩‍👧家"])
def test_a_character_beyond_the_first_plane_is_never_halved(term: str) -> None:
    snippet = cut_snippet(f"前面的话，{term}在这里。", [fold(term)])
    snippet.text.encode("utf-8")
    assert fold(term) in fold("".join(marked(snippet)))
