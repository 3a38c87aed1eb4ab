"""A store whose clock the test moves, and an owner who reads what they are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.model import ChatKind, DayRule, Days, Subscription
from bot.store import Store, open_store
from bot.watch.alarms import Owner
from tests.clock import Clock
from tests.conftest import NewDatabase

# 08:00 in Shanghai, a Tuesday.
MORNING = datetime(2026, 11, 24, tzinfo=UTC)
ZONE = "Asia/Shanghai"
CHAT = -1001234567890


@dataclass
class Reader:
    """The owner's Telegram: what came, and whether it can be reached."""

    came: list[str] = field(default_factory=list)
    is_away: bool = False

    async def send(self, text: str) -> bool:
        if self.is_away:
            return False
        self.came.append(text)
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture
async def store(tmp_path: Path, clock: Clock, new_database: NewDatabase) -> AsyncIterator[Store]:
    url = new_database(tmp_path / "data" / "studybot.sqlite3")
    opened = await open_store(url, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def owner(store: Store, reader: Reader, clock: Clock) -> Owner:
    return Owner(store, reader.send, ZONE, clock)


async def subscribe(store: Store, clock: Clock, chat_id: int = CHAT) -> Subscription:
    """A chat whose push on working days is due now, and that no tick has seen."""
    await store.meet_chat(chat_id, ChatKind.SUPERGROUP, "读书会", ZONE)
    now = clock()
    return await store.save_subscription(
        Subscription(
            chat_id=chat_id,
            push_at=time(8),
            zone=ZONE,
            first_on=now.date(),
            edited_at=now - timedelta(days=1),
            days=Days(DayRule.WORKDAYS),
            next_due_at=now,
        )
    )
