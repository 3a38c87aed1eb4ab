"""Queries, reading positions and facts outlive the process."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StoreError
from bot.model import ChatKind
from bot.store import Store
from tests.store.conftest import OpenStore

CHAT = 7


async def test_a_query_is_found_by_its_number(store: Store) -> None:
    number = await store.remember_query("新质生产力 2024年上半年")
    assert await store.query_text(number) == "新质生产力 2024年上半年"


async def test_the_same_query_has_the_same_number(store: Store, opened: OpenStore) -> None:
    number = await store.remember_query("脑机接口")
    assert await (await opened()).remember_query("脑机接口") == number


@pytest.mark.parametrize("other", ["AI ", "ai", "ＡＩ", ""])
async def test_queries_that_differ_at_all_have_different_numbers(store: Store, other: str) -> None:
    assert await store.remember_query("AI") != await store.remember_query(other)


async def test_the_same_query_asked_at_once_by_many_has_one_number(opened: OpenStore) -> None:
    stores = [await opened() for _ in range(4)]
    numbers = await asyncio.gather(*(one.remember_query("量子") for one in stores))
    assert len(set(numbers)) == 1


async def test_a_number_nobody_was_given_has_no_query(store: Store) -> None:
    assert await store.query_text(2**40) is None


async def test_a_chat_that_read_nothing_has_no_position(store: Store) -> None:
    assert await store.reading_position(CHAT) is None


async def test_a_reading_position_is_the_one_saved_last(store: Store) -> None:
    await store.meet_chat(CHAT, ChatKind.PRIVATE, "", "UTC")
    await store.save_reading_position(CHAT, "a-2026-04-03.1")
    await store.save_reading_position(CHAT, "a-2026-04-03.2")
    assert await store.reading_position(CHAT) == "a-2026-04-03.2"


async def test_a_chat_nobody_met_has_no_position_to_save(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.save_reading_position(CHAT, "a-2026-04-03.1")


async def test_a_fact_is_the_one_saved_last(store: Store) -> None:
    assert await store.fact("alarm") is None
    await store.save_fact("alarm", "401")
    await store.save_fact("alarm", "")
    assert await store.fact("alarm") == ""
