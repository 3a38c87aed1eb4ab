"""What every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaks import pytest_configure, pytest_runtest_makereport
from tests.postgresql_server import PostgresqlServer, postgresql_server

# pytest looks for its hooks here.
__all__ = ["pytest_configure", "pytest_runtest_makereport"]

ROOT = Path(__file__).resolve().parent.parent


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
