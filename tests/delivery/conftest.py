"""A scene for delivery: real store, real corpus, real transport, a Telegram on loopback.

Only two things are not as in production: the clock stands still until a test moves it, and
waiting for a turn moves it instead of waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from telegram import Bot

from bot.delivery.cards import Cards
from bot.delivery.choose import Pushes
from bot.delivery.pace import Sleep
from bot.delivery.plan import tick
from bot.delivery.transport import AiohttpRequest
from bot.delivery.worker import Worker
from bot.local.flood import FloodRule
from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat, LocalUser
from bot.model import ChatKind, Corpus, Delivery, DeliveryKind, Pace, Quote, Subscription
from bot.search.index import Index
from bot.store import Store, open_store
from bot.study import calendar
from bot.study.choice import Nearest
from tests.bot_api_server import BotApiServer, Fault
from tests.clock import Clock
from tests.conftest import NewDatabase

MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai, a Tuesday
MINUTE = timedelta(minutes=1)
SHANGHAI = "Asia/Shanghai"


@dataclass
class Scene:
    """Everything delivery touches, and what a test does to it."""

    clock: Clock
    telegram: LocalTelegram
    server: BotApiServer
    store: Store
    bot: Bot
    corpus: Corpus
    nearest: Nearest
    owner: LocalUser
    told: list[str] = field(default_factory=list)
    names: int = 0
    font: Path | None = None  # with one, cards can be drawn

    def worker(
        self, *, pace: Pace | None = None, sleep: Sleep | None = None, **more: Any
    ) -> Worker:
        """A worker under a name of its own, as a process that has just started."""
        self.names += 1

        async def tell_owner(text: str) -> None:
            self.told.append(text)

        cards = Cards(self.store, self.font)
        pushes = Pushes(self.store, lambda: (self.corpus, self.nearest), cards)
        return Worker(
            self.store,
            self.bot,
            {DeliveryKind.PUSH: pushes.prepare},
            owner=f"worker-{self.names}",
            pace=pace or Pace(),
            tell_owner=tell_owner,
            random=Random(1),
            sleep=sleep or self.clock.sleep,
            cards=cards,
            **more,
        )

    def group(self, *, is_forum: bool = False, is_basic: bool = False) -> LocalChat:
        """A group with the bot in it."""
        if is_basic:
            group = self.telegram.group("读书会", self.owner)
        else:
            group = self.telegram.supergroup("读书会", self.owner, is_forum=is_forum)
        self.telegram.add_bot(group, self.owner)
        return group

    def private(self) -> LocalChat:
        """The private chat with somebody who has written to the bot."""
        user = self.telegram.user("组员")
        self.telegram.say(self.telegram.private(user), user, "/start")
        return self.telegram.private(user)

    async def subscribe(self, chat: LocalChat, **wishes: Any) -> Subscription:
        """A subscription made now, for 08:00 in Shanghai unless wished otherwise."""
        kind = ChatKind(str(chat.kind))
        await self.store.meet_chat(chat.id, kind, chat.title, wishes.get("zone", SHANGHAI))
        now = self.clock()
        wished: dict[str, Any] = {"push_at": time(8), "zone": SHANGHAI, "edited_at": now} | wishes
        first_on = calendar.first_push_on(wished["push_at"], wished["zone"], now)
        made = Subscription(chat_id=chat.id, **{"first_on": first_on} | wished)
        planned = replace(made, next_due_at=calendar.next_due(made, made.edited_at))
        return await self.store.save_subscription(planned)

    async def unsubscribe(self, chat: LocalChat) -> None:
        """What /unsubscribe stores."""
        stored = await self.store.subscription(chat.id)
        assert stored is not None
        off = replace(stored, is_active=False, edited_at=self.clock(), next_due_at=None)
        await self.store.save_subscription(off)

    async def push(self, worker: Worker | None = None) -> None:
        """One minute of the engine's work: tick, and deliver all that can be."""
        await tick(self.store)
        await (worker or self.worker()).drain()

    async def rows(self, chat: LocalChat, on: date | None = None) -> tuple[Delivery, ...]:
        """The ledger's rows of a chat for a date, today's in Shanghai by default."""
        today = calendar.local_date(self.clock(), SHANGHAI)
        return await self.store.deliveries_on(chat.id, on or today)

    async def row(self, chat: LocalChat, on: date | None = None) -> Delivery:
        """The one row of a chat for a date."""
        (row,) = await self.rows(chat, on)
        return row

    async def marked(self, chat: LocalChat) -> bool:
        """Whether any of today's messages to the chat may be a duplicate."""
        return any(row.may_be_duplicate for row in await self.rows(chat))

    async def die_while_sending(self) -> None:
        """A worker sends, Telegram accepts, and the worker dies before it hears of it."""
        before = len(self.server.accepted)
        self.server.latency_seconds = 60
        dying = asyncio.create_task(self.worker().run_once())
        await self.telegram.until(lambda: len(self.telegram.calls_of("sendMessage")) > before)
        self.server.latency_seconds = 0
        dying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dying

    @staticmethod
    def midnight(on: date) -> datetime:
        return datetime.combine(on, time(), UTC)

    def texts(self, chat: LocalChat) -> list[str]:
        """What the bot has said in the chat, oldest first."""
        return [one.text for one in self.telegram.sent(chat)]

    def fail(self, *faults: Fault | None) -> None:
        """The next calls of sendMessage go wrong, one fault each; None lets one through."""
        script = list(faults)

        def next_fault(method: str, params: Mapping[str, Any], seen: int) -> Fault | None:
            return script.pop(0) if script and method == "sendMessage" else None

        self.server.faults = next_fault


def long_winded(corpus: Corpus, text: str) -> Corpus:
    """The corpus with one quotation, which says this text."""
    compilation = corpus.compilations[0]
    quote = Quote("q-long", compilation.id, date(2026, 1, 1), "测试", text)
    return Corpus((replace(compilation, quotes=(quote,)),), "long")


@pytest.fixture
def clock() -> Clock:
    """A quarter of an hour before the morning's push."""
    return Clock(MORNING - 15 * MINUTE)


@pytest.fixture
async def store(tmp_path: Path, clock: Clock, new_database: NewDatabase) -> AsyncIterator[Store]:
    opened = await open_store(
        new_database(tmp_path / "ledger.sqlite3"), clock=clock, draw_seed=lambda: 20261124
    )
    yield opened
    await opened.close()


@pytest.fixture
async def scene(
    clock: Clock, store: Store, corpus: Corpus, nearest: Nearest
) -> AsyncIterator[Scene]:
    async with scene_on(store, clock, corpus, nearest) as made:
        yield made


@asynccontextmanager
async def scene_on(
    store: Store, clock: Clock, corpus: Corpus, nearest: Nearest
) -> AsyncIterator[Scene]:
    """A scene whose ledger is in this store."""
    # Telegram counts by the same clock, a little generously: HTTP takes no time on it.
    seconds: Callable[[], float] = lambda: clock().timestamp() + 1e-6  # noqa: E731
    telegram = LocalTelegram(clock=clock, time=seconds, flood=FloodRule())
    async with BotApiServer(telegram) as server, AiohttpRequest(read_timeout=0.3) as request:
        bot = Bot(telegram.token, base_url=server.base_url, request=request)
        owner = telegram.user("站长")
        yield Scene(clock, telegram, server, store, bot, corpus, nearest, owner)


@pytest.fixture
def nearest(index: Index) -> Nearest:
    return index.nearest
