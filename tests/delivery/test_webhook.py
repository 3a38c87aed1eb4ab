"""The webhook lets in Telegram and nobody else, and Telegram learns what was handled."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app.listener import MOST_BODY_BYTES, Listener
from bot.delivery.webhook import (
    NotAnUpdateError,
    Webhook,
    WebhookAddress,
    derived_secret,
    keep_set,
)
from bot.errors import StoreError, StudybotError
from tests.delivery.conftest import Scene

SECRET = "correct-horse_9"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {"update_id": 7}
TOKEN = "123456789:" + "AbCdEfGhIj" * 3 + "KlMn_"


class Door:
    """A webhook behind a listener; what it let in is kept, and `error` is raised for it."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session = session
        self.url = url
        self.taken: list[dict[str, Any]] = []
        self.error: Exception | None = None

    async def take(self, update: dict[str, Any]) -> None:
        if self.error is not None:
            raise self.error
        self.taken.append(update)

    async def knock(self, path: str = "/telegram", *, secret: str = SECRET, **body: Any) -> int:
        """Deliver, and return the status of the answer."""
        headers = {HEADER: secret} if secret else {}
        async with self.session.post(
            self.url + path, headers=headers, **(body or {"json": UPDATE})
        ) as reply:
            return reply.status


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    listener = Listener("127.0.0.1", 0)
    async with ClientSession() as session:
        door = Door(session, "")
        listener.add_routes(Webhook(SECRET, door.take).routes())
        await listener.start()
        door.url = f"http://127.0.0.1:{listener.port}"
        yield door
    await listener.stop()


@pytest.mark.parametrize("path", ["/telegram", "/telegram/", "/telegram/a/b"])
async def test_an_update_with_the_secret_is_let_in(door: Door, path: str) -> None:
    assert await door.knock(path) == 204
    assert door.taken == [UPDATE]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "9", SECRET[:-1], "秘密"])
async def test_without_the_secret_nobody_is_let_in(door: Door, secret: str) -> None:
    assert await door.knock(secret=secret) == 403
    assert door.taken == []


async def test_what_lets_in_is_the_comparison_in_constant_time_and_nothing_else(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turned round, it lets in whoever has no secret: no `==`, no length decides before it."""
    plain = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda shown, kept: not plain(shown, kept))
    assert await door.knock(secret="wrong") == 204
    assert await door.knock(secret="") == 204
    assert await door.knock() == 403


@pytest.mark.parametrize(
    "body", [{"data": b"{"}, {"data": b"\xff"}, {"json": [1]}, {"json": {"update_id": "7"}}]
)
async def test_what_is_no_update_is_passed_over(door: Door, body: dict[str, Any]) -> None:
    assert await door.knock(**body) == 204
    assert door.taken == []


async def test_a_body_over_the_limit_is_passed_over(door: Door) -> None:
    assert await door.knock(data=b" " * (MOST_BODY_BYTES + 1)) == 204
    assert door.taken == []


async def test_other_paths_and_methods_are_not_there(door: Door) -> None:
    assert await door.knock("/telegrams") == 404
    async with door.session.get(door.url + "/telegram", headers={HEADER: SECRET}) as reply:
        assert reply.status == 405


async def test_telegram_is_asked_to_come_again_while_the_database_is_away(door: Door) -> None:
    door.error = StoreError("The database cannot be reached.")
    assert await door.knock() == 503


async def test_an_update_that_cannot_be_read_does_not_come_for_ever(door: Door) -> None:
    door.error = NotAnUpdateError("it has no chat")
    assert await door.knock() == 204


async def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    first = Listener("127.0.0.1", 0)
    await first.start()
    second = Listener("127.0.0.1", first.port)
    with pytest.raises(
        StudybotError, match=r"cannot listen on 127\.0\.0\.1 port \d+.*listen\.port"
    ):
        await second.start()
    await first.stop()


def test_the_derived_secret_is_allowed_and_differs_with_the_token() -> None:
    secret = derived_secret(TOKEN)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret)
    assert secret == derived_secret(TOKEN)
    assert secret != derived_secret(TOKEN + "x")
    assert TOKEN not in secret


# ----------------------------------------------------------------------- at Telegram's end

ADDRESS = WebhookAddress("https://127.0.0.1/telegram", SECRET, 40, ("message", "callback_query"))


@contextlib.asynccontextmanager
async def keeping(scene: Scene, address: WebhookAddress) -> AsyncIterator[None]:
    """The duty goes on while the block runs, which is once it has looked."""
    looked = len(scene.telegram.calls_of("getWebhookInfo"))
    duty = asyncio.create_task(keep_set(scene.store, scene.bot, address))
    try:
        await scene.telegram.until(lambda: len(scene.telegram.calls_of("getWebhookInfo")) > looked)
        yield
    finally:
        duty.cancel()
        await asyncio.gather(duty, return_exceptions=True)


async def set_times(scene: Scene, times: int) -> None:
    await scene.telegram.until(lambda: len(scene.telegram.calls_of("setWebhook")) == times)


async def noted(scene: Scene, address: WebhookAddress) -> None:
    """Wait until it is noted that this was set, which is after it was set."""
    for _ in range(500):
        if await scene.store.fact("webhook") == address.mark:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def test_the_webhook_is_set_with_its_secret(scene: Scene) -> None:
    async with keeping(scene, ADDRESS):
        await set_times(scene, 1)
    webhook = scene.telegram.updates.webhook
    assert webhook is not None
    assert (webhook.url, webhook.secret_token) == (ADDRESS.url, SECRET)
    assert webhook.max_connections == 40


async def test_a_webhook_that_is_set_like_this_is_left_alone(scene: Scene) -> None:
    async with keeping(scene, ADDRESS):
        await noted(scene, ADDRESS)
    async with keeping(scene, ADDRESS):
        pass
    assert len(scene.telegram.calls_of("setWebhook")) == 1


async def test_a_new_secret_is_told_to_telegram(scene: Scene) -> None:
    async with keeping(scene, ADDRESS):
        await noted(scene, ADDRESS)
    changed = WebhookAddress(ADDRESS.url, "another", 40, ADDRESS.allowed_updates)
    async with keeping(scene, changed):
        await noted(scene, changed)
    webhook = scene.telegram.updates.webhook
    assert webhook is not None
    assert webhook.secret_token == "another"


async def test_the_note_of_what_was_set_does_not_tell_the_secret(scene: Scene) -> None:
    async with keeping(scene, ADDRESS):
        await noted(scene, ADDRESS)
    assert SECRET not in (await scene.store.fact("webhook") or "")
