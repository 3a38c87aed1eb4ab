"""A bot as it runs: its handlers, a real store and index, and a strict Telegram in this process.

Only two things are not as in production: the clock stands until a test moves it, and
updates are fetched when a test asks for them instead of all the time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import Application, ContextTypes

from bot.app.quizzes import questions_of
from bot.chat import errors, register
from bot.chat.context import App, Context, Services, install
from bot.chat.register import ALLOWED_UPDATES, handlers
from bot.local.people import Press
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat, LocalMessage, LocalUser
from bot.model import Corpus
from bot.search.index import Index
from bot.store import Store, open_store
from tests.clock import Clock
from tests.conftest import NewDatabase
from tests.pressing import Pressing

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Tuesday


@dataclass
class Talk(Pressing):
    """A conversation with the bot: say or press something, and see what comes back."""

    telegram: LocalTelegram
    application: App
    store: Store
    clock: Clock
    xiaowang: LocalUser  # a person, and the creator of every group here
    member: LocalUser  # a person without rights
    _next_update: int = 0

    @property
    def bot_name(self) -> str:
        return self.telegram.bot.username

    @property
    def private(self) -> LocalChat:
        return self.telegram.private(self.xiaowang)

    async def group(self, *, is_forum: bool = False) -> LocalChat:
        """A supergroup of both persons with the bot in it, past its greeting."""
        chat = self.telegram.supergroup("学习组", self.xiaowang, [self.member], is_forum=is_forum)
        self.telegram.add_bot(chat, self.xiaowang)
        await self.settle()
        return chat

    @property
    def presser(self) -> LocalUser:
        return self.xiaowang

    async def settle(self) -> None:
        """Let the bot handle every update there is."""
        while True:
            updates = await self.application.bot.get_updates(
                offset=self._next_update, timeout=0, allowed_updates=ALLOWED_UPDATES
            )
            if not updates:
                return
            for update in updates:
                self._next_update = update.update_id + 1
                await self.application.process_update(update)

    async def say(
        self, text: str, chat: LocalChat | None = None, by: LocalUser | None = None, **how: Any
    ) -> list[LocalMessage]:
        """Somebody writes (小王, in private, unless told otherwise); the bot's new messages."""
        where = chat or self.private
        before = len(self.telegram.sent(where))
        self.telegram.say(where, by or self.xiaowang, text, **how)
        await self.settle()
        return self.telegram.sent(where)[before:]

    async def answer(
        self, text: str, chat: LocalChat | None = None, by: LocalUser | None = None, **how: Any
    ) -> LocalMessage:
        """Like `say`, where exactly one message must come back."""
        (only,) = await self.say(text, chat, by, **how)
        return only

    def notice(self, press: Press) -> str:
        """What a press was acknowledged with."""
        assert press.answer is not None, "never acknowledged"
        return str(press.answer.get("text", ""))


def build(telegram: LocalTelegram, services: Services, request: LocalRequest | None = None) -> App:
    """The application over the local Telegram, wired as the composition root does."""
    application: App = (
        Application.builder()
        .token(telegram.token)
        .request(request or LocalRequest(telegram))
        .get_updates_request(LocalRequest(telegram))
        .context_types(ContextTypes(context=Context))
        .updater(None)
        .job_queue(None)
        .build()
    )
    show_menu = partial(register.show_menu, application.bot)
    install(application, replace(services, show_menu=show_menu))
    application.add_handlers(handlers())
    application.add_error_handler(errors.tell)
    return application


@pytest.fixture
async def talk(
    corpus: Corpus, index: Index, tmp_path: Path, new_database: NewDatabase
) -> AsyncIterator[Talk]:
    clock = Clock(NOON)
    telegram = LocalTelegram(clock=clock)
    store = await open_store(new_database(tmp_path / "chat.sqlite3"), clock=clock)
    services = Services(
        store,
        lambda: (corpus, index),
        clock,
        questions=questions_of(lambda: (corpus, index)),
        sleep=clock.sleep,
    )
    application = build(telegram, services)
    async with application:
        yield Talk(
            telegram,
            application,
            store,
            clock,
            telegram.user("小王"),
            telegram.user("小李"),
        )
    await store.close()
