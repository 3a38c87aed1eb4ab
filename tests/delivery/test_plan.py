"""The tick: what is due becomes rows, once, whatever the tick goes through."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.delivery.plan import tick
from bot.model import DayRule, Days, State
from tests.delivery.conftest import MORNING, Scene


async def test_a_tick_tells_how_many_rows_are_to_be_sent(scene: Scene) -> None:
    for _ in range(3):
        await scene.subscribe(scene.group())
    assert await tick(scene.store) == 0
    scene.clock.at = MORNING
    assert await tick(scene.store) == 3
    assert await tick(scene.store) == 0


async def test_more_than_a_batch_is_planned_in_one_tick(scene: Scene) -> None:
    for _ in range(7):
        await scene.subscribe(scene.private())
    scene.clock.at = MORNING
    assert await tick(scene.store, batch=2) == 7


async def test_two_ticks_at_once_plan_a_date_once(scene: Scene) -> None:
    chats = [scene.private() for _ in range(20)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    assert sum(await asyncio.gather(*(tick(scene.store, batch=3) for _ in range(3)))) == 20
    assert {(await scene.row(chat)).state for chat in chats} == {State.DUE}


async def test_only_chosen_days_are_planned(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group, days=Days(DayRule.WEEKDAYS, frozenset({3})))
    scene.clock.at = MORNING + timedelta(days=2)
    await tick(scene.store)
    planned = [await scene.rows(group, date(2026, 11, day)) for day in (24, 25, 26)]
    assert [len(rows) for rows in planned] == [0, 1, 0]


async def test_a_zone_that_is_gone_stands_in_nobodys_way(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    lost, found = scene.group(), scene.group()
    made = await scene.subscribe(lost)
    await scene.store.save_subscription(replace(made, zone="Atlantis/Capital"))
    await scene.subscribe(found)
    scene.clock.at = MORNING
    assert await tick(scene.store, batch=1) == 1
    assert len(await scene.rows(found)) == 1
    assert "cannot be planned" in caplog.text
    assert await tick(scene.store) == 0


async def test_a_zone_that_is_back_loses_nothing(scene: Scene) -> None:
    group = scene.group()
    made = await scene.subscribe(group)
    await scene.store.save_subscription(replace(made, zone="Atlantis/Capital"))
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.store.save_subscription(made)
    scene.clock.move(timedelta(hours=1))
    await tick(scene.store)
    assert [row.state for row in await scene.rows(group)] == [State.DUE]
