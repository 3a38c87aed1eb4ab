"""After a copy was brought back: what may have been sent since it was made, and is not known.

Here live the marking of a database that was restored, by whatever tool, and the moment up to
which that counts. Nothing in a copy tells what happened after it; so all that was still to be
sent then, or would be planned again now, may have been sent, and is never sent as if it were new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, case, update

from bot.model import State
from bot.store.engine import Part, writes
from bot.store.facts import find_saved_at, put_fact
from bot.store.schema import deliveries
from bot.store.ticks import TICKED

_RESTORED: Final = "restored"  # `saved_at` is when


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in force now: the database as it was `as_of`, its last tick (None: it had none).

    `replaced` is where the database that was in place is kept; None when there was none.
    """

    as_of: datetime | None
    replaced: Path | None = None


class Restoring(Part):
    """The store's share that knows of having been restored."""

    @writes
    def mark_restored(self, connection: Connection) -> Restored:
        """Note that this database is a copy just brought back, before anything is sent from it.

        What is open goes out as a possible duplicate, and so will what is planned from now on
        with a due moment up to now (see `find_restored_at`). Leases are those of processes that
        are gone: a row that was being sent is tried again.
        """
        now = self._database.moment(connection)
        connection.execute(
            update(deliveries)
            .where(deliveries.c.settled_at.is_(None))
            .values(
                may_be_duplicate=True,
                state=case(
                    (deliveries.c.state == State.SENDING, State.RETRY),
                    (deliveries.c.state == State.CLAIMED, State.DUE),
                    else_=deliveries.c.state,
                ),
                lease_owner="",
                lease_until_at=None,
            )
        )
        put_fact(connection, _RESTORED, "", now)
        return Restored(find_saved_at(connection, TICKED))


def find_restored_at(connection: Connection) -> datetime | None:
    """Within a transaction: when the database was last restored; None when it never was.

    What was due by then, and is not in the ledger, may have been sent after the copy was made.
    """
    return find_saved_at(connection, _RESTORED)
