"""What people write after 订阅 and 设置, cut into single wishes."""

from __future__ import annotations

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.wishes import NotUnderstoodError, Wishes, read_wishes
from bot.errors import StudyWordError
from bot.model import Card, Content, DayRule, Days

TOPICS = ("人工智能", "未来产业")


@pytest.mark.parametrize(
    ("line", "wishes"),
    [
        ("", Wishes()),
        ("7:30", Wishes(push_at=time(7, 30))),
        ("工作日8点", Wishes(push_at=time(8), days=Days(DayRule.WORKDAYS))),
        (
            "早上 8点半 周一、三、五",
            Wishes(push_at=time(8, 30), days=Days(DayRule.WEEKDAYS, frozenset({1, 3, 5}))),
        ),
        ("New York 21:00", Wishes(push_at=time(21), zone="America/New_York")),
        ("时区 UTC+8", Wishes(zone="Etc/GMT-8")),
        ("只推 人工智能，只推论述", Wishes(theme="人工智能", content=Content.QUOTE)),
        ("人工智能", Wishes(theme="人工智能")),
        ("只推 海洋经济 7:30", Wishes(theme="海洋经济", push_at=time(7, 30))),
        ("只推 论述 工作日", Wishes(content=Content.QUOTE, days=Days(DayRule.WORKDAYS))),
        ("专题 不限", Wishes(theme="")),
        ("这个话题", Wishes(here=True)),
        ("话题 常规", Wishes(here=False)),
        ("图文", Wishes(card=Card.LIGHT)),
        ("图文 大字 7:30", Wishes(card=Card.LARGE, push_at=time(7, 30))),
        ("不要图文", Wishes(card=Card.NONE)),
        ("8:00 9:00", Wishes(push_at=time(9))),
    ],
)
def test_a_line_is_read_in_any_order(line: str, wishes: Wishes) -> None:
    assert read_wishes(line, TOPICS) == wishes


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("时区 火星", "时区"),
        ("时间 早饭后", "时刻"),
        ("推送日 初一十五", "日子"),
        ("25:00", "时刻"),
        ("每周八", "日子"),
    ],
)
def test_a_wish_that_is_named_is_refused_by_its_name(line: str, words: str) -> None:
    with pytest.raises(StudyWordError, match=words):
        read_wishes(line, TOPICS)


@pytest.mark.parametrize("line", ["随便", "8:00 随便", "新" * 201])
def test_what_is_no_wish_is_refused_as_it_was_written(line: str) -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        read_wishes(line, TOPICS)
    assert refused.value.piece in line


@given(st.text(max_size=220))
def test_no_text_breaks_the_reading_of_wishes(text: str) -> None:
    with suppress(StudyWordError, NotUnderstoodError):
        read_wishes(text, TOPICS)
