"""Standing schedules: quizzes, boards and parts of a reading plan."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WORD = sa.String(32)


def upgrade() -> None:
    """Make the table, and the index of what can come due."""
    op.create_table(
        "schedules",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("at", sa.Time, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("day_rule", WORD, nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.Column("grace_seconds", sa.Integer, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("chat_is_active", sa.Boolean, nullable=False),
        sa.Column("next_due_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("chat_id", "kind", name="uq_schedules_chat_id_kind"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_schedules_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_schedules_next_due_at",
        "schedules",
        ["next_due_at"],
        sqlite_where=sa.text("is_active = 1 AND chat_is_active = 1"),
        postgresql_where=sa.text("is_active AND chat_is_active"),
    )
