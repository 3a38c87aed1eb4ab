"""What a tick costs: subscriptions by the thousand, in 40 time zones, few or many of them due.

    python -m benchmarks.tick                                   # SQLite; about two minutes
    python -m benchmarks.tick --database postgresql             # a server of its own
    python -m benchmarks.tick --subscriptions 1000 10000        # smaller ones only

For each size: a tick with nothing due, one with 1% due, and one with 10,000 due (or all there
are), in one minute and then, as after a day down, at any minute of the last day. Printed is a
Markdown table: the time of a tick by the clock and of the processor, its SQL statements, and
how much more memory the process needed. Where the cost is right, it follows what is due.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import event, update

from benchmarks import crowd
from bot.delivery.plan import tick
from bot.model import Subscription
from bot.store import Store, open_store
from bot.store.engine import connect
from bot.store.schema import subscriptions
from bot.study import calendar

SIZES = (1_000, 10_000, 100_000)
MOST_DUE = 10_000
ROUNDS = 5
_FAR = timedelta(days=1)
_CONTINENTS = ("Africa", "America", "Asia", "Australia", "Europe", "Pacific")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a tick took: seconds by the clock and of processor time, its statements, and

    megabytes more at the peak.
    """

    seconds: float
    processor_seconds: float
    statements: int
    megabytes: float


def zones() -> list[str]:
    """Forty zones of every continent, the same in every run."""
    known = sorted(name for name in available_timezones() if name.count("/") == 1)
    named = [name for name in known if name.split("/")[0] in _CONTINENTS]
    return named[:: len(named) // 40][:40]


def subscribed(count: int, now: datetime) -> Iterator[tuple[Subscription, int]]:
    """So many groups, in all of the zones, in this minute or at any minute of the day.

    The first MOST_DUE share the minute. None is due before tomorrow.
    """
    everywhere = zones()
    for number in range(1, count + 1):
        zone = everywhere[number % len(everywhere)]
        at = wall_time(number * 7 % 24, number * 13 % 60)
        if number <= MOST_DUE:
            at = now.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)
        subscription = Subscription(
            chat_id=-number,
            push_at=at,
            zone=zone,
            first_on=calendar.local_date(now, zone),
            edited_at=now - timedelta(days=30),
            next_due_at=now + _FAR,
        )
        yield subscription, number


@asynccontextmanager
async def store_of(url: str, count: int) -> AsyncIterator[Store]:
    store = await open_store(url)
    now = await store.now()
    await crowd.enter(url, subscribed(count, now), now)
    yield store
    await store.close()


async def make_due(url: str, first: int, count: int, days: int, now: datetime) -> None:
    """Let `count`, beginning with the row `first`, have come due in the last `days` days."""
    database = connect(url, None, timedelta(seconds=5))
    ago = now - timedelta(days=days)
    came_due = (
        update(subscriptions)
        .where(subscriptions.c.id.between(first, first + count - 1))
        .values(next_due_at=ago, first_on=ago.date() - timedelta(days=1))
    )
    await database.write(lambda connection: connection.execute(came_due).rowcount)
    await database.close()


async def measure(store: Store, rounds: int) -> Cost:
    """The cost of a tick; the median of so many."""
    seconds, processor, statements = [], [], 0
    before = _peak_megabytes()
    for _ in range(rounds):
        counted = _Statements(store)
        began_at, worked = time.perf_counter(), time.process_time()
        await tick(store)
        processor.append(time.process_time() - worked)
        seconds.append(time.perf_counter() - began_at)
        statements = counted.stop()
    more = _peak_megabytes() - before
    return Cost(statistics.median(seconds), statistics.median(processor), statements, more)


class _Statements:
    """Counts what the store's engine is asked to do, until `stop`."""

    def __init__(self, store: Store) -> None:
        self._engine = store._database.engine
        self._count = 0
        event.listen(self._engine, "before_cursor_execute", self._note)

    def _note(self, *_: object) -> None:
        self._count += 1

    def stop(self) -> int:
        event.remove(self._engine, "before_cursor_execute", self._note)
        return self._count


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def compare(url: str, count: int) -> None:
    """Print the rows of one size."""
    async with store_of(url, count) as store:
        now = await store.now()

        async def show(what: str, rounds: int) -> None:
            cost = await measure(store, rounds)
            print(
                f"| {count:,} | {what} | {cost.seconds * 1000:,.1f} ms "
                f"| {cost.processor_seconds * 1000:,.1f} ms "
                f"| {cost.statements} | {cost.megabytes:.0f} MB |",
                flush=True,
            )

        await tick(store)
        await show("0", ROUNDS)
        few, most = count // 100, min(count, MOST_DUE)
        await make_due(url, 1, few, 0, now)
        await show(f"{few:,} in a minute", 1)
        await make_due(url, few + 1, most - few, 0, now)
        await show(f"{most - few:,} in a minute", 1)
        if count > MOST_DUE:
            await make_due(url, MOST_DUE + 1, MOST_DUE, 1, now)
            await show(f"{MOST_DUE:,} in a day", 1)


def main() -> None:
    """Measure every size on an empty database of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--subscriptions", type=int, nargs="+", default=SIZES)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    print("| subscriptions | due | a tick | processor | statements | memory |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    with ExitStack() as held:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="studybot-tick-")))
        if options.database == "postgresql":
            from tests.postgresql_server import postgresql_server

            server = held.enter_context(postgresql_server())
        for count in options.subscriptions:
            url = f"sqlite:///{folder / f'{count}.sqlite3'}"
            if options.database == "postgresql":
                url = server.create_database()
            asyncio.run(compare(url, count))


if __name__ == "__main__":
    main()
