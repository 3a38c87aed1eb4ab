"""Pushes as pictures: what is wrong with a picture never keeps its words from going out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.fonts import chinese_serif
from bot.delivery.cards import Cards, read_form
from bot.delivery.plan import tick
from bot.local.world import LocalChat, LocalMessage
from bot.model import Card, Cause, State
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, MORNING, Scene, long_winded

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def drawing(scene: Scene) -> None:
    """The bot of these tests has a font."""
    scene.font = chinese_serif()
    assert scene.font is not None, "the extra `pictures` belongs to what tests need"


async def morning(scene: Scene, *chats: LocalChat, **wishes: Any) -> None:
    """Each chat's first push, as a picture unless wished otherwise."""
    for chat in chats:
        await scene.subscribe(chat, **{"card": Card.LIGHT} | wishes)
    scene.clock.at = MORNING
    await settle(scene)


async def settle(scene: Scene) -> None:
    """A few minutes of the engine's work: enough for what has to be tried again."""
    for _ in range(4):
        await scene.push()
        scene.clock.move(MINUTE)


def is_picture(message: LocalMessage) -> bool:
    return "photo" in message.extra


def refuse(scene: Scene, method: str, fault: Fault, *, times: int = 1) -> list[str]:
    """The next calls of this method go wrong so; returns the methods called, as they come."""
    called: list[str] = []

    def next_fault(name: str, params: Mapping[str, Any], seen: int) -> Fault | None:
        called.append(name)
        return fault if name == method and called.count(method) <= times else None

    scene.server.faults = next_fault
    return called


async def test_a_push_is_a_picture_with_its_words_under_it(scene: Scene) -> None:
    group = scene.group()
    await morning(scene, group)
    (message,) = scene.telegram.sent(group)
    row = await scene.row(group)
    quote = scene.corpus.quote(row.choice.quote_id)
    assert quote is not None
    assert is_picture(message)
    assert quote.text in message.text
    assert message.text.startswith("📖 每日一语 · 11月24日 星期二")
    assert (row.state, row.choice.card) == (State.SENT, "light 1")


async def test_without_the_wish_a_push_is_words_alone(scene: Scene) -> None:
    group = scene.group()
    await morning(scene, group, card=Card.NONE)
    (message,) = scene.telegram.sent(group)
    assert not is_picture(message)


async def test_words_too_long_for_a_caption_follow_the_picture(scene: Scene) -> None:
    text = "一要因地制宜，发展新质生产力。" * 60
    scene.corpus = long_winded(scene.corpus, text)
    group = scene.group()
    await morning(scene, group)
    *pictures, words = scene.telegram.sent(group)
    assert [is_picture(one) for one in pictures] == [True] * len(pictures)
    assert not is_picture(words)
    assert text in words.text
    assert pictures[0].text == f"📖 每日一语 · 11月24日 星期二（1/{len(pictures)}）"
    assert [row.state for row in await scene.rows(group)] == [State.SENT] * (len(pictures) + 1)


async def test_large_type_takes_pages_and_the_words_stand_under_the_last(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, "一要因地制宜，发展新质生产力。" * 20)
    group = scene.group()
    await morning(scene, group, card=Card.LARGE)
    first, second = scene.telegram.sent(group)
    assert first.text.endswith("（1/2）")
    assert "一要因地制宜" in second.text


async def test_what_telegram_has_is_not_sent_along_again(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, "因地制宜。")
    first, second = scene.group(), scene.group()
    await morning(scene, first)
    await scene.subscribe(second, card=Card.LIGHT)
    scene.clock.at = MORNING + DAY
    await settle(scene)
    assert is_picture(scene.telegram.sent(second)[0])
    given = [type(call.params["photo"]) for call in scene.telegram.calls_of("sendPhoto")]
    assert given[0] is not str
    assert set(given[1:]) == {str}


async def test_a_picture_telegram_has_forgotten_is_sent_along_anew(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, "因地制宜。")
    first, second = scene.group(), scene.group()
    await morning(scene, first)
    await scene.subscribe(second, card=Card.LIGHT)
    wrong = Fault(FaultKind.STATUS, 0, 400, "Bad Request: wrong file identifier specified", None)
    called = refuse(scene, "sendPhoto", wrong)
    scene.clock.at = MORNING + DAY
    await settle(scene)
    assert is_picture(scene.telegram.sent(second)[0])
    assert "sendMessage" not in called


async def test_a_chat_that_allows_no_pictures_gets_the_words_at_once(scene: Scene) -> None:
    group = scene.group()
    refusal = "Bad Request: not enough rights to send photos to the chat"
    called = refuse(scene, "sendPhoto", Fault(FaultKind.STATUS, 0, 400, refusal, None), times=9)
    await morning(scene, group)
    (message,) = scene.telegram.sent(group)
    row = await scene.row(group)
    quote = scene.corpus.quote(row.choice.quote_id)
    assert quote is not None
    assert quote.text in message.text
    assert (row.state, row.attempts, row.may_be_duplicate) == (State.SENT, 1, False)
    assert called == ["sendPhoto", "sendMessage"]
    assert scene.told == []


async def test_without_a_font_the_words_go_out(scene: Scene) -> None:
    scene.font = None
    group = scene.group()
    await morning(scene, group)
    (message,) = scene.telegram.sent(group)
    assert not is_picture(message)
    assert (await scene.row(group)).choice.card == ""


async def test_with_a_broken_font_the_words_go_out(scene: Scene, tmp_path: Path) -> None:
    scene.font = tmp_path / "broken.otf"
    scene.font.write_bytes(b"no font")
    group = scene.group()
    await morning(scene, group)
    (message,) = scene.telegram.sent(group)
    assert not is_picture(message)


async def test_what_no_card_can_show_goes_out_in_words(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, "因地制宜😀。")
    group = scene.group()
    await morning(scene, group)
    (message,) = scene.telegram.sent(group)
    assert not is_picture(message)
    assert "因地制宜😀。" in message.text


async def test_a_font_that_is_gone_between_two_parts_loses_no_words(scene: Scene) -> None:
    text = "一要因地制宜，发展新质生产力。" * 20
    scene.corpus = long_winded(scene.corpus, text)
    group = scene.group()
    await scene.subscribe(group, card=Card.LARGE)
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.worker().run_once()
    scene.font = None
    await settle(scene)
    first, second = scene.telegram.sent(group)
    assert (is_picture(first), is_picture(second)) == (True, False)
    assert text in second.text


@pytest.mark.parametrize(
    "kind", [FaultKind.LOSE_REPLY, FaultKind.TRUNCATE, FaultKind.NOT_JSON], ids=str
)
async def test_a_picture_in_doubt_is_sent_once_more_silently_and_marked(
    scene: Scene, kind: FaultKind
) -> None:
    group = scene.group()
    refuse(scene, "sendPhoto", Fault(kind))
    await morning(scene, group)
    first, second = scene.telegram.sent(group)
    assert is_picture(first)
    assert is_picture(second)
    assert second.text == f"（网络不稳，这条可能与刚才的重复）\n\n{first.text}"
    assert (first.is_silent, second.is_silent) == (False, True)


async def test_a_picture_is_held_back_as_long_as_telegram_asks(scene: Scene) -> None:
    group = scene.group()
    refuse(
        scene,
        "sendPhoto",
        Fault(FaultKind.STATUS, 0, 429, "Too Many Requests: retry after 7", {"retry_after": 7}),
    )
    await morning(scene, group)
    (message,) = scene.telegram.sent(group)
    assert is_picture(message)


async def test_a_picture_for_a_closed_topic_goes_to_the_general_one(scene: Scene) -> None:
    group = scene.group(is_forum=True)
    topic = scene.telegram.topic(group, "学习", scene.owner)
    await scene.subscribe(group, card=Card.DARK, thread_id=topic)
    gone = Fault(FaultKind.STATUS, 0, 400, "Bad Request: message thread not found", None)
    refuse(scene, "sendPhoto", gone)
    scene.clock.at = MORNING
    await settle(scene)
    (message,) = scene.telegram.sent(group)
    assert is_picture(message)
    assert "原来的话题已关闭或删除" in message.text
    row = await scene.row(group)
    assert row.reason == Cause.TOPIC_GONE


def test_a_form_is_read_as_it_was_written(scene: Scene) -> None:
    quote = scene.corpus.quotes[0]
    cards = Cards(scene.store, scene.font)
    for theme in (Card.LIGHT, Card.DARK, Card.LARGE):
        assert read_form(cards.form(quote, "汇编", theme))[0] is theme
    assert read_form("") == (Card.NONE, 0)
    assert cards.form(quote, "汇编", Card.NONE) == ""
