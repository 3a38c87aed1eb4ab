"""`/plan`: everyone sees the days to come, administrators decide about single ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.delivery.plan import tick
from bot.local.world import LocalChat, LocalMessage
from bot.model import DayPlan
from tests.chat.conftest import Talk
from tests.pressing import labels

TOMORROW = date(2026, 11, 25)


async def subscribed(talk: Talk, words: str = "") -> LocalChat:
    group = await talk.group()
    await talk.answer(f"/subscribe {words}", group)
    return group


async def decided(talk: Talk, group: LocalChat, on: date = TOMORROW) -> DayPlan | None:
    return (await talk.store.day_plans([group.id], [on])).get((group.id, on))


def shown_id(day: LocalMessage) -> str:
    (found,) = [line for line in day.text.splitlines() if line.startswith("q-")]
    return found


async def test_a_week_is_told_a_line_a_day(talk: Talk) -> None:
    group = await subscribed(talk, "20:00")
    answer = await talk.answer("/plan", group, by=talk.member)
    assert answer.text.startswith(
        "🗓 11月24日至11月30日的每日推送（北京时间）\n\n11月24日 星期二 20:00　"
    )
    days = [line for line in answer.text.splitlines() if "星期" in line]
    assert len(days) == 7
    assert all("“" in line and "📚" in line for line in days)


async def test_as_many_days_are_told_as_asked_for(talk: Talk) -> None:
    group = await subscribed(talk, "20:00")
    for words in ("/plan 30", "/plan 30天"):
        parts = await talk.say(words, group)
        assert sum(part.text.count("星期") for part in parts) == 30


async def test_days_off_and_the_end_of_known_holidays_are_told(talk: Talk) -> None:
    group = await subscribed(talk, "20:00 工作日")
    answer = await talk.answer("/plan 60", group)
    assert "11月28日 星期六　休" in answer.text
    assert "2026年12月31日以后的放假安排还没有公布" in answer.text


async def test_without_a_subscription_there_is_nothing_to_come(talk: Talk) -> None:
    answer = await talk.answer("/plan")
    assert "/subscribe 08:00" in answer.text


async def test_a_day_opens_and_goes_back(talk: Talk) -> None:
    group = await subscribed(talk)
    listing = await talk.answer("/plan", group)
    before = listing.text
    await talk.press(listing, "11月25日", by=talk.member)
    assert listing.text.startswith("🗓 11月25日 星期三 08:00")
    assert shown_id(listing)
    await talk.press(listing, "‹ 返回", by=talk.member)
    assert listing.text == before


async def test_pages_turn_up_to_sixty_days_ahead(talk: Talk) -> None:
    group = await subscribed(talk)
    listing = await talk.answer("/plan", group)
    pages = 1
    while "后几天 ›" in labels(listing):
        await talk.press(listing, "后几天 ›")
        pages += 1
    assert pages == 9
    await talk.press(listing, "‹ 前几天")
    assert "后几天 ›" in labels(listing)


async def test_an_administrator_takes_another_quotation(talk: Talk) -> None:
    group = await subscribed(talk)
    day = await talk.answer("/plan 11月25日", group)
    first = shown_id(day)
    await talk.press(day, "换一条")
    assert day.text.startswith("✅ 换好了")
    assert shown_id(day) != first
    plan = await decided(talk, group)
    assert plan is not None
    assert plan.quote_id == shown_id(day)


async def test_a_press_given_out_twice_swaps_once(talk: Talk) -> None:
    group = await subscribed(talk)
    day = await talk.answer("/plan 11月25日", group)
    (data,) = [one["callback_data"] for one in day.buttons if one["text"] == "换一条"]
    for _ in range(3):
        talk.telegram.press(group, day.id, data, talk.xiaowang)
    await talk.settle()
    once = await decided(talk, group)
    await talk.press(day, "恢复原样")
    fresh = await talk.answer("/plan 11月25日", group)
    await talk.press(fresh, "换一条")
    assert await decided(talk, group) == once


async def test_every_quotation_comes_up_when_swapped_again_and_again(talk: Talk) -> None:
    group = await subscribed(talk)
    day = await talk.answer("/plan 11月25日", group)
    seen = set()
    for _ in range(30):
        seen.add(shown_id(day))
        await talk.press(day, "换一条")
    assert len(seen) == 30


async def test_a_quotation_is_pinned_and_let_go(talk: Talk) -> None:
    group = await subscribed(talk)
    day = await talk.answer("/plan 11月25日 指定 q-2024-03-05", group)
    assert "因地制宜加快发展新质生产力" in day.text
    assert "管理员为这一天选的" in day.text
    assert await decided(talk, group) == DayPlan("q-2024-03-05")
    listing = await talk.answer("/plan", group)
    assert "11月25日 星期三 08:00　📌 2024-03-05" in listing.text
    await talk.answer("/plan 明天 恢复", group)
    assert await decided(talk, group) is None


async def test_todays_quotation_is_the_pinned_one(talk: Talk) -> None:
    group = await subscribed(talk, "20:00")
    await talk.answer("/plan 今天 指定 q-2024-03-05", group)
    answer = await talk.answer("/quote", group)
    assert "编号：q-2024-03-05" in answer.text


async def test_a_note_goes_with_a_day(talk: Talk) -> None:
    group = await subscribed(talk)
    day = await talk.answer("/plan 11月25日 备注 周五<带上>\n笔记本", group)
    assert "📝 周五<带上> 笔记本" in day.text
    assert await decided(talk, group) == DayPlan("", "周五<带上> 笔记本")
    day = await talk.answer("/plan 11月25日 换一条", group)
    assert "📝 周五<带上> 笔记本" in day.text


async def test_a_note_is_taken_away(talk: Talk) -> None:
    group = await subscribed(talk)
    await talk.answer("/plan 11月25日 备注 带上笔记本", group)
    day = await talk.answer("/plan 11月25日 备注", group)
    assert day.text.startswith("✅ 备注去掉了")
    assert await decided(talk, group) is None


async def test_a_day_before_the_first_push_is_no_day_off(talk: Talk) -> None:
    group = await subscribed(talk)
    assert "11月24日 星期二　还没开始" in (await talk.answer("/plan", group)).text
    day = await talk.answer("/plan 11月24日", group)
    assert "还没开始：第一次推送最早在11月25日。" in day.text
    await talk.answer("/settings 周末", group)
    assert "休：这天不推送。" in (await talk.answer("/plan 11月26日", group)).text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/plan 11月25日 指定 q-gone", "资料里没有编号是 q-gone 的论述"),
        ("/plan 11月25日 备注 " + "长" * 201, "备注最多 200 个字，这条有 201 个字"),
        ("/plan 11月20日", "已经过去了"),
        ("/plan 2027年6月1日", "只能看往后 60 天以内"),
        ("/plan 随便什么", "没看懂"),
        ("/plan 2月30日", "2月"),
        ("/plan 11月24日 换一条", "改不了"),
    ],
)
async def test_what_cannot_be_is_said_with_a_way_that_works(
    talk: Talk, words: str, said: str
) -> None:
    group = await subscribed(talk)
    answer = await talk.answer(words, group)
    assert said in answer.text


async def test_a_member_looks_and_changes_nothing(talk: Talk) -> None:
    group = await subscribed(talk)
    refusal = await talk.answer("/plan 11月25日 换一条", group, by=talk.member)
    assert "只有管理员能改" in refusal.text
    day = await talk.answer("/plan 11月25日", group, by=talk.member)
    press = await talk.only_press(day, "换一条", by=talk.member)
    assert "只有管理员能改" in talk.notice(press)
    assert await decided(talk, group) is None


async def test_what_is_entered_already_stays_as_it_is(talk: Talk) -> None:
    group = await subscribed(talk)
    day = await talk.answer("/plan 11月25日", group)
    talk.clock.move(timedelta(hours=21))
    await tick(talk.store)
    await talk.press(day, "换一条")
    assert "改不了" in day.text
    assert await decided(talk, group) is None


async def test_the_chinese_word_names_days_and_else_is_a_query(talk: Talk) -> None:
    await talk.answer("/subscribe 20:00")
    assert (await talk.answer("计划")).text.startswith("🗓")
    assert (await talk.answer("计划 11月26日")).text.startswith("🗓 11月26日")
    assert not (await talk.answer("计划 经济")).text.startswith("🗓")


async def test_quotation_marks_within_the_first_words_of_a_day_are_single(talk: Talk) -> None:
    await talk.say("/subscribe 08:00")
    await talk.say("/plan 11月26日 指定 q-2025-04-30")
    (listing,) = await talk.say("/plan 7")
    assert "2025-04-30“‘十五五’时期" in listing.text
    assert "📚引言" not in listing.text
