"""What another bot showed a chat counts here, once, and moves and goes with the chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.model import Archive, ArchivedShown, ChatKind, Choice, Shown
from bot.store import Store
from tests.clock import Clock
from tests.ledger import begin, settle_sent
from tests.store.conftest import NOON, TODAY, claim_one, due, plan_push

CHAT, OTHER, MOVED = -100777, -100888, -100999
DAY = timedelta(days=1)
SEED = 77
THERE = tuple(
    ArchivedShown(TODAY - n * DAY, f"q-{n}", "round", f"a-{n}.1", "产业") for n in (4, 3, 2)
)


def archive(shown: Sequence[ArchivedShown] = THERE, seed: int | None = SEED) -> Archive:
    """What another bot tells of a group that it has shown this."""
    dates = tuple(one.on for one in shown)
    zone = "Asia/Shanghai"
    return Archive(1, "读书会", zone, NOON, pushed_on=dates, seed=seed, shown=tuple(shown))


def known(one: ArchivedShown, **more: object) -> Shown:
    choice = Choice(one.quote_id, one.quote_reason, one.section_id, one.section_reason)
    return replace(Shown(one.on, choice, is_ours=False), **more)  # type: ignore[arg-type]


async def meet(store: Store, chat_id: int = CHAT) -> int:
    """The chat, met; its seed."""
    kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.SUPERGROUP
    return (await store.meet_chat(chat_id, kind, "读书会", "Asia/Shanghai")).seed


async def take(store: Store, told: Archive, chat_id: int = CHAT) -> int:
    """Import it; how much of what was shown was new."""
    return (await store.import_chat(chat_id, told, None, [])).shown


async def seed_of(store: Store, chat_id: int = CHAT) -> int:
    chat = await store.chat(chat_id)
    assert chat is not None
    return chat.seed


async def show(store: Store, clock: Clock, quote_id: str, chat_id: int = CHAT) -> Shown:
    """Plan and send the next day's push."""
    on, choice = clock.at.date(), Choice(quote_id, "round")
    await plan_push(store, chat_id, due(on, clock.at))
    begun = await begin(store, await claim_one(store), choice)
    assert begun is not None
    await settle_sent(store, begun, 1)
    clock.advance(days=1)
    return Shown(on, choice)


async def test_what_another_bot_showed_is_in_the_history_and_its_order_goes_on(
    store: Store,
) -> None:
    await meet(store)
    assert await take(store, archive()) == 3
    assert await store.history(CHAT) == tuple(map(known, THERE))
    assert await seed_of(store) == SEED


async def test_the_next_push_depends_on_both(store: Store, clock: Clock) -> None:
    await meet(store)
    await take(store, archive())
    ours = await show(store, clock, "q-9")
    subscription = await store.subscription(CHAT)
    assert subscription is not None
    (briefing,) = (await store.briefings([subscription.id])).values()
    assert briefing.history == (*map(known, THERE), ours)


async def test_the_same_archive_twice_is_once(store: Store, clock: Clock) -> None:
    await meet(store)
    await take(store, archive())
    assert await take(store, archive()) == 0
    ours = await show(store, clock, "q-9")
    assert await take(store, archive()) == 0
    assert await store.history(CHAT) == (*map(known, THERE), ours)


async def test_a_later_archive_adds_what_is_new(store: Store) -> None:
    await meet(store)
    await take(store, archive(THERE[:2]))
    assert await take(store, archive()) == 1
    assert await store.history(CHAT) == tuple(map(known, THERE))


async def test_a_chat_that_was_shown_something_keeps_it_and_its_order(
    store: Store, clock: Clock
) -> None:
    seed = await meet(store)
    ours = await show(store, clock, "q-9")
    assert await take(store, archive()) == 3
    there = (known(one, known_from=TODAY + DAY) for one in THERE)
    assert await store.history(CHAT) == (*there, ours)
    assert await seed_of(store) == seed


async def test_a_bots_own_archive_changes_nothing(store: Store, clock: Clock) -> None:
    ours = await show(store, clock, "q-9")
    assert await take(store, await store.export_chat(CHAT)) == 0
    assert await store.history(CHAT) == (ours,)


async def test_a_group_that_comes_back_brings_what_was_shown_meanwhile(
    store: Store, clock: Clock
) -> None:
    first = await show(store, clock, "q-1")
    await meet(store, OTHER)
    await take(store, await store.export_chat(CHAT), OTHER)
    second = await show(store, clock, "q-2", OTHER)
    assert await take(store, await store.export_chat(OTHER)) == 1
    assert await store.history(CHAT) == (first, replace(second, is_ours=False))


async def test_what_two_bots_showed_apart_stays_apart_with_a_third(
    store: Store, clock: Clock
) -> None:
    await show(store, clock, "q-9")
    await take(store, archive())
    await meet(store, OTHER)
    await take(store, await store.export_chat(CHAT), OTHER)
    here, there = await store.history(CHAT), await store.history(OTHER)
    assert [(one.on, one.choice, one.known_from) for one in there] == [
        (one.on, one.choice, one.known_from) for one in here
    ]


async def test_an_archive_of_dates_alone_tells_of_no_quotation(store: Store) -> None:
    seed = await meet(store)
    told = replace(archive(seed=None), shown=())
    assert await take(store, told) == 0
    assert await store.history(CHAT) == ()
    assert await seed_of(store) == seed
    assert (await store.study_days(CHAT))[0] == {one.on for one in THERE}


async def test_an_archive_of_dates_alone_is_completed_by_a_newer_one(store: Store) -> None:
    await meet(store)
    await take(store, replace(archive(seed=None), shown=()))
    assert await take(store, archive()) == 3
    assert await store.history(CHAT) == tuple(map(known, THERE))


async def test_what_may_not_have_been_shown_is_no_day_with_a_push(store: Store) -> None:
    await meet(store)
    await take(store, replace(archive(), pushed_on=(THERE[0].on,)))
    assert (await store.study_days(CHAT))[0] == {THERE[0].on}
    assert len(await store.history(CHAT)) == 3


async def test_it_moves_with_a_group_and_counts_once(store: Store) -> None:
    for chat_id in (CHAT, MOVED):
        await meet(store, chat_id)
    await take(store, archive())
    await take(store, archive(THERE[1:]), MOVED)
    await store.migrate_chat(CHAT, MOVED)
    assert await store.history(MOVED) == tuple(map(known, THERE))
    assert await seed_of(store, MOVED) == SEED


async def test_it_is_forgotten_with_a_private_chat(store: Store) -> None:
    person = 7
    await meet(store, person)
    await take(store, archive(), person)
    await store.forget_person(person)
    assert await store.history(person) == ()


async def test_thousands_of_days_are_taken_in(store: Store) -> None:
    shown = [ArchivedShown(TODAY - n * DAY, f"q-{n}", "round") for n in range(3000, 0, -1)]
    await meet(store)
    assert await take(store, archive(tuple(shown))) == 3000
    assert [one.on for one in await store.history(CHAT)] == [one.on for one in shown]
