"""What every test may use."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.store import open_store
from tests.leaks import pytest_configure, pytest_runtest_makereport
from tests.postgresql_server import PostgresqlServer, postgresql_server

# pytest looks for its hooks here.
__all__ = ["pytest_configure", "pytest_runtest_makereport"]

ROOT = Path(__file__).resolve().parent.parent

# Given where it is to lie: the address of a database of this program's version, without rows.
NewDatabase = Callable[[Path], str]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The read-only folder beside the checkout that holds the booklet and the Bot API spec."""
    folder = ROOT.parent / "shared"
    assert (folder / "data" / "compilation-2026-04.md").is_file(), f"no booklet in {folder}"
    return folder


@pytest.fixture(scope="session")
def shipped_corpus() -> Path:
    """The folder of compilations that the repository carries."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server for the whole run."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Makes SQLite databases by copying one: migrating each takes a tenth of a second."""
    template = tmp_path_factory.mktemp("template") / "studybot.sqlite3"
    migrate(f"sqlite:///{template}")

    def copy(path: Path) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return copy


def migrate(url: str) -> None:
    """Bring the database at this address to this program's version."""

    async def open_and_close() -> None:
        await (await open_store(url)).close()

    asyncio.run(open_and_close())
