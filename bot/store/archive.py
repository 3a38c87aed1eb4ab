"""A group's data taken out as a whole, and taken in by another bot.

Here live both transactions. Taking in adds what is not there and changes nothing that is, so
doing it twice does nothing more. The file itself is `study.archive`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from bot.errors import StoreError
from bot.model import (
    ARCHIVE_VERSION,
    Archive,
    ArchivedAttendance,
    ArchivedDay,
    ArchivedMember,
    ArchivedPlan,
    ArchivedSession,
    Reminder,
    ReminderState,
    Schedule,
    Subscription,
    Taken,
)
from bot.store.chats import find_chat
from bot.store.check_ins import find_check_ins, find_pushed_on
from bot.store.day_plans import find_archived_days, take_days
from bot.store.engine import Part, add_new, insert, reads, writes
from bot.store.histories import find_archived_history, take_history
from bot.store.quiz_archive import (
    find_archived_cards,
    find_archived_quizzes,
    find_archived_size,
    take_quizzes,
)
from bot.store.reading_plans import find_archived_plans, take_plans
from bot.store.reminders import find_reminders, insert_reminder
from bot.store.schedules import add_schedules, find_schedules
from bot.store.schema import reading_positions, subscriptions
from bot.store.study_tables import (
    attendances,
    check_ins,
    earlier_pushes,
    members,
    reminders,
    schedules,
    sessions,
)
from bot.store.subscriptions import fields_of, subscription_of


class Archives(Part):
    """The store's share that gives a group's data away, and takes it in."""

    @reads
    def export_chat(self, connection: Connection, chat_id: int) -> Archive:
        """All that the chat has. Raises StoreError for a chat that was never met."""
        chat = find_chat(connection, chat_id)
        if chat is None:
            raise StoreError("A chat must be met before it can be exported.")
        subscribed = connection.execute(
            select(subscriptions).where(subscriptions.c.chat_id == chat_id)
        ).one_or_none()
        roster = connection.execute(
            select(members).where(members.c.chat_id == chat_id).order_by(members.c.user_id)
        )
        return Archive(
            version=ARCHIVE_VERSION,
            title=chat.title,
            zone=chat.zone,
            language=chat.language,
            script=chat.script,
            exported_at=self._database.moment(connection),
            subscription=None if subscribed is None else subscription_of(subscribed),
            reading_position=connection.scalar(
                select(reading_positions.c.section_id).where(reading_positions.c.chat_id == chat_id)
            ),
            reminders=find_reminders(
                connection,
                reminders.c.chat_id == chat_id,
                reminders.c.state != ReminderState.DRAFT,
            ),
            members=tuple(
                ArchivedMember(one.user_id, one.name, one.joined_at, one.is_listed)
                for one in roster
            ),
            sessions=_sessions(connection, chat_id),
            schedules=find_schedules(connection, schedules.c.chat_id == chat_id),
            check_ins=find_check_ins(connection, chat_id),
            plans=find_archived_plans(connection, chat_id),
            quizzes=find_archived_quizzes(connection, chat_id),
            quiz_cards=find_archived_cards(connection, chat_id),
            quiz_size=find_archived_size(connection, chat_id),
            pushed_on=tuple(find_pushed_on(connection, chat_id)),
            seed=chat.seed,
            shown=find_archived_history(connection, chat_id),
            days=find_archived_days(connection, chat_id),
        )

    @writes
    def import_chat(
        self,
        connection: Connection,
        chat_id: int,
        archive: Archive,
        subscription: Subscription | None,
        its_reminders: Sequence[Reminder],
        its_schedules: Sequence[Schedule] = (),
        its_plans: Sequence[tuple[ArchivedPlan, Schedule | None]] = (),
        its_days: Sequence[ArchivedDay] = (),
    ) -> Taken:
        """Add to the chat what it does not have; how much that was.

        `subscription`, `its_reminders` and `its_schedules` are those of the archive as this
        chat will have them, with the moments when the clock must look at them; `its_plans`
        come with the schedule of one that goes on, and `its_days` are those not past here.
        """
        chat = find_chat(connection, chat_id)
        if chat is None:
            raise StoreError("A chat must be met before anything can be imported.")
        has_subscribed = False
        if subscription is not None:
            added = connection.execute(
                insert(connection, subscriptions)
                .values(chat_id=chat_id, chat_is_active=chat.is_active, **fields_of(subscription))
                .on_conflict_do_nothing(index_elements=["chat_id"])
                .returning(subscriptions.c.id)
            )
            has_subscribed = added.one_or_none() is not None
        if archive.reading_position:
            connection.execute(
                insert(connection, reading_positions)
                .values(
                    chat_id=chat_id,
                    section_id=archive.reading_position,
                    saved_at=self._database.now(),
                )
                .on_conflict_do_nothing(index_elements=["chat_id"])
            )
        known = _known(connection, chat_id)
        fresh = [one for one in its_reminders if one.uid not in known]
        for one in fresh:
            made = insert_reminder(connection, replace(one, chat_id=chat_id), chat)
            known[one.uid] = made.id
        joined = [{"chat_id": chat_id, **_member(one)} for one in archive.members]
        met = add_new(connection, members, joined)
        held, attended = _take_sessions(connection, chat_id, archive, known)
        scheduled = add_schedules(connection, chat, its_schedules)
        checked_in = _take_check_ins(connection, chat_id, archive)
        now = self._database.now()
        planned = take_plans(connection, chat_id, its_plans, now)
        quizzed = take_quizzes(connection, chat_id, archive)
        shown = take_history(connection, chat_id, archive)
        days, days_otherwise = take_days(connection, chat_id, its_days, now)
        return Taken(
            subscription=has_subscribed,
            reminders=len(fresh),
            members=met,
            sessions=held,
            attendances=attended,
            schedules=scheduled,
            check_ins=checked_in,
            plans=planned,
            quizzes=quizzed,
            shown=shown,
            days=days,
            days_otherwise=days_otherwise,
        )


def _known(connection: Connection, chat_id: int) -> dict[str, int]:
    """The ids of the chat's reminders by their uids."""
    rows = connection.execute(
        select(reminders.c.uid, reminders.c.id).where(reminders.c.chat_id == chat_id)
    )
    return {row.uid: row.id for row in rows}


def _sessions(connection: Connection, chat_id: int) -> tuple[ArchivedSession, ...]:
    rows = connection.execute(
        select(sessions, reminders.c.uid)
        .join(reminders, reminders.c.id == sessions.c.reminder_id)
        .where(sessions.c.chat_id == chat_id)
        .order_by(sessions.c.starts_at, sessions.c.id)
    ).all()
    who: dict[int, list[ArchivedAttendance]] = {row.id: [] for row in rows}
    for one in connection.execute(
        select(attendances)
        .join(sessions, sessions.c.id == attendances.c.session_id)
        .where(sessions.c.chat_id == chat_id)
        .order_by(attendances.c.answered_at, attendances.c.user_id)
    ):
        who[one.session_id].append(
            ArchivedAttendance(one.user_id, one.coming, one.answered_at, one.checked_in_at)
        )
    return tuple(
        ArchivedSession(row.uid, row.occurs_on, row.starts_at, row.title, tuple(who[row.id]))
        for row in rows
    )


def _take_sessions(
    connection: Connection, chat_id: int, archive: Archive, known: Mapping[str, int]
) -> tuple[int, int]:
    """Add sessions and who took part in them; how many of each were new."""
    rows = [
        {
            "reminder_id": known[one.reminder_uid],
            "chat_id": chat_id,
            "occurs_on": one.occurs_on,
            "starts_at": one.starts_at,
            "title": one.title,
        }
        for one in archive.sessions
    ]
    held = add_new(connection, sessions, rows, ["reminder_id", "occurs_on"])
    found = connection.execute(
        select(sessions.c.id, sessions.c.reminder_id, sessions.c.occurs_on).where(
            sessions.c.chat_id == chat_id
        )
    )
    ids = {(row.reminder_id, row.occurs_on): row.id for row in found}
    attended = [
        {
            "session_id": ids[known[session.reminder_uid], session.occurs_on],
            "user_id": one.user_id,
            "coming": one.coming,
            "answered_at": one.answered_at,
            "checked_in_at": one.checked_in_at,
        }
        for session in archive.sessions
        for one in session.attendances
    ]
    return held, add_new(connection, attendances, attended)


def _take_check_ins(connection: Connection, chat_id: int, archive: Archive) -> int:
    """Add check-ins, and the dates they were to be made on; how many were new."""
    pushed = [{"chat_id": chat_id, "local_on": on} for on in archive.pushed_on]
    add_new(connection, earlier_pushes, pushed)
    rows = [
        {"chat_id": chat_id, "user_id": one.user_id, "local_on": on, "at": at}
        for one in archive.check_ins
        for on, at in one.moments.items()
    ]
    return add_new(connection, check_ins, rows)


def _member(one: ArchivedMember) -> dict[str, Any]:
    return {
        "user_id": one.user_id,
        "name": one.name,
        "joined_at": one.joined_at,
        "is_listed": one.is_listed,
    }
