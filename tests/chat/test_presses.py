"""The same button pressed by many, or twice: what it brings comes once."""

from __future__ import annotations

from datetime import timedelta

from bot.local.world import LocalChat, LocalMessage
from tests.chat.conftest import Talk


async def asked_in_a_channel(talk: Talk, words: str) -> tuple[LocalChat, LocalMessage]:
    """The channel and the bot's post, under which readers may press."""
    channel = talk.telegram.channel("频道", talk.xiaowang)
    talk.telegram.add_bot(channel, talk.xiaowang)
    await talk.settle()
    await talk.say(words, channel)
    return channel, talk.telegram.messages(channel)[-1]


async def test_a_passage_that_many_in_a_group_open_is_sent_once(talk: Talk) -> None:
    group = await talk.group()
    (page,) = await talk.say("/search 因地制宜", group)
    brought = await talk.press(page, "1")
    press = await talk.only_press(page, "1", talk.member)
    assert len(brought) == 1
    assert talk.telegram.sent(group)[-1] is brought[0]
    assert press.answer is not None
    assert press.answer["text"] == "刚才已经有人点过，内容就在下面，往下翻一翻"


async def test_another_button_of_the_same_message_is_answered(talk: Talk) -> None:
    group = await talk.group()
    (page,) = await talk.say("/search 因地制宜", group)
    await talk.press(page, "1")
    assert len(await talk.press(page, "2", talk.member)) == 1


async def test_what_was_opened_in_a_group_some_time_ago_is_sent_again(talk: Talk) -> None:
    group = await talk.group()
    (page,) = await talk.say("/search 因地制宜", group)
    await talk.press(page, "1")
    talk.clock.at += timedelta(minutes=10)
    assert len(await talk.press(page, "1", talk.member)) == 1


async def test_a_double_press_in_private_brings_one_message(talk: Talk) -> None:
    (page,) = await talk.say("因地制宜")
    assert len(await talk.press(page, "1")) == 1
    assert await talk.press(page, "1") == []
    talk.clock.at += timedelta(seconds=2)
    assert len(await talk.press(page, "1")) == 1


async def test_what_a_reader_of_a_channel_opens_comes_to_that_person_alone(talk: Talk) -> None:
    channel, page = await asked_in_a_channel(talk, "/search 因地制宜")
    press = await talk.only_press(page, "1", talk.member)
    assert press.answer is not None
    address, _, payload = press.answer["url"].partition("?start=")
    assert address == f"https://t.me/{talk.bot_name}"
    assert talk.telegram.messages(channel)[-1] is page
    (passage,) = await talk.say(f"/start {payload}")
    assert "编号：q-2024-03-05" in passage.text


async def test_a_link_that_is_none_of_ours_is_greeted(talk: Talk) -> None:
    for payload in ("open_", "open_!!", "open_eDp4", "open_dDp0aW1l"):
        (greeting,) = await talk.say(f"/start {payload}")
        assert greeting.text.startswith("👋")


async def test_a_reader_of_a_channel_has_no_quiz_asked_there(talk: Talk) -> None:
    channel, quiz = await asked_in_a_channel(talk, "/quiz")
    press = await talk.only_press(quiz, "再来一题", talk.member)
    assert talk.notice(press).startswith("本频道的设置和安排只有管理员能改")
    assert talk.telegram.messages(channel)[-1] is quiz
