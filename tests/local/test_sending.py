"""What may be sent, where to, and the words in which the rest is refused."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import pytest

from bot.local.rules import Upload
from tests.local.conftest import Town

PNG = (
    b"\x89PNG\r\n\x1a\n"
    + struct.pack(">I", 13)
    + (head := b"IHDR" + struct.pack(">IIBBBBB", 640, 480, 8, 2, 0, 0, 0))
    + struct.pack(">I", zlib.crc32(head))
)


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


async def test_a_message_comes_back_as_the_real_one_shows_it(town: Town) -> None:
    chat = town.started()
    sent = await town.ok("sendMessage", chat_id=chat.id, text="<b>好</b>", parse_mode="HTML")
    assert sent == {
        "message_id": 2,
        "date": int(town.clock().timestamp()),
        "chat": {
            "id": town.ming.id,
            "type": "private",
            "first_name": "李明",
            "username": "liming",
        },
        "from": {
            "id": town.telegram.bot.id,
            "is_bot": True,
            "first_name": "读书会",
            "username": "studybot_local_bot",
        },
        "text": "好",
        "entities": [{"offset": 0, "length": 1, "type": "bold"}],
    }


@pytest.mark.parametrize("spelling", ["sendMessage", "sendmessage", "SENDMESSAGE"])
async def test_method_names_are_spelled_as_one_likes(town: Town, spelling: str) -> None:
    assert await town.ok(spelling, chat_id=town.started().id, text="好")


async def test_a_method_that_does_not_exist_is_not_found(town: Town) -> None:
    assert await town.refused("sendMassage") == "404 Not Found: method not found"


async def test_numbers_and_json_may_come_as_strings(town: Town) -> None:
    markup = json.dumps(keyboard({"text": "好", "callback_data": "y"}))
    sent = await town.ok(
        "sendMessage",
        chat_id=str(town.started().id),
        text="好",
        disable_notification="true",
        reply_markup=markup,
    )
    assert sent["reply_markup"] == json.loads(markup)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": "ME"}, "message text is empty"),
        ({"chat_id": "ME", "text": ""}, "message text is empty"),
        ({"chat_id": "ME", "text": " \n"}, "message text is empty"),
        ({"chat_id": "ME", "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"chat_id": "ME", "text": "字" * 4097}, "message is too long"),
        ({"chat_id": "ME", "text": "😀" * 2049}, "message is too long"),
        ({"chat_id": "ME", "text": "字" * 20000}, "text is too long"),
        ({"chat_id": 12345, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ({"chat_id": "ME", "text": "x", "parse_mode": "XML"}, "unsupported parse_mode"),
        (
            {"chat_id": "ME", "text": "x", "message_thread_id": "first"},
            'field "message_thread_id" must be of type Number',
        ),
        (
            {"chat_id": "ME", "text": "x", "protect_content": "perhaps"},
            'field "protect_content" must be of type Boolean',
        ),
        ({"chat_id": "ME", "text": ["x"]}, 'field "text" must be of type String'),
        ({"chat_id": "ME", "text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON"),
        ({"chat_id": "ME", "text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"chat_id": "ME", "text": "x", "message_thread_id": 5}, "message thread not found"),
        (
            {"chat_id": "ME", "text": "x", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
        (
            {"chat_id": "ME", "text": "x", "reply_parameters": {}},
            'can\'t find field "message_id"',
        ),
        ({"chat_id": "ME", "text": "x", "txt": "x"}, "sendMessage has no parameter txt (strict)"),
    ],
)
async def test_a_wrong_message_is_refused(town: Town, params: dict[str, Any], why: str) -> None:
    here = str(town.started().id)
    given = {name: here if value == "ME" else value for name, value in params.items()}
    assert (await town.refused("sendMessage", **given)).startswith(f"400 Bad Request: {why}")


async def test_the_longest_message_is_4096_units_after_parsing(town: Town) -> None:
    text = f"<b>{'字' * 4096}</b>"
    sent = await town.ok("sendMessage", chat_id=town.started().id, text=text, parse_mode="html")
    assert len(sent["text"]) == 4096


async def test_a_lax_telegram_ignores_what_it_does_not_know(town: Town) -> None:
    town.telegram.strict = False
    assert await town.ok("sendMessage", chat_id=town.started().id, text="x", txt="y")


# ------------------------------------------------------------------------------- buttons


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"text": "x", "callback_data": "字" * 21 + "ab"}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": ""}, "Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "url": "nowhere"}, "BUTTON_URL_INVALID"),
        ({"text": "x", "url": "https://a.cn", "callback_data": "x"}, "must do one thing"),
        ({"text": 5.5, "callback_data": "x"}, 'Field "text" must be of type String'),
    ],
)
async def test_a_wrong_button_is_refused(town: Town, button: dict[str, Any], why: str) -> None:
    chat = town.started()
    refused = await town.refused(
        "sendMessage", chat_id=chat.id, text="x", reply_markup=keyboard(button)
    )
    assert why in refused
    assert town.telegram.sent(chat) == []


async def test_a_button_holds_64_bytes(town: Town) -> None:
    button = {"text": "x", "callback_data": "字" * 21 + "a"}
    assert await town.ok(
        "sendMessage", chat_id=town.started().id, text="x", reply_markup=keyboard(button)
    )


@pytest.mark.parametrize("rows", [[9], [8] * 13])
async def test_too_many_buttons_are_refused(town: Town, rows: list[int]) -> None:
    button = {"text": "x", "callback_data": "x"}
    markup = {"inline_keyboard": [[button] * count for count in rows]}
    refused = await town.refused(
        "sendMessage", chat_id=town.started().id, text="x", reply_markup=markup
    )
    assert refused == "400 Bad Request: reply markup is too long"


# ------------------------------------------------------------------- who can be written to


async def test_a_person_who_never_wrote_cannot_be_written_to(town: Town) -> None:
    assert await town.refused("sendMessage", chat_id=town.ming.id, text="x") == (
        "403 Forbidden: bot can't initiate conversation with a user"
    )


async def test_a_person_who_blocked_the_bot_cannot_be_written_to(town: Town) -> None:
    chat = town.started()
    town.telegram.block(town.ming)
    assert await town.refused("sendMessage", chat_id=chat.id, text="x") == (
        "403 Forbidden: bot was blocked by the user"
    )
    town.telegram.unblock(town.ming)
    assert await town.ok("sendMessage", chat_id=chat.id, text="x")


async def test_a_kicked_bot_cannot_write(town: Town) -> None:
    basic, group = town.basic_group(), town.group()
    for chat in (basic, group):
        town.telegram.kick_bot(chat, town.fang)
    assert await town.refused("sendMessage", chat_id=basic.id, text="x") == (
        "403 Forbidden: bot was kicked from the group chat"
    )
    assert await town.refused("sendMessage", chat_id=group.id, text="x") == (
        "403 Forbidden: bot was kicked from the supergroup chat"
    )


async def test_a_bot_that_was_never_added_cannot_write(town: Town) -> None:
    chat = town.telegram.supergroup("别人的", town.fang)
    assert await town.refused("sendMessage", chat_id=chat.id, text="x") == (
        "403 Forbidden: bot is not a member of the supergroup chat"
    )


async def test_a_muted_bot_cannot_write_unless_it_is_administrator(town: Town) -> None:
    chat = town.group()
    chat.is_bot_muted = True
    assert await town.refused("sendMessage", chat_id=chat.id, text="x") == (
        "400 Bad Request: not enough rights to send text messages to the chat"
    )
    town.telegram.promote(chat, town.telegram.bot, by=town.fang)
    assert await town.ok("sendMessage", chat_id=chat.id, text="x")


async def test_an_upgraded_group_names_its_new_id(town: Town) -> None:
    old = town.basic_group()
    new = town.telegram.migrate(old, town.fang)
    response = await town.telegram.call("sendMessage", {"chat_id": old.id, "text": "x"})
    assert response == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert await town.ok("sendMessage", chat_id=new.id, text="x")


# -------------------------------------------------------------------------------- topics


async def test_a_message_to_a_topic_says_so(town: Town) -> None:
    chat = town.group(is_forum=True)
    topic = town.telegram.topic(chat, "每日一语", town.fang)
    sent = await town.ok("sendMessage", chat_id=chat.id, text="x", message_thread_id=topic)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic, True)
    assert sent["chat"]["is_forum"]


async def test_a_message_without_a_topic_goes_to_the_general_one(town: Town) -> None:
    sent = await town.ok("sendMessage", chat_id=town.group(is_forum=True).id, text="x")
    assert "message_thread_id" not in sent


@pytest.mark.parametrize("thread", [1, 999])
async def test_a_topic_that_is_not_there_is_not_found(town: Town, thread: int) -> None:
    chat = town.group(is_forum=True)
    refused = await town.refused("sendMessage", chat_id=chat.id, text="x", message_thread_id=thread)
    assert refused == "400 Bad Request: message thread not found"


async def test_a_closed_topic_takes_only_administrators(town: Town) -> None:
    chat = town.group(is_forum=True)
    topic = town.telegram.topic(chat, "旧话题", town.fang)
    town.telegram.close_topic(chat, topic, town.fang)
    where = {"chat_id": chat.id, "message_thread_id": topic}
    assert await town.refused("sendMessage", text="x", **where) == "400 Bad Request: TOPIC_CLOSED"
    town.telegram.promote(chat, town.telegram.bot, by=town.fang)
    assert await town.ok("sendMessage", text="x", **where)


async def test_a_deleted_topic_is_not_found(town: Town) -> None:
    chat = town.group(is_forum=True)
    topic = town.telegram.topic(chat, "旧话题", town.fang)
    town.telegram.delete_topic(chat, topic)
    refused = await town.refused("sendMessage", chat_id=chat.id, text="x", message_thread_id=topic)
    assert refused == "400 Bad Request: message thread not found"


# ------------------------------------------------------------------- pictures, files, polls


async def test_a_picture_is_measured_and_captioned(town: Town) -> None:
    sent = await town.ok(
        "sendPhoto",
        chat_id=town.started().id,
        photo=Upload("a.png", PNG, "image/png"),
        caption="<i>图</i>",
        parse_mode="HTML",
    )
    assert (sent["photo"][0]["width"], sent["photo"][0]["height"]) == (640, 480)
    assert sent["caption"] == "图"
    assert sent["caption_entities"][0]["type"] == "italic"


async def test_an_attached_file_is_found_by_its_part_name(town: Town) -> None:
    sent = await town.ok(
        "sendDocument",
        chat_id=town.started().id,
        document="attach://part",
        part=Upload("a.csv", b"1,2", "text/csv"),
    )
    assert (sent["document"]["file_name"], sent["document"]["file_size"]) == ("a.csv", 3)


@pytest.mark.parametrize(
    ("photo", "why"),
    [
        (None, "there is no photo in the request"),
        (Upload("a.png", b""), "file must be non-empty"),
        (Upload("a.png", b"text"), "IMAGE_PROCESS_FAILED"),
        ("attach://gone", "file must be non-empty"),
        ("AgADBAAD", "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_a_wrong_picture_is_refused(town: Town, photo: object, why: str) -> None:
    refused = await town.refused("sendPhoto", chat_id=town.started().id, photo=photo)
    assert refused == f"400 Bad Request: {why}"


async def test_a_caption_is_1024_units_at_most(town: Town) -> None:
    refused = await town.refused(
        "sendPhoto", chat_id=town.started().id, photo=Upload("a.png", PNG), caption="字" * 1025
    )
    assert refused == "400 Bad Request: message caption is too long"


async def test_a_poll_shows_its_options(town: Town) -> None:
    sent = await town.ok(
        "sendPoll", chat_id=town.started().id, question="哪天？", options=["周一", {"text": "周二"}]
    )
    assert [one["text"] for one in sent["poll"]["options"]] == ["周一", "周二"]


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"question": "问" * 301}, "poll question length must not exceed 300"),
        ({"options": ["x"] * 13}, "poll must have at most 12 options"),
        ({"options": ["x" * 101]}, "poll options length must not exceed 100"),
        ({"type": "quiz"}, "quiz must have a correct option"),
        ({"type": "quiz", "correct_option_ids": [2]}, "invalid correct option identifier"),
    ],
)
async def test_a_wrong_poll_is_refused(town: Town, params: dict[str, Any], why: str) -> None:
    given: dict[str, Any] = {"question": "问", "options": ["甲", "乙"], **params}
    refused = await town.refused("sendPoll", chat_id=town.started().id, **given)
    assert refused.startswith(f"400 Bad Request: {why}")


async def test_a_chat_action_is_one_of_those_documented(town: Town) -> None:
    chat = town.started()
    assert await town.ok("sendChatAction", chat_id=chat.id, action="typing")
    assert await town.refused("sendChatAction", chat_id=chat.id, action="thinking") == (
        "400 Bad Request: wrong parameter action in request"
    )


async def test_a_chat_action_is_refused_where_a_message_is(town: Town) -> None:
    async def refused(chat_id: int) -> str:
        return await town.refused("sendChatAction", chat_id=chat_id, action="typing")

    assert await refused(12345) == "400 Bad Request: chat not found"
    assert await refused(town.ming.id) == (
        "403 Forbidden: bot can't initiate conversation with a user"
    )
    town.started()
    town.telegram.block(town.ming)
    assert await refused(town.ming.id) == "403 Forbidden: bot was blocked by the user"


async def test_a_photo_is_sent_again_by_its_id(town: Town) -> None:
    chat = town.started()
    first = await town.ok("sendPhoto", chat_id=chat.id, photo=Upload("a.png", PNG))
    file_id = first["photo"][-1]["file_id"]
    again = await town.ok("sendPhoto", chat_id=chat.id, photo=file_id, caption="又一次")
    assert again["photo"] == first["photo"]


async def test_the_id_of_a_photo_is_no_document(town: Town) -> None:
    chat = town.started()
    sent = await town.ok("sendPhoto", chat_id=chat.id, photo=Upload("a.png", PNG))
    file_id = sent["photo"][-1]["file_id"]
    why = await town.refused("sendDocument", chat_id=chat.id, document=file_id)
    assert "wrong file identifier" in why


async def test_where_members_send_text_only_a_photo_is_refused(town: Town) -> None:
    group = town.group()
    group.has_no_media = True
    photo = Upload("a.png", PNG)
    why = await town.refused("sendPhoto", chat_id=group.id, photo=photo)
    assert why == "400 Bad Request: not enough rights to send photos to the chat"
    town.telegram.promote(group, town.telegram.bot, by=town.fang)
    assert await town.ok("sendPhoto", chat_id=group.id, photo=photo)
