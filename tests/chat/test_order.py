"""Updates of one chat one after another, of different chats side by side."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from telegram import Chat, Message, Update

from bot.chat.order import OneAtATimeInAChat


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
