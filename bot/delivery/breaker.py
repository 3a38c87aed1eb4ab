"""Whether anything may be sent at all: a circuit breaker around Telegram.

Here lives what is known of Telegram itself, apart from any message: does it take the token,
does it answer. Opened, it stays open until a harmless question (getMe) is answered; then one
message goes alone, and the others when that one was answered too. So a connection that comes
and goes brings no heap of messages in doubt. How a message fares is the worker's business.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

_log = logging.getLogger(__name__)

_ASK_SECONDS: Final = 3.0
_BETWEEN_REFUSED: Final = timedelta(minutes=1)
_BETWEEN_UNHEARD: Final = timedelta(seconds=2)


class Breaker:
    """Open while nothing is to be sent. `now` gives aware moments, and may raise StoreError."""

    def __init__(self, bot: Bot, now: Callable[[], Awaitable[datetime]]) -> None:
        self._bot = bot
        self._now = now
        self._is_refused = False
        self._is_unheard = False
        self._is_on_trial = False
        self._ask_at: datetime | None = None  # not before; None: at once

    @property
    def is_open(self) -> bool:
        """While Telegram refuses the token, or after an answer that did not come."""
        return self._is_refused or self._is_unheard

    @property
    def is_on_trial(self) -> bool:
        """While only one message is to be on its way at a time."""
        return self._is_on_trial

    def heard(self) -> None:
        """Telegram answered a message, whatever it said."""
        self._is_on_trial = False

    def open_unheard(self) -> None:
        """An answer did not come: open until one does."""
        if not self._is_unheard:
            _log.warning("an answer of Telegram did not come; sending rests until one does")
        self._is_unheard = True

    async def open_refused(self) -> bool:
        """The token is refused: open until it is not. Returns whether that is news."""
        self._ask_at = await self._now() + _BETWEEN_REFUSED
        is_news, self._is_refused = not self._is_refused, True
        if is_news:
            _log.critical("Telegram refuses the token; sending is stopped")
        return is_news

    async def may_close(self) -> bool:
        """Ask Telegram, now and then, who this bot is; answered, it is closed again."""
        now = await self._now()
        if self._ask_at is not None and now < self._ask_at:
            return False
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                await self._bot.get_me()
        except (TelegramError, TimeoutError):
            self._ask_at = now + (_BETWEEN_REFUSED if self._is_refused else _BETWEEN_UNHEARD)
            return False
        self._is_refused, self._is_unheard, self._ask_at = False, False, None
        self._is_on_trial = True
        _log.warning("Telegram answers again; sending goes on")
        return True
