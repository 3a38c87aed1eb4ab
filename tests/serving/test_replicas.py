"""Several bots on one PostgreSQL database and one data directory: each sees what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.app.library import Library, open_library
from bot.app.reloading import LibraryInForce, Reloading, open_settled
from bot.store import open_store
from bot.watch.signs import Troubles
from tests.postgresql_server import PostgresqlServer
from tests.serving.conftest import Files, settings_of

TEXT = "加快数字中国建设，用好数据这个新的要素，让企业和群众都得到实惠。"


async def until(condition: Callable[[], bool]) -> None:
    """Wait, 90 s at the most (the machine may be busy), until it is so."""
    async with asyncio.timeout(90):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in a thread
            await asyncio.sleep(0.05)


async def test_every_replica_takes_up_what_changed_and_keeps_what_it_has_of_a_broken_one(
    files: Files, postgresql: PostgresqlServer
) -> None:
    settings = settings_of(files, 0)
    store = await open_store(postgresql.create_database())
    replicas, libraries, troubles = [], [], []
    for _ in range(2):
        libraries.append(LibraryInForce(open_library(settings), lambda: open_settled(settings)))
        troubles.append(Troubles())
        replicas.append(Reloading(settings, store, libraries[-1], troubles[-1], look_seconds=0.1))
        replicas[-1].start()
    try:
        files.add("2026-05-digital", ("2026-05-06", TEXT))
        await until(lambda: all(len(one.current()[0].quotes) == 31 for one in libraries))
        files.add("2026-05-digital", ("2026-06-06", TEXT))
        await until(lambda: all(one.signs() for one in troubles))
        assert all(len(one.current()[0].quotes) == 31 for one in libraries)
        files.add("2026-05-digital", ("2026-05-06", TEXT), ("2026-05-07", TEXT))
        await until(lambda: not any(one.signs() for one in troubles))
        assert all(len(one.current()[0].quotes) == 32 for one in libraries)
    finally:
        for replica in replicas:
            await replica.stop()
        await store.close()


async def test_what_could_not_be_read_for_a_moment_is_read_again(
    files: Files, postgresql: PostgresqlServer
) -> None:
    settings = settings_of(files, 0)
    store = await open_store(postgresql.create_database())
    failures = iter([OSError("the disk is full")])

    def read_again() -> Library:
        for failure in failures:
            raise failure
        return open_settled(settings)

    library = LibraryInForce(open_library(settings), read_again)
    replica = Reloading(settings, store, library, Troubles(), look_seconds=0.1)
    files.add("2026-05-digital", ("2026-05-06", TEXT))
    replica.start()
    try:
        await until(lambda: len(library.current()[0].quotes) == 31)
    finally:
        await replica.stop()
        await store.close()
