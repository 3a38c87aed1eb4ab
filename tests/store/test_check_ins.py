"""Daily check-ins as they are stored, on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from alembic import command
from sqlalchemy import Connection, Date, Insert, Time, column, insert
from sqlalchemy import table as sql_table

from bot.model import Chat, ChatKind, Member
from bot.store import Store, open_store
from bot.store.columns import UtcMoment
from bot.store.engine import connect
from bot.store.version import alembic_config
from tests.clock import Clock
from tests.ledger import settle_sent
from tests.store.conftest import NOON, TODAY, begin_one, claim_one, due, plan_push
from tests.store.reminding import save_reminder

CHAT, OTHER, NEW = -1001, -1002, -100999
WANG, LI = Member(7, "小王"), Member(8, "小李")
DAY = timedelta(days=1)
REST = timedelta(seconds=3)
TYPES: dict[type, Any] = {datetime: UtcMoment(), date: Date(), time: Time()}


async def meet(store: Store, chat_id: int = CHAT) -> Chat:
    kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.SUPERGROUP
    return await store.meet_chat(chat_id, kind, f"chat {chat_id}", "Asia/Shanghai")


async def push(store: Store, chat_id: int = CHAT, *, parts: int = 1, message_id: int = 50) -> None:
    """Today's push is sent, in messages numbered from `message_id` on."""
    await plan_push(store, chat_id)
    for number in range(parts):
        begun = await begin_one(store, parts=parts)
        await settle_sent(store, begun, message_id + number)


async def test_a_person_checks_in_once_a_date_however_often(store: Store) -> None:
    chat = await meet(store)
    assert await store.check_in_for_day(chat, WANG, TODAY)
    assert not await store.check_in_for_day(chat, WANG, TODAY)
    assert await store.check_in_for_day(chat, WANG, TODAY + DAY)
    assert await store.check_ins_of(CHAT, WANG.user_id) == (TODAY, TODAY + DAY)


async def test_whoever_checks_in_in_a_group_is_in_its_roster(store: Store) -> None:
    await store.check_in_for_day(await meet(store), WANG, TODAY)
    await store.check_in_for_day(await meet(store, 7), WANG, TODAY)
    assert await store.members(CHAT) == (WANG,)
    assert await store.members(7) == ()


async def test_fifty_at_once_all_count(store: Store) -> None:
    chat = await meet(store)
    people = [Member(number, f"组员{number}") for number in range(1, 51)]
    news = await asyncio.gather(
        *(store.check_in_for_day(chat, one, TODAY) for one in (*people, *people))
    )
    assert sum(news) == 50
    assert await store.check_in_counts(CHAT, TODAY, TODAY) == {TODAY: 50}


async def test_the_push_of_that_date_and_the_message_tapped_show_it(store: Store) -> None:
    chat = await meet(store)
    await push(store)
    await store.check_in_for_day(chat, WANG, TODAY, 40)
    behind = await store.boards_behind(10)
    assert [(one.message_id, one.pushed_on, one.session_id) for one in behind] == [
        (40, TODAY, None),
        (50, TODAY, None),
    ]


async def test_the_last_part_of_a_push_shows_it_once_it_is_sent(store: Store) -> None:
    chat = await meet(store)
    await plan_push(store, CHAT)
    await settle_sent(store, await begin_one(store, parts=2), 50)
    await store.check_in_for_day(chat, WANG, TODAY)
    assert await store.boards_behind(10) == ()
    assert await store.push_of(CHAT, TODAY) is None
    await settle_sent(store, await begin_one(store, parts=2), 51)
    await store.check_in_for_day(chat, LI, TODAY)
    (board,) = await store.boards_behind(10)
    assert board.message_id == 51
    sent = await store.push_of(CHAT, TODAY)
    assert sent is not None
    assert (sent.part, sent.choice.quote_id) == (2, "q-2026-04-01")


async def test_in_private_nothing_is_counted_up(store: Store) -> None:
    chat = await meet(store, 7)
    await push(store, 7)
    assert await store.check_in_for_day(chat, WANG, TODAY, 50)
    assert await store.boards_behind(10) == ()


async def test_a_check_in_that_came_in_between_is_shown_later(store: Store, clock: Clock) -> None:
    chat = await meet(store)
    await store.check_in_for_day(chat, WANG, TODAY, 40)
    (behind,) = await store.boards_behind(10)
    taken = await store.take_board(behind, REST)
    assert taken is not None
    await store.check_in_for_day(chat, LI, TODAY, 40)
    await store.settle_board(taken, REST)
    (still,) = await store.boards_behind(10)
    assert (still.shown, still.changes) == (1, 2)


async def test_only_what_was_sent_is_a_day_with_a_push(store: Store) -> None:
    await plan_push(store, CHAT, due())
    await store.settle_skipped(await claim_one(store), "nothing to show")
    await push(store, OTHER)
    assert (await store.study_days(CHAT))[0] == frozenset()
    assert (await store.study_days(OTHER))[0] == {TODAY}


async def test_a_person_is_found_wherever_they_check_in(store: Store) -> None:
    for chat_id, days in ((CHAT, 1), (OTHER, 3), (7, 2)):
        chat = await meet(store, chat_id)
        for number in range(days):
            await store.check_in_for_day(chat, WANG, TODAY + number * DAY)
    found = await store.check_ins_everywhere(WANG.user_id)
    assert [(chat.id, len(dates)) for chat, dates in found] == [(OTHER, 3), (7, 2), (CHAT, 1)]


async def test_the_regulars_of_late_come_with_all_their_dates(store: Store) -> None:
    chat = await meet(store)
    for member, days in ((WANG, (0, 9)), (LI, (1,))):
        for number in days:
            await store.check_in_for_day(chat, member, TODAY - number * DAY)
    await store.check_in_for_day(chat, Member(9, "小赵"), TODAY - 9 * DAY)
    await store.list_member(CHAT, LI, is_listed=False)
    wang, li = await store.regulars(CHAT, TODAY - 6 * DAY)
    assert (wang.member, wang.checked_on, wang.is_listed) == (
        WANG,
        (TODAY - 9 * DAY, TODAY),
        True,
    )
    assert (li.member, li.is_listed) == (LI, False)


async def test_checking_in_again_keeps_a_name_off_the_board(store: Store) -> None:
    chat = await meet(store)
    await store.list_member(CHAT, WANG, is_listed=False)
    await store.check_in_for_day(chat, WANG, TODAY)
    (one,) = await store.regulars(CHAT, TODAY)
    assert not one.is_listed
    await store.list_member(CHAT, WANG, is_listed=True)
    assert (await store.regulars(CHAT, TODAY))[0].is_listed


async def test_a_person_is_forgotten_and_the_count_is_shown_anew(store: Store) -> None:
    chat = await meet(store)
    for member in (WANG, LI):
        await store.check_in_for_day(chat, member, TODAY, 40)
    (board,) = await store.boards_behind(10)
    taken = await store.take_board(board, REST)
    assert taken is not None
    await store.settle_board(taken, REST)
    assert (await store.known_of(WANG.user_id)).check_ins == 1
    await store.forget_person(WANG.user_id)
    assert (await store.known_of(WANG.user_id)).is_nothing
    assert await store.check_in_counts(CHAT, TODAY, TODAY) == {TODAY: 1}
    (again,) = await store.boards_behind(10)
    assert again.changes == taken.changes + 1


async def test_after_a_move_everyone_has_their_days_and_no_message_of_before(
    store: Store, clock: Clock
) -> None:
    old, new = await meet(store), await meet(store, NEW)
    await push(store)
    for chat in (old, new):
        await store.check_in_for_day(chat, WANG, TODAY, 40)
    await store.check_in_for_day(old, WANG, TODAY - DAY)
    clock.advance(seconds=1)
    await store.migrate_chat(CHAT, NEW)
    assert await store.check_ins_of(NEW, WANG.user_id) == (TODAY - DAY, TODAY)
    assert (await store.study_days(NEW))[0] == {TODAY}
    moved = await store.chat(NEW)
    assert moved is not None
    await store.check_in_for_day(moved, LI, TODAY)
    assert 50 not in [one.message_id for one in await store.boards_behind(10)]


async def test_check_ins_are_taken_in_once_with_the_days_they_belong_to(store: Store) -> None:
    chat = await meet(store)
    await push(store)
    await store.check_in_for_day(chat, WANG, TODAY)
    await store.list_member(CHAT, WANG, is_listed=False)
    archive = await store.export_chat(CHAT)
    await meet(store, OTHER)
    assert (await store.import_chat(OTHER, archive, None, [])).check_ins == 1
    assert (await store.import_chat(OTHER, archive, None, [])).check_ins == 0
    assert (await store.study_days(OTHER))[0] == {TODAY}
    after = await store.export_chat(OTHER)
    assert (after.check_ins, after.pushed_on) == (archive.check_ins, (TODAY,))
    assert after.members == archive.members


async def test_a_session_and_a_push_are_shown_by_messages_of_their_own(store: Store) -> None:
    chat = await meet(store)
    await save_reminder(store, CHAT)
    await store.check_in_for_day(chat, WANG, TODAY, 40)
    await store.check_in_for_day(chat, LI, date(2026, 11, 25), 41)
    behind = await store.boards_behind(10)
    assert {(one.message_id, one.pushed_on) for one in behind} == {
        (40, TODAY),
        (41, date(2026, 11, 25)),
    }


async def test_a_subscription_that_is_off_has_no_first_date(store: Store) -> None:
    one = await plan_push(store, CHAT)
    assert (await store.study_days(CHAT))[1] == one.first_on
    await store.save_subscription(replace(one, is_active=False, next_due_at=None))
    assert (await store.study_days(CHAT))[1] is None


async def test_the_switch_of_a_subscription_is_kept(store: Store) -> None:
    one = await plan_push(store, CHAT)
    assert one.has_check_in
    await store.save_subscription(replace(one, has_check_in=False))
    stored = await store.subscription(CHAT)
    assert stored is not None
    assert not stored.has_check_in


async def test_what_a_message_was_behind_with_outlives_the_upgrade(empty_url: str) -> None:
    def to_the_version_before(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")

    rows: dict[str, dict[str, Any]] = {
        "chats": {"id": CHAT, "kind": "supergroup", "title": "", "zone": "UTC", "seed": 1}
        | {"inactive_reason": "", "met_at": NOON},
        "reminders": {"id": 1, "chat_id": CHAT, "uid": "u", "title": "", "place": "", "theme": ""}
        | {"rule": "", "starts_on": TODAY, "at": NOON.time(), "lasts_seconds": 60, "zone": "UTC"}
        | {"takes_part": True, "changes": "", "state": "active", "edited_at": NOON}
        | {"chat_is_active": True},
        "sessions": {"id": 1, "reminder_id": 1, "chat_id": CHAT, "occurs_on": TODAY}
        | {"starts_at": NOON, "title": ""},
        "boards": {"chat_id": CHAT, "message_id": 40, "session_id": 1, "notice_id": 3}
        | {"changes": 5, "shown": 2, "not_before_at": NOON},
    }
    database = connect(empty_url, None, timedelta(minutes=1))
    await database.write(to_the_version_before)
    for table, values in rows.items():
        columns = [column(name, TYPES.get(type(one))) for name, one in values.items()]
        statement = insert(sql_table(table, *columns)).values(values)

        def enter(connection: Connection, statement: Insert = statement) -> None:
            connection.execute(statement)

        await database.write(enter)
    await database.close()
    store = await open_store(empty_url, clock=Clock(NOON))
    (board,) = await store.boards_behind(10)
    assert (board.message_id, board.session_id, board.notice_id) == (40, 1, 3)
    assert (board.changes, board.shown, board.not_before_at) == (5, 2, NOON)
    await store.close()
