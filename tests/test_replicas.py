"""Several `studybot run` on one PostgreSQL, as processes: what compose.yaml sets up.

Telegram is a Bot API server on loopback, the reverse proxy another; the replicas are told
nothing about each other.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar
from zoneinfo import ZoneInfo

import psycopg
import pytest

from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat, LocalMessage
from tests.bot_api_server import Fault, FaultKind, serving
from tests.conftest import ROOT
from tests.postgresql_server import PostgresqlServer
from tests.reverse_proxy import RoundRobin

START_SECONDS = 40.0
TAKE_OVER_SECONDS = 15.0
LOOK_SECONDS = 0.1
ZONE = ZoneInfo("Asia/Shanghai")
Found = TypeVar("Found")
ELECTED = "this process sees to the updates"


class Replica:
    """One `studybot run`; its output is kept."""

    def __init__(self, number: int, home: Path, environment: dict[str, str]) -> None:
        self.number = number
        self.port = free_port()
        self.log = home / f"replica-{number}.txt"
        self._file = self.log.open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            env={
                "PATH": os.environ["PATH"],
                "STUDYBOT_TELEGRAM__POLL_SECONDS": "2",
                "STUDYBOT_DATA_DIR": str(home / f"data-{number}"),
                "STUDYBOT_LISTEN__PORT": str(self.port),
                **environment,
            },
        )

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    @property
    def is_ready(self) -> bool:
        assert self.is_running, self.output()
        return "ready" in self.output()

    @property
    def is_elected(self) -> bool:
        return self.is_running and ELECTED in self.output()

    def stop(self) -> float:
        """Ask it to end, as a container engine does; how many seconds that took."""
        began_at = monotonic()
        self.popen.send_signal(signal.SIGTERM)
        assert self.popen.wait(10) == 0, self.output()
        return monotonic() - began_at

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait(10)

    def close(self) -> None:
        if self.is_running:
            self.kill()
        self._file.close()

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


class Fleet:
    """A Telegram, a database, and the replicas that a test starts, stops and kills."""

    def __init__(self, telegram: LocalTelegram, home: Path, environment: dict[str, str]) -> None:
        self.telegram = telegram
        self.home = home
        self.environment = environment
        self.replicas: list[Replica] = []
        self.proxy = RoundRobin([])
        self.organiser = telegram.user("王芳")
        self.member = telegram.user("李明")

    @property
    def running(self) -> list[Replica]:
        return [one for one in self.replicas if one.is_running]

    def start(self, count: int = 1) -> list[Replica]:
        """Start replicas side by side and wait until all of them are ready."""
        fresh = [
            Replica(len(self.replicas) + number, self.home, self.environment)
            for number in range(count)
        ]
        self.replicas += fresh
        self.wait(lambda: all(one.is_ready for one in fresh))
        self.proxy.ports = [one.port for one in self.running]
        return fresh

    def elected(self) -> Replica:
        """The replica that sees to the updates, once there is one."""
        found = self.wait(lambda: [one for one in self.running if one.is_elected])
        assert len(found) == 1
        return found[0]

    def wait(self, condition: Callable[[], Found], seconds: float = START_SECONDS) -> Found:
        """What the condition returned once it was true; Telegram may have no part in it."""
        give_up_at = monotonic() + seconds
        while True:
            try:
                return self.telegram.wait_for(condition, LOOK_SECONDS)
            except TimeoutError:
                if monotonic() > give_up_at:
                    raise

    def ask(self, chat: LocalChat, text: str, *, by_organiser: bool = False) -> LocalMessage:
        """Say something and wait for what the bot says next."""
        said = len(self.telegram.sent(chat))
        self.telegram.say(chat, self.organiser if by_organiser else self.member, text)
        self.wait(lambda: len(self.telegram.sent(chat)) > said)
        return self.telegram.sent(chat)[said]

    def settle(self) -> None:
        """Wait until every update that came is known to be answered."""
        with psycopg.connect(self.environment["STUDYBOT_DATABASE_URL"], autocommit=True) as one:
            waiting = "SELECT count(*) FROM seen_updates WHERE lease_until_at IS NOT NULL"
            self.wait(lambda: one.execute(waiting).fetchone() == (0,))

    def group(self) -> LocalChat:
        """A group of the organiser and the member, with the bot in it, greeted."""
        group = self.telegram.supergroup("读书会", self.organiser, [self.member])
        self.telegram.add_bot(group, self.organiser)
        self.wait(lambda: len(self.telegram.sent(group)) == 1)
        return group

    def pushes(self, chat: LocalChat) -> list[LocalMessage]:
        return [one for one in self.telegram.sent(chat) if "每日一语 ·" in one.text]


@pytest.fixture
def faults() -> dict[str, Fault]:
    """By method, what goes wrong with every call of it; a test puts it in."""
    return {}


@pytest.fixture
def polling(
    tmp_path: Path, postgresql: PostgresqlServer, faults: dict[str, Fault]
) -> Iterator[Fleet]:
    """Replicas on one database, of which one is to poll."""
    telegram = LocalTelegram(is_local_server=True)
    with serving(telegram, lambda method, _params, _seen: faults.get(method)) as url:
        fleet = Fleet(
            telegram,
            tmp_path,
            {
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "STUDYBOT_TELEGRAM__BASE_URL": url,
                "STUDYBOT_DATABASE_URL": postgresql.create_database(),
                "STUDYBOT_ENGINE": "distributed",
            },
        )
        try:
            yield fleet
        finally:
            for replica in fleet.replicas:
                replica.close()
    for replica in fleet.replicas:
        assert telegram.token not in replica.output()


@pytest.fixture
def webhooks(polling: Fleet) -> Iterator[Fleet]:
    """Replicas on one database behind a reverse proxy, to which Telegram delivers."""
    with polling.proxy.in_thread() as url:
        polling.environment |= {
            "STUDYBOT_UPDATES": "webhook",
            "STUDYBOT_WEBHOOK__URL": f"{url}/telegram/updates",
        }
        yield polling


def next_minute() -> str:
    """The next full minute in the chat's zone that leaves time for what a test does before."""
    now = datetime.now(ZONE)
    return f"{now + timedelta(minutes=2 if now.second >= 25 else 1):%H:%M}"


def test_three_replicas_answer_each_question_once_and_push_once_whoever_dies(
    webhooks: Fleet,
) -> None:
    webhooks.start(3)
    webhooks.wait(lambda: webhooks.telegram.calls_of("setWebhook"))
    chat = webhooks.telegram.private(webhooks.member)
    for question in ("因地制宜", "2024年3月", "新质生产力"):
        assert "q-20" in webhooks.ask(chat, question).text
    assert len(webhooks.telegram.calls_of("setWebhook")) == 1
    webhooks.wait(lambda: len(webhooks.proxy.carried) == 3)
    assert {port for port, _ in webhooks.proxy.carried} == {one.port for one in webhooks.replicas}
    assert {status for _, status in webhooks.proxy.carried} == {204}
    assert len(webhooks.telegram.sent(chat)) == 3

    group = webhooks.group()
    at = next_minute()
    assert at in webhooks.ask(group, f"/subscribe {at}", by_organiser=True).text
    elected = webhooks.elected()
    leaving = next(one for one in webhooks.running if one is not elected)
    assert leaving.stop() < 10
    webhooks.settle()
    elected.kill()
    successor = webhooks.wait(
        lambda: [one for one in webhooks.running if one.is_elected], TAKE_OVER_SECONDS
    )
    assert len(successor) == 1
    webhooks.start()
    assert "人工智能" in webhooks.ask(chat, "人工智能").text

    webhooks.wait(lambda: webhooks.pushes(group), 130)
    (push,) = webhooks.pushes(group)
    assert f"{push.sent_at.astimezone(ZONE):%H:%M}" == at
    assert f"预定 {at}" in webhooks.ask(group, "/why", by_organiser=True).text
    assert len(webhooks.pushes(group)) == 1


def test_an_update_that_telegram_gives_out_again_is_answered_once(webhooks: Fleet) -> None:
    webhooks.start(2)
    chat = webhooks.telegram.private(webhooks.member)
    before = len(webhooks.proxy.carried)
    webhooks.proxy.replies_to_lose = 3
    webhooks.ask(chat, "因地制宜")
    webhooks.ask(chat, "新质生产力")
    webhooks.wait(lambda: len(webhooks.proxy.carried) == before + 5)
    assert len(webhooks.telegram.sent(chat)) == 2


def test_when_the_poller_is_killed_another_polls_within_seconds(polling: Fleet) -> None:
    polling.start(2)
    elected = polling.elected()
    chat = polling.telegram.private(polling.member)
    assert "q-20" in polling.ask(chat, "因地制宜").text
    polling.settle()
    elected.kill()
    began_at = monotonic()
    assert "q-20" in polling.ask(chat, "新质生产力").text
    assert monotonic() - began_at < TAKE_OVER_SECONDS
    assert polling.elected() is not elected
    assert len(polling.telegram.sent(chat)) == 2


@pytest.mark.parametrize("engine", ["embedded", "distributed"])
def test_sigterm_ends_a_replica_in_time_though_telegram_keeps_it_waiting(
    polling: Fleet, faults: dict[str, Fault], engine: str
) -> None:
    polling.environment["STUDYBOT_ENGINE"] = engine
    if engine == "embedded":
        del polling.environment["STUDYBOT_DATABASE_URL"]
    (replica,) = polling.start()
    polling.elected()
    faults["sendMessage"] = Fault(FaultKind.DELAY, seconds=30)
    chat = polling.telegram.private(polling.member)
    polling.telegram.say(chat, polling.member, "因地制宜")
    polling.wait(lambda: polling.telegram.sent(chat))
    assert replica.stop() < 10


def test_two_bots_on_one_sqlite_refuse_each_other(polling: Fleet) -> None:
    polling.environment |= {
        "STUDYBOT_ENGINE": "embedded",
        "STUDYBOT_DATABASE_URL": f"sqlite:///{polling.home / 'studybot.sqlite3'}",
    }
    polling.start()
    second = Replica(1, polling.home, polling.environment)
    polling.replicas.append(second)
    assert second.popen.wait(START_SECONDS) == 1
    assert "another studybot is running on this database" in second.output()


def test_upgrading_brings_the_job_queue_along_and_may_be_repeated(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "STUDYBOT_DATA_DIR": str(tmp_path),
        "STUDYBOT_ENGINE": "distributed",
        "STUDYBOT_DATABASE_URL": postgresql.create_database(),
    }
    said = [
        subprocess.run(
            [sys.executable, "-m", "bot", "db", "upgrade"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert "its job queue at " in said[0]
