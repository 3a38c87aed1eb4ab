"""The same button pressed by many, or twice: what it brings comes once."""

from __future__ import annotations

from datetime import timedelta

from tests.chat.conftest import Talk


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
