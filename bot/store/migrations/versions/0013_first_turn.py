"""From which turn a reminder's theme goes on, so that an edit does not begin it anew."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column that old rows fill with 0: they go on as they were counted so far."""
    column = sa.Column("first_turn", sa.Integer, nullable=False, server_default="0")
    op.add_column("reminders", column)
