"""Attendance in records, calendar files, and a group's data moved to another bot."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot.local.world import LocalChat, LocalMessage
from bot.model import Archive, ArchivedDay, Corpus, DayPlan
from bot.study import archive, recurrence, turns
from tests.chat.conftest import Talk
from tests.chat.test_attendance import MINUTE, Class, make_lesson  # noqa: F401 - a fixture
from tests.chat.test_reminders import FRIDAY, remind

WEEK = timedelta(days=7)


def calendar_of(talk: Talk, message: LocalMessage) -> Any:
    """The calendar that a message carries."""
    return Calendar.from_ical(file_of(talk, message))


def file_of(talk: Talk, message: LocalMessage) -> bytes:
    """The content of the file that a message carries."""
    file_id = message.json()["document"]["file_id"]
    content: bytes = talk.telegram.files["document", file_id].content
    return content


@pytest.fixture(name="held")
async def hold(lesson: Class) -> Class:
    """Two Fridays: 小李 came to both, 小王 said he would and came to the second."""
    talk = lesson.talk
    for week in range(2):
        await lesson.go_to(FRIDAY + week * WEEK - 30 * MINUTE)
        await lesson.tap("🙋 参加", talk.xiaowang)
        await lesson.go_to(FRIDAY + week * WEEK)
        message = lesson.message
        await lesson.tap("✅ 签到", talk.member, message)
        if week:
            await lesson.tap("✅ 签到", talk.xiaowang, message)
    await lesson.go_to(FRIDAY + WEEK + timedelta(hours=2))
    return lesson


async def test_the_month_is_a_table_of_people(held: Class) -> None:
    answer = await held.talk.answer("/attendance 11月", held.group)
    assert answer.text.startswith("📊 2026年11月考勤 · 共1次")
    assert "小李        1/1    0   100%" in answer.text
    assert "小王        0/1    0     0%" in answer.text


async def test_months_are_turned_by_buttons(held: Class) -> None:
    answer = await held.talk.answer("/attendance", held.group)
    assert "2026年12月考勤 · 共1次" in answer.text
    await held.talk.press(answer, "‹ 上月", held.talk.member)
    assert "2026年11月考勤" in answer.text
    await held.talk.press(answer, "下月 ›", held.talk.member)
    assert "2026年12月考勤" in answer.text


async def test_one_person_and_one_day_can_be_asked_for(held: Class) -> None:
    person = await held.talk.answer("/attendance 小王", held.group)
    assert "12月4日 学习会：到场\n11月27日 学习会：未到" in person.text
    day = await held.talk.answer("考勤 11月27日", held.talk.private)
    assert "没有学习记录" in day.text
    day = await held.talk.answer("/attendance 11月27日", held.group)
    assert "到场 1：小李\n未到 1：小王" in day.text


async def test_a_month_without_sessions_says_how_to_begin(talk: Talk) -> None:
    assert "/remind" in (await talk.answer("/attendance")).text


async def test_the_file_opens_in_a_spreadsheet(held: Class) -> None:
    answer = await held.talk.answer("/attendance 11月", held.group)
    (sent,) = await held.talk.press(answer, "📄 表格文件")
    content = file_of(held.talk, sent)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["姓名", "11月27日 学习会", "到场", "请假", "总次数", "到场率"],
        ["小李", "到场", "1", "0", "1", "100%"],
        ["小王", "未到", "0", "0", "1", "0%"],
    ]


async def test_only_administrators_get_the_file(held: Class) -> None:
    answer = await held.talk.answer("/attendance 11月", held.group)
    press = await held.talk.only_press(answer, "📄 表格文件", held.talk.member)
    assert "只有管理员" in held.talk.notice(press)


async def test_a_name_is_no_formula(lesson: Class) -> None:
    talk = lesson.talk
    rogue = talk.telegram.user("=1+1")
    talk.telegram.join(lesson.group, rogue)
    await lesson.tap("🙋 参加", rogue)
    await lesson.go_to(FRIDAY + timedelta(hours=2))
    answer = await talk.answer("/attendance", lesson.group)
    (sent,) = await talk.press(answer, "📄 表格文件")
    assert b"'=1+1," in file_of(talk, sent)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/attendance 2026年2月30日", "2026年2月只有28天，没有30日"),
        ("/attendance 13月", "一年只有12个月，没有13月"),
        ("考勤 2月30日", "2月最多29天，没有30日"),
    ],
)
async def test_an_impossible_date_is_told_and_the_example_works(
    talk: Talk, typed: str, said: str
) -> None:
    answer = await talk.answer(typed)
    assert answer.text == f"🤔 {said}。可以这样写：/attendance 11月27日"
    assert "没有学习记录" in (await talk.answer("/attendance 11月27日")).text


# ------------------------------------------------------------------------ calendar


async def test_the_calendar_has_the_rule_the_exceptions_and_the_alarms(talk: Talk) -> None:
    group = await talk.group()
    one = await remind(talk, group, "每周五 15:00 学习会 提前1天 30分钟 @三楼 到12月31日为止")
    await talk.answer(f"/remind #{one.id} 下次改到 周四 16:00", group)
    listed = await talk.answer("/reminders", group)
    await talk.press(listed, f"#{one.id} 学习会")
    await talk.press(listed, "跳过下一次")
    sent = await talk.answer("/calendar", group)
    calendar = calendar_of(talk, sent)
    (event,) = calendar.walk("VEVENT")
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20261231T070000Z;BYDAY=FR"
    assert event["DTSTART"].dt.isoformat() == "2026-11-27T15:00:00+08:00"
    assert (event["SUMMARY"], event["LOCATION"]) == ("学习会", "三楼")
    assert [a["TRIGGER"].dt for a in event.walk("VALARM")] == [
        -timedelta(days=1),
        -timedelta(minutes=30),
    ]
    assert event["EXDATE"].dts[0].dt.date() == FRIDAY.date()
    assert calendar.walk("VTIMEZONE")


async def test_a_moved_session_stands_where_it_was_moved_to(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会")
    await talk.answer(f"/remind #{one.id} 下次改到 周四 16:00")
    sent = await talk.answer("/calendar")
    _, moved = calendar_of(talk, sent).walk("VEVENT")
    assert moved["DTSTART"].dt.isoformat() == "2026-11-26T16:00:00+08:00"
    assert moved["RECURRENCE-ID"].dt.date() == FRIDAY.date()


async def test_working_days_are_written_out(talk: Talk) -> None:
    await remind(talk, talk.private, "工作日 8:30 晨读")
    sent = await talk.answer("/calendar")
    events = calendar_of(talk, sent).walk("VEVENT")
    assert len(events) == 60
    assert len({event["UID"] for event in events}) == 60
    assert all("RRULE" not in event for event in events)


# ----------------------------------------------------------------- moving elsewhere


async def exported(held: Class) -> bytes:
    sent = await held.talk.answer("/export", held.group)
    return file_of(held.talk, sent)


async def bring(talk: Talk, chat: LocalChat, content: bytes, **how: Any) -> LocalMessage:
    """Send a file with /import as its caption; the bot's answer."""
    by = how.pop("by", talk.xiaowang)
    before = len(talk.telegram.sent(chat))
    talk.telegram.send_file(chat, by, "export.json", content, caption="/import")
    await talk.settle()
    (answer,) = talk.telegram.sent(chat)[before:]
    return answer


async def test_a_group_moves_with_all_it_has(held: Class) -> None:
    talk = held.talk
    await talk.say("/subscribe 07:30 工作日", held.group)
    content = await exported(held)
    other = await talk.group()
    answer = await bring(talk, other, content)
    assert "每日推送 已设好、提醒 1 个、名册 2 人、学习记录 2 次、考勤 4 条" in answer.text
    before = await talk.store.export_chat(held.group.id)
    after = await talk.store.export_chat(other.id)
    assert after.members == before.members
    assert after.sessions == before.sessions
    (was,), (now,) = before.reminders, after.reminders
    same: dict[str, Any] = {"id": 0, "chat_id": 0, "edited_at": was.edited_at, "notices": ()}
    assert replace(now, **same) == replace(was, **same)
    assert now.next_due_at == was.next_due_at
    subscription = await talk.store.subscription(other.id)
    assert subscription is not None
    assert (subscription.push_at.hour, subscription.is_active) == (7, True)


async def test_importing_twice_adds_nothing(held: Class) -> None:
    content = await exported(held)
    other = await held.talk.group()
    await bring(held.talk, other, content)
    again = await bring(held.talk, other, content)
    assert again.text.startswith("✅ “学习组”的数据这里都有了，没有新增。\n\n原来就有的没有改动")
    assert len(await held.talk.store.reminders(other.id)) == 1


async def test_a_file_is_taken_by_replying_to_it_too(held: Class) -> None:
    talk = held.talk
    sent = await talk.answer("/export", held.group)
    answer = await talk.answer("/import", held.group, reply_to=sent)
    assert "没有新增" in answer.text


async def test_only_administrators_take_data_out_or_in(held: Class) -> None:
    talk = held.talk
    assert "只有管理员" in (await talk.answer("/export", held.group, talk.member)).text
    answer = await bring(talk, held.group, b"{}", by=talk.member)
    assert "只有管理员" in answer.text


async def test_import_without_a_file_says_what_to_do(talk: Talk) -> None:
    assert "没有看到文件" in (await talk.answer("/import")).text


async def test_what_was_planned_for_days_to_come_goes_along(talk: Talk) -> None:
    group, other = await talk.group(), await talk.group()
    await talk.say("/subscribe 08:00", group)
    await talk.say("/plan 11月25日 指定 q-2024-03-05", group)
    await talk.say("/plan 11月26日 备注 带上<笔记本>", group)
    sent = await talk.answer("/export", group)
    assert "单日推送安排 2 天" in sent.text
    content = file_of(talk, sent)
    answers = [await bring(talk, other, content) for _time in range(2)]
    assert ["单日推送安排 2 天" in one.text for one in answers] == [True, False]
    assert ["没有新增" in one.text for one in answers] == [False, True]
    assert not any("另有安排" in one.text or "过期" in one.text for one in answers)
    listing = await talk.answer("/plan", other)
    assert "11月25日 星期三 08:00　📌 2024-03-05" in listing.text
    assert "📝 带上<笔记本>" in listing.text


async def test_a_group_with_clocks_of_its_own_keeps_its_zone(talk: Talk) -> None:
    group, own, new = await talk.group(), await talk.group(), await talk.group()
    await talk.say("/settings 时区 柏林", group)
    await remind(talk, group, "每周二 10:00 学习会")
    before = await remind(talk, own, "每周三 9:00 晨读")
    content = file_of(talk, await talk.answer("/export", group))
    said = [(await bring(talk, chat, content)).text for chat in (own, new)]
    assert ["时区和语言、" in one for one in said] == [False, True]
    chats = [await talk.store.chat(chat.id) for chat in (own, new)]
    assert [one.zone for one in chats if one] == ["Asia/Shanghai", "Europe/Berlin"]
    here, taken = await talk.store.reminders(own.id)
    assert (here, taken.zone) == (before, "Europe/Berlin")


async def test_days_past_are_neither_written_nor_taken_and_decisions_here_stay(talk: Talk) -> None:
    group, other = await talk.group(), await talk.group()
    for chat in (group, other):
        await talk.say("/subscribe 20:00", chat)
    for day in ("11月24日", "11月25日", "11月26日"):
        await talk.say(f"/plan {day} 备注 那边的", group)
    await talk.say("/plan 11月26日 备注 这边的", other)
    content = file_of(talk, await talk.answer("/export", group))
    talk.clock.move(timedelta(days=1))
    assert "单日推送安排 2 天" in (await talk.answer("/export", group)).text
    answer = await bring(talk, other, content)
    assert "单日推送安排 1 天" in answer.text
    assert "有 1 天这里已经另有安排，以这里的为准。" in answer.text
    assert "有 1 天的安排已经过期，没有导入。" in answer.text
    listing = await talk.answer("/plan", other)
    assert [line.strip() for line in listing.text.splitlines() if "📝" in line] == [
        "📝 那边的",
        "📝 这边的",
    ]


async def test_a_quotation_the_second_bot_does_not_have_is_told_and_kept(talk: Talk) -> None:
    group, other = await talk.group(), await talk.group()
    await talk.say("/subscribe 08:00", group)
    gone = ArchivedDay(date(2026, 11, 25), DayPlan("q-1999-01-01", "党课"))
    told = replace(await talk.store.export_chat(group.id), days=(gone,))
    answer = await bring(talk, other, archive.write(told))
    assert (
        "有 1 天指定的论述这里的资料里没有，到时照常轮换，例如11月25日的 q-1999-01-01。"
        in answer.text
    )
    day = await talk.answer("/plan 11月25日", other)
    assert "📌 指定的 q-1999-01-01 不在这里的资料里，这天照常轮换：\n\n" in day.text
    assert "📝 党课" in day.text
    assert "📌" not in (await talk.answer("/plan", other)).text
    assert (await talk.store.export_chat(other.id)).days == (gone,)
    await talk.press(day, "恢复原样")
    assert (await talk.store.export_chat(other.id)).days == ()


@pytest.mark.parametrize("title", ["\\u0000", "a\\\\u0000", "\\"])
def test_a_name_that_only_looks_like_what_cannot_be_kept_is_read(title: str) -> None:
    told = Archive(1, title, "Asia/Shanghai", FRIDAY)
    assert archive.read(archive.write(told)) == told


def test_a_file_of_before_single_days_is_read() -> None:
    told = json.loads(archive.write(Archive(1, "读书会", "Asia/Shanghai", FRIDAY)))
    del told["days"]
    assert archive.read(json.dumps(told).encode()).days == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 2),
        ("zone", "Mars/Base"),
        ("title", "a\0b"),
        ("reminders", [{"rule": "FREQ=SECONDLY"}]),
        ("members", [{"user_id": "x"}]),
        ("seed", 2**63),
        ("shown", [{"on": "2026-11-01", "quote_id": "q 1"}]),
        ("shown", [{"on": "2026-11-01", "section_id": "x" * 65}]),
        ("shown", [{"on": "2026-11-01", "quote_reason": "whim"}]),
        ("shown", [{"on": "2026-11-01", "section_reason": "词" * 300}]),
        ("shown", [{"on": "1026-11-01"}]),
        ("days", [{"on": "2026-11-25", "plan": {}}]),
        ("days", [{"on": "2026-11-25", "plan": {"quote_id": "q 1"}}]),
        ("days", [{"on": "2026-11-25", "plan": {"note": "词" * 201}}]),
        ("days", [{"on": "2026-11-25", "plan": {"note": "一\n二"}}]),
        ("days", [{"on": "1026-11-25", "plan": {"note": "词"}}]),
        ("days", [{"on": "2026-11-25", "plan": {"note": one}} for one in "一二"]),
        ("shown", [{"on": "2026-11-01", "known_from": "9999-12-31"}]),
    ],
)
async def test_a_file_that_is_not_ours_changes_nothing(held: Class, name: str, value: Any) -> None:
    data = json.loads(await exported(held)) | {name: value}
    other = await held.talk.group()
    answer = await bring(held.talk, other, json.dumps(data).encode())
    assert "什么都没有导入" in answer.text
    assert await held.talk.store.reminders(other.id) == ()


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=6FR", "x"],
)
async def test_a_rule_that_never_ends_or_never_comes_is_refused(held: Class, rule: str) -> None:
    data = json.loads(await exported(held))
    data["reminders"][0]["recurrence"]["rule"] = rule
    answer = await bring(held.talk, await held.talk.group(), json.dumps(data).encode())
    assert "里的提醒“学习会”不对" in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_turn", 10**6),
        ("edited_at", "2026-11-24T04:00:00"),
        ("edited_at", "0001-01-01T00:00:00Z"),
        ("edited_at", "9999-12-31T23:59:59Z"),
    ],
)
async def test_a_reminder_that_no_bot_could_have_written_is_refused(
    held: Class, name: str, value: Any
) -> None:
    data = json.loads(await exported(held))
    data["reminders"][0] |= {name: value, "state": "paused"}
    answer = await bring(held.talk, await held.talk.group(), json.dumps(data).encode())
    assert "里的提醒“学习会”不对" in answer.text


async def test_a_theme_goes_on_with_its_turns_elsewhere(talk: Talk) -> None:
    group, other = await talk.group(), await talk.group()
    one = await remind(talk, group, "每周二 10:00 学习会 主题 人工智能")
    talk.clock.move(2 * WEEK)
    content = file_of(talk, await talk.answer("/export", group))
    await bring(talk, other, content)
    (there,) = await talk.store.reminders(other.id)
    assert there.first_turn == one.first_turn == -1
    (held,) = recurrence.upcoming(there, talk.clock(), 1)
    assert turns.turn(there, held) == 2


async def test_a_file_without_what_was_shown_is_still_taken_in(held: Class) -> None:
    data = json.loads(await exported(held))
    del data["shown"], data["seed"]
    other = await held.talk.group()
    answer = await bring(held.talk, other, json.dumps(data).encode())
    assert "已导入" in answer.text
    assert "推送记录" not in answer.text


async def test_what_another_bot_showed_is_told_by_day(held: Class, corpus: Corpus) -> None:
    talk = held.talk
    quote = corpus.quotes[0]
    data = json.loads(await exported(held))
    today = str(talk.clock().date())
    data["shown"] = [{"on": today, "quote_id": quote.id, "quote_reason": "round"}]
    other = await talk.group()
    assert "推送记录 1 天" in (await bring(talk, other, json.dumps(data).encode())).text
    why = await talk.answer("/why", other)
    assert f"由搬来以前的机器人推送。\n内容：{quote.id}" in why.text
    assert quote.id in (await talk.answer("/quote", other)).text
    await talk.answer("/subscribe 08:00", other)
    plan = await talk.answer("/plan 2", other)
    assert f"　✅ {quote.said_on}“" in plan.text
    assert "这天的已经送出。" in (await talk.answer("/plan 今天", other)).text
