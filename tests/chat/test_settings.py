"""Subscribing, the panel, and who may change what."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.delivery.plan import tick
from bot.local.world import ANONYMOUS, LocalUser
from bot.model import (
    Choice,
    Content,
    DayRule,
    Days,
    QuoteOrder,
    ReadingOrder,
    Subscription,
)
from bot.study import calendar
from tests.chat.conftest import NOON, Talk
from tests.ledger import begin, settle_sent
from tests.pressing import labels


async def stored(talk: Talk, chat_id: int) -> Subscription:
    found = await talk.store.subscription(chat_id)
    assert found is not None
    return found


async def test_subscribing_starts_tomorrow_once_the_time_of_today_is_past(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/subscribe 08:00 工作日", group)
    assert answer.text.startswith(
        "✅ 订阅好了：本群工作日 08:00 收到一条论述和一段延伸阅读。\n"
        "下一次：明天（11月25日 星期三）08:00（北京时间）"
    )
    one = await stored(talk, group.id)
    assert (one.push_at, one.days) == (time(8), Days(DayRule.WORKDAYS))
    assert one.next_due_at == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


async def test_subscribing_starts_today_while_the_time_is_ahead(talk: Talk) -> None:
    answer = await talk.answer("/subscribe 20:30")
    assert "下一次：今天（11月24日 星期二）20:30" in answer.text


@pytest.mark.parametrize(
    ("words", "at", "days"),
    [
        ("", time(8), Days()),
        ("工作日 7:30", time(7, 30), Days(DayRule.WORKDAYS)),
        ("每天8点", time(8), Days()),
        ("周一三五 早上8点半", time(8, 30), Days(DayRule.WEEKDAYS, frozenset({1, 3, 5}))),
        ("周一 周三 7点", time(7), Days(DayRule.WEEKDAYS, frozenset({1, 3}))),
        ("晚上 9点，周末", time(21), Days(DayRule.WEEKDAYS, frozenset({6, 7}))),
    ],
)
async def test_time_and_days_are_understood_in_any_order(
    talk: Talk, words: str, at: time, days: Days
) -> None:
    await talk.answer(f"/subscribe {words}")
    one = await stored(talk, talk.private.id)
    assert (one.push_at, one.days) == (at, days)


async def test_subscribing_again_changes_what_is_said_and_keeps_the_rest(talk: Talk) -> None:
    await talk.answer("/subscribe 08:00 工作日")
    answer = await talk.answer("/subscribe 09:00")
    assert answer.text.startswith("✅ 之前已经订阅，现在改好了：你工作日 09:00")
    one = await stored(talk, talk.private.id)
    assert (one.push_at, one.days) == (time(9), Days(DayRule.WORKDAYS))


async def test_a_theme_is_taken_with_the_subscription(talk: Talk) -> None:
    answer = await talk.answer("/subscribe 只推 人工智能")
    assert "关于“人工智能”的论述" in answer.text
    assert (await stored(talk, talk.private.id)).theme == "人工智能"


async def test_a_theme_nobody_spoke_of_is_refused_with_those_there_are(talk: Talk) -> None:
    answer = await talk.answer("/subscribe 只推 量子烹饪")
    assert answer.text.startswith("资料里没有以“量子烹饪”为专题的论述。现有的专题有：")
    assert await talk.store.subscription(talk.private.id) is None


@pytest.mark.parametrize("words", ["25:00", "8:99", "周八", "火星", "<b>"])
async def test_what_cannot_be_meant_is_refused_with_an_example(talk: Talk, words: str) -> None:
    answer = await talk.answer(f"/subscribe {words}")
    assert "可以这样写" in answer.text
    assert words in answer.text
    assert await talk.store.subscription(talk.private.id) is None


async def test_unsubscribing_keeps_the_settings_for_the_next_time(talk: Talk) -> None:
    await talk.answer("/subscribe 07:15 工作日")
    left = await talk.answer("/unsubscribe")
    assert left.text.startswith("已退订")
    gone = await stored(talk, talk.private.id)
    assert (gone.is_active, gone.next_due_at) == (False, None)
    await talk.press(left, "重新开启")
    back = await stored(talk, talk.private.id)
    assert (back.is_active, back.push_at, back.id) == (True, time(7, 15), gone.id)
    assert "推送：已开启 ✅" in left.text


async def test_unsubscribing_without_a_subscription_says_so(talk: Talk) -> None:
    assert "本来就没有订阅" in (await talk.answer("退订")).text


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("时间 7:30", "push_at", time(7, 30)),
        ("时区 东京", "zone", "Asia/Tokyo"),
        ("时区 America/New_York", "zone", "America/New_York"),
        ("推送日 工作日", "days", Days(DayRule.WORKDAYS)),
        ("内容 只推论述", "content", Content.QUOTE),
        ("论述顺序 按日期", "quote_order", QuoteOrder.DATE),
        ("阅读顺序 按文章顺序", "reading_order", ReadingOrder.SEQUENCE),
        ("只推 人工智能", "theme", "人工智能"),
        ("专题 不限", "theme", ""),
    ],
)
async def test_a_setting_can_be_changed_by_words(
    talk: Talk, words: str, field: str, value: object
) -> None:
    await talk.answer("/subscribe 08:00 只推 未来产业")
    answer = await talk.answer(f"/settings {words}")
    assert answer.text.startswith("✅ 改好了\n\n⚙️")
    assert getattr(await stored(talk, talk.private.id), field) == value


@pytest.mark.parametrize(
    ("menu", "choice", "field", "value"),
    [
        ("时间", "07:30", "push_at", time(7, 30)),
        ("时区", "东京时间", "zone", "Asia/Tokyo"),
        ("推送日", "每周一、三、五", "days", Days(DayRule.WEEKDAYS, frozenset({1, 3, 5}))),
        ("内容", "只推阅读", "content", Content.READING),
        ("论述顺序", "按日期先后", "quote_order", QuoteOrder.DATE),
        ("阅读顺序", "按文章顺序", "reading_order", ReadingOrder.SEQUENCE),
        ("专题", "新质生产力", "theme", "新质生产力"),
    ],
)
async def test_a_setting_can_be_changed_by_buttons(
    talk: Talk, menu: str, choice: str, field: str, value: object
) -> None:
    await talk.answer("/subscribe 08:00")
    panel = await talk.answer("/settings")
    await talk.press(panel, menu)
    press = await talk.only_press(panel, choice)
    assert talk.notice(press) == "改好了 ✅"
    assert panel.text.startswith("⚙️ 你的每日推送")
    assert getattr(await stored(talk, talk.private.id), field) == value


async def test_a_menu_leads_back_to_the_panel(talk: Talk) -> None:
    panel = await talk.answer("/settings")
    before = panel.text
    await talk.press(panel, "时间")
    assert panel.text.startswith("每天几点推送？")
    await talk.press(panel, "‹ 返回")
    assert panel.text == before


async def test_a_change_of_zone_is_the_chats_too(talk: Talk) -> None:
    await talk.answer("/settings 时区 东京")
    chat = await talk.store.chat(talk.private.id)
    assert chat is not None
    assert chat.zone == "Asia/Tokyo"


async def test_pressing_a_value_twice_changes_nothing_more(talk: Talk) -> None:
    await talk.answer("/subscribe 08:00")
    panel = await talk.answer("/settings")
    await talk.press(panel, "时间")
    data = next(one["callback_data"] for one in panel.buttons if one["text"] == "07:30")
    talk.telegram.press(panel.chat, panel.id, data, talk.xiaowang)
    talk.telegram.press(panel.chat, panel.id, data, talk.xiaowang)
    await talk.settle()
    assert (await stored(talk, talk.private.id)).push_at == time(7, 30)


# ------------------------------------------------------------------ who may change


@pytest.mark.parametrize("command", ["/subscribe 08:00", "/unsubscribe", "/settings 时间 7:30"])
async def test_a_member_of_a_group_changes_nothing_and_is_told(talk: Talk, command: str) -> None:
    group = await talk.group()
    answer = await talk.answer(command, group, talk.member)
    assert answer.text.startswith("本群的设置和安排只有管理员能改")
    assert await talk.store.subscription(group.id) is None


async def test_a_member_may_see_the_panel_but_not_press_it(talk: Talk) -> None:
    group = await talk.group()
    panel = await talk.answer("/settings", group, talk.member)
    press = await talk.only_press(panel, "开启推送", talk.member)
    assert talk.notice(press).startswith("本群的设置和安排只有管理员能改")
    assert await talk.store.subscription(group.id) is None
    await talk.press(panel, "开启推送")
    assert (await stored(talk, group.id)).is_active


async def test_an_administrator_by_promotion_may_change(talk: Talk) -> None:
    group = await talk.group()
    talk.telegram.promote(group, talk.member)
    assert (await talk.answer("/subscribe", group, talk.member)).text.startswith("✅ 订阅好了")


async def test_an_anonymous_administrator_may_change(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/subscribe", group, as_anonymous_admin=True)
    assert answer.text.startswith("✅ 订阅好了")


async def test_a_button_pressed_as_the_anonymous_administrator_counts(talk: Talk) -> None:
    group = await talk.group()
    panel = await talk.answer("/settings", group)
    await talk.press(panel, "开启推送", ANONYMOUS)
    assert (await stored(talk, group.id)).is_active


# ------------------------------------------------------------------------- topics


async def test_subscribing_in_a_topic_subscribes_that_topic(talk: Talk) -> None:
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "读书", talk.xiaowang)
    answer = await talk.answer("/subscribe 08:00", forum, thread_id=thread)
    assert "推送会发到这个话题里" in answer.text
    assert (await stored(talk, forum.id)).thread_id == thread


async def test_the_topic_can_be_changed_by_buttons_and_by_words(talk: Talk) -> None:
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "读书", talk.xiaowang)
    await talk.answer("/subscribe 08:00", forum, thread_id=thread)
    panel = await talk.answer("/settings", forum, thread_id=thread)
    await talk.press(panel, "话题")
    await talk.press(panel, "“常规”话题")
    assert (await stored(talk, forum.id)).thread_id is None
    await talk.answer("/settings 这个话题", forum, thread_id=thread)
    assert (await stored(talk, forum.id)).thread_id == thread


# ------------------------------------------------------- once a day, nothing lost


async def plan_today(talk: Talk, one: Subscription) -> None:
    """Let the subscription, which has come due, be planned."""
    due = calendar.due(one, talk.clock())
    assert [each.local_on for each in due] == [date(2026, 11, 24)]
    assert await tick(talk.store) == 1


async def test_a_day_that_had_its_push_is_not_the_next_one_after_a_change(talk: Talk) -> None:
    await talk.answer("/subscribe 12:30")
    talk.clock.move(timedelta(hours=1))
    await plan_today(talk, await stored(talk, talk.private.id))
    answer = await talk.answer("/subscribe 18:00")
    assert "下一次：明天（11月25日 星期三）18:00" in answer.text


async def test_a_time_moved_to_earlier_today_comes_at_once(talk: Talk) -> None:
    await talk.answer("/subscribe 18:00")
    answer = await talk.answer("/subscribe 09:00")
    assert "下一次：今天（11月24日 星期二）12:00" in answer.text


async def test_changing_the_content_does_not_pass_over_a_push_just_due(talk: Talk) -> None:
    await talk.answer("/subscribe 12:30")
    talk.clock.move(timedelta(minutes=30, seconds=20))
    await talk.answer("/settings 只推论述")
    one = await stored(talk, talk.private.id)
    assert one.next_due_at == NOON + timedelta(minutes=30)
    await plan_today(talk, one)


# ---------------------------------------------------------------------------- why


async def test_why_tells_what_will_happen(talk: Talk) -> None:
    await talk.answer("/subscribe 18:00")
    assert "会在今天（11月24日 星期二）18:00 推送" in (await talk.answer("/why")).text
    assert "推送从今天（11月24日）开始" in (await talk.answer("/why 昨天")).text


async def test_why_tells_what_happened(talk: Talk) -> None:
    await talk.answer("/subscribe 12:30")
    talk.clock.move(timedelta(minutes=30))
    one = await stored(talk, talk.private.id)
    await plan_today(talk, one)
    (row,) = await talk.store.claim("test", 1, timedelta(minutes=1))
    sending = await begin(talk.store, row, Choice("q-2024-03-05", "round"))
    assert sending is not None
    await settle_sent(talk.store, sending, 77)
    text = (await talk.answer("/why 11月24日")).text
    assert "预定 12:30。12:30 送到（消息编号 77）。" in text
    assert "q-2024-03-05" in text


@pytest.mark.parametrize("words", ["三月", "新质生产力", "昨天 今天"])
async def test_why_asks_about_one_day(talk: Talk, words: str) -> None:
    assert "不是某一天" in (await talk.answer(f"/why {words}")).text


async def test_why_refuses_an_impossible_day(talk: Talk) -> None:
    assert (await talk.answer("/why 2月30日")).text.startswith("🤔")


async def test_an_old_button_says_what_to_do_instead(talk: Talk) -> None:
    panel = await talk.answer("/settings")
    assert panel.reply_markup is not None
    for data in ("v0:old", "t:language", "t:days:9", "t:theme"):
        panel.reply_markup["inline_keyboard"][0][0]["callback_data"] = data
        press = talk.telegram.press(panel.chat, panel.id, data, talk.xiaowang)
        await talk.settle()
        assert press.answer is not None
    said = [message.text for message in talk.telegram.sent(panel.chat)]
    assert sum("这个按钮已经过时" in text for text in said) == 3
    assert labels(panel)[-1] == "‹ 返回"  # the theme menu is still known


async def test_writing_as_a_channel_of_ones_own_gives_no_rights(talk: Talk) -> None:
    group = await talk.group()
    channel = talk.telegram.channel("别处的频道", talk.member)
    said = talk.telegram.new_message(
        group,
        sender=LocalUser(136817688, "Channel", "Channel_Bot", is_bot=True),
        sender_chat=channel,
        text="/subscribe",
        entities=[{"type": "bot_command", "offset": 0, "length": 10}],
    )
    talk.telegram.updates.add("message", said.json())
    await talk.settle()
    assert talk.telegram.sent(group)[-1].text.startswith("本群的设置和安排只有管理员能改")
    assert await talk.store.subscription(group.id) is None


async def test_somebody_telegram_will_not_tell_of_changes_nothing(talk: Talk) -> None:
    group = await talk.group()
    panel = await talk.answer("/settings", group)
    press = await talk.only_press(panel, "开启推送", LocalUser(42, "路人"))
    assert talk.notice(press).startswith("没能向 Telegram 确认你是不是管理员")
    assert await talk.store.subscription(group.id) is None


@pytest.mark.parametrize("command", ["/subscribe", "/settings"])
async def test_each_example_for_words_not_understood_works(talk: Talk, command: str) -> None:
    refused = await talk.answer(f"{command} 火星文")
    examples = [line for line in refused.text.splitlines() if line.startswith(f"{command} ")]
    assert len(examples) == 6
    for example in examples:
        answer = await talk.answer(example)
        assert answer.text.startswith(("✅", "Done"))
