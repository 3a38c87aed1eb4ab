"""A running bot as its operator sees it: its log, /healthz, /metrics, and the commands beside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import subprocess
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
from tests.clock import Clock
from tests.conftest import NewDataDir
from tests.processes import START_SECONDS, Process, free_port, studybot
from tests.watch.conftest import subscribe

pytestmark = pytest.mark.long


@dataclass
class Running:
    """A bot's process with one subscribed group, and what an operator does beside it."""

    telegram: LocalTelegram
    group: LocalChat
    home: Path
    environment: dict[str, str]
    process: Process

    @property
    def output(self) -> str:
        return self.process.output()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return studybot(*arguments, **self.environment)

    def get(self, path: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.environment['STUDYBOT_LISTEN__PORT']}{path}"
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except urllib.error.URLError as error:  # nobody listens, or not yet
            return 0, str(error)

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
        """Let it end; that it has ended already is well too."""
        if self.process.is_running:
            self.process.stop()

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


@contextlib.contextmanager
def pushing(home: Path, line_format: str, level: str = "INFO") -> Iterator[Running]:
    """A bot in this home that sends the group's push as soon as it runs."""
    telegram = LocalTelegram(is_local_server=True)
    organiser = telegram.user("王芳")
    group = telegram.supergroup("读书会", organiser)
    telegram.add_bot(group, organiser)
    subscribe_group(home, group.id)
    with serving(telegram) as url:
        environment = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "STUDYBOT_TELEGRAM__BASE_URL": url,
            "STUDYBOT_DATA_DIR": str(home / "data"),
            "STUDYBOT_LISTEN__PORT": str(free_port()),
            "STUDYBOT_LOGGING__FORMAT": line_format,
            "STUDYBOT_LOGGING__LEVEL": level,
        }
        process = Process(home / "log.txt", environment)
        try:
            running = Running(telegram, group, home, environment, process)
            running.wait_for_push()
            yield running
        finally:
            process.close()


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, new_data_dir: NewDataDir
) -> Iterator[Running]:
    """One that logs as programs read it. Whoever stops it is the last to need it running."""
    home = tmp_path_factory.mktemp("json")
    new_data_dir(home / "data")
    with pushing(home, "json") as made:
        yield made


def test_a_running_bot_is_ready_and_counts_what_it_sent(running: Running) -> None:
    status, health = running.get_until("/healthz", r'"ready": true')
    assert status == 200, health
    # Telegram has it a moment before the ledger has settled it.
    sent = r"(?m)^studybot_deliveries_sent_total 1\.0$"
    _, metrics = running.get_until("/metrics", sent)
    assert re.search(sent, metrics), metrics


def test_a_bot_that_cannot_reach_telegram_says_so_at_its_health_address(
    tmp_path: Path, new_data_dir: NewDataDir
) -> None:
    telegram = LocalTelegram()
    environment = {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "STUDYBOT_TELEGRAM__BASE_URL": f"http://127.0.0.1:{free_port()}/bot",
        "STUDYBOT_DATA_DIR": str(new_data_dir(tmp_path / "data")),
        "STUDYBOT_LISTEN__PORT": str(free_port()),
    }
    process = Process(tmp_path / "log.txt", environment)
    alone = Running(
        telegram, telegram.private(telegram.user("王芳")), tmp_path, environment, process
    )
    try:
        status, health = alone.get_until("/healthz", "not been reached")
    finally:
        process.close()
    assert (status, "not been reached" in health) == (503, True), process.output()


def test_why_tells_the_name_under_which_the_chat_stands_in_the_log(running: Running) -> None:
    done = running.command("why", str(running.group.id))
    assert done.returncode == 0, done.stderr
    assert running.name_in_logs() in done.stdout


def test_every_line_of_a_json_log_is_an_object_and_the_push_is_one(running: Running) -> None:
    running.get_until("/metrics", r"(?m)^studybot_deliveries_sent_total 1\.0$")
    lines = [json.loads(line) for line in running.output.splitlines()]
    (sent,) = [line for line in lines if line["event"].startswith("sent: ")]
    assert sent["chat"] == running.name_in_logs()
    assert sent["level"] == "info"


def test_a_backup_is_made_while_it_runs_and_restored_only_when_it_does_not(
    running: Running,
) -> None:
    copy = running.home / "copy.sqlite3"
    assert running.command("db", "backup", str(copy)).returncode == 0
    refused = running.command("db", "restore", str(copy))
    assert refused.returncode == 1
    assert "stop it first" in refused.stderr
    running.stop()
    restored = running.command("db", "restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    assert "The one before is kept as" in restored.stdout
    assert "may have been sent already" in restored.stdout
    assert running.command("why", str(running.group.id)).returncode == 0


def test_in_the_whole_json_output_a_group_stands_under_its_name_alone(running: Running) -> None:
    running.stop()
    assert_stands_under_its_name(running)


def test_in_the_whole_output_for_people_a_group_stands_under_its_name_alone(
    tmp_path: Path,
) -> None:
    with pushing(tmp_path, "console") as running:
        running.stop()
        assert_stands_under_its_name(running)


def assert_stands_under_its_name(running: Running) -> None:
    assert running.name_in_logs() in running.output
    assert str(abs(running.group.id)) not in running.output
    assert running.telegram.token not in running.output


def test_with_the_level_debug_the_id_stands_in_the_log_and_still_no_token(
    tmp_path: Path, new_data_dir: NewDataDir
) -> None:
    new_data_dir(tmp_path / "data")
    with pushing(tmp_path, "json", "DEBUG") as running:
        running.stop()
        assert str(running.group.id) in running.output
        assert running.telegram.token not in running.output


def test_for_postgresql_the_commands_of_its_own_tools_are_told(tmp_path: Path) -> None:
    environment = {
        "STUDYBOT_DATA_DIR": str(tmp_path),
        "STUDYBOT_DATABASE_URL": "postgresql://study:geheim@db.example:5433/study",
    }
    told = []
    for words in (["backup"], ["restore", "studybot.dump"]):
        done = studybot("db", *words, **environment)
        assert done.returncode == 1
        told.append(done.stderr)
    address = "postgresql://study@db.example:5433/study"
    assert f"pg_dump --format=custom --file=studybot.dump {address}" in told[0]
    assert f"--dbname {address} studybot.dump" in told[1]
    assert "studybot db restored" in told[1]
    assert "geheim" not in "".join(told)
