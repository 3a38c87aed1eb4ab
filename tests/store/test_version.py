"""A database is brought to this program's version, and refused when it is newer."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import StoreError
from bot.store import open_store
from bot.store.engine import connect
from bot.store.schema import HEAD, metadata
from bot.store.version import alembic_config
from tests.conftest import NewDatabase
from tests.store.conftest import LEASE


async def execute(url: str, statement: str) -> None:
    """One statement on a database, past the store."""
    database = connect(url, None, LEASE)
    await database.write(lambda connection: connection.execute(text(statement)))
    await database.close()


def test_the_head_the_program_knows_is_where_the_migrations_end() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD


async def test_an_empty_database_is_brought_to_the_newest_version(empty_url: str) -> None:
    store = await open_store(empty_url)
    assert await store.current_revision() == HEAD
    await store.check_version()
    await store.close()


async def test_migrations_make_exactly_the_tables_the_program_uses(empty_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    await (await open_store(empty_url)).close()
    database = connect(empty_url, None, LEASE)
    found = await database.read(differences)
    await database.close()
    assert found == []


async def test_sqlite_and_the_program_agree_on_every_definition(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    """What compare_metadata does not see: partial indexes, checks, AUTOINCREMENT."""
    listing = text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    migrated = connect(new_database(tmp_path / "migrated.db"), None, LEASE)
    made = connect(f"sqlite:///{tmp_path / 'made.db'}", None, LEASE)

    async def definitions(database: object) -> dict[str, str]:
        rows = await database.read(lambda one: one.execute(listing))  # type: ignore[attr-defined]
        return {row.name: " ".join(row.sql.split()) for row in rows}

    await made.write(metadata.create_all)
    from_program = await definitions(made)
    from_migrations = await definitions(migrated)
    del from_migrations["alembic_version"]
    await made.close()
    await migrated.close()
    assert from_migrations == from_program


async def test_an_empty_database_is_refused_where_nobody_asked_to_upgrade(empty_url: str) -> None:
    with pytest.raises(StoreError, match="studybot db upgrade"):
        await open_store(empty_url, upgrade=False)


@pytest.mark.parametrize("upgrade", [True, False])
async def test_a_database_newer_than_the_program_is_refused(url: str, upgrade: bool) -> None:
    await execute(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="version 9999, newer than this program"):
        await open_store(url, upgrade=upgrade)


async def test_processes_that_start_together_upgrade_once(empty_url: str) -> None:
    stores = await asyncio.gather(*(open_store(empty_url) for _ in range(4)))
    assert {await store.current_revision() for store in stores} == {HEAD}
    for store in stores:
        await store.close()


def test_opening_a_database_of_this_version_does_not_load_alembic(url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.store import open_store\n"
        "async def main():\n"
        "    await (await open_store(sys.argv[1])).close()\n"
        "asyncio.run(main())\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program, url], check=True, timeout=30)


def test_the_store_is_imported_without_a_postgresql_driver() -> None:
    program = "import sys; sys.modules['psycopg'] = None; import bot.store"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
