"""Updates of one chat one after another, of different chats side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram import Chat, Message, Update

from bot.chat.order import OneAtATimeInAChat
from bot.store import Store, Turn, open_store


def update_of(chat_id: int, number: int) -> Update:
    chat = Chat(chat_id, Chat.PRIVATE)
    return Update(number, message=Message(number, datetime(2026, 11, 24, tzinfo=UTC), chat))


async def test_a_second_update_of_a_chat_waits_for_the_first() -> None:
    processor, done, may_go = OneAtATimeInAChat(), [], asyncio.Event()

    async def first() -> None:
        await may_go.wait()
        done.append("first")

    async def second() -> None:
        done.append("second")

    tasks = [
        asyncio.create_task(processor.process_update(update_of(1, 1), first())),
        asyncio.create_task(processor.process_update(update_of(1, 2), second())),
    ]
    for _ in range(5):
        await asyncio.sleep(0)
    assert done == []
    may_go.set()
    await asyncio.gather(*tasks)
    assert done == ["first", "second"]


async def test_an_update_of_another_chat_does_not_wait() -> None:
    processor, may_go = OneAtATimeInAChat(), asyncio.Event()
    slow = asyncio.create_task(processor.process_update(update_of(1, 1), _wait(may_go)))

    async def quick() -> None:
        may_go.set()

    await asyncio.wait_for(processor.process_update(update_of(2, 2), quick()), 5)
    await asyncio.wait_for(slow, 5)


async def _wait(may_go: asyncio.Event) -> None:
    await may_go.wait()


async def test_a_failure_does_not_stop_what_waits_behind_it() -> None:
    processor, done = OneAtATimeInAChat(), []

    async def fail() -> None:
        await asyncio.sleep(0)
        raise RuntimeError("told by its own error handler")

    async def after() -> None:
        done.append("after")

    outcomes = await asyncio.gather(
        processor.process_update(update_of(1, 1), fail()),
        processor.process_update(update_of(1, 2), after()),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], RuntimeError)
    assert done == ["after"]


# ------------------------------------------------------------------- with what the store knows


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[list[Store]]:
    """The stores of two replicas on one database."""
    opened = [await open_store(f"sqlite:///{tmp_path / 'bot.sqlite3'}") for _ in range(2)]
    yield opened
    for store in opened:
        await store.close()


async def test_an_update_that_comes_again_is_answered_once(stores: list[Store]) -> None:
    processors, done = [OneAtATimeInAChat(store) for store in stores], []

    async def answer() -> None:
        done.append("answered")

    for processor in (*processors, processors[0]):
        await processor.process_update(update_of(1, 7), answer())
    assert done == ["answered"]


async def test_a_chat_is_answered_in_order_by_two_replicas(stores: list[Store]) -> None:
    one, other = (OneAtATimeInAChat(store) for store in stores)
    done, has_begun, may_go = [], asyncio.Event(), asyncio.Event()

    async def first() -> None:
        has_begun.set()
        await may_go.wait()
        done.append("first")

    async def second() -> None:
        done.append("second")

    before = asyncio.create_task(one.process_update(update_of(1, 7), first()))
    await has_begun.wait()
    after = asyncio.create_task(other.process_update(update_of(1, 8), second()))
    # A chat of its own tells that the other replica has looked, and answers others meanwhile.
    await other.process_update(update_of(2, 9), asyncio.sleep(0))
    assert done == []
    may_go.set()
    await asyncio.gather(before, after)
    assert done == ["first", "second"]


async def test_an_answer_that_failed_is_not_taken_for_answered(stores: list[Store]) -> None:
    processor = OneAtATimeInAChat(stores[0])

    async def fail() -> None:
        raise RuntimeError("not told by anybody")

    with pytest.raises(RuntimeError):
        await processor.process_update(update_of(1, 7), fail())
    assert await stores[1].take_update(7, 1, "another", timedelta(seconds=6)) is Turn.WAIT


async def test_an_answer_that_is_cut_off_ends_with_its_update(stores: list[Store]) -> None:
    processor, has_begun, ended = OneAtATimeInAChat(stores[0]), asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        has_begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    answering = asyncio.create_task(processor.process_update(update_of(1, 7), endless()))
    await has_begun.wait()
    answering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answering
    assert ended.is_set()
