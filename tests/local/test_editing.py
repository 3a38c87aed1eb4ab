"""Editing, deleting, pinning, and answering queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.local.conftest import Town

BUTTON = {"inline_keyboard": [[{"text": "继续", "callback_data": "more"}]]}


async def sent(town: Town, **params: Any) -> dict[str, Any]:
    chat = town.started()
    message = await town.ok(
        "sendMessage", chat_id=chat.id, text="旧", reply_markup=BUTTON, **params
    )
    return {"chat_id": chat.id, "message_id": message["message_id"]}


async def test_an_edit_changes_text_and_takes_the_keyboard_away(town: Town) -> None:
    where = await sent(town)
    edited = await town.ok("editMessageText", text="新", **where)
    assert edited["text"] == "新"
    assert "reply_markup" not in edited
    assert edited["edit_date"] == int(town.clock().timestamp())


async def test_an_edit_that_changes_nothing_is_refused(town: Town) -> None:
    where = await sent(town)
    refused = await town.refused("editMessageText", text="旧", reply_markup=BUTTON, **where)
    assert refused == (
        "400 Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"message_id": 999}, "message to edit not found"),
        ({"message_id": None}, "message identifier is not specified"),
        ({"chat_id": None}, "chat_id is empty"),
        ({"message_id": 1}, "message can't be edited"),
        ({"text": None}, "message text is empty"),
        ({"text": "字" * 4097}, "message is too long"),
    ],
)
async def test_a_wrong_edit_is_refused(town: Town, params: dict[str, Any], why: str) -> None:
    given = {**await sent(town), "text": "新", **params}
    assert await town.refused("editMessageText", **given) == f"400 Bad Request: {why}"


async def test_a_keyboard_can_be_taken_away_once(town: Town) -> None:
    where = await sent(town)
    assert "reply_markup" not in await town.ok("editMessageReplyMarkup", **where)
    assert "message is not modified" in await town.refused("editMessageReplyMarkup", **where)


async def test_a_deleted_message_is_gone(town: Town) -> None:
    where = await sent(town)
    assert await town.ok("deleteMessage", **where) is True
    assert await town.refused("editMessageText", text="新", **where) == (
        "400 Bad Request: message to edit not found"
    )
    assert await town.refused("deleteMessage", **where) == (
        "400 Bad Request: message to delete not found"
    )


async def test_a_message_can_be_deleted_for_48_hours(town: Town) -> None:
    where = await sent(town)
    town.clock.move(timedelta(hours=49))
    assert await town.refused("deleteMessage", **where) == (
        "400 Bad Request: message can't be deleted for everyone"
    )


async def test_only_an_administrator_deletes_and_pins_in_a_group(town: Town) -> None:
    chat = town.group()
    theirs = town.telegram.say(chat, town.ming, "/start")
    where = {"chat_id": chat.id, "message_id": theirs.id}
    assert await town.refused("deleteMessage", **where) == (
        "400 Bad Request: message can't be deleted"
    )
    assert await town.refused("pinChatMessage", **where) == (
        "400 Bad Request: not enough rights to manage pinned messages in the chat"
    )
    town.telegram.promote(chat, town.telegram.bot, by=town.fang)
    assert await town.ok("pinChatMessage", **where)
    assert (await town.ok("getChat", chat_id=chat.id))["pinned_message"]["message_id"] == theirs.id
    assert await town.ok("unpinChatMessage", **where)
    assert await town.ok("deleteMessage", **where)


async def test_a_press_is_answered_once(town: Town) -> None:
    where = await sent(town)
    press = town.telegram.press(where["chat_id"], where["message_id"], 0, town.ming)
    assert await town.ok("answerCallbackQuery", callback_query_id=press.id, text="好")
    assert press.answer == {"text": "好", "show_alert": False, "url": ""}
    assert "query is too old" in await town.refused(
        "answerCallbackQuery", callback_query_id=press.id
    )


async def test_an_answer_may_open_the_bots_own_private_chat_and_nothing_else(town: Town) -> None:
    where = await sent(town)
    press = town.telegram.press(where["chat_id"], where["message_id"], 0, town.ming)
    own = f"https://t.me/{town.telegram.bot.username}?start="
    for url in ("https://example.org/", own, f"{own}a b", "https://t.me/other_bot?start=x"):
        refused = await town.refused("answerCallbackQuery", callback_query_id=press.id, url=url)
        assert "URL_INVALID" in refused
    url = f"{own}follow_1-0a"
    assert await town.ok("answerCallbackQuery", callback_query_id=press.id, url=url)
    assert press.answer == {"text": "", "show_alert": False, "url": url}


async def test_a_late_answer_is_refused(town: Town) -> None:
    where = await sent(town)
    press = town.telegram.press(where["chat_id"], where["message_id"], "more", town.ming)
    town.clock.move(timedelta(minutes=2))
    assert await town.refused("answerCallbackQuery", callback_query_id=press.id) == (
        "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_an_answer_is_200_characters_at_most(town: Town) -> None:
    where = await sent(town)
    press = town.telegram.press(where["chat_id"], where["message_id"], 0, town.ming)
    refused = await town.refused("answerCallbackQuery", callback_query_id=press.id, text="字" * 201)
    assert refused == "400 Bad Request: MESSAGE_TOO_LONG"


def article(number: str = "1", text: str = "<b>好</b>") -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": number, "title": "题", "input_message_content": content}


async def test_an_inline_question_gets_its_articles(town: Town) -> None:
    question = town.telegram.inline(town.ming, "未来产业")
    assert await town.ok("answerInlineQuery", inline_query_id=question.id, results=[article()])
    assert question.answer is not None
    assert question.answer["results"][0]["shown"]["text"] == "好"


@pytest.mark.parametrize(
    ("results", "why"),
    [
        ([article(str(number)) for number in range(51)], "too many inline query results"),
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article("字" * 22)], "RESULT_ID_INVALID"),
        ([article(text="<b>x")], "can't parse entities"),
        ([{**article(), "title": None}], 'can\'t find field "title"'),
        ([{**article(), "type": "essay"}], "can't parse inline query result"),
    ],
)
async def test_wrong_results_are_refused(town: Town, results: list[Any], why: str) -> None:
    question = town.telegram.inline(town.ming, "x")
    refused = await town.refused("answerInlineQuery", inline_query_id=question.id, results=results)
    assert refused.startswith(f"400 Bad Request: {why}")
