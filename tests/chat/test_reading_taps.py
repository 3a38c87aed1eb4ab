"""Reading together: who has read what, catching up, and following along in private."""

from __future__ import annotations

from datetime import time

import pytest

from bot.chat.limits import Limits
from bot.model import (
    DayRule,
    Days,
    PlanState,
    ScheduleKind,
)
from tests.chat.club import DAY, DONE, EVENING, HOUR, TITLE, Club, club
from tests.chat.test_limits import limit
from tests.pressing import labels

__all__ = ["club"]  # the fixture of every test here


# ----------------------------------------------------------------------- who has read it


async def test_a_part_is_read_once_however_often_one_taps(club: Club) -> None:
    talk = club.talk
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    notices = [talk.notice(await talk.only_press(message, DONE)) for _ in range(2)]
    notices.append(talk.notice(await talk.only_press(message, DONE, talk.member)))
    assert notices == ["第1/4部分读完 ✅", "第1/4部分已经记过了", "第1/4部分读完 ✅ 已有 2 人"]


async def test_the_message_counts_all_taps_with_one_edit(club: Club) -> None:
    talk = club.talk
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    for by in (talk.xiaowang, talk.member):
        await talk.only_press(message, DONE, by)
    edits = len(talk.telegram.calls_of("editMessageText"))
    assert await club.boards.show() is None
    assert len(talk.telegram.calls_of("editMessageText")) == edits + 1
    assert "2 人读完" in message.text
    assert f"{DONE} 2" in labels(message)
    assert message.text.startswith("📖 共读 · 第1/4部分 · 11月24日 星期二")


async def test_a_whole_group_may_say_within_a_minute_that_it_has_read(club: Club) -> None:
    talk = club.talk
    limit(talk, Limits(person_per_minute=2, chat_per_minute=3))
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    for number in range(8):
        reader = talk.telegram.user(f"读者{number}")
        assert "读完 ✅" in talk.notice(await talk.only_press(message, DONE, reader))
    assert "🔎" in (await talk.answer("/search 因地制宜", club.group)).text


async def test_what_one_has_missed_is_told_in_private_alone(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    await club.begin()
    await club.run(EVENING + 2 * DAY)
    first, second, _third = club.parts()
    await talk.only_press(second, DONE, member)
    before = len(talk.telegram.sent(club.group))
    (told,) = await club.link(first, "补课", member)
    assert "还有 2 部分可以补" in told.text
    assert labels(told) == ["第1部分", "第3部分"]
    assert len(talk.telegram.sent(club.group)) == before
    (part,) = await talk.press(told, "第1部分", member)
    assert part.text.startswith("📖 共读 · 第1/4部分")
    for number in (1, 3):
        (part,) = await talk.press(told, f"第{number}部分", member)
        await talk.only_press(part, DONE, member)
    press = await talk.only_press(first, "补课", member)
    assert "都读完了" in talk.notice(press)
    assert await talk.store.parts_read((await club.plan()).id) == {1: 1, 2: 1, 3: 1}


async def test_a_reader_catches_up_in_private_without_following_the_plan(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    await club.begin()
    await club.run(EVENING + 2 * DAY)
    private = talk.telegram.private(member)
    assert "没有读书计划" in (await talk.answer("/readplan 补课", private, member)).text
    await talk.only_press(club.parts()[1], DONE, member)
    told = await talk.answer("/readplan 补课", private, member)
    assert labels(told) == ["第1部分", "第3部分"]


async def test_in_the_group_catching_up_names_parts_and_nobody(club: Club) -> None:
    await club.begin()
    await club.run(EVENING + DAY)
    sent = await club.talk.answer("/readplan 补课", club.group, club.talk.member)
    assert labels(sent) == ["第1部分", "第2部分"]
    assert "小" not in sent.text


async def test_a_plans_buttons_do_nothing_for_who_has_nothing_to_do_with_it(club: Club) -> None:
    talk = club.talk
    await club.begin()
    await club.at(EVENING)
    plan = await club.plan()
    stranger = talk.telegram.user("路人")
    other = await talk.answer("/readplan 4周", talk.telegram.private(stranger), stranger)
    for button in other.buttons:
        button["callback_data"] = f"R:d:{plan.id}:1"
    press = await talk.only_press(other, "✏️ 修改", stranger)
    assert "没有这个读书计划" in talk.notice(press)
    assert await talk.store.parts_read(plan.id) == {}


async def test_parts_that_could_not_be_sent_are_told_with_the_next_one_and_no_longer(
    club: Club,
) -> None:
    talk = club.talk
    await club.begin()
    await club.at(EVENING)
    await club.at(EVENING + 3 * DAY)  # the bot was down
    _, late = club.parts()
    assert "第4/4部分" in late.text
    assert "前面有 2 部分没能送到，点下面的“补课”就能读" in late.text
    await talk.only_press(late, DONE, talk.member)
    await club.boards.show()
    assert "1 人读完" in late.text
    assert "前面有 2 部分没能送到" in late.text
    (told,) = await club.link(late, "补课", talk.member)
    assert "第2部分" in labels(told)
    assert "没能送到" not in club.parts()[0].text


async def test_after_a_part_that_was_sent_nothing_is_told_of_those_before_it(club: Club) -> None:
    await club.begin("4周")
    await club.at(EVENING)
    await club.at(EVENING + 2 * DAY)
    await club.at(EVENING + 3 * DAY)
    assert ["没能送到" in one.text for one in club.parts()] == [False, True, False]


# --------------------------------------------------------------------- following along


async def test_a_member_follows_in_private_at_a_time_of_their_own(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    (told,) = await club.link(message, "🔔 到私聊跟读", member)
    assert "这是你自己的跟读" in told.text
    changed = await talk.answer("/readplan 21:30", private, member)
    assert "每天 21:30" in changed.text
    await club.run(EVENING + HOUR + HOUR / 2)
    (mine,) = club.parts(private)
    assert mine.text.startswith("📖 共读 · 第1/4部分")
    press = await talk.only_press(mine, DONE, member)
    assert "第1/4部分读完" in talk.notice(press)
    panel = await talk.answer("/readplan", club.group)
    assert "这一部分已有 1 人读完" in panel.text
    await club.run(EVENING + 5 * DAY)
    assert len(club.parts(private)) == 4
    assert len(club.parts()) == 4


async def test_who_follows_and_has_said_no_zone_reads_in_that_of_the_group(club: Club) -> None:
    talk = club.talk
    await talk.answer("/settings 时区 柏林", club.group)
    await club.begin()
    panel = await talk.answer("/readplan", club.group)
    (told,) = await club.link(panel, "🔔 到私聊跟读", talk.member)
    assert "20:00（柏林时间）" in told.text


async def test_who_follows_and_subscribed_before_keeps_the_zone(club: Club) -> None:
    talk, private = club.talk, club.talk.telegram.private(club.talk.member)
    await talk.answer("/settings 时区 柏林", club.group)
    await talk.answer("/subscribe 08:00", private, talk.member)
    await club.begin()
    panel = await talk.answer("/readplan", club.group)
    (told,) = await club.link(panel, "🔔 到私聊跟读", talk.member)
    assert "20:00（北京时间）" in told.text


async def test_who_is_in_the_roster_is_offered_the_groups_plan_in_private(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    assert "/readplan 4周" in (await talk.answer("/readplan", private, member)).text
    await club.begin()
    await club.at(EVENING)
    await talk.only_press(club.parts()[0], DONE, member)
    offered = await talk.answer("/readplan", private, member)
    assert "学习组" in offered.text
    followed = await talk.answer("/readplan 21:30", private, member)
    assert "每天 21:30" in followed.text
    schedule = await talk.store.schedule(private.id, ScheduleKind.PART)
    assert schedule is not None
    assert schedule.at == time(21, 30)


async def test_a_followers_pause_is_their_own_and_the_groups_is_everybodys(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    panel = await club.begin()
    await club.link(panel, "🔔 到私聊跟读", member)
    await club.run(EVENING)
    assert (len(club.parts()), len(club.parts(private))) == (1, 1)
    paused = await talk.answer("/readplan 暂停", private, member)
    assert "暂停中" in paused.text
    await club.run(EVENING + DAY)
    assert (len(club.parts()), len(club.parts(private))) == (2, 1)
    await talk.answer("/readplan 恢复", private, member)
    await talk.answer("/readplan 暂停", club.group)
    await club.run(EVENING + 3 * DAY)
    held = len(club.parts(private))
    assert len(club.parts()) == 2
    await talk.answer("/readplan 恢复", club.group)
    await club.run(EVENING + 8 * DAY)
    assert len(club.parts()) == 4
    assert len(club.parts(private)) == held + 2


async def test_who_leaves_gets_nothing_more_and_the_group_goes_on(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    panel = await club.begin()
    (followed,) = await club.link(panel, "🔔 到私聊跟读", member)
    await talk.press(followed, "不再跟读", member)
    await talk.press(followed, "确定", member)
    assert "已经不再跟读" in followed.text
    await club.run(EVENING + DAY)
    assert (len(club.parts()), club.parts(private)) == (2, [])


async def test_a_plan_that_ends_ends_for_who_follows(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    panel = await club.begin()
    await club.link(panel, "🔔 到私聊跟读", member)
    await talk.press(panel, "结束")
    await talk.press(panel, "确定")
    await club.run(EVENING + DAY)
    assert club.parts(private) == []
    assert "/readplan 4周" in (await talk.answer("/readplan", private, member)).text


async def test_a_person_reads_by_a_plan_of_their_own_in_private(club: Club) -> None:
    talk = club.talk
    sent = await talk.answer(f"/readplan 《{TITLE}》 1周 工作日")
    await talk.press(sent, "✅ 确认")
    await club.run(EVENING + DAY)
    first, second = club.parts(talk.private)
    await talk.only_press(second, DONE)
    panel = await talk.answer("/readplan")
    assert "你读完了 1 部分" in panel.text
    told = await talk.answer("/readplan 补课")
    assert labels(told) == ["第1部分"]
    assert "🔔 到私聊跟读" not in labels(first)
    await club.begin()
    (refused,) = await club.link(
        await talk.answer("/readplan", club.group), "🔔 到私聊跟读", talk.xiaowang
    )
    assert "你自己正在读" in refused.text


@pytest.mark.parametrize("payload", ["follow_1-00000000", "catchup_99-00000000", "nonsense"])
async def test_a_link_that_nobody_gave_opens_nothing(club: Club, payload: str) -> None:
    await club.begin()
    (sent,) = await club.talk.say(f"/start {payload}")
    assert TITLE not in sent.text
    assert await club.talk.store.followed_plan(club.talk.private.id) is None


async def test_working_days_are_the_groups_rule(club: Club) -> None:
    await club.begin(f"《{TITLE}》 2周 工作日")
    plan = await club.plan()
    assert plan.days == Days(DayRule.WORKDAYS)
    assert plan.state is PlanState.ACTIVE
