"""Several `studybot run` on one PostgreSQL, as processes: what compose.yaml sets up.

Telegram is a Bot API server on loopback, the reverse proxy another; the replicas are told
nothing about each other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat
from tests.bot_api_server import Fault, FaultKind, serving
from tests.conftest import NewDataDir
from tests.postgresql_server import PostgresqlServer
from tests.processes import (
    START_SECONDS,
    ZONE,
    Circle,
    Process,
    free_port,
    next_minute,
    studybot,
)
from tests.reverse_proxy import RoundRobin

pytestmark = pytest.mark.long

TAKE_OVER_SECONDS = 15.0
ELECTED = "this process sees to the updates"


class Replica(Process):
    """One `studybot run` that listens at a port of its own."""

    def __init__(self, number: int, home: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        super().__init__(
            home / f"replica-{number}.txt",
            {
                "STUDYBOT_DATA_DIR": str(home / "data" / str(number)),
                "STUDYBOT_LISTEN__PORT": str(self.port),
                **environment,
            },
        )

    @property
    def is_ready(self) -> bool:
        assert self.is_running, self.output()
        return "ready" in self.output()

    @property
    def is_elected(self) -> bool:
        return self.is_running and ELECTED in self.output()


class Fleet(Circle):
    """A Telegram, a database, and the replicas that a test starts, stops and kills."""

    def __init__(
        self,
        telegram: LocalTelegram,
        home: Path,
        new_data_dir: NewDataDir,
        environment: dict[str, str],
    ) -> None:
        super().__init__(telegram)
        self.home = home
        self.new_data_dir = new_data_dir
        self.environment = environment
        self.replicas: list[Replica] = []
        self.proxy = RoundRobin([])

    @property
    def running(self) -> list[Replica]:
        return [one for one in self.replicas if one.is_running]

    def begin(self) -> Replica:
        """Start one."""
        number = len(self.replicas)
        self.new_data_dir(self.home / "data" / str(number))
        self.replicas.append(Replica(number, self.home, self.environment))
        return self.replicas[-1]

    def start(self, count: int = 1) -> list[Replica]:
        """Start replicas side by side and wait until all of them are ready."""
        fresh = [self.begin() for _ in range(count)]
        self.wait(lambda: all(one.is_ready for one in fresh))
        self.proxy.ports = [one.port for one in self.running]
        return fresh

    def elected(self, seconds: float = START_SECONDS) -> Replica:
        """The replica that sees to the updates, once there is one."""
        found = self.wait(lambda: [one for one in self.running if one.is_elected], seconds)
        assert len(found) == 1
        return found[0]

    def settle(self) -> None:
        """Wait until every update that came is known to be answered."""
        with psycopg.connect(self.environment["STUDYBOT_DATABASE_URL"], autocommit=True) as one:
            waiting = "SELECT count(*) FROM seen_updates WHERE lease_until_at IS NOT NULL"
            self.wait(lambda: one.execute(waiting).fetchone() == (0,))


@contextlib.contextmanager
def fleet(
    home: Path, new_data_dir: NewDataDir, postgresql: PostgresqlServer, faults: dict[str, Fault]
) -> Iterator[Fleet]:
    """Replicas on one database, of which one is to poll; none runs yet."""
    telegram = LocalTelegram(is_local_server=True)
    with serving(telegram, lambda method, _params, _seen: faults.get(method)) as url:
        made = Fleet(
            telegram,
            home,
            new_data_dir,
            {
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "STUDYBOT_TELEGRAM__BASE_URL": url,
                "STUDYBOT_DATABASE_URL": postgresql.create_database(),
                "STUDYBOT_ENGINE": "distributed",
            },
        )
        try:
            yield made
        finally:
            for replica in made.replicas:
                replica.close()
    for replica in made.replicas:
        assert telegram.token not in replica.output()


@contextlib.contextmanager
def behind_proxy(made: Fleet) -> Iterator[Fleet]:
    """The replicas behind a reverse proxy, to which Telegram delivers."""
    with made.proxy.in_thread() as url:
        made.environment |= {
            "STUDYBOT_UPDATES": "webhook",
            "STUDYBOT_WEBHOOK__URL": f"{url}/telegram/updates",
        }
        yield made


@pytest.fixture
def faults() -> dict[str, Fault]:
    """By method, what goes wrong with every call of it; a test puts it in."""
    return {}


@pytest.fixture
def polling(
    tmp_path: Path,
    new_data_dir: NewDataDir,
    postgresql: PostgresqlServer,
    faults: dict[str, Fault],
) -> Iterator[Fleet]:
    """Replicas of which one is to poll."""
    with fleet(tmp_path, new_data_dir, postgresql, faults) as made:
        yield made


@pytest.fixture
def webhooks(polling: Fleet) -> Iterator[Fleet]:
    """Replicas to which Telegram delivers."""
    with behind_proxy(polling) as made:
        yield made


@dataclass
class Morning:
    """Three replicas, and in a `group` a push that comes at the time `at`, one that is near."""

    fleet: Fleet
    group: LocalChat
    at: str
    confirmed: str
    has_lost: bool = False

    def lose_two(self) -> None:
        """One leaves, the elected dies, another takes over and a new one comes: all that once."""
        if self.has_lost:
            return
        self.has_lost = True
        elected = self.fleet.elected()
        leaving = next(one for one in self.fleet.running if one is not elected)
        assert leaving.stop() < 10
        self.fleet.settle()
        elected.kill()
        assert self.fleet.elected(TAKE_OVER_SECONDS) is not elected
        self.fleet.start()


@pytest.fixture(scope="module")
def morning(
    tmp_path_factory: pytest.TempPathFactory,
    new_data_dir: NewDataDir,
    postgresql: PostgresqlServer,
) -> Iterator[Morning]:
    """Begun by the first test and looked at by the last: what is between passes the time."""
    home = tmp_path_factory.mktemp("morning")
    with fleet(home, new_data_dir, postgresql, {}) as made, behind_proxy(made) as three:
        three.start(3)
        three.wait(lambda: three.telegram.calls_of("setWebhook"))
        group = three.group()
        at = next_minute(spare_seconds=25)
        confirmed = three.ask(group, f"/subscribe {at}", by_organiser=True)
        yield Morning(three, group, at, confirmed.text)


def test_three_replicas_answer_each_question_once_by_turns(morning: Morning) -> None:
    three = morning.fleet
    assert morning.at in morning.confirmed
    chat = three.telegram.private(three.member)
    for question in ("因地制宜", "2024年3月", "新质生产力"):
        assert "q-20" in three.ask(chat, question).text
    assert len(three.telegram.calls_of("setWebhook")) == 1
    ports = {one.port for one in three.replicas}
    three.wait(lambda: {port for port, _ in three.proxy.carried} == ports)
    assert {status for _, status in three.proxy.carried} == {204}
    assert len(three.telegram.sent(chat)) == 3


def test_when_one_leaves_and_the_elected_dies_the_others_and_a_new_one_answer(
    morning: Morning,
) -> None:
    morning.lose_two()
    chat = morning.fleet.telegram.private(morning.fleet.organiser)
    answer = morning.fleet.ask(chat, "人工智能", by_organiser=True)
    assert "人工智能" in answer.text


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
    second = polling.begin()
    assert second.popen.wait(START_SECONDS) == 1
    assert "another studybot is running on this database" in second.output()


def test_upgrading_brings_the_job_queue_along_and_may_be_repeated(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    environment = {
        "STUDYBOT_DATA_DIR": str(tmp_path),
        "STUDYBOT_ENGINE": "distributed",
        "STUDYBOT_DATABASE_URL": postgresql.create_database(),
    }
    done = [studybot("db", "upgrade", **environment) for _ in range(2)]
    assert [one.returncode for one in done] == [0, 0]
    assert done[0].stdout == done[1].stdout
    assert "its job queue at " in done[0].stdout


def test_a_push_comes_once_at_its_minute_whoever_dies(morning: Morning) -> None:
    morning.lose_two()
    left, group = morning.fleet, morning.group
    left.wait(lambda: left.pushes(group), 130)
    (push,) = left.pushes(group)
    assert f"{push.sent_at.astimezone(ZONE):%H:%M}" == morning.at
    assert f"预定 {morning.at}" in left.ask(group, "/why", by_organiser=True).text
    assert len(left.pushes(group)) == 1
