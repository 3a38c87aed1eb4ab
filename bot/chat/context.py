"""What every handler is given: the services, typed, and who is asking from where.

Here live `Services`, which the composition root fills and installs once, and the one
Context class. Nothing here answers anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.chat.booklets import Booklets
from bot.chat.limits import Limits
from bot.chat.presses import Presses
from bot.errors import StudybotError
from bot.model import Chat, ChatKind, Corpus, Reload
from bot.search.index import Index
from bot.store import Store
from bot.study import calendar
from bot.study.quiz import Questions

_KEY = "services"


@dataclass(frozen=True, slots=True)
class Library:
    """A corpus and the index of that same corpus: what one update is answered from."""

    corpus: Corpus
    index: Index


async def _nothing_to_reload() -> Reload:
    raise StudybotError("the corpus of this bot is fixed: nothing says where it is read from")


async def _no_menu(chat: Chat) -> None:
    """There is nobody to show it to."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the handlers work with. Built by the composition root, never by a handler.

    `library` returns the corpus in force at this moment and its index, which a reload
    replaces both at once: a handler asks once per update and keeps what it got. `clock`
    returns aware UTC. `default_zone` and `default_push_at` are what a new chat and a new
    subscription start from, `grace` how late a push may still come. `owner_id` is the
    operator's user id, 0 when none is set. `sleep` waits that many seconds. `font` is a font
    file with Chinese, None where there is none to draw pictures with. `limits` says who asks
    too much, `presses` which buttons were answered lately; `answered` is told how many
    seconds it took to find a question's passages.
    `reload` takes up a changed corpus; `booklets` takes in new ones, where it is not None.
    `wake_boards` has messages that show who takes part brought up to date; `show_menu` has a
    chat's menu of commands put into its language, and raises nothing.
    """

    store: Store
    library: Callable[[], tuple[Corpus, Index]]
    clock: Callable[[], datetime]
    default_zone: str = "Asia/Shanghai"
    default_push_at: time = time(8, 0)
    grace: timedelta = timedelta(hours=6)
    owner_id: int = 0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    font: Path | None = None
    limits: Limits = field(default_factory=Limits)
    presses: Presses = field(default_factory=Presses)
    answered: Callable[[float], None] = lambda _seconds: None
    reload: Callable[[], Awaitable[Reload]] = _nothing_to_reload
    booklets: Booklets | None = None
    wake_boards: Callable[[], None] = lambda: None
    questions: Callable[[], Questions] = lambda: Questions(Corpus((), ""))
    show_menu: Callable[[Chat], Awaitable[None]] = _no_menu


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The context of one update, with typed properties instead of look-ups by key."""

    @property
    def services(self) -> Services:
        services = self.bot_data[_KEY]
        assert isinstance(services, Services)
        return services

    @property
    def store(self) -> Store:
        return self.services.store

    @property
    def library(self) -> Library:
        return Library(*self.services.library())

    @property
    def questions(self) -> Questions:
        return self.services.questions()

    def now(self) -> datetime:
        """This moment, aware UTC."""
        return self.services.clock()

    def today(self, chat: Chat) -> date:
        """The chat's own local date."""
        return calendar.local_date(self.now(), chat.zone)

    async def meet(self, update: Update) -> Chat:
        """The chat this update comes from, as stored; new chats are stored, dead ones revived.

        Being spoken to proves that the bot is there, whatever was noted before.
        """
        seen = update.effective_chat
        assert seen is not None, "only updates of a chat are registered"
        title = seen.title or seen.full_name or ""
        chat = await self.store.meet_chat(
            seen.id, ChatKind(seen.type), title, self.services.default_zone
        )
        if chat.is_active:
            return chat
        await self.store.activate_chat(chat.id)
        revived = await self.store.chat(chat.id)
        assert revived is not None, "a chat just activated is stored"
        return revived


App = Application[Any, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]


def install(application: App, services: Services) -> None:
    """Give every handler of `application` these services. Called once, before it starts."""
    application.bot_data[_KEY] = services
