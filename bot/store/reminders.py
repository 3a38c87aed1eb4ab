"""Reminders and their notices: what is stored of them, and which come due.

Here live the rows of `reminders` and `notices`, and the entering of what came due into the
ledger. When something is due is decided in `study.recurrence`; who takes part stands in
`store.attendance`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select, update

from bot.errors import StoreError
from bot.model import (
    Change,
    Chat,
    DeliveryKind,
    Notice,
    NoticeDue,
    NoticeRole,
    Recurrence,
    Reminder,
    ReminderState,
    SkipReason,
)
from bot.store.chats import find_chat
from bot.store.engine import Part, insert, reads, writes
from bot.store.ledger import skip_waiting
from bot.store.planning import enter, find_unchanged, move_on, new_row
from bot.store.study_tables import notices, reminders, sessions

_STANDING = (ReminderState.ACTIVE, ReminderState.PAUSED)


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """What a tick decided about one reminder: the notices come due, and when to look again."""

    reminder: Reminder
    due: tuple[NoticeDue, ...]
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeBriefing:
    """What the message of a notice depends on: whose it is, and where it goes."""

    chat: Chat
    reminder: Reminder
    notice: Notice


class Reminders(Part):
    """The store's share that knows reminders."""

    @reads
    def reminder(self, connection: Connection, reminder_id: int) -> Reminder | None:
        """The reminder of this id, whatever its state; None when there never was one."""
        found = _reminders(connection, reminders.c.id == reminder_id)
        return found[0] if found else None

    @reads
    def reminders(self, connection: Connection, chat_id: int) -> tuple[Reminder, ...]:
        """The chat's reminders that are active or paused, oldest first."""
        return _reminders(
            connection, and_(reminders.c.chat_id == chat_id, reminders.c.state.in_(_STANDING))
        )

    @writes
    def save_reminder(self, connection: Connection, reminder: Reminder) -> Reminder:
        """Store the reminder so; returns it with its ids, the same for ever.

        A new draft takes the place of the chat's older ones, which nobody confirmed. What
        waits in the ledger of a notice that is no more, or of a reminder that is not active,
        is skipped. Raises StoreError when the chat was never met.
        """
        chat = find_chat(connection, reminder.chat_id)
        if chat is None:
            raise StoreError("A chat must be met before it can be reminded.")
        if not reminder.id:
            _drop_drafts(connection, reminder.chat_id)
            return insert_reminder(connection, reminder, chat)
        connection.execute(
            update(reminders).where(reminders.c.id == reminder.id).values(**_fields(reminder))
        )
        return replace(reminder, notices=self._save_notices(connection, reminder))

    def _save_notices(self, connection: Connection, reminder: Reminder) -> tuple[Notice, ...]:
        """Have exactly these notices; those that were there keep their ids."""
        kept = {
            (row.role, row.offset_seconds): row.id
            for row in connection.execute(
                select(notices).where(notices.c.reminder_id == reminder.id)
            )
        }
        wanted = {(one.role, one.offset) for one in reminder.notices}
        lost = [id_ for key, id_ in kept.items() if key not in wanted]
        idle = lost if reminder.is_active else list(kept.values())
        skip_waiting(
            connection,
            DeliveryKind.REMINDER,
            idle,
            SkipReason.UNSUBSCRIBED,
            self._database.now(),
        )
        connection.execute(delete(notices).where(notices.c.id.in_(lost)))
        return _insert_notices(connection, reminder, kept)

    @reads
    def due_reminders(
        self, connection: Connection, now: datetime, limit: int
    ) -> tuple[Reminder, ...]:
        """Up to `limit` reminders the clock must look at by `now`, longest due first."""
        return _reminders(
            connection,
            and_(
                reminders.c.state == ReminderState.ACTIVE,
                reminders.c.chat_is_active,
                reminders.c.next_due_at <= now,
            ),
            order=reminders.c.next_due_at,
            limit=limit,
        )

    @writes
    def plan_reminders(self, connection: Connection, plans: Sequence[ReminderPlan]) -> int:
        """Enter what came due and move each `next_due_at` on, in one transaction.

        As `plan_many` does for subscriptions: what was entered stays, what is late is entered
        as skipped, and what was edited or planned meanwhile is left to the next tick. The
        session that people can take part in is entered with its first notice. Returns how
        many rows are now to be sent.
        """
        read = [plan.reminder for plan in plans]
        is_on = reminders.c.state == ReminderState.ACTIVE
        unchanged = find_unchanged(connection, reminders, read, is_on)
        plans = [plan for plan in plans if plan.reminder.id in unchanged]
        now = self._database.moment(connection)
        rows = [
            new_row(DeliveryKind.REMINDER, one.notice.id, plan.reminder, one.due, now)
            for plan in plans
            for one in plan.due
        ]
        entered = enter(connection, rows)
        for plan in plans:
            _enter_sessions(connection, plan)
        moments = {plan.reminder.id: plan.next_due_at for plan in plans}
        move_on(connection, reminders, moments)
        return entered

    @reads
    def notice_briefing(self, connection: Connection, notice_id: int) -> NoticeBriefing | None:
        """What the message of this notice depends on; None when the notice is no more."""
        row = connection.execute(select(notices).where(notices.c.id == notice_id)).one_or_none()
        if row is None:
            return None
        (reminder,) = _reminders(connection, reminders.c.id == row.reminder_id)
        chat = find_chat(connection, reminder.chat_id)
        assert chat is not None, "a reminder belongs to a stored chat"
        return NoticeBriefing(chat, reminder, _notice(row))


def insert_reminder(connection: Connection, reminder: Reminder, chat: Chat) -> Reminder:
    """Within a transaction: a new reminder of the chat; returns it with its ids."""
    reminder = replace(reminder, uid=reminder.uid or secrets.token_hex(16))
    made = connection.execute(
        insert(connection, reminders)
        .values(chat_is_active=chat.is_active, **_fields(reminder))
        .returning(reminders.c.id)
    )
    reminder = replace(reminder, id=made.scalar_one())
    return replace(reminder, notices=_insert_notices(connection, reminder, {}))


def _insert_notices(
    connection: Connection,
    reminder: Reminder,
    kept: Mapping[tuple[NoticeRole, timedelta], int],
) -> tuple[Notice, ...]:
    """The reminder's notices with their ids, those entered that are not among `kept`."""
    saved = []
    for one in reminder.notices:
        id_ = kept.get((one.role, one.offset))
        if id_ is None:
            fields = {"role": one.role, "offset_seconds": one.offset}
            made = connection.execute(
                insert(connection, notices)
                .values(reminder_id=reminder.id, **fields)
                .returning(notices.c.id)
            )
            id_ = made.scalar_one()
        saved.append(replace(one, id=id_))
    return tuple(saved)


def find_reminders(connection: Connection, *where: Any) -> tuple[Reminder, ...]:
    """Within a transaction: the reminders for which all of this holds, oldest first."""
    return _reminders(connection, and_(*where))


def _reminders(
    connection: Connection, where: Any, *, order: Any = reminders.c.id, limit: int = 1000
) -> tuple[Reminder, ...]:
    """Within a transaction: the reminders chosen, each with its notices."""
    found = connection.execute(
        select(reminders).where(where).order_by(order, reminders.c.id).limit(limit)
    )
    rows = found.all()
    of_each: dict[int, list[Notice]] = {row.id: [] for row in rows}
    for row in connection.execute(
        select(notices)
        .where(notices.c.reminder_id.in_(list(of_each)))
        .order_by(notices.c.offset_seconds, notices.c.id)
    ):
        of_each[row.reminder_id].append(_notice(row))
    return tuple(_reminder(row, of_each[row.id]) for row in rows)


def _drop_drafts(connection: Connection, chat_id: int) -> None:
    drafts = select(reminders.c.id).where(
        reminders.c.chat_id == chat_id, reminders.c.state == ReminderState.DRAFT
    )
    ids = connection.scalars(drafts).all()
    connection.execute(delete(notices).where(notices.c.reminder_id.in_(ids)))
    connection.execute(delete(reminders).where(reminders.c.id.in_(ids)))


def _enter_sessions(connection: Connection, plan: ReminderPlan) -> None:
    if not plan.reminder.takes_part:
        return
    for one in {due.occurrence for due in plan.due}:
        enter_session(connection, plan.reminder, one.occurs_on, one.starts_at)


def enter_session(
    connection: Connection, reminder: Reminder, occurs_on: date, starts_at: datetime
) -> int:
    """Within a transaction: the id of the session of this date, entered where it is new.

    When it begins and what it is called follows the reminder.
    """
    follows = {"starts_at": starts_at, "title": reminder.title}
    entered = connection.execute(
        insert(connection, sessions)
        .values(reminder_id=reminder.id, chat_id=reminder.chat_id, occurs_on=occurs_on, **follows)
        .on_conflict_do_update(index_elements=["reminder_id", "occurs_on"], set_=follows)
        .returning(sessions.c.id)
    )
    session_id: int = entered.scalar_one()
    return session_id


def _fields(reminder: Reminder) -> dict[str, Any]:
    recurrence = reminder.recurrence
    return {
        "chat_id": reminder.chat_id,
        "uid": reminder.uid,
        "thread_id": reminder.thread_id,
        "title": reminder.title,
        "place": reminder.place,
        "theme": reminder.theme,
        "rule": recurrence.rule,
        "workday": recurrence.workday,
        "starts_on": recurrence.starts_on,
        "at": reminder.at,
        "lasts_seconds": reminder.lasts,
        "zone": reminder.zone,
        "takes_part": reminder.takes_part,
        "changes": "\n".join(map(spell_change, reminder.changes)),
        "state": reminder.state,
        "edited_at": reminder.edited_at,
        "first_turn": reminder.first_turn,
        "next_due_at": reminder.next_due_at,
    }


def _reminder(row: Row[Any], its_notices: Sequence[Notice]) -> Reminder:
    return Reminder(
        id=row.id,
        chat_id=row.chat_id,
        uid=row.uid,
        thread_id=row.thread_id,
        title=row.title,
        place=row.place,
        theme=row.theme,
        recurrence=Recurrence(row.rule, row.starts_on, row.workday),
        at=row.at,
        lasts=row.lasts_seconds,
        zone=row.zone,
        takes_part=row.takes_part,
        changes=tuple(map(read_change, row.changes.splitlines())),
        notices=tuple(its_notices),
        state=row.state,
        edited_at=row.edited_at,
        first_turn=row.first_turn,
        next_due_at=row.next_due_at,
    )


def _notice(row: Row[Any]) -> Notice:
    return Notice(row.role, row.offset_seconds, row.id)


def spell_change(change: Change) -> str:
    """`2026-12-04` (skipped), `2026-12-04>2026-12-05`, `2026-12-04>2026-12-05T16:00`."""
    said = change.occurs_on.isoformat()
    if change.to_on is None:
        return said
    at = f"T{change.at:%H:%M}" if change.at else ""
    return f"{said}>{change.to_on.isoformat()}{at}"


def read_change(said: str) -> Change:
    """The change that `spell_change` spells so; ValueError for anything else."""
    occurs_on, arrow, moved = said.partition(">")
    if not arrow:
        return Change(date.fromisoformat(occurs_on))
    to_on, has_time, at = moved.partition("T")
    return Change(
        date.fromisoformat(occurs_on),
        date.fromisoformat(to_on),
        time.fromisoformat(at) if has_time else None,
    )
