"""The tables of what a group does together: reminders, sessions and who takes part, daily
check-ins, and what else it is sent by a standing schedule.

Here live tables, constraints and indexes, each with its reason, beside those of `schema`. A
person's id stands in columns called `user_id` alone, so that whoever wants to be forgotten
is found in every table by that name.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    true,
)

from bot.model import Coming, DayRule, NoticeRole, PlanState, ReminderState, ScheduleKind
from bot.store.columns import ROW_ID, Seconds, UtcMoment, Weekdays, Word
from bot.store.schema import metadata

reminders = Table(
    "reminders",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("chat_id", BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("uid", String(64), nullable=False),
    Column("thread_id", BigInteger),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("workday", Integer),
    Column("starts_on", Date, nullable=False),
    Column("at", Time, nullable=False),
    Column("lasts_seconds", Seconds, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("takes_part", Boolean, nullable=False),
    Column("changes", Text, nullable=False),  # one a line, as `store.reminders` spells them
    Column("state", Word(ReminderState), nullable=False),
    Column("edited_at", UtcMoment, nullable=False),
    # As with subscriptions: what cannot come due costs a tick nothing.
    Column("chat_is_active", Boolean, nullable=False),
    Column("next_due_at", UtcMoment),
    Column("first_turn", Integer, nullable=False, server_default="0"),
    UniqueConstraint("chat_id", "uid"),
    sqlite_autoincrement=True,
)
_can_come_due = (reminders.c.state == "active") & reminders.c.chat_is_active
Index(
    None,
    reminders.c.next_due_at,
    sqlite_where=_can_come_due,
    postgresql_where=_can_come_due,
)

# The subjects of the ledger's rows of this kind: the key there has room for one row a subject
# and date, and each message of a reminder is one. An id is never given twice.
notices = Table(
    "notices",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("reminder_id", ROW_ID, ForeignKey("reminders.id"), nullable=False),
    Column("role", Word(NoticeRole), nullable=False),
    Column("offset_seconds", Seconds, nullable=False),
    UniqueConstraint("reminder_id", "role", "offset_seconds"),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("reminder_id", ROW_ID, ForeignKey("reminders.id"), nullable=False),
    Column("chat_id", BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("occurs_on", Date, nullable=False),
    Column("starts_at", UtcMoment, nullable=False),
    Column("title", Text, nullable=False),
    UniqueConstraint("reminder_id", "occurs_on"),
    sqlite_autoincrement=True,
)
Index(None, sessions.c.chat_id, sessions.c.starts_at)  # the records of a chat

# A group's roster: a bot cannot list a group's members, so they are those who tapped once.
members = Table(
    "members",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("joined_at", UtcMoment, nullable=False),
    # False: the name is kept out of the weekly board.
    Column("is_listed", Boolean, nullable=False, server_default=true()),
)
Index(None, members.c.user_id)  # who wants to be forgotten

attendances = Table(
    "attendances",
    metadata,
    Column("session_id", ROW_ID, ForeignKey("sessions.id"), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("coming", Word(Coming), nullable=False),
    Column("answered_at", UtcMoment, nullable=False),
    Column("checked_in_at", UtcMoment),
)
Index(None, attendances.c.user_id)

# Who checked in on which of the chat's local dates: once, whatever zone the chat was in then.
check_ins = Table(
    "check_ins",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("local_on", Date, primary_key=True),
    Column("at", UtcMoment, nullable=False),
)
Index(None, check_ins.c.chat_id, check_ins.c.local_on)  # a day's count, a month, a week
Index(None, check_ins.c.user_id)

# The dates on which another bot pushed, before the chat's data was taken in here: the ledger
# has them not, and yet they are days that could be missed.
earlier_pushes = Table(
    "earlier_pushes",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("local_on", Date, primary_key=True),
)

# What another bot showed the chat before its data was taken in here: what was shown at all is
# this and the ledger's pushes together. The same day told of by several files is one row.
shown_elsewhere = Table(
    "shown_elsewhere",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("local_on", Date, primary_key=True),
    # Ids of a corpus that this bot need not have, "" where there was none.
    Column("quote_id", Text, primary_key=True),
    Column("section_id", Text, primary_key=True),
    Column("quote_reason", Text, nullable=False),
    Column("section_reason", Text, nullable=False),
    Column("known_from", Date),  # as `model.Shown` has it
)

# Messages that show what people tapped: who takes part in a session, how many checked in under
# the push of a date, or how many have read the part that a plan had for a date. What
# they do not show yet outlives the process.
boards = Table(
    "boards",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("session_id", ROW_ID, ForeignKey("sessions.id")),
    Column("notice_id", BigInteger, nullable=False),
    Column("pushed_on", Date),
    Column("changes", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("not_before_at", UtcMoment, nullable=False),
    Column("plan_id", BigInteger),
    Column("part", Integer),
    CheckConstraint("(session_id IS NULL) != (pushed_on IS NULL)", name="shows_one_thing"),
)
Index(None, boards.c.session_id)
_is_behind = boards.c.shown < boards.c.changes
Index(
    "ix_boards_behind",
    boards.c.not_before_at,
    sqlite_where=_is_behind,
    postgresql_where=_is_behind,
)

# One of each kind a chat. As with subscriptions: rows are switched off, never deleted, an id
# is never given twice, and what cannot come due costs a tick nothing.
schedules = Table(
    "schedules",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("chat_id", BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("kind", Word(ScheduleKind), nullable=False),
    Column("thread_id", BigInteger),
    Column("at", Time, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("day_rule", Word(DayRule), nullable=False),
    Column("weekdays", Weekdays, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("edited_at", UtcMoment, nullable=False),
    Column("grace_seconds", Seconds, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("chat_is_active", Boolean, nullable=False),
    Column("next_due_at", UtcMoment),
    UniqueConstraint("chat_id", "kind"),
    sqlite_autoincrement=True,
)
_can_be_served = schedules.c.is_active & schedules.c.chat_is_active
Index(
    None,
    schedules.c.next_due_at,
    sqlite_where=_can_be_served,
    postgresql_where=_can_be_served,
)

# What a chat reads together. `parts` holds the sections' ids, those of a part in a line. Of a
# chat's plans one is active or paused at the most; the others are drafts, or ended.
reading_plans = Table(
    "reading_plans",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("chat_id", BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("uid", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("parts", Text, nullable=False),
    Column("weeks", Integer, nullable=False),
    Column("at", Time, nullable=False),
    Column("day_rule", Word(DayRule), nullable=False),
    Column("weekdays", Weekdays, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("first_part", Integer, nullable=False),
    Column("thread_id", BigInteger),
    Column("state", Word(PlanState), nullable=False),
    Column("edited_at", UtcMoment, nullable=False),
    sqlite_autoincrement=True,
)
Index(None, reading_plans.c.chat_id)

parts_read = Table(
    "parts_read",
    metadata,
    Column(
        "plan_id", ROW_ID, ForeignKey("reading_plans.id"), primary_key=True, autoincrement=False
    ),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("read_at", UtcMoment, nullable=False),
)
Index(None, parts_read.c.user_id)

# Private chats that follow a group's plan, by a schedule of their own.
reading_follows = Table(
    "reading_follows",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("plan_id", ROW_ID, ForeignKey("reading_plans.id"), nullable=False),
    Column("followed_at", UtcMoment, nullable=False),
)
Index(None, reading_follows.c.plan_id)
