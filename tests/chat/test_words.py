"""Which messages are for the bot, and which subject they name."""

from __future__ import annotations

import pytest

from bot.chat.register import commands
from bot.chat.subjects import SUBJECTS
from tests.chat.conftest import Talk
from tests.pressing import labels


@pytest.mark.parametrize(
    ("word", "beginning"),
    [
        ("帮助", "怎么查"),
        ("/帮助", "怎么查"),
        ("幫助", "怎么查"),
        ("每日一语", "📖 每日一语 · 11月24日 星期二"),
        ("随机", "🎲 随机一条"),
        ("阅读", "📚 学习参考"),
        ("继续", "《习近平总书记指引未来产业发展》"),
        ("订阅 7:30 工作日", "✅ 订阅好了：你工作日 07:30"),
        ("订阅8点", "✅ 订阅好了：你每天 08:00"),
        ("退订", "你本来就没有订阅"),
        ("设置", "⚙️ 你的每日推送"),
        ("为什么", "📮 11月24日 星期二的推送"),
        ("为什么 昨天", "📮 11月23日 星期一的推送"),
        ("阅读 3", "《科技创新、产业发展和金融支持》"),
        ("怎么用？", "怎么查"),
        ("Help", "怎么查"),
    ],
)
async def test_a_chinese_word_does_what_its_command_does(
    talk: Talk, word: str, beginning: str
) -> None:
    assert (await talk.answer(word)).text.startswith(beginning)


@pytest.mark.parametrize(
    "query", ["帮助企业", "帮助 企业", "为什么 要发展新质生产力", "继续 推进", "阅读 大海"]
)
async def test_a_word_followed_by_something_else_is_a_query(talk: Talk, query: str) -> None:
    answer = await talk.answer(query)
    assert answer.text.startswith(("🔎", "没有找到", "🤔"))


@pytest.mark.parametrize("words", ["你好", "您好！", "Hello", "早上好～ 😊", "在吗", "你是谁？"])
async def test_whoever_greets_is_greeted(talk: Talk, words: str) -> None:
    assert (await talk.answer(words)).text.startswith("👋 你好，我是学习助手")


@pytest.mark.parametrize("words", ["谢谢", "謝謝！", "辛苦了🙏", "Thanks!"])
async def test_thanks_are_answered_with_what_to_ask_next(talk: Talk, words: str) -> None:
    assert (await talk.answer(words)).text.startswith("不客气！")


@pytest.mark.parametrize("query", ["“你好”", "你好 世界", "谢谢大家"])
async def test_courtesies_are_searched_for_in_quotation_marks_or_among_others(
    talk: Talk, query: str
) -> None:
    assert (await talk.answer(query)).text.startswith(("🔎", "没有找到", "🤔"))


async def test_an_unknown_command_is_told_so_in_private(talk: Talk) -> None:
    assert (await talk.answer("/teapot now")).text.startswith("没有 /teapot 这个命令")


async def test_in_a_group_ordinary_talk_is_left_alone(talk: Talk) -> None:
    talk.telegram.has_privacy_mode = False
    group = await talk.group()
    assert await talk.say("新质生产力", group) == []
    assert await talk.say("/teapot", group) == []


async def test_in_a_group_a_command_is_answered_as_a_reply(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/search 新质生产力", group, talk.member)
    assert answer.text.startswith("🔎 “新质生产力”")
    assert answer.reply_to is not None
    assert answer.reply_to.text == "/search 新质生产力"


async def test_a_command_for_another_bot_is_left_alone(talk: Talk) -> None:
    talk.telegram.has_privacy_mode = False
    group = await talk.group()
    assert await talk.say("/search@other_bot 新质生产力", group) == []
    assert await talk.say("/teapot@other_bot", group) == []
    assert await talk.say("/search@other_bot 新质生产力") == []


async def test_a_command_for_this_bot_by_name_is_answered(talk: Talk) -> None:
    group = await talk.group()
    assert len(await talk.say(f"/search@{talk.bot_name} 新质生产力", group)) == 1
    (answer,) = await talk.say(f"/teapot@{talk.bot_name}", group)
    assert answer.text.startswith("没有 /teapot 这个命令")


@pytest.mark.parametrize("text", ["@{} 新质生产力", "新质生产力 @{}", "👍 新质生产力 @{}！"])
async def test_a_mention_asks(talk: Talk, text: str) -> None:
    group = await talk.group()
    answer = await talk.answer(text.format(talk.bot_name), group, talk.member)
    assert "新质生产力" in answer.text
    assert talk.bot_name not in answer.text


async def test_a_mention_with_a_word_does_what_the_word_does(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer(f"@{talk.bot_name} 每日一语", group)
    assert answer.text.startswith("📖 每日一语")


async def test_a_mention_alone_is_told_what_can_be_asked(talk: Talk) -> None:
    group = await talk.group()
    assert (await talk.answer(f"@{talk.bot_name}", group)).text.startswith("怎么查")


async def test_a_reply_to_the_bot_asks(talk: Talk) -> None:
    group = await talk.group()
    first = await talk.answer("/search 新质生产力", group)
    answer = await talk.answer("脑机接口", group, talk.member, reply_to=first)
    assert answer.text.startswith("🔎 “脑机接口”")


async def test_a_reply_to_somebody_else_does_not(talk: Talk) -> None:
    talk.telegram.has_privacy_mode = False
    group = await talk.group()
    said = talk.telegram.say(group, talk.xiaowang, "大家好")
    assert await talk.say("新质生产力", group, talk.member, reply_to=said) == []


async def test_an_edited_message_is_not_answered_again(talk: Talk) -> None:
    said = talk.telegram.say(talk.private, talk.xiaowang, "新质生产力")
    await talk.settle()
    before = len(talk.telegram.sent(talk.private))
    talk.telegram.edit(said, "未来产业")
    await talk.settle()
    assert len(talk.telegram.sent(talk.private)) == before


async def test_a_topic_is_answered_in_that_topic(talk: Talk) -> None:
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "读书", talk.xiaowang)
    answer = await talk.answer("/quote", forum, thread_id=thread)
    assert answer.thread_id == thread
    (related,) = await talk.press(answer, "相关论述")
    assert related.thread_id == thread


async def test_ordinary_talk_in_a_topic_is_left_alone(talk: Talk) -> None:
    talk.telegram.has_privacy_mode = False
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "读书", talk.xiaowang)
    assert await talk.say("新质生产力", forum, thread_id=thread) == []


async def test_in_a_channel_commands_alone_are_answered(talk: Talk) -> None:
    channel = talk.telegram.channel("读书频道", talk.xiaowang)
    talk.telegram.add_bot(channel, talk.xiaowang)
    await talk.say("新质生产力", channel)
    await talk.say("/subscribe 8:00", channel)
    # What the bot posts in a channel is by the channel, so all posts are looked at.
    texts = [message.text for message in talk.telegram.messages(channel)]
    assert texts[:2] == ["新质生产力", "/subscribe 8:00"]
    assert texts[2].startswith("✅ 订阅好了：本频道每天 08:00")
    assert len(texts) == 3


async def test_start_offers_three_examples_that_work(talk: Talk) -> None:
    start = await talk.answer("/start")
    assert "直接把关键词或日期发给我" in start.text
    assert len(labels(start)) == 3
    for label in labels(start):
        (answer,) = await talk.press(start, label)
        assert answer.text.startswith("🔎")


def test_no_two_subjects_share_a_command_or_a_word() -> None:
    names = [one.command for one in SUBJECTS if one.command]
    words = [word for one in SUBJECTS for word in one.words]
    assert len(set(names)) == len(names)
    assert len(set(words)) == len(words)


def test_only_administrators_see_the_settings_in_a_groups_menu() -> None:
    menus = {scope.type: [one.command for one in menu] for scope, menu in commands()}
    assert set(menus) == {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
    }
    assert "subscribe" not in menus["all_group_chats"]
    assert "settings" in menus["all_chat_administrators"]


async def test_telegram_takes_the_menus(talk: Talk) -> None:
    for scope, menu in commands():
        assert await talk.application.bot.set_my_commands(menu, scope)
