"""The whole run is watched for bot tokens: no log line, output or error may hold one.

Here live the watch over a test run and its pytest hooks (imported by `conftest`). A token is
known by its form, not by its value, so that no test has to remember to look. Looked at are

- every record that is logged, before any redaction: its message, its facts, its traceback;
- every error of ours or of python-telegram-bot's that is made, caught or not;
- what subprocesses are heard to say, and log files in the tests' folders;
- what pytest captured and reports of each test.

A test that logs or makes such a thing on purpose is marked `tells_tokens`.
"""

from __future__ import annotations

import functools
import logging
import re
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from telegram.error import TelegramError

from bot.errors import StudybotError

# A bot's id, a colon and 35 characters; see bot.logs, which is not asked here on purpose.
_TOKEN = re.compile(r"(?<!\d)\d{5,20}:[A-Za-z0-9_-]{30,}")
_LOG_FILES = ("*.log", "log*.txt", "*.out", "*.err")
_PLAIN = frozenset(vars(logging.makeLogRecord({})))


class Leaks:
    """The places where a token was seen, since they were last taken."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def look(self, where: str, text: object) -> None:
        """Note the place if there is a token in the text."""
        shown = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
        if _TOKEN.search(shown):
            self._found.append(f"{where}: {_TOKEN.sub('<TOKEN>', shown)[:300]}")

    def take(self) -> list[str]:
        """What was found; it is forgotten then."""
        found, self._found = self._found, []
        return found


LEAKS = Leaks()


class _Listener(logging.Handler):
    """Hears every record of the run as it was logged."""

    def emit(self, record: logging.LogRecord) -> None:
        facts = {name: fact for name, fact in vars(record).items() if name not in _PLAIN}
        where = f"logged by {record.name}"
        LEAKS.look(where, record.getMessage())
        LEAKS.look(where, facts)
        if record.exc_info:
            LEAKS.look(where, logging.Formatter().formatException(record.exc_info))


def _watch_errors(root: type[Exception]) -> None:
    """Look at the words of every error of this family when it is made."""
    plain = root.__init__

    @functools.wraps(plain)
    def watched(self: Exception, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        LEAKS.look(f"{type(self).__name__} made", [str(self), *args])

    setattr(root, "__init__", watched)  # noqa: B010 - mypy forbids to assign it


def _watch_subprocesses() -> None:
    """Look at what `run`, `check_output` and the like hear."""
    plain = subprocess.Popen.communicate

    @functools.wraps(plain)
    def watched(self: subprocess.Popen[Any], *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        said = plain(self, *args, **kwargs)
        for stream in said:
            if stream:
                LEAKS.look("said by a subprocess", stream)
        return said

    setattr(subprocess.Popen, "communicate", watched)  # noqa: B010 - as above


def _look_at_files(item: pytest.Item) -> None:
    """Look at the logs that a test's processes wrote into its own folder."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if not isinstance(folder, Path) or not folder.is_dir():
        return
    for pattern in _LOG_FILES:
        for file in folder.rglob(pattern):
            LEAKS.look(f"written to {file.name}", file.read_bytes())


# --------------------------------------------------------------------------- pytest's hooks


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch."""
    config.addinivalue_line("markers", "tells_tokens: logs or makes a token on purpose")
    _watch_errors(TelegramError)
    _watch_errors(StudybotError)
    _watch_subprocesses()
    root = logging.getLogger()
    root.addHandler(_Listener(logging.DEBUG))
    # Libraries at INFO: when debugging, python-telegram-bot does log its addresses, token and
    # all. That what comes out then has none either, is seen on a process that logs at DEBUG.
    root.setLevel(logging.INFO)
    logging.getLogger("bot").setLevel(logging.DEBUG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail the test in which a token was seen."""
    report = yield
    for title, text in report.sections:
        if not title.endswith(call.when):
            continue  # looked at before
        LEAKS.look(f"captured ({title})", text)
    LEAKS.look("reported", report.longreprtext)
    if call.when == "teardown":
        _look_at_files(item)
    found = LEAKS.take()
    if found and item.get_closest_marker("tells_tokens") is None:
        report.outcome = "failed"
        report.longrepr = "a bot token was told:\n" + "\n".join(found)
    return report
