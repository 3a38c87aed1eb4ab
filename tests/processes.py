"""`studybot` in processes of its own, and a reading circle that talks with what runs.

Here live starting and stopping them, their output, and what a test says and sees meanwhile.
What environment a process gets is the test's business.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat, LocalMessage
from tests.conftest import ROOT

START_SECONDS = 40.0
ZONE = ZoneInfo("Asia/Shanghai")  # of chats that have not chosen another
Found = TypeVar("Found")

_LOOK_SECONDS = 0.1
_STOP_SECONDS = 10.0
_COMMAND_SECONDS = 90.0


class Process:
    """One `studybot run`. Its output is kept in `log`."""

    def __init__(self, log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        self._file = log.open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            env={
                "PATH": os.environ["PATH"],
                "STUDYBOT_TELEGRAM__POLL_SECONDS": "2",
                **environment,
            },
        )

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def stop(self) -> float:
        """Ask it to end, as systemd and container engines do; how many seconds that took."""
        began_at = monotonic()
        self.popen.send_signal(signal.SIGTERM)
        assert self.popen.wait(_STOP_SECONDS) == 0, self.output()
        return monotonic() - began_at

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait(_STOP_SECONDS)

    def close(self) -> None:
        """Leave nothing behind, whatever it does."""
        if self.is_running:
            self.kill()
        self._file.close()

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")


def studybot(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command `studybot WORDS` to its end; whether it succeeded is not looked at."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=_COMMAND_SECONDS,
    )


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


class Circle:
    """People who read together, and the Telegram in which a bot may be with them."""

    def __init__(self, telegram: LocalTelegram) -> None:
        self.telegram = telegram
        self.organiser = telegram.user("王芳")
        self.member = telegram.user("李明")

    def wait(self, condition: Callable[[], Found], seconds: float = START_SECONDS) -> Found:
        """What the condition returned once it was true; Telegram may have no part in it."""
        give_up_at = monotonic() + seconds
        while True:
            try:
                return self.telegram.wait_for(condition, _LOOK_SECONDS)
            except TimeoutError:
                if monotonic() > give_up_at:
                    raise

    def ask(self, chat: LocalChat, text: str, *, by_organiser: bool = False) -> LocalMessage:
        """Say something and wait for what the bot says next."""
        said = len(self.telegram.sent(chat))
        self.telegram.say(chat, self.organiser if by_organiser else self.member, text)
        self.wait(lambda: len(self.telegram.sent(chat)) > said)
        return self.telegram.sent(chat)[said]

    def group(self) -> LocalChat:
        """A group of the organiser and the member, with the bot in it, greeted."""
        group = self.telegram.supergroup("读书会", self.organiser, [self.member])
        self.telegram.add_bot(group, self.organiser)
        self.wait(lambda: len(self.telegram.sent(group)) == 1)
        return group

    def pushes(self, chat: LocalChat) -> list[LocalMessage]:
        return [one for one in self.telegram.sent(chat) if "每日一语 ·" in one.text]


def next_minute(spare_seconds: int) -> str:
    """The next full minute in the chats' zone that is at least this far ahead."""
    at = datetime.now(ZONE) + timedelta(seconds=spare_seconds)
    return f"{at + timedelta(minutes=1):%H:%M}"
