"""Whatever comes with the right secret is handled or passed over: it never comes for ever."""

from __future__ import annotations

import copy
import itertools
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.app.listener import MOST_BODY_BYTES, Listener
from bot.app.updates import webhook_of
from bot.delivery.webhook import derived_secret
from tests.serving.conftest import Serving, settings_of

MARK = "暗号暗号"  # stands in what is sent, and must not in the log
PERSON = {"id": 4711, "is_bot": False, "first_name": "小张"}
CHAT = {"id": 4711, "type": "private", "first_name": "小张"}
MESSAGE = {"message_id": 5, "date": 1795000000, "chat": CHAT, "from": PERSON, "text": "新质生产力"}
PRESSED = {"id": "9", "from": PERSON, "chat_instance": "1", "data": "h", "message": MESSAGE}
MEMBER = {"user": PERSON, "status": "member"}
CHANGED = {
    "chat": CHAT,
    "from": PERSON,
    "date": 1795000000,
    "old_chat_member": MEMBER,
    "new_chat_member": MEMBER,
}
BODIES: tuple[dict[str, Any], ...] = (
    {"message": MESSAGE},
    {"message": MESSAGE | {"reply_to_message": MESSAGE, "entities": []}},
    {"edited_message": MESSAGE},
    {"callback_query": PRESSED},
    {"inline_query": {"id": "8", "from": PERSON, "query": "创新", "offset": ""}},
    {"my_chat_member": CHANGED},
    {"poll_answer": {"poll_id": "3", "user": PERSON, "option_ids": [0]}},
)
_numbers = itertools.count(1000)


class Door:
    """The webhook of a bot that runs, and who knows its secret."""

    def __init__(self, serving: Serving, session: ClientSession, url: str) -> None:
        self.serving = serving
        self.session = session
        self.url = url
        secret = derived_secret(serving.telegram.token)
        self.headers = {"X-Telegram-Bot-Api-Secret-Token": secret}

    async def knock(self, body: bytes, **headers: str) -> int:
        async with self.session.post(
            self.url, data=body, headers={**self.headers, **headers}
        ) as reply:
            return reply.status

    async def deliver(self, update: Any) -> int:
        return await self.knock(json.dumps(update).encode())


@pytest.fixture
async def door(serving: Serving) -> AsyncIterator[Door]:
    chosen = settings_of(serving.files, serving.owner.id)
    told = chosen.telegram.model_copy(update={"token": SecretStr(serving.telegram.token)})
    chosen = chosen.model_copy(update={"telegram": told})
    listener = Listener("127.0.0.1", 0)
    listener.add_routes(webhook_of(chosen, serving.studybot.application).routes())
    await serving.studybot.application.start()
    await listener.start()
    async with ClientSession() as session:
        yield Door(serving, session, f"http://127.0.0.1:{listener.port}/telegram")
    await listener.stop()
    await serving.studybot.application.stop()


def nested(depth: int, opening: str, closing: str) -> bytes:
    return f'{{"update_id": 1, "message": {opening * depth}"{MARK}"{closing * depth}}}'.encode()


BROKEN = {
    "empty": b"",
    "cut off": b'{"update_id": 1, "message": "' + MARK.encode(),
    "a number": b"7",
    "a list": f'[{{"update_id": 1, "{MARK}": 1}}]'.encode(),
    "no update_id": f'{{"message": "{MARK}"}}'.encode(),
    "true for update_id": f'{{"update_id": true, "message": "{MARK}"}}'.encode(),
    "update_id of words": f'{{"update_id": "{MARK}"}}'.encode(),
    "update_id of 65 bits": f'{{"update_id": {2**64}, "message": "{MARK}"}}'.encode(),
    "update_id of 5000 digits": b'{"update_id": ' + b"9" * 5000 + b"}",
    "no number": f'{{"update_id": 1, "message": NaN, "text": "{MARK}"}}'.encode(),
    "a number beyond all": f'{{"update_id": 1, "message": 1e999, "text": "{MARK}"}}'.encode(),
    "lists a thousand deep": nested(1000, "[", "]"),
    "lists a hundred thousand deep": nested(100_000, "[", "]"),
    "objects a thousand deep": nested(1000, '{"a": ', "}"),
    "replies three hundred deep": nested(300, '{"reply_to_message": ', "}"),
    "half a character": f'{{"update_id": 1, "message": "{MARK}\\ud83d"}}'.encode(),
    "half a character as a key": f'{{"update_id": 1, "\\udc00": "{MARK}"}}'.encode(),
    "no UTF-8": b'{"update_id": 1, "message": "\xff"}',
    "half a character in bytes": b'{"update_id": 1, "message": "\xed\xa0\x80"}',
    "words for a message": f'{{"update_id": 1, "message": "{MARK}"}}'.encode(),
    "a chat without a number": json.dumps(
        {"update_id": 1, "message": MESSAGE | {"chat": CHAT | {"id": MARK}}}
    ).encode(),
    "a chat numbered true": json.dumps(
        {"update_id": 1, "message": MESSAGE | {"chat": CHAT | {"id": True, "title": MARK}}}
    ).encode(),
    "a date beyond the calendar": json.dumps(
        {"update_id": 1, "message": MESSAGE | {"date": 2**62, "text": MARK}}
    ).encode(),
    "too long": MARK.encode() + b" " * (MOST_BODY_BYTES + 1),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_no_update_is_passed_over_and_said_without_its_words(
    door: Door, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert await door.knock(BROKEN[name]) == 204
    (record,) = [one for one in caplog.records if one.name.startswith("bot.")]
    assert record.getMessage().startswith("what came to the webhook is no update")
    assert record.exc_info is None
    assert MARK not in caplog.text


async def test_what_is_not_packed_as_it_says_is_not_asked_for_again(door: Door) -> None:
    assert await door.knock(b"no gzip", **{"Content-Encoding": "gzip"}) == 204


async def test_a_good_update_behind_a_broken_one_is_answered(door: Door) -> None:
    telegram, reader = door.serving.telegram, door.serving.reader
    telegram.say(telegram.private(reader), reader, "/start")
    assert await door.knock(BROKEN["lists a thousand deep"]) == 204
    for update in telegram.updates.collect():
        assert await door.deliver(update) == 204
    assert telegram.sent(telegram.private(reader))


async def test_while_the_database_is_away_it_is_to_come_again(door: Door) -> None:
    await door.serving.studybot.store.close()
    assert await door.deliver({"update_id": 7, "message": MESSAGE}) == 503


odd: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text()
    | st.sampled_from(["\ud800", "\x00", "", "private", "supergroup", "member", "/why"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """An update as Telegram sends it, but for one or two fields."""
    update: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(BODIES)))
    update["update_id"] = next(_numbers)
    for _ in range(draw(st.integers(1, 2))):
        place = update
        while True:
            key = draw(st.sampled_from(sorted(place) or ["a"]))
            inner = place.get(key)
            if not isinstance(inner, dict) or not inner or draw(st.booleans()):
                break
            place = inner
        if draw(st.integers(0, 3)):
            place[key] = draw(odd)
        else:
            place.pop(key, None)
    return json.dumps(update).encode()


any_body = st.binary() | odd.map(lambda value: json.dumps(value).encode()) | spoilt() | spoilt()


@given(body=any_body)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_body_is_asked_for_again(door: Door, body: bytes) -> None:
    assert await door.knock(body) == 204
