"""The transport: which failures surely sent nothing, which are in doubt, and no token in any."""

from __future__ import annotations

import asyncio
import json
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.delivery import transport
from bot.delivery.transport import (
    AiohttpRequest,
    ConnectTimedOutError,
    InDoubtError,
    NotSentError,
    ReplyTimedOutError,
)
from tests.delivery import wire

TOKEN = "123456789:AAcanaryCanaryCanaryCanaryCanary_12"
ACCEPTED = json.dumps(
    {
        "ok": True,
        "result": {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "好"},
    }
).encode()


@asynccontextmanager
async def bot_at(url: str, request: AiohttpRequest | None = None) -> AsyncIterator[Bot]:
    used = request or AiohttpRequest(read_timeout=0.2)
    async with used:
        yield Bot(TOKEN, base_url=url, request=used)


async def failure_of(act: wire.Act, request: AiohttpRequest | None = None) -> TelegramError:
    async with wire.peer(act) as peer, bot_at(peer.url, request) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(5, "好")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    return caught.value


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port that never completes a handshake: its queue of one is full."""
    with closing(socket.socket()) as listener, closing(socket.socket()) as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        yield listener.getsockname()[1]


async def test_a_message_goes_out_as_a_form_and_its_reply_comes_back() -> None:
    async with wire.peer(wire.reply(ACCEPTED)) as peer, bot_at(peer.url) as bot:
        message = await bot.send_message(-5, "好 & = + %\n")
    assert message.message_id == 7
    assert peer.heads[0].startswith(f"POST /bot{TOKEN}/sendMessage HTTP/1.1")
    assert "content-type: application/x-www-form-urlencoded" in peer.heads[0].lower()
    assert parse_qs(peer.bodies[0].decode("ascii")) == {
        "chat_id": ["-5"],
        "text": ["好 & = + %\n"],
    }


@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), st.text()))
def test_a_form_is_read_as_it_was_written(parameters: dict[str, str]) -> None:
    form = transport._form(parameters).decode("ascii")
    assert dict(parse_qsl(form, keep_blank_values=True)) == parameters


async def test_one_connection_serves_many_messages() -> None:
    connections = set()

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer.get_extra_info("peername"))
        await wire.reply(ACCEPTED)(reader, writer)

    async with wire.peer(act) as peer, bot_at(peer.url) as bot:
        for _ in range(3):
            await bot.send_message(5, "好")
    assert len(connections) == 1


async def test_a_file_is_uploaded_as_multipart() -> None:
    async with wire.peer(wire.reply(ACCEPTED)) as peer, bot_at(peer.url) as bot:
        await bot.send_document(5, b"\x00contents", filename="notes.txt", caption="笔记")
    (body,) = peer.bodies
    assert "content-type: multipart/form-data" in peer.heads[0].lower()
    assert b"\x00contents" in body
    assert b'filename="notes.txt"' in body
    assert "笔记".encode() in body


async def test_an_error_of_telegram_is_told_as_telegram_told_it() -> None:
    body = b'{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}'
    error = await failure_of(wire.reply(body, "400 Bad Request"))
    assert (type(error), str(error)) == (BadRequest, "Chat not found")


async def test_a_pause_that_telegram_asks_for_is_kept() -> None:
    body = b'{"ok":false,"description":"Too Many","parameters":{"retry_after":17}}'
    error = await failure_of(wire.reply(body, "429 Too Many Requests"))
    assert isinstance(error, RetryAfter)
    assert error.retry_after == timedelta(seconds=17)


async def test_a_refused_connection_sent_nothing() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        async with bot_at(f"http://127.0.0.1:{taken.getsockname()[1]}/bot") as bot:
            with pytest.raises(NotSentError) as caught:
                await bot.send_message(5, "好")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_a_host_without_an_address_sent_nothing() -> None:
    async with bot_at("http://no-such-host.invalid/bot") as bot:
        with pytest.raises(NotSentError):
            await bot.send_message(5, "好")


async def test_a_connection_not_made_in_time_sent_nothing() -> None:
    request = AiohttpRequest(connect_timeout=0.1)
    with deaf_port() as port:
        async with bot_at(f"http://127.0.0.1:{port}/bot", request) as bot:
            with pytest.raises(ConnectTimedOutError) as caught:
                await bot.send_message(5, "好")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert isinstance(caught.value, TimedOut)


async def test_a_pool_without_a_free_connection_sent_nothing() -> None:
    request = AiohttpRequest(1, read_timeout=1, connect_timeout=0.05, pool_timeout=0.05)
    async with wire.peer(wire.say_nothing) as peer, bot_at(peer.url, request) as bot:
        both = await asyncio.gather(
            bot.send_message(5, "first"), bot.send_message(5, "second"), return_exceptions=True
        )
    assert [type(error) for error in both] == [ReplyTimedOutError, ConnectTimedOutError]


async def test_a_transport_that_is_closed_sends_nothing() -> None:
    request = AiohttpRequest()
    async with bot_at("http://127.0.0.1:9/bot", request) as bot:
        pass
    with pytest.raises(NotSentError):
        await bot.send_message(5, "好")


async def test_a_transport_opens_again_after_it_was_closed() -> None:
    request = AiohttpRequest()
    async with wire.peer(wire.reply(ACCEPTED)) as peer:
        for _ in range(2):
            async with bot_at(peer.url, request) as bot:
                assert (await bot.send_message(5, "好")).message_id == 7


async def test_a_reply_that_does_not_come_leaves_doubt() -> None:
    error = await failure_of(wire.say_nothing, AiohttpRequest(read_timeout=0.05))
    assert isinstance(error, ReplyTimedOutError)


@pytest.mark.parametrize("act", [wire.hang_up, wire.reset])
async def test_a_connection_that_ends_instead_of_a_reply_leaves_doubt(act: wire.Act) -> None:
    assert isinstance(await failure_of(act), InDoubtError)


@pytest.mark.parametrize(
    "act",
    [
        wire.reply(ACCEPTED[:40], length=len(ACCEPTED)),
        wire.reply(ACCEPTED[:40]),
        wire.reply(b"<html>Welcome to the hotel</html>"),
        wire.reply(b""),
        wire.reply(b'["ok"]'),
        wire.reply(b'{"status":"up"}'),
    ],
    ids=["cut off", "cut off unnoticed", "a page", "nothing", "a list", "another API"],
)
async def test_a_success_that_is_not_the_bot_apis_leaves_doubt(act: wire.Act) -> None:
    assert isinstance(await failure_of(act), InDoubtError)


async def test_a_page_with_a_server_error_leaves_no_doubt() -> None:
    error = await failure_of(wire.reply(b"<html>", "502 Bad Gateway"))
    assert isinstance(error, NetworkError)
    assert not isinstance(error, InDoubtError)


async def test_the_token_is_not_carried_to_another_host() -> None:
    async with wire.peer(wire.reply(ACCEPTED)) as elsewhere:
        moved = f"Location: http://127.0.0.1:{elsewhere.port}/\r\n"
        await failure_of(wire.reply(b"{}", "302 Found", more=moved))
    assert elsewhere.heads == []


async def test_an_address_that_is_none_is_told_without_the_token() -> None:
    async with bot_at("http://[bad/bot") as bot:
        with pytest.raises(NotSentError) as caught:
            await bot.send_message(5, "好")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_a_file_is_fetched_as_it_is() -> None:
    async with wire.peer(wire.reply(b"not json")) as peer, AiohttpRequest() as request:
        assert await request.retrieve(f"{peer.url}/file") == b"not json"
