"""A month of a group's life, over HTTP, in a time that is moved: what came of it.

Fifty people read together in Berlin and in Shanghai. Berlin's clocks change on the 29th. Both
groups become supergroups in the middle: one while the bot looks on, one while it is away. The
process is dropped three times. In the end one group goes on with another bot.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.local.telegram import Call
from bot.local.world import LocalMessage
from tests.bot_api_spec import BotApiSpec
from tests.month.march import (
    BERLIN,
    BOARD,
    DAYS,
    FRIDAYS,
    PART,
    PUSH,
    SHANGHAI,
    SUNDAYS,
    Record,
)

pytestmark = [
    pytest.mark.long,
    # What a dropped process had not begun is dropped with it.
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]

MARCH = [date(2026, 3, day) for day in DAYS]
LEAD = "地点：三楼会议室\n\n📖 主题"
EDITS = ("editMessageText", "editMessageReplyMarkup")


def local(message: LocalMessage, zone: str = BERLIN) -> datetime:
    """When it was sent, by the clocks there, to the minute."""
    return message.sent_at.astimezone(ZoneInfo(zone)).replace(second=0, tzinfo=None)


def saying(messages: Sequence[LocalMessage], words: str) -> list[LocalMessage]:
    return [one for one in messages if words in one.text]


def moments(messages: Sequence[LocalMessage], zone: str = BERLIN) -> list[datetime]:
    return [local(one, zone) for one in messages]


def days_at(days: Sequence[date], hour: int, minute: int = 0) -> list[datetime]:
    return [datetime.combine(one, time(hour, minute)) for one in days]


def wall(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """What the clocks on the wall show, of 2026."""
    return datetime.combine(date(2026, month, day), time(hour, minute))


def polls(messages: Sequence[LocalMessage]) -> list[LocalMessage]:
    return [one for one in messages if "poll" in one.extra]


def fact(message: LocalMessage) -> tuple[str, str]:
    """What is asked for, however it is asked: the right answer, and where it stands."""
    poll = message.extra["poll"]
    (right,) = poll["correct_option_ids"]
    return poll["options"][right]["text"], poll["explanation"].rpartition("\n")[2]


def edits_of(month: Record, message: LocalMessage) -> list[Call]:
    return [
        one
        for name in EDITS
        for one in month.stage.telegram.calls_of(name)
        if (int(one.params["chat_id"]), int(one.params["message_id"]))
        == (message.chat.id, message.id)
    ]


# ----------------------------------------------------------------------------- pushes


def test_every_day_has_one_push_at_its_hour_whatever_the_clocks_do(month: Record) -> None:
    assert moments(saying(month.in_berlin, PUSH)) == days_at(MARCH, 8)


def test_another_zone_has_its_own_hour(month: Record) -> None:
    assert moments(saying(month.in_shanghai, PUSH), SHANGHAI) == days_at(MARCH, 8)


def test_no_quotation_comes_twice_before_all_thirty_have_come(month: Record) -> None:
    for group in (month.in_berlin, month.in_shanghai):
        texts = [one.text.split("\n\n")[1] for one in saying(group, PUSH)]
        assert len({*texts[:30]}) == 30


def test_a_card_carries_its_whole_text(month: Record) -> None:
    pushes = saying(month.in_shanghai, PUSH)
    assert all("photo" in one.extra for one in pushes)
    assert min(len(one.text) for one in pushes) > 100


# --------------------------------------------------------------------------- check-ins


def test_fifty_check_ins_at_once_all_count(month: Record) -> None:
    first = saying(month.in_berlin, PUSH)[0]
    assert first.buttons[-1]["text"] == "今天打卡 · 50"


def test_a_streak_goes_on_over_the_change_of_the_clocks(month: Record) -> None:
    told = month.month.told["打卡 组员00"]
    assert told == [f"打卡成功，连续 {day} 天 🔥" for day in DAYS]


def test_two_missed_days_are_forgiven(month: Record) -> None:
    told = month.month.told["打卡 组员01"]
    assert told == [f"打卡成功，连续 {day} 天 🔥" for day in range(1, 30)]


def test_a_third_missed_day_costs_what_was_before_the_first(month: Record) -> None:
    told = month.month.told["打卡 组员02"]
    assert told[11:14] == [f"打卡成功，连续 {days} 天 🔥" for days in (12, 9, 10)]


def test_the_board_comes_every_sunday(month: Record) -> None:
    boards = saying(month.in_berlin, BOARD)
    assert moments(boards) == days_at([date(2026, 3, day) for day in SUNDAYS], 20)
    assert "3月23日至3月29日\n\n7 天　组员00（连续 29 天）、组员01（连续 27 天）" in boards[-1].text


# ---------------------------------------------------------------------------- sessions


def test_a_session_is_told_the_day_before_and_half_an_hour_before(month: Record) -> None:
    sundays = [date(2026, 3, day) for day in SUNDAYS]
    before = [day - timedelta(days=1) for day in sundays[1:]]
    expected = sorted(days_at(before, 10) + days_at(sundays, 9, 30))
    assert moments(saying(month.in_berlin, LEAD)) == expected


def test_fifty_people_sign_up_at_once_and_a_dropped_process_loses_none(month: Record) -> None:
    told = Counter(one.partition("：")[2][:2] for one in month.month.told["报名 21"])
    assert told == {"参加": 30, "请假": 15, "不确": 5}
    (lead,) = [one for one in saying(month.in_berlin, LEAD) if local(one) == wall(3, 21, 10)]
    assert "🙋 参加 30　🙅 请假 15　🤔 不确定 4" in lead.text  # one of five was forgotten


def test_one_checks_in_around_the_session_and_not_before(month: Record) -> None:
    for day in SUNDAYS:
        (early,) = month.month.told[f"太早 {day}"]
        assert f"3月{day}日 星期日 09:45 到 10:30" in early
        told = month.month.told[f"签到 {day}"] + month.month.told[f"迟到 {day}"]
        assert {*told} == {"签到成功 ✅"}


def test_only_those_are_asked_who_said_they_would_come(month: Record) -> None:
    nudges = saying(month.in_berlin, "📣")
    assert moments(nudges) == days_at([date(2026, 3, day) for day in SUNDAYS], 10, 10)
    mentioned = [entity for entity in nudges[0].entities if entity["type"] == "text_mention"]
    awaited = {one.id for one in month.people[20:29]}  # and one who came after this
    assert awaited <= {one["user"]["id"] for one in mentioned} <= awaited | {month.people[29].id}


def test_a_summary_says_who_came_and_the_rate(month: Record) -> None:
    summaries = saying(month.in_berlin, "📝")
    assert moments(summaries) == days_at([date(2026, 3, day) for day in SUNDAYS], 11)
    assert "实到 22 人，应到 31 人，到场率 71%" in summaries[0].text


def test_however_many_tap_a_message_is_edited_once_in_three_seconds(month: Record) -> None:
    edited = {
        (one.params["chat_id"], one.params["message_id"])
        for name in EDITS
        for one in month.stage.telegram.calls_of(name)
    }
    assert len(edited) > 60
    for message in month.in_berlin:
        times = sorted(one.at_seconds for one in edits_of(month, message))
        assert all(later - earlier >= 3 for earlier, later in pairwise(times))


def test_fifty_taps_at_one_moment_are_two_edits(month: Record) -> None:
    first = saying(month.in_berlin, PUSH)[0]
    assert 1 <= len(edits_of(month, first)) <= 2


def test_the_attendance_of_the_month_is_whole_after_the_move(month: Record) -> None:
    table = month.month.said["/attendance 3月"].text
    assert "共5次" in table
    assert re.search(r"组员00 +5/5 +0 +100%", table)


# ----------------------------------------------------------------------------- quizzes


def test_every_friday_asks_three_questions(month: Record) -> None:
    asked = polls(month.in_berlin)
    fridays = Counter(local(one).date() for one in asked)
    # On the first the process was dropped between sending one and noting it.
    assert fridays == {date(2026, 3, day): 3 + (day == FRIDAYS[0]) for day in FRIDAYS}
    doubtful = [one for one in asked if "可能与刚才的重复" in one.extra["poll"]["question"]]
    assert len(doubtful) == 1
    assert fact(doubtful[0]) == fact(asked[0])


def test_fifty_answers_to_each_all_count(month: Record) -> None:
    said = month.month.said["/quiz 成绩"].text
    assert "50 人参加，一共作答 150 次，答对 100 次（67%）" in said


def test_the_next_week_what_all_missed_comes_back_among_what_is_new(month: Record) -> None:
    _copy, missed, *known = (fact(one) for one in polls(month.in_berlin)[:4])
    next_week = {fact(one) for one in polls(month.in_berlin)[4:7]}
    assert missed in next_week
    assert next_week - {missed, *known}


# ------------------------------------------------------------------------ reading together


def test_each_reading_day_has_its_part_until_the_last_with_the_other_bot(month: Record) -> None:
    here, there = saying(month.in_berlin, PART), saying(month.later, PART)
    places = [re.findall(r"第(\d+)/20部分", one.text)[0] for one in here + there]
    assert places == [str(number) for number in range(1, 21)]
    days = [date(2026, 3, 9) + timedelta(days=ahead) for ahead in range(26)]
    workdays = [day for day in days if day.isoweekday() <= 5]
    assert moments(here + there) == days_at(workdays, 19)
    assert "🎉 这是最后一部分。" in there[-1].text


def test_all_fifty_may_say_at_once_that_they_have_read(month: Record) -> None:
    assert all("读完 ✅" in one for one in month.month.told["读完 9"])
    assert "50 人读完" in saying(month.in_berlin, PART)[0].text


def test_who_is_behind_is_told_so_alone(month: Record) -> None:
    told = month.month.said["私聊 /readplan 补课"]
    assert "还有 15 部分可以补。不着急" in told.text


# ---------------------------------------------------------------------- moving, and leaving


def test_a_group_that_moves_goes_on_in_the_new_one(month: Record) -> None:
    old = moments(month.stage.telegram.sent(month.berlin))
    new = moments(month.stage.telegram.sent(month.month.berlin))
    assert old[-1] <= wall(3, 14, 20) < new[0]


def test_who_was_away_learns_of_the_move_by_the_error(month: Record) -> None:
    first = month.stage.telegram.sent(month.month.shanghai)[0]
    assert local(first, SHANGHAI) == wall(3, 13, 8)


def test_it_can_be_asked_which_messages_a_day_had(month: Record) -> None:
    told = month.month.said["/why 3月29日"].text
    headings = re.findall(r"^(?:⏰|📅).*", told, re.M)
    leads = ["⏰ 学习会 · 提前1天", "⏰ 学习会 · 提前30分钟"]
    assert headings == [*leads, "⏰ 学习会 · 催签到", "⏰ 学习会 · 小结", "📅 打卡榜"]


def test_no_message_was_refused_but_the_one_that_went_to_the_old_group(month: Record) -> None:
    sent = [one for one in month.stage.telegram.calls if one.method.startswith("send")]
    (refused,) = [one for one in sent if not one.ok]
    assert "migrate_to_chat_id" in str(refused.response)


def test_every_call_is_as_the_bot_api_has_it(month: Record, shared: Path) -> None:
    spec = BotApiSpec(shared / "data" / "bot-api-spec.json")
    calls = month.stage.telegram.calls
    assert [m for call in calls for m in spec.mistakes(call.method, call.params)] == []


def test_no_message_shows_what_is_meant_for_machines(month: Record) -> None:
    for message in (*month.in_berlin, *month.in_shanghai, *month.later):
        assert not re.search(r"</?\w|&\w+;|\{\w*\}|None|%\(", message.text), message.text


def test_what_one_person_did_is_nowhere_after_they_were_forgotten(month: Record) -> None:
    assert "已经忘记你了" in month.month.said["/forget"].text
    forgotten = str(month.people[-1].id)
    path = month.stage.store_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        dump = "\n".join(connection.iterdump())
    assert "check_ins" in tables
    assert str(month.people[-2].id) in dump
    assert forgotten not in dump
    assert saying(month.in_berlin, PUSH)[-2].buttons[-1]["text"] == "今天打卡 · 49"


# ------------------------------------------------------------------------------ elsewhere


def test_everything_is_taken_along_and_only_once(month: Record) -> None:
    first, second = (one.text for one in month.taken)
    assert "每日推送 已设好、提醒 1 个、名册 50 人、学习记录 5 次" in first
    assert "读书计划 1 个、测验 12 道、定时安排 2 个" in first
    assert "的数据这里都有了，没有新增。" in second


def test_the_settings_are_the_same_with_the_other_bot(month: Record) -> None:
    assert month.settings_later is not None
    assert month.settings_later.text == month.month.said["/settings"].text


def test_the_round_of_quotations_goes_on_with_the_other_bot(month: Record) -> None:
    pushes = [*saying(month.in_berlin, PUSH), *saying(month.later, PUSH)]
    texts = [one.text.split("\n\n")[1] for one in pushes]
    assert len(texts) == len(DAYS) + 5
    assert len({*texts[30:]}) == 6  # the new round, which began on the 31st
    assert all(len({*texts[at : at + 11]}) == 11 for at in range(len(texts) - 10))


def test_streaks_go_on_with_the_other_bot(month: Record) -> None:
    assert month.told_later == [f"打卡成功，连续 {days} 天 🔥" for days in range(32, 37)]


def test_pushes_sessions_quizzes_and_boards_go_on_with_the_other_bot(month: Record) -> None:
    april = [date(2026, 4, day) for day in range(1, 6)]
    assert moments(saying(month.later, PUSH)) == days_at(april, 8)
    leads = [wall(4, 4, 10), wall(4, 5, 9, 30)]
    assert moments(saying(month.later, LEAD)) == leads
    assert moments(polls(month.later)) == days_at([date(2026, 4, 3)] * 3, 20)
    (board,) = saying(month.later, BOARD)
    assert local(board) == wall(4, 5, 20)
    assert "7 天　组员00（连续 36 天）" in board.text


@pytest.mark.parametrize("line", ["/checkin 本月", "私聊 /checkin 本月"])
def test_a_month_of_check_ins_is_a_picture(month: Record, line: str) -> None:
    assert "photo" in month.month.said[line].extra
