"""Subscriptions: one a chat, and which of them the clock must look at.

Here live the rows of `subscriptions`. What comes due is decided in `study.calendar` and
entered in `store.planning`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from bot.errors import StoreError
from bot.model import Days, DeliveryKind, SkipReason, Subscription
from bot.store.engine import Part, insert, reads, writes
from bot.store.ledger import skip_waiting
from bot.store.schema import chats, deliveries, subscriptions
from bot.store.study_tables import reading_plans, reminders, schedules


class Subscriptions(Part):
    """The store's share that knows subscriptions."""

    @reads
    def subscription(self, connection: Connection, chat_id: int) -> Subscription | None:
        """The chat's subscription, switched off or not; None when it never had one."""
        found = connection.execute(select(subscriptions).where(subscriptions.c.chat_id == chat_id))
        row = found.one_or_none()
        return None if row is None else subscription_of(row)

    @reads
    def subscriptions(
        self, connection: Connection, *, after_id: int = 0, limit: int = 1000
    ) -> tuple[Subscription, ...]:
        """A page of all subscriptions in order of id, beginning after `after_id`."""
        found = connection.execute(
            select(subscriptions)
            .where(subscriptions.c.id > after_id)
            .order_by(subscriptions.c.id)
            .limit(limit)
        )
        return tuple(map(subscription_of, found))

    @reads
    def count_subscriptions(self, connection: Connection) -> int:
        """How many subscriptions are on, in chats where the bot can write."""
        counted = connection.scalar(
            select(func.count())
            .select_from(subscriptions)
            .where(subscriptions.c.is_active, subscriptions.c.chat_is_active)
        )
        return counted or 0

    @writes
    def save_subscription(self, connection: Connection, subscription: Subscription) -> Subscription:
        """Store the chat's one subscription so; returns it with its id, the same for ever.

        Switched off, what waits of it is skipped as "unsubscribed". Raises StoreError when
        the chat was never met.
        """
        inactive_reason = connection.scalar(
            select(chats.c.inactive_reason).where(chats.c.id == subscription.chat_id)
        )
        if inactive_reason is None:
            raise StoreError("A chat must be met before it can subscribe.")
        fields = fields_of(subscription)
        saved = connection.execute(
            insert(connection, subscriptions)
            .values(chat_id=subscription.chat_id, chat_is_active=not inactive_reason, **fields)
            .on_conflict_do_update(index_elements=["chat_id"], set_=fields)
            .returning(subscriptions)
        )
        stored = subscription_of(saved.one())
        if not stored.is_active:
            skip_waiting(
                connection,
                DeliveryKind.PUSH,
                [stored.id],
                SkipReason.UNSUBSCRIBED,
                self._database.now(),
            )
        return stored

    @reads
    def due_subscriptions(
        self, connection: Connection, now: datetime, limit: int
    ) -> tuple[Subscription, ...]:
        """Up to `limit` subscriptions the clock must look at by `now`, longest due first.

        Only those that are on, in chats where the bot can write. Costs what is due, not
        what is stored.
        """
        found = connection.execute(
            select(subscriptions)
            .where(
                subscriptions.c.is_active,
                subscriptions.c.chat_is_active,
                subscriptions.c.next_due_at <= now,
            )
            .order_by(subscriptions.c.next_due_at, subscriptions.c.id)
            .limit(limit)
        )
        return tuple(map(subscription_of, found))

    @writes
    def leave_topic(self, connection: Connection, chat_id: int, thread_id: int) -> None:
        """Send to the general topic from now on, since topic `thread_id` is closed or gone."""
        for table in (subscriptions, reminders, schedules, reading_plans):
            connection.execute(
                update(table)
                .where(table.c.chat_id == chat_id, table.c.thread_id == thread_id)
                .values(thread_id=None)
            )
        connection.execute(
            update(deliveries)
            .where(
                deliveries.c.chat_id == chat_id,
                deliveries.c.thread_id == thread_id,
                deliveries.c.settled_at.is_(None),  # what was sent there keeps saying so
            )
            .values(thread_id=None)
        )


def fields_of(subscription: Subscription) -> dict[str, Any]:
    """The columns that an edit sets: all but the row's identity and the chat's activity."""
    return {
        "thread_id": subscription.thread_id,
        "push_at": subscription.push_at,
        "zone": subscription.zone,
        "day_rule": subscription.days.rule,
        "weekdays": subscription.days.weekdays,
        "content": subscription.content,
        "quote_order": subscription.quote_order,
        "reading_order": subscription.reading_order,
        "theme": subscription.theme,
        "card": subscription.card,
        "has_check_in": subscription.has_check_in,
        "grace_seconds": subscription.grace,
        "first_on": subscription.first_on,
        "edited_at": subscription.edited_at,
        "is_active": subscription.is_active,
        "next_due_at": subscription.next_due_at,
    }


def subscription_of(row: Row[Any]) -> Subscription:
    """A row of `subscriptions` as the model has it."""
    return Subscription(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        push_at=row.push_at,
        zone=row.zone,
        days=Days(row.day_rule, row.weekdays),
        content=row.content,
        quote_order=row.quote_order,
        reading_order=row.reading_order,
        theme=row.theme,
        card=row.card,
        has_check_in=row.has_check_in,
        grace=row.grace_seconds,
        first_on=row.first_on,
        edited_at=row.edited_at,
        is_active=row.is_active,
        next_due_at=row.next_due_at,
    )
