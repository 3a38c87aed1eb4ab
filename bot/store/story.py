"""The story the ledger tells: what happened to any day of any chat, and what still waits.

Here live reading queries on `deliveries`, and what the next one depends on. Nothing here
changes a row. What was shown at all is read in `histories`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from bot.model import Backlog, Chat, Delivery, Shown, State, Subscription
from bot.store.chats import find_chats
from bot.store.engine import Part, reads
from bot.store.histories import find_histories
from bot.store.ledger import delivery_of
from bot.store.schema import deliveries, subscriptions
from bot.store.subscriptions import subscription_of


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a push depends on: who wants it, where it goes, and what was shown there.

    `history` is as `Story.history` tells it.
    """

    chat: Chat
    subscription: Subscription
    history: tuple[Shown, ...]


class Story(Part):
    """The store's share that tells what became of deliveries."""

    @reads
    def briefings(
        self, connection: Connection, subscription_ids: Sequence[int]
    ) -> Mapping[int, Briefing]:
        """What the next pushes of these subscriptions depend on, at one moment, by their ids.

        By these, which never change, and not by the chats', which may have moved since.
        """
        found = connection.execute(
            select(subscriptions).where(subscriptions.c.id.in_(subscription_ids))
        )
        wanted = [subscription_of(row) for row in found]
        chat_ids = [one.chat_id for one in wanted]
        met = find_chats(connection, chat_ids)
        histories = find_histories(connection, chat_ids)
        return {
            one.id: Briefing(met[one.chat_id], one, histories.get(one.chat_id, ()))
            for one in wanted
        }

    @reads
    def history(self, connection: Connection, chat_id: int) -> tuple[Shown, ...]:
        """What was shown in the chat on which local date, oldest first.

        Of pushes sent, being sent, or perhaps sent, by this bot or, as far as it was told, by
        another; one entry a push however many parts.
        """
        return find_histories(connection, [chat_id]).get(chat_id, ())

    @reads
    def deliveries_on(self, connection: Connection, chat_id: int, on: date) -> tuple[Delivery, ...]:
        """Every row of the chat for that local date, in the order of sending."""
        found = connection.execute(
            select(deliveries)
            .where(deliveries.c.chat_id == chat_id, deliveries.c.local_on == on)
            .order_by(
                deliveries.c.due_at,
                deliveries.c.kind,
                deliveries.c.subject_id,
                deliveries.c.part,
            )
        )
        return tuple(map(delivery_of, found))

    @reads
    def backlog(self, connection: Connection) -> Backlog:
        """What is not settled yet. Costs what is open, not what is stored."""
        found = connection.execute(
            select(
                deliveries.c.state,
                deliveries.c.may_be_duplicate,
                func.count().label("rows"),
                func.min(deliveries.c.due_at, type_=deliveries.c.due_at.type).label("oldest_at"),
            )
            .where(deliveries.c.settled_at.is_(None))
            .group_by(deliveries.c.state, deliveries.c.may_be_duplicate)
        )
        rows = found.all()
        by_state: dict[State, int] = {}
        for row in rows:
            by_state[row.state] = by_state.get(row.state, 0) + row.rows
        return Backlog(
            by_state=by_state,
            in_doubt=sum(row.rows for row in rows if row.may_be_duplicate),
            oldest_due_at=min((row.oldest_at for row in rows), default=None),
        )
