"""The language a chat is spoken to in, and the script it reads the corpus in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns that old rows fill with what they had until now."""
    for name, value in (("language", "zh-Hans"), ("script", "printed")):
        op.add_column("chats", sa.Column(name, sa.String(32), nullable=False, server_default=value))
