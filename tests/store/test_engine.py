"""Connections are set up for safety, and what goes wrong is said in one sentence."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text

from bot.errors import StoreError
from bot.store import Store, open_store
from bot.store.engine import connect
from tests.conftest import NewDatabase
from tests.postgresql_server import PostgresqlServer, database_name
from tests.store.conftest import LEASE, OpenStore

IMPATIENT = timedelta(milliseconds=300)


@pytest.fixture
def sqlite_url(new_database: NewDatabase, tmp_path: Path) -> str:
    return new_database(tmp_path / "copied.db")


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
async def test_sqlite_writes_ahead_flushes_commits_and_checks_references(
    sqlite_url: str, pragma: str, value: object
) -> None:
    database = connect(sqlite_url, None, LEASE)
    found = await database.write(lambda one: one.scalar(text(f"PRAGMA {pragma}")))
    await database.close()
    assert found == value


async def test_a_transaction_that_may_be_lost_is_not_flushed_on_sqlite(sqlite_url: str) -> None:
    database = connect(sqlite_url, None, LEASE)
    found = await database.write(lambda one: one.scalar(text("PRAGMA synchronous")), flushed=False)
    await database.close()
    assert found == 1  # NORMAL


async def test_a_failed_transaction_leaves_nothing_behind(store: Store) -> None:
    async def save_and_fail() -> None:
        def work(connection: Connection) -> None:
            connection.execute(
                text("INSERT INTO facts VALUES ('a', 'b', '2026-11-24T00:00:00.000000Z')")
            )
            raise LookupError

        await store._database.write(work)

    with pytest.raises(LookupError):
        await save_and_fail()
    assert await store.fact("a") is None


async def test_a_closed_store_says_so(opened: OpenStore) -> None:
    store = await opened()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.now()


async def test_cancelled_transactions_leave_the_database_free(store: Store) -> None:
    writing = [asyncio.create_task(store.save_fact(f"{n}", "x")) for n in range(20)]
    await asyncio.sleep(0)
    for one in writing:
        one.cancel()
    await asyncio.gather(*writing, return_exceptions=True)
    await store.save_fact("after", "y")
    assert await store.fact("after") == "y"


async def test_two_writers_in_one_process_wait_for_each_other(store: Store) -> None:
    ids = await asyncio.gather(*(store.remember_query(f"query {n}") for n in range(50)))
    assert len(set(ids)) == 50


async def test_two_processes_that_write_at_once_both_succeed(opened: OpenStore) -> None:
    stores = [await opened() for _ in range(3)]
    await asyncio.gather(
        *(one.save_fact(f"{n}", "x") for one in stores for n in range(20)),
    )
    assert [await stores[0].fact(f"{n}") for n in range(20)] == ["x"] * 20


async def test_a_sqlite_database_that_stays_locked_is_an_error_in_words(sqlite_url: str) -> None:
    store = await open_store(sqlite_url, patience=IMPATIENT)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        await store.save_fact("a", "b")
    other.execute("ROLLBACK")
    other.close()
    await store.save_fact("a", "b")
    await store.close()


async def test_a_dropped_postgresql_connection_is_replaced_unnoticed(
    postgresql: PostgresqlServer, postgresql_url: str
) -> None:
    store = await open_store(postgresql_url)
    await store.save_fact("a", "b")
    with psycopg.connect(postgresql.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (database_name(postgresql_url),),
        )
    assert await store.fact("a") == "b"
    await store.close()


async def test_a_server_that_is_not_there_is_an_error_in_words() -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        await open_store("postgresql://user:geheim@127.0.0.1:1/studybot", patience=IMPATIENT)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:geheim@127.0.0.1:1/studybot",
        "mysql://user:geheim@127.0.0.1/studybot",
        "user:geheim@127.0.0.1",
        "postgresql://user:geheim@127.0.0.1:port/studybot",
    ],
)
async def test_no_error_tells_the_password_of_an_address(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        await open_store(url, patience=IMPATIENT)
    assert "geheim" not in str(caught.value)


async def test_an_error_does_not_tell_the_values_of_its_statement(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        await store.save_reading_position(1, "geheim")
    assert "geheim" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
async def test_sqlite_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="needs a file"):
        await open_store(url)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary, " * 100)
    with pytest.raises(StoreError, match="not a SQLite database"):
        await open_store(f"sqlite:///{path}")


async def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    await (await open_store(f"sqlite:///{tmp_path}/data/deep/studybot.db")).close()
    assert (tmp_path / "data" / "deep" / "studybot.db").is_file()


def test_a_missing_postgresql_driver_is_named() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from datetime import timedelta\n"
        "from bot.store.engine import connect\n"
        "from bot.errors import StoreError\n"
        "try: connect('postgresql://localhost/x', None, timedelta(1))\n"
        "except StoreError as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, timeout=30, capture_output=True, text=True
    )
    assert "studybot[postgresql]" in run.stdout


async def test_without_a_clock_the_databases_own_is_used(opened: OpenStore) -> None:
    store = await opened()
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert before < await store.now() < datetime.now(UTC) + timedelta(seconds=1)


async def test_the_databases_clock_does_not_stand_still(opened: OpenStore) -> None:
    store = await opened()
    first = await store.now()
    for n in range(20):  # 20 flushed commits take longer than the clock's millisecond
        await store.save_fact(f"{n}", "")
    assert await store.now() > first
