"""The engine for one process: it looks at once, at every minute, and stops cleanly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.delivery.embedded import Embedded
from bot.model import State
from tests.delivery.conftest import MORNING, Scene


@asynccontextmanager
async def running(scene: Scene) -> AsyncIterator[Embedded]:
    engine = Embedded(scene.store, scene.worker())
    await engine.start()
    try:
        yield engine
    finally:
        await asyncio.wait_for(engine.stop(), timeout=5)


async def test_what_came_due_while_nobody_looked_is_delivered_at_the_start(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    async with running(scene):
        await scene.telegram.until(lambda: scene.texts(group))


async def test_the_clock_is_asked_just_after_every_full_minute(scene: Scene) -> None:
    async with running(scene) as engine:
        wait = (engine.next_tick_at - datetime.now(UTC)).total_seconds()
        assert 0 < wait <= 60.2
        assert engine.next_tick_at.second == 0


async def test_a_clock_that_was_set_back_does_not_hold_up_the_next_tick(scene: Scene) -> None:
    async with running(scene) as engine:
        earlier = datetime.now(UTC) - timedelta(hours=1)
        engine.mind_the_clock(earlier)
        assert earlier < engine.next_tick_at <= earlier + timedelta(seconds=60.2)


async def test_a_clock_that_runs_on_leaves_the_next_tick_where_it_is(scene: Scene) -> None:
    async with running(scene) as engine:
        before = engine.next_tick_at
        engine.mind_the_clock(datetime.now(UTC))
        assert engine.next_tick_at == before


async def test_an_engine_that_stopped_holds_no_lease(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    async with running(scene):
        await scene.telegram.until(lambda: scene.texts(group))
    row = await scene.row(group)
    assert (row.state, row.lease_owner) == (State.SENT, "")
