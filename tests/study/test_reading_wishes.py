"""The line behind 读书计划, in the orders and words people write it in."""

from __future__ import annotations

from datetime import time

import pytest

from bot.errors import StudyWordError
from bot.model import DayRule, Days
from bot.study.reading_wishes import Errand, ReadingWish, read_wish

WORKDAYS = Days(DayRule.WORKDAYS)
TITLE = "加快推进人工智能赋能新型工业化"


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("", ReadingWish()),
        ("4周", ReadingWish(weeks=4)),
        ("四周", ReadingWish(weeks=4)),
        ("两个星期", ReadingWish(weeks=2)),
        ("4 weeks", ReadingWish(weeks=4)),
        ("整本 12周", ReadingWish(weeks=12)),
        ("4周读完", ReadingWish(weeks=4)),
        (
            f"《{TITLE}》 2周 每天 20:00 工作日",
            ReadingWish(title=TITLE, weeks=2, at=time(20), days=WORKDAYS),
        ),
        ("工作日 晚上8点 3周", ReadingWish(weeks=3, at=time(20), days=WORKDAYS)),
        ("第2篇 1周", ReadingWish(article=2, weeks=1)),
        ("21:30", ReadingWish(at=time(21, 30))),
        (
            "4周 周一三五",
            ReadingWish(weeks=4, days=Days(DayRule.WEEKDAYS, frozenset({1, 3, 5}))),
        ),
        ("周一 周三", ReadingWish(days=Days(DayRule.WEEKDAYS, frozenset({1, 3})))),
        ("每天", ReadingWish(days=Days())),
        ("暂停", ReadingWish(errand=Errand.PAUSE)),
        ("補課", ReadingWish(errand=Errand.CATCH_UP)),
        ("结束", ReadingWish(errand=Errand.STOP)),
    ],
)
def test_what_a_line_asks_for(line: str, wish: ReadingWish) -> None:
    assert read_wish(line) == wish


@pytest.mark.parametrize("line", ["0周", "99周", "随便看看", "4周 25:00", "x" * 201])
def test_what_is_impossible_is_refused_with_an_example_that_works(line: str) -> None:
    with pytest.raises(StudyWordError) as refused:
        read_wish(line)
    assert str(refused.value).endswith(refused.value.example)
    command, _, rest = refused.value.example.partition(" ")
    assert command == "/readplan"
    assert read_wish(rest).weeks
