"""Sending: from the stored intent to send a row to what became of it.

Here live the two writes around a call to Telegram: before it, `sending` together with the
turn that was taken for it; after it, how it ended. Rows are claimed in `store.ledger`, the
rules of turns stand in `store.pacing`. Each method is one transaction, each bears being
done twice, and those of the common case take many rows at once.

That a message was accepted is noted without a flush of its own: the next intent flushes it
too, within the pace's interval. A power cut in between leaves the row `sending`, so in
doubt, as it would a moment earlier; a killed process loses nothing that was committed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.model import Choice, Delivery, Pace, SkipReason, State
from bot.store.engine import Part, insert, writes, writes_unflushed
from bot.store.ledger import CHOSEN, KEY, blank_row, delivery_of, settled
from bot.store.pacing import ChatTurns, answering, note_turns, turns_left
from bot.store.schema import chats, deliveries

_IN_FLIGHT = (State.CLAIMED, State.SENDING)
# Rows looked at beyond the turns there are: some of them may not be sent, or not yet.
_LOOK_BEYOND: Final = 4

_BEGIN: Final = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("row_id"))
    .values(
        state=State.SENDING,
        attempts=deliveries.c.attempts + 1,
        **{name: bindparam(f"new_{name}") for name in CHOSEN},
    )
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed row that is composed: what it shows, and how many messages that is."""

    delivery: Delivery
    choice: Choice
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of asking for turns, by id of the delivery; who is in none has to ask again.

    `rows` are now `sending` and are to be sent at once. `refused` must not be sent: the lease
    ran out or went to somebody else, or the bot can no longer write to the chat. Those in
    `chat_waits` have no turn in their chat for so long. `wait` is the time until anybody
    has a turn, zero when some were left.
    """

    rows: Mapping[int, Delivery]
    refused: frozenset[int]
    chat_waits: Mapping[int, timedelta]
    wait: timedelta


class Sending(Part):
    """The store's share that brackets a call to Telegram.

    Its statements are built once, as those of `store.pacing` are: every message waits for them.
    """

    @cached_property
    def _still_leased(self) -> Select[Any]:
        """The rows `claimed_ids` that `owners` still hold, in chats that can be written to."""
        return (
            select(deliveries)
            .join(chats, chats.c.id == deliveries.c.chat_id)
            .where(
                deliveries.c.id.in_(bindparam("claimed_ids")),
                deliveries.c.state == State.CLAIMED,
                deliveries.c.lease_owner.in_(bindparam("owners")),
                deliveries.c.lease_until_at > self._database.now(),
                chats.c.inactive_reason == "",
            )
            .order_by(deliveries.c.id)
            .with_for_update(of=deliveries)
        )

    @cached_property
    def _accepted(self) -> ReturningUpdate[Any]:
        """The open row `row_id` is sent, unless somebody but `its_owner` is sending it."""
        return (
            update(deliveries)
            .where(
                deliveries.c.id == bindparam("row_id"),
                deliveries.c.settled_at.is_(None),
                or_(
                    deliveries.c.state != State.SENDING,
                    deliveries.c.lease_owner == bindparam("its_owner"),
                ),
            )
            .values(
                state=State.SENT,
                settled_at=self._database.now(),
                message_id=bindparam("its_message_id"),
                lease_owner="",
                lease_until_at=None,
            )
            .returning(deliveries.c.id)
        )

    @cached_property
    def _answered(self) -> Update:
        return answering(self._database.now())

    @writes
    def begin_in_turn(self, connection: Connection, ready: Sequence[Ready], pace: Pace) -> Begun:
        """Take a turn for as many rows as may go now, in the order given, and mark them so.

        A turn and the intent to send are one: neither is there without the other. The
        choice stays with the row. Of a first part, `parts` says how many messages there are
        in all: the others become rows of their own, due right after it. A chat's id may
        have changed since the claim; the rows returned have the one in force.
        """
        left = turns_left(self._database, connection, pace, is_paid=pace.is_paid)
        if not left.count:
            return Begun({}, frozenset(), {}, left.wait)
        looked_at = ready[: left.count + _LOOK_BEYOND]
        held = self._held(connection, [one.delivery for one in looked_at])
        refused = frozenset(one.delivery.id for one in looked_at) - held.keys()
        turns = ChatTurns.of(connection, [row.chat_id for row in held.values()], left.now)
        waits: dict[int, timedelta] = {}
        granted: list[Ready] = []
        for one in looked_at:
            row = held.get(one.delivery.id)
            if row is None or len(granted) == left.count:
                continue
            if wait := turns.take(row.chat_id, pace):
                waits[row.id] = wait
            else:
                granted.append(one)
        rows = self._begin(connection, granted, held)
        note_turns(connection, left, turns, rows, pace, is_paid=pace.is_paid)
        return Begun(rows, refused, waits, timedelta())

    def _held(self, connection: Connection, claimed: Sequence[Delivery]) -> dict[int, Row[Any]]:
        """Those of the rows that are still leased as they were, in chats that can be written to."""
        owners = {one.lease_owner for one in claimed}
        which = {"claimed_ids": [one.id for one in claimed], "owners": list(owners)}
        found = connection.execute(self._still_leased, which)
        return {row.id: row for row in found}

    def _begin(
        self, connection: Connection, granted: Sequence[Ready], held: Mapping[int, Row[Any]]
    ) -> dict[int, Delivery]:
        if not granted:
            return {}
        connection.execute(
            _BEGIN,
            [
                {
                    "row_id": one.delivery.id,
                    **{f"new_{name}": getattr(one.choice, name) for name in CHOSEN},
                }
                for one in granted
            ],
        )
        begun = {
            one.delivery.id: replace(
                row := delivery_of(held[one.delivery.id]),
                state=State.SENDING,
                attempts=row.attempts + 1,
                choice=one.choice,
            )
            for one in granted
        }
        later = [
            _later_part(begun[one.delivery.id], part)
            for one in granted
            if one.delivery.part == 1
            for part in range(2, one.parts + 1)
        ]
        if later:
            connection.execute(
                insert(connection, deliveries).on_conflict_do_nothing(index_elements=KEY), later
            )
        return begun

    # ------------------------------------------------------------------ how it ended

    @writes_unflushed
    def settle_all_sent(
        self, connection: Connection, sent: Sequence[tuple[Delivery, int]]
    ) -> frozenset[int]:
        """Note that Telegram accepted each as the message of that id.

        That is known for certain, so it is noted even if the lease has gone to somebody
        else, as long as they have not begun to send it too. Returns the ids of those that
        were not settled before.
        """
        noted = (
            connection.scalar(
                self._accepted,
                {
                    "row_id": one.id,
                    "its_owner": one.lease_owner,
                    "its_message_id": message_id,
                },
            )
            for one, message_id in sent
        )
        settled_ids = frozenset(one for one in noted if one is not None)
        connection.execute(self._answered, {"answered_ids": [one.id for one, _ in sent]})
        return settled_ids

    @writes
    def settle_retry(
        self,
        connection: Connection,
        delivery: Delivery,
        not_before_at: datetime,
        reason: str,
        *,
        in_doubt: bool,
    ) -> bool:
        """Have it sent again, not before `not_before_at`; `in_doubt` if this try may have worked.

        Returns whether the row was the caller's to settle; otherwise nothing is changed.
        """
        return self._settle(
            connection,
            delivery,
            _is_ours(delivery),
            state=State.RETRY,
            not_before_at=not_before_at,
            reason=reason,
            may_be_duplicate=or_(deliveries.c.may_be_duplicate, literal(in_doubt)),
        )

    @writes
    def settle_dead(self, connection: Connection, delivery: Delivery, reason: str) -> bool:
        """Give it up for `reason`, and skip its later parts: half a message helps nobody.

        Returns whether the row was the caller's to settle; otherwise nothing is changed.
        """
        return self._give_up(connection, delivery, State.DEAD, reason)

    @writes
    def settle_skipped(self, connection: Connection, delivery: Delivery, reason: str) -> bool:
        """Do without it for `reason`, and without its later parts; see `settle_dead`."""
        return self._give_up(connection, delivery, State.SKIPPED, reason)

    def _give_up(
        self, connection: Connection, delivery: Delivery, state: State, reason: str
    ) -> bool:
        now = self._database.now()
        was_ours = self._settle(
            connection, delivery, _is_ours(delivery), state=state, settled_at=now, reason=reason
        )
        if was_ours:
            connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.kind == delivery.kind,
                    deliveries.c.subject_id == delivery.subject_id,
                    deliveries.c.local_on == delivery.local_on,
                    deliveries.c.part > delivery.part,
                    deliveries.c.settled_at.is_(None),
                )
                .values(**settled(State.SKIPPED, SkipReason.EARLIER_PART, now))
            )
        return was_ours

    def _settle(
        self,
        connection: Connection,
        delivery: Delivery,
        is_allowed: ColumnElement[bool],
        **values: Any,
    ) -> bool:
        connection.execute(self._answered, {"answered_ids": [delivery.id]})
        changed = connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery.id, deliveries.c.settled_at.is_(None), is_allowed)
            .values(lease_owner="", lease_until_at=None, **values)
        )
        return changed.rowcount == 1


def _is_ours(delivery: Delivery) -> ColumnElement[bool]:
    return and_(
        deliveries.c.state.in_(_IN_FLIGHT), deliveries.c.lease_owner == delivery.lease_owner
    )


def _later_part(first: Delivery, part: int) -> dict[str, Any]:
    same = ("kind", "subject_id", "chat_id", "thread_id", "local_on", "due_at", "missed_after")
    return {
        **blank_row(),
        # In doubt from before its first attempt, it was planned by a database that was restored:
        # then what follows it may have been sent as well.
        "may_be_duplicate": first.may_be_duplicate and first.attempts == 1,
        **{name: getattr(first, name) for name in same},
        **{name: getattr(first.choice, name) for name in CHOSEN},
        "part": part,
        "not_before_at": first.due_at,
        "state": State.DUE,
    }
