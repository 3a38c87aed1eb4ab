"""The scripted tour of `studybot demo`: what the bot does, in nine short steps.

Here live the captions and what is typed. It is typed into the same console a person uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.local.console import Console
from bot.model import DayRule, Days
from bot.study.calendar import is_push_day


@dataclass(frozen=True, slots=True)
class Step:
    """One caption and the lines typed under it."""

    caption: str
    lines: tuple[str, ...]


_BEFORE_THE_PUSH = (
    Step("问一个关键词", ("/in private", "量子科技")),
    Step("问一个日子", ("2024年3月5日",)),
    Step("日子和关键词一起问", ("2024年 新质生产力",)),
    Step("问错了，它会说错在哪里、该怎么问", ("2024年2月30日",)),
    Step("懒得切换输入法，拼音也行", ("naojijiekou",)),
    Step("管理员给学习群订阅每日推送", ("/in group", "/as admin", "/subscribe 08:00 工作日")),
    Step("群里的设置只有管理员能改", ("/as member", "/subscribe 09:00")),
)
_AFTER_THE_PUSH = (
    Step("接着往下读", ("/press 继续阅读",)),
    Step("今天推送的来龙去脉，随时可查", ("/why",)),
)


def steps(today: date) -> tuple[Step, ...]:
    """The tour as it goes on `today` (local): the clock is moved to the next working day."""
    morning = _next_working_day(today)
    push = Step("拨到下一个工作日早上八点，推送来了", (f"/clock {morning:%Y-%m-%d} 08:00",))
    return (*_BEFORE_THE_PUSH, push, *_AFTER_THE_PUSH)


async def give_tour(console: Console) -> None:
    """Type the tour into the console."""
    today = console.clock().astimezone(console.zone).date()
    for step in steps(today):
        console.caption(step.caption)
        for line in step.lines:
            await console.enter(line, echo=True)


def _next_working_day(today: date) -> date:
    working_days = Days(DayRule.WORKDAYS)
    on = today + timedelta(days=1)
    while not is_push_day(working_days, on):
        on += timedelta(days=1)
    return on
