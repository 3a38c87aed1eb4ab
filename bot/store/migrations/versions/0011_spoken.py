"""In which language and script a push is being said, kept with what it shows."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column that old rows fill with "", the language of the code."""
    op.add_column("deliveries", sa.Column("spoken", sa.Text, nullable=False, server_default=""))
