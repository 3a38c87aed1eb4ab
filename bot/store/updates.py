"""Updates of Telegram: each answered once, those of a chat one after another, by any replica.

Here live the rows of `seen_updates`. Telegram gives an update out again when it had no
answer in time, and several replicas take updates side by side, so who may answer which is
decided here. What an answer is, is not.

An update is waiting, begun or answered. Waiting and begun hold a lease: whoever dies lets it
run out, and the next to whom Telegram gives the update answers it. So an update is answered
at least once, and more than once only where a replica died in the middle.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto
from typing import Final

from sqlalchemy import Connection, delete, func, or_, select, update

from bot.store.engine import Part, insert, writes_unflushed
from bot.store.schema import seen_updates

# Telegram keeps an update for 24 hours at the most (core.telegram.org/bots/api, Getting updates).
REMEMBERED_FOR: Final = timedelta(hours=25)
# One lock a line, for the length of a transaction; the number only has to differ from others'.
_LINE_LOCK: Final = 0x73627570


class Turn(Enum):
    """Whose turn it is with an update."""

    MINE = auto()  # answer it now, then say that it is answered
    WAIT = auto()  # another is at it, or one before it in its chat is not answered: ask again
    PAST = auto()  # it has been answered


class Updates(Part):
    """The store's share that knows which updates were seen."""

    @writes_unflushed
    def take_update(
        self,
        connection: Connection,
        update_id: int,
        line_id: int | None,
        taker: str,
        lease: timedelta,
    ) -> Turn:
        """Ask for the turn with this update; `taker` is another one for each time it arrives.

        Updates with the same `line_id` are given out one at a time, of those that are known
        the lowest first. Asking renews the lease, so one that waits has to ask within it.
        """
        self._lock_line(connection, update_id if line_id is None else line_id)
        now = self._database.now()
        rows = seen_updates.c
        known = connection.execute(
            select(
                rows.taker,
                rows.lease_until_at.is_(None).label("is_answered"),
                (rows.lease_until_at > now).label("is_held"),
            ).where(rows.update_id == update_id)
        ).one_or_none()
        if known is not None and known.is_answered:
            return Turn.PAST
        if known is not None and known.is_held and known.taker != taker:
            return Turn.WAIT
        before = (
            select(rows.update_id)
            .where(
                rows.line_id == line_id,
                rows.update_id != update_id,
                rows.lease_until_at > now,
                or_(rows.is_begun, rows.update_id < update_id),
            )
            .limit(1)
        )
        is_free = line_id is None or connection.execute(before).first() is None
        fields = {
            "taker": taker,
            "is_begun": is_free,
            "lease_until_at": self._database.now(lease),
        }
        connection.execute(
            insert(connection, seen_updates)
            .values(update_id=update_id, line_id=line_id, seen_at=now, **fields)
            .on_conflict_do_update(index_elements=["update_id"], set_=fields)
        )
        return Turn.MINE if is_free else Turn.WAIT

    @writes_unflushed
    def keep_update(
        self, connection: Connection, update_id: int, taker: str, lease: timedelta
    ) -> None:
        """Renew the lease of an update that this taker is still answering."""
        connection.execute(
            update(seen_updates)
            .where(
                seen_updates.c.update_id == update_id,
                seen_updates.c.taker == taker,
                seen_updates.c.lease_until_at.is_not(None),
            )
            .values(lease_until_at=self._database.now(lease))
        )

    @writes_unflushed
    def settle_update(self, connection: Connection, update_id: int, taker: str) -> None:
        """Note that this taker has answered; nothing is noted when the update is another's now."""
        connection.execute(
            update(seen_updates)
            .where(seen_updates.c.update_id == update_id, seen_updates.c.taker == taker)
            .values(lease_until_at=None)
        )

    @writes_unflushed
    def forget_updates(self, connection: Connection) -> int:
        """Forget what Telegram cannot give out any more; how many updates that were."""
        old = seen_updates.c.seen_at < self._database.now(-REMEMBERED_FOR)
        done = connection.execute(delete(seen_updates).where(old))
        return done.rowcount

    def _lock_line(self, connection: Connection, line_id: int) -> None:
        """Let no two processes ask about one line at once (SQLite has one writer anyway)."""
        if not self._database.is_sqlite:
            key = func.hashtextextended(str(line_id), _LINE_LOCK)
            connection.execute(select(func.pg_advisory_xact_lock(key)))
