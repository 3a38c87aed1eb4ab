"""The job queue's tables: made once, brought to the installed version, apart from ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from bot.errors import StoreError
from bot.store import open_store
from bot.store.jobs import SCHEMA
from tests.postgresql_server import PostgresqlServer

MIGRATIONS = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
SHAPE = f"""
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = '{SCHEMA}'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT p.proname, md5(regexp_replace(p.prosrc, '\\s+', ' ', 'g')), ''
    FROM pg_proc p WHERE p.pronamespace = '{SCHEMA}'::regnamespace
    ORDER BY 1, 2, 3
"""


@pytest.fixture
def url(postgresql: PostgresqlServer) -> str:
    return postgresql.create_database()


async def upgrade(url: str) -> str:
    store = await open_store(url)
    try:
        return await store.upgrade_jobs()
    finally:
        await store.close()


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(statement.encode())
        return done.fetchall() if done.description else []


async def test_upgrading_again_changes_nothing(url: str) -> None:
    assert await upgrade(url) == await upgrade(url) == MIGRATIONS[-1].stem
    assert execute(url, f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs") == [(0,)]


async def test_its_tables_stand_apart_from_ours(url: str) -> None:
    await upgrade(url)
    in_public = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
    assert execute(url, f"{in_public} AND schemaname = 'public'") == []
    assert len(execute(url, f"{in_public} AND schemaname = '{SCHEMA}'")) >= 3


async def test_replicas_that_start_together_make_them_once(url: str) -> None:
    assert len(set(await asyncio.gather(*(upgrade(url) for _ in range(3))))) == 1


async def test_tables_of_an_older_procrastinate_become_those_of_the_installed_one(
    url: str, postgresql: PostgresqlServer
) -> None:
    await (await open_store(url)).close()
    old = next(one for one in MIGRATIONS if one.stem.startswith("03.02.00_50"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {SCHEMA}".encode())
        connection.execute(f"SET search_path TO {SCHEMA}".encode())
        for migration in MIGRATIONS[: MIGRATIONS.index(old) + 1]:
            connection.execute(migration.read_bytes())
        connection.execute(
            "INSERT INTO public.facts VALUES ('jobs at migration', %s, now())", [old.stem]
        )
    assert await upgrade(url) == MIGRATIONS[-1].stem
    fresh = postgresql.create_database()
    await upgrade(fresh)
    assert execute(url, SHAPE) == execute(fresh, SHAPE)


async def test_tables_newer_than_the_installed_procrastinate_are_refused(url: str) -> None:
    await upgrade(url)
    execute(url, "UPDATE facts SET value = '99.0' WHERE name = 'jobs at migration'")
    with pytest.raises(StoreError, match=r"at 99\.0, newer than the installed Procrastinate"):
        await upgrade(url)


async def test_sqlite_has_no_job_queue(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="needs PostgreSQL"):
        await upgrade(f"sqlite:///{tmp_path / 'studybot.db'}")
