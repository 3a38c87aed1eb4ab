"""What choosing an inline result sends: one message that stands on its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.model import Corpus, Reading
from bot.render import inline
from bot.render.split import MESSAGE_LIMIT, units
from tests.render.conftest import seen


def test_every_passage_fits_one_message_with_its_id(corpus: Corpus) -> None:
    for passage in corpus:
        html = inline.shared(passage, corpus)
        assert units(html) <= MESSAGE_LIMIT
        assert f"编号：{passage.id}" in seen(html)


@given(sentence=st.sampled_from(["<甲乙丙>。", "甲" * 50 + "。", "𠀀𠀁。", "无标点"]))
def test_a_passage_of_any_length_is_cut_and_keeps_its_attribution(
    corpus: Corpus, sentence: str
) -> None:
    quote = replace(corpus.quotes[0], text=sentence * 3000)
    reading = corpus.readings[1]
    section = replace(reading.section, digest=sentence * 3000, excerpt=sentence * 3000)
    for passage in (quote, Reading(reading.article, section)):
        text = seen(inline.shared(passage, corpus, heading="📖 每日一语"))
        assert units(text) <= MESSAGE_LIMIT
        assert "……" in text
        assert f"编号：{passage.id}" in text


def test_a_long_quotation_is_folded(corpus: Corpus) -> None:
    long = max(corpus.quotes, key=lambda quote: len(quote.text))
    assert "<blockquote expandable>" in inline.shared(long, corpus)


def test_a_reading_is_told_apart_as_digest_and_excerpt(corpus: Corpus) -> None:
    reading = next(one for one in corpus.readings if one.section.digest and one.section.excerpt)
    text = seen(inline.shared(reading, corpus))
    assert text.index("【导读】") < text.index("【原文摘句】") < text.index("作者：")


def test_an_original_without_an_excerpt_is_sent_as_such(corpus: Corpus) -> None:
    reading = corpus.readings[0]
    section = replace(reading.section, digest="", excerpt="", original=("原来的话。",))
    assert "【原文】" in seen(inline.shared(Reading(reading.article, section), corpus))


@pytest.mark.parametrize("sentence", ["错了。可以这样写：甲", "只有一句话"])
def test_a_refusal_has_something_on_both_lines(sentence: str) -> None:
    item = inline.refused(QueryError(sentence, "甲"))
    assert item.title.startswith("🤔 ")
    assert item.description
    assert item.retries == ("甲",)


def test_rows_fit_a_phone(corpus: Corpus) -> None:
    for passage in corpus:
        item = inline.item(passage, corpus)
        assert len(item.title) <= 64
        assert len(item.description) <= 120
