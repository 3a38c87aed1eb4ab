"""The message of a part: one message whatever is in it, and what stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Article, Compilation, Corpus, PartialDate, ReadingPlan, Section
from bot.render import notes
from bot.render.parts import part
from bot.render.split import MESSAGE_LIMIT, units
from tests.render.conftest import seen

ON = date(2026, 11, 25)


def plan(*parts: tuple[str, ...]) -> ReadingPlan:
    return ReadingPlan(-100, "书", parts, 1, time(20), ON, datetime(2026, 11, 24, tzinfo=UTC), id=3)


def one_part_of(corpus: Corpus) -> ReadingPlan:
    return plan(tuple(one.id for one in corpus.readings))


def made(articles: int, length: int) -> Corpus:
    """As many articles of one section each, whose every text is of that length."""
    text = "字" * length
    every = tuple(
        Article(
            id=f"a{number}",
            compilation_id="c",
            title=text,
            author=text,
            role="",
            source=text,
            published=PartialDate(2026),
            sections=(Section(f"a{number}.1", text, 1, text, ""),),
        )
        for number in range(articles)
    )
    one = Compilation("c", "书", "", PartialDate(2026), "", (), (), every)
    return Corpus((one,), "made")


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 120), st.integers(1, 3000))
def test_a_part_is_one_message_however_much_is_in_it(articles: int, length: int) -> None:
    corpus = made(articles, length)
    answer = part(one_part_of(corpus), 1, corpus, on=ON, read=10**6, is_group=True)
    assert units(seen(answer.text)) <= MESSAGE_LIMIT - notes.ROOM


def test_the_whole_booklet_in_one_part_is_one_message_too(corpus: Corpus) -> None:
    answer = part(one_part_of(corpus), 1, corpus)
    assert units(seen(answer.text)) <= MESSAGE_LIMIT - notes.ROOM
    assert "……等，共 40 节" in answer.text


def test_an_article_is_named_once_above_its_sections(corpus: Corpus) -> None:
    ids = ("a-2026-04-02.3", "a-2026-04-03.0", "a-2026-04-03.1")
    text = seen(part(plan(ids), 1, corpus).text)
    assert text.count("《加快推进人工智能赋能新型工业化》 李乐成") == 1
    assert text.count("《科技创新、产业发展和金融支持》 王一鸣") == 1
    assert "三、奋力谱写人工智能赋能新型工业化新篇章 · 导读" in text


def test_sections_that_are_gone_are_counted_and_the_part_still_stands(corpus: Corpus) -> None:
    lost = plan(("a-1.1", "a-1.2"), ("a-2026-04-03.0",))
    answer = part(lost, 1, corpus)
    assert "有 2 节已经不在了" in answer.text
    assert [button.label for button in answer.buttons[0]] == ["✅ 我读完了"]


def test_parts_that_could_not_be_sent_are_told_with_the_button_that_brings_them(
    corpus: Corpus,
) -> None:
    answer = part(plan(*(("a-2026-04-03.0",),) * 3), 3, corpus, missed=2)
    assert "前面有 2 部分没能送到，点下面的“补课”就能读" in answer.text
    assert "补课" in [button.label for row in answer.buttons for button in row]


def test_the_count_is_a_groups_alone(corpus: Corpus) -> None:
    one = plan(("a-2026-04-03.0",))
    in_group = part(one, 1, corpus, read=3, is_group=True)
    assert "3 人读完" in in_group.text
    assert in_group.buttons[0][1].label == "✅ 我读完了 3"
    assert "人读完" not in part(one, 1, corpus, read=3).text


def test_the_last_part_says_so(corpus: Corpus) -> None:
    two = plan(("a-2026-04-03.0",), ("a-2026-04-03.1",))
    assert [("最后一部分" in part(two, number, corpus).text) for number in (1, 2)] == [False, True]
    assert "第2/2部分" in part(replace(two, first_part=2), 2, corpus).text
