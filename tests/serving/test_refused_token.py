"""Polling while Telegram refuses the token: it goes on, and says so."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app.listener import Listener
from bot.app.service import Studybot, wired
from bot.app.updates import Polling
from bot.app.watching import telling_deaf
from bot.config import Settings
from bot.delivery.transport import AiohttpRequest
from bot.local.telegram import LocalTelegram
from bot.local.world import LocalUser
from tests.bot_api_server import BotApiServer, Fault, FaultKind
from tests.serving.conftest import Files, settings_of

SECONDS = 20.0


class Token:
    """Refused so many times for each of these methods; what was waited for in between."""

    def __init__(self) -> None:
        self.refusals: dict[str, int] = {}
        self.status = HTTPStatus.UNAUTHORIZED
        self.pauses: list[float] = []
        self.is_hurried = True
        self.paused = asyncio.Event()

    def __call__(self, method: str, _params: Mapping[str, Any], _seen: int) -> Fault | None:
        if not self.refusals.get(method):
            return None
        self.refusals[method] -= 1
        return Fault(FaultKind.STATUS, status=self.status)

    async def sleep(self, seconds: float) -> None:
        """Take note of it; for ever, unless hurried."""
        self.pauses.append(seconds)
        self.paused.set()
        if not self.is_hurried:
            await asyncio.Event().wait()


class Deaf:
    """A bot over HTTP, wired as in production, whose pauses are as the token's are."""

    def __init__(
        self,
        telegram: LocalTelegram,
        token: Token,
        owner: LocalUser,
        settings: Settings,
        studybot: Studybot,
    ) -> None:
        self.telegram = telegram
        self.owner = owner
        self.token = token
        self.settings = settings
        self.studybot = studybot
        self.reader = telegram.user("小王")

    @contextlib.asynccontextmanager
    async def polling(self) -> AsyncIterator[asyncio.Task[None]]:
        """The duty of polling, done until the block ends; what was said is handled."""
        polling = Polling(
            self.studybot.application,
            1,
            self.studybot.rivals,
            self.studybot.insistent,
            telling_deaf(self.settings, self.studybot.watch.owner),
        )
        async with self.studybot.application as application:
            await application.start()
            doing = asyncio.ensure_future(polling.do())
            try:
                yield doing
            finally:
                doing.cancel()
                await asyncio.gather(doing, return_exceptions=True)
                await application.stop()

    async def answer(self) -> str:
        """The reader asks; what the bot says to it."""
        self.telegram.say(self.telegram.private(self.reader), self.reader, "因地制宜")
        return await self.said_to(self.reader, "")

    async def said_to(self, user: LocalUser, words: str) -> str:
        """The first in somebody's private chat that the bot says with these words."""
        chat = self.telegram.private(user)

        def said() -> list[str]:
            return [one.text for one in self.telegram.sent(chat) if words in one.text]

        return (await self.telegram.until(said, SECONDS))[0]

    async def health(self) -> tuple[int, str]:
        """The status of /healthz, and what it says of the updates."""
        listener = Listener("127.0.0.1", 0)
        listener.add_routes(self.studybot.watch.routes)
        await listener.start()
        try:
            address = f"http://127.0.0.1:{listener.port}/healthz"
            async with ClientSession() as session, session.get(address) as reply:
                return reply.status, (await reply.json())["checks"]["updates"]
        finally:
            await listener.stop()


@pytest.fixture
async def deaf(files: Files) -> AsyncIterator[Deaf]:
    telegram, token = LocalTelegram(), Token()
    owner = telegram.user("管理员")
    async with BotApiServer(telegram, faults=token) as server:
        settings = settings_of(files, owner.id)
        telegram_settings = settings.telegram.model_copy(update={"base_url": server.base_url})
        settings = settings.model_copy(update={"telegram": telegram_settings})
        async with wired(
            settings,
            token=telegram.token,
            requests=(AiohttpRequest(), AiohttpRequest(connection_pool_size=1)),
            store_url=f"sqlite:///{files.data / 'studybot.sqlite3'}",
            sleep=token.sleep,
        ) as studybot:
            yield Deaf(telegram, token, owner, settings, studybot)


@pytest.mark.parametrize("status", [HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND])
async def test_it_hears_again_when_the_token_is_accepted_again(
    deaf: Deaf, status: HTTPStatus
) -> None:
    deaf.token.status = status
    deaf.token.refusals = {"getUpdates": 3}
    async with deaf.polling():
        assert "因地制宜" in await deaf.answer()


async def test_it_polls_though_the_token_was_refused_before_it_began_to(deaf: Deaf) -> None:
    deaf.token.refusals = {"deleteWebhook": 1}
    async with deaf.polling():
        assert "因地制宜" in await deaf.answer()


async def test_the_refusal_is_logged_once_and_without_a_traceback(
    deaf: Deaf, caplog: pytest.LogCaptureFixture
) -> None:
    deaf.token.refusals = {"getUpdates": 3}
    async with deaf.polling():
        await deaf.answer()
    grave = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert [(one.levelname, one.exc_info) for one in grave] == [("CRITICAL", None)]


async def test_the_pauses_grow_to_a_minute_and_no_further(deaf: Deaf) -> None:
    deaf.token.refusals = {"getUpdates": 7}
    async with deaf.polling():
        await deaf.answer()
    assert deaf.token.pauses[:7] == [3, 6, 12, 24, 48, 60, 60]


async def test_after_a_refusal_that_ended_the_next_begins_with_a_short_pause(deaf: Deaf) -> None:
    deaf.token.refusals = {"getUpdates": 2}
    async with deaf.polling():
        await deaf.answer()
        before = len(deaf.token.pauses)
        deaf.token.refusals = {"getUpdates": 1}
        await deaf.telegram.until(lambda: len(deaf.token.pauses) > before, SECONDS)
    assert deaf.token.pauses[before] == 3


@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"])
async def test_between_two_tries_it_can_be_stopped_at_once(
    deaf: Deaf, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    deaf.token.is_hurried = False
    deaf.token.refusals = {"getUpdates": 1000, method: 1000}
    async with deaf.polling() as doing:
        await asyncio.wait_for(deaf.token.paused.wait(), SECONDS)
        doing.cancel()
        done, _ = await asyncio.wait([doing], timeout=5)
    assert done
    assert "one more time" not in caplog.text


async def test_health_says_that_the_token_is_refused(deaf: Deaf) -> None:
    deaf.token.is_hurried = False
    deaf.token.refusals = {"getUpdates": 1000}
    async with deaf.polling():
        await asyncio.wait_for(deaf.token.paused.wait(), SECONDS)
        status, said = await deaf.health()
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Telegram refuses the bot token" in said


async def test_health_is_well_again_when_the_token_is_accepted_again(deaf: Deaf) -> None:
    deaf.token.refusals = {"getUpdates": 1}
    async with deaf.polling():
        await deaf.answer()
        assert (await deaf.health())[1] == "ok"


async def test_the_owner_is_told_afterwards_since_when_nobody_was_heard(deaf: Deaf) -> None:
    deaf.telegram.say(deaf.telegram.private(deaf.owner), deaf.owner, "/start")
    deaf.token.refusals = {"getUpdates": 1}
    async with deaf.polling():
        told = await deaf.said_to(deaf.owner, "谁的话都没有听到")
    assert re.search(r"从 \d\d-\d\d \d\d:\d\d 起", told)
