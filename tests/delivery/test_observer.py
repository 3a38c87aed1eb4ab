"""An observer is told what became of each row, and of each tick."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.plan import tick
from bot.delivery.worker import Worker
from bot.model import Cause, Delivery, SkipReason, State
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, MORNING, Scene


class Notebook:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.ticks: list[int] = []
        self.settlements: list[tuple[State, str]] = []

    def ticked(self, planned: int, seconds: float) -> None:
        assert seconds >= 0
        self.ticks.append(planned)

    def settled(self, delivery: Delivery, state: State, reason: str) -> None:
        self.settlements.append((state, reason.partition(":")[0]))


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
async def worker(scene: Scene, notebook: Notebook) -> Worker:
    """A worker that is observed, in the minute of a group's push."""
    await scene.subscribe(scene.group())
    scene.clock.at = MORNING
    made = scene.worker()
    made.observer = notebook
    return made


async def test_a_tick_tells_how_many_came_due(
    scene: Scene, worker: Worker, notebook: Notebook
) -> None:
    await tick(scene.store, observer=notebook)
    await tick(scene.store, observer=notebook)
    assert notebook.ticks == [1, 0]


async def test_what_is_sent_is_told_once(scene: Scene, worker: Worker, notebook: Notebook) -> None:
    await scene.push(worker)
    assert notebook.settlements == [(State.SENT, "")]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault(FaultKind.STATUS, status=500), Cause.NOT_SENT),
        (Fault(FaultKind.LOSE_REPLY), Cause.IN_DOUBT),
        (
            Fault(FaultKind.STATUS, status=429, parameters={"retry_after": 3}),
            Cause.THROTTLED,
        ),
    ],
)
async def test_an_attempt_that_will_be_repeated_is_told_with_its_cause(
    scene: Scene, worker: Worker, notebook: Notebook, fault: Fault, cause: Cause
) -> None:
    scene.fail(fault)
    await scene.push(worker)
    scene.clock.move(MINUTE)
    await worker.drain()
    assert notebook.settlements == [(State.RETRY, cause), (State.SENT, "")]


async def test_what_is_given_up_is_told(scene: Scene, worker: Worker, notebook: Notebook) -> None:
    scene.fail(Fault(FaultKind.STATUS, status=400, description="Bad Request: too long"))
    await scene.push(worker)
    assert notebook.settlements == [(State.DEAD, Cause.REJECTED)]


async def test_what_is_done_without_is_told(
    scene: Scene, worker: Worker, notebook: Notebook
) -> None:
    await tick(scene.store)
    (claimed,) = await scene.store.claim("another", 1, timedelta(seconds=1))
    await scene.unsubscribe(scene.telegram.chats[claimed.chat_id])
    scene.clock.move(MINUTE)
    await worker.drain()
    assert notebook.settlements == [(State.SKIPPED, SkipReason.UNSUBSCRIBED)]


async def test_what_a_process_that_was_killed_left_in_doubt_is_told_once(
    scene: Scene, worker: Worker, notebook: Notebook
) -> None:
    await tick(scene.store)
    await scene.die_while_sending()
    scene.clock.move(2 * MINUTE)
    await worker.drain()
    assert notebook.settlements == [(State.RETRY, Cause.IN_DOUBT), (State.SENT, "")]


async def test_what_two_that_were_killed_left_in_doubt_is_told_as_given_up(
    scene: Scene, worker: Worker, notebook: Notebook
) -> None:
    await tick(scene.store)
    for _ in range(2):
        await scene.die_while_sending()
        scene.clock.move(2 * MINUTE)
    await worker.drain()
    assert notebook.settlements == [(State.DEAD, Cause.IN_DOUBT)]
