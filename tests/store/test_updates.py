"""Each update is answered once, and those of a chat one after another, whoever takes them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.store import Store, Turn
from bot.store.updates import REMEMBERED_FOR
from tests.clock import Clock
from tests.store.conftest import OpenStore

LEASE = timedelta(seconds=6)
CHAT = -1001


async def take(store: Store, update_id: int, taker: str = "one", chat: int | None = CHAT) -> Turn:
    return await store.take_update(update_id, chat, taker, LEASE)


async def test_an_update_that_was_answered_is_past_for_everybody(store: Store) -> None:
    assert await take(store, 7) is Turn.MINE
    await store.settle_update(7, "one")
    assert await take(store, 7) is Turn.PAST
    assert await take(store, 7, "two") is Turn.PAST


async def test_an_update_that_another_is_at_waits(store: Store) -> None:
    await take(store, 7)
    assert await take(store, 7, "two") is Turn.WAIT


async def test_an_update_whose_taker_died_is_given_out_again(store: Store, clock: Clock) -> None:
    await take(store, 7)
    clock.advance(seconds=6.1)
    assert await take(store, 7, "two") is Turn.MINE
    await store.settle_update(7, "one")
    assert await take(store, 7, "three") is Turn.WAIT


async def test_an_update_that_is_kept_is_not_given_out_again(store: Store, clock: Clock) -> None:
    await take(store, 7)
    clock.advance(seconds=5)
    await store.keep_update(7, "one", LEASE)
    clock.advance(seconds=5)
    assert await take(store, 7, "two") is Turn.WAIT


async def test_a_second_update_of_a_chat_waits_until_the_first_is_answered(store: Store) -> None:
    await take(store, 7)
    assert await take(store, 8, "two") is Turn.WAIT
    await store.settle_update(7, "one")
    assert await take(store, 8, "two") is Turn.MINE


async def test_of_those_that_wait_in_a_chat_the_lowest_number_is_next(store: Store) -> None:
    await take(store, 7)
    await take(store, 9, "three")
    await take(store, 8, "two")
    await store.settle_update(7, "one")
    assert await take(store, 9, "three") is Turn.WAIT
    assert await take(store, 8, "two") is Turn.MINE


async def test_one_that_waits_no_more_holds_nobody_up(store: Store, clock: Clock) -> None:
    await take(store, 6)
    await take(store, 7, "gone")
    clock.advance(seconds=6.1)
    assert await take(store, 8, "two") is Turn.MINE


async def test_chats_do_not_wait_for_each_other(store: Store) -> None:
    await take(store, 7)
    assert await take(store, 8, "two", chat=5) is Turn.MINE
    assert await take(store, 9, "three", chat=None) is Turn.MINE
    assert await take(store, 10, "four", chat=None) is Turn.MINE


async def test_of_replicas_that_ask_together_one_has_the_turn(opened: OpenStore) -> None:
    stores = [await opened() for _ in range(3)]
    turns = await asyncio.gather(
        *(take(store, 7, f"taker {number}") for number, store in enumerate(stores))
    )
    assert sorted(turn.name for turn in turns) == ["MINE", "WAIT", "WAIT"]


async def test_what_telegram_cannot_give_out_again_is_forgotten(store: Store, clock: Clock) -> None:
    await take(store, 7)
    await store.settle_update(7, "one")
    clock.advance(hours=24)
    await take(store, 8)
    assert await store.forget_updates() == 0
    clock.at += REMEMBERED_FOR - timedelta(hours=23)
    assert await store.forget_updates() == 1
    assert await take(store, 7) is Turn.MINE
