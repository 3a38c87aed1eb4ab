"""Long answers become several messages: nothing lost, nothing broken."""

from __future__ import annotations

import html
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.split import split, units
from tests.render.conftest import Page, seen

LIMIT = 96

_plain = st.text(
    st.one_of(
        st.sampled_from("甲乙丙。，！”“<>&\n 1a"), st.characters(exclude_categories=["Cs", "Cc"])
    ),
    max_size=60,
)


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from([("<b>", "</b>"), ("<i>", "</i>"), ("<code>", "</code>")])
    return st.builds(lambda text, tag: tag[0] + text + tag[1], inner, tags)


_piece = _plain.map(lambda text: html.escape(text, quote=False))
_marked = st.one_of(_piece, _wrapped(_piece), _wrapped(st.one_of(_piece, _wrapped(_piece))))
documents = st.lists(_marked, max_size=20).map("".join)


@given(documents)
def test_every_part_is_balanced_and_within_the_limit(document: str) -> None:
    for part in split(document, LIMIT):
        assert units(part) <= LIMIT
        Page(part)


@given(documents)
def test_the_visible_text_of_the_parts_is_that_of_the_whole(document: str) -> None:
    parts = split(document, LIMIT)
    whole = seen(document)
    joined = "".join(map(seen, parts))
    # Only a part that shows nothing at all may be left out.
    assert "".join(joined.split()) == "".join(whole.split())
    if all(line.strip() for line in whole.split("\n")):
        assert joined == whole


@given(documents)
def test_every_part_shows_something(document: str) -> None:
    assert all(seen(part).strip() for part in split(document, LIMIT))


@given(st.lists(st.sampled_from(["👩‍👩‍👧", "🇨🇳", "👍🏽", "e\u0301", "&amp;", "好"]), max_size=80))
def test_no_character_or_entity_is_cut_in_two(characters: list[str]) -> None:
    for part in split("".join(characters), 40):
        rest = part
        while rest:
            whole = next((one for one in characters if rest.startswith(one)), None)
            assert whole is not None, part
            rest = rest.removeprefix(whole)


def test_a_short_answer_is_one_part_untouched() -> None:
    assert split("<b>好</b>") == ["<b>好</b>"]


def test_nothing_to_show_is_no_part() -> None:
    assert split(" \n ") == []


def test_a_cut_falls_after_a_sentence_with_its_closing_marks() -> None:
    text = "他说：“要久久为功。”" * 30
    parts = split(text, 100)
    assert all(part.endswith("。”") for part in parts)


def test_a_cut_after_a_paragraph_is_preferred_to_one_after_a_sentence() -> None:
    text = "一句话说完了。" * 9 + "\n" + "又是一句话。" * 9
    first, second = split(text, 80)
    assert first.endswith("\n")
    assert second.startswith("又")


def test_a_quotation_that_is_cut_is_opened_again_as_expandable() -> None:
    text = "<blockquote expandable>" + "久久为功。" * 60 + "</blockquote>"
    parts = split(text, 150)
    assert len(parts) > 1
    assert all(part.startswith("<blockquote expandable>") for part in parts)
    assert all(part.endswith("</blockquote>") for part in parts)


def test_no_part_begins_or_ends_with_an_empty_tag() -> None:
    text = "".join(f"<b>{number}</b>，这是一条。" for number in range(40))
    for before, after in pairwise(split(text, 100)):
        assert not before.endswith("<b></b>")
        assert not after.startswith("<b></b>")


def test_a_real_message_is_cut_at_four_thousand_and_ninety_six_units() -> None:
    parts = split("🙂" * 5000)
    assert [units(part) for part in parts[:2]] == [4096, 4096]


def test_a_limit_too_small_for_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        split("<code>好好</code>", 10)
