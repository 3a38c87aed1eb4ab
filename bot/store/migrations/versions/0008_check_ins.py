"""Daily check-ins, and messages that show how many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

IS_BEHIND = sa.text("shown < changes")


def upgrade() -> None:
    """Make the tables, and room in two others."""
    for table, column in (("subscriptions", "has_check_in"), ("members", "is_listed")):
        on = sa.Column(column, sa.Boolean, nullable=False, server_default=sa.true())
        op.add_column(table, on)
    create_check_ins()
    widen_boards()


def create_check_ins() -> None:
    op.create_table(
        "check_ins",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("local_on", sa.Date, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", "local_on", name="pk_check_ins"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_check_ins_chat_id"),
    )
    op.create_index("ix_check_ins_chat_id_local_on", "check_ins", ["chat_id", "local_on"])
    op.create_index("ix_check_ins_user_id", "check_ins", ["user_id"])
    op.create_table(
        "earlier_pushes",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("local_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "local_on", name="pk_earlier_pushes"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_earlier_pushes_chat_id"),
    )


def widen_boards() -> None:
    """Made anew with what stands in it, for SQLite cannot let a column be empty later on."""
    rows = op.get_bind().execute(sa.text("SELECT * FROM boards")).mappings().all()
    op.drop_table("boards")
    boards = op.create_table(
        "boards",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("session_id", ROW_ID),
        sa.Column("notice_id", sa.BigInteger, nullable=False),
        sa.Column("pushed_on", sa.Date),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("not_before_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_boards"),
        sa.CheckConstraint("(session_id IS NULL) != (pushed_on IS NULL)", name="shows_one_thing"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_boards_chat_id"),
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
    op.bulk_insert(boards, [dict(row) for row in rows])
