"""What lines behind 提醒 mean, and which are refused."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.errors import StudyWordError
from bot.model import Recurrence, Reminder
from bot.render.recurrences import line
from bot.study import recurrence
from bot.study.reminders import Wish, read_changes, read_length, read_reminder
from tests.study.reminder_table import LINES, REFUSED

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Tuesday
SHANGHAI = "Asia/Shanghai"


def read(text: str) -> Wish:
    return read_reminder(text, NOON, SHANGHAI)


def reminder_of(text: str) -> Reminder:
    wish = read(text)
    assert wish.recurrence is not None
    assert wish.at is not None
    leads = wish.leads or (timedelta(),)
    return Reminder(
        1,
        wish.title,
        wish.recurrence,
        wish.at,
        SHANGHAI,
        NOON,
        place=wish.place or "",
        theme=wish.theme or "",
        lasts=wish.lasts or timedelta(hours=1),
        notices=recurrence.notices(leads, timedelta(hours=1), takes_part=False),
    )


def named(one: Reminder) -> str:
    days = [occurrence.on for occurrence in recurrence.upcoming(one, NOON)]
    return " ".join(f"{on:%m-%d}" if on.year == 2026 else f"{on:%Y-%m-%d}" for on in days)


@pytest.mark.parametrize(("text", "rule", "workday", "at", "sessions"), LINES)
def test_a_line_means_these_days(
    text: str, rule: str, workday: int | None, at: str, sessions: str
) -> None:
    one = reminder_of(text)
    assert (one.recurrence.rule, one.recurrence.workday) == (rule, workday)
    assert (one.at, named(one)) == (time.fromisoformat(at), sessions)


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_a_line_is_refused_with_a_reason_and_an_example_that_works(text: str, why: str) -> None:
    with pytest.raises(StudyWordError, match=why) as caught:
        read(text)
    assert caught.value.example in str(caught.value)
    example = caught.value.example
    wish = read_changes(example, NOON, SHANGHAI)
    assert wish.recurrence or wish.at


@pytest.mark.parametrize("text", [row[0] for row in LINES if "后 " not in row[0]])
def test_what_is_read_back_means_the_same_when_it_is_typed_again(text: str) -> None:
    one = reminder_of(text)
    again = reminder_of(line(one))
    assert again.recurrence == one.recurrence
    assert (again.at, again.title, again.leads) == (one.at, one.title, one.leads)
    assert (again.place, again.theme, again.lasts) == (one.place, one.theme, one.lasts)


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("提前1天 30分钟", ("1d", "30m")),
        ("提前一天、两小时、半小时", ("1d", "2h", "30m")),
        ("提前1小时30分钟", ("90m",)),
        ("提前一个半小时", ("90m",)),
        ("提前2天和1天和准时", ("2d", "1d", "0m")),
        ("提前10分钟提醒大家", ("10m",)),
        ("提前一周", ("7d",)),
        ("提前一刻钟", ("15m",)),
        ("提前1天 提前1小时", ("1d", "1h")),
        ("准时提醒", ("0m",)),
        ("", ()),
    ],
)
def test_how_long_before_may_be_said_several_times(said: str, leads: tuple[str, ...]) -> None:
    units = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
    wish = read(f"每周五 15:00 学习会 {said}")
    assert wish.leads == tuple(int(one[:-1]) * units[one[-1]] for one in leads)
    assert wish.title == "学习会"


@pytest.mark.parametrize(
    ("text", "title", "place", "theme"),
    [
        ("每周五 15:00 学习会 @三楼会议室", "学习会", "三楼会议室", None),
        ("每周五 15:00 ＠三楼会议室 学习会", "学习会", "三楼会议室", None),
        ("每周五 15:00 学习会 地点：三楼", "学习会", "三楼", None),
        ("每周五 15:00 学习会 主题 脑机接口", "学习会", None, "脑机接口"),
        ("每周五 15:00 学习会 主题：“未来产业”", "学习会", None, "未来产业"),
        ("每年7月1日 9:00 主题党日", "主题党日", None, None),
        ("每周五 15:00 主题 脑机接口", "脑机接口学习", None, "脑机接口"),
        ("每周五 15:00", "学习提醒", None, None),
        ("请提醒大家 明天15:00 交 心得 体会", "交 心得 体会", None, None),
        ("明天下午3点 开会", "开会", None, None),
    ],
)
def test_what_for_where_and_on_what(
    text: str, title: str, place: str | None, theme: str | None
) -> None:
    wish = read(text)
    assert (wish.title, wish.place, wish.theme) == (title, place, theme)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15:00-16:30", 90),
        ("15:00到17:00", 120),
        ("下午3点到5点", 120),
        ("晚上11点到凌晨1点", 120),
        ("15:00 时长90分钟", 90),
        ("15:00 时长两小时", 120),
    ],
)
def test_how_long_it_lasts(text: str, minutes: int) -> None:
    assert read(f"每周五 {text} 学习会").lasts == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("半小时", 30), ("一个半小时", 90), ("1小时30分钟", 90), ("两天", 2880), ("3刻钟", 45)],
)
def test_durations(text: str, minutes: int) -> None:
    assert read_length(text) == timedelta(minutes=minutes)


def test_a_change_says_only_what_changes() -> None:
    assert read_changes("16:00", NOON, SHANGHAI) == Wish(at=time(16))
    assert read_changes("提前1天", NOON, SHANGHAI) == Wish(leads=(timedelta(days=1),))
    assert read_changes("只提醒", NOON, SHANGHAI) == Wish(takes_part=False)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("每周二 13:00 学习会 共3次", "20261208"),
        ("每周二 12:00 学习会 共3次", "20261215"),
        ("每天 9:00 晨读 共1次", "20261125"),
        ("工作日 9:00 晨读 共2次", "20261126"),
        ("隔周二 9:00 学习会 共2次", "20261222"),
        ("从12月1日起 每周二 9:00 学习会 共2次", "20261208"),
    ],
)
def test_sessions_are_counted_from_the_first_that_can_still_come(text: str, last: str) -> None:
    wish = read(text)
    assert wish.recurrence is not None
    assert wish.recurrence.parts["UNTIL"] == last


def test_today_is_the_day_where_the_chat_lives() -> None:
    late = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # the 25th in Shanghai
    wish = read_reminder("今天 15:00 学习会", late, SHANGHAI)
    assert wish.recurrence == Recurrence("", late.date() + timedelta(days=1))
