"""A schedule as the store's tests need one: daily at noon UTC."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from bot.model import ChatKind, Schedule, ScheduleKind
from bot.store import Store
from tests.store.conftest import NOON, TODAY


async def save_schedule(store: Store, chat_id: int, kind: ScheduleKind, **fields: Any) -> Schedule:
    """An active schedule of a chat that is met for it."""
    await store.meet_chat(chat_id, ChatKind.SUPERGROUP, f"chat {chat_id}", "UTC")
    made = Schedule(
        chat_id=chat_id,
        kind=kind,
        at=time(12),
        zone="UTC",
        first_on=TODAY,
        edited_at=NOON - timedelta(days=1),
        next_due_at=NOON,
    )
    return await store.save_schedule(replace(made, **fields))
