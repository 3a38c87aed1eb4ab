"""March, lived once for all that is told of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.month.march import Record, march


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, shipped_corpus: Path) -> Record:
    """What is left of the month."""
    home = tmp_path_factory.mktemp("march")
    for name in ("first", "second"):
        (home / name).mkdir()
    return asyncio.run(march(home, shipped_corpus))
