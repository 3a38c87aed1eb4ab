"""The bot added, removed, blocked; its group moved; and what happens when something breaks."""

from __future__ import annotations

import logging

import pytest

from bot.chat.context import Services, install
from bot.model import Corpus
from bot.search.index import Index
from tests.chat.conftest import Talk, build


async def test_a_group_that_adds_the_bot_is_greeted_once(talk: Talk) -> None:
    group = await talk.group()
    (hello,) = talk.telegram.sent(group)
    assert hello.text.startswith("👋 大家好")
    talk.telegram.promote(group, talk.telegram.bot, by=talk.xiaowang)
    await talk.settle()
    assert len(talk.telegram.sent(group)) == 1


async def test_a_group_that_removes_the_bot_keeps_its_settings(talk: Talk) -> None:
    group = await talk.group()
    await talk.answer("/subscribe 07:15", group)
    talk.telegram.kick_bot(group, talk.xiaowang)
    await talk.settle()
    gone = await talk.store.chat(group.id)
    assert gone is not None
    assert not gone.is_active
    talk.telegram.add_bot(group, talk.xiaowang)
    await talk.settle()
    back = await talk.store.chat(group.id)
    assert back is not None
    assert back.is_active
    kept = await talk.store.subscription(group.id)
    assert kept is not None
    assert (kept.is_active, str(kept.push_at)) == (True, "07:15:00")
    assert talk.telegram.sent(group)[-1].text.startswith("👋 我回来了，原来的设置和记录都还在")


async def test_a_person_who_blocks_the_bot_is_not_written_to(talk: Talk) -> None:
    await talk.answer("/start")
    talk.telegram.block(talk.xiaowang)
    await talk.settle()
    chat = await talk.store.chat(talk.private.id)
    assert chat is not None
    assert not chat.is_active


async def test_an_answer_to_a_person_who_has_just_left_is_given_up(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.telegram.say(talk.private, talk.xiaowang, "新质生产力")
    talk.telegram.block(talk.xiaowang)
    with caplog.at_level(logging.ERROR):
        await talk.settle()
    assert [one.message for one in caplog.records] == ["an update failed"]
    chat = await talk.store.chat(talk.private.id)
    assert chat is not None
    assert not chat.is_active


async def test_a_group_that_became_a_supergroup_keeps_everything(talk: Talk) -> None:
    old = talk.telegram.group("学习组", talk.xiaowang, [talk.member])
    talk.telegram.add_bot(old, talk.xiaowang)
    await talk.settle()
    await talk.answer("/subscribe 07:15", old)
    await talk.answer("/read a-2026-04-02.1", old)
    new = talk.telegram.migrate(old, talk.xiaowang)
    await talk.settle()
    moved = await talk.store.subscription(new.id)
    assert moved is not None
    assert str(moved.push_at) == "07:15:00"
    assert await talk.store.reading_position(new.id) == "a-2026-04-02.1"
    assert "07:15" in (await talk.answer("/settings", new)).text


async def test_a_group_is_known_by_its_present_title(talk: Talk) -> None:
    group = await talk.group()
    talk.telegram.rename(group, "周末学习组", talk.xiaowang)
    await talk.answer("/help", group)
    chat = await talk.store.chat(group.id)
    assert chat is not None
    assert chat.title == "周末学习组"


async def test_a_picture_in_private_is_not_met_with_silence(talk: Talk) -> None:
    chat = talk.private
    before = len(talk.telegram.sent(chat))
    with talk.telegram.lock:
        photo = talk.telegram.new_message(chat, sender=talk.xiaowang, extra={"photo": [_photo()]})
        chat.is_started = True
        talk.telegram.updates.add("message", photo.json())
    await talk.settle()
    (answer,) = talk.telegram.sent(chat)[before:]
    assert answer.text.startswith("我只看得懂文字")


def _photo() -> dict[str, object]:
    return {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}


def break_library(talk: Talk) -> None:
    """From now on the corpus cannot be had."""

    def fail() -> tuple[Corpus, Index]:
        raise RuntimeError("the shelf fell over")

    install(talk.application, Services(talk.store, fail, talk.clock))


async def test_a_failure_is_logged_and_told_with_its_number(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    break_library(talk)
    with caplog.at_level(logging.ERROR):
        answer = await talk.answer("/quote")
    assert "刚才出了点问题" in answer.text
    assert "shelf" not in answer.text
    (record,) = [one for one in caplog.records if one.message == "an update failed"]
    assert str(record.__dict__["update"]) in answer.text
    assert record.exc_info is not None


async def test_a_failure_behind_a_button_ends_its_waiting(talk: Talk) -> None:
    page = await talk.answer("新质生产力")
    break_library(talk)
    (told,) = await talk.press(page, "下一页 ›")
    assert "刚才出了点问题" in told.text


async def test_a_message_that_cannot_be_edited_is_answered_anew(talk: Talk) -> None:
    page = await talk.answer("未来产业")
    data = next(one["callback_data"] for one in page.buttons if one["text"] == "下一页 ›")
    talk.telegram.press(page.chat, page.id, data, talk.xiaowang)
    page.is_deleted = True
    await talk.settle()
    assert "第 2 /" in talk.telegram.sent(page.chat)[-1].text


async def test_buttons_work_after_a_restart(talk: Talk, corpus: Corpus, index: Index) -> None:
    page = await talk.answer("未来产业")
    services = Services(talk.store, lambda: (corpus, index), talk.clock)
    async with build(talk.telegram, services) as again:
        talk.application = again
        await talk.press(page, "下一页 ›")
        assert "第 2 /" in page.text
