"""How many messages a second one core can send: our transport beside three others.

    python benchmarks/send.py                      # 5 rounds of 2,000 messages each
    python benchmarks/send.py --latency-ms 50      # a server that takes 50 ms to answer
    python benchmarks/send.py --aiogram-python /tmp/aiogram/bin/python

Every client sends the same messages to the same local server, each in a process of its
own, one after another in every round, so that a busy machine slows all alike. "per core"
is messages by the client's own CPU time; "wall" is by the clock, and there the server, in
its own process too, has its share. The last row is not a transport but the whole worker: the
ledger with its flushes to the disk, the choice, the wording and the pace (that of paid
broadcasts). aiogram is measured where an interpreter that has it is
named, or when this one does: it is no dependency of studybot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "123456789:AAbenchBenchBenchBenchBenchBench_12"
TEXT = "坚持把发展经济的着力点放在实体经济上。" * 8
Send = Callable[[int], Awaitable[object]]

RAW = "raw aiohttp"
OURS = "python-telegram-bot on bot.delivery.transport"
DEFAULT = "python-telegram-bot's default (httpx)"
AIOGRAM = "aiogram"
WORKER = "the whole worker, ledger and all (SQLite)"


# --------------------------------------------------------------------------- the server


async def serve(latency_seconds: float) -> None:
    """Accept everything; print the port first, and run until killed."""
    from aiohttp import web

    async def answer(request: web.Request) -> web.Response:
        is_json = request.content_type == "application/json"
        sent = await request.json() if is_json else await request.post()
        if latency_seconds:
            await asyncio.sleep(latency_seconds)
        message = {
            "message_id": 1,
            "date": 1790000000,
            "chat": {"id": int(str(sent["chat_id"])), "type": "private", "first_name": "测试"},
            "text": TEXT,
        }
        return web.json_response({"ok": True, "result": message})

    app = web.Application()
    app.router.add_post("/bot{token}/sendMessage", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


# -------------------------------------------------------------------------- the clients


async def run_raw(url: str, in_flight: int, drive: Callable[[Send], Awaitable[None]]) -> None:
    import aiohttp

    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(chat_id: int) -> object:
            body = {"chat_id": chat_id, "text": TEXT}
            async with session.post(f"{url}/bot{TOKEN}/sendMessage", json=body) as response:
                return json.loads(await response.read())["result"]["message_id"]

        await drive(send)


async def run_ours(url: str, in_flight: int, drive: Callable[[Send], Awaitable[None]]) -> None:
    from telegram import Bot

    from bot.delivery.transport import AiohttpRequest

    async with AiohttpRequest(in_flight) as request:
        bot = Bot(TOKEN, base_url=f"{url}/bot", request=request)
        await drive(lambda chat_id: bot.send_message(chat_id, TEXT))


async def run_default(url: str, in_flight: int, drive: Callable[[Send], Awaitable[None]]) -> None:
    from telegram import Bot
    from telegram.request import HTTPXRequest

    async with HTTPXRequest(in_flight, pool_timeout=60) as request:
        bot = Bot(TOKEN, base_url=f"{url}/bot", request=request)
        await drive(lambda chat_id: bot.send_message(chat_id, TEXT))


async def run_aiogram(url: str, in_flight: int, drive: Callable[[Send], Awaitable[None]]) -> None:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    session = AiohttpSession(api=TelegramAPIServer.from_base(url), limit=in_flight)
    async with Bot(TOKEN, session=session) as bot:
        await drive(lambda chat_id: bot.send_message(chat_id, TEXT))


async def run_worker(url: str, messages: int) -> dict[str, float]:
    """The seconds that the worker takes for pushes to so many chats, at the paid pace."""
    from random import Random

    from telegram import Bot

    from benchmarks import crowd
    from bot.corpus.load import load_corpus
    from bot.delivery.choose import Pushes
    from bot.delivery.observer import Nobody
    from bot.delivery.plan import tick
    from bot.delivery.transport import AiohttpRequest
    from bot.delivery.worker import Worker
    from bot.model import Delivery, DeliveryKind, Pace, State
    from bot.search.index import open_index
    from bot.store import open_store

    stop = asyncio.Event()

    class Counter(Nobody):
        sent = 0

        def settled(self, delivery: Delivery, state: State, reason: str) -> None:
            self.sent += state is State.SENT
            if self.sent == messages:
                stop.set()

    async def tell_owner(text: str) -> None:
        raise AssertionError(text)

    with TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/bot.sqlite3"
        store = await open_store(address)
        now = await store.now()
        await crowd.enter(address, crowd.due_now(range(1, messages + 1), now), now)
        await tick(store)
        corpus = load_corpus([ROOT / "corpus"])
        index = open_index(corpus, Path(folder) / "index")
        async with AiohttpRequest() as request:
            worker = Worker(
                store,
                Bot(TOKEN, base_url=f"{url}/bot", request=request),
                {DeliveryKind.PUSH: Pushes(store, lambda: (corpus, index.nearest)).prepare},
                owner="benchmark",
                pace=Pace(overall_per_second=1000),
                tell_owner=tell_owner,
                random=Random(1),
                observer=Counter(),
            )
            wall, cpu = time.perf_counter(), time.process_time()
            await worker.run(stop, asyncio.Event())
            seconds = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        await store.close()
    return seconds


CLIENTS = {RAW: run_raw, OURS: run_ours, DEFAULT: run_default, AIOGRAM: run_aiogram}


async def measure(client: str, url: str, messages: int, in_flight: int) -> None:
    """Print the seconds of wall clock and of CPU that `messages` messages took, as JSON."""
    if client == WORKER:
        print(json.dumps(await run_worker(url, messages)))
        return

    async def drive(send: Send) -> None:
        await send(1)  # imports, name look-ups and the first connection are not counted
        ids = iter(range(1, messages + 1))

        async def lane() -> None:
            for chat_id in ids:
                await send(chat_id)

        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(lane() for _ in range(in_flight)))
        seconds = {
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
        }
        print(json.dumps(seconds))

    await CLIENTS[client](url, in_flight, drive)


# ---------------------------------------------------------------------------- the table


def call(python: str, *arguments: str) -> str | None:
    """The output of this script under an interpreter; None when a library is not there."""
    done = subprocess.run(
        [python, __file__, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={"PYTHONPATH": str(ROOT)},
    )
    if done.returncode == 0:
        return done.stdout
    if "ModuleNotFoundError" in done.stderr:
        return None
    raise SystemExit(done.stderr)


def compare(options: argparse.Namespace, url: str) -> dict[str, list[dict[str, float]]]:
    """Measure every client once a round. Those whose library is missing have no rounds."""
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in (*CLIENTS, WORKER)}
    for _ in range(options.rounds):
        for name in rounds:
            python = options.aiogram_python if name == AIOGRAM else sys.executable
            told = call(
                python, "--client", name, "--url", url,
                "--messages", str(options.messages), "--in-flight", str(options.in_flight),
            )  # fmt: skip
            if told is not None:
                rounds[name].append(json.loads(told))
    return rounds


def show(rounds: dict[str, list[dict[str, float]]], messages: int) -> None:
    """Print the medians, and each client's rate per core against raw aiohttp."""
    print(f"{'':46} {'per core':>9} {'of raw':>7} {'wall':>7}   (messages a second, medians)")
    raw = statistics.median(one["cpu"] for one in rounds[RAW])
    for name, seconds in rounds.items():
        if not seconds:
            print(f"{name:46} not installed")
            continue
        cpu = statistics.median(one["cpu"] for one in seconds)
        wall = statistics.median(one["wall"] for one in seconds)
        print(f"{name:46} {messages / cpu:9.0f} {raw / cpu:7.2f} {messages / wall:7.0f}")


def main() -> None:
    """Run the comparison, or the part of it that this process is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--in-flight", type=int, default=100)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--aiogram-python", default=sys.executable)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", choices=(*CLIENTS, WORKER), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.latency_ms / 1000))
        return
    if options.client:
        asyncio.run(measure(options.client, options.url, options.messages, options.in_flight))
        return
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--latency-ms", str(options.latency_ms)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        show(compare(options, url), options.messages)
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
