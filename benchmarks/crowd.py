"""A crowd of subscribed chats, entered at once: what the benchmarks of delivery begin with.

Here lives bulk insertion through the store's own tables, which the bot itself never needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.model import ChatKind, Subscription
from bot.store.engine import connect
from bot.store.schema import chats, subscriptions
from bot.store.subscriptions import fields_of

_ROWS_AT_ONCE = 5000


def due_now(chat_ids: Iterable[int], now: datetime) -> Iterator[tuple[Subscription, int]]:
    """A subscription of each chat, with its seed, whose push is due in this minute."""
    due_at = now.replace(second=0, microsecond=0)
    for chat_id in chat_ids:
        subscription = Subscription(
            chat_id=chat_id,
            push_at=due_at.time(),
            zone="UTC",
            first_on=due_at.date(),
            edited_at=now - timedelta(days=1),
            next_due_at=due_at,
        )
        yield subscription, chat_id


async def enter(url: str, crowd: Iterable[tuple[Subscription, int]], met_at: datetime) -> None:
    """Store these subscriptions, each with its chat's seed, in a migrated, empty database."""
    database = connect(url, None, timedelta(seconds=5))
    try:
        chat_rows: list[dict[str, Any]] = []
        subscription_rows: list[dict[str, Any]] = []
        for one, seed in crowd:
            is_group = one.chat_id < 0
            chat_rows.append(
                {
                    "id": one.chat_id,
                    "kind": ChatKind.SUPERGROUP if is_group else ChatKind.PRIVATE,
                    "title": f"读书会 {abs(one.chat_id)}",
                    "zone": one.zone,
                    "seed": seed,
                    "inactive_reason": "",
                    "met_at": met_at,
                }
            )
            subscription_rows.append(
                {"chat_id": one.chat_id, "chat_is_active": True, **fields_of(one)}
            )
        with database.engine.begin() as connection:
            for start in range(0, len(chat_rows), _ROWS_AT_ONCE):
                part = slice(start, start + _ROWS_AT_ONCE)
                connection.execute(insert(chats), chat_rows[part])
                connection.execute(insert(subscriptions), subscription_rows[part])
    finally:
        await database.close()
