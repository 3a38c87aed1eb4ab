"""Text made safe, and cut where a sentence ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.render.html import escape, one_line, quoted, sentences, shorten
from tests.render.conftest import seen

_texts = st.text(st.sampled_from("甲乙丙丁。！？；…”’）\n，、 "), max_size=400)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_escaped_text_is_read_as_it_was(text: str) -> None:
    assert seen(escape(text)) == text


@given(_texts)
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


@given(_texts, st.integers(5, 120))
def test_shortened_text_is_the_beginning_of_it(text: str, about: int) -> None:
    kept, is_cut = shorten(text, about)
    assert len(kept) <= 2 * about + 2
    assert text.startswith(kept.removesuffix("……"))
    assert is_cut == (kept.rstrip() != text.rstrip())


def test_shortened_text_ends_at_a_sentence_with_its_closing_marks() -> None:
    assert shorten("第一句。他说：“第二句。”第三句很长很长很长。", 16) == (
        "第一句。他说：“第二句。”",
        True,
    )


def test_a_first_sentence_a_little_too_long_is_kept_whole() -> None:
    assert shorten("这一句有十二个字左右。还有。", 8) == ("这一句有十二个字左右。", True)


def test_a_long_quotation_is_expandable_and_a_short_one_is_not() -> None:
    assert quoted("短").startswith("<blockquote>")
    assert quoted("长" * 300).startswith("<blockquote expandable>")


def test_a_label_is_one_line_and_not_too_long() -> None:
    assert one_line("一行\n两行 三行", 6) == "一行 两行…"
