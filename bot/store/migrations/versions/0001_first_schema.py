"""The first schema: chats, subscriptions, the ledger, pacing, queries, positions and facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WORD = sa.String(32)

CHAT_KEY = ["chats.id"]
CAN_COME_DUE = sa.text("is_active = 1 AND chat_is_active = 1")
CAN_COME_DUE_POSTGRESQL = sa.text("is_active AND chat_is_active")
IS_OPEN = sa.text("settled_at IS NULL")
IS_WAITING = sa.text("settled_at IS NULL AND lease_until_at IS NULL")
IS_IN_FLIGHT = sa.text("lease_until_at IS NOT NULL")


def upgrade() -> None:
    create_chats()
    create_subscriptions()
    create_deliveries()
    create_pace()
    create_notes()


def create_chats() -> None:
    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("inactive_reason", sa.Text, nullable=False),
        sa.Column("met_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chats"),
    )
    op.create_table(
        "chat_moves",
        sa.Column("old_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("new_id", sa.BigInteger, nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("old_id", name="pk_chat_moves"),
    )


def create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("push_at", sa.Time, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("day_rule", WORD, nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("content", WORD, nullable=False),
        sa.Column("quote_order", WORD, nullable=False),
        sa.Column("reading_order", WORD, nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        sa.Column("grace_seconds", sa.Integer, nullable=False),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("chat_is_active", sa.Boolean, nullable=False),
        sa.Column("next_due_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("chat_id", name="uq_subscriptions_chat_id"),
        sa.ForeignKeyConstraint(["chat_id"], CHAT_KEY, name="fk_subscriptions_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_subscriptions_next_due_at",
        "subscriptions",
        ["next_due_at"],
        sqlite_where=CAN_COME_DUE,
        postgresql_where=CAN_COME_DUE_POSTGRESQL,
    )


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject_id", sa.BigInteger, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("local_on", sa.Date, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("missed_after", MOMENT, nullable=False),
        sa.Column("not_before_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("may_be_duplicate", sa.Boolean, nullable=False),
        sa.Column("quote_id", sa.Text, nullable=False),
        sa.Column("quote_reason", sa.Text, nullable=False),
        sa.Column("section_id", sa.Text, nullable=False),
        sa.Column("section_reason", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("lease_owner", sa.Text, nullable=False),
        sa.Column("lease_until_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint(
            "kind",
            "subject_id",
            "local_on",
            "part",
            name="uq_deliveries_kind_subject_id_local_on_part",
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (state IN ('due', 'claimed', 'sending', 'retry'))",
            name=op.f("ck_deliveries_open_or_settled"),
        ),
        sa.CheckConstraint(
            "(lease_until_at IS NULL) = (state NOT IN ('claimed', 'sending'))",
            name=op.f("ck_deliveries_leased_in_flight"),
        ),
        sa.ForeignKeyConstraint(["chat_id"], CHAT_KEY, name="fk_deliveries_chat_id"),
        sqlite_autoincrement=True,
    )
    for name, columns, where in (
        ("ix_deliveries_turn", ["due_at", "kind", "subject_id", "local_on", "part"], IS_OPEN),
        ("ix_deliveries_in_flight", ["lease_until_at"], IS_IN_FLIGHT),
        ("ix_deliveries_missed", ["missed_after"], IS_WAITING),
    ):
        op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_deliveries_chat_id_local_on", "deliveries", ["chat_id", "local_on"])


def create_pace() -> None:
    op.create_table(
        "pace",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.Column("paused_until_at", MOMENT),
        sa.PrimaryKeyConstraint("chat_id", name="pk_pace"),
    )


def create_notes() -> None:
    op.create_table(
        "queries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queries"),
        sa.UniqueConstraint("sha256", name="uq_queries_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reading_positions",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("section_id", sa.Text, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_reading_positions"),
        sa.ForeignKeyConstraint(["chat_id"], CHAT_KEY, name="fk_reading_positions_chat_id"),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )
