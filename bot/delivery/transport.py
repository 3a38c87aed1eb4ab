"""The HTTP under python-telegram-bot: a `BaseRequest` on aiohttp.

Here lives the one thing the default transport does not tell: whether a request that
failed may have been carried out. A `NotSentError` surely was not (the connection was
refused, never made, or never handed out by the pool); after an `InDoubtError` the
request had begun to leave, so Telegram may have accepted it. Both are decided by the
type of aiohttp's error, never by its words.

No error raised here carries the address of the request, because the token is in it:
neither in its text nor in a `__cause__` or `__context__`. Nothing here decides what to
do about an error; `send.py` does.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_FORM: Final = "application/x-www-form-urlencoded"


class NotSentError(NetworkError):
    """Nothing of the request left this machine: it can be repeated freely."""

    __slots__ = ()


class ConnectTimedOutError(NotSentError, TimedOut):
    """No connection in time: the peer did not answer, or the pool had none to give."""

    __slots__ = ()


class InDoubtError(NetworkError):
    """The request left, in part or whole, and no valid reply came: it may have been carried out."""

    __slots__ = ()


class ReplyTimedOutError(InDoubtError, TimedOut):
    """The request left and the reply did not come in time."""

    __slots__ = ()


class AiohttpRequest(BaseRequest):
    """Calls the Bot API through one pool of kept-alive connections.

    Timeouts are seconds; None waits for ever. `pool_timeout` is for a free connection,
    `connect_timeout` for one socket to be opened, `read_timeout` for each piece of the
    reply, and `write_timeout` (`media_write_timeout` with files) is added to the others to
    bound the whole call. `proxy` is the URL of an HTTP proxy. `answered_at` is when the last
    call succeeded, in seconds of `time.monotonic` (None: none has yet).
    """

    __slots__ = (
        "_connect",
        "_media_write",
        "_pool",
        "_pool_size",
        "_proxy",
        "_read",
        "_session",
        "_timeout",
        "_write",
        "answered_at",
    )

    def __init__(
        self,
        connection_pool_size: int = 100,
        *,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 5.0,
        media_write_timeout: float | None = 20.0,
        proxy: str | None = None,
    ) -> None:
        self._pool_size = connection_pool_size
        self._read = read_timeout
        self._write = write_timeout
        self._connect = connect_timeout
        self._pool = pool_timeout
        self._media_write = media_write_timeout
        self._proxy = proxy
        self._timeout = _timeout(pool_timeout, connect_timeout, write_timeout, read_timeout)
        self._session: aiohttp.ClientSession | None = None
        self.answered_at: float | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        """Open the pool; it belongs to the running event loop. Opening twice is harmless."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                # Idle connections are dropped before Telegram drops them: a request on a
                # connection the peer has just closed would be in doubt for nothing.
                connector=aiohttp.TCPConnector(limit=self._pool_size, keepalive_timeout=15),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection. A request made afterwards is a `NotSentError`."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one HTTP request and return its status and whole body.

        Raises NotSentError or InDoubtError (also as `TimedOut`). Redirects are not
        followed: the Bot API has none, and the token is not to be taken elsewhere.
        """
        if self._session is None or self._session.closed:
            raise NotSentError("the transport is not open")
        has_files = request_data is not None and request_data.contains_files
        timeout = self._timeout
        given = (pool_timeout, connect_timeout, write_timeout, read_timeout)
        if has_files or not all(isinstance(one, DefaultValue) for one in given):
            write = self._media_write if has_files else self._write
            usual = (self._pool, self._connect, write, self._read)
            timeout = _timeout(*map(_or_default, given, usual))
        try:
            async with self._session.request(
                method,
                url,
                **_body(request_data),
                timeout=timeout,
                proxy=self._proxy,
                allow_redirects=False,
            ) as response:
                body = await response.read()
                if response.status == HTTPStatus.OK:
                    self.answered_at = time.monotonic()
                return response.status, body
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = _translate(error)
        # Raised out here so that aiohttp's error, which may quote the URL, is not its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The Bot API's reply. InDoubtError when it is not one: cut off, or somebody else's page.

        (After an HTTP error python-telegram-bot catches this and raises its own.)
        """
        try:
            reply = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            reply = None
        if not isinstance(reply, dict) or not ("result" in reply or "description" in reply):
            raise InDoubtError("the reply is not the Bot API's, or was cut off")
        return reply


def _timeout(
    pool: float | None, connect: float | None, write: float | None, read: float | None
) -> aiohttp.ClientTimeout:
    """aiohttp's `connect` covers waiting for the pool as well; it has no write timeout."""
    waiting = None if pool is None or connect is None else pool + connect
    every = (waiting, write, read)
    total = None if None in every else sum(one for one in every if one is not None)
    return aiohttp.ClientTimeout(
        total=total, connect=waiting, sock_connect=connect, sock_read=read, ceil_threshold=60
    )


def _or_default(given: ODVInput[float], usual: float | None) -> float | None:
    return usual if isinstance(given, DefaultValue) else given


def _body(request_data: RequestData | None) -> dict[str, Any]:
    """The arguments for aiohttp that carry the parameters, and the files where there are any."""
    if request_data is None:
        return {}
    parameters = request_data.json_parameters
    if not request_data.contains_files:
        return {"data": _form(parameters), "headers": {"Content-Type": _FORM}}
    form = aiohttp.FormData()
    for name, value in parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return {"data": form}


def _form(parameters: Mapping[str, str]) -> bytes:
    """The parameters as `application/x-www-form-urlencoded`; their names are plain words.

    Of a value that is not plain, every byte is escaped: allowed (RFC 3986, 2.1 and 2.3),
    no longer for Chinese, and done in C. `urllib` does it byte by byte in Python, which
    for a push takes as long as the whole request does otherwise.
    """
    return "&".join(f"{name}={_escaped(value)}" for name, value in parameters.items()).encode()


def _escaped(value: str) -> str:
    if not value or (value.isascii() and value.isalnum()):
        return value
    return "%" + value.encode().hex("%")


def _translate(error: Exception) -> NetworkError:
    """What aiohttp's error means for the request. The text has no part of the URL."""
    name = type(error).__name__
    match error:
        case aiohttp.ConnectionTimeoutError():
            return ConnectTimedOutError(f"no connection in time ({name})")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ServerFingerprintMismatch():
            return NotSentError(f"no connection: the certificate is refused ({name})")
        case aiohttp.ClientConnectorError():
            return NotSentError(f"no connection: {error.os_error.strerror or name}")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return NotSentError(f"the address of the Bot API is not usable ({name})")
        case aiohttp.ClientHttpProxyError():
            return NotSentError(f"the proxy refused: {error.status}")
        case TimeoutError():
            return ReplyTimedOutError(f"no reply in time ({name})")
        case _:
            return InDoubtError(f"the connection broke before a whole reply ({name})")
