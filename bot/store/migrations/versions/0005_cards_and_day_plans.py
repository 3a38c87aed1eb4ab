"""Pushes as pictures; and what administrators decided about single days."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Two columns that old rows fill with "none", and a table."""
    op.add_column(
        "subscriptions", sa.Column("card", sa.String(32), nullable=False, server_default="none")
    )
    op.add_column("deliveries", sa.Column("card", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "day_plans",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("local_on", sa.Date, nullable=False),
        sa.Column("quote_id", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_day_plans_chat_id"),
        sa.PrimaryKeyConstraint("chat_id", "local_on", name="pk_day_plans"),
    )
