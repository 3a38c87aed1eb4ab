"""Facts about folding: what is one to search, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from bot.model import Corpus
from bot.search.text import fold, fold_with_origin, grams, mainland, merge_spans, simplified
from tests.search.conftest import fields

TEXTS = st.text(alphabet=st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("从0到1", "从 0 到 1"),
        ("５Ｇ网络", "5G 网络"),
        ("ai", "ＡＩ"),
        ("人工智能", "人工智能"),
        ("產業鏈", "产业链"),
        ("裡裏", "里里"),
        ("臺灣", "台湾"),
        ("乾淨", "干净"),
        ("「牛鼻子」", "“牛鼻子”"),
        ("『推廣場』、『應用場』", "“推广场”、“应用场”"),
        ("(一)", "（一）"),
        ("新质生产力。", "新质，生产力"),
        ("①", "1"),
        ("café", "cafe"),
        ("新\u200b质\ufe0f生产力", "新质生产力"),
    ],
)
def test_two_spellings_of_one_text_fold_alike(typed: str, written: str) -> None:
    assert fold(typed) == fold(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("人工智能+", "人工智能"),
        ("15%", "15"),
        ("R&D", "RD"),
        ("2.8%", "28%"),
        ("１．０３万亿", "103万亿"),
    ],
)
def test_a_sign_that_carries_meaning_is_kept(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(TEXTS, TEXTS)
def test_folding_a_piece_of_a_text_gives_a_piece_of_the_folded_text(one: str, other: str) -> None:
    folded = fold(one + other)
    assert folded.startswith(fold(one))
    assert folded.endswith(fold(other))
    # What is cut through a number loses its point and nothing else.
    assert folded.replace(".", "") == (fold(one) + fold(other)).replace(".", "")


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from(".．"), TEXTS)
def test_the_point_of_a_decimal_number_is_kept(
    whole: int, decimals: int, point: str, text: str
) -> None:
    assert fold(f"{text}，{whole}{point}{decimals}%") == fold(text) + f"{whole}.{decimals}%"


@pytest.mark.parametrize("text", ["完。", "3.", ".5", "第3. 条", "R.D", "……", "3..5"])
def test_any_other_point_is_dropped(text: str) -> None:
    assert "." not in fold(text)


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_a_folded_text_has_no_space_mark_or_accent(text: str) -> None:
    for character in fold(text):
        assert unicodedata.category(character)[0] in "LNS" or character in "%‰&."


@given(TEXTS)
def test_every_folded_character_knows_the_one_it_came_from(text: str) -> None:
    folded = fold_with_origin(text)
    assert folded.text == fold(text)
    assert len(folded.origin) == len(folded.text)
    for character, at in zip(folded.text, folded.origin, strict=True):
        assert character in fold(text[at]) or (character == "." and text[at] in ".．")


def test_a_span_of_the_folded_text_is_found_in_the_original() -> None:
    text = "实现“从 0 到 1”的突破"
    ((start, end),) = fold_with_origin(text).spans(fold("从0到1"))
    assert text[start:end] == "从 0 到 1"


def test_a_character_that_becomes_several_is_highlighted_whole() -> None:
    ((start, end),) = fold_with_origin("长3㎞的").spans("km")
    assert "长3㎞的"[start:end] == "㎞"


def test_simplified_characters_of_the_corpus_stay_what_they_are(booklet: Corpus) -> None:
    for passage in booklet:
        for text in fields(passage):
            chinese = [one for one in text if "\u4e00" <= one <= "\u9fff"]
            assert [fold(one) for one in chinese] == chinese


def test_the_short_cut_for_simplified_characters_agrees_with_opencc() -> None:
    to_simplified = OpenCC("t2s")
    for code in range(0x4E00, 0xA000):
        assert fold(chr(code)) == to_simplified.convert(chr(code))


def test_half_a_character_is_no_obstacle() -> None:
    assert simplified("產\ud800業") == "产\ud800业"
    assert fold("產\ud800業") == "产业"
    assert mainland("人工\ud800智慧") == "人工智能"


def test_wording_of_taiwan_becomes_that_of_the_mainland() -> None:
    assert mainland("人工智慧") == "人工智能"


def test_pairs_overlap_and_a_single_character_has_none() -> None:
    assert grams("新质生产") == ["新质", "质生", "生产"]
    assert grams("新") == []


def test_spans_that_touch_or_overlap_are_one() -> None:
    assert merge_spans([(4, 6), (0, 2), (1, 4), (9, 10)]) == ((0, 6), (9, 10))
