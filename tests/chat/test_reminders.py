"""Setting reminders in words, confirming them, and changing them from the panel."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.local.world import LocalChat
from bot.model import Recurrence, Reminder, ReminderState
from bot.study import recurrence, turns
from tests.chat.conftest import NOON, Talk
from tests.pressing import labels

FRIDAY = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)  # 15:00 in Shanghai


async def only(talk: Talk, chat: LocalChat) -> Reminder:
    (one,) = await talk.store.reminders(chat.id)
    return one


async def remind(talk: Talk, chat: LocalChat, text: str, **how: Any) -> Reminder:
    """Set a reminder and confirm it."""
    answer = await talk.answer(f"/remind {text}", chat, **how)
    await talk.press(answer, "✅ 确认")
    return (await talk.store.reminders(chat.id))[-1]


async def test_what_was_understood_is_read_back_with_the_next_three_times(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/remind 每周五 15:00 学习会 提前1天 30分钟 @三楼会议室", group)
    assert answer.text == (
        "我是这样理解的：\n\n"
        "📌 学习会\n"
        "时间：每周五 15:00（北京时间），每次1小时\n"
        "提醒：提前1天、30分钟\n"
        "地点：三楼会议室\n"
        "报名：开放，会后有小结\n\n"
        "接下来：\n"
        "· 11月27日 星期五 15:00\n"
        "· 12月4日 星期五 15:00\n"
        "· 12月11日 星期五 15:00\n\n"
        "对的话请点“确认”，之后才会提醒。"
    )
    assert labels(answer) == ["✅ 确认", "✏️ 修改"]


async def test_what_ends_says_so_after_its_time(talk: Talk) -> None:
    answer = await talk.answer("/remind 每天 9:00 晨读 共2次")  # at noon
    assert "时间：每天 09:00，到2026年11月26日为止（北京时间）" in answer.text


async def test_nothing_is_reminded_of_until_it_is_confirmed(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/remind 每周五 15:00 学习会", group)
    assert await talk.store.reminders(group.id) == ()
    await talk.press(answer, "✅ 确认")
    one = await only(talk, group)
    assert one.recurrence == Recurrence("FREQ=WEEKLY;BYDAY=FR", FRIDAY.date())
    assert (one.at, one.zone, one.next_due_at) == (time(15), "Asia/Shanghai", FRIDAY)
    assert answer.text.startswith("✅ 提醒已设好")


async def test_confirming_twice_changes_nothing(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/remind 每周五 15:00 学习会", group)
    data = answer.buttons[0]["callback_data"]
    await talk.press(answer, "✅ 确认")
    first = await only(talk, group)
    answer.reply_markup = {"inline_keyboard": [[{"text": "again", "callback_data": data}]]}
    await talk.press(answer, "again")
    assert await only(talk, group) == first


async def test_a_new_draft_takes_the_place_of_one_that_nobody_confirmed(talk: Talk) -> None:
    first = await talk.answer("/remind 每周五 15:00 学习会")
    await talk.answer("/remind 每周四 15:00 学习会")
    await talk.press(first, "✅ 确认")
    assert "已经删除" in first.text
    assert await talk.store.reminders(talk.private.id) == ()


async def test_a_person_may_have_reminders_in_private(talk: Talk) -> None:
    answer = await talk.answer("提醒 明天下午3点 交材料")
    assert "📌 交材料\n时间：2026年11月25日 15:00" in answer.text
    assert "报名" not in answer.text


async def test_what_is_not_about_a_time_stays_a_query(talk: Talk) -> None:
    answer = await talk.answer("提醒 自己")
    assert "提醒" not in answer.text.split("\n")[0] or "没有找到" in answer.text


async def test_only_administrators_set_reminders(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/remind 每周五 15:00 学习会", group, by=talk.member)
    assert "只有管理员" in answer.text
    one = await talk.answer("/remind 每周五 15:00 学习会", group)
    press = await talk.only_press(one, "✅ 确认", by=talk.member)
    assert "只有管理员" in talk.notice(press)
    assert await talk.store.reminders(group.id) == ()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("每周五 学习会", "没有说几点"),
        ("15:00 学习会", "没有说哪一天"),
        ("2月30日 9:00 学习会", "2月最多29天，没有30日"),
        ("今天 8:00 学习会", "已经过去了"),
        ("每月 9:00 学习会", "还差是哪一天"),
    ],
)
async def test_a_mistake_gets_a_sentence_and_an_example(talk: Talk, words: str, why: str) -> None:
    answer = await talk.answer(f"/remind {words}")
    assert why in answer.text
    assert "可以这样写" in answer.text


async def test_without_words_it_says_how(talk: Talk) -> None:
    assert "/remind 每周五 15:00 学习会 提前1天 30分钟" in (await talk.answer("/remind")).text


async def test_the_list_opens_each_reminder(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会 提前30分钟")
    await remind(talk, talk.private, "工作日 8:30 晨读")
    listed = await talk.answer("/reminders")
    assert (
        f"#{one.id} 学习会\n每周五 15:00 · 提前30分钟\n下一次：11月27日 星期五 15:00" in listed.text
    )
    await talk.press(listed, f"#{one.id} 学习会")
    assert listed.text.startswith(f"⏰ 提醒 #{one.id}")
    await talk.press(listed, "‹ 列表")
    assert listed.text.startswith("⏰ 提醒列表")


def turns_of(talk: Talk, one: Reminder) -> list[int]:
    return [turns.turn(one, held) for held in recurrence.upcoming(one, talk.clock())]


async def test_a_theme_begins_with_its_best_and_goes_on_through_edits(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周二 10:00 学习会 主题 人工智能")  # today's is over
    assert turns_of(talk, one) == [0, 1, 2]
    talk.clock.move(timedelta(weeks=3))
    await talk.answer(f"/remind #{one.id} @三楼")
    await talk.answer(f"/remind #{one.id} 每周四 11:00")
    assert turns_of(talk, await only(talk, talk.private)) == [3, 4, 5]
    talk.clock.move(timedelta(weeks=1))
    listed = await talk.answer("/reminders")
    await talk.press(listed, f"#{one.id} 学习会")
    await talk.press(listed, "⏸ 暂停")
    talk.clock.move(timedelta(weeks=4))
    await talk.answer("/settings 时区 东京")
    await talk.press(listed, "▶️ 恢复")
    assert turns_of(talk, await only(talk, talk.private)) == [4, 5, 6]
    await talk.answer(f"/remind #{one.id} 主题 脑机接口")
    assert turns_of(talk, await only(talk, talk.private)) == [0, 1, 2]


async def panel(talk: Talk, one: Reminder) -> Any:
    listed = await talk.answer("/reminders")
    await talk.press(listed, f"#{one.id} {one.title}")
    return listed


async def test_a_paused_reminder_is_never_due_until_it_goes_on(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会")
    message = await panel(talk, one)
    await talk.press(message, "⏸ 暂停")
    paused = await only(talk, talk.private)
    assert (paused.state, paused.next_due_at) == (ReminderState.PAUSED, None)
    assert "暂停中" in message.text
    await talk.press(message, "▶️ 恢复")
    assert (await only(talk, talk.private)).next_due_at == FRIDAY


async def test_one_occurrence_is_skipped_once_however_often_it_is_pressed(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会")
    message = await panel(talk, one)
    data = next(b["callback_data"] for b in message.buttons if b["text"] == "跳过下一次")
    await talk.press(message, "跳过下一次")
    assert "11月27日跳过" in message.text
    message.reply_markup = {"inline_keyboard": [[{"text": "again", "callback_data": data}]]}
    await talk.press(message, "again")
    skipped = await only(talk, talk.private)
    assert [one.on.day for one in recurrence.upcoming(skipped, NOON)] == [4, 11, 18]
    await talk.press(message, "撤销跳过和改期")
    assert (await only(talk, talk.private)).next_due_at == FRIDAY


async def test_one_occurrence_is_moved_by_a_button(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会")
    message = await panel(talk, one)
    await talk.press(message, "下一次改期")
    await talk.press(message, "推迟一天")
    moved = await only(talk, talk.private)
    assert "11月27日改到11月28日 星期六" in message.text
    assert [one.on.day for one in recurrence.upcoming(moved, NOON)] == [28, 4, 11]


async def test_one_occurrence_is_moved_by_words(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会")
    answer = await talk.answer(f"/remind #{one.id} 下次改到 周四 16:00")
    assert answer.text.startswith("改好了 ✅")
    moved = await only(talk, talk.private)
    first, second, _ = recurrence.upcoming(moved, NOON)
    assert first.starts_at == FRIDAY - timedelta(hours=23)
    assert second.on.day == 4


async def test_an_edit_changes_what_is_said_and_keeps_the_rest(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会 提前30分钟 @三楼")
    await talk.answer(f"/remind #{one.id} 周一三 16:00")
    after = await only(talk, talk.private)
    assert after.recurrence.rule == "FREQ=WEEKLY;BYDAY=MO,WE"
    assert (after.at, after.place, after.title) == (time(16), "三楼", "学习会")
    assert after.notices == one.notices


async def test_deleting_asks_once_more(talk: Talk) -> None:
    one = await remind(talk, talk.private, "每周五 15:00 学习会 提前30分钟")
    message = await panel(talk, one)
    await talk.press(message, "🗑 删除")
    assert await only(talk, talk.private) == one
    await talk.press(message, "确定删除")
    assert await talk.store.reminders(talk.private.id) == ()
    assert "/remind 每周五 15:00 学习会 提前30分钟" in message.text


async def test_a_reminder_of_another_chat_cannot_be_touched(talk: Talk) -> None:
    group = await talk.group()
    one = await remind(talk, group, "每周五 15:00 学习会")
    assert "已经删除" in (await talk.answer(f"/remind #{one.id} 16:00")).text
    assert (await only(talk, group)).at == time(15)


async def test_in_a_topic_it_reminds_there(talk: Talk) -> None:
    forum = await talk.group(is_forum=True)
    thread_id = talk.telegram.topic(forum, "学习", talk.xiaowang)
    one = await remind(talk, forum, "每周五 15:00 学习会", thread_id=thread_id)
    assert one.thread_id == thread_id


async def test_a_theme_that_the_corpus_knows_nothing_of_promises_nothing(talk: Talk) -> None:
    answer = await talk.answer("/remind 每周五 15:00 读书会 主题 香蕉")
    assert "主题：香蕉（资料里没有相关的内容，提醒时不附）" in answer.text
    known = await talk.answer("/remind 每周五 15:00 读书会 主题 脑机接口")
    assert "主题：脑机接口（提醒时附上相关论述、文章和讨论题）" in known.text
