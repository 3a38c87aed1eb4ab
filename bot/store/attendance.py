"""Who takes part in which session, and the messages that show it.

Here live the rows of `sessions`, `members` and `attendances`. Each method bears being done
twice: a replayed tap changes nothing. The messages' own rows stand in `store.boards`,
reminders in `store.reminders`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from bot.model import (
    Attendee,
    Coming,
    DeliveryKind,
    Member,
    NoticeRole,
    Occurrence,
    Reminder,
    Session,
    State,
)
from bot.store.boards import is_numbered_here, mark_board
from bot.store.engine import Part, insert, reads, writes
from bot.store.reminders import enter_session
from bot.store.schema import deliveries
from bot.store.study_tables import attendances, members, notices, sessions


class Attendances(Part):
    """The store's share that knows who takes part."""

    @writes
    def say_coming(
        self,
        connection: Connection,
        reminder: Reminder,
        occurrence: Occurrence,
        member: Member,
        coming: Coming,
        message_id: int,
    ) -> bool:
        """Note what a person said about a session; false when they had said it before.

        The person is in the chat's roster from now on. `message_id` is the message they
        tapped, which shows it as soon as it may be edited.
        """
        fields = {"coming": coming, "answered_at": self._database.now()}
        return self._note(connection, reminder, occurrence, member, fields, message_id)

    @writes
    def check_in(
        self,
        connection: Connection,
        reminder: Reminder,
        occurrence: Occurrence,
        member: Member,
        message_id: int,
    ) -> bool:
        """Note that a person is there; false when that was noted before."""
        fields = {"checked_in_at": self._database.now()}
        return self._note(connection, reminder, occurrence, member, fields, message_id)

    def _note(
        self,
        connection: Connection,
        reminder: Reminder,
        occurrence: Occurrence,
        member: Member,
        fields: Mapping[str, Any],
        message_id: int,
    ) -> bool:
        session_id = enter_session(connection, reminder, occurrence.occurs_on, occurrence.starts_at)
        join(connection, reminder.chat_id, member, self._database.now())
        key = {"session_id": session_id, "user_id": member.user_id}
        new = {"coming": Coming.UNSAID, "answered_at": self._database.now(), **fields}
        what = "coming" if "coming" in fields else "checked_in_at"
        is_news = (
            attendances.c.coming != fields["coming"]
            if what == "coming"
            else attendances.c.checked_in_at.is_(None)
        )
        noted = connection.execute(
            insert(connection, attendances)
            .values(**key, **new)
            .on_conflict_do_update(
                index_elements=["session_id", "user_id"], set_=fields, where=is_news
            )
            .returning(attendances.c.user_id)
        )
        if noted.one_or_none() is None:
            return False
        self._mark(connection, reminder, occurrence, session_id, message_id)
        return True

    def _mark(
        self,
        connection: Connection,
        reminder: Reminder,
        occurrence: Occurrence,
        session_id: int,
        message_id: int,
    ) -> None:
        """Have the message that was tapped, and the newest that shows the session, edited."""
        shown_by = self._newest(connection, reminder, occurrence)
        if message_id not in shown_by:
            shown_by[message_id] = _notice_of(connection, reminder.chat_id, message_id)
        for number, notice_id in shown_by.items():
            mark_board(
                connection,
                reminder.chat_id,
                number,
                self._database.now(),
                session_id=session_id,
                notice_id=notice_id,
            )

    def _newest(
        self, connection: Connection, reminder: Reminder, occurrence: Occurrence
    ) -> dict[int, int]:
        """The newest message about the session and its notice; none from before a move."""
        found = connection.execute(
            select(deliveries.c.message_id, deliveries.c.subject_id)
            .join(notices, notices.c.id == deliveries.c.subject_id)
            .where(
                deliveries.c.kind == DeliveryKind.REMINDER,
                deliveries.c.chat_id == reminder.chat_id,
                deliveries.c.local_on == occurrence.on,
                deliveries.c.state == State.SENT,
                deliveries.c.message_id.is_not(None),
                notices.c.reminder_id == reminder.id,
                notices.c.role == NoticeRole.LEAD,
                is_numbered_here(reminder.chat_id),
            )
            .order_by(deliveries.c.settled_at.desc(), deliveries.c.id.desc())
            .limit(1)
        )
        return {row.message_id: row.subject_id for row in found}

    @reads
    def attendees(
        self, connection: Connection, reminder_id: int, occurrence: Occurrence
    ) -> tuple[Attendee, ...]:
        """Who said or did anything about a session, in the order they did it."""
        found = connection.execute(
            _attending().where(
                sessions.c.reminder_id == reminder_id,
                sessions.c.occurs_on == occurrence.occurs_on,
            )
        )
        return tuple(map(_attendee, found))

    @reads
    def members(self, connection: Connection, chat_id: int) -> tuple[Member, ...]:
        """The chat's roster, in the order people came into it."""
        found = connection.execute(
            select(members)
            .where(members.c.chat_id == chat_id)
            .order_by(members.c.joined_at, members.c.user_id)
        )
        return tuple(Member(row.user_id, row.name) for row in found)

    @reads
    def sessions(
        self, connection: Connection, chat_id: int, since: datetime, until: datetime
    ) -> tuple[tuple[Session, tuple[Attendee, ...]], ...]:
        """The chat's sessions that began from `since` to before `until`, and who took part."""
        is_within = and_(
            sessions.c.chat_id == chat_id,
            sessions.c.starts_at >= since,
            sessions.c.starts_at < until,
        )
        found = connection.execute(
            select(sessions).where(is_within).order_by(sessions.c.starts_at, sessions.c.id)
        )
        every = [_session(row) for row in found]
        who: dict[int, list[Attendee]] = {one.id: [] for one in every}
        for row in connection.execute(_attending().where(is_within)):
            who[row.session_id].append(_attendee(row))
        return tuple((one, tuple(who[one.id])) for one in every)

    @reads
    def session(self, connection: Connection, session_id: int) -> Session | None:
        """The session of this id."""
        row = connection.execute(select(sessions).where(sessions.c.id == session_id)).one_or_none()
        return None if row is None else _session(row)


def join(connection: Connection, chat_id: int, member: Member, now: Any) -> None:
    """Within a transaction: have the person in the chat's roster, by the name they go by."""
    connection.execute(
        insert(connection, members)
        .values(chat_id=chat_id, user_id=member.user_id, name=member.name, joined_at=now)
        .on_conflict_do_update(index_elements=["chat_id", "user_id"], set_={"name": member.name})
    )


def _notice_of(connection: Connection, chat_id: int, message_id: int) -> int:
    """The notice whose message this is; 0 when the ledger does not know it."""
    found = connection.scalar(
        select(deliveries.c.subject_id)
        .where(
            deliveries.c.kind == DeliveryKind.REMINDER,
            deliveries.c.chat_id == chat_id,
            deliveries.c.message_id == message_id,
        )
        .order_by(deliveries.c.id.desc())
        .limit(1)
    )
    return found or 0


def _attending() -> Any:
    return (
        select(attendances, members.c.name)
        .join(sessions, sessions.c.id == attendances.c.session_id)
        .join(
            members,
            and_(
                members.c.chat_id == sessions.c.chat_id,
                members.c.user_id == attendances.c.user_id,
            ),
        )
        .order_by(attendances.c.answered_at, members.c.joined_at, attendances.c.user_id)
    )


def _attendee(row: Row[Any]) -> Attendee:
    return Attendee(Member(row.user_id, row.name), row.coming, row.checked_in_at)


def _session(row: Row[Any]) -> Session:
    return Session(row.id, row.reminder_id, row.chat_id, row.occurs_on, row.starts_at, row.title)
