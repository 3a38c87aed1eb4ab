"""What every test may use."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.config import choose_durations
from bot.corpus.load import load_corpus
from bot.model import Corpus
from bot.search.index import Index, open_index
from bot.store import open_store
from tests.crashes import pytest_sessionfinish, pytest_testnodedown
from tests.postgresql_server import PostgresqlServer, postgresql_server

# pytest looks for its hooks here.
__all__ = [
    "pytest_sessionfinish",
    "pytest_testnodedown",
]

ROOT = Path(__file__).resolve().parent.parent

# Given where it is to lie: the address of a database of this program's version, without rows.
NewDatabase = Callable[[Path], str]
# Given where it is to lie: that data directory, as a bot that served the shipped corpus left it.
NewDataDir = Callable[[Path], Path]


def pytest_configure(config: pytest.Config) -> None:
    """Before any test is read: have durations as the bot has them."""
    choose_durations()
    config.addinivalue_line("markers", "long: of a file that takes long, and so is begun early")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long goes first, so that in the end no process of a run waits for another."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


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
def corpus(shipped_corpus: Path) -> Corpus:
    """What these compilations say."""
    return load_corpus([shipped_corpus])


@pytest.fixture(scope="session")
def index_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of the shipped corpus is kept, once there is one."""
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def index(corpus: Corpus, index_home: Path) -> Index:
    """The index of the shipped corpus."""
    return open_index(corpus, index_home)


@pytest.fixture(scope="session")
def new_data_dir(index: Index, index_home: Path, new_database: NewDatabase) -> NewDataDir:
    """Makes data directories with an index, the words of it counted, and a database."""
    index.warm()

    def make(path: Path) -> Path:
        shutil.copytree(index_home, path / "index")
        new_database(path / "studybot.sqlite3")
        return path

    return make


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
