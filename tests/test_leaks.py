"""The watch over the run sees a token wherever it is told: otherwise it proves nothing."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from telegram.error import BadRequest

from bot.errors import ConfigError
from tests import leaks

TOKEN = "123456789:" + "AbCdEfGhIj" * 3 + "KlMn_"

pytestmark = pytest.mark.tells_tokens


@pytest.fixture(autouse=True)
def nothing_before() -> None:
    leaks.LEAKS.take()


def test_a_token_in_a_message_a_fact_or_a_traceback_is_seen() -> None:
    log = logging.getLogger("bot.some")
    log.debug("POST http://127.0.0.1/bot%s/getMe", TOKEN)
    log.info("asked", extra={"url": TOKEN})
    try:
        raise OSError(TOKEN)
    except OSError:
        log.exception("failed")
    assert len(leaks.LEAKS.take()) == 3


@pytest.mark.parametrize("kind", [ConfigError, BadRequest])
def test_a_token_in_an_error_is_seen_even_if_nobody_shows_it(kind: type[Exception]) -> None:
    kind(f"cannot reach bot{TOKEN}")
    (found,) = leaks.LEAKS.take()
    assert TOKEN not in found


def test_a_token_that_a_subprocess_says_is_seen() -> None:
    subprocess.run([sys.executable, "-c", f"print('{TOKEN}')"], capture_output=True, check=True)
    assert len(leaks.LEAKS.take()) == 1


def test_a_test_that_tells_a_token_fails(pytester_like: Path) -> None:
    """A run of its own, with this repository's hooks and one test that prints a token."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(pytester_like)],
        cwd=pytester_like,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(Path(leaks.__file__).parent.parent), "PATH": ""},
    )
    leaks.LEAKS.take()
    assert done.returncode == 1
    assert "a bot token was told:" in done.stdout
    assert "captured (Captured stdout call)" in done.stdout
    assert "written to log.txt" in done.stdout


@pytest.fixture
def pytester_like(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(
        "from tests.leaks import pytest_configure, pytest_runtest_makereport\n"
    )
    (tmp_path / "test_one.py").write_text(
        f"def test_prints(): print('{TOKEN}')\n"
        f"def test_writes(tmp_path): (tmp_path / 'log.txt').write_text('{TOKEN}')\n"
    )
    return tmp_path
