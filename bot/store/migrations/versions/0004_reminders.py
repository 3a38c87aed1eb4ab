"""Reminders and their notices; sessions, who takes part, and the messages that show it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WORD = sa.String(32)

CAN_COME_DUE = sa.text("state = 'active' AND chat_is_active = 1")
CAN_COME_DUE_POSTGRESQL = sa.text("state = 'active' AND chat_is_active")
IS_BEHIND = sa.text("shown < changes")


def upgrade() -> None:
    """Make the tables of what a group does together."""
    create_reminders()
    create_notices()
    create_sessions()
    create_attendances()
    create_boards()


def _chat(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=f"fk_{table}_chat_id")


def create_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("workday", sa.Integer),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("at", sa.Time, nullable=False),
        sa.Column("lasts_seconds", sa.Integer, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("takes_part", sa.Boolean, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.Column("chat_is_active", sa.Boolean, nullable=False),
        sa.Column("next_due_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("chat_id", "uid", name="uq_reminders_chat_id_uid"),
        _chat("reminders"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_reminders_next_due_at",
        "reminders",
        ["next_due_at"],
        sqlite_where=CAN_COME_DUE,
        postgresql_where=CAN_COME_DUE_POSTGRESQL,
    )


def create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("reminder_id", ROW_ID, nullable=False),
        sa.Column("role", WORD, nullable=False),
        sa.Column("offset_seconds", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            "reminder_id",
            "role",
            "offset_seconds",
            name="uq_notices_reminder_id_role_offset_seconds",
        ),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminders.id"], name="fk_notices_reminder_id"),
        sqlite_autoincrement=True,
    )


def create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("reminder_id", ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("occurs_on", sa.Date, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("reminder_id", "occurs_on", name="uq_sessions_reminder_id_occurs_on"),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminders.id"], name="fk_sessions_reminder_id"),
        _chat("sessions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_chat_id_starts_at", "sessions", ["chat_id", "starts_at"])


def create_attendances() -> None:
    op.create_table(
        "members",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name="pk_members"),
        _chat("members"),
    )
    op.create_index("ix_members_user_id", "members", ["user_id"])
    op.create_table(
        "attendances",
        sa.Column("session_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("coming", WORD, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("checked_in_at", MOMENT),
        sa.PrimaryKeyConstraint("session_id", "user_id", name="pk_attendances"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_attendances_session_id"),
    )
    op.create_index("ix_attendances_user_id", "attendances", ["user_id"])


def create_boards() -> None:
    op.create_table(
        "boards",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("session_id", ROW_ID, nullable=False),
        sa.Column("notice_id", sa.BigInteger, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("not_before_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_boards"),
        _chat("boards"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_boards_session_id"),
    )
    op.create_index("ix_boards_session_id", "boards", ["session_id"])
    op.create_index(
        "ix_boards_behind",
        "boards",
        ["not_before_at"],
        sqlite_where=IS_BEHIND,
        postgresql_where=IS_BEHIND,
    )
