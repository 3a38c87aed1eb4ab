"""The room `watch`, wired for one process: what it looks at, and how it reaches the owner.

Here lives the wiring alone. What counts as wrong, and what is told, is in `watch`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web
from telegram import LinkPreviewOptions
from telegram.error import TelegramError

from bot.app.carrying import innermost
from bot.app.library import Library
from bot.app.updates import Insistent
from bot.chat.context import App
from bot.config import Settings
from bot.delivery.transport import AiohttpRequest
from bot.render import alarms as wording
from bot.render.language import speaking
from bot.store import Store
from bot.watch.alarms import Owner
from bot.watch.health import Health, examine
from bot.watch.metrics import Metrics
from bot.watch.routes import routes
from bot.watch.signs import Troubles
from bot.watch.watchman import Nightly, Watchman

_log = logging.getLogger(__name__)

# Beyond one long poll: a slow network, and a few tries that failed.
_SILENCE_SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True)
class Watch:
    """What looks after one process. `routes` are for its listener."""

    metrics: Metrics
    owner: Owner
    troubles: Troubles
    watchman: Watchman
    routes: list[web.RouteDef]


def watching(
    settings: Settings,
    store: Store,
    application: App,
    polling: Insistent,
    library: Callable[[], Library],
    clock: Callable[[], datetime],
) -> Watch:
    """The watch over this bot; `polling` is what carries its getUpdates."""
    metrics, troubles = Metrics(clock), Troubles()
    owner = Owner(
        store, _sending(application, settings.owner_id), settings.zone, clock, settings.owner_id
    )
    watchman = Watchman(
        store,
        owner,
        troubles,
        data_dir=settings.data_dir,
        zone=settings.zone,
        nightly=Nightly(
            settings.backup.at, settings.backup.keep_daily, settings.backup.keep_weekly
        ),
        clock=clock,
    )

    async def health() -> Health:
        return await examine(
            store,
            corpus=lambda: "" if library()[0].compilations else "it is empty",
            updates=lambda: _silence(settings, store, application, polling),
        )

    return Watch(metrics, owner, troubles, watchman, routes(store, metrics, health))


def _sending(application: App, owner_id: int) -> Callable[[str], Awaitable[bool]]:
    async def send(text: str) -> bool:
        if not owner_id:
            return True  # nobody wants to know; it stands in the log
        try:
            await application.bot.send_message(
                owner_id, text, link_preview_options=LinkPreviewOptions(is_disabled=True)
            )
        except TelegramError as error:
            _log.warning("the owner could not be told: %s", error.message)
            return False
        return True

    return send


def telling_deaf(settings: Settings, owner: Owner) -> Callable[[datetime], Awaitable[None]]:
    """Has the owner told, when it is over, since when the token was refused."""

    async def tell(since: datetime) -> None:
        with speaking(*await owner.speaks()):
            text = wording.deaf(since, settings.zone)
        await owner.tell(text)

    return tell


def _silence(settings: Settings, store: Store, application: App, polling: Insistent) -> str:
    """Why nothing is heard from Telegram, or nothing.

    Of replicas one is elected to poll, and the others rightly do not. Whether a webhook is
    delivered, only Telegram knows: `studybot doctor` asks it.
    """
    if not application.running:
        return "Telegram has not been reached yet"
    if polling.refused_since is not None:
        return f"Telegram refuses the bot token since {polling.refused_since:%FT%TZ}"
    carrying = innermost(polling)
    if settings.updates == "webhook" or not isinstance(carrying, AiohttpRequest):
        return ""
    updater = application.updater
    if updater is None or not updater.running:
        return "" if store.is_shared else "it does not poll"
    if carrying.answered_at is None:
        return "Telegram has not answered yet"
    silent_for = time.monotonic() - carrying.answered_at
    if silent_for < settings.telegram.poll_seconds + _SILENCE_SECONDS:
        return ""
    return f"Telegram has not answered for {silent_for:.0f} s"
