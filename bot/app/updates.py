"""How updates come in, and which of several replicas sees to it.

Here live the two ways (one replica polls; Telegram delivers to any) and the election. What
an update is answered stands in `chat`, the webhook itself in `delivery.webhook`, and which of
two programs with one token goes on in `rivals`.

One replica alone is elected to poll, or to keep the webhook set: the one that holds the
store's office. When it loses the office (it died, or its way to the database did), another
takes it within seconds. On SQLite there is one process, and it holds the office for good.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Updater
from telegram.request import BaseRequest

from bot.app.carrying import NOTHING_NEW, Carrying, Sleep
from bot.app.rivals import Rivals
from bot.chat import register
from bot.chat.context import App
from bot.config import Settings
from bot.delivery.webhook import (
    NotAnUpdateError,
    Webhook,
    WebhookAddress,
    derived_secret,
    keep_set,
)
from bot.errors import StoreError, StudybotError
from bot.store import Office, Store

_log = logging.getLogger(__name__)

_ELECTION_SECONDS: Final = 2.0
_FORGET_SECONDS: Final = 3600.0
# How long the next poll waits for what the last one brought, and for what kept one waiting.
_PATIENT_SECONDS: Final = 2.0
_IMPATIENT_SECONDS: Final = 0.2
# Between the tries while the token is refused: the first pause, doubled up to the longest.
_FIRST_PAUSE_SECONDS: Final = 3.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
# 404 is for a token that no bot could have, and for one of a bot that is no more.
_REFUSALS: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
# A rival's poll is told of only to who has the right token.
_ACCEPTANCES: Final = (HTTPStatus.OK, HTTPStatus.CONFLICT)
_UNREADABLE: Final = (
    ArithmeticError,  # a date beyond the calendar, as are some ValueErrors and OSErrors
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)

Duty = Callable[[], Awaitable[None]]
# Given since when nothing was heard; raises nothing.
TellDeaf = Callable[[datetime], Awaitable[None]]


class Elected:
    """Does its duties while this process holds the office, and runs for it while it does not.

    A duty goes on until it is cancelled; what it raises ends all.
    """

    def __init__(self, office: Office, *duties: Duty) -> None:
        self._office = office
        self._duties = duties
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to run for the office, in the running event loop."""
        self._running = asyncio.create_task(self._run(), name="election")

    async def wait(self) -> None:
        """Raise what ended a duty; without that, wait for ever."""
        if self._running is not None:
            await asyncio.shield(self._running)

    async def stop(self) -> None:
        """End the duties and give up the office, so that another takes it at once."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._office.leave()

    async def _run(self) -> None:
        while True:
            if await self._office.take():
                _log.info("this process sees to the updates")
                await self._serve()
                _log.warning("this process has lost the office of seeing to the updates")
            await asyncio.sleep(_ELECTION_SECONDS)

    async def _serve(self) -> None:
        """Do the duties until the office is lost."""
        duties = [asyncio.ensure_future(duty()) for duty in self._duties]
        try:
            while await self._office.is_held():
                done, _ = await asyncio.wait(
                    duties, timeout=_ELECTION_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for duty in done:
                    duty.result()
                    raise AssertionError("a duty goes on until it is cancelled")
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)


class Polling:
    """The duty of asking Telegram for updates.

    `insistent` and `rivals` carry the asking; `tell_deaf` is told afterwards when the token was
    refused.
    """

    def __init__(
        self,
        application: App,
        poll_seconds: int,
        rivals: Rivals,
        insistent: Insistent,
        tell_deaf: TellDeaf,
    ) -> None:
        self._application = application
        self._poll_seconds = poll_seconds
        self._rivals = rivals
        self._insistent = insistent
        self._tell_deaf = tell_deaf

    async def do(self) -> None:
        """Poll until cancelled; what was fetched is then confirmed, and is handled."""
        updater = self._application.updater
        assert updater is not None, "the builder makes one unless told otherwise"
        self._insistent.begin()
        self._rivals.begin()
        try:
            while not updater.running:
                await self._start(updater)
            while True:
                await self._tell_deaf(await self._insistent.accepted_again())
        finally:
            self._insistent.end()
            if updater.running:
                await updater.stop()

    async def _start(self, updater: Updater) -> None:
        """Begin to poll; where the token is refused, return when it no longer is.

        The first call takes away a webhook, and is not carried by `insistent`.
        """
        try:
            await updater.start_polling(
                timeout=self._poll_seconds,
                allowed_updates=register.ALLOWED_UPDATES,
                bootstrap_retries=-1,
                error_callback=_note,
            )
        except InvalidToken:
            while not await self._is_accepted_after_pause():
                pass

    async def _is_accepted_after_pause(self) -> bool:
        await self._insistent.pause()
        try:
            await self._application.bot.get_me()
        except TelegramError:
            return False
        self._insistent.accept()
        return True


class Insistent(Carrying):
    """Carries the polling, and asks again for as long as Telegram refuses the token.

    python-telegram-bot takes a refusal for the end, and never polls again; but tokens are
    given back, and a proxy or a Bot API server that has just started refuses any. `clock`
    gives aware moments; `sleep` takes seconds, and is cut off when the polling is stopped.
    """

    def __init__(
        self, request: BaseRequest, clock: Callable[[], datetime], sleep: Sleep = asyncio.sleep
    ) -> None:
        super().__init__(request)
        self.refused_since: datetime | None = None
        self._clock = clock
        self._sleep = sleep
        self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._is_ending = False
        self._over: asyncio.Queue[datetime] = asyncio.Queue()

    async def do_request(self, *words: Any, **named: Any) -> tuple[int, bytes]:
        """Carry this until the token is accepted, or until the end."""
        while True:
            status, body = await self.request.do_request(*words, **named)
            if status in _ACCEPTANCES:
                self.accept()
            if status not in _REFUSALS:
                return status, body
            if self._is_ending:
                # Only what was fetched is to be confirmed; unconfirmed it comes again.
                return HTTPStatus.OK, NOTHING_NEW
            await self.pause()

    def begin(self) -> None:
        """From now on insist."""
        self._is_ending = False

    def end(self) -> None:
        """From now on ask once at most; whether the token is refused is another's business."""
        self._is_ending = True
        self._forget()

    async def accepted_again(self) -> datetime:
        """Wait for the next end of a refusal; since when nothing had been heard."""
        return await self._over.get()

    async def pause(self) -> None:
        """The token was refused: let some time pass, each time more."""
        if self.refused_since is None:
            self.refused_since = self._clock()
            _log.critical(
                "Telegram refuses the bot token, so nobody is heard; asking again, "
                "at least once in %.0f s",
                _LONGEST_PAUSE_SECONDS,
            )
        pause = self._pause_seconds
        self._pause_seconds = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        await self._sleep(pause)

    def accept(self) -> None:
        """The token was accepted."""
        if self.refused_since is not None:
            _log.warning("Telegram accepts the bot token again; the polling goes on")
            self._over.put_nowait(self.refused_since)
            self._forget()

    def _forget(self) -> None:
        self.refused_since = None
        self._pause_seconds = _FIRST_PAUSE_SECONDS


class Unhurried(Carrying):
    """Carries the polling, and asks for more only when what came before has been handled.

    To ask for more is to confirm what came: Telegram keeps it no longer. So whoever is killed
    while fifty people tap loses no tap, for the next process is given them again, and knows
    which it has answered. An answer that takes long keeps the others waiting for a moment only:
    it alone may be lost. `handled` returns when there is nothing left to handle.
    """

    def __init__(
        self,
        request: BaseRequest,
        handled: Callable[[], Awaitable[None]],
        *,
        patient_seconds: float = _PATIENT_SECONDS,
    ) -> None:
        super().__init__(request)
        self._handled = handled
        self._patient_seconds = patient_seconds
        self._handling: asyncio.Future[None] | None = None

    async def shutdown(self) -> None:
        """Close it."""
        if self._handling is not None:
            self._handling.cancel()
        await super().shutdown()

    async def do_request(self, *words: Any, **named: Any) -> tuple[int, bytes]:
        """Wait a moment for what is being handled, then carry this."""
        is_late = self._handling is not None and not self._handling.done()
        if not is_late:
            self._handling = asyncio.ensure_future(self._handled())
        assert self._handling is not None, "made above, or still going on"
        patience = _IMPATIENT_SECONDS if is_late else self._patient_seconds
        await asyncio.wait([self._handling], timeout=patience)
        return await self.request.do_request(*words, **named)


def _note(error: TelegramError) -> None:
    """An error of polling, which goes on."""
    _log.warning("polling: %s", error)


def forgetting(store: Store) -> Duty:
    """The duty of forgetting, hourly, the updates that Telegram cannot give out again."""

    async def forget() -> None:
        while True:
            try:
                await store.forget_updates()
            except StoreError as error:
                _log.warning("old updates are not forgotten yet: %s", error)
            await asyncio.sleep(_FORGET_SECONDS)

    return forget


def webhook_of(settings: Settings, application: App) -> Webhook:
    """The webhook of these settings; what it lets in is handled like what is polled."""

    async def take(update: dict[str, Any]) -> None:
        if not application.running:
            raise StudybotError("the bot is only just starting, or stopping")
        read = _read(update, application.bot)
        await application.update_processor.process_update(read, application.process_update(read))

    return Webhook(_secret(settings), take)


def _read(update: dict[str, Any], bot: Bot) -> Update:
    """The update that this JSON is; raises NotAnUpdateError.

    The library trusts Telegram, and meets what is not as the Bot API says with errors of
    any kind; their words may quote what came. The ids are what decides whose turn it is.
    """
    try:
        read = Update.de_json(update, bot)
        known = [one.id for one in (read.effective_chat, read.effective_user) if one is not None]
    except _UNREADABLE as error:
        raise NotAnUpdateError(f"a {type(error).__name__} in reading it") from None
    if not all(type(one) is int for one in known):  # to Python, True is an integer too
        raise NotAnUpdateError("its chat or its sender has no number")
    return read


def keeping_webhook(settings: Settings, store: Store, application: App) -> Duty:
    """The duty of keeping the webhook of these settings set at Telegram."""
    address = WebhookAddress(
        url=settings.webhook.url,
        secret=_secret(settings),
        max_connections=settings.webhook.max_connections,
        allowed_updates=tuple(register.ALLOWED_UPDATES),
    )
    return lambda: keep_set(store, application.bot, address)


def _secret(settings: Settings) -> str:
    return settings.webhook.secret_token.get_secret_value() or derived_secret(
        settings.telegram.token.get_secret_value()
    )
