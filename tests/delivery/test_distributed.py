"""The engine for many processes: the queue carries, the ledger decides, no job is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from bot.delivery import plan
from bot.delivery.distributed import Distributed
from bot.local.world import LocalChat
from bot.model import Corpus, State
from bot.store import open_store
from bot.store.jobs import SCHEMA
from bot.study.choice import Nearest
from tests.clock import Clock
from tests.delivery.conftest import SHANGHAI, Scene, scene_on
from tests.postgresql_server import PostgresqlServer

SECONDS = 20.0


class RealClock(Clock):
    """The time as it is: the queue has no other."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@pytest.fixture
def url(postgresql: PostgresqlServer) -> str:
    return postgresql.create_database()


@pytest.fixture
async def scene(url: str, corpus: Corpus, nearest: Nearest) -> AsyncIterator[Scene]:
    """The scene of delivery on PostgreSQL, by the database's own clock."""
    store = await open_store(url)
    await store.upgrade_jobs()
    async with scene_on(store, RealClock(), corpus, nearest) as made:
        yield made
    await store.close()


@asynccontextmanager
async def running(scene: Scene, replicas: int = 1) -> AsyncIterator[list[Distributed]]:
    engines = [Distributed(scene.store, scene.worker()) for _ in range(replicas)]
    for engine in engines:
        await engine.start()
    try:
        yield engines
    finally:
        await asyncio.wait_for(asyncio.gather(*(engine.stop() for engine in engines)), timeout=10)


async def due(scene: Scene) -> LocalChat:
    """A group whose push came due a minute ago, and is not planned yet."""
    group = scene.group()
    at = (scene.clock() - timedelta(minutes=1)).astimezone(ZoneInfo(SHANGHAI))
    await scene.subscribe(
        group,
        push_at=time(at.hour, at.minute),
        first_on=at.date(),
        edited_at=scene.clock() - timedelta(days=2),
    )
    return group


async def until(scene: Scene, condition: Callable[[], object]) -> None:
    """Wait for what may be no doing of Telegram's, so look now and then."""
    give_up_at = asyncio.get_running_loop().time() + SECONDS
    while True:
        try:
            await scene.telegram.until(condition, 0.1)
            return
        except TimeoutError:
            if asyncio.get_running_loop().time() > give_up_at:
                raise


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(statement.encode())
        return done.fetchall() if done.description else []


async def jobs(url: str, status: str) -> list[tuple[object, ...]]:
    asked = f"SELECT task_name FROM {SCHEMA}.procrastinate_jobs WHERE status = '{status}'"
    return await asyncio.to_thread(execute, url, asked)


async def test_what_came_due_while_nobody_looked_is_delivered_at_the_start(scene: Scene) -> None:
    group = await due(scene)
    async with running(scene):
        await until(scene, lambda: scene.texts(group))


async def test_replicas_share_what_is_due_and_push_it_once(scene: Scene) -> None:
    groups = [await due(scene) for _ in range(6)]
    async with running(scene, replicas=3):
        await until(scene, lambda: all(scene.texts(group) for group in groups))
    assert [len(scene.texts(group)) for group in groups] == [1] * 6


async def test_what_was_planned_without_any_job_is_delivered_too(scene: Scene) -> None:
    async with running(scene):
        early = await due(scene)
        await plan.tick(scene.store)
        await until(scene, lambda: scene.texts(early))
        late = await due(scene)
        await plan.tick(scene.store)
        await until(scene, lambda: scene.texts(late))


async def test_when_every_connection_is_cut_the_engine_goes_on(scene: Scene, url: str) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    mine = f"{cut} AND datname = current_database()"
    async with running(scene):
        first = await due(scene)
        await plan.tick(scene.store)
        await until(scene, lambda: scene.texts(first))
        await asyncio.to_thread(execute, url, mine)
        second = await due(scene)
        await plan.tick(scene.store)
        await until(scene, lambda: scene.texts(second))


async def test_the_queue_is_used_again_after_it_could_not_be(
    scene: Scene, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(execute, url, f"ALTER SCHEMA {SCHEMA} RENAME TO away")
    group = await due(scene)
    async with running(scene):
        await until(scene, lambda: "the job queue stopped" in caplog.text)
        assert scene.texts(group) == []
        await asyncio.to_thread(execute, url, f"ALTER SCHEMA away RENAME TO {SCHEMA}")
        await until(scene, lambda: scene.texts(group))


async def test_jobs_that_a_dead_replica_left_are_taken_away(scene: Scene, url: str) -> None:
    left = f"""
        INSERT INTO {SCHEMA}.procrastinate_jobs (queue_name, task_name, status, args)
        VALUES ('studybot', 'tick', 'doing', '{{"timestamp": 0}}')
    """
    await asyncio.to_thread(execute, url, f"SET search_path TO {SCHEMA}; {left}")
    async with running(scene):
        for _ in range(400):
            if not await jobs(url, "doing"):
                break
            await asyncio.sleep(0.05)
        assert await jobs(url, "doing") == []


async def test_an_engine_that_stopped_holds_no_lease_and_no_job(scene: Scene, url: str) -> None:
    group = await due(scene)
    async with running(scene):
        await until(scene, lambda: scene.texts(group))
    at = (scene.clock() - timedelta(minutes=1)).astimezone(ZoneInfo(SHANGHAI))
    row = await scene.row(group, at.date())
    assert (row.state, row.lease_owner) == (State.SENT, "")
    assert await jobs(url, "doing") == []
