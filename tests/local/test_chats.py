"""Chats, members, the bot's own profile, and the record of calls."""

from __future__ import annotations

from typing import Any

import pytest

from bot.local.flood import FloodRule
from bot.local.telegram import LocalTelegram
from tests.local.conftest import NOON, Town


async def test_a_member_is_shown_with_its_status(town: Town) -> None:
    chat = town.group()
    where = {"chat_id": chat.id}
    member = await town.ok("getChatMember", user_id=town.ming.id, **where)
    assert (member["status"], member["user"]["id"]) == ("member", town.ming.id)
    owner = await town.ok("getChatMember", user_id=town.fang.id, **where)
    assert (owner["status"], owner["is_anonymous"]) == ("creator", False)
    stranger = town.telegram.user("路人")
    assert (await town.ok("getChatMember", user_id=stranger.id, **where))["status"] == "left"


async def test_somebody_telegram_does_not_know_is_no_participant(town: Town) -> None:
    refused = await town.refused("getChatMember", chat_id=town.group().id, user_id=1)
    assert refused == "400 Bad Request: PARTICIPANT_ID_INVALID"


async def test_administrators_are_listed(town: Town) -> None:
    chat = town.group()
    town.telegram.promote(chat, town.ming, by=town.fang)
    listed = await town.ok("getChatAdministrators", chat_id=chat.id)
    assert {one["user"]["id"] for one in listed} == {town.ming.id, town.fang.id}
    assert await town.ok("getChatMemberCount", chat_id=chat.id) == 3


async def test_a_private_chat_has_no_administrators(town: Town) -> None:
    assert await town.refused("getChatAdministrators", chat_id=town.started().id) == (
        "400 Bad Request: there are no administrators in the private chat"
    )


async def test_a_group_the_bot_is_not_in_is_closed_to_it(town: Town) -> None:
    chat = town.telegram.supergroup("别人的", town.fang)
    for method in ("getChat", "getChatAdministrators", "leaveChat"):
        assert (await town.refused(method, chat_id=chat.id)).startswith("403 Forbidden: bot is not")


async def test_leaving_is_told(town: Town) -> None:
    chat = town.group()
    assert await town.ok("leaveChat", chat_id=chat.id)
    (update,) = town.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"


async def test_the_bot_cannot_read_all_group_messages(town: Town) -> None:
    me = await town.ok("getMe")
    assert me["is_bot"] is True
    assert me["can_read_all_group_messages"] is False


async def test_commands_are_kept_by_scope_and_language(town: Town) -> None:
    chinese = [{"command": "start", "description": "开始"}]
    private = {"type": "all_private_chats"}
    await town.ok("setMyCommands", commands=chinese, scope=private, language_code="zh")
    assert await town.ok("getMyCommands", scope=private, language_code="zh") == chinese
    assert await town.ok("getMyCommands", scope=private) == []
    assert await town.ok("getMyCommands", language_code="zh") == []
    await town.ok("deleteMyCommands", scope=private, language_code="zh")
    assert await town.ok("getMyCommands", scope=private, language_code="zh") == []


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "搜索", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "a", "description": "x" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            {"commands": [{"command": "a", "description": "x"}] * 101},
            "BOT_COMMANDS_TOO_MUCH",
        ),
        ({"commands": [{"command": "a"}]}, "can't parse BotCommand: Can't find field"),
        ({"commands": [], "scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported"),
        ({"commands": [], "scope": {"type": "chat"}}, "can't parse BotCommandScope: Can't find"),
        ({"commands": [], "language_code": "chinese"}, "LANG_CODE_INVALID"),
    ],
)
async def test_wrong_commands_are_refused(town: Town, params: dict[str, Any], why: str) -> None:
    assert (await town.refused("setMyCommands", **params)).startswith(f"400 Bad Request: {why}")


async def test_descriptions_are_kept_by_language(town: Town) -> None:
    await town.ok("setMyDescription", description="读书", language_code="zh")
    await town.ok("setMyShortDescription", short_description="短")
    await town.ok("setMyName", name="学习")
    assert await town.ok("getMyDescription", language_code="zh") == {"description": "读书"}
    assert await town.ok("getMyDescription") == {"description": ""}
    assert await town.ok("getMyShortDescription") == {"short_description": "短"}
    assert await town.ok("getMyName", language_code="zh") == {"name": "学习"}


@pytest.mark.parametrize(
    ("method", "field", "most"),
    [
        ("setMyDescription", "description", 512),
        ("setMyShortDescription", "short_description", 120),
        ("setMyName", "name", 64),
    ],
)
async def test_descriptions_have_their_lengths(
    town: Town, method: str, field: str, most: int
) -> None:
    assert await town.ok(method, **{field: "字" * most})
    assert "INVALID" in await town.refused(method, **{field: "字" * (most + 1)})


# --------------------------------------------------------------------------- record, flood


async def test_every_call_is_recorded_with_its_answer(town: Town) -> None:
    await town.telegram.call("getme", {})
    await town.telegram.call("sendMessage", {"chat_id": 1, "text": "x"})
    first, second = town.telegram.calls
    assert (first.method, first.ok) == ("getMe", True)
    assert (second.params, second.ok) == ({"chat_id": 1, "text": "x"}, False)
    assert second.response["description"] == "Bad Request: chat not found"


async def test_a_recorded_answer_does_not_change_later(town: Town) -> None:
    chat = town.started()
    sent = await town.ok("sendMessage", chat_id=chat.id, text="旧")
    await town.ok("editMessageText", chat_id=chat.id, message_id=sent["message_id"], text="新")
    assert town.telegram.calls_of("sendMessage")[0].response["result"]["text"] == "旧"


async def test_waiting_ends_with_the_call_waited_for(town: Town) -> None:
    import asyncio

    waiting = asyncio.create_task(town.telegram.until(lambda: town.telegram.calls_of("getMe"), 5))
    await asyncio.sleep(0)
    await town.ok("getMe")
    assert len(await waiting) == 1
    with pytest.raises(TimeoutError, match="not within"):
        town.telegram.wait_for(lambda: town.telegram.calls_of("close"), 0.01)


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def flooded(stopwatch: Stopwatch) -> Town:
    town = Town()
    town.telegram = LocalTelegram(clock=lambda: NOON, time=stopwatch, flood=FloodRule())
    town.ming = town.telegram.user("李明")
    town.fang = town.telegram.user("王芳")
    return town


async def test_a_private_chat_takes_one_message_a_second() -> None:
    stopwatch = Stopwatch()
    town = flooded(stopwatch)
    chat = town.started()
    await town.ok("sendMessage", chat_id=chat.id, text="x")
    response = await town.telegram.call("sendMessage", {"chat_id": chat.id, "text": "x"})
    assert response == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    stopwatch.seconds += 1
    assert await town.ok("sendMessage", chat_id=chat.id, text="x")


async def test_a_group_takes_twenty_messages_a_minute() -> None:
    stopwatch = Stopwatch()
    town = flooded(stopwatch)
    chat = town.group()
    for _ in range(20):
        await town.ok("sendMessage", chat_id=chat.id, text="x")
    stopwatch.seconds += 15
    assert await town.refused("sendMessage", chat_id=chat.id, text="x") == (
        "429 Too Many Requests: retry after 45"
    )
    stopwatch.seconds += 45
    assert await town.ok("sendMessage", chat_id=chat.id, text="x")


async def test_all_chats_together_take_thirty_messages_a_second() -> None:
    stopwatch = Stopwatch()
    town = flooded(stopwatch)
    groups = [town.group() for _ in range(31)]
    for chat in groups[:30]:
        await town.ok("sendMessage", chat_id=chat.id, text="x")
    last = {"chat_id": groups[30].id, "text": "x"}
    assert (await town.refused("sendMessage", **last)).startswith("429")
    assert await town.ok("sendMessage", allow_paid_broadcast=True, **last)


async def test_a_refused_message_does_not_count() -> None:
    town = flooded(Stopwatch())
    chat = town.started()
    await town.refused("sendMessage", chat_id=chat.id, text="")
    assert await town.ok("sendMessage", chat_id=chat.id, text="x")
