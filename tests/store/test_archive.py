"""All that a chat has goes to another bot, or it is known why it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, Table, select

from bot.model import Archive, ArchivedDay, ChatKind, DayPlan, PartRead, QuizAnswer, Taken
from bot.store import Store
from bot.store.schema import metadata
from bot.study import archive
from tests.store.conftest import NOON, TODAY
from tests.store.filling import everywhere, fill
from tests.store.quizzing import QUIZ

CHAT, OTHER, MOVED = -100777, -100888, -100999
DAY = timedelta(days=1)
FRIDAY, SATURDAY = TODAY + 3 * DAY, TODAY + 4 * DAY
PINNED, NOTED = DayPlan("q-2024-03-05", "带上<笔记本>"), DayPlan(note="周五开会")

# Tables with something of a chat that rightly stay where they are, each with the reason.
STAYS = {
    "boards": "numbers of messages that the other bot sent, which no other can edit",
    "deliveries": "the account of the other bot's sending; what it showed is shown_elsewhere",
    "pace": "how fast Telegram lets that bot write to that chat",
    "reading_follows": "a person's own wish, in a private chat that the new bot may not write to",
}


def _of_a_chat(table: Table) -> Table | None:
    """The table with a `chat_id` that the rows of this one belong to; itself, or by a key."""
    if "chat_id" in table.c:
        return table
    owners = (key.column.table for key in table.foreign_keys)
    return next((one for one in owners if "chat_id" in one.c), None)


HOLDS = {table.name for table in metadata.sorted_tables if _of_a_chat(table) is not None}


async def held(store: Store, chat_id: int) -> set[str]:
    """The tables that hold something of the chat, by its id or by way of another table."""

    def look(connection: Connection) -> set[str]:
        found = set()
        for table in metadata.sorted_tables:
            owner = _of_a_chat(table)
            if owner is not None and owner is not table:
                rows = select(table).join(owner).where(owner.c.chat_id == chat_id)
                found |= {table.name} if connection.execute(rows).first() else set()
        return found

    return await everywhere(store, chat_id) | await store._database.read(look)


async def meet(store: Store, chat_id: int) -> None:
    await store.meet_chat(chat_id, ChatKind.SUPERGROUP, "读书会", "Asia/Shanghai")


async def decide(store: Store, chat_id: int, **days: DayPlan) -> None:
    await meet(store, chat_id)
    for name, plan in days.items():
        await store.save_day_plan(chat_id, {"friday": FRIDAY, "saturday": SATURDAY}[name], plan)


async def take(store: Store, told: Archive, chat_id: int = OTHER) -> Taken:
    """Import the single days of it, as a chat does."""
    return await store.import_chat(chat_id, told, None, [], its_days=told.days)


async def told_by(store: Store) -> Archive:
    """What the first bot writes, as the second one reads it."""
    return archive.read(archive.write(await store.export_chat(CHAT)))


async def decided(store: Store, chat_id: int = OTHER) -> dict[date, DayPlan]:
    found = await store.day_plans([chat_id], [FRIDAY, SATURDAY])
    return {on: plan for (_, on), plan in found.items()}


async def test_what_a_chat_has_is_carried_or_it_is_known_why_it_stays(store: Store) -> None:
    await fill(store, CHAT)
    await store.answer_quiz(QuizAnswer(QUIZ.poll_id, 7, 2, NOON))
    told = await store.export_chat(CHAT)
    (plan,) = told.plans
    told = replace(told, plans=(replace(plan, read=(PartRead(7, 1, NOON),)),))
    assert await held(store, CHAT) | {"parts_read"} == HOLDS | {"chats"}
    await meet(store, OTHER)
    assert told.subscription is not None
    await store.import_chat(
        OTHER,
        told,
        replace(told.subscription, id=0, chat_id=OTHER),
        told.reminders,
        [replace(one, id=0, chat_id=OTHER) for one in told.schedules],
        [(replace(one, plan=replace(one.plan, id=0, chat_id=OTHER)), None) for one in told.plans],
        told.days,
    )
    assert HOLDS - await held(store, OTHER) == STAYS.keys()


async def test_what_was_decided_about_single_days_goes_along_once(store: Store) -> None:
    await decide(store, CHAT, friday=PINNED, saturday=NOTED)
    await meet(store, OTHER)
    told = await told_by(store)
    assert told.days == (ArchivedDay(FRIDAY, PINNED), ArchivedDay(SATURDAY, NOTED))
    taken = [await take(store, told) for _time in range(2)]
    assert [(one.days, one.days_otherwise) for one in taken] == [(2, 0), (0, 0)]
    assert await decided(store) == {FRIDAY: PINNED, SATURDAY: NOTED}


async def test_what_was_decided_here_about_a_day_stays(store: Store) -> None:
    await decide(store, CHAT, friday=PINNED, saturday=NOTED)
    await decide(store, OTHER, friday=NOTED)
    taken = await take(store, await told_by(store))
    assert (taken.days, taken.days_otherwise) == (1, 1)
    assert await decided(store) == {FRIDAY: NOTED, SATURDAY: NOTED}


async def test_what_was_taken_in_moves_with_a_group_and_is_forgotten_with_a_person(
    store: Store,
) -> None:
    await decide(store, CHAT, friday=PINNED)
    told = await told_by(store)
    for chat_id in (OTHER, 7):
        await meet(store, chat_id)
        await take(store, told, chat_id)
    await store.migrate_chat(OTHER, MOVED)
    await store.forget_person(7)
    assert await decided(store, MOVED) == {FRIDAY: PINNED}
    assert await decided(store, 7) == {}


async def test_nothing_decided_is_nothing_taken(store: Store) -> None:
    await meet(store, CHAT)
    assert (await take(store, await told_by(store), CHAT)).days == 0


async def test_as_many_days_as_a_file_may_have_are_taken_in_at_once(store: Store) -> None:
    await meet(store, CHAT)
    told = await store.export_chat(CHAT)
    days = tuple(ArchivedDay(TODAY + n * DAY, NOTED) for n in range(1000))
    assert (await take(store, replace(told, days=days), CHAT)).days == 1000
