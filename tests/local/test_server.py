"""The Bot API server of the tests: the wire, webhooks and the faults it makes by script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any
from urllib.request import urlopen

import pytest
from aiohttp import ClientError, ClientSession, FormData, web

from bot.local.world import LocalChat
from tests.bot_api_server import BotApiServer, Fault, FaultKind, serving
from tests.local.conftest import Town
from tests.local.test_sending import PNG


@pytest.fixture
async def server(town: Town) -> AsyncIterator[BotApiServer]:
    town.telegram.is_local_server = True
    async with BotApiServer(town.telegram) as one:
        yield one


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def chat(town: Town) -> LocalChat:
    return town.started()


def url(server: BotApiServer, method: str) -> str:
    return f"{server.base_url}{server.telegram.token}/{method}"


def message(chat: LocalChat, text: str = "好") -> dict[str, Any]:
    return {"chat_id": chat.id, "text": text}


async def test_a_call_comes_as_json_form_or_query(
    server: BotApiServer, client: ClientSession, chat: LocalChat
) -> None:
    params = {key: str(value) for key, value in message(chat).items()}
    where = url(server, "sendMessage")
    for reply in (
        await client.post(where, json=message(chat)),
        await client.post(where, data=params),
        await client.get(where, params=params),
    ):
        assert reply.status == 200
        assert (await reply.json())["result"]["text"] == "好"
    assert [one.chat_id for one in server.accepted] == [chat.id] * 3


async def test_a_file_comes_in_a_multipart_body(
    server: BotApiServer, client: ClientSession, chat: LocalChat
) -> None:
    form = FormData({"chat_id": str(chat.id)})
    form.add_field("photo", PNG, filename="a.png", content_type="image/png")
    reply = await client.post(url(server, "sendPhoto"), data=form)
    assert (await reply.json())["result"]["photo"][0]["height"] == 480


async def test_an_error_has_its_status_and_body(
    server: BotApiServer, client: ClientSession
) -> None:
    reply = await client.post(url(server, "sendMessage"), json={"chat_id": 5, "text": "x"})
    assert reply.status == 400
    assert await reply.json() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: chat not found",
    }
    assert server.accepted == []


@pytest.mark.parametrize(("token", "status"), [("1:" + "x" * 35, 401), ("token", 404)])
async def test_a_wrong_token_is_refused(
    server: BotApiServer, client: ClientSession, token: str, status: int
) -> None:
    reply = await client.get(f"{server.base_url}{token}/getMe")
    assert reply.status == status


async def test_a_long_poll_waits_for_what_comes(
    server: BotApiServer, client: ClientSession, town: Town, chat: LocalChat
) -> None:
    async def poll() -> Any:
        async with client.get(url(server, "getUpdates"), params={"timeout": "20"}) as reply:
            return (await reply.json())["result"]

    polling = asyncio.create_task(poll())
    await town.telegram.until(lambda: server.seen == 1)
    town.telegram.say(chat, town.ming, "来了")
    (update,) = await asyncio.wait_for(polling, 5)
    assert update["message"]["text"] == "来了"


async def test_a_server_runs_in_a_thread(town: Town) -> None:
    with serving(town.telegram) as base_url:
        reply = await asyncio.to_thread(urlopen, f"{base_url}{town.telegram.token}/getMe")
        assert json.loads(reply.read())["ok"]


# ------------------------------------------------------------------------------- webhooks


async def test_a_webhook_gets_each_update_until_it_answers(
    server: BotApiServer, client: ClientSession, town: Town, chat: LocalChat
) -> None:
    got: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
    replies = iter([web.Response(status=500)])

    async def hook(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        got.put_nowait((secret, await request.json()))
        return next(replies, web.json_response({"method": "sendMessage", **message(chat, "收到")}))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    await town.ok("setWebhook", url=f"http://127.0.0.1:{port}/hook", secret_token="s-3cret")
    town.telegram.say(chat, town.ming, "你好")
    first = await asyncio.wait_for(got.get(), 5)
    second = await asyncio.wait_for(got.get(), 5)
    (answer,) = await town.telegram.until(lambda: town.telegram.sent(chat), 5)
    await runner.cleanup()
    assert first == second
    assert first[0] == "s-3cret"
    assert first[1]["message"]["text"] == "你好"
    assert answer.text == "收到"
    info = await town.ok("getWebhookInfo")
    assert info["last_error_message"].endswith("500 Internal Server Error")


# --------------------------------------------------------------------------------- faults


async def send(server: BotApiServer, client: ClientSession, chat: LocalChat) -> tuple[int, str]:
    async with client.post(url(server, "sendMessage"), json=message(chat)) as reply:
        return reply.status, await reply.text()


@pytest.mark.parametrize(
    ("kind", "is_accepted"),
    [(FaultKind.LOSE_REPLY, True), (FaultKind.TRUNCATE, True), (FaultKind.RESET, False)],
)
async def test_a_broken_connection_tells_the_bot_nothing(
    server: BotApiServer,
    client: ClientSession,
    chat: LocalChat,
    kind: FaultKind,
    is_accepted: bool,
) -> None:
    server.faults = lambda method, params, count: Fault(kind)
    with pytest.raises(ClientError):
        await send(server, client, chat)
    assert bool(server.accepted) is is_accepted
    assert bool(server.telegram.sent(chat)) is is_accepted


async def test_a_reply_may_be_a_web_page(
    server: BotApiServer, client: ClientSession, chat: LocalChat
) -> None:
    server.faults = lambda method, params, count: Fault(FaultKind.NOT_JSON)
    status, text = await send(server, client, chat)
    assert (status, text[:6]) == (200, "<html>")
    assert len(server.accepted) == 1


async def test_a_reply_may_be_late(
    server: BotApiServer, client: ClientSession, chat: LocalChat
) -> None:
    server.faults = lambda method, params, count: Fault(FaultKind.DELAY, seconds=0.2)
    began = monotonic()
    status, _ = await send(server, client, chat)
    assert status == 200
    assert monotonic() - began >= 0.2
    assert server.accepted[0].at_seconds - began < 0.2


@pytest.mark.parametrize("status", [400, 401, 403, 409, 429, 500, 502])
async def test_an_error_may_be_scripted(
    server: BotApiServer, client: ClientSession, chat: LocalChat, status: int
) -> None:
    fault = Fault(FaultKind.STATUS, status=status, description="no", parameters={"retry_after": 3})
    server.faults = lambda method, params, count: fault if count == 0 else None
    assert await send(server, client, chat) == (
        status,
        json.dumps(
            {
                "ok": False,
                "error_code": status,
                "description": "no",
                "parameters": {"retry_after": 3},
            }
        ),
    )
    assert server.accepted == []
    assert (await send(server, client, chat))[0] == 200


async def test_the_peak_rate_counts_any_window(
    server: BotApiServer, client: ClientSession, chat: LocalChat
) -> None:
    for _ in range(3):
        await send(server, client, chat)
    assert server.peak_rate(60.0) == 3
    assert server.peak_rate(1e-9) == 1
