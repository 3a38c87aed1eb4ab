"""A reminder as the store's tests need one: Fridays at noon UTC, told at the beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.model import (
    ChatKind,
    Notice,
    NoticeRole,
    Occurrence,
    Recurrence,
    Reminder,
    ReminderState,
)
from bot.store import Store
from tests.store.conftest import NOON

FRIDAY = date(2026, 11, 27)
STARTS_AT = datetime.combine(FRIDAY, NOON.timetz())
OCCURRENCE = Occurrence(FRIDAY, FRIDAY, time(12), STARTS_AT)
LEAD = Notice(NoticeRole.LEAD, timedelta())


async def save_reminder(store: Store, chat_id: int, **fields: Any) -> Reminder:
    """An active reminder of a chat that is met for it."""
    await store.meet_chat(chat_id, ChatKind.SUPERGROUP, f"chat {chat_id}", "UTC")
    made = Reminder(
        chat_id=chat_id,
        title="学习会",
        recurrence=Recurrence("FREQ=WEEKLY;BYDAY=FR", FRIDAY),
        at=time(12),
        zone="UTC",
        edited_at=NOON,
        notices=(LEAD,),
        takes_part=True,
        state=ReminderState.ACTIVE,
        next_due_at=STARTS_AT,
    )
    return await store.save_reminder(replace(made, **fields))
