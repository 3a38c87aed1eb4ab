"""Facts about filler that hold for any text; what is left of real questions is in test_query."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Corpus
from bot.search.filler import asked_for, is_filler, without_question, without_request
from bot.search.text import fold

PIECES = """
    请问 帮我找一下 我想了解 谢谢 吗 谁说过 什么是 是什么意思 怎么 怎样 如何 为什么 有哪些论述
    总书记
    关于 在江苏 新质生产力 人工智能 工厂 的 ， ？ 说了什么 是什么时候提出的 能治什么病 5G
"""
QUESTIONS = st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=12).map("".join)


@given(QUESTIONS | st.text(max_size=60))
def test_what_is_left_is_a_piece_of_what_was_typed_and_never_less_than_two_characters(
    text: str,
) -> None:
    for strip in (without_request, without_question):
        left = strip(text)
        assert left in text
        assert left == text or len(fold(left)) >= 2


@given(QUESTIONS | st.text(max_size=60))
def test_what_is_asked_for_stands_in_the_text_in_order(text: str) -> None:
    at = 0
    for one in asked_for(text):
        at = text.index(one, at) + len(one)


def test_courtesies_and_bare_questions_are_nothing_but_filler() -> None:
    for text in ("你好", "请问", "谢谢", "是谁说的", "是什么意思", "怎么说", "有没有"):
        assert is_filler(text), text


def test_no_topic_and_no_title_of_the_corpus_is_filler_or_loses_anything(shipped: Corpus) -> None:
    named = [*shipped.topics, *(article.title for article in shipped.articles)]
    for text in named:
        assert not is_filler(text)
        assert without_question(without_request(text)) == text
        assert asked_for(text) == (text,)
