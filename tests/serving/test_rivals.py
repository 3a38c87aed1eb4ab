"""Two programs poll with one token: the first goes on, the second says so and ends."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.ext import Updater

from bot.app.rivals import Rivals
from bot.app.updates import Unhurried
from bot.errors import StudybotError
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from tests.serving.hasty import hastily

LONG_SECONDS = 300.0


class Nowhere(LocalRequest):
    """A network on which Telegram cannot be reached."""

    async def do_request(self, *_words: Any, **_named: Any) -> tuple[int, bytes]:
        raise NetworkError("no way")


class Program:
    """One that polls as the bot does; by the clock of the running loop, it notes when it ended."""

    def __init__(self, telegram: LocalTelegram, seed: int, *, are_replicas: bool = False) -> None:
        self.ended_at: float | None = None
        self.why = ""
        self.errors: list[TelegramError] = []
        clock = asyncio.get_running_loop().time
        draw = random.Random(seed).uniform
        polling = LocalRequest(telegram)
        self.rivals = Rivals(polling, are_replicas=are_replicas, clock=clock, draw=draw)
        self.queue: asyncio.Queue[object] = asyncio.Queue()
        bot = Bot(
            telegram.token,
            request=LocalRequest(telegram),
            get_updates_request=Unhurried(self.rivals, self.queue.join),
        )
        self.updater = Updater(bot, self.queue)
        self._clock = clock

    async def run(self) -> None:
        """Poll until the end or until cancelled; what comes takes a second to handle."""
        async with self.updater:
            await self.updater.start_polling(timeout=10, error_callback=self.errors.append)
            handling = asyncio.ensure_future(self._handle())
            try:
                await self.rivals.wait()
            except StudybotError as error:
                self.ended_at, self.why = self._clock(), str(error)
            finally:
                handling.cancel()
                await self.updater.stop()

    async def _handle(self) -> None:
        while True:
            await self.queue.get()
            await asyncio.sleep(1)
            self.queue.task_done()


@contextlib.asynccontextmanager
async def running(program: Program) -> AsyncIterator[asyncio.Task[None]]:
    """The program, until the block ends."""
    task = asyncio.create_task(program.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def two(
    seed: int, apart_seconds: float, *, are_replicas: bool = False, talk_seconds: float = 0.0
) -> tuple[Program, Program]:
    """Two that were started so far apart, after five minutes; people talk so often meanwhile."""
    telegram = LocalTelegram()
    reader = telegram.user("小王")
    first = Program(telegram, seed, are_replicas=are_replicas)
    second = Program(telegram, seed + 1000, are_replicas=are_replicas)

    async def talk() -> None:
        while talk_seconds:
            telegram.say(telegram.private(reader), reader, "因地制宜")
            await asyncio.sleep(talk_seconds)

    talking = asyncio.ensure_future(talk())
    async with running(first):
        await asyncio.sleep(apart_seconds)
        async with running(second):
            await asyncio.sleep(LONG_SECONDS)
    talking.cancel()
    return first, second


@pytest.mark.parametrize("are_replicas", [False, True])
@pytest.mark.parametrize("apart_seconds", [0.0, 0.1, 0.4, 3.0, 8.0, 61.0])
def test_the_first_goes_on_and_the_second_ends(apart_seconds: float, are_replicas: bool) -> None:
    for seed in range(10):
        first, second = hastily(two(seed, apart_seconds, are_replicas=are_replicas))
        assert first.ended_at is None, seed
        assert second.ended_at is not None, seed


@pytest.mark.parametrize("apart_seconds", [0.5, 1.0, 1.7, 2.4])
def test_of_two_that_begin_nearly_together_one_ends_and_one_goes_on(apart_seconds: float) -> None:
    for seed in range(20):
        both = hastily(two(seed, apart_seconds))
        assert [one.ended_at is None for one in both].count(True) == 1, seed


@pytest.mark.parametrize("talk_seconds", [1.1, 2.0, 5.0])
def test_the_first_goes_on_while_people_talk(talk_seconds: float) -> None:
    for seed in range(5):
        first, second = hastily(two(seed, 30.0, talk_seconds=talk_seconds))
        assert first.ended_at is None, seed
        assert second.ended_at is not None, seed


def test_the_second_ends_within_half_a_minute() -> None:
    for seed in range(10):
        _, second = hastily(two(seed, 8.0))
        assert second.ended_at is not None
        assert second.ended_at < 8.0 + 30.0


def test_the_second_says_what_to_do() -> None:
    _, second = hastily(two(1, 8.0))
    assert "another program is polling with the same token" in second.why
    assert "stop the other one" in second.why
    assert "/revoke" in second.why


def test_the_first_says_at_most_once_a_minute_that_there_is_another(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hastily(two(1, 8.0, are_replicas=True))
    said = [one.getMessage() for one in caplog.records if one.name == "bot.app.rivals"]
    assert len([one for one in said if "this one was first and goes on" in one]) == 1


@pytest.mark.parametrize("dying_seconds", [1.0, 10.0, 25.0])
def test_a_replica_outlives_the_predecessor_that_takes_a_moment_to_end(
    dying_seconds: float,
) -> None:
    async def succeed(seed: int) -> Program:
        telegram = LocalTelegram()
        dying = Program(telegram, seed, are_replicas=True)
        successor = Program(telegram, seed + 1000, are_replicas=True)
        async with running(dying) as task:
            await asyncio.sleep(100)
            async with running(successor):
                await asyncio.sleep(dying_seconds)
                task.cancel()
                await asyncio.sleep(LONG_SECONDS)
        return successor

    for seed in range(10):
        assert hastily(succeed(seed)).ended_at is None, seed


def test_who_lost_the_way_to_telegram_for_a_while_is_no_longer_the_first() -> None:
    async def part() -> tuple[Program, Program]:
        telegram = LocalTelegram()
        first, second = Program(telegram, 1), Program(telegram, 2)
        async with running(first):
            await asyncio.sleep(100)
            first.rivals.request = Nowhere(telegram)
            await asyncio.sleep(20)
            async with running(second):
                await asyncio.sleep(60)
                first.rivals.request = LocalRequest(telegram)
                await asyncio.sleep(LONG_SECONDS)
        return first, second

    first, second = hastily(part())
    assert first.ended_at is not None
    assert second.ended_at is None
