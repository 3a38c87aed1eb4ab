"""LocalTelegram's own rules against the Bot API specification: neither stricter nor laxer."""

from __future__ import annotations

import pytest

from bot.local.rules import LIMITS, METHODS, OBJECTS, Field, Upload
from bot.local.telegram import _ACTS
from tests.bot_api_spec import BotApiSpec, SpecField
from tests.local.conftest import Town
from tests.local.test_sending import PNG

# Limits that the specification states where it describes the method, not the field.
STATED_ELSEWHERE = {("answerInlineQuery", "results")}


def facts(fields: tuple[Field | SpecField, ...]) -> set[tuple[str, tuple[str, ...], bool]]:
    return {(field.name, field.types, field.is_required) for field in fields}


@pytest.mark.parametrize("method", METHODS)
def test_a_method_has_the_fields_of_the_specification(method: str, spec: BotApiSpec) -> None:
    assert facts(METHODS[method]) == facts(spec.methods[method])


@pytest.mark.parametrize("kind", OBJECTS)
def test_an_object_has_the_fields_of_the_specification(kind: str, spec: BotApiSpec) -> None:
    assert facts(OBJECTS[kind]) == facts(spec.types[kind])


@pytest.mark.parametrize("owner", [*METHODS, *OBJECTS])
def test_limits_are_those_of_the_specification(owner: str, spec: BotApiSpec) -> None:
    fields = spec.methods.get(owner) or spec.types.get(owner, ())
    stated = {
        (owner, field.name): (field.limit.least, field.limit.most, field.limit.unit)
        for field in fields
        if field.limit
    }
    own = {key: limit for key, limit in LIMITS.items() if key[0] == owner}
    assert {key: own[key] for key in own.keys() - STATED_ELSEWHERE} == stated


def test_every_method_with_rules_is_served() -> None:
    assert _ACTS.keys() == METHODS.keys()


NEEDY = [
    name
    for name, fields in METHODS.items()
    if any(field.is_required for field in fields) and name != "setWebhook"
]


@pytest.mark.parametrize("method", NEEDY)
async def test_a_call_without_its_required_fields_is_refused(method: str, town: Town) -> None:
    assert await town.refused(method)


async def test_results_are_objects_of_the_specification(town: Town, spec: BotApiSpec) -> None:
    chat, forum = town.started(), town.group(is_forum=True)
    topic = town.telegram.topic(forum, "每日一语", town.fang)
    here, there = {"chat_id": chat.id}, {"chat_id": forum.id}
    photo = Upload("a.png", PNG)
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
    results = {
        "Message": [
            await town.ok("sendMessage", text="<b>好</b>", parse_mode="HTML", **here),
            await town.ok("sendMessage", text="x", message_thread_id=topic, **there),
            await town.ok("editMessageText", text="新", message_id=2, reply_markup=markup, **here),
            await town.ok("sendPhoto", photo=photo, caption="图", has_spoiler=True, **here),
            await town.ok("sendDocument", document=Upload("a", b"x"), **here),
            await town.ok("sendPoll", question="问", options=["甲", "乙"], **here),
        ],
        "User": [await town.ok("getMe")],
        "ChatFullInfo": [await town.ok("getChat", **here), await town.ok("getChat", **there)],
        "ChatMember": [
            await town.ok("getChatMember", user_id=one.id, **there)
            for one in (town.ming, town.fang, town.telegram.bot)
        ],
        "Array of ChatMember": [await town.ok("getChatAdministrators", **there)],
        "WebhookInfo": [await town.ok("getWebhookInfo")],
    }
    for kind, shown in results.items():
        assert [spec.object_mistakes(kind, one) for one in shown] == [[]] * len(shown)
