"""A group that reads together, over the scene of the chat tests: a worker sends it its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.chat.boards import Boards
from bot.delivery.parts import Parts
from bot.delivery.plan import tick
from bot.delivery.worker import Worker
from bot.local.world import LocalChat, LocalMessage, LocalUser
from bot.model import (
    Corpus,
    DeliveryKind,
    Pace,
    ReadingPlan,
)
from bot.search.index import Index
from tests.chat.conftest import NOON, Talk

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EVENING = NOON + 8 * HOUR  # 20:00 in Shanghai
TITLE = "加快推进人工智能赋能新型工业化"  # of four sections
DONE = "✅ 我读完了"


@dataclass
class Club:
    """A group that reads together, and the worker that sends it its parts."""

    talk: Talk
    group: LocalChat
    worker: Worker
    boards: Boards

    async def at(self, moment: datetime) -> None:
        """Let the clock be there, plan what is due and deliver it."""
        self.talk.clock.at = moment
        await tick(self.talk.store)
        await self.worker.drain()

    async def run(self, until: datetime) -> None:
        """Live through the hours until then."""
        while self.talk.clock.at < until:
            await self.at(min(self.talk.clock.at + HOUR, until))

    def parts(self, chat: LocalChat | None = None) -> list[LocalMessage]:
        """The messages of parts that were delivered there."""
        sent = self.talk.telegram.sent(chat or self.group)
        return [one for one in sent if one.text.startswith("📖 共读 · 第") and "星期" in one.text]

    async def begin(self, line: str = f"《{TITLE}》 2周") -> LocalMessage:
        """Ask for a plan and confirm it; the message that shows it."""
        sent = await self.talk.answer(f"/readplan {line}", self.group)
        await self.talk.press(sent, "✅ 确认")
        return sent

    async def plan(self) -> ReadingPlan:
        found = await self.talk.store.standing_plan(self.group.id)
        assert found is not None
        return found

    async def link(self, message: LocalMessage, label: str, by: LocalUser) -> list[LocalMessage]:
        """Press what opens the private chat, and what the bot says there."""
        press = await self.talk.only_press(message, label, by)
        assert press.answer is not None
        url = str(press.answer["url"])
        assert url.startswith(f"https://t.me/{self.talk.bot_name}?start=")
        payload = url.partition("=")[2]
        private = self.talk.telegram.private(by)
        return await self.talk.say(f"/start {payload}", private, by)


@pytest.fixture
async def club(talk: Talk, corpus: Corpus, index: Index) -> AsyncIterator[Club]:
    async def tell_owner(text: str) -> None:
        raise AssertionError(text)

    async def sleep(seconds: float) -> None:
        talk.clock.move(timedelta(seconds=seconds))

    worker = Worker(
        talk.store,
        talk.application.bot,
        {DeliveryKind.PART: Parts(talk.store, lambda: corpus).prepare},
        owner="reading",
        pace=Pace(),
        tell_owner=tell_owner,
        random=Random(1),
        sleep=sleep,
    )
    boards = Boards(talk.store, talk.application.bot, lambda *_: None, lambda: corpus, sleep=sleep)
    yield Club(talk, await talk.group(), worker, boards)
    await boards.stop()
