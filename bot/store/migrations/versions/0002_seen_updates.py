"""The updates of Telegram that were seen lately: one given out again is not answered again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
IS_OPEN = sa.text("lease_until_at IS NOT NULL")


def upgrade() -> None:
    """Add the table and its two indexes."""
    op.create_table(
        "seen_updates",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger),
        sa.Column("taker", sa.String(32), nullable=False),
        sa.Column("is_begun", sa.Boolean, nullable=False),
        sa.Column("lease_until_at", MOMENT),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_seen_updates"),
    )
    op.create_index("ix_seen_updates_seen_at", "seen_updates", ["seen_at"])
    op.create_index(
        "ix_seen_updates_line_id",
        "seen_updates",
        ["line_id"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
