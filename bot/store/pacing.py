"""Pacing: when the next message may go, for all processes together.

Here live the rows of `pace` and `turns`. A turn belongs to a row of the ledger, which is then
begun in the same transaction (`store.sending`), or to a message without one: an answer. Two
rules hold for all of them, and each is needed.

**Evenly**: the generic cell rate algorithm (GCRA, ITU-T I.371, the virtual scheduling form).
A row holds the moment from which the next message conforms, and each message moves it on by
one interval. In any one second no more than `overall_per_second` + 1 turns are given (29 at
28): a message may be early by less than one interval, so 30 of them span more than a second.
Being early makes up for a sender that woke a little late; without it the rate would sink
below the limit. To one chat nothing is ever early.

**Never more than 30 as Telegram counts them.** Between a turn and Telegram's accepting the
message lie a commit, a busy machine and a network, so turns given evenly may arrive in a
heap. Of each message we know that it was accepted between its turn and its answer. So a turn
is given only while fewer than 30 messages have no answer yet or were answered within the
last second. Then, whatever was late: take any window of one second, and of the messages
accepted in it the one whose turn came last. Every other one in the window had at that turn
no answer, or had it less than a second before, so there are at most 29 others.

What is sent as a paid broadcast is not counted so. Answers never are: at a paid pace they
alone have turns noted, and keep below 30 among themselves.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Update,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.model import Pace
from bot.store.engine import Database, Part, insert, writes_unflushed
from bot.store.schema import pace as paces
from bot.store.schema import turns

MOST_IN_A_SECOND: Final = 30  # core.telegram.org/bots/faq; paid broadcasts are not counted

_EVERYBODY: Final = 0  # no chat has this id
_OVERSLEPT = timedelta(milliseconds=10)  # by how much a sleep may end late, at any pace
_SECOND = timedelta(seconds=1)
# An unanswered turn counts for this long: a call to Telegram is given up before.
_UNANSWERED_FOR = timedelta(seconds=30)
# While all turns are out, how soon to look whether one was answered.
_LOOK_AGAIN = timedelta(milliseconds=10)
_NONE = timedelta()

# Built once: to put a statement together takes longer than to have it done, and all of this
# is asked for every message.

# Of a turn: Telegram may have accepted the message within the last second, or may yet. One
# from the future was noted before the clock was set back: it is over.
_IS_UNSURE = or_(
    turns.c.answered_at.between(bindparam("a_second_ago"), bindparam("soon")),
    and_(
        turns.c.answered_at.is_(None),
        turns.c.taken_at.between(bindparam("long_ago"), bindparam("soon")),
    ),
)
_UNSURE = select(func.count(), func.min(turns.c.answered_at, type_=turns.c.answered_at.type)).where(
    _IS_UNSURE
)
# A row sent again within the second has been answered before: its old turn is over.
_OVER = delete(turns).where(or_(~_IS_UNSURE, turns.c.delivery_id.in_(bindparam("begun_ids"))))
_TAKEN = turns.insert()
_LOCKED = (
    select(paces)
    .where(paces.c.chat_id.in_(bindparam("chat_ids")))
    .order_by(paces.c.chat_id)  # so that two transactions never wait for each other
    .with_for_update()
)
_MOVED_ON = (
    update(paces)
    .where(paces.c.chat_id == bindparam("its_chat_id"))
    .values(free_at=bindparam("its_free_at"))
)


@dataclass(frozen=True, slots=True)
class TurnsLeft:
    """How many messages may go at `now`; none for as long as `wait`."""

    now: datetime
    count: int
    wait: timedelta
    free_at: datetime  # of the row of everybody, before any of these


@dataclass(frozen=True, slots=True)
class Turns:
    """What came of asking for turns for messages that are no rows of the ledger.

    By place among them: the `ids` of the turns taken, and for how long Telegram wants a pause
    of a chat (`pauses`). Whoever has neither may ask again after `wait`.
    """

    ids: Mapping[int, int]
    pauses: Mapping[int, timedelta]
    wait: timedelta


@dataclass(slots=True)
class ChatTurns:
    """The turns of some chats within one transaction. Made by `of`, which locks them."""

    now: datetime
    rows: Mapping[int, Row[Any]]
    taken: dict[int, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, chat_ids: Iterable[int], now: datetime) -> ChatTurns:
        """The turns of these chats at `now`."""
        return cls(now, _locked(connection, set(chat_ids), now))

    def take(self, chat_id: int, pace: Pace) -> timedelta:
        """Take the chat's turn and return zero; or take none, and return how long to wait."""
        # The Bot API numbers people above zero, groups and channels below.
        interval = pace.group_interval if chat_id < 0 else pace.private_interval
        row = self.rows[chat_id]
        free_at = self.taken.get(chat_id, _honest(row.free_at, self.now, interval))
        go_at: datetime = max(free_at, row.paused_until_at or free_at)
        if go_at > self.now:
            return go_at - self.now
        self.taken[chat_id] = self.now + interval
        return _NONE


class Pacing(Part):
    """The store's share that says when to send."""

    @writes_unflushed
    def take_turns(self, connection: Connection, chat_ids: Sequence[int], pace: Pace) -> Turns:
        """Take turns for as many messages to these chats as may go now, in this order.

        They are messages that the ledger has no rows for, and no paid broadcasts. Each turn
        is to be used at once and then ended. No chat waits for its interval, as an answer
        comes when it is asked for.
        """
        left = turns_left(self._database, connection, pace, is_paid=False)
        paused = _pauses(connection, set(chat_ids), left.now)
        free = [at for at, chat_id in enumerate(chat_ids) if chat_id not in paused]
        ids = {at: _number_of_answer() for at in free[: left.count]}
        chats = ChatTurns(left.now, {})
        note_turns(connection, left, chats, ids.values(), pace, is_paid=False)
        pauses = {at: paused[one] for at, one in enumerate(chat_ids) if one in paused}
        return Turns(ids, pauses, left.wait)

    @writes_unflushed
    def end_turn(self, connection: Connection, turn_id: int) -> None:
        """Its message was answered by Telegram, or will not be."""
        connection.execute(answering(self._database.now()), {"answered_ids": [turn_id]})

    @writes_unflushed
    def pause(self, connection: Connection, until: datetime, chat_id: int | None = None) -> None:
        """Let nothing go before `until`: to this chat, or with None to anybody.

        Of two pauses the one that ends later holds.
        """
        paused_id = _EVERYBODY if chat_id is None else chat_id
        rows = _locked(connection, {paused_id}, self._database.now())
        paused_until_at = rows[paused_id].paused_until_at
        if paused_until_at is None or paused_until_at < until:
            connection.execute(
                update(paces).where(paces.c.chat_id == paused_id).values(paused_until_at=until)
            )


def turns_left(
    database: Database, connection: Connection, pace: Pace, *, is_paid: bool
) -> TurnsLeft:
    """Within a transaction: how many messages may go now. Everybody else waits until its end.

    Of those that are no paid broadcasts, no more than Telegram lets through for nothing.
    The row of everybody is locked before any chat's, so no two transactions wait for each
    other.
    """
    row = _locked(connection, {_EVERYBODY}, database.now())[_EVERYBODY]
    now = database.moment(connection)
    interval, early = _overall(pace)
    free_at = _honest(row.free_at, now, early + interval)
    go_at = max(now, free_at - early, row.paused_until_at or now)
    if go_at > now:
        return TurnsLeft(now, 0, go_at - now, free_at)
    count = 1 + max(0, (now + early - max(free_at, now)) // interval)
    if not is_paid:
        unsure, oldest_at = _unsure(connection, now)
        count = min(count, MOST_IN_A_SECOND - unsure)
        if count <= 0:
            wait = oldest_at + _SECOND - now if oldest_at else _LOOK_AGAIN
            return TurnsLeft(now, 0, max(wait, _LOOK_AGAIN), free_at)
    return TurnsLeft(now, count, _NONE, free_at)


def note_turns(
    connection: Connection,
    left: TurnsLeft,
    chats: ChatTurns,
    turn_ids: Collection[int],
    pace: Pace,
    *,
    is_paid: bool,
) -> None:
    """Within the same transaction: these were taken, each by a delivery of this id, or answer.

    `is_paid` as `turns_left` was asked.
    """
    if not turn_ids:
        return
    interval, _ = _overall(pace)
    everybody = max(left.free_at, left.now) + len(turn_ids) * interval
    free_at = {_EVERYBODY: everybody, **chats.taken}
    connection.execute(
        _MOVED_ON, [{"its_chat_id": one, "its_free_at": at} for one, at in free_at.items()]
    )
    if is_paid:
        return
    connection.execute(_OVER, {**_around(left.now), "begun_ids": list(turn_ids)})
    connection.execute(_TAKEN, [{"delivery_id": one, "taken_at": left.now} for one in turn_ids])


def answering(now: ColumnElement[datetime]) -> Update:
    """The statement that the turns `answered_ids` are over, whatever came."""
    return (
        update(turns)
        .where(turns.c.delivery_id.in_(bindparam("answered_ids")), turns.c.answered_at.is_(None))
        .values(answered_at=now)
    )


def _pauses(
    connection: Connection, chat_ids: Collection[int], now: datetime
) -> dict[int, timedelta]:
    """Which of the chats Telegram wants a pause of, and for how long still."""
    found = connection.execute(
        select(paces.c.chat_id, paces.c.paused_until_at).where(
            paces.c.chat_id.in_(chat_ids), paces.c.paused_until_at > now
        )
    )
    return {row.chat_id: row.paused_until_at - now for row in found}


def _number_of_answer() -> int:
    """Deliveries are numbered above zero; what has no row draws a number below."""
    return -1 - secrets.randbits(62)


def _unsure(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    """How many messages Telegram may have accepted within the last second, or may yet.

    And when the first of those that are answered was; None where none is.
    """
    count, oldest_at = connection.execute(_UNSURE, _around(now)).one()
    return count, oldest_at


def _around(now: datetime) -> dict[str, datetime]:
    """The moments that tell which turns are unsure."""
    return {
        "a_second_ago": now - _SECOND,
        "soon": now + _SECOND,
        "long_ago": now - _UNANSWERED_FOR,
    }


def _honest(free_at: datetime, now: datetime, furthest: timedelta) -> datetime:
    """`free_at`, unless it is further ahead than it can honestly be: then `now`.

    Such a row was written before the clock was set back, and must not silence anybody until
    the clock is there again.
    """
    return free_at if free_at <= now + furthest else now


def _overall(pace: Pace) -> tuple[timedelta, timedelta]:
    """The interval between two messages, and by how much one may be early."""
    interval = timedelta(seconds=1 / pace.overall_per_second)
    return interval, max(interval / 2, _OVERSLEPT)


def _locked(
    connection: Connection,
    chat_ids: Collection[int],
    now: datetime | ColumnElement[datetime],
) -> Mapping[int, Row[Any]]:
    """The rows of `pace`, made where there are none, locked until the end."""
    found = connection.execute(_LOCKED, {"chat_ids": list(chat_ids)})
    rows = {row.chat_id: row for row in found}
    if missing := sorted(set(chat_ids) - rows.keys()):
        made = insert(connection, paces).values(
            [{"chat_id": one, "free_at": now} for one in missing]
        )
        # One that somebody else made meanwhile is locked, and stays as they made it.
        found = connection.execute(
            made.on_conflict_do_update(
                index_elements=["chat_id"], set_={"chat_id": made.excluded.chat_id}
            ).returning(paces)
        )
        rows |= {row.chat_id: row for row in found}
    return rows
