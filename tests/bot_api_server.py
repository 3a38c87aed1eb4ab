"""A Bot API server on loopback for tests and benchmarks: HTTP around LocalTelegram.

Here live the wire (GET and POST, JSON, urlencoded and multipart bodies, tokens in the path),
the delivery of webhooks, scripted faults, and the count of accepted messages. What a call
means is LocalTelegram's business.

    async with BotApiServer(telegram) as server: ...      # in this event loop
    with serving(telegram) as url: ...                    # in a thread; url ends in /bot
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from time import monotonic
from types import TracebackType
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.local.files import content_at
from bot.local.rules import Upload
from bot.local.telegram import LocalTelegram

_MOST_BODY_BYTES = 60 * 1024**2
_TOKEN = re.compile(r"\d+:[\w-]{30,}")
_WEBHOOK_RETRY_SECONDS = 0.2
# asyncio waits whole milliseconds, rounded up: half of one too long on average.
_OVERSLEPT_SECONDS = 0.0005


class FaultKind(StrEnum):
    """What can go wrong with a call, and whether Telegram has acted on it by then."""

    LOSE_REPLY = "lose_reply"  # acted; the connection is reset instead of a reply
    DELAY = "delay"  # acted; the reply comes `seconds` later
    TRUNCATE = "truncate"  # acted; half of the reply, then the end
    NOT_JSON = "not_json"  # acted; a 200 that is a web page
    RESET = "reset"  # not acted; the connection is reset
    STATUS = "status"  # not acted; an error of this status


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `description` and `parameters` go into the error body of STATUS."""

    kind: FaultKind
    seconds: float = 0.0
    status: int = 500
    description: str = ""
    parameters: Mapping[str, Any] | None = None


# Given the method (as it came), its parameters and how many calls came before: what goes wrong.
Faults = Callable[[str, Mapping[str, Any], int], Fault | None]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that Telegram took, whether or not the bot learned of it."""

    method: str
    chat_id: int
    message_id: int
    text: str
    at_seconds: float  # monotonic


class BotApiServer:
    """Serves one LocalTelegram on 127.0.0.1, at a free port unless one is given.

    `faults` may be replaced while it runs. `latency_seconds` passes from a call's coming to
    its reply, except for getUpdates. Webhooks are delivered one at a time, each until it is
    answered 2xx.
    """

    def __init__(
        self,
        telegram: LocalTelegram,
        *,
        faults: Faults | None = None,
        latency_seconds: float = 0.0,
        port: int = 0,
    ) -> None:
        self.telegram = telegram
        self.faults = faults
        self.latency_seconds = latency_seconds
        self.port = port
        self.accepted: list[Accepted] = []
        self.seen = 0  # calls that came, whatever became of them
        self._runner: web.AppRunner | None = None
        self._postman: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        """What python-telegram-bot and the settings call `base_url`: the token comes next."""
        return f"http://127.0.0.1:{self.port}/bot"

    async def __aenter__(self) -> BotApiServer:
        app = web.Application(client_max_size=_MOST_BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._postman = asyncio.create_task(self._deliver_webhooks())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        assert self._postman is not None
        self._postman.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._postman
        await self._runner.cleanup()

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[str]:
        """Serve from a thread of its own while the block runs; gives `base_url`."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="bot-api-server", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self.__aenter__(), loop).result(10)
            try:
                yield self.base_url
            finally:
                asyncio.run_coroutine_threadsafe(self.__aexit__(None, None, None), loop).result(10)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    def peak_rate(self, window_seconds: float = 1.0) -> int:
        """The most messages accepted in any window of this length."""
        times = sorted(one.at_seconds for one in self.accepted)
        most = first = 0
        for last, at_seconds in enumerate(times):
            while times[first] <= at_seconds - window_seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    # -------------------------------------------------------------------------- a call

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        came_at = monotonic()
        if not _TOKEN.fullmatch(request.match_info["token"]):
            return _error(404, "Not Found")
        if request.match_info["token"] != self.telegram.token:
            return _error(401, "Unauthorized")
        method = request.match_info["method"]
        try:
            params = await _read_params(request)
        except ValueError:
            return _error(400, "Bad Request: can't parse JSON object of the request body")
        fault = self.faults(method, params, self.seen) if self.faults else None
        self.seen += 1
        if fault and fault.kind is FaultKind.STATUS:
            return _error(fault.status, fault.description, fault.parameters)
        if fault and fault.kind is FaultKind.RESET:
            return _reset(request)
        response = await self.telegram.call(method, params)
        self._count(method, response)
        if self.latency_seconds and method.lower() != "getupdates":
            reply_at = came_at + self.latency_seconds
            await asyncio.sleep(max(0, reply_at - monotonic() - _OVERSLEPT_SECONDS))
        status = 200 if response["ok"] else response["error_code"]
        body = json.dumps(response, ensure_ascii=False).encode()
        if fault:
            return await _spoiled(request, fault, status, body)
        return web.Response(status=status, body=body, content_type="application/json")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """The content of a file, at the path that getFile named."""
        if request.match_info["token"] != self.telegram.token:
            return _error(404, "Not Found")
        content = content_at(self.telegram, request.match_info["path"])
        return _error(404, "Not Found") if content is None else web.Response(body=content)

    def _count(self, method: str, response: Mapping[str, Any]) -> None:
        if not response["ok"] or not method.lower().startswith("send"):
            return
        result = response["result"]
        if isinstance(result, dict) and "message_id" in result:
            poll = result.get("poll", {})
            text: str = result.get("text") or result.get("caption") or poll.get("question", "")
            number = result["message_id"]
            chat_id = result["chat"]["id"]
            self.accepted.append(Accepted(method, chat_id, number, text, monotonic()))

    # ------------------------------------------------------------------------ webhooks

    async def _deliver_webhooks(self) -> None:
        updates = self.telegram.updates
        async with ClientSession(timeout=ClientTimeout(total=60)) as session:
            while True:
                webhook, pending = updates.webhook, updates.pending
                if webhook is None or not pending:
                    await updates.watch(1.0)
                    continue
                why = await self._post(session, webhook.url, webhook.secret_token, pending[0])
                if not why:
                    updates.confirm(pending[0]["update_id"] + 1)
                else:
                    now = int(self.telegram.clock().timestamp())
                    updates.last_error = now, why
                    await asyncio.sleep(_WEBHOOK_RETRY_SECONDS)

    async def _post(
        self, session: ClientSession, url: str, secret: str, update: Mapping[str, Any]
    ) -> str:
        """Deliver one update; what went wrong, empty when nothing did."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with session.post(url, json=update, headers=headers) as reply:
                if not 200 <= reply.status < 300:
                    phrase = HTTPStatus(reply.status).phrase
                    return f"Wrong response from the webhook: {reply.status} {phrase}"
                body = await reply.read()
        except (ClientError, TimeoutError, OSError) as error:
            return f"Connection failed: {type(error).__name__}"
        with contextlib.suppress(ValueError):
            asked = json.loads(body)  # a webhook may answer with a call
            if isinstance(asked, dict) and "method" in asked:
                await self.telegram.call(asked.pop("method"), asked)
        return ""


@contextlib.contextmanager
def serving(telegram: LocalTelegram, faults: Faults | None = None) -> Iterator[str]:
    """A server in a thread while the block runs; gives its `base_url`."""
    with BotApiServer(telegram, faults=faults).in_thread() as url:
        yield url


async def _read_params(request: web.Request) -> dict[str, Any]:
    """The parameters of the query and the body, the body's last. Raises ValueError."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise ValueError("the body is no JSON object")
        return params | body
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            params[name] = value
    return params


async def _spoiled(
    request: web.Request, fault: Fault, status: int, body: bytes
) -> web.StreamResponse:
    """The reply to a call that was acted on, as the fault leaves it."""
    match fault.kind:
        case FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
            return web.Response(status=status, body=body, content_type="application/json")
        case FaultKind.NOT_JSON:
            return web.Response(text="<html>502 Bad Gateway</html>", content_type="text/html")
        case FaultKind.TRUNCATE:
            reply = web.StreamResponse(status=status)
            reply.content_type = "application/json"
            reply.content_length = len(body)
            await reply.prepare(request)
            await reply.write(body[: len(body) // 2])
            if request.transport:
                request.transport.close()
            return reply
    return _reset(request)


def _reset(request: web.Request) -> web.Response:
    """End the connection with a TCP reset; what is returned reaches nobody."""
    if request.transport:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


def _error(
    status: int, description: str, parameters: Mapping[str, Any] | None = None
) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": status,
        "description": description or HTTPStatus(status).phrase,
    }
    if parameters:
        body["parameters"] = dict(parameters)
    return web.json_response(body, status=status)
