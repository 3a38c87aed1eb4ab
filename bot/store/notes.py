"""Small things kept for people and for the program: queries, reading positions, facts.

Here live the rows of `queries`, `reading_positions` and `facts`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.store.engine import Part, insert, reads, writes
from bot.store.facts import add_fact, drop_fact, find_fact, find_facts_under, put_fact
from bot.store.schema import facts, queries, reading_positions

_KEY = "installation key"


class Notes(Part):
    """The store's share that remembers single things."""

    async def remember_query(self, text: str) -> int:
        """A number for this text, for a button to carry; the same text has the same number."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        known = await self._query_id(sha256)
        return known if known is not None else await self._new_query(sha256, text)

    @reads
    def _query_id(self, connection: Connection, sha256: str) -> int | None:
        query_id: int | None = connection.scalar(
            select(queries.c.id).where(queries.c.sha256 == sha256)
        )
        return query_id

    @writes
    def _new_query(self, connection: Connection, sha256: str, text: str) -> int:
        connection.execute(
            insert(connection, queries)
            .values(sha256=sha256, text=text, asked_at=self._database.now())
            .on_conflict_do_nothing(index_elements=["sha256"])
        )
        known = connection.execute(select(queries.c.id).where(queries.c.sha256 == sha256))
        query_id: int = known.scalar_one()
        return query_id

    @reads
    def query_text(self, connection: Connection, query_id: int) -> str | None:
        """The text `remember_query` gave this number; None for a number it never gave."""
        text: str | None = connection.scalar(select(queries.c.text).where(queries.c.id == query_id))
        return text

    @reads
    def reading_position(self, connection: Connection, chat_id: int) -> str | None:
        """Where this chat stopped reading (a `model.Place`, spelled), or None: nowhere yet."""
        section_id: str | None = connection.scalar(
            select(reading_positions.c.section_id).where(reading_positions.c.chat_id == chat_id)
        )
        return section_id

    @writes
    def save_reading_position(self, connection: Connection, chat_id: int, section_id: str) -> None:
        """Note where this chat stopped: a section's id, or a `model.Place`, spelled.

        Raises StoreError when the chat was never met.
        """
        fields = {"section_id": section_id, "saved_at": self._database.now()}
        connection.execute(
            insert(connection, reading_positions)
            .values(chat_id=chat_id, **fields)
            .on_conflict_do_update(index_elements=["chat_id"], set_=fields)
        )

    @reads
    def fact(self, connection: Connection, name: str) -> str | None:
        """The value saved under this name, or None."""
        return find_fact(connection, name)

    @writes
    def save_fact(self, connection: Connection, name: str, value: str) -> None:
        """Keep one value under a name, in place of the one before."""
        put_fact(connection, name, value, self._database.now())

    @reads
    def facts_under(self, connection: Connection, start: str) -> dict[str, str]:
        """Every value whose name begins so, by the rest of the name."""
        return find_facts_under(connection, start)

    @writes
    def note_fact(self, connection: Connection, name: str, value: str) -> bool:
        """Keep the value unless there is one of this name; whether it is new.

        Of several processes that note the same thing at once, one is told that it is.
        """
        return add_fact(connection, name, value, self._database.now())

    @writes
    def forget_fact(self, connection: Connection, name: str) -> bool:
        """Forget the value of this name; whether there was one, for the first who asks."""
        return drop_fact(connection, name)

    @writes
    def spend(self, connection: Connection, name: str, most: int, within: timedelta) -> bool:
        """Take one of `most` turns in any span of `within`; false when they are used up.

        For all processes together, across restarts. The turns taken are kept as a fact.
        """
        add_fact(connection, name, "[]", self._database.now())
        kept = connection.scalar(
            select(facts.c.value).where(facts.c.name == name).with_for_update()
        )
        now = self._database.moment(connection)
        # One from the future was taken before the clock was set back.
        taken = [
            at
            for at in json.loads(kept or "[]")
            if now - within < datetime.fromisoformat(at) <= now
        ]
        if len(taken) >= most:
            return False
        connection.execute(
            update(facts)
            .where(facts.c.name == name)
            .values(value=json.dumps([*taken, now.isoformat()]), saved_at=now)
        )
        return True

    @writes
    def give_back(self, connection: Connection, name: str) -> None:
        """Take back the last turn that `spend` gave, if there is one: nothing came of it."""
        kept = connection.scalar(
            select(facts.c.value).where(facts.c.name == name).with_for_update()
        )
        taken = sorted(json.loads(kept or "[]"), key=datetime.fromisoformat)
        connection.execute(
            update(facts)
            .where(facts.c.name == name)
            .values(value=json.dumps(taken[:-1]), saved_at=self._database.moment(connection))
        )

    async def installation_key(self) -> bytes:
        """32 random bytes that belong to this database: drawn once, then always the same."""
        drawn = secrets.token_bytes(32)
        kept = await self.fact(_KEY)
        if kept is None:
            await self.note_fact(_KEY, drawn.hex())
            kept = await self.fact(_KEY)
        assert kept is not None, "it was noted, here or by another process"
        return bytes.fromhex(kept)
