"""A local Telegram with a few people in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.local.clock import MovableClock
from bot.local.telegram import LocalTelegram
from bot.local.world import Json, LocalChat, LocalUser
from tests.bot_api_spec import BotApiSpec

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@dataclass
class Town:
    """A Telegram, its clock, a member, an administrator, and where they meet."""

    clock: MovableClock = field(default_factory=lambda: MovableClock(NOON, is_frozen=True))

    def __post_init__(self) -> None:
        self.telegram = LocalTelegram(clock=self.clock)
        self.ming: LocalUser = self.telegram.user("李明", username="liming")
        self.fang: LocalUser = self.telegram.user("王芳")

    def started(self) -> LocalChat:
        """李明's private chat, in which the bot may write; its update is taken away."""
        chat = self.telegram.private(self.ming)
        self.telegram.say(chat, self.ming, "/start")
        self.telegram.updates.collect()
        return chat

    def group(self, *, is_forum: bool = False) -> LocalChat:
        """A supergroup of 王芳's with 李明 and the bot; the updates of its making are taken."""
        chat = self.telegram.supergroup("学习小组", self.fang, [self.ming], is_forum=is_forum)
        self.telegram.add_bot(chat, self.fang)
        self.telegram.updates.collect()
        return chat

    def basic_group(self) -> LocalChat:
        chat = self.telegram.group("小组", self.fang, [self.ming])
        self.telegram.add_bot(chat, self.fang)
        self.telegram.updates.collect()
        return chat

    async def ok(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        response = await self.telegram.call(method, params)
        assert response["ok"], response
        return response["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """The description of a call that must be refused; its code is in front of it."""
        response = await self.telegram.call(method, params)
        assert not response["ok"], response
        return f"{response['error_code']} {response['description']}"

    def updates(self) -> list[Json]:
        return self.telegram.updates.collect()


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture(scope="session")
def spec(shared: Path) -> BotApiSpec:
    return BotApiSpec(shared / "data" / "bot-api-spec.json")
