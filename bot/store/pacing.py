"""Pacing: when the next message may go, for all processes together.

Here live the rows of `pace`. The rule is the generic cell rate algorithm (GCRA, ITU-T
I.371, the virtual scheduling form): a row holds the moment from which the next message
conforms, and each message moves it on by one interval.

In any one second no more than `overall_per_second` + 1 messages go (29 at 28): a message
may be early by less than one interval, so 30 of them span more than a second. Being early
makes up for a sender that woke a little late; without it the rate would sink below the
limit. To one chat nothing is ever early.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Pace
from bot.store.engine import Part, insert, writes_unflushed
from bot.store.schema import pace as paces

_EVERYBODY = 0  # no chat has this id
_OVERSLEPT = timedelta(milliseconds=10)  # by how much a sleep may end late, at any pace


class Pacing(Part):
    """The store's share that says when to send."""

    @writes_unflushed
    async def reserve(
        self, connection: AsyncConnection, chat_id: int, is_group: bool, pace: Pace
    ) -> timedelta:
        """Take a sending slot overall and one in the chat, or neither.

        Zero: both are taken, send now. Otherwise nothing is taken; ask again after the
        time returned.
        """
        rows, now = await self._locked(connection, _EVERYBODY, chat_id)
        interval = timedelta(seconds=1 / pace.overall_per_second)
        early = max(interval / 2, _OVERSLEPT)
        chat_interval = pace.group_interval if is_group else pace.private_interval
        # No honest row is further ahead than this. One that is was written before the clock
        # was set back, and must not silence everybody until the clock is there again.
        overall_free_at = min(rows[_EVERYBODY].free_at, now + early + interval)
        chat_free_at = min(rows[chat_id].free_at, now + chat_interval)
        pauses = [row.paused_until_at for row in rows.values() if row.paused_until_at]
        go_at: datetime = max(now, overall_free_at - early, chat_free_at, *pauses)
        if go_at > now:
            return go_at - now
        free_at = {_EVERYBODY: max(overall_free_at, now) + interval, chat_id: now + chat_interval}
        await connection.execute(
            update(paces)
            .where(paces.c.chat_id.in_(free_at))
            .values(free_at=case(free_at, value=paces.c.chat_id))
        )
        return timedelta()

    @writes_unflushed
    async def pause(
        self, connection: AsyncConnection, until: datetime, chat_id: int | None = None
    ) -> None:
        """Let nothing go before `until`: to this chat, or with None to anybody.

        Of two pauses the one that ends later holds.
        """
        paused_id = _EVERYBODY if chat_id is None else chat_id
        rows, _ = await self._locked(connection, paused_id)
        paused_until_at = rows[paused_id].paused_until_at
        if paused_until_at is None or paused_until_at < until:
            await connection.execute(
                update(paces).where(paces.c.chat_id == paused_id).values(paused_until_at=until)
            )

    async def _locked(
        self, connection: AsyncConnection, *chat_ids: int
    ) -> tuple[Mapping[int, Row[Any]], datetime]:
        """The rows, made where there are none, locked until the end; and the time after that."""
        # In order of id, so that two transactions never wait for each other.
        locking = (
            select(paces)
            .where(paces.c.chat_id.in_(chat_ids))
            .order_by(paces.c.chat_id)
            .with_for_update()
        )
        rows = {row.chat_id: row for row in await connection.execute(locking)}
        if missing := sorted(set(chat_ids) - rows.keys()):
            await connection.execute(
                insert(connection, paces)
                .values([{"chat_id": one, "free_at": self._database.now()} for one in missing])
                .on_conflict_do_nothing()
            )
            rows = {row.chat_id: row for row in await connection.execute(locking)}
        return rows, await self._database.moment(connection)
