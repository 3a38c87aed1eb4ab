"""`studybot reload` and SIGHUP, with the bot in a process of its own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.local.telegram import LocalTelegram
from bot.local.world import LocalUser
from bot.store import office_holder
from tests.bot_api_server import serving
from tests.processes import START_SECONDS, Process, studybot
from tests.serving.conftest import Files
from tests.serving.test_upload import booklet

pytestmark = pytest.mark.long

TEXT = "加快数字中国建设，用好数据这个新的要素，让企业和群众都得到实惠。"


class Machine:
    """A machine on which the bot runs, and what is typed on it."""

    def __init__(self, files: Files, telegram: LocalTelegram, url: str, owner: LocalUser) -> None:
        self.files = files
        self.telegram = telegram
        self.owner = owner
        self.log = files.home / "log.txt"
        self.environment = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "STUDYBOT_TELEGRAM__BASE_URL": url,
            "STUDYBOT_DATA_DIR": str(files.data),
            "STUDYBOT_CORPUS_DIRS": str(files.corpus),
            "STUDYBOT_OWNER_ID": str(owner.id),
        }
        self.bot: Process | None = None

    def start(self) -> Process:
        """Start the bot and wait until it polls."""
        self.bot = Process(self.log, self.environment)
        self.telegram.wait_for(lambda: self.telegram.calls_of("getUpdates"), START_SECONDS)
        return self.bot

    def type(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `studybot WORDS`."""
        return studybot(*words, **self.environment)

    def ask(self, text: str) -> str:
        """What the bot answers the owner."""
        chat = self.telegram.private(self.owner)
        said = len(self.telegram.sent(chat))
        self.telegram.say(chat, self.owner, text)
        self.telegram.wait_for(lambda: len(self.telegram.sent(chat)) > said, START_SECONDS)
        return self.telegram.sent(chat)[said].text


@pytest.fixture
def machine(files: Files) -> Iterator[Machine]:
    telegram = LocalTelegram(is_local_server=True)
    with serving(telegram) as url:
        machine = Machine(files, telegram, url, telegram.user("管理员"))
        try:
            yield machine
        finally:
            if machine.bot is not None:
                machine.bot.close()


def test_the_running_bot_serves_what_was_added_when_the_command_returns(machine: Machine) -> None:
    bot = machine.start()
    machine.files.add("2026-05-digital", ("2026-05-06", TEXT))
    done = machine.type("reload")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Process {bot.pid} serves it: 2 compilation(s), 31 quotations." in done.stdout
    assert "q-2026-05-06" in machine.ask("数据这个新的要素")
    assert bot.is_running


def test_a_broken_corpus_is_told_at_the_terminal_and_the_bot_left_alone(machine: Machine) -> None:
    machine.start()
    machine.files.add("2026-05-digital", ("2026-06-06", TEXT))
    done = machine.type("reload")
    assert done.returncode == 1
    assert "quotes.yaml:1: the date 2026-06-06" in done.stderr
    assert "reload" not in machine.log.read_text(encoding="utf-8")


def test_the_signal_alone_with_a_broken_corpus_leaves_the_old_one_served(machine: Machine) -> None:
    bot = machine.start()
    folder = machine.files.add("2026-05-digital", ("2026-06-06", TEXT))
    bot.popen.send_signal(signal.SIGHUP)
    log = machine.log
    machine.telegram.wait_for(
        lambda: "could not be reloaded" in log.read_text(encoding="utf-8"), START_SECONDS
    )
    assert "2024-03-05" in machine.ask("2024年3月5日")
    assert bot.is_running
    assert folder.exists()


def test_without_a_running_bot_the_command_says_so(machine: Machine) -> None:
    assert machine.type("db", "upgrade").returncode == 0
    done = machine.type("reload")
    assert done.returncode == 1
    assert "no studybot is running on" in done.stderr


def test_the_lock_of_a_bot_that_was_killed_names_nobody(machine: Machine) -> None:
    bot = machine.start()
    database = machine.files.data / "studybot.sqlite3"
    assert office_holder(database) == bot.pid
    bot.kill()
    assert Path(f"{database}.bot.lock").read_text(encoding="ascii").strip() == str(bot.pid)
    assert office_holder(database) is None


def test_a_booklet_sent_in_chat_goes_over_the_wire_and_is_served(machine: Machine) -> None:
    machine.start()
    chat = machine.telegram.private(machine.owner)
    machine.telegram.send_file(chat, machine.owner, "五月.md", booklet())
    machine.telegram.wait_for(lambda: machine.telegram.sent(chat), START_SECONDS)
    shown = machine.telegram.sent(chat)[0]
    assert "论述 2 条，文章 1 篇" in shown.text
    machine.telegram.press(chat, shown.id, 0, machine.owner)
    machine.telegram.wait_for(lambda: "资料已更新" in shown.text, START_SECONDS)
    assert "q-2026-05-06" in machine.ask("用好数据这个新的要素")
    assert machine.telegram.token not in machine.log.read_text(encoding="utf-8")
