"""The rows of the fault table that need a real process: `studybot run`, killed, stopped, paused.

Each is a short form of `benchmarks/faults.py`, with its server and its senders.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import (
    PER_SECOND,
    Senders,
    Server,
    broadcast,
    most_in_a_second,
    plain_loop,
    scene,
    studybots,
    wait_until,
)
from tests.faults.conftest import locked

# The server of a benchmark tells who starts it its token.
pytestmark = [pytest.mark.long, pytest.mark.tells_tokens]

MESSAGES = 90


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Bot API server for so many private chats."""
    with scene(MESSAGES) as (made, _):
        yield made


@pytest.fixture
def bot(server: Server, tmp_path: Path) -> Iterator[Senders]:
    """`studybot run` on SQLite, not started; its output stands in log-0.txt."""
    senders = studybots(server, tmp_path, f"sqlite:///{tmp_path / 'bot.db'}", replicas=1)
    yield senders
    senders.close()
    assert server.token not in (tmp_path / "log-0.txt").read_text("utf-8")


def heard(server: Server) -> list[int]:
    """How often each chat was written to."""
    counted = Counter(chat for chat, _ in server.accepted())
    return [counted[chat] for chat in server.chats]


def test_killed_at_random_moments_it_loses_nothing_and_repeats_little(
    server: Server, bot: Senders
) -> None:
    told = broadcast("studybot", server, bot, kills=3, seed=20261124)
    assert (told.kills, told.lost, told.late) == (3, 0, 0)
    # 28 a second, each 50 ms on its way: 1.4 on the average, and hardly ever above 4.
    assert told.duplicates <= 12
    assert told.peak <= 30


def test_a_plain_loop_killed_as_often_repeats_more(server: Server, tmp_path: Path) -> None:
    told = broadcast("plain", server, plain_loop(server, tmp_path), kills=3, seed=20261124)
    assert told.per_kill > 5


def test_told_to_stop_it_finishes_what_it_is_sending_and_nothing_comes_twice(
    server: Server, bot: Senders
) -> None:
    bot.start_all()
    wait_until(lambda: server.count() >= MESSAGES // 3)
    began_at = time.monotonic()
    bot.running[0].send_signal(signal.SIGTERM)
    assert bot.running[0].wait(10) == 0
    assert time.monotonic() - began_at < 10
    assert server.count() < MESSAGES
    bot.start_all()
    wait_until(bot.is_done)
    assert heard(server) == [1] * MESSAGES


def test_told_to_stop_while_the_database_is_locked_it_ends_in_time_and_nothing_is_lost(
    server: Server, bot: Senders, tmp_path: Path
) -> None:
    bot.start_all()
    wait_until(lambda: server.count() >= MESSAGES // 3)
    with locked(tmp_path / "bot.db"):
        time.sleep(0.5)  # until some are waiting for it
        began_at = time.monotonic()
        bot.running[0].send_signal(signal.SIGTERM)
        assert bot.running[0].wait(20) == 0
        assert time.monotonic() - began_at < 10
    bot.start_all()
    wait_until(bot.is_done)
    assert set(heard(server)) <= {1, 2}
    assert sum(heard(server)) <= MESSAGES + 8


def test_paused_in_the_middle_it_goes_on_and_makes_up_for_nothing_too_fast(
    server: Server, bot: Senders
) -> None:
    bot.start_all()
    wait_until(lambda: server.count() >= MESSAGES // 3)
    bot.running[0].send_signal(signal.SIGSTOP)
    time.sleep(1.5)
    bot.running[0].send_signal(signal.SIGCONT)
    wait_until(bot.is_done)
    assert heard(server) == [1] * MESSAGES
    times = [at for _, at in server.accepted()]
    assert most_in_a_second(times) <= 30
    assert times[-1] - times[0] > MESSAGES / PER_SECOND + 1
