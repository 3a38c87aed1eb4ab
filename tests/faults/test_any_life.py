"""Whatever happens to its messages and its processes, a chat gets every day's push.

Here a few days are lived with anything in them, in any order, on the real ledger over real
HTTP: calls that fail in every way, workers that die before and while they send, two workers at
once, hours in which nothing runs, a group that becomes a supergroup. Then all is well again,
what is left is delivered, and the books are compared with what Telegram accepted.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery.plan import tick
from bot.delivery.worker import LEASE
from bot.local.world import LocalChat
from bot.model import Cause, Corpus, Delivery, SkipReason, State
from bot.store import open_store
from bot.study import calendar
from bot.study.choice import Nearest
from tests.bot_api_server import Accepted, Fault, FaultKind
from tests.clock import Clock
from tests.conftest import NewDatabase
from tests.delivery.conftest import MORNING, SHANGHAI, Scene, scene_on
from tests.faults.conftest import status

MARK = "可能与刚才的重复"

# Each is done to the next call of sendMessage; after those of the first kind Telegram has it.
ACTED = (
    Fault(FaultKind.LOSE_REPLY),
    Fault(FaultKind.TRUNCATE),
    Fault(FaultKind.NOT_JSON),
)
NOT_ACTED = (
    Fault(FaultKind.RESET),  # after the request left: nobody can know
    status(500),
    status(502),
    status(429, retry_after=3),
    status(429, retry_after=45),
    status(401, "Unauthorized"),
    status(400, "Bad Request: something is wrong with it"),
)


@dataclass(frozen=True)
class Pass:
    """Time goes by, and nothing runs."""

    minutes: int


@dataclass(frozen=True)
class Work:
    """A tick, and workers that deliver while calls go wrong like this, one after another."""

    faults: tuple[Fault | None, ...] = ()
    workers: int = 1


@dataclass(frozen=True)
class Die:
    """A worker dies: after it has claimed rows, or while one of them is sent."""

    is_sending: bool


@dataclass(frozen=True)
class Migrate:
    """The group becomes a supergroup, if it is none yet."""


Step = Pass | Work | Die | Migrate

scripts = st.lists(st.sampled_from((None, *ACTED, *NOT_ACTED)), min_size=1, max_size=5).map(tuple)
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Pass, st.sampled_from((1, 2, 30, 5 * 60, 7 * 60))),
    st.builds(Work, scripts, st.integers(1, 2)),
    st.builds(Work, scripts, st.integers(1, 2)),
    st.builds(Die, st.booleans()),
    st.builds(Migrate),
)
days = st.lists(steps, min_size=2, max_size=6)


@dataclass
class Life:
    """A private chat and a group that live through the steps."""

    scene: Scene
    person: LocalChat
    group: LocalChat
    ids: dict[int, int] = field(default_factory=dict)  # of the group before -> now
    doubts: int = 0  # how often the bot could not know whether Telegram accepted a message

    async def live(self, step: Step) -> None:
        match step:
            case Pass(minutes):
                self.scene.clock.advance(minutes=minutes)
            case Work(script, workers):
                self._script(script)
                await tick(self.scene.store)
                await asyncio.gather(*(self.scene.worker().drain() for _ in range(workers)))
                self._script(())
            case Die(True):
                await tick(self.scene.store)
                await self._die_while_sending()
            case Die(False):
                await tick(self.scene.store)
                await self.scene.store.claim("dead", 10, LEASE)
            case Migrate():
                self._migrate()

    def _script(self, script: tuple[Fault | None, ...]) -> None:
        left = list(script)

        def next_fault(method: str, _params: Mapping[str, Any], _seen: int) -> Fault | None:
            fault = left.pop(0) if left and method == "sendMessage" else None
            self.doubts += fault in ACTED or fault == Fault(FaultKind.RESET)
            return fault

        self.scene.server.faults = next_fault

    async def _die_while_sending(self) -> None:
        server, arrived = self.scene.server, asyncio.Event()
        server.faults = lambda *_: arrived.set()
        server.latency_seconds = 60
        dying = asyncio.create_task(self.scene.worker().run_once())
        arriving = asyncio.create_task(arrived.wait())
        await asyncio.wait({dying, arriving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (dying, arriving):
            task.cancel()
        await asyncio.gather(dying, arriving, return_exceptions=True)
        server.latency_seconds = 0
        self.doubts += 2  # at most: one to each chat

    def _migrate(self) -> None:
        if not self.ids:
            old = self.group
            self.group = self.scene.telegram.migrate(old, self.scene.owner)
            self.ids[old.id] = self.group.id

    async def make_up(self) -> None:
        """All is well: whatever is open is delivered, or given up as too late."""
        self.scene.server.faults = None
        for _ in range(50):
            self.scene.clock.advance(minutes=10)
            await self.scene.push()
            if not (await self.scene.store.backlog()).by_state:
                return
        raise AssertionError("something stays open for ever")

    async def rows(self, chat: LocalChat) -> Mapping[date, tuple[Delivery, ...]]:
        """The rows of each day on which a push has come due."""
        now = self.scene.clock()
        days = (MORNING.date() + timedelta(days=n) for n in itertools.count())
        due = itertools.takewhile(lambda on: calendar.moment(on, time(8), SHANGHAI) <= now, days)
        # That the group has moved, the bot learns when it next writes to it.
        ids = [old for old, new in self.ids.items() if new == chat.id] + [chat.id]
        found = self.scene.store.deliveries_on
        return {on: tuple([row for one in ids for row in await found(one, on)]) for on in due}

    def accepted(self, chat: LocalChat, on: date) -> list[Accepted]:
        """What Telegram accepted of that day's push for the chat, under either id."""
        return [
            one
            for one in self.scene.server.accepted
            if self.ids.get(one.chat_id, one.chat_id) == chat.id
            and f"· {on.month}月{on.day}日" in one.text
        ]

    def is_known_twice(self, delivery: Delivery, got: list[Accepted]) -> bool:
        """Whether what came more than once says so, each time but the first, and silently."""
        marked = [MARK in one.text for one in got]
        return delivery.may_be_duplicate and all(marked[1:]) if len(got) > 1 else True


_numbers = itertools.count()


@given(lived=st.lists(days, min_size=2, max_size=5))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_happens_every_day_is_sent_once_or_said_to_be_missing(
    lived: list[list[Step]],
    tmp_path: Path,
    new_database: NewDatabase,
    corpus: Corpus,
    nearest: Nearest,
) -> None:
    clock = Clock(MORNING - timedelta(minutes=15))
    url = new_database(tmp_path / f"{next(_numbers)}.sqlite3")
    store = await open_store(url, clock=clock, draw_seed=lambda: 20261124)
    async with scene_on(store, clock, corpus, nearest) as scene:
        life = Life(scene, scene.private(), scene.group(is_basic=True))
        for chat in (life.person, life.group):
            await scene.subscribe(chat)
        for number, day in enumerate(lived):
            clock.at = max(clock.at, MORNING + timedelta(days=number))
            for step in day:
                await life.live(step)
        await life.make_up()
        twice = 0
        for chat in (life.person, life.group):
            quotes, came = [], []
            for on, rows in (await life.rows(chat)).items():
                (row,), got = rows, life.accepted(chat, on)
                came += [(scene.server.accepted.index(got[0]), on)] if got else []
                twice += max(0, len(got) - 1)
                assert life.is_known_twice(row, got)
                match row.state:
                    case State.SENT:
                        quotes.append(row.choice.quote_id)
                        assert got
                    case State.SKIPPED:
                        assert row.reason.startswith(SkipReason.TOO_LATE)
                        assert row.may_be_duplicate or not got
                    case State.DEAD:
                        assert row.reason.startswith((Cause.REJECTED, Cause.IN_DOUBT))
                    case _:
                        raise AssertionError(f"{on}: {row.state}")
            assert len(set(quotes)) == len(quotes)
            assert came == sorted(came)
        assert twice <= life.doubts
        calls = scene.telegram.calls_of("sendMessage")
        marked = [call.params for call in calls if MARK in call.params["text"]]
        assert all(one["disable_notification"] for one in marked)
    await store.close()
