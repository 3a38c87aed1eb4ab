"""Polling: what was fetched is confirmed when it has been handled."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot

from bot.app.updates import Unhurried
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram


class Poll:
    """A bot that polls, and whether it has handled what it was given."""

    def __init__(self) -> None:
        self.telegram = LocalTelegram()
        self.handled = asyncio.Event()
        self.reader = self.telegram.user("小王")

    async def all_handled(self) -> None:
        await self.handled.wait()

    def bot(self, **patience: float) -> Bot:
        polling = Unhurried(LocalRequest(self.telegram), self.all_handled, **patience)
        calls = LocalRequest(self.telegram)
        return Bot(self.telegram.token, request=calls, get_updates_request=polling)

    async def fetch(self, bot: Bot) -> int:
        """Something is said, and the bot is given it; the offset that would confirm it."""
        self.telegram.say(self.telegram.private(self.reader), self.reader, "因地制宜")
        self.handled.set()
        (update,) = await bot.get_updates(timeout=0)
        self.handled.clear()
        return update.update_id + 1


@pytest.fixture
async def poll() -> Poll:
    return Poll()


async def test_nothing_is_confirmed_before_it_has_been_handled(poll: Poll) -> None:
    async with poll.bot(patient_seconds=60) as bot:
        offset = await poll.fetch(bot)
        asking = asyncio.create_task(bot.get_updates(offset=offset, timeout=0))
        await asyncio.wait([asking], timeout=0.05)
        assert len(poll.telegram.updates.pending) == 1
        poll.handled.set()
        assert await asking == ()
        assert not poll.telegram.updates.pending


async def test_an_answer_that_takes_long_keeps_the_others_waiting_for_a_moment_only(
    poll: Poll,
) -> None:
    async with poll.bot(patient_seconds=0.01) as bot:
        offset = await poll.fetch(bot)
        poll.telegram.say(poll.telegram.private(poll.reader), poll.reader, "新质生产力")
        (second,) = await bot.get_updates(offset=offset, timeout=0)
        assert second.message is not None
        assert second.message.text == "新质生产力"
        assert await bot.get_updates(offset=second.update_id + 1, timeout=0) == ()
