"""Standing schedules at the tick: one row a date, whatever clocks and outages do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.delivery.plan import tick
from bot.local.world import LocalChat
from bot.model import ChatKind, Delivery, DeliveryKind, Schedule, ScheduleKind, State
from bot.study import calendar
from tests.delivery.conftest import MORNING, SHANGHAI, Scene

NEW_YORK = "America/New_York"
HOUR = timedelta(hours=1)


async def schedule(scene: Scene, chat: LocalChat, **wishes: Any) -> Schedule:
    """A schedule made now, at 08:00 in Shanghai unless wished otherwise."""
    kind = wishes.pop("kind", ScheduleKind.QUIZ)
    wished: dict[str, Any] = {"at": time(8), "zone": SHANGHAI} | wishes
    await scene.store.meet_chat(chat.id, ChatKind(str(chat.kind)), chat.title, wished["zone"])
    first_on = calendar.first_push_on(wished["at"], wished["zone"], scene.clock())
    made = Schedule(
        chat_id=chat.id, kind=kind, first_on=first_on, edited_at=scene.clock(), **wished
    )
    return await scene.store.save_schedule(calendar.rescheduled(made, scene.clock()))


async def rows_of_hours(scene: Scene, chat: LocalChat, hours: int) -> list[Delivery]:
    """Let so many hours pass with a tick every quarter; all rows of the days around them."""
    first_on = scene.clock().date() - timedelta(days=1)
    for _ in range(4 * hours):
        scene.clock.move(HOUR / 4)
        await tick(scene.store)
    days = (scene.clock().date() - first_on).days + 2
    found: list[Delivery] = []
    for day in range(days):
        found += await scene.store.deliveries_on(chat.id, first_on + timedelta(days=day))
    return found


async def test_a_time_that_comes_twice_is_one_row(scene: Scene) -> None:
    scene.clock.at = datetime(2026, 10, 31, 16, tzinfo=UTC)
    group = scene.group()
    await schedule(scene, group, at=time(1, 30), zone=NEW_YORK)
    rows = await rows_of_hours(scene, group, 48)
    assert [row.local_on for row in rows] == [date(2026, 11, 1), date(2026, 11, 2)]
    assert rows[0].due_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


async def test_a_time_that_never_comes_is_one_row_an_hour_later(scene: Scene) -> None:
    scene.clock.at = datetime(2027, 3, 13, 16, tzinfo=UTC)
    group = scene.group()
    await schedule(scene, group, at=time(2, 30), zone=NEW_YORK)
    rows = await rows_of_hours(scene, group, 48)
    assert [row.local_on for row in rows] == [date(2027, 3, 14), date(2027, 3, 15)]
    assert rows[0].due_at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


async def test_what_is_due_is_a_row_of_its_kind_under_the_schedules_id(scene: Scene) -> None:
    group = scene.group()
    made = [await schedule(scene, group, kind=kind) for kind in ScheduleKind]
    scene.clock.at = MORNING
    assert await tick(scene.store) == 3
    assert await tick(scene.store) == 0
    assert {(row.kind, row.subject_id, row.state) for row in await scene.rows(group)} == {
        (DeliveryKind(one.kind.value), one.id, State.DUE) for one in made
    }


async def test_after_days_of_silence_only_what_is_not_too_late_is_to_be_sent(
    scene: Scene,
) -> None:
    group = scene.group()
    await schedule(scene, group)
    scene.clock.at = MORNING + timedelta(days=3)
    assert await tick(scene.store) == 1
    days = [MORNING.date() + timedelta(days=day) for day in range(4)]
    rows = [await scene.row(group, on) for on in days]
    assert [row.state for row in rows] == [*[State.SKIPPED] * 3, State.DUE]
    assert {row.reason for row in rows[:3]} == {"too late"}


async def test_nothing_is_due_after_its_last_date(scene: Scene) -> None:
    group = scene.group()
    await schedule(scene, group, ends_on=MORNING.date() + timedelta(days=1))
    rows = await rows_of_hours(scene, group, 24 * 4)
    assert len(rows) == 2
    stored = await scene.store.schedule(group.id, ScheduleKind.QUIZ)
    assert stored is not None
    assert stored.next_due_at is None
