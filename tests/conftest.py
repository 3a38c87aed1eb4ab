"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

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
