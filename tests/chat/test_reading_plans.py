"""Reading together: from the first wish to the last part, in a group and in private."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time

import pytest

from bot.errors import StudyWordError
from bot.local.world import LocalChat, LocalMessage
from bot.model import (
    Corpus,
    ScheduleKind,
)
from bot.study import archive
from tests.chat.club import DAY, DONE, EVENING, HOUR, TITLE, Club, club
from tests.chat.conftest import Talk
from tests.pressing import labels

__all__ = ["club"]  # the fixture of every test here


# -------------------------------------------------------------------------- beginning


async def test_what_was_understood_is_read_back_and_nothing_has_begun(club: Club) -> None:
    sent = await club.talk.answer(f"/readplan 《{TITLE}》 2周 每天 20:00 工作日", club.group)
    assert f"《{TITLE}》" in sent.text
    assert "分成 4 部分" in sent.text
    assert "工作日 20:00（北京时间）一部分" in sent.text
    assert "第一部分：11月24日 星期二" in sent.text
    assert "最后一部分：11月27日 星期五" in sent.text
    assert "可能用不了 2 周" in sent.text
    assert await club.talk.store.standing_plan(club.group.id) is None
    await club.run(EVENING + HOUR)
    assert club.parts() == []


async def test_the_newest_booklet_is_read_when_no_article_is_named(
    club: Club, corpus: Corpus
) -> None:
    await club.begin("4周 工作日")
    plan = await club.plan()
    assert plan.title == corpus.compilations[-1].title
    assert len(plan.parts) == 20
    assert [one for part in plan.parts for one in part] == [one.id for one in corpus.readings]


async def test_chinese_words_do_the_same(club: Club) -> None:
    sent = await club.talk.answer("共读 4周")
    assert "我是这样理解的" in sent.text
    usage = await club.talk.answer("读书计划")
    assert "/readplan 4周" in usage.text


@pytest.mark.parametrize("text", ["读书计划 企业家精神", "共读 什么是新质生产力"])
async def test_words_that_go_on_otherwise_are_a_query(club: Club, text: str) -> None:
    sent = await club.talk.say(text)
    assert "没看懂" not in sent[0].text
    assert "几周读完" not in sent[0].text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"《{TITLE}》", "还没说几周读完"),
        ("《没有这篇》 2周", "没有找到《没有这篇》"),
        ("99周", "1 到 52 周"),
        ("随便 4周", "没看懂“随便”"),
        ("暂停", "现在没有读书计划"),
    ],
)
async def test_what_is_refused_is_refused_with_an_example(club: Club, line: str, said: str) -> None:
    sent = await club.talk.answer(f"/readplan {line}", club.group)
    assert said in sent.text
    assert "/readplan 4周" in sent.text


async def test_a_line_to_be_edited_is_understood_as_it_stands(club: Club) -> None:
    sent = await club.talk.answer(f"/readplan 《{TITLE}》 2周 周一三五 7:30", club.group)
    (edited,) = await club.talk.press(sent, "✏️ 修改")
    line = edited.text.partition("\n")[2]
    again = await club.talk.answer(line, club.group)
    assert again.text == sent.text


async def test_only_administrators_begin_change_pause_and_stop(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    refused = await talk.answer("/readplan 4周", club.group, member)
    assert "只有管理员" in refused.text
    panel = await club.begin()
    for label in ("⏸ 暂停", "结束"):
        press = await talk.only_press(panel, label, member)
        assert "只有管理员" in talk.notice(press)
    changed = await talk.answer("/readplan 21:00", club.group, member)
    assert "只有管理员" in changed.text
    assert (await club.plan()).at == time(20)
    shown = await talk.answer("/readplan", club.group, member)
    assert f"《{TITLE}》" in shown.text


# -------------------------------------------------------------------- from first to last


async def test_each_day_has_its_part_until_the_last(club: Club, corpus: Corpus) -> None:
    await club.begin()
    await club.run(EVENING + 6 * DAY)
    found = club.parts()
    assert [one.text.split("\n")[0] for one in found] == [
        "📖 共读 · 第1/4部分 · 11月24日 星期二",
        "📖 共读 · 第2/4部分 · 11月25日 星期三",
        "📖 共读 · 第3/4部分 · 11月26日 星期四",
        "📖 共读 · 第4/4部分 · 11月27日 星期五",
    ]
    article = next(one for one in corpus.articles if one.title == TITLE)
    for message, section in zip(found, article.sections, strict=True):
        assert section.digest[:20] in message.text
    assert "最后一部分" in found[-1].text
    panel = await club.talk.answer("/readplan", club.group)
    assert "第4/4部分 · 进度 ▓▓▓▓▓▓▓▓▓▓ 100%" in panel.text
    assert "全部都发完了" in panel.text


async def test_a_part_opens_the_section_to_be_read(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    (opened,) = await club.talk.press(message, "开始读 ›", club.talk.member)
    assert "编号：a-2026-04-02.0" in opened.text


async def test_a_pause_passes_over_no_part(club: Club) -> None:
    panel = await club.begin()
    await club.run(EVENING + DAY)
    await club.talk.press(panel, "⏸ 暂停")
    assert "暂停中" in panel.text
    await club.run(EVENING + 4 * DAY)
    assert len(club.parts()) == 2
    await club.talk.press(panel, "▶️ 恢复")
    assert "下一部分：明天（11月29日 星期日）20:00" in panel.text
    await club.run(EVENING + 9 * DAY)
    assert [one.text.split(" · ")[1] for one in club.parts()] == [
        f"第{number}/4部分" for number in (1, 2, 3, 4)
    ]


async def test_a_new_time_on_the_same_day_sends_no_part_twice_and_loses_none(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    changed = await club.talk.answer("/readplan 22:00", club.group)
    assert "下一部分：明天（11月25日 星期三）22:00" in changed.text
    await club.run(EVENING + 5 * DAY)
    assert len(club.parts()) == 4
    plan = await club.plan()
    assert (plan.at, plan.starts_on, plan.first_part) == (time(22), date(2026, 11, 25), 2)


async def test_a_second_plan_on_the_day_of_an_ended_one_loses_no_part(club: Club) -> None:
    panel = await club.begin()
    await club.at(EVENING)
    await club.talk.press(panel, "结束")
    await club.talk.press(panel, "确定")
    assert "结束了" in panel.text
    assert await club.talk.store.standing_plan(club.group.id) is None
    again = await club.talk.answer(f"/readplan 《{TITLE}》 2周 21:00", club.group)
    assert "第一部分：11月25日" in again.text
    await club.talk.press(again, "✅ 确认")
    await club.run(EVENING + 6 * DAY)
    assert len(club.parts()) == 5


async def test_a_stopped_plan_sends_nothing_more(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    asked = await club.talk.answer("/readplan 结束", club.group)
    await club.talk.press(asked, "‹ 返回")
    assert "第1/4部分" in asked.text
    await club.talk.press(asked, "结束")
    await club.talk.press(asked, "确定")
    await club.run(EVENING + 3 * DAY)
    (only,) = club.parts()
    press = await club.talk.only_press(only, DONE)
    assert "已经结束" in club.talk.notice(press)


async def test_a_plan_confirmed_twice_begins_once(club: Club) -> None:
    talk = club.talk
    sent = await talk.answer(f"/readplan 《{TITLE}》 2周", club.group)
    (data,) = [one["callback_data"] for one in sent.buttons if one["text"] == "✅ 确认"]
    presses = [talk.telegram.press(club.group, sent.id, data, talk.xiaowang) for _ in range(2)]
    await talk.settle()
    assert [talk.notice(press) for press in presses] == ["开始了 ✅"] * 2
    await club.run(EVENING + HOUR)
    assert len(club.parts()) == 1


async def test_a_group_that_moves_goes_on_where_it_was(talk: Talk, club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    old_id = club.group.id
    club.group = talk.telegram.supergroup("学习组", talk.xiaowang, [talk.member])
    talk.telegram.add_bot(club.group, talk.xiaowang)
    await talk.settle()
    await talk.store.migrate_chat(old_id, club.group.id)
    await club.run(EVENING + 5 * DAY)
    assert [one.text.split(" · ")[1] for one in club.parts()] == [
        f"第{number}/4部分" for number in (2, 3, 4)
    ]


async def test_a_section_the_corpus_has_lost_is_said_to_be_gone(club: Club, corpus: Corpus) -> None:
    await club.begin()
    plan = await club.plan()
    lost = (("a-2026-04-02.0", "a-2020-01-01.1"), *plan.parts[1:])
    await club.talk.store.save_reading_plan(replace(plan, parts=lost))
    await club.at(EVENING)
    (message,) = club.parts()
    assert "有 1 节已经不在了" in message.text


# --------------------------------------------------------------- elsewhere, and forgotten


async def move(club: Club, content_of: LocalChat, to: LocalChat) -> LocalMessage:
    """Take the data of one group into another; what the bot says."""
    sent = await club.talk.answer("/export", content_of)
    return await club.talk.answer("/import", to, reply_to=sent)


async def test_a_plan_goes_on_in_another_group_with_who_has_read_what(club: Club) -> None:
    talk = club.talk
    await club.begin()
    await club.run(EVENING + DAY)
    for message in club.parts():
        await talk.only_press(message, DONE, talk.member)
    other = await talk.group()
    assert "读书计划 1 个" in (await move(club, club.group, other)).text
    assert "没有新增" in (await move(club, club.group, other)).text
    plan = await talk.store.standing_plan(other.id)
    assert plan is not None
    assert (plan.first_part, plan.starts_on) == (3, date(2026, 11, 26))
    assert await talk.store.parts_read(plan.id) == {1: 1, 2: 1}
    await club.run(EVENING + 6 * DAY)
    assert [one.text.split(" · ")[1] for one in club.parts(other)] == [
        "第3/4部分",
        "第4/4部分",
    ]


async def test_what_is_read_here_already_goes_on_when_another_plan_comes(club: Club) -> None:
    talk = club.talk
    await club.begin()
    other = await talk.group()
    sent = await talk.answer("/readplan 第1篇 1周", other)
    await talk.press(sent, "✅ 确认")
    before = await talk.store.standing_plan(other.id)
    await move(club, club.group, other)
    assert await talk.store.standing_plan(other.id) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weeks", 0),
        ("first_part", 9),
        ("uid", "../x"),
        ("parts", []),
        ("parts", [["a b"]]),
        ("state", "draft"),
        ("starts_on", "0001-01-01"),
        ("days", {"rule": "weekdays", "weekdays": []}),
    ],
)
async def test_a_plan_that_no_words_could_have_made_is_refused(
    club: Club, field: str, value: object
) -> None:
    talk = club.talk
    await club.begin()
    data = json.loads(archive.write(await talk.store.export_chat(club.group.id)))
    data["plans"][0]["plan"][field] = value
    with pytest.raises(StudyWordError, match="读书计划不对"):
        archive.read(json.dumps(data).encode())


async def test_who_is_forgotten_has_read_nothing(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    await club.begin()
    await club.at(EVENING)
    await talk.only_press(club.parts()[0], DONE, member)
    private = talk.telegram.private(member)
    asked = await talk.answer("/forget", private, member)
    assert "你的共读进度（1部分）" in asked.text
    await talk.press(asked, "确定，忘记我", member)
    assert await talk.store.parts_read((await club.plan()).id) == {}


async def test_why_tells_of_the_part_of_a_day(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    told = await club.talk.answer("/why", club.group)
    assert "📖 读书计划\n预定 20:00。20:00 送到" in told.text
    assert "a-2026-04-02.0" in told.text


async def test_a_late_part_is_skipped_and_can_be_caught_up_on(club: Club) -> None:
    await club.begin()
    await club.at(EVENING + 7 * HOUR)
    await club.run(EVENING + DAY)
    (only,) = club.parts()
    assert "第2/4部分" in only.text
    told = await club.talk.answer("/why 11月24日", club.group)
    assert "能送的时候已经晚了太久" in told.text
    sent = await club.talk.answer("/readplan 补课", club.group)
    assert labels(sent) == ["第1部分", "第2部分"]


async def test_a_groups_new_zone_keeps_the_parts_and_their_time_of_day(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    await club.talk.say("/settings 时区 东京", club.group)
    await club.run(EVENING + 5 * DAY)
    assert [one.text.split(" · ")[1] for one in club.parts()] == [
        f"第{number}/4部分" for number in (1, 2, 3, 4)
    ]
    schedule = await club.talk.store.schedule(club.group.id, ScheduleKind.PART)
    assert schedule is not None
    assert (schedule.zone, schedule.at) == ("Asia/Tokyo", time(20))
