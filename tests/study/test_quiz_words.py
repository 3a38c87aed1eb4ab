"""What people mean by the line behind /quiz."""

from __future__ import annotations

from datetime import time

import pytest

from bot.errors import StudyWordError
from bot.model import DayRule, Days
from bot.study.quiz_words import EXAMPLE, QuizWish, is_schedule, read_wish


def on(*days: int) -> Days:
    return Days(DayRule.WEEKDAYS, frozenset(days))


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("每周五 20:00 3题", QuizWish(on(5), time(20), 3)),
        ("每周五20:00 3题", QuizWish(on(5), time(20), 3)),
        ("周五晚上8点 三道题", QuizWish(on(5), time(20), 3)),
        ("星期五 晚八点半 5道", QuizWish(on(5), time(20, 30), 5)),
        ("每周一、周四 12：30 2題", QuizWish(on(1, 4), time(12, 30), 2)),
        ("工作日 8点", QuizWish(Days(DayRule.WORKDAYS), time(8), None)),
        ("每天 7:30，每次两题", QuizWish(Days(), time(7, 30), 2)),
        ("周末", QuizWish(on(6, 7), None, None)),
        ("5题", QuizWish(None, None, 5)),
        ("20:00", QuizWish(None, time(20), None)),
        ("十题", QuizWish(None, None, 10)),
    ],
)
def test_a_line_says_when_and_how_many(line: str, wish: QuizWish) -> None:
    assert is_schedule(line)
    assert read_wish(line) == wish


@pytest.mark.parametrize(
    "line", ["新质生产力", "人工智能", "未来产业", "十五五", "成绩", "因地制宜"]
)
def test_a_topic_is_no_schedule(line: str) -> None:
    assert not is_schedule(line)


@pytest.mark.parametrize(
    "line", ["每周八 20:00", "每周五 25:00", "每周五 0题", "每周五 11题", "每月5号 20:00 3题"]
)
def test_what_is_not_understood_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(StudyWordError, match=EXAMPLE):
        read_wish(line)
