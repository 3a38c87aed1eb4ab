"""A store on each engine: every test that asks for `store` or an address runs on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from bot.model import ChatKind, Choice, Delivery, Due, Subscription
from bot.store import Store, open_store
from bot.store.schema import HEAD, metadata
from tests.clock import Clock
from tests.conftest import NewDatabase, migrate
from tests.ledger import begin, plan
from tests.postgresql_server import PostgresqlServer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOON.date()
LEASE = timedelta(minutes=1)
GRACE = timedelta(hours=6)
CHOICE = Choice("q-2026-04-01", "round", "a-2026-04-03.2", "nearest")

OpenStore = Callable[..., Coroutine[Any, Any, Store]]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture(scope="session")
def postgresql_url(postgresql: PostgresqlServer) -> str:
    """The address of a migrated database that all tests share, one after another."""
    url = postgresql.create_database()
    migrate(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine; each test runs once with each."""
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'studybot.db'}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    yield server.create_database()


@pytest.fixture
def url(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, new_database: NewDatabase
) -> str:
    """The address of a database of this program's version, without rows."""
    if engine == "sqlite":
        return new_database(tmp_path / "studybot.db")
    address: str = request.getfixturevalue("postgresql_url")
    with psycopg.connect(address, autocommit=True) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        connection.execute("UPDATE alembic_version SET version_num = %s", (HEAD,))
    return address


@pytest.fixture
async def opened(url: str) -> AsyncIterator[OpenStore]:
    """Opens stores on the test's database, as other processes would; closes them afterwards."""
    stores: list[Store] = []

    async def open_one(**options: Any) -> Store:
        stores.append(await open_store(url, **options))
        return stores[-1]

    yield open_one
    for store in stores:
        await store.close()


@pytest.fixture
async def store(opened: OpenStore, clock: Clock) -> Store:
    """A store whose clock the test moves."""
    return await opened(clock=clock)


async def subscribe(store: Store, chat_id: int, **fields: Any) -> Subscription:
    """A subscription of a chat that is met for it, due at noon."""
    await store.meet_chat(chat_id, ChatKind.SUPERGROUP, f"chat {chat_id}", "Asia/Shanghai")
    return await store.save_subscription(
        replace(
            Subscription(
                chat_id=chat_id,
                push_at=time(20),
                zone="Asia/Shanghai",
                first_on=TODAY,
                edited_at=NOON - timedelta(days=1),
                next_due_at=NOON,
            ),
            **fields,
        )
    )


def due(on: date = TODAY, at: datetime = NOON, grace: timedelta = GRACE) -> Due:
    return Due(on, at, at + grace)


async def plan_push(store: Store, chat_id: int, *dues: Due) -> Subscription:
    """A subscribed chat with these dates in the ledger, today's when none is given."""
    found = await store.subscription(chat_id) or await subscribe(store, chat_id)
    assert found.next_due_at is not None
    next_due_at = found.next_due_at + timedelta(days=1)
    await plan(store, found, dues or (due(),), next_due_at)
    return replace(found, next_due_at=next_due_at)


async def claim_one(store: Store, owner: str = "first", lease: timedelta = LEASE) -> Delivery:
    """The one row that can be claimed."""
    (claimed,) = await store.claim(owner, 10, lease)
    return claimed


async def begin_one(store: Store, owner: str = "first", *, parts: int = 1) -> Delivery:
    """The one row that can be claimed, being sent."""
    begun = await begin(store, await claim_one(store, owner), CHOICE, parts=parts)
    assert begun is not None
    return begun
