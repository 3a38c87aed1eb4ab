"""Reading plans, who has read which part, and who follows one in private."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WORD = sa.String(32)


def upgrade() -> None:
    """Make the tables, and let a board show who has read a part."""
    create_reading_plans()
    create_parts_read()
    create_reading_follows()
    op.add_column("boards", sa.Column("plan_id", sa.BigInteger))
    op.add_column("boards", sa.Column("part", sa.Integer))


def create_reading_plans() -> None:
    op.create_table(
        "reading_plans",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("weeks", sa.Integer, nullable=False),
        sa.Column("at", sa.Time, nullable=False),
        sa.Column("day_rule", WORD, nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("first_part", sa.Integer, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("state", WORD, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reading_plans"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_reading_plans_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reading_plans_chat_id", "reading_plans", ["chat_id"])


def create_parts_read() -> None:
    op.create_table(
        "parts_read",
        sa.Column("plan_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "part", "user_id", name="pk_parts_read"),
        sa.ForeignKeyConstraint(["plan_id"], ["reading_plans.id"], name="fk_parts_read_plan_id"),
    )
    op.create_index("ix_parts_read_user_id", "parts_read", ["user_id"])


def create_reading_follows() -> None:
    op.create_table(
        "reading_follows",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("plan_id", ROW_ID, nullable=False),
        sa.Column("followed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_reading_follows"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_reading_follows_chat_id"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["reading_plans.id"], name="fk_reading_follows_plan_id"
        ),
    )
    op.create_index("ix_reading_follows_plan_id", "reading_follows", ["plan_id"])
