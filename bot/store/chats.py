"""Chats: those the bot has met, whether it can write there, and where they moved.

Here live the rows of `chats` and `chat_moves`, and the move of everything a chat has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, exists, select, update

from bot.model import Chat, ChatKind, DeliveryKind, Language, PlanState, Script, SkipReason
from bot.store.engine import Database, Part, insert, reads, writes
from bot.store.ledger import skip_waiting
from bot.store.schema import chat_moves, chats, metadata, pace, subscriptions
from bot.store.study_tables import boards, reading_plans, reminders, schedules


class Chats(Part):
    """The store's share that knows chats."""

    def __init__(self, database: Database, draw_seed: Callable[[], int]) -> None:
        super().__init__(database)
        self._draw_seed = draw_seed

    @reads
    def chat(self, connection: Connection, chat_id: int) -> Chat | None:
        """The chat of this id, or None when it was never met, or moved away."""
        return find_chat(connection, chat_id)

    @reads
    def spoken(self, connection: Connection, chat_id: int) -> tuple[Language, Script]:
        """In which language and script this chat is answered; a new one in those of the start."""
        chosen = connection.execute(
            select(chats.c.language, chats.c.script).where(chats.c.id == chat_id)
        )
        row = chosen.one_or_none()
        return (row.language, row.script) if row else (Language.SIMPLIFIED, Script.PRINTED)

    async def meet_chat(self, chat_id: int, kind: ChatKind, title: str, zone: str) -> Chat:
        """The chat, with its kind and title refreshed; a new one gets `zone` and a seed.

        Writes only when something changed. A chat that moved stays moved: for its old id,
        in a replayed update say, the chat it moved to is returned as it is.
        """
        met = await self.chat(chat_id)
        if met is not None and (met.kind, met.title) == (kind, title):
            return met
        return await self._meet(chat_id, kind, title, zone)

    @writes
    def _meet(
        self, connection: Connection, chat_id: int, kind: ChatKind, title: str, zone: str
    ) -> Chat:
        moved_to = connection.scalar(
            select(chat_moves.c.new_id).where(chat_moves.c.old_id == chat_id)
        )
        if moved_to is not None:
            moved = find_chat(connection, moved_to)
            if moved is not None:
                return moved
        new = {
            "id": chat_id,
            "kind": kind,
            "title": title,
            "zone": zone,
            "seed": self._draw_seed(),
            "inactive_reason": "",
            "met_at": self._database.now(),
        }
        met = connection.execute(
            insert(connection, chats)
            .values(new)
            .on_conflict_do_update(index_elements=["id"], set_={"kind": kind, "title": title})
            .returning(chats)
        )
        return _chat(met.one())

    @writes
    def save_chat(self, connection: Connection, chat: Chat) -> None:
        """Store the chat exactly so, whether it was met before or not."""
        fields = {
            "kind": chat.kind,
            "title": chat.title,
            "zone": chat.zone,
            "seed": chat.seed,
            "inactive_reason": chat.inactive_reason,
            "language": chat.language,
            "script": chat.script,
        }
        connection.execute(
            insert(connection, chats)
            .values(id=chat.id, met_at=self._database.now(), **fields)
            .on_conflict_do_update(index_elements=["id"], set_=fields)
        )
        _mirror_activity(connection, chat.id, chat.is_active)

    @writes
    def deactivate_chat(self, connection: Connection, chat_id: int, reason: str) -> None:
        """Note that the bot cannot write there, and why; settings and open rows are kept.

        What stays open is sent if the chat is active again in time, else skipped as late.
        """
        if not reason:
            raise ValueError("a chat is not deactivated without a reason")
        _set_inactive_reason(connection, chat_id, reason)

    @writes
    def activate_chat(self, connection: Connection, chat_id: int) -> None:
        """Note that the bot can write there again."""
        _set_inactive_reason(connection, chat_id, "")

    @writes
    def migrate_chat(self, connection: Connection, old_id: int, new_id: int) -> None:
        """Give all that group `old_id` has to supergroup `new_id`, which it became.

        Where both have something there can be only one of, the old chat's is kept: people
        made it, while the new chat is seconds old. Told again, this changes nothing, except
        that what a replayed update stored under the old id since then is cleared away.
        """
        if old_id == new_id:
            return
        locked = connection.execute(
            select(chats)
            .where(chats.c.id.in_((old_id, new_id)))
            .order_by(chats.c.id)
            .with_for_update()
        )
        rows = {row.id: row for row in locked}
        is_told_again = connection.scalar(select(exists().where(chat_moves.c.old_id == old_id)))
        self._note_move(connection, old_id, new_id)
        if old_id not in rows:
            return
        kept_id = new_id if is_told_again else old_id
        is_active = _merge_chats(connection, rows, old_id, new_id, kept_id)
        # Messages are numbered anew in the new chat, where these numbers name others.
        connection.execute(delete(boards).where(boards.c.chat_id == old_id))
        for table in metadata.sorted_tables:
            if "chat_id" in table.c:
                # The pace and the pauses are Telegram's, and those of the new chat hold.
                keeps = new_id if table is pace else kept_id
                self._move_rows(connection, table, old_id, new_id, keeps)
        connection.execute(delete(chats).where(chats.c.id == old_id))
        _mirror_activity(connection, new_id, is_active)

    def _note_move(self, connection: Connection, old_id: int, new_id: int) -> None:
        moved = {"new_id": new_id, "moved_at": self._database.now()}
        connection.execute(
            insert(connection, chat_moves)
            .values(old_id=old_id, **moved)
            .on_conflict_do_update(index_elements=["old_id"], set_=moved)
        )
        connection.execute(
            update(chat_moves).where(chat_moves.c.new_id == old_id).values(new_id=new_id)
        )

    def _move_rows(
        self, connection: Connection, table: Table, old_id: int, new_id: int, kept_id: int
    ) -> None:
        """Rewrite `old_id` in one table; of two rows that exclude each other `kept_id`'s stays."""
        lost_id = new_id if kept_id == old_id else old_id
        if _is_one_per_chat(table):
            both = select(table.c.chat_id).where(table.c.chat_id.in_((old_id, new_id)))
            if len(connection.scalars(both).all()) == 2:
                if table is subscriptions:
                    self._skip_pushes(connection, lost_id)
                connection.execute(delete(table).where(table.c.chat_id == lost_id))
        elif "chat_id" in table.primary_key.columns:
            _drop_doubles(connection, table, kept_id, lost_id)
        elif table is schedules:
            self._drop_schedules(connection, kept_id, lost_id)
        elif table is reading_plans:
            _end_plan(connection, kept_id, lost_id)
        connection.execute(update(table).where(table.c.chat_id == old_id).values(chat_id=new_id))

    def _skip_pushes(self, connection: Connection, chat_id: int) -> None:
        """Settle what waits for a subscription that is given up, so that no day comes twice."""
        subscription_id = connection.scalar(
            select(subscriptions.c.id).where(subscriptions.c.chat_id == chat_id)
        )
        assert subscription_id is not None
        skip_waiting(
            connection,
            DeliveryKind.PUSH,
            [subscription_id],
            SkipReason.MOVED,
            self._database.now(),
        )

    def _drop_schedules(self, connection: Connection, kept_id: int, lost_id: int) -> None:
        """Give up the lost chat's schedules of those kinds that the kept one has too."""
        kept = select(schedules.c.kind).where(schedules.c.chat_id == kept_id)
        doubled = connection.execute(
            select(schedules.c.id, schedules.c.kind).where(
                schedules.c.chat_id == lost_id, schedules.c.kind.in_(kept)
            )
        )
        for id_, kind in doubled.all():
            delivers = DeliveryKind(kind.value)
            now = self._database.now()
            skip_waiting(connection, delivers, [id_], SkipReason.MOVED, now)
            connection.execute(delete(schedules).where(schedules.c.id == id_))


def find_chat(connection: Connection, chat_id: int) -> Chat | None:
    """Within a transaction: the chat of this id, or None."""
    return find_chats(connection, [chat_id]).get(chat_id)


def find_chats(connection: Connection, chat_ids: Sequence[int]) -> dict[int, Chat]:
    """Within a transaction: those of these chats that are known, by id."""
    found = connection.execute(select(chats).where(chats.c.id.in_(chat_ids)))
    return {row.id: _chat(row) for row in found}


def _chat(row: Row[Any]) -> Chat:
    return Chat(
        row.id,
        row.kind,
        row.title,
        row.zone,
        row.seed,
        row.inactive_reason,
        row.language,
        row.script,
    )


def _set_inactive_reason(connection: Connection, chat_id: int, reason: str) -> None:
    connection.execute(update(chats).where(chats.c.id == chat_id).values(inactive_reason=reason))
    _mirror_activity(connection, chat_id, not reason)


def _mirror_activity(connection: Connection, chat_id: int, is_active: bool) -> None:
    for table in (subscriptions, reminders, schedules):
        connection.execute(
            update(table).where(table.c.chat_id == chat_id).values(chat_is_active=is_active)
        )


def _end_plan(connection: Connection, kept_id: int, lost_id: int) -> None:
    """End what the lost chat reads, where the kept one reads something too."""
    standing = (PlanState.ACTIVE, PlanState.PAUSED)
    kept = reading_plans.alias()
    has_one = exists().where(kept.c.chat_id == kept_id, kept.c.state.in_(standing))
    connection.execute(
        update(reading_plans)
        .where(reading_plans.c.chat_id == lost_id, reading_plans.c.state.in_(standing), has_one)
        .values(state=PlanState.ENDED)
    )


def _drop_doubles(connection: Connection, table: Table, kept_id: int, lost_id: int) -> None:
    """Of rows whose key differs by the chat alone (one person in both), drop the lost chat's."""
    other = table.alias()
    same = [
        table.c[column.name] == other.c[column.name]
        for column in table.primary_key
        if column.name != "chat_id"
    ]
    in_both = exists().where(other.c.chat_id == kept_id, *same)
    connection.execute(delete(table).where(table.c.chat_id == lost_id, in_both))


def _merge_chats(
    connection: Connection, rows: dict[int, Row[Any]], old_id: int, new_id: int, kept_id: int
) -> bool:
    """Make the row of the new chat from both; returns whether the bot can write there."""
    old = rows[old_id]
    if new_id not in rows:
        made = {**old._mapping, "id": new_id, "kind": ChatKind.SUPERGROUP}
        connection.execute(insert(connection, chats).values(made))
        return not old.inactive_reason
    kept = rows[kept_id]
    connection.execute(
        update(chats)
        .where(chats.c.id == new_id)
        .values(seed=kept.seed, zone=kept.zone, language=kept.language, script=kept.script)
    )
    return not rows[new_id].inactive_reason


def _is_one_per_chat(table: Table) -> bool:
    return bool(table.c.chat_id.unique) or list(table.primary_key) == [table.c.chat_id]
