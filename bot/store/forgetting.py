"""Forgetting a person: everything that is known of somebody, in every table.

Here lives what is found by a person's id: rows whose `user_id` it is, and all that belongs
to the private chat, whose id is the person's own. A table of a person's things has a column
of one of these names, and then it is cleared here without being named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, exists, func, or_, select, update

from bot.store.engine import Part, reads, writes
from bot.store.quiz_tables import quiz_answers, quizzes
from bot.store.schema import chats, deliveries, metadata, seen_updates, turns
from bot.store.study_tables import (
    attendances,
    boards,
    check_ins,
    members,
    notices,
    parts_read,
    reading_follows,
    reading_plans,
    reminders,
    sessions,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept about a person, as counts. `has_chat`: the private chat and what it has."""

    groups: int
    sessions: int
    has_chat: bool
    check_ins: int = 0
    quiz_answers: int = 0
    parts: int = 0

    @property
    def is_nothing(self) -> bool:
        counts = (self.groups, self.sessions, self.check_ins, self.quiz_answers, self.parts)
        return not (any(counts) or self.has_chat)


class Forgetting(Part):
    """The store's share that knows a person everywhere."""

    @reads
    def known_of(self, connection: Connection, user_id: int) -> Known:
        """What there is to forget."""

        def counted(column: Any) -> int:
            found = connection.scalar(select(func.count()).where(column == user_id))
            return found or 0

        return Known(
            groups=counted(members.c.user_id),
            sessions=counted(attendances.c.user_id),
            has_chat=bool(counted(chats.c.id)),
            check_ins=counted(check_ins.c.user_id),
            quiz_answers=counted(quiz_answers.c.user_id),
            parts=counted(parts_read.c.user_id),
        )

    @writes
    def forget_person(self, connection: Connection, user_id: int) -> None:
        """Delete every row of this person; messages that show or count them are shown anew."""
        took_part = select(attendances.c.session_id).where(attendances.c.user_id == user_id)
        checked_in = exists().where(
            check_ins.c.user_id == user_id,
            check_ins.c.chat_id == boards.c.chat_id,
            check_ins.c.local_on == boards.c.pushed_on,
        )
        has_read = exists().where(
            parts_read.c.user_id == user_id,
            parts_read.c.plan_id == boards.c.plan_id,
            parts_read.c.part == boards.c.part,
        )
        connection.execute(
            update(boards)
            .where(or_(boards.c.session_id.in_(took_part), checked_in, has_read))
            .values(changes=boards.c.changes + 1)
        )
        for table in reversed(metadata.sorted_tables):
            where = _of_person(table, user_id)
            if where:
                connection.execute(delete(table).where(or_(*where)))


def _of_person(table: Table, user_id: int) -> list[Any]:
    """The rows of this person: each condition holds for some of them."""
    where = [table.c[name] == user_id for name in ("user_id", "chat_id") if name in table.c]
    if table is chats:
        where.append(chats.c.id == user_id)
    if table is seen_updates:
        where.append(seen_updates.c.line_id == user_id)
    # What belongs to the private chat by way of another table.
    through = {
        turns: (turns.c.delivery_id, deliveries.c.id),
        notices: (notices.c.reminder_id, reminders.c.id),
        attendances: (attendances.c.session_id, sessions.c.id),
        parts_read: (parts_read.c.plan_id, reading_plans.c.id),
        reading_follows: (reading_follows.c.plan_id, reading_plans.c.id),
        quiz_answers: (quiz_answers.c.poll_id, quizzes.c.poll_id),
    }
    if table in through:
        column, owner = through[table]
        where.append(column.in_(select(owner).where(owner.table.c.chat_id == user_id)))
    return where
