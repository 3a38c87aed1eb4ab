"""What SIGKILL costs: the real bot, killed again and again in the middle of a broadcast.

    python -m benchmarks.faults --kills 20                  # 1,500 messages; about six minutes
    python -m benchmarks.faults --kills 4 --messages 200    # less of the same

So many private chats are subscribed for the same minute. `studybot run` sends, against the
Bot API server of the tests in a process of its own, which takes 50 ms to answer and counts
what it accepted. At random moments of the sending a process is killed and started again: the
one on SQLite; one of three replicas on PostgreSQL; and a plain loop, which walks the list,
28 at a time each second, and keeps in a file how far it came.

Printed is a Markdown table: messages lost, duplicates in all and per kill, those that came
more than five minutes after the first one (when the owner is alarmed), the most that the
server accepted in any window of one second (Telegram allows 30), and how long it all took,
restarts included.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import crowd
from bot.local.telegram import LocalTelegram
from bot.store import open_store
from tests.bot_api_server import BotApiServer

ROOT = Path(__file__).resolve().parent.parent
PER_SECOND = 28
LATENCY_SECONDS = 0.05
LATE_SECONDS = 300.0  # when the owner is alarmed
PATIENCE_SECONDS = 150.0  # without any progress; a lease is shorter


@dataclass(frozen=True, slots=True)
class Tally:
    """What a broadcast came to. `late` and `seconds` count from the first message."""

    name: str
    messages: int
    kills: int
    lost: int
    duplicates: int
    late: int
    peak: int
    seconds: float

    @property
    def per_kill(self) -> float:
        return self.duplicates / self.kills if self.kills else 0.0


# --------------------------------------------------------------------------- the server


class Server:
    """The Bot API server in a process of its own, asked over its standard input and output."""

    def __init__(self, chats: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.faults", "--serve", str(chats)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        about = self._read()
        self.url: str = about["url"]
        self.token: str = about["token"]
        self.chats: list[int] = about["chats"]

    def accepted(self) -> list[tuple[int, float]]:
        """The chat of each message that was accepted, and when (seconds, monotonic)."""
        return [(chat, at) for chat, at in self._ask("all")]

    def count(self) -> int:
        """How many messages were accepted."""
        counted: int = self._ask("count")
        return counted

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _ask(self, what: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


async def serve(chats: int) -> None:
    """Accept what comes for so many private chats; answer each line with what was accepted."""
    telegram = LocalTelegram(is_local_server=True)
    ids = []
    for _ in range(chats):
        chat = telegram.private(telegram.user("组员"))
        chat.is_started = True
        ids.append(chat.id)
    async with BotApiServer(telegram, latency_seconds=LATENCY_SECONDS) as server:
        say({"url": server.base_url, "token": telegram.token, "chats": ids})
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
        )
        while asked := await lines.readline():
            accepted = [(one.chat_id, one.at_seconds) for one in server.accepted]
            say(accepted if asked == b"all\n" else len(accepted))


def say(what: object) -> None:
    print(json.dumps(what), flush=True)


# --------------------------------------------------------------------------- the senders


@dataclass
class Senders:
    """Processes that send, and what starts one; `is_done` when nothing is left to them."""

    start: Callable[[int], subprocess.Popen[bytes]]
    count: int
    is_done: Callable[[], bool]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_all(self) -> None:
        self.running = [self.start(number) for number in range(self.count)]

    def kill_one(self, chance: random.Random) -> bool:
        """SIGKILL one at random and start it again; false when it had ended by itself."""
        number = chance.randrange(self.count)
        if self.running[number].poll() is not None:
            return False
        self.running[number].kill()
        self.running[number].wait()
        self.running[number] = self.start(number)
        return True

    def close(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def studybots(server: Server, home: Path, database_url: str, *, replicas: int) -> Senders:
    """`studybot run`, alone on SQLite or as replicas on PostgreSQL, with everybody subscribed."""
    asyncio.run(subscribe(database_url, server.chats))

    def start(number: int) -> subprocess.Popen[bytes]:
        data = home / f"data-{number}"
        with (home / f"log-{number}.txt").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    "PATH": os.environ["PATH"],
                    "TELEGRAM_BOT_TOKEN": server.token,
                    "STUDYBOT_TELEGRAM__BASE_URL": server.url,
                    "STUDYBOT_DATA_DIR": str(data),
                    "STUDYBOT_DATABASE_URL": database_url,
                    "STUDYBOT_ENGINE": "distributed" if replicas > 1 else "embedded",
                },
            )

    return Senders(start, replicas, lambda: not asyncio.run(count_open(database_url)))


def plain_loop(server: Server, home: Path) -> Senders:
    """A sender as one writes it first."""
    chats, progress = home / "chats.json", home / "progress"
    chats.write_text(json.dumps(server.chats), encoding="utf-8")

    def start(number: int) -> subprocess.Popen[bytes]:
        url = f"{server.url}{server.token}/sendMessage"
        command = ["-m", "benchmarks.faults", "--loop", url, str(chats), str(progress)]
        return subprocess.Popen([sys.executable, *command], cwd=ROOT)

    senders = Senders(start, 1, lambda: senders.running[0].poll() is not None)
    return senders


async def walk(url: str, ids: Sequence[int], progress: Path) -> None:
    """The plain loop: every second the next 28, then a note of how far it came."""
    import aiohttp

    sent = int(progress.read_text()) if progress.exists() else 0  # noqa: ASYNC240
    async with aiohttp.ClientSession() as session:

        async def send(chat_id: int) -> None:
            async with session.post(url, json={"chat_id": chat_id, "text": "每日一语"}) as reply:
                await reply.read()

        while sent < len(ids):
            batch = ids[sent : sent + PER_SECOND]
            await asyncio.gather(asyncio.sleep(1), *map(send, batch))
            sent += len(batch)
            progress.write_text(str(sent))  # noqa: ASYNC240


async def subscribe(database_url: str, chats: Sequence[int]) -> None:
    """Have every chat's push come due now."""
    store = await open_store(database_url)
    await store.close()
    now = datetime.now(UTC)
    await crowd.enter(database_url, crowd.due_now(chats, now), now)


async def count_open(database_url: str) -> int:
    """How many rows of the ledger are not settled; all, while the first tick is to come."""
    store = await open_store(database_url, upgrade=False)
    try:
        waiting = await store.due_subscriptions(await store.now(), 1)
        return len(waiting) + sum((await store.backlog()).by_state.values())
    finally:
        await store.close()


# ---------------------------------------------------------------------------- the trial


def broadcast(name: str, server: Server, senders: Senders, *, kills: int, seed: int) -> Tally:
    """Let them send to every chat, killing one at `kills` random moments of the sending."""
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(len(server.chats) - 1), kills))
    killed = 0
    try:
        senders.start_all()
        for moment in moments:
            # Sending goes on after the last kill, and so many have been sent.
            wait_for_more(server, moment)
            time.sleep(chance.uniform(0, 1 / PER_SECOND))
            if not senders.kill_one(chance):
                break
            killed += 1
        wait_until(senders.is_done, lambda: server.count())
    finally:
        senders.close()
    return tally(name, server, killed)


def wait_for_more(server: Server, count: int) -> None:
    """Wait until `count` messages are accepted, and one more than now (or all)."""
    before = server.count()
    enough = min(max(before, count), len(server.chats) - 1)
    wait_until(lambda: server.count() > enough, server.count)


def tally(name: str, server: Server, kills: int) -> Tally:
    accepted = server.accepted()
    times = [at for _, at in accepted]
    counted = Counter(chat for chat, _ in accepted)
    end = times[0] + LATE_SECONDS
    return Tally(
        name=name,
        messages=len(server.chats),
        kills=kills,
        lost=sum(chat not in counted for chat in server.chats),
        duplicates=len(accepted) - len(counted),
        late=sum(at > end for at in times),
        peak=most_in_a_second(times),
        seconds=times[-1] - times[0],
    )


def most_in_a_second(times: Sequence[float]) -> int:
    """The most of these moments, in seconds, in any window of one second."""
    most = first = 0
    ordered = sorted(times)
    for last, at in enumerate(ordered):
        while ordered[first] <= at - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def wait_until(
    condition: Callable[[], bool], progress: Callable[[], object] = lambda: None
) -> None:
    """Wait as long as `progress` changes now and then. Raises TimeoutError."""
    seen, since = progress(), time.monotonic()
    while not condition():
        now = progress()
        if now != seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > PATIENCE_SECONDS:
            raise TimeoutError(f"nothing has happened for {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.02)


@contextlib.contextmanager
def scene(messages: int) -> Iterator[tuple[Server, Path]]:
    """A server for so many chats, and a folder; both are gone afterwards."""
    with TemporaryDirectory(prefix="studybot-faults-") as folder:
        server = Server(messages)
        try:
            yield server, Path(folder)
        except TimeoutError:
            for log in sorted(Path(folder).glob("log-*.txt")):
                print(log.read_text("utf-8", "replace")[-3000:], file=sys.stderr)
            raise
        finally:
            server.close()


def on_sqlite(messages: int, kills: int, seed: int = 1) -> Tally:
    """The broadcast of one process on SQLite."""
    with scene(messages) as (server, home):
        senders = studybots(server, home, f"sqlite:///{home / 'bot.sqlite3'}", replicas=1)
        return broadcast("studybot on SQLite", server, senders, kills=kills, seed=seed)


def on_postgresql(messages: int, kills: int, database_url: str, seed: int = 1) -> Tally:
    """The broadcast of three replicas on an empty PostgreSQL database."""
    with scene(messages) as (server, home):
        senders = studybots(server, home, database_url, replicas=3)
        return broadcast("3 replicas on PostgreSQL", server, senders, kills=kills, seed=seed)


def by_plain_loop(messages: int, kills: int, seed: int = 1) -> Tally:
    """The broadcast of the plain loop."""
    with scene(messages) as (server, home):
        return broadcast("a plain loop", server, plain_loop(server, home), kills=kills, seed=seed)


def show(rounds: Sequence[Tally]) -> None:
    """Print the Markdown table; several rounds of one sender are one row."""
    print("| sender | messages | kills | lost | duplicates | per kill | late | peak/s | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in dict.fromkeys(one.name for one in rounds):
        mine = [one for one in rounds if one.name == name]
        kills, duplicates = sum(one.kills for one in mine), sum(one.duplicates for one in mine)
        print(
            f"| {name} | {sum(one.messages for one in mine)} | {kills} "
            f"| {sum(one.lost for one in mine)} | {duplicates} "
            f"| {duplicates / kills if kills else 0:.2f} | {sum(one.late for one in mine)} "
            f"| {max(one.peak for one in mine)} "
            f"| {statistics.median(one.seconds for one in mine):.0f} |"
        )


def main() -> None:
    """Run the trials, or be the process of one that the arguments name."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--messages", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument(
        "--only", choices=("sqlite", "postgresql", "loop"), help="one of the three senders"
    )
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--loop", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve))
        return
    if options.loop:
        url, chats, progress = options.loop
        asyncio.run(walk(url, json.loads(Path(chats).read_text("utf-8")), Path(progress)))
        return
    from tests.postgresql_server import postgresql_server

    rounds = []
    for seed in range(options.seed, options.seed + options.rounds):
        trial = {"messages": options.messages, "kills": options.kills, "seed": seed}
        if options.only in (None, "sqlite"):
            rounds.append(on_sqlite(**trial))
        if options.only in (None, "postgresql"):
            with postgresql_server() as postgresql:
                rounds.append(on_postgresql(database_url=postgresql.create_database(), **trial))
        if options.only in (None, "loop"):
            rounds.append(by_plain_loop(**trial))
    show(rounds)


if __name__ == "__main__":
    main()
