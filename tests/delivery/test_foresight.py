"""What is foretold is what is sent: the same days, moments and choices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.local.world import LocalChat
from bot.model import (
    Content,
    DayPlan,
    DayRule,
    Days,
    Foreseen,
    QuoteOrder,
    ReadingOrder,
    State,
    Subscription,
)
from bot.study import calendar
from bot.study.foresight import due_on, foresee
from bot.study.rotation import Reason
from tests.delivery.conftest import SHANGHAI, Scene

pytestmark = pytest.mark.long

DAY = timedelta(days=1)
SOME = 27
WISHES = [
    {},
    {"days": Days(DayRule.WORKDAYS)},
    {"days": Days(DayRule.WEEKDAYS, frozenset({1, 3, 5})), "content": Content.QUOTE},
    {"quote_order": QuoteOrder.DATE, "reading_order": ReadingOrder.SEQUENCE},
    {"theme": "人工智能"},
    {"content": Content.READING},
    {"push_at": time(2, 30), "zone": "America/New_York"},
    {"push_at": time(2, 30), "zone": "Europe/Berlin"},
]


async def foretold(scene: Scene, subscription: Subscription, days: int) -> tuple[Foreseen, ...]:
    chat = await scene.store.chat(subscription.chat_id)
    assert chat is not None
    today = calendar.local_date(scene.clock(), subscription.zone)
    dates = [today + ahead * DAY for ahead in range(days)]
    plans = await scene.store.day_plans([chat.id], dates)
    return foresee(
        scene.corpus,
        scene.nearest,
        subscription,
        await scene.store.history(chat.id),
        {on: plan for (_, on), plan in plans.items()},
        seed=chat.seed,
        first_on=today,
        days=days,
    )


async def live(scene: Scene, group: LocalChat, days: int) -> None:
    """Days of the engine's life: of its looks, those at which something is due."""
    worker = scene.worker()
    until = scene.clock() + days * DAY
    while True:
        subscription = await scene.store.subscription(group.id)
        assert subscription is not None
        assert subscription.next_due_at is not None
        if subscription.next_due_at > until:
            return
        scene.clock.at = max(scene.clock(), subscription.next_due_at)
        await scene.push(worker)


@pytest.mark.parametrize(
    "start", [date(2026, 2, 10), date(2026, 3, 5), date(2026, 10, 20)], ids=str
)
@pytest.mark.parametrize("wishes", WISHES, ids=lambda one: "-".join(map(str, one.values())) or "-")
async def test_the_days_foretold_are_the_days_sent(
    scene: Scene, wishes: dict[str, object], start: date
) -> None:
    """Through new year's holidays and make-up days, and both changes of clocks."""
    scene.clock.at = scene.midnight(start)
    group = scene.group()
    subscription = await scene.subscribe(group, **wishes)
    days = await foretold(scene, subscription, SOME)
    await live(scene, group, SOME + 1)
    sent = []
    for day in days:
        sent += [row for row in await scene.rows(group, day.on) if row.part == 1]
    assert [row.state for row in sent] == [State.SENT] * len(sent)
    expected = [(day.on, day.due_at, day.choice) for day in days if day.due_at is not None]
    assert [(row.local_on, row.due_at, row.choice) for row in sent] == expected


async def test_what_was_decided_about_a_day_is_foretold_and_sent(scene: Scene) -> None:
    group = scene.group()
    subscription = await scene.subscribe(group)
    tomorrow = date(2026, 11, 25)
    pinned = scene.corpus.quotes[3].id
    await scene.store.save_day_plan(group.id, tomorrow, DayPlan(pinned, "带上<笔记本>"))
    days = await foretold(scene, subscription, 10)
    await live(scene, group, 10)
    row = await scene.row(group, tomorrow)
    assert (row.choice.quote_id, row.choice.quote_reason) == (pinned, Reason.PINNED)
    (text,) = (one.text for one in scene.telegram.sent(group) if one.id == row.message_id)
    assert "📝 带上<笔记本>" in text
    assert "管理员为这一天选的" in text
    shown = [(await scene.row(group, day.on)).choice for day in days]
    assert shown == [day.choice for day in days]
    assert [one.quote_id for one in shown].count(pinned) == 1


async def test_a_pin_that_left_the_corpus_is_passed_over(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    await scene.store.save_day_plan(group.id, date(2026, 11, 24), DayPlan("q-gone"))
    scene.clock.move(timedelta(hours=1))
    await scene.push()
    assert scene.corpus.quote((await scene.row(group)).choice.quote_id)


async def test_the_plan_of_a_day_moves_with_its_chat(scene: Scene) -> None:
    group, supergroup = scene.group(is_basic=True), scene.group()
    await scene.subscribe(group)
    on, plan = date(2026, 11, 25), DayPlan("", "备注")
    await scene.store.save_day_plan(group.id, on, plan)
    await scene.store.migrate_chat(group.id, supergroup.id)
    assert await scene.store.day_plans([group.id, supergroup.id], [on]) == {
        (supergroup.id, on): plan
    }


async def test_a_plan_is_kept_replaced_and_forgotten(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    on = date(2026, 11, 25)
    for plan in (DayPlan("q-1", "一"), DayPlan("q-1", "一"), DayPlan("", "二")):
        await scene.store.save_day_plan(group.id, on, plan)
        assert await scene.store.day_plans([group.id], [on]) == {(group.id, on): plan}
    await scene.store.save_day_plan(group.id, on, DayPlan())
    assert await scene.store.day_plans([group.id], [on]) == {}


async def test_holidays_are_days_off_and_make_up_days_are_not(scene: Scene) -> None:
    scene.clock.at = scene.midnight(date(2026, 2, 10))
    subscription = await scene.subscribe(scene.group(), days=Days(DayRule.WORKDAYS))
    days = {day.on: day.due_at for day in await foretold(scene, subscription, SOME)}
    assert days[date(2026, 2, 17)] is None  # the spring festival, a Tuesday
    assert days[date(2026, 2, 14)] is not None  # a Saturday that is worked


def test_a_time_in_the_gap_of_a_clock_is_due_once_and_later() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    one = Subscription(-1, time(2, 30), "Europe/Berlin", date(2026, 1, 1), at)
    before, during, after = (due_on(one, date(2026, 3, day)) for day in (28, 29, 30))
    assert before is not None
    assert during is not None
    assert after is not None
    assert during - before == DAY
    assert after - during == DAY - timedelta(hours=1)
    assert due_on(replace(one, first_on=date(2027, 1, 1)), date(2026, 3, 29)) is None
    assert due_on(replace(one, zone=SHANGHAI), date(2026, 3, 29)) is not None
