"""Daily check-ins: who checked in on which of a chat's local dates.

Here live the rows of `check_ins` and `earlier_pushes`. Checking in bears being done twice: the
second time changes nothing. What a streak is stands in `study.streaks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, union, update

from bot.model import (
    ArchivedCheckIns,
    Chat,
    ChatKind,
    Delivery,
    DeliveryKind,
    Member,
    Regular,
    State,
)
from bot.store.attendance import join
from bot.store.boards import is_numbered_here, mark_board
from bot.store.chats import find_chats
from bot.store.engine import Part, insert, reads, writes
from bot.store.ledger import delivery_of
from bot.store.schema import deliveries, subscriptions
from bot.store.study_tables import check_ins, earlier_pushes, members


class CheckIns(Part):
    """The store's share that knows who has checked in when."""

    @writes
    def check_in_for_day(
        self,
        connection: Connection,
        chat: Chat,
        member: Member,
        on: date,
        tapped: int | None = None,
    ) -> bool:
        """Note that a person has checked in on the chat's local date; false when they had.

        In a group the person is in the roster from now on, and the push of that date shows
        one more as soon as it may be edited. `tapped` is the message of that push under which
        they tapped, where it was one.
        """
        is_group = chat.kind is not ChatKind.PRIVATE
        if is_group:
            join(connection, chat.id, member, self._database.now())
        noted = connection.execute(
            insert(connection, check_ins)
            .values(chat_id=chat.id, user_id=member.user_id, local_on=on, at=self._database.now())
            .on_conflict_do_nothing(index_elements=["chat_id", "user_id", "local_on"])
            .returning(check_ins.c.user_id)
        )
        if noted.one_or_none() is None:
            return False
        if is_group:
            shown_by = {tapped} | {_newest_push(connection, chat.id, on)}
            for number in shown_by - {None}:
                assert number is not None
                mark_board(connection, chat.id, number, self._database.now(), pushed_on=on)
        return True

    @reads
    def check_ins_of(self, connection: Connection, chat_id: int, user_id: int) -> tuple[date, ...]:
        """The dates on which a person has checked in in a chat, in order."""
        found = connection.scalars(
            select(check_ins.c.local_on)
            .where(check_ins.c.chat_id == chat_id, check_ins.c.user_id == user_id)
            .order_by(check_ins.c.local_on)
        )
        return tuple(found)

    @reads
    def check_ins_everywhere(
        self, connection: Connection, user_id: int
    ) -> tuple[tuple[Chat, tuple[date, ...]], ...]:
        """The dates on which a person has checked in, by chat; most days first."""
        dates: dict[int, list[date]] = {}
        for row in connection.execute(
            select(check_ins.c.chat_id, check_ins.c.local_on)
            .where(check_ins.c.user_id == user_id)
            .order_by(check_ins.c.local_on)
        ):
            dates.setdefault(row.chat_id, []).append(row.local_on)
        met = find_chats(connection, list(dates))
        every = [(met[chat_id], tuple(found)) for chat_id, found in dates.items()]
        return tuple(sorted(every, key=lambda one: (-len(one[1]), one[0].id)))

    @reads
    def check_in_counts(
        self, connection: Connection, chat_id: int, first_on: date, last_on: date
    ) -> Mapping[date, int]:
        """How many checked in on each of these dates; those without any are not in it."""
        found = connection.execute(
            select(check_ins.c.local_on, func.count().label("people"))
            .where(check_ins.c.chat_id == chat_id, check_ins.c.local_on.between(first_on, last_on))
            .group_by(check_ins.c.local_on)
        )
        return {row.local_on: row.people for row in found}

    @reads
    def checked_in(
        self, connection: Connection, chat_ids: Sequence[int], dates: Sequence[date]
    ) -> Mapping[tuple[int, date], int]:
        """How many have checked in in these chats on these dates; those without are not in it."""
        if not chat_ids or not dates:
            return {}
        found = connection.execute(
            select(check_ins.c.chat_id, check_ins.c.local_on, func.count().label("people"))
            .where(check_ins.c.chat_id.in_(set(chat_ids)), check_ins.c.local_on.in_(set(dates)))
            .group_by(check_ins.c.chat_id, check_ins.c.local_on)
        )
        return {(row.chat_id, row.local_on): row.people for row in found}

    @reads
    def regulars(self, connection: Connection, chat_id: int, since: date) -> tuple[Regular, ...]:
        """Who has checked in since that date, with all the dates on which they ever did."""
        lately = select(check_ins.c.user_id).where(
            check_ins.c.chat_id == chat_id, check_ins.c.local_on >= since
        )
        of_person = and_(
            members.c.chat_id == check_ins.c.chat_id, members.c.user_id == check_ins.c.user_id
        )
        dates: dict[tuple[Member, bool], list[date]] = {}
        for row in connection.execute(
            select(check_ins.c.local_on, members)
            .join(members, of_person)
            .where(check_ins.c.chat_id == chat_id, check_ins.c.user_id.in_(lately))
            .order_by(check_ins.c.user_id, check_ins.c.local_on)
        ):
            who = Member(row.user_id, row.name), row.is_listed
            dates.setdefault(who, []).append(row.local_on)
        return tuple(
            Regular(member, tuple(found), is_listed) for (member, is_listed), found in dates.items()
        )

    @writes
    def list_member(
        self, connection: Connection, chat_id: int, member: Member, *, is_listed: bool
    ) -> None:
        """Have the person's name on the weekly board or not; they are in the roster from now."""
        join(connection, chat_id, member, self._database.now())
        connection.execute(
            update(members)
            .where(members.c.chat_id == chat_id, members.c.user_id == member.user_id)
            .values(is_listed=is_listed)
        )

    @reads
    def study_days(
        self, connection: Connection, chat_id: int
    ) -> tuple[frozenset[date], date | None]:
        """What `study.streaks.StudyDays` is made of.

        Every local date on which the chat was sent a push, by this bot or one before it; and
        the first date of its subscription, None while that is off.
        """
        subscribed_from: date | None = connection.scalar(
            select(subscriptions.c.first_on).where(
                subscriptions.c.chat_id == chat_id, subscriptions.c.is_active
            )
        )
        return frozenset(find_pushed_on(connection, chat_id)), subscribed_from

    @reads
    def push_of(self, connection: Connection, chat_id: int, on: date) -> Delivery | None:
        """The last part of the chat's push of that date, which has the buttons, if it was sent."""
        row = _last_part(connection, chat_id, on)
        return None if row is None else delivery_of(row)


def find_check_ins(connection: Connection, chat_id: int) -> tuple[ArchivedCheckIns, ...]:
    """Within a transaction: everybody's, in the order of their ids."""
    rows = connection.execute(
        select(check_ins)
        .where(check_ins.c.chat_id == chat_id)
        .order_by(check_ins.c.user_id, check_ins.c.local_on)
    )
    return tuple(
        ArchivedCheckIns(user_id, {row.local_on: row.at for row in group})
        for user_id, group in groupby(rows, key=lambda row: row.user_id)
    )


def find_pushed_on(connection: Connection, chat_id: int) -> Sequence[date]:
    """Within a transaction: those dates, in order."""
    sent = select(deliveries.c.local_on).where(*_is_push(chat_id))
    earlier = select(earlier_pushes.c.local_on).where(earlier_pushes.c.chat_id == chat_id)
    return sorted(connection.scalars(union(sent, earlier)))


def _newest_push(connection: Connection, chat_id: int, on: date) -> int | None:
    """The message with the buttons of that date's push; None where there is none (any more)."""
    row = _last_part(connection, chat_id, on, is_numbered_here(chat_id))
    return None if row is None else row.message_id


def _last_part(
    connection: Connection, chat_id: int, on: date, *where: ColumnElement[bool]
) -> Row[Any] | None:
    """The row of the part with the buttons; None until it is sent."""
    found = connection.execute(
        select(deliveries)
        .where(
            deliveries.c.chat_id == chat_id,
            deliveries.c.kind == DeliveryKind.PUSH,
            deliveries.c.local_on == on,
            *where,
        )
        .order_by(deliveries.c.part.desc(), deliveries.c.id.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return None if row is None or row.state is not State.SENT else row


def _is_push(chat_id: int) -> tuple[ColumnElement[bool], ...]:
    """Of deliveries: the chat's pushes that were sent."""
    return (
        deliveries.c.chat_id == chat_id,
        deliveries.c.kind == DeliveryKind.PUSH,
        deliveries.c.state == State.SENT,
    )
