"""The weekly board of check-ins: asked for by administrators, sent once, nobody shamed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.local.world import LocalChat, LocalMessage
from bot.model import ScheduleKind, State
from tests.chat.conftest import Talk
from tests.chat.test_check_ins import Morning, at, make_morning

__all__ = ["make_morning"]

DAY = timedelta(days=1)
ON = "/checkin 周榜 周日 20:00"


@pytest.fixture(name="group")
async def make_group(morning: Morning) -> LocalChat:
    """A group with a board on Sundays at 20:00."""
    group = await morning.talk.group()
    await morning.talk.answer(ON, group)
    return group


async def check_in(talk: Talk, group: LocalChat, *days: int) -> None:
    """小李 checks in at noon of these days of November."""
    for day in days:
        talk.clock.at = at(day, 12)
        await talk.answer("/checkin", group, talk.member)


def boards(talk: Talk, group: LocalChat) -> list[LocalMessage]:
    return [one for one in talk.telegram.sent(group) if "一周打卡榜" in one.text]


async def test_it_is_read_back_with_the_next_time_and_how_to_keep_out(talk: Talk) -> None:
    answer = await talk.answer(ON, await talk.group())
    assert answer.text.startswith("✅ 打卡周榜开了：每周日 20:00 发出。")
    assert "下一次：11月29日 星期日 20:00" in answer.text
    assert "/checkin 不上榜" in answer.text


async def test_it_says_who_checked_in_how_often(morning: Morning, group: LocalChat) -> None:
    talk = morning.talk
    await check_in(talk, group, 24, 25, 26)
    await talk.answer("打卡", group, reply_to=talk.telegram.sent(group)[-1])
    await morning.go_to(at(29, 20))
    (board,) = boards(talk, group)
    assert board.text == (
        "🏅 一周打卡榜 · 11月23日至11月29日\n\n"
        "3 天　小李（连续 3 天）\n1 天　小王\n\n"
        "不想上榜：在群里发 /checkin 不上榜"
    )


async def test_it_comes_once_a_week(morning: Morning, group: LocalChat) -> None:
    talk = morning.talk
    await check_in(talk, group, 26)
    for minute in (0, 1, 2):
        await morning.go_to(at(29, 20, minute))
    assert len(boards(talk, group)) == 1
    await check_in(talk, group, 31)
    await morning.go_to(at(36, 20))
    first, second = boards(talk, group)
    assert "11月30日至12月6日" in second.text
    assert first.id != second.id


async def test_a_week_without_check_ins_is_skipped_with_its_reason(
    morning: Morning, group: LocalChat
) -> None:
    await check_in(morning.talk, group, 19)
    morning.talk.clock.at = at(29, 19)
    await morning.go_to(at(29, 20))
    assert boards(morning.talk, group) == []
    (row,) = await morning.talk.store.deliveries_on(group.id, at(29, 20).date())
    assert (row.state, row.reason) == (State.SKIPPED, "nothing to show")


async def test_a_board_on_monday_morning_is_of_the_week_before(morning: Morning) -> None:
    talk = morning.talk
    group = await talk.group()
    await talk.answer("/checkin 周榜 周一 8:00", group)
    await check_in(talk, group, 23, 29)
    await morning.go_to(at(30, 8))
    (board,) = boards(talk, group)
    assert "11月23日至11月29日" in board.text
    assert "2 天　小李" in board.text


async def test_who_wants_no_name_there_is_counted_alone(morning: Morning, group: LocalChat) -> None:
    talk = morning.talk
    await check_in(talk, group, 26)
    said = await talk.answer("/checkin 不上榜", group, talk.member)
    assert said.text == "好，周榜上不写 小李 的名字，打卡照样算。\n想上榜发 /checkin 上榜"
    await check_in(talk, group, 27)
    await morning.go_to(at(29, 20))
    (board,) = boards(talk, group)
    assert "小李" not in board.text
    assert "有 1 人打了卡" in board.text


async def test_whoever_changes_their_mind_is_listed_again(
    morning: Morning, group: LocalChat
) -> None:
    talk = morning.talk
    await check_in(talk, group, 26)
    await talk.answer("/checkin 不上榜", group, talk.member)
    assert "会上周榜" in (await talk.answer("/checkin 上榜", group, talk.member)).text
    await morning.go_to(at(29, 20))
    assert "1 天　小李" in boards(talk, group)[0].text


async def test_at_most_twenty_names_stand_on_it(morning: Morning, group: LocalChat) -> None:
    talk = morning.talk
    talk.clock.at = at(26, 12)
    chat = await talk.store.chat(group.id)
    assert chat is not None
    for number in range(23):
        person = talk.telegram.user(f"组员{number:02d}")
        talk.telegram.join(group, person)
        await talk.settle()
        await talk.say("/checkin", group, person)
    await morning.go_to(at(29, 20))
    (board,) = boards(talk, group)
    assert board.text.count("组员") == 20
    assert "还有 3 人也打了卡" in board.text


async def test_switched_off_it_comes_no_more(morning: Morning, group: LocalChat) -> None:
    talk = morning.talk
    await check_in(talk, group, 26)
    assert "已关" in (await talk.answer("/checkin 周榜 关", group)).text
    await morning.go_to(at(29, 20))
    assert boards(talk, group) == []
    assert "没有开打卡周榜" in (await talk.answer("/checkin 周榜", group)).text


async def test_another_day_takes_the_place_of_the_first(morning: Morning, group: LocalChat) -> None:
    talk = morning.talk
    await talk.answer("/checkin 周榜 周五 晚上9点", group)
    answer = await talk.answer("打卡 周榜", group, reply_to=talk.telegram.sent(group)[-1])
    assert answer.text.startswith("打卡周榜：每周五 21:00 发出。\n下一次：11月27日 星期五 21:00")
    assert len(await talk.store.schedules(group.id)) == 1


async def test_only_administrators_have_it_sent(talk: Talk) -> None:
    group = await talk.group()
    assert "只有管理员" in (await talk.answer(ON, group, talk.member)).text
    assert await talk.store.schedule(group.id, ScheduleKind.BOARD) is None


@pytest.mark.parametrize("text", ["每天 20:00", "周日 25:00", "随便", "周一三五 20:00"])
async def test_what_is_no_day_and_time_is_told_an_example(talk: Talk, text: str) -> None:
    group = await talk.group()
    answer = await talk.answer(f"/checkin 周榜 {text}", group)
    assert "可以这样写：" in answer.text
    assert await talk.store.schedules(group.id) == ()


async def test_a_private_chat_has_no_board(talk: Talk) -> None:
    assert "请到群里发" in (await talk.answer(ON)).text
    assert "请到群里发" in (await talk.answer("打卡 不上榜")).text


async def test_in_a_topic_the_board_comes_into_that_topic(morning: Morning) -> None:
    talk = morning.talk
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "打卡", talk.xiaowang)
    await talk.answer(ON, forum, thread_id=thread)
    await check_in(talk, forum, 26)
    await morning.go_to(at(29, 20))
    (board,) = boards(talk, forum)
    assert board.thread_id == thread
