"""The scenes of the fault table: as delivery's, on either engine, and what goes wrong in them."""

from __future__ import annotations

import contextlib
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.plan import tick
from bot.local.world import LocalChat
from bot.model import Corpus
from bot.store import Store, open_store
from bot.study.choice import Nearest
from tests.bot_api_server import Fault, FaultKind
from tests.clock import Clock
from tests.delivery.conftest import (  # noqa: F401 - fixtures are found by name
    MORNING,
    Scene,
    clock,
    nearest,
    scene,
    scene_on,
    store,
)
from tests.postgresql_server import PostgresqlServer

ACTED = [
    Fault(FaultKind.LOSE_REPLY),
    Fault(FaultKind.TRUNCATE),
    Fault(FaultKind.NOT_JSON),
    Fault(FaultKind.DELAY, seconds=0.5),  # longer than the transport of the scene reads
]


@pytest.fixture
async def on_postgresql(
    clock: Clock,  # noqa: F811
    corpus: Corpus,
    nearest: Nearest,  # noqa: F811
    postgresql: PostgresqlServer,
) -> AsyncIterator[Scene]:
    """The scene with its ledger on PostgreSQL."""
    url = postgresql.create_database()
    ledger = await open_store(url, clock=clock, draw_seed=lambda: 20261124)
    async with scene_on(ledger, clock, corpus, nearest) as made:
        yield made
    await ledger.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest) -> Scene:
    """The scene on each engine, one after the other."""
    found: Scene = request.getfixturevalue(
        "scene" if request.param == "sqlite" else "on_postgresql"
    )
    return found


def status(code: int, description: str = "", **parameters: Any) -> Fault:
    """An error of the Bot API; nothing was done."""
    return Fault(FaultKind.STATUS, 0, code, description, parameters or None)


async def planned(scene: Scene, chats: list[LocalChat]) -> list[LocalChat]:  # noqa: F811
    """These chats, subscribed: it is morning, and their pushes are in the ledger."""
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    await tick(scene.store)
    return chats


async def morning(scene: Scene, *faults: Fault | None) -> LocalChat:  # noqa: F811
    """A group whose push has just been tried, with these faults."""
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    scene.fail(*faults)
    await scene.push()
    return group


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program holds the database's write lock."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextlib.contextmanager
def full_disk(database: Path) -> Iterator[None]:
    """No file of this process may grow beyond what the database's log has now."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = database.with_name(database.name + "-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def impatient(scene: Scene, database: Path) -> Store:  # noqa: F811
    """The scene's store, opened once more, so that it does not wait for a locked database."""
    return await open_store(
        f"sqlite:///{database}", clock=scene.clock, patience=timedelta(milliseconds=50)
    )
