"""An office is held by one process at a time, and by another as soon as that one is gone."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from bot.store import Store
from tests.store.conftest import OpenStore


async def test_an_office_that_is_held_cannot_be_taken(opened: OpenStore) -> None:
    first, second = (await opened()).office("bot"), (await opened()).office("bot")
    assert await first.take()
    assert await first.is_held()
    assert not await second.take()
    assert not await second.is_held()
    await first.leave()


async def test_taking_what_one_holds_changes_nothing(opened: OpenStore) -> None:
    office = (await opened()).office("bot")
    assert await office.take()
    assert await office.take()
    await office.leave()
    assert not await office.is_held()


async def test_an_office_that_was_left_can_be_taken(opened: OpenStore) -> None:
    first, second = (await opened()).office("bot"), (await opened()).office("bot")
    await first.take()
    await first.leave()
    assert await second.take()
    await second.leave()


async def test_offices_of_different_names_are_different(store: Store) -> None:
    one, other = store.office("bot"), store.office("backup")
    assert await one.take()
    assert await other.take()
    await one.leave()
    await other.leave()


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_an_office_is_lost_with_its_connection(opened: OpenStore, url: str) -> None:
    first, second = (await opened()).office("bot"), (await opened()).office("bot")
    await first.take()
    with psycopg.connect(url, autocommit=True) as connection:
        holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
        for (pid,) in connection.execute(holder).fetchall():
            connection.execute(sql.SQL("SELECT pg_terminate_backend({})").format(pid))
    assert not await first.is_held()
    # The server ends the session when it gets round to it.
    taken = [await second.take() for _ in range(50)]
    assert taken[-1]
    await second.leave()
