"""Procrastinate's tables, beside ours in the same database, and the way to them.

Here lives the care for the job queue's schema, which is Procrastinate's own: its SQL comes
from its `SchemaManager` and is never written here. What jobs there are, and what they do,
is `delivery.distributed`'s business. Procrastinate is loaded only by who asks for it.

The tables stand in a schema of their own, so that nothing of ours can be taken for them. A
fact remembers the migration they are at: when a newer Procrastinate is installed, the
migrations that came with it since are run, in the same transaction as the note.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text

from bot.errors import StoreError
from bot.store.engine import Part, reads
from bot.store.facts import find_fact, put_fact

if TYPE_CHECKING:
    from bot.store.connector import JobConnector

SCHEMA: Final = "studybot_jobs"

_FACT: Final = "jobs at migration"
_UPGRADE_LOCK: Final = 0x73747564_6A6F6273


class Jobs(Part):
    """The store's share that keeps the job queue's tables. PostgreSQL only."""

    async def upgrade_jobs(self) -> str:
        """Make the job queue's tables, or bring them to the installed Procrastinate's version.

        Returns the migration they are at. Nothing to do is done at once; of several processes
        one does it. Raises StoreError when there is no Procrastinate, no PostgreSQL, or the
        tables are newer than what is installed.
        """
        newest = _migrations(self._need())[-1].stem
        if await self._jobs_at() != newest:
            await self._database.write(self._upgrade)
        return newest

    def job_connector(self) -> JobConnector:
        """Procrastinate's way to its tables, not opened yet. Raises StoreError as above."""
        self._need()
        from bot.store.connector import JobConnector

        return JobConnector(self._database.postgresql_address, SCHEMA)

    @reads
    def _jobs_at(self, connection: Connection) -> str | None:
        return find_fact(connection, _FACT)

    def _upgrade(self, connection: Connection) -> None:
        lock = text("SELECT pg_advisory_xact_lock(:lock)")
        connection.execute(lock, {"lock": _UPGRADE_LOCK})
        migrations = _migrations(self._need())
        newest = migrations[-1].stem
        noted = find_fact(connection, _FACT)  # again: now that nobody else can change it
        if noted is not None and noted > newest:
            raise StoreError(
                f"The job tables are at {noted}, newer than the installed Procrastinate's "
                f"{newest}; install a newer one: pip install -U 'studybot[postgresql]'"
            )
        if noted is None:
            from procrastinate.schema import SchemaManager

            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            _run(connection, SchemaManager.get_schema())
        for migration in migrations:
            if noted is not None and migration.stem > noted:
                _run(connection, migration.read_text(encoding="utf-8"))
        put_fact(connection, _FACT, newest, self._database.now())

    def _need(self) -> Path:
        """Where the installed Procrastinate keeps its migrations. Raises StoreError."""
        if self._database.is_sqlite:
            raise StoreError("The job queue needs PostgreSQL, and this database is SQLite.")
        try:
            from procrastinate.schema import SchemaManager
        except ModuleNotFoundError as error:
            raise StoreError(
                "The distributed engine needs Procrastinate; install it with: "
                "pip install 'studybot[postgresql]'"
            ) from error
        return Path(SchemaManager.get_migrations_path())


def _migrations(folder: Path) -> list[Path]:
    """In the order in which they are run, which is that of their names."""
    return sorted(folder.glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    """A script of many statements, as it is: the driver takes one only without parameters."""
    connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
    raw: Any = connection.connection.driver_connection
    raw.execute(script)
    connection.execute(text("SET LOCAL search_path TO DEFAULT"))
