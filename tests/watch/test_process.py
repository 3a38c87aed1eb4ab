"""A running bot as its operator sees it: its log, /healthz, /metrics, and the commands beside."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat
from bot.logs import ChatNames
from bot.model import Days
from bot.store import open_store
from tests.bot_api_server import serving
from tests.conftest import ROOT
from tests.watch.conftest import Clock, subscribe

START_SECONDS = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Running:
    """A bot's process with one subscribed group, and what an operator does beside it."""

    telegram: LocalTelegram
    group: LocalChat
    home: Path
    environment: dict[str, str]
    popen: subprocess.Popen[bytes]

    @property
    def output(self) -> str:
        return (self.home / "log.txt").read_text(encoding="utf-8")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def get(self, path: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.environment['STUDYBOT_LISTEN__PORT']}{path}"
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get_until(self, path: str, wanted: str) -> tuple[int, str]:
        """Ask until the answer holds what is wanted, for a while; the last answer."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            status, text = self.get(path)
            if re.search(wanted, text) or time.monotonic() > deadline:
                return status, text

    def wait_for_push(self) -> None:
        self.telegram.wait_for(lambda: self._pushes() == 1, START_SECONDS)

    def _pushes(self) -> int:
        return sum("每日一语" in one.text for one in self.telegram.sent(self.group))

    def stop(self) -> None:
        self.popen.send_signal(signal.SIGTERM)
        assert self.popen.wait(10) == 0

    def name_in_logs(self) -> str:
        """Of the group, by the key in the database."""

        async def ask() -> str:
            store = await open_store(url_of(self.home), upgrade=False)
            try:
                return ChatNames(await store.installation_key()).name(self.group.id)
            finally:
                await store.close()

        return asyncio.run(ask())


def url_of(home: Path) -> str:
    return f"sqlite:///{home / 'data' / 'studybot.sqlite3'}"


def subscribe_group(home: Path, chat_id: int) -> None:
    """Have its push be due just now."""

    async def enter() -> None:
        minute = Clock(datetime.now(UTC).replace(second=0, microsecond=0))
        store = await open_store(url_of(home))
        found = await subscribe(store, minute, chat_id)
        at = minute().astimezone(ZoneInfo(found.zone))
        wished = replace(found, push_at=at.time(), first_on=at.date(), days=Days())
        await store.save_subscription(wished)
        await store.close()

    asyncio.run(enter())


@pytest.fixture(params=["console", "json"])
def line_format(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def level() -> str:
    return "INFO"


@pytest.fixture
def running(tmp_path: Path, line_format: str, level: str) -> Iterator[Running]:
    telegram = LocalTelegram(is_local_server=True)
    organiser = telegram.user("王芳")
    group = telegram.supergroup("读书会", organiser)
    telegram.add_bot(group, organiser)
    subscribe_group(tmp_path, group.id)
    with serving(telegram) as url, (tmp_path / "log.txt").open("wb") as log:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "STUDYBOT_TELEGRAM__BASE_URL": url,
            "STUDYBOT_TELEGRAM__POLL_SECONDS": "2",
            "STUDYBOT_DATA_DIR": str(tmp_path / "data"),
            "STUDYBOT_LISTEN__PORT": str(free_port()),
            "STUDYBOT_LOGGING__FORMAT": line_format,
            "STUDYBOT_LOGGING__LEVEL": level,
        }
        popen = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Running(telegram, group, tmp_path, environment, popen)
        finally:
            if popen.poll() is None:
                popen.kill()
                popen.wait(10)


def test_in_the_whole_output_a_group_stands_under_its_name_alone(running: Running) -> None:
    running.wait_for_push()
    running.stop()
    name = running.name_in_logs()
    assert name in running.output
    assert str(abs(running.group.id)) not in running.output
    assert running.telegram.token not in running.output


@pytest.mark.parametrize("line_format", ["json"], indirect=True)
def test_every_line_of_a_json_log_is_an_object_and_the_push_is_one(running: Running) -> None:
    running.wait_for_push()
    running.stop()
    lines = [json.loads(line) for line in running.output.splitlines()]
    (sent,) = [line for line in lines if line["event"].startswith("sent: ")]
    assert sent["chat"] == running.name_in_logs()
    assert sent["level"] == "info"


@pytest.mark.parametrize("line_format", ["json"], indirect=True)
@pytest.mark.parametrize("level", ["DEBUG"])
def test_with_the_level_debug_the_id_stands_in_the_log_and_still_no_token(
    running: Running,
) -> None:
    running.wait_for_push()
    running.stop()
    assert str(running.group.id) in running.output
    assert running.telegram.token not in running.output


@pytest.mark.parametrize("line_format", ["json"], indirect=True)
def test_a_running_bot_is_ready_and_counts_what_it_sent(running: Running) -> None:
    running.wait_for_push()
    status, health = running.get_until("/healthz", r'"ready": true')
    assert status == 200, health
    # Telegram has it a moment before the ledger has settled it.
    sent = r"(?m)^studybot_deliveries_sent_total 1\.0$"
    _, metrics = running.get_until("/metrics", sent)
    assert re.search(sent, metrics), metrics
    running.stop()


@pytest.mark.parametrize("line_format", ["json"], indirect=True)
def test_why_tells_the_name_under_which_the_chat_stands_in_the_log(running: Running) -> None:
    running.wait_for_push()
    done = running.command("why", str(running.group.id))
    assert done.returncode == 0, done.stderr
    assert running.name_in_logs() in done.stdout


@pytest.mark.parametrize("line_format", ["json"], indirect=True)
def test_a_backup_is_made_while_it_runs_and_restored_only_when_it_does_not(
    running: Running,
) -> None:
    running.wait_for_push()
    copy = running.home / "copy.sqlite3"
    assert running.command("db", "backup", str(copy)).returncode == 0
    refused = running.command("db", "restore", str(copy))
    assert refused.returncode == 1
    assert "stop it first" in refused.stderr
    running.stop()
    restored = running.command("db", "restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    assert "The one before is kept as" in restored.stdout
    assert running.command("why", str(running.group.id)).returncode == 0


def test_for_postgresql_the_commands_of_its_own_tools_are_told(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "STUDYBOT_DATA_DIR": str(tmp_path),
        "STUDYBOT_DATABASE_URL": "postgresql://study:geheim@db.example:5433/study",
    }
    told = []
    for words in (["backup"], ["restore", "studybot.dump"]):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "db", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 1
        told.append(done.stderr)
    address = "postgresql://study@db.example:5433/study"
    assert f"pg_dump --format=custom --file=studybot.dump {address}" in told[0]
    assert f"--dbname {address} studybot.dump" in told[1]
    assert "geheim" not in "".join(told)
