"""Copies of a SQLite database: whole while it is written to, checked, and brought back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.errors import StoreError
from bot.model import ChatKind, State
from bot.store import BOT_OFFICE, Store, check_backup, open_store, restore
from bot.store.schema import HEAD
from tests.clock import Clock
from tests.conftest import NewDatabase
from tests.ledger import settle_sent
from tests.store.conftest import CHOICE, NOON, TODAY, begin_one, claim_one, plan_push

CHAT = -100777


@pytest.fixture
def url(new_database: NewDatabase, tmp_path: Path) -> str:
    return new_database(tmp_path / "data" / "studybot.sqlite3")


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url, clock=Clock(NOON))
    yield opened
    await opened.close()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "copy.sqlite3"


def damage(file: Path) -> None:
    """Overwrite a stretch in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = b"\xff" * 9000
    file.write_bytes(content)


def mode_of(file: Path) -> int:
    return file.stat().st_mode & 0o777


def names_in(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


def database_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def test_a_copy_made_under_load_is_of_one_moment(store: Store, copy: Path) -> None:
    """Every transaction writes two rows alike: in no copy may they differ."""
    is_done = asyncio.Event()
    written = 0

    async def write() -> None:
        nonlocal written
        while not is_done.is_set():
            written += 1
            number = str(written)

            def both(connection: Connection, number: str = number) -> None:
                for name in ("left", "right"):
                    connection.exec_driver_sql(
                        "INSERT INTO facts VALUES (?, ?, '2026-11-24T12:00:00.000000Z') "
                        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                        (name, number),
                    )

            await store._database.write(both)

    writing = asyncio.create_task(write())
    seen = set()
    for number in range(10):
        file = copy.with_name(f"{number}.sqlite3")
        await store.back_up(file)
        with closing(sqlite3.connect(file)) as connection:
            facts = dict(connection.execute("SELECT name, value FROM facts"))
        assert facts.get("left") == facts.get("right")
        assert check_backup(file) == HEAD
        seen.add(facts.get("left"))
    is_done.set()
    await writing
    assert len(seen) > 1, "nothing was written meanwhile"


async def test_a_restored_copy_brings_back_subscriptions_and_the_ledger(
    store: Store, url: str, copy: Path
) -> None:
    subscription = await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store), 77)
    await store.back_up(copy)
    await store.meet_chat(-1005, ChatKind.SUPERGROUP, "later", "UTC")
    await store.deactivate_chat(CHAT, "kicked")
    await store.close()

    await restore(url, copy)
    restored = await open_store(url, clock=Clock(NOON))
    assert await restored.subscription(CHAT) == subscription
    (row,) = await restored.deliveries_on(CHAT, TODAY)
    assert (row.state, row.message_id, row.choice) == (State.SENT, 77, CHOICE)
    assert await restored.chat(-1005) is None
    await restored.close()


async def test_what_a_restore_replaces_is_kept_whole_beside_it(
    store: Store, url: str, copy: Path
) -> None:
    await store.back_up(copy)
    await store.save_fact("since", "then")
    await store.close()
    replaced = (await restore(url, copy)).replaced
    assert replaced is not None
    assert replaced.parent == database_of(url).parent
    kept = await open_store(f"sqlite:///{replaced}")
    assert await kept.fact("since") == "then"
    await kept.close()


async def test_a_restore_where_there_was_no_database_puts_one_there(
    store: Store, copy: Path, tmp_path: Path
) -> None:
    await store.save_fact("here", "too")
    await store.back_up(copy)
    elsewhere = f"sqlite:///{tmp_path / 'new' / 'studybot.sqlite3'}"
    assert (await restore(elsewhere, copy)).replaced is None
    restored = await open_store(elsewhere)
    assert await restored.fact("here") == "too"
    await restored.close()


async def test_a_restore_is_refused_while_anybody_has_the_database_open(
    store: Store, url: str, copy: Path
) -> None:
    await plan_push(store, CHAT)
    await store.back_up(copy)
    before = database_of(url).stat().st_ino
    with pytest.raises(StoreError, match="in use; stop the bot"):
        await restore(url, copy)
    assert database_of(url).stat().st_ino == before
    assert (await claim_one(store)).chat_id == CHAT


async def test_a_restore_is_refused_while_a_bot_runs(store: Store, url: str, copy: Path) -> None:
    await store.back_up(copy)
    office = store.office(BOT_OFFICE)
    assert await office.take()
    await store.close()
    with pytest.raises(StoreError, match="A bot is running"):
        await restore(url, copy)
    await office.leave()
    await restore(url, copy)


async def test_a_damaged_copy_is_refused_and_changes_nothing(
    store: Store, url: str, copy: Path
) -> None:
    for number in range(200):
        await store.save_fact(f"fact {number}", "x" * 500)
    await store.back_up(copy)
    await store.close()
    damage(copy)
    before = database_of(url).read_bytes()
    with pytest.raises(StoreError, match="damaged"):
        await restore(url, copy)
    assert database_of(url).read_bytes() == before


async def test_a_copy_of_a_newer_version_is_refused(store: Store, url: str, copy: Path) -> None:
    await store.back_up(copy)
    await store.close()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer than this program"):
        await restore(url, copy)


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0"])
async def test_a_file_that_is_no_copy_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.sqlite3"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="no backup of studybot"):
        check_backup(file)


async def test_the_file_of_a_database_in_use_is_no_copy(store: Store, url: str) -> None:
    await store.save_fact("written", "just now")
    with pytest.raises(StoreError, match="a database in use"):
        check_backup(database_of(url))


async def test_a_damaged_database_is_put_aside_as_it_is(store: Store, url: str, copy: Path) -> None:
    await store.back_up(copy)
    await store.close()
    database_of(url).write_bytes(b"no database any more")
    replaced = (await restore(url, copy)).replaced
    assert replaced is not None
    assert replaced.read_bytes() == b"no database any more"
    await (await open_store(url, upgrade=False)).close()


async def test_a_copy_is_readable_by_its_owner_only(store: Store, url: str, copy: Path) -> None:
    await store.back_up(copy)
    assert mode_of(copy) == 0o600
    await store.close()
    database_of(url).chmod(0o644)  # as SQLite makes it
    replaced = (await restore(url, copy)).replaced
    assert replaced is not None
    assert mode_of(database_of(url)) == mode_of(replaced) == 0o600
    assert {one.suffix for one in database_of(url).parent.iterdir()}.isdisjoint({".incoming"})


async def test_a_copy_that_cannot_be_written_leaves_nothing_behind(
    store: Store, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "copies"
    in_the_way.write_text("a file, not a folder")
    with pytest.raises(StoreError, match="cannot be written"):
        await store.back_up(in_the_way / "copy.sqlite3")
    target = tmp_path / "folder"
    (target / "inside").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be written"):
        await store.back_up(target)
    assert names_in(tmp_path) == {"copies", "data", "folder"}
