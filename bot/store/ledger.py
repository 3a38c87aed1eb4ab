"""The ledger: one row a message part, from due to sent, skipped or given up.

Here live the rows of `deliveries` while they are given out: claimed, and given back. Each
method is one transaction and each bears being done twice. How rows come to be stands in
`store.planning`, how they are sent and settled in `store.sending`, what is told of them
afterwards in `store.story`; when to call what, in the room `delivery`.

    due ──claim──> claimed ──begin_in_turn──> sending ──settle──> sent | dead | skipped
     ^                │                          │
     └────release─────┘      retry <──settle_retry─┘     (retry is claimed like due)

A lease that ran out is claimed again: a `claimed` row was surely not sent; a `sending`
one may have been, and is marked so. A row is open as long as `settled_at` is NULL.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
    update,
)

from bot.model import (
    Cause,
    Choice,
    Delivery,
    DeliveryKind,
    SkipReason,
    State,
)
from bot.store.engine import Part, reads, writes, writes_unflushed
from bot.store.schema import chats, deliveries

_WAITING = (State.DUE, State.RETRY)
_IN_FLIGHT = (State.CLAIMED, State.SENDING)
KEY = ["kind", "subject_id", "local_on", "part"]
# The columns of what is shown, in the order of the fields of `Choice`.
CHOSEN = ("quote_id", "quote_reason", "section_id", "section_reason", "card", "spoken")
# The order of sending: by key after `due_at`, so that nothing comes between two parts.
_TURN = (deliveries.c.due_at, *(deliveries.c[name] for name in KEY))


# What was noted of the row so far; else whether the bot can write to its chat at all.
_HELD_UP_BY = case(
    (deliveries.c.reason != "", deliveries.c.reason),
    (
        exists().where(chats.c.id == deliveries.c.chat_id, chats.c.inactive_reason != ""),
        Cause.CHAT_GONE.value,
    ),
    else_="",
)
_TOO_LATE_AFTER = case(
    (_HELD_UP_BY == "", SkipReason.TOO_LATE.value),
    else_=literal(f"{SkipReason.TOO_LATE}: ").concat(_HELD_UP_BY),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """The first open row of each chat; `is_all` when no open row was left unseen."""

    firsts: tuple[Row[Any], ...]
    is_all: bool


class Ledger(Part):
    """The store's share that moves deliveries along."""

    @reads
    def now(self, connection: Connection) -> datetime:
        """The moment on the clock that leases and pacing go by."""
        return self._database.moment(connection)

    @writes_unflushed
    def claim(
        self, connection: Connection, owner: str, limit: int, lease: timedelta
    ) -> tuple[Delivery, ...]:
        """Take up to `limit` rows to send, for as long as `lease`; nobody else gets them.

        In order of `due_at`, then of the row's key. Of each chat at most one row is in
        flight, and only its first open one is taken, so a chat's messages keep their order.
        A row that was `sending` when its lease ran out comes back with `may_be_duplicate`, and
        the second time `sending` as it was: it is not to be sent again.
        Rows past their grace are settled as "too late" instead, with what held them up.
        `owner` names one life of one process, so that it never meets its own leases from
        before a restart.
        """
        if not owner:
            raise ValueError("a lease needs an owner")
        self._skip_missed(connection)
        busy = self._chats_in_flight(connection)
        taken: list[Delivery] = []
        tried: set[int] = set()
        look = 4 * limit
        while True:
            seen = self._first_in_line(connection, look)
            free = [
                row.id
                for row in seen.firsts
                if row.is_free and row.chat_id not in busy and row.id not in tried
            ]
            while free and len(taken) < limit:
                wanted, free = free[: limit - len(taken)], free[limit - len(taken) :]
                tried.update(wanted)
                taken += self._take(connection, wanted, owner, lease)
            if len(taken) == limit or seen.is_all:
                return tuple(sorted(taken, key=_turn_of))
            look *= 4  # what is in flight or put off stands before what is free

    def _chats_in_flight(self, connection: Connection) -> frozenset[int]:
        rows = connection.scalars(
            select(deliveries.c.chat_id).where(deliveries.c.lease_until_at > self._database.now())
        )
        return frozenset(rows)

    def _first_in_line(self, connection: Connection, look: int) -> _Line:
        """The first open row of each chat, among the `look` first open rows of all.

        Found by walking along one index and not by asking the database for rows that have
        none before them, which it answers, when its statistics are old, in quadratic time.
        """
        now = self._database.now()
        found = connection.execute(
            select(
                deliveries.c.id,
                deliveries.c.chat_id,
                and_(_is_free(now), chats.c.inactive_reason == "").label("is_free"),
            )
            .join(chats, chats.c.id == deliveries.c.chat_id)
            .where(deliveries.c.settled_at.is_(None))
            .order_by(*_TURN)
            .limit(look)
        )
        rows = found.all()
        firsts: dict[int, Row[Any]] = {}
        for row in rows:
            firsts.setdefault(row.chat_id, row)
        return _Line(tuple(firsts.values()), is_all=len(rows) < look)

    def _take(
        self, connection: Connection, ids: Sequence[int], owner: str, lease: timedelta
    ) -> list[Delivery]:
        """Lease those of the rows that are still free, passing over what others are taking."""
        free = connection.execute(
            select(deliveries.c.id, deliveries.c.state)
            .where(deliveries.c.id.in_(ids), deliveries.c.settled_at.is_(None))
            .where(_is_free(self._database.now()))
            .with_for_update(skip_locked=True)
        )
        states = {row.id: row.state for row in free}
        taken = connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(states))
            .values(
                state=case((_in_doubt_again(), State.SENDING), else_=State.CLAIMED),
                may_be_duplicate=_in_doubt(),
                lease_owner=owner,
                lease_until_at=self._database.now(lease),
            )
            .returning(deliveries)
        )
        return [
            replace(delivery_of(row), was_sending=states[row.id] is State.SENDING) for row in taken
        ]

    def _skip_missed(self, connection: Connection) -> None:
        now = self._database.now()
        is_waiting = and_(deliveries.c.lease_until_at.is_(None), deliveries.c.settled_at.is_(None))
        is_abandoned = deliveries.c.lease_until_at <= now
        for is_free in (is_waiting, is_abandoned):  # each has an index of its own
            connection.execute(
                update(deliveries)
                .where(is_free, deliveries.c.missed_after < now)
                .values(
                    may_be_duplicate=_in_doubt(),
                    **settled(State.SKIPPED, _TOO_LATE_AFTER, now),
                )
            )

    @writes
    def release(self, connection: Connection, owner: str) -> int:
        """Give back what `owner` claimed and has not begun to send; returns how many rows."""
        released = connection.execute(
            update(deliveries)
            .where(
                deliveries.c.lease_until_at.is_not(None),
                deliveries.c.lease_owner == owner,
                deliveries.c.state == State.CLAIMED,
            )
            .values(state=State.DUE, lease_owner="", lease_until_at=None)
        )
        return released.rowcount

    @writes_unflushed
    def take_over(self, connection: Connection, owner: str) -> int:
        """End the leases of everybody but `owner`, who knows for certain that they are gone.

        What they had claimed is then free at once, and what they were sending is in doubt.
        Returns how many leases that were.
        """
        ended = connection.execute(
            update(deliveries)
            .where(
                deliveries.c.lease_until_at > self._database.now(),
                deliveries.c.lease_owner != owner,
            )
            .values(lease_until_at=self._database.now())
        )
        return ended.rowcount

    @writes_unflushed
    def renew(
        self,
        connection: Connection,
        owner: str,
        lease: timedelta,
        delivery_ids: Collection[int],
    ) -> int:
        """Have those of these leases of `owner` that have not run out end `lease` from now.

        Returns how many those were.
        """
        renewed = connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id.in_(delivery_ids),
                deliveries.c.lease_owner == owner,
                deliveries.c.lease_until_at > self._database.now(),
            )
            .values(lease_until_at=self._database.now(lease))
        )
        return renewed.rowcount


def skip_waiting(
    connection: Connection,
    kind: DeliveryKind,
    subject_ids: Sequence[int],
    reason: SkipReason,
    now: ColumnElement[datetime],
) -> None:
    """Within a transaction: skip what waits of these subjects and nobody has begun.

    Parts that follow one already sent, or just being sent, are left: half a message helps
    nobody.
    """
    first = deliveries.alias()
    is_not_begun = exists().where(
        first.c.kind == deliveries.c.kind,
        first.c.subject_id == deliveries.c.subject_id,
        first.c.local_on == deliveries.c.local_on,
        first.c.part == 1,
        first.c.state.in_(_WAITING),
    )
    waiting = connection.scalars(
        select(deliveries.c.id).where(
            deliveries.c.kind == kind,
            deliveries.c.subject_id.in_(subject_ids),
            deliveries.c.state.in_(_WAITING),
            deliveries.c.settled_at.is_(None),
            is_not_begun,
        )
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(waiting.all()), deliveries.c.state.in_(_WAITING))
        .values(**settled(State.SKIPPED, reason, now))
    )


def delivery_of(row: Row[Any]) -> Delivery:
    """A row of `deliveries` as the model has it."""
    return Delivery(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        local_on=row.local_on,
        part=row.part,
        state=row.state,
        due_at=row.due_at,
        missed_after=row.missed_after,
        not_before_at=row.not_before_at,
        attempts=row.attempts,
        may_be_duplicate=row.may_be_duplicate,
        choice=Choice(*(getattr(row, name) for name in CHOSEN)),
        reason=row.reason,
        message_id=row.message_id,
        lease_owner=row.lease_owner,
        lease_until_at=row.lease_until_at,
        sent_at=row.settled_at if row.state is State.SENT else None,
    )


def _is_free(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Of an open row: its moment has come, and nobody holds it or its lease ran out."""
    return or_(
        and_(deliveries.c.lease_until_at.is_(None), deliveries.c.not_before_at <= now),
        deliveries.c.lease_until_at <= now,
    )


def _turn_of(delivery: Delivery) -> tuple[Any, ...]:
    return tuple(getattr(delivery, column.name) for column in _TURN)


def _in_doubt() -> ColumnElement[bool]:
    """Whether a row whose lease ran out may have been sent."""
    return or_(deliveries.c.may_be_duplicate, deliveries.c.state == State.SENDING)


def _in_doubt_again() -> ColumnElement[bool]:
    """Whether it is so for the second time."""
    return and_(deliveries.c.may_be_duplicate, deliveries.c.state == State.SENDING)


def settled(
    state: State, reason: str | ColumnElement[str], now: ColumnElement[datetime]
) -> dict[str, Any]:
    """The columns of a row that is not open any more."""
    return {
        "state": state,
        "reason": reason,
        "settled_at": now,
        "lease_owner": "",
        "lease_until_at": None,
    }


def blank_row() -> dict[str, Any]:
    """The columns of a row that nothing has happened to."""
    return {
        "attempts": 0,
        "may_be_duplicate": False,
        **dict.fromkeys(CHOSEN, ""),
        "reason": "",
        "lease_owner": "",
        "lease_until_at": None,
        "settled_at": None,
        "message_id": None,
    }
