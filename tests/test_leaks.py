"""The watch over the run sees a token wherever it is told: otherwise it proves nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from telegram.error import BadRequest

from bot.config import read_settings
from bot.errors import ConfigError
from tests import leaks

TOKEN = "123456789:" + "AbCdEfGhIj" * 3 + "KlMn_"
SAY = [sys.executable, "-c", f"import sys; print('{TOKEN}'); print('{TOKEN}', file=sys.stderr)"]

pytestmark = pytest.mark.tells_tokens


@pytest.fixture(autouse=True)
def nothing_before() -> None:
    leaks.LEAKS.take()


def seen() -> list[str]:
    """Where a token was seen meanwhile; what is told of it does not hold it."""
    found = leaks.LEAKS.take()
    assert not any(TOKEN in place for place in found)
    return [place.partition(":")[0] for place in found]


@pytest.mark.parametrize("name", ["bot.some", "asyncio", "aiohttp.client", "sqlalchemy.some"])
def test_a_token_in_a_message_is_seen_though_only_debugging_shows_it(name: str) -> None:
    logging.getLogger(name).debug("POST http://127.0.0.1/bot%s/getMe", TOKEN)
    assert seen() == ([] if name.startswith("sqlalchemy") else [f"logged by {name}"])


def test_a_token_in_a_fact_or_a_traceback_is_seen() -> None:
    log = logging.getLogger("bot.some")
    log.info("asked", extra={"url": TOKEN})
    log.error("failed", exc_info=OSError(TOKEN))
    assert seen() == ["logged by bot.some", "logged by bot.some"]


@pytest.mark.parametrize("kind", [ConfigError, BadRequest])
def test_a_token_in_an_error_is_seen_even_if_nobody_shows_it(kind: type[Exception]) -> None:
    kind(f"cannot reach bot{TOKEN}")
    assert seen() == [f"{kind.__name__} made"]


@pytest.mark.parametrize("kind", [ValueError, OSError, KeyError, aiohttp.InvalidURL])
def test_a_token_in_an_error_that_is_swallowed_is_seen(kind: type[Exception]) -> None:
    try:
        raise kind(f"http://127.0.0.1:x/bot{TOKEN}/getMe")
    except kind:
        pass
    assert seen() == [f"caught, {kind.__name__}"]


def test_a_token_in_what_an_error_came_from_is_seen() -> None:
    try:
        raise RuntimeError("failed") from OSError(TOKEN)
    except RuntimeError:
        pass
    assert seen() == ["caught, OSError"]


def test_a_token_in_an_error_that_is_suppressed_or_expected_is_seen() -> None:
    with contextlib.suppress(ValueError):
        raise ValueError(TOKEN)
    with pytest.raises(OSError, match="AbCd"):
        raise OSError(TOKEN)
    assert seen() == ["caught, ValueError", "caught, OSError"]


def test_a_token_in_an_error_of_python_that_the_bot_catches_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", f"/nowhere/{TOKEN}")
    with contextlib.suppress(ConfigError):
        read_settings()
    assert "caught, FileNotFoundError" in seen()


def test_a_token_in_a_warning_is_seen() -> None:
    with warnings.catch_warnings(record=True):
        warnings.warn(TOKEN, stacklevel=1)
    assert seen() == ["warned"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_token_in_the_error_that_ends_a_thread_is_seen() -> None:
    def fail() -> None:
        raise OSError(TOKEN)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "ended a thread, OSError" in seen()


async def test_a_token_in_what_an_event_loop_is_told_is_seen() -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, _context: None)
    loop.call_exception_handler({"message": "failed", "exception": OSError(TOKEN)})
    assert "told to the event loop, OSError" in seen()


def test_a_token_in_the_error_that_ends_a_process_is_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sys.excepthook(OSError, OSError(TOKEN), None)
    assert seen() == ["ended the process, OSError"]


def by_run() -> None:
    subprocess.run(SAY, capture_output=True, check=True)


def by_line() -> None:
    with subprocess.Popen(SAY, stdout=subprocess.PIPE, text=True) as said:
        assert said.stdout is not None
        assert said.stdout.readline().startswith("123456789")


def by_iterating_over_errors() -> None:
    with subprocess.Popen(SAY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as said:
        assert said.stderr is not None
        assert len(list(said.stderr)) == 1


def in_pieces() -> None:
    with subprocess.Popen(SAY, stdout=subprocess.PIPE) as said:
        assert said.stdout is not None
        while said.stdout.read(12):
            pass


def by_asyncio() -> None:
    async def run() -> None:
        said = await asyncio.create_subprocess_exec(*SAY, stdout=asyncio.subprocess.PIPE)
        await said.communicate()

    asyncio.run(run())


@pytest.mark.parametrize("read", [by_run, by_line, by_iterating_over_errors, in_pieces, by_asyncio])
def test_a_token_that_a_subprocess_says_is_seen_however_it_is_read(
    read: Callable[[], None],
) -> None:
    read()
    assert set(seen()) == {"said by a subprocess"}


ONE = f"""
import pathlib, subprocess

def test_prints(): print('{TOKEN}')

def test_lets_a_child_print(): subprocess.run(['echo', '{TOKEN}'])

def test_writes(tmp_path): (tmp_path / 'below').mkdir(); (
    tmp_path / 'below' / 'replica-0.txt').write_text('{TOKEN}')

def test_swallows():
    try:
        raise ValueError('{TOKEN}')
    except ValueError:
        pass

def test_is_given_one(tmp_path): (tmp_path / 'token.txt').write_text('{TOKEN}')
"""
OTHER = f"""
def test_writes_into_no_folder_of_its_own(tmp_path_factory):
    (tmp_path_factory.mktemp('shared') / 'replica-1.txt').write_text('{TOKEN}')
"""


def run(folder: Path, tests: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of its own, with this watch and these tests."""
    (folder / "test_it.py").write_text(tests, encoding="utf-8")
    words = ["-p", "no:cacheprovider", "-p", "tests.leaks", "--basetemp", str(folder / "base")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, *options, str(folder / "test_it.py")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(Path(leaks.__file__).parent.parent), "PATH": "/usr/bin:/bin"},
    )
    leaks.LEAKS.take()
    return done


def test_a_test_that_tells_a_token_fails(tmp_path: Path) -> None:
    done = run(tmp_path, ONE)
    assert done.returncode == 1, done.stdout
    assert "3 failed, 2 passed, 1 error in" in done.stdout
    assert done.stdout.count("a bot token was told:") >= 4
    assert done.stdout.count("captured (Captured stdout call)") == 2
    assert "written to replica-0.txt" in done.stdout
    assert "caught, ValueError" in done.stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_token_that_is_found_after_the_last_test_fails_the_run(
    tmp_path: Path, workers: str
) -> None:
    done = run(tmp_path, OTHER, "-n", workers)
    assert done.returncode == pytest.ExitCode.INTERNAL_ERROR, done.stdout
    assert "a bot token was told: written to replica-1.txt" in done.stdout
