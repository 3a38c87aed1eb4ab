"""Facts: single values under a name, each with the moment it was saved at.

Here live the statements on their rows, for every part of the store that keeps one, within
that part's transaction. What a fact means is its keeper's.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.store.engine import insert
from bot.store.schema import facts

Moment = datetime | ColumnElement[datetime]


def find_fact(connection: Connection, name: str) -> str | None:
    """The value saved under this name, or None."""
    value: str | None = connection.scalar(select(facts.c.value).where(facts.c.name == name))
    return value


def find_saved_at(
    connection: Connection, name: str, *, for_update: bool = False
) -> datetime | None:
    """When the fact of this name was saved, or None; locked `for_update` until the end."""
    looked_up = select(facts.c.saved_at).where(facts.c.name == name)
    at: datetime | None = connection.scalar(
        looked_up.with_for_update() if for_update else looked_up
    )
    return at


def find_facts_under(connection: Connection, start: str) -> dict[str, str]:
    """Every value whose name begins so, by the rest of the name, in its order."""
    found = connection.execute(
        select(facts.c.name, facts.c.value)
        .where(facts.c.name.startswith(start, autoescape=True))
        .order_by(facts.c.name)
    )
    return {row.name.removeprefix(start): row.value for row in found}


def put_fact(connection: Connection, name: str, value: str, saved_at: Moment) -> None:
    """Keep the value under this name, in place of the one before."""
    fields = {"value": value, "saved_at": saved_at}
    connection.execute(
        insert(connection, facts)
        .values(name=name, **fields)
        .on_conflict_do_update(index_elements=["name"], set_=fields)
    )


def add_fact(connection: Connection, name: str, value: str, saved_at: Moment) -> bool:
    """Keep the value unless there is one of this name; whether it is new."""
    added = connection.scalar(
        insert(connection, facts)
        .values(name=name, value=value, saved_at=saved_at)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(facts.c.name)
    )
    return added is not None


def drop_fact(connection: Connection, name: str) -> bool:
    """Forget the value of this name; whether there was one, for the first who asks."""
    return connection.execute(delete(facts).where(facts.c.name == name)).rowcount == 1
