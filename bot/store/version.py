"""The version of a database: which migration it is at, and bringing it to the newest.

Here live the check at start and the call of Alembic, which is loaded only when there is
something to migrate. What a migration does stands in `migrations/versions`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.engine import Database
from bot.store.schema import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number no other program locks: two replicas that start at once must not both migrate.
_UPGRADE_LOCK = 0x73747564_79626F74


async def current_revision(database: Database) -> str | None:
    """The migration the database is at; None when it is empty."""
    return await database.read(_current_revision)


async def check_version(database: Database) -> None:
    """Raise StoreError unless the database is at exactly this program's version."""
    revision = await current_revision(database)
    if revision != HEAD:
        raise StoreError(_difference(revision))


async def upgrade(database: Database) -> None:
    """Bring the database to this program's version; nothing to do is done at once.

    All or nothing, in one transaction, by one process at a time. Raises StoreError when the
    database is newer than this program.
    """
    if await current_revision(database) != HEAD:
        await database.write(_upgrade)


def refuse_unknown(revision: str) -> None:
    """Raise StoreError for the version of a database that this program cannot bring up."""
    if revision not in _known_revisions():
        raise StoreError(_difference(revision))


def alembic_config() -> Config:
    """Alembic's settings, which need no file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _current_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
    revision = _current_revision(connection)  # again: now that nobody else can move it
    if revision == HEAD:
        return
    if revision is not None and revision not in _known_revisions():
        raise StoreError(_difference(revision))
    _run_alembic(connection)


def _known_revisions() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _run_alembic(connection: Connection) -> None:
    from alembic import command

    config = alembic_config()
    attributes: dict[Any, Any] = config.attributes
    attributes["connection"] = connection
    command.upgrade(config, HEAD)


def _difference(revision: str | None) -> str:
    if revision is None:
        return "The database is empty; run: studybot db upgrade"
    if revision in _known_revisions():
        return (
            f"The database is at version {revision}, older than this program's {HEAD}; "
            "run: studybot db upgrade"
        )
    return (
        f"The database is at version {revision}, newer than this program's {HEAD}; "
        "install a newer studybot, or restore a backup from before."
    )
