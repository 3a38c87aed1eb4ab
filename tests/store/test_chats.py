"""Chats are met, lost, found again, and move with all that they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import (
    Chat,
    ChatKind,
    Choice,
    Member,
    Pace,
    Shown,
    State,
)
from bot.store import Ready, Store
from bot.store.schema import metadata
from tests.clock import Clock
from tests.ledger import begin, plan, settle_sent
from tests.store.conftest import (
    CHOICE,
    LEASE,
    NOON,
    TODAY,
    OpenStore,
    begin_one,
    claim_one,
    due,
    plan_push,
    subscribe,
)
from tests.store.filling import everywhere, fill
from tests.store.reminding import OCCURRENCE, save_reminder

OLD, NEW = -400, -1001234567890


async def meet(store: Store, chat_id: int, title: str = "读书会") -> Chat:
    return await store.meet_chat(chat_id, ChatKind.GROUP, title, "Asia/Shanghai")


async def test_a_chat_nobody_met_is_unknown(store: Store) -> None:
    assert await store.chat(OLD) is None


async def test_a_chat_that_is_met_has_a_seed_of_63_bits_and_is_active(store: Store) -> None:
    met = await meet(store, OLD)
    assert met == await store.chat(OLD)
    assert met.is_active
    assert 0 <= met.seed < 2**63


async def test_seeds_differ_between_chats(store: Store) -> None:
    assert len({(await meet(store, chat_id)).seed for chat_id in range(1, 9)}) == 8


async def test_seeds_come_from_where_the_opener_says(opened: OpenStore) -> None:
    store = await opened(draw_seed=lambda: 2**63 - 1)
    await meet(store, OLD)
    assert (await meet(store, OLD)).seed == 2**63 - 1


async def test_meeting_again_refreshes_title_and_kind_and_keeps_zone_and_seed(store: Store) -> None:
    first = await meet(store, OLD)
    again = await store.meet_chat(OLD, ChatKind.SUPERGROUP, "新名", "Europe/Berlin")
    assert again == replace(first, kind=ChatKind.SUPERGROUP, title="新名")
    assert await store.chat(OLD) == again


async def test_a_saved_chat_is_read_back_as_it_was(store: Store) -> None:
    chat = Chat(5, ChatKind.PRIVATE, "张三 🐼", "Asia/Urumqi", 7, "blocked")
    await store.save_chat(chat)
    assert await store.chat(5) == chat


async def test_saving_a_chat_again_replaces_it(store: Store) -> None:
    met = await meet(store, OLD)
    await store.save_chat(replace(met, zone="Asia/Tokyo", seed=3))
    assert await store.chat(OLD) == replace(met, zone="Asia/Tokyo", seed=3)


async def test_a_deactivated_chat_says_why_until_it_is_active_again(store: Store) -> None:
    met = await meet(store, OLD)
    await store.deactivate_chat(OLD, "kicked")
    assert await store.chat(OLD) == replace(met, inactive_reason="kicked")
    await store.activate_chat(OLD)
    assert await store.chat(OLD) == met


async def test_a_chat_is_not_deactivated_without_a_reason(store: Store) -> None:
    await meet(store, OLD)
    with pytest.raises(ValueError, match="reason"):
        await store.deactivate_chat(OLD, "")


async def test_meeting_a_deactivated_chat_does_not_activate_it(store: Store) -> None:
    await meet(store, OLD)
    await store.deactivate_chat(OLD, "kicked")
    assert not (await meet(store, OLD, "新名")).is_active


# ------------------------------------------------------------------- migration


async def test_all_that_a_chat_has_moves_with_it(store: Store) -> None:
    await fill(store, OLD)
    held = await everywhere(store, OLD)
    assert held == {t.name for t in metadata.sorted_tables if "chat_id" in t.c} | {"chats"}
    await store.migrate_chat(OLD, NEW)
    assert await everywhere(store, OLD) == set()
    # Messages have other numbers in the new chat: what is known of the old ones is worth nothing.
    assert await everywhere(store, NEW) == held - {"boards"}


async def test_a_person_known_in_both_chats_is_there_once_after_the_move(store: Store) -> None:
    for chat_id, name in ((OLD, "老王"), (NEW, "小王")):
        reminder = await save_reminder(store, chat_id)
        await store.check_in(reminder, OCCURRENCE, Member(7, name), 1)
    await store.migrate_chat(OLD, NEW)
    assert await store.members(NEW) == (Member(7, "老王"),)


async def test_a_moved_chat_is_a_supergroup_with_the_old_seed_and_subscription(
    store: Store,
) -> None:
    old = await meet(store, OLD)
    subscription = await subscribe(store, OLD)
    await store.migrate_chat(OLD, NEW)
    moved = await store.chat(NEW)
    assert moved is not None
    assert (moved.seed, moved.zone, moved.kind) == (old.seed, old.zone, ChatKind.SUPERGROUP)
    assert await store.subscription(NEW) == replace(subscription, chat_id=NEW)


async def test_of_a_chat_met_under_both_ids_the_old_ones_things_are_kept(store: Store) -> None:
    await fill(store, NEW)
    await fill(store, OLD)
    old, subscription = await store.chat(OLD), await store.subscription(OLD)
    assert old is not None
    assert subscription is not None
    await store.migrate_chat(OLD, NEW)
    moved = await store.chat(NEW)
    assert moved is not None
    assert moved.seed == old.seed
    assert await store.subscription(NEW) == replace(subscription, chat_id=NEW)
    assert await store.reading_position(NEW) == f"section of {OLD}"


async def test_of_two_subscriptions_of_a_moved_chat_only_one_pushes_today(store: Store) -> None:
    await fill(store, NEW)
    await fill(store, OLD)
    await store.migrate_chat(OLD, NEW)
    rows = await store.deliveries_on(NEW, TODAY)
    assert sorted((row.state, row.reason) for row in rows) == [
        (State.DUE, ""),
        (State.SKIPPED, "the chat moved"),
    ]


async def test_history_of_both_ids_is_kept(store: Store, clock: Clock) -> None:
    for chat_id in (OLD, NEW):
        await plan_push(store, chat_id)
        await settle_sent(store, await begin_one(store), 1)
    await store.migrate_chat(OLD, NEW)
    assert await store.history(NEW) == (Shown(TODAY, CHOICE), Shown(TODAY, CHOICE))


async def test_pauses_of_a_moved_chat_are_those_of_the_new_id(store: Store) -> None:
    await fill(store, NEW)
    await fill(store, OLD)
    await store.pause(NOON + timedelta(minutes=5), NEW)
    await store.migrate_chat(OLD, NEW)
    (claimed,) = await store.claim("first", 1, LEASE)
    begun = await store.begin_in_turn([Ready(claimed, CHOICE)], Pace())
    assert begun.chat_waits == {claimed.id: timedelta(minutes=5)}


async def test_a_move_told_twice_changes_nothing_the_second_time(store: Store) -> None:
    await fill(store, OLD)
    await store.migrate_chat(OLD, NEW)
    before = (await store.chat(NEW), await store.subscription(NEW), await everywhere(store, NEW))
    await store.migrate_chat(OLD, NEW)
    after = (await store.chat(NEW), await store.subscription(NEW), await everywhere(store, NEW))
    assert before == after


async def test_a_replayed_update_of_the_old_id_meets_the_chat_it_became(store: Store) -> None:
    await fill(store, OLD)
    await store.migrate_chat(OLD, NEW)
    assert await meet(store, OLD) == await store.chat(NEW)
    assert await everywhere(store, OLD) == set()


async def test_what_was_stored_anew_under_the_old_id_does_not_win_over_the_move(
    store: Store,
) -> None:
    await fill(store, OLD)
    await store.migrate_chat(OLD, NEW)
    kept = await store.chat(NEW), await store.subscription(NEW)
    await store.save_chat(Chat(OLD, ChatKind.GROUP, "again", "UTC", 1))
    await subscribe(store, OLD, theme="again")
    await store.migrate_chat(OLD, NEW)
    assert (await store.chat(NEW), await store.subscription(NEW)) == kept
    assert await everywhere(store, OLD) == set()


async def test_a_chat_nobody_met_may_move(store: Store) -> None:
    await store.migrate_chat(OLD, NEW)
    assert await store.chat(NEW) is None
    assert (await meet(store, NEW)).id == NEW


async def test_a_chat_that_moves_twice_is_found_from_its_first_id(store: Store) -> None:
    await meet(store, OLD)
    await store.migrate_chat(OLD, NEW)
    await store.migrate_chat(NEW, NEW - 1)
    assert (await meet(store, OLD)).id == NEW - 1


async def test_a_row_claimed_before_the_move_is_sent_to_the_new_id(store: Store) -> None:
    await plan_push(store, OLD)
    claimed = await claim_one(store)
    await store.migrate_chat(OLD, NEW)
    begun = await begin(store, claimed, Choice())
    assert begun is not None
    assert begun.chat_id == NEW


async def test_a_chat_met_under_a_new_id_is_inactive_when_the_new_one_is(store: Store) -> None:
    await subscribe(store, OLD)
    await meet(store, NEW)
    await store.deactivate_chat(NEW, "kicked")
    await store.migrate_chat(OLD, NEW)
    assert await store.due_subscriptions(NOON, 10) == ()
    await store.activate_chat(NEW)
    assert len(await store.due_subscriptions(NOON, 10)) == 1


async def test_a_planner_that_read_the_old_id_leaves_the_moved_subscription_alone(
    store: Store,
) -> None:
    read = await subscribe(store, OLD)
    await store.migrate_chat(OLD, NEW)
    assert await plan(store, read, [due()], None) == 0
    assert await store.claim("first", 1, LEASE) == ()
