"""What another bot showed a chat, so that its round of quotations goes on with this one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table; nothing is known of what was shown before the files told it."""
    op.create_table(
        "shown_elsewhere",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("local_on", sa.Date, nullable=False),
        sa.Column("quote_id", sa.Text, nullable=False),
        sa.Column("section_id", sa.Text, nullable=False),
        sa.Column("quote_reason", sa.Text, nullable=False),
        sa.Column("section_reason", sa.Text, nullable=False),
        sa.Column("known_from", sa.Date),
        sa.PrimaryKeyConstraint(
            "chat_id", "local_on", "quote_id", "section_id", name="pk_shown_elsewhere"
        ),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_shown_elsewhere_chat_id"),
    )
