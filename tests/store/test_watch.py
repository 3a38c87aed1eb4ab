"""What an operator asks of the database: what is late, when the last tick was, turns left."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.model import DayRule, Days, Recurrence, ReminderState, ScheduleKind
from bot.store import Lateness, Store
from tests.clock import Clock
from tests.ledger import settle_sent
from tests.store.conftest import NOON, OpenStore, begin_one, plan_push, subscribe
from tests.store.reminding import FRIDAY, save_reminder
from tests.store.scheduling import save_schedule

CHAT = -100777
FIVE_MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)


async def test_a_push_that_waits_for_more_than_five_minutes_is_late(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    clock.advance(minutes=5)
    assert (await store.lateness(FIVE_MINUTES)).pushes == 0
    clock.advance(seconds=1)
    assert await store.lateness(FIVE_MINUTES) == Lateness(1, 0, NOON)


async def test_a_push_that_was_sent_is_not_late(store: Store, clock: Clock) -> None:
    await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store), 1)
    clock.advance(hours=1)
    assert await store.lateness(FIVE_MINUTES) == Lateness(0, 0, None)


async def test_what_waits_for_a_chat_that_threw_the_bot_out_is_not_late(
    store: Store, clock: Clock
) -> None:
    await plan_push(store, CHAT)
    await store.deactivate_chat(CHAT, "kicked")
    clock.advance(hours=1)
    assert (await store.lateness(FIVE_MINUTES)).pushes == 0


async def test_a_push_that_no_tick_has_planned_is_late_as_well(store: Store, clock: Clock) -> None:
    await subscribe(store, CHAT)
    clock.advance(minutes=6)
    assert await store.lateness(FIVE_MINUTES) == Lateness(0, 1, NOON)


async def test_the_last_tick_is_known_to_every_process(
    store: Store, clock: Clock, opened: OpenStore
) -> None:
    assert await store.tick_age() is None
    await store.note_tick()
    clock.advance(seconds=90)
    assert await (await opened(clock=clock)).tick_age() == timedelta(seconds=90)


async def test_workday_pushes_are_seen_while_they_are_on(store: Store) -> None:
    workdays = Days(DayRule.WORKDAYS)
    await subscribe(store, CHAT, days=workdays, is_active=False)
    assert not await store.needs_workdays()
    await subscribe(store, CHAT, days=workdays)
    assert await store.needs_workdays()


async def test_what_is_scheduled_on_workdays_is_seen_while_it_is_on(store: Store) -> None:
    workdays = Days(DayRule.WORKDAYS)
    for is_active in (False, True):
        await save_schedule(store, CHAT, ScheduleKind.PART, days=workdays, is_active=is_active)
        assert await store.needs_workdays() is is_active


async def test_reminders_on_workdays_are_seen_while_they_are_on(store: Store) -> None:
    await save_reminder(store, CHAT)
    assert not await store.needs_workdays()
    on_workdays = Recurrence("", FRIDAY, workday=0)
    reminder = await save_reminder(store, -1005, recurrence=on_workdays)
    assert await store.needs_workdays()
    await store.save_reminder(replace(reminder, state=ReminderState.PAUSED))
    assert not await store.needs_workdays()


async def test_workdays_of_a_chat_that_threw_the_bot_out_are_not_seen(store: Store) -> None:
    await save_reminder(store, CHAT, recurrence=Recurrence("", FRIDAY, workday=0))
    await store.deactivate_chat(CHAT, "kicked")
    assert not await store.needs_workdays()


async def test_the_engine_says_what_it_is(store: Store, engine: str) -> None:
    condition = await store.condition()
    assert condition.kind.lower() == engine
    assert condition.version
    assert condition.journal_mode == ("wal" if engine == "sqlite" else "")


async def test_of_many_who_note_the_same_one_is_told_that_it_is_new(opened: OpenStore) -> None:
    stores = [await opened() for _ in range(3)]
    noted = await asyncio.gather(*(one.note_fact("alarm", "late") for one in stores))
    assert sorted(noted) == [False, False, True]


async def test_a_forgotten_fact_can_be_noted_anew(store: Store) -> None:
    await store.note_fact("alarm", "late")
    assert await store.forget_fact("alarm")
    assert not await store.forget_fact("alarm")
    assert await store.note_fact("alarm", "late again")


async def test_facts_are_found_by_how_their_names_begin(store: Store) -> None:
    await store.save_fact("alarm: late", "a")
    await store.save_fact("alarm: 5%", "b")
    await store.save_fact("alarms", "c")
    assert await store.facts_under("alarm: ") == {"late": "a", "5%": "b"}


async def test_turns_are_limited_in_any_hour_over_all_processes(
    store: Store, clock: Clock, opened: OpenStore
) -> None:
    other = await opened(clock=clock)
    assert [await one.spend("owner", 2, HOUR) for one in (store, other, store)] == [
        True,
        True,
        False,
    ]
    clock.advance(minutes=59)
    assert not await other.spend("owner", 2, HOUR)
    clock.advance(minutes=1)
    assert await other.spend("owner", 2, HOUR)


async def test_a_turn_given_back_can_be_taken_again(store: Store) -> None:
    await store.spend("owner", 2, HOUR)
    await store.spend("owner", 2, HOUR)
    await store.give_back("owner")
    assert [await store.spend("owner", 2, HOUR) for _ in range(2)] == [True, False]


async def test_of_turns_asked_for_at_once_no_more_are_given_than_there_are(
    opened: OpenStore, clock: Clock
) -> None:
    stores = [await opened(clock=clock) for _ in range(6)]
    given = await asyncio.gather(*(one.spend("owner", 4, HOUR) for one in stores))
    assert sum(given) == 4


async def test_the_key_of_an_installation_is_drawn_once(store: Store, opened: OpenStore) -> None:
    other = await opened()
    keys = await asyncio.gather(*(one.installation_key() for one in (store, other)))
    assert keys[0] == keys[1] == await store.installation_key()
    assert len(keys[0]) == 32
