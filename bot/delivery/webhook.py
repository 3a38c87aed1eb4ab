"""Updates that Telegram delivers: the route they come by, and setting it at Telegram.

Here lives who is let in (the secret, in constant time) and what Telegram is answered. The
socket is the listener's, what is done with an update is `take`'s.

An update is acknowledged when it has been handled, not when it has arrived: until then
Telegram keeps it, and gives it out again when this process dies over it. What cannot be read
is acknowledged too: refused, it would come again for a day, and hold up what comes behind it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import BadHttpMessage, PayloadEncodingError
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge
from telegram import Bot
from telegram.error import TelegramError

from bot.errors import StoreError, StudybotError
from bot.store import Store

_log = logging.getLogger(__name__)

PATH: Final = "/telegram"
_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_FACT: Final = "webhook"
_LOOK_AGAIN_SECONDS: Final = 300.0
_TRY_AGAIN_SECONDS: Final = 10.0

# Of an update's integers the largest are ids, of 52 bits (core.telegram.org/bots/api); of
# more than these nothing here can keep one.
_BITS: Final = 63


class NotAnUpdateError(Exception):
    """What came is no update, and will be none when it comes again.

    The message says what is wrong and nothing of what came: that may be anybody's words.
    """


# Handles one update, the Bot API's JSON; returns when it is handled. Raises StudybotError when it
# cannot be now, and NotAnUpdateError when it never can.
Take = Callable[[dict[str, Any]], Awaitable[None]]


def derived_secret(token: str) -> str:
    """A secret that every replica with this bot token derives alike, and nobody else can.

    HMAC-SHA-256 (RFC 2104) with the token as its key, as 64 hexadecimal digits.
    """
    return hmac.new(token.encode(), b"studybot webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Lets in updates that carry `secret`, and hands each to `take`."""

    def __init__(self, secret: str, take: Take) -> None:
        assert secret, "without a secret anybody could speak for Telegram"
        self._secret = secret.encode()
        self._take = take

    def routes(self) -> list[web.RouteDef]:
        """What to add to the listener. Any path below `/telegram` is the same."""
        return [web.post(PATH, self._receive), web.post(PATH + "/{below:.*}", self._receive)]

    async def _receive(self, request: web.Request) -> web.Response:
        """204 handled, or never to be; 403 not Telegram; 503 not now: Telegram comes again."""
        shown = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return web.Response(status=403)
        try:
            await self._take(read_update(await _body(request)))
        except NotAnUpdateError as error:
            _log.error("what came to the webhook is no update and is passed over: %s", error)
        except StudybotError as error:
            _log.error("an update has to wait: %s", error)
            return web.Response(status=503)
        return web.Response(status=204)


async def _body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except HTTPRequestEntityTooLarge:
        raise NotAnUpdateError("it is too long") from None
    except (BadHttpMessage, ClientPayloadError, PayloadEncodingError, web.RequestPayloadError):
        raise NotAnUpdateError("it is not encoded as it says") from None


def read_update(body: bytes) -> dict[str, Any]:
    """The update in a request's body, as the Bot API's JSON. Raises NotAnUpdateError.

    It then holds no text that is not Unicode, and no number that nothing here can keep.
    """
    try:
        update = json.loads(
            body, parse_int=_integer, parse_float=_number, parse_constant=_no_number
        )
        json.dumps(update, ensure_ascii=False).encode()  # not so where half a character is in it
    except UnicodeError:
        raise NotAnUpdateError("it is not in Unicode") from None
    except RecursionError:
        raise NotAnUpdateError("it is nested too deep") from None
    except ValueError:
        raise NotAnUpdateError("it is not JSON, or has a number that is too large") from None
    if not isinstance(update, dict):
        raise NotAnUpdateError("it is not a JSON object")
    if type(update.get("update_id")) is not int:  # to Python, True is an integer too
        raise NotAnUpdateError("its update_id is not an integer")
    return update


def _integer(digits: str) -> int:
    number = int(digits)
    if number.bit_length() > _BITS:
        raise ValueError("too large")
    return number


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("too large")
    return number


def _no_number(word: str) -> float:
    """NaN and Infinity, which Python reads and JSON has not."""
    raise ValueError(word)


# ----------------------------------------------------------------------- at Telegram's end


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """What setWebhook is told."""

    url: str
    secret: str
    max_connections: int
    allowed_updates: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Tells one address from another, and does not tell the secret."""
        told = json.dumps([self.url, self.secret, self.max_connections, self.allowed_updates])
        return hashlib.sha256(told.encode()).hexdigest()


async def keep_set(store: Store, bot: Bot, address: WebhookAddress) -> None:
    """Set the webhook unless it is set like this, and look after it until cancelled.

    What Telegram does not tell (the secret) is known from a note of what was set last.
    """
    while True:
        pause = _LOOK_AGAIN_SECONDS
        try:
            info = await bot.get_webhook_info()
            if info.url != address.url or await store.fact(_FACT) != address.mark:
                await bot.set_webhook(
                    address.url,
                    secret_token=address.secret,
                    max_connections=address.max_connections,
                    allowed_updates=address.allowed_updates,
                )
                await store.save_fact(_FACT, address.mark)
                _log.info("the webhook is set")
            elif info.last_error_message:
                _log.warning(
                    "Telegram could not deliver an update at %s: %s; %d are waiting",
                    info.last_error_date,
                    info.last_error_message,
                    info.pending_update_count,
                )
        except (TelegramError, StoreError) as error:
            _log.error("the webhook is not known to be set: %s", error)
            pause = _TRY_AGAIN_SECONDS
        await asyncio.sleep(pause)
