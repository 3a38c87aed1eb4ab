"""A chat that has something of everything, and where its id is found."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from bot.model import ArchivedShown, Coming, DayPlan, Member, ScheduleKind
from bot.store import Store
from bot.store.schema import metadata
from bot.study.reading_plan import schedule_of
from tests.store.conftest import NOON, TODAY, plan_push
from tests.store.quizzing import save_quiz
from tests.store.reminding import OCCURRENCE, save_reminder
from tests.store.scheduling import save_schedule
from tests.store.test_reading_plans import save_plan


async def everywhere(store: Store, chat_id: int) -> set[str]:
    """The tables that hold the chat's id."""

    def look(connection: Connection) -> set[str]:
        found = set()
        for table in metadata.sorted_tables:
            for column in table.c:
                if column.name == "chat_id" or (table.name, column.name) == ("chats", "id"):
                    rows = connection.execute(select(column).where(column == chat_id))
                    found |= {table.name} if rows.first() else set()
        return found

    return await store._database.read(look)


async def fill(store: Store, chat_id: int) -> None:
    """Something in every table that can hold something of a chat."""
    await plan_push(store, chat_id)
    await store.save_reading_position(chat_id, f"section of {chat_id}")
    await store.pause(NOON, chat_id)
    await store.save_day_plan(chat_id, TODAY, DayPlan(note="党课"))
    reminder = await save_reminder(store, chat_id)
    await store.say_coming(reminder, OCCURRENCE, Member(7, "小王"), Coming.YES, 1)
    chat = await store.chat(chat_id)
    assert chat is not None
    await store.check_in_for_day(chat, Member(7, "小王"), TODAY)
    shown = ArchivedShown(TODAY, "q-2026-04-02", "round")
    archive = replace(await store.export_chat(chat_id), pushed_on=(TODAY,), shown=(shown,))
    await store.import_chat(chat_id, archive, None, [])
    await save_schedule(store, chat_id, ScheduleKind.QUIZ)
    await save_quiz(store, chat_id)
    plan = await save_plan(store, chat_id)
    await store.follow_plan(plan, Member(7, "小王"), schedule_of(plan, "UTC", NOON))
