"""The whole run is watched for bot tokens: no log line, output, file or error may hold one.

Here live the watch over a test run and its pytest hooks (pyproject.toml names this module as a
plugin, so that it begins before anything of ours is imported). A token is known by its form, not
by its value, so that no test has to remember to look. Looked at are

- every record that is logged, before any redaction: its message, its facts, its traceback. From
  DEBUG on, but for python-telegram-bot and its HTTP library, whose own DEBUG tells addresses;
- every error of ours or of python-telegram-bot's that is made, caught or not, and every error of
  whatever kind that an `except` of ours catches, with what it came from (see `handlers`);
- what no `except` catches: in a thread, in an event loop, at the end of a process; and warnings;
- what subprocesses say, whether it is gathered, read from a pipe or inherited;
- what pytest captured and reports of each test;
- every text file in the run's folder: a test's own when it ends, all others when the run does.

A test that logs or makes such a thing on purpose is marked `tells_tokens`. A file named `token` or
`bot_token`, with any ending, is how a bot is given its token. Not seen is what a library catches
from itself, or a subprocess does not say.
"""

from __future__ import annotations

import asyncio.base_events
import asyncio.subprocess
import functools
import logging
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram.error import TelegramError

from bot.errors import StudybotError
from tests import handlers

# A bot's id, a colon and 35 characters; see bot.logs, which is not asked here on purpose.
_TOKEN = re.compile(r"(?<!\d)\d{5,20}:[A-Za-z0-9_-]{30,}")
_LONGEST = 400  # characters: no token, and nothing that hides one, is cut where it is this long
_HEAD_BYTES = 4096  # of a file: what is no text has a zero among them
_GIVEN = ("token", "bot_token")  # and any ending
# aiohttp names addresses in its errors. There they end: what goes on is made anew.
_WHERE_ADDRESSES_END = "bot.delivery.transport"
_PLAIN = frozenset(vars(logging.makeLogRecord({})))
_ALREADY_LOOKED_AT = pytest.StashKey[set[Path]]()
_AT_THE_END = pytest.StashKey[list[str]]()


class Leaks:
    """The places where a token was seen, since they were last taken."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def look(self, where: str, text: object) -> None:
        """Note the place if there is a token in the text."""
        shown = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
        if _TOKEN.search(shown):
            self._found.append(f"{where}: {_TOKEN.sub('<TOKEN>', shown)[:300]}")

    def look_at_error(self, where: str, error: BaseException | None) -> None:
        """Note the place if there is one in its words or in those of what it came from."""
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            self.look(f"{where}, {type(error).__name__}", [str(error), *error.args])
            error = error.__cause__ or error.__context__

    def take(self) -> list[str]:
        """What was found, each place once; it is forgotten then."""
        found, self._found = list(dict.fromkeys(self._found)), []
        return found


LEAKS = Leaks()


class _Listener(logging.Handler):
    """Hears every record of the run as it was logged."""

    def emit(self, record: logging.LogRecord) -> None:
        facts = {name: fact for name, fact in vars(record).items() if name not in _PLAIN}
        where = f"logged by {record.name}"
        LEAKS.look(where, record.getMessage())
        if facts:
            LEAKS.look(where, facts)
        if record.exc_info:
            LEAKS.look(where, logging.Formatter().formatException(record.exc_info))


# ------------------------------------------------------------------------------ errors


def _watch_errors(root: type[Exception]) -> None:
    """Look at the words of every error of this family when it is made."""
    plain = root.__init__

    @functools.wraps(plain)
    def watched(self: Exception, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        LEAKS.look(f"{type(self).__name__} made", [str(self), *args])

    setattr(root, "__init__", watched)  # noqa: B010 - mypy forbids to assign it


def _look_before(owner: Any, name: str, look: Callable[..., None]) -> None:
    """Have what this function is called with looked at, then go on as it does."""
    plain = getattr(owner, name)

    @functools.wraps(plain)
    def watched(*args: Any, **kwargs: Any) -> Any:
        look(*args, **kwargs)
        return plain(*args, **kwargs)

    setattr(owner, name, watched)


def _watch_what_nobody_catches() -> None:
    """Look at what ends a thread, a task or a process, and at every warning that is shown."""

    def in_thread(args: threading.ExceptHookArgs) -> None:
        LEAKS.look_at_error("ended a thread", args.exc_value)

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        LEAKS.look("told to the event loop", context)
        LEAKS.look_at_error("told to the event loop", context.get("exception"))

    def at_the_end(_kind: object, error: BaseException, _trace: object) -> None:
        LEAKS.look_at_error("ended the process", error)

    def in_warning(_self: object, message: Warning | str, *_args: Any, **_kwargs: Any) -> None:
        LEAKS.look("warned", message)

    _look_before(threading, "excepthook", in_thread)
    _look_before(asyncio.base_events.BaseEventLoop, "call_exception_handler", in_loop)
    _look_before(sys, "excepthook", at_the_end)
    _look_before(warnings.WarningMessage, "__init__", in_warning)


# ------------------------------------------------------------------------ subprocesses


class _Heard:
    """The pipe of a subprocess: all that is read from it is looked at. Else it is as it was."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._before: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipe, name)

    def __enter__(self) -> _Heard:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pipe.close()

    def __iter__(self) -> Iterator[Any]:
        while line := self.readline():
            yield line

    def __next__(self) -> Any:
        return self._look(next(self._pipe))

    def read(self, *size: int) -> Any:
        return self._look(self._pipe.read(*size))

    def read1(self, *size: int) -> Any:
        return self._look(self._pipe.read1(*size))

    def readline(self, *size: int) -> Any:
        return self._look(self._pipe.readline(*size))

    def readlines(self, *hint: int) -> list[Any]:
        return [self._look(line) for line in self._pipe.readlines(*hint)]

    def _look(self, said: Any) -> Any:
        """The same; a token may have come in two pieces."""
        if said:
            heard = said if self._before is None else self._before + said
            LEAKS.look("said by a subprocess", heard)
            self._before = heard[-_LONGEST:]
        return said


def _watch_subprocesses() -> None:
    """Look at what they say: gathered by `run` and the like, read from a pipe, or by asyncio."""
    begin, gather = subprocess.Popen.__init__, subprocess.Popen.communicate

    @functools.wraps(begin)
    def begun(self: subprocess.Popen[Any], *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        for name in ("stdout", "stderr"):
            if (pipe := getattr(self, name)) is not None:
                setattr(self, name, _Heard(pipe))

    @functools.wraps(gather)
    def gathered(self: subprocess.Popen[Any], *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        said = gather(self, *args, **kwargs)
        for stream in said:
            if stream:
                LEAKS.look("said by a subprocess", stream)
        return said

    def received(_self: object, _descriptor: int, data: bytes) -> None:
        LEAKS.look("said by a subprocess", data)

    setattr(subprocess.Popen, "__init__", begun)  # noqa: B010 - as above
    setattr(subprocess.Popen, "communicate", gathered)  # noqa: B010 - as above
    _look_before(asyncio.subprocess.SubprocessStreamProtocol, "pipe_data_received", received)


# ------------------------------------------------------------------------------- files


def _look_at_files(folder: Path, but: frozenset[Path] | set[Path] = frozenset()) -> None:
    """Look at every text file in this folder and below, without those folders."""
    for path in folder.iterdir():
        if path.is_symlink() or path in but:
            continue
        if path.is_dir():
            _look_at_files(path, but)
        elif path.is_file() and path.stem not in _GIVEN:
            _look_at_file(path)


def _look_at_file(path: Path) -> None:
    with path.open("rb") as file:
        content = file.read(_HEAD_BYTES)
        if b"\0" not in content:
            LEAKS.look(f"written to {path.name}", content + file.read())


# --------------------------------------------------------------------------- pytest's hooks


def _runs_tests(config: pytest.Config) -> bool:
    """False of the process that only gathers what others of its run found."""
    return hasattr(config, "workerinput") or config.getoption("dist", "no") == "no"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before anything of ours is imported but this, and what this needs."""

    def look(error: BaseException, by: str) -> None:
        if by != _WHERE_ADDRESSES_END:
            LEAKS.look_at_error("caught", error)

    handlers.show_what_is_caught(look)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch; last, for pytest puts itself in where a thread's errors end."""
    config.addinivalue_line("markers", "tells_tokens: logs or makes a token on purpose")
    config.stash[_ALREADY_LOOKED_AT] = set()
    config.stash[_AT_THE_END] = []
    _watch_errors(TelegramError)
    _watch_errors(StudybotError)
    _watch_what_nobody_catches()
    if _runs_tests(config):  # else the subprocesses are those that do
        _watch_subprocesses()
    root = logging.getLogger()
    root.addHandler(_Listener(logging.DEBUG))
    root.setLevel(logging.DEBUG)
    # When debugging, these do log their addresses, token and all. That what comes out then has
    # none, is seen on a process that logs at DEBUG.
    for telling in ("telegram", "httpx", "httpcore"):
        logging.getLogger(telling).setLevel(logging.INFO)


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
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        if isinstance(folder, Path) and folder.is_dir():
            _look_at_files(folder)
            item.config.stash[_ALREADY_LOOKED_AT].add(folder)
    found = LEAKS.take()
    if found and item.get_closest_marker("tells_tokens") is None:
        report.outcome = "failed"
        report.longrepr = "a bot token was told:\n" + "\n".join(found)
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look at what is left: no test is to blame, so the whole run fails for it.

    With the status of an internal error: what failed would pass when it is tried again alone.
    """
    config = session.config
    if _runs_tests(config):
        _look_at_files(
            config._tmp_path_factory.getbasetemp(),  # type: ignore[attr-defined]
            config.stash[_ALREADY_LOOKED_AT],
        )
    config.stash[_AT_THE_END] += LEAKS.take()
    if hasattr(config, "workeroutput"):
        config.workeroutput["leaks"] = config.stash[_AT_THE_END]
    elif config.stash[_AT_THE_END]:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear, in the process that gathers the results, what a worker found at its end."""
    node.config.stash[_AT_THE_END] += getattr(node, "workeroutput", {}).get("leaks", [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was found after the last test."""
    for place in config.stash[_AT_THE_END]:
        terminalreporter.write_line(f"a bot token was told: {place}", red=True)
