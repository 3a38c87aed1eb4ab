"""The daily push: its exact form, about 300 characters of reading, and where it leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.model import Answer, Corpus, Quote, Reading
from bot.render import callbacks
from bot.render.pieces import PIECE_LENGTH
from bot.render.push import push
from bot.render.split import units
from tests.render.conftest import Page, seen

TODAY = date(2026, 11, 23)


@pytest.fixture
def quote(corpus: Corpus) -> Quote:
    found = corpus.quote("q-2026-01-30-3")
    assert found is not None
    return found


@pytest.fixture
def reading(corpus: Corpus) -> Reading:
    found = corpus.reading("a-2026-04-02.2")
    assert found is not None
    return found


def actions(answer: Answer) -> dict[str, object]:
    return {button.label: callbacks.parse(button.data) for row in answer.buttons for button in row}


def test_a_push_has_the_form_it_was_designed_with(quote: Quote, reading: Reading) -> None:
    answer = push(quote, reading, on=TODAY, section_reason="人工智能、未来产业")
    assert seen(answer.text) == (
        "📖 每日一语 · 11月23日 星期一\n\n"
        f"{quote.text}\n\n"
        f"—— {quote.occasion}（2026年1月30日）\n\n"
        "📚 延伸阅读 ·《加快推进人工智能赋能新型工业化》 李乐成\n"
        "二、推进人工智能赋能新型工业化落地见效 · 导读\n"
        f"{reading.section.digest}\n"
        f"原文摘句：“{reading.section.excerpt}”\n"
        "与今日论述同讲：人工智能、未来产业"
    )
    assert list(actions(answer)) == ["继续阅读", "相关论述"]


def test_the_heading_is_bold_and_the_quotation_a_block(quote: Quote) -> None:
    text = push(quote, None, on=TODAY).text
    assert text.startswith("<b>📖 每日一语 · 11月23日 星期一</b>\n\n<blockquote>")


def test_an_anniversary_says_so(quote: Quote) -> None:
    answer = push(quote, None, on=date(2029, 1, 30), quote_reason="anniversary")
    assert "那年今日 · 3 年前的今天" in seen(answer.text)


def test_a_turn_of_the_round_needs_no_reason(quote: Quote) -> None:
    assert push(quote, None, on=TODAY, quote_reason="round") == push(quote, None, on=TODAY)


def test_going_on_begins_after_a_section_that_was_shown_whole(
    reading: Reading, quote: Quote
) -> None:
    answer = push(quote, reading, on=TODAY)
    assert actions(answer)["继续阅读"] == callbacks.ReadAfter("a-2026-04-02.2")


def test_a_long_original_ends_at_a_sentence_and_goes_on_with_its_second_piece(
    reading: Reading, quote: Quote
) -> None:
    original = ("这是原文里的一句话，有二十来个字那么长。" * 20,)
    imported = Reading(reading.article, replace(reading.section, original=original))
    answer = push(quote, imported, on=TODAY)
    body = seen(answer.text).rpartition("· 原文\n")[2]
    assert PIECE_LENGTH - 40 <= len(body) <= PIECE_LENGTH
    assert body.endswith("。")
    assert actions(answer)["继续阅读"] == callbacks.ReadPiece(reading.id, 1)


def test_a_push_of_readings_alone_has_its_own_heading(reading: Reading) -> None:
    answer = push(None, reading, on=TODAY)
    assert seen(answer.text).startswith("📚 每日一读 · 11月23日 星期一\n\n《加快推进")
    assert actions(answer)["相关论述"] == callbacks.ShowRelated(reading.id)


def test_a_push_of_a_quotation_alone_has_nothing_to_go_on_reading(quote: Quote) -> None:
    assert list(actions(push(quote, None, on=TODAY))) == ["相关论述"]


def test_a_push_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="carries"):
        push(None, None, on=TODAY)


def test_every_push_of_the_shipped_corpus_is_one_message(corpus: Corpus) -> None:
    for quote in corpus.quotes:
        for reading in corpus.readings:
            text = push(quote, reading, on=TODAY, section_reason="新质生产力").text
            Page(text)
            assert units(text) <= 4000
