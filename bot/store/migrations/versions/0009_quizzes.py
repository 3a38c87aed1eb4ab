"""Quizzes: what was asked, who answered, and what comes back when."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A migration says what was true on its day: it uses nothing of bot.store.schema.
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    create_quizzes()
    create_quiz_cards()


def create_quizzes() -> None:
    op.create_table(
        "quizzes",
        sa.Column("poll_id", sa.String(64), nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("passage_id", sa.Text, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("question_key", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("correct", sa.Integer, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("is_followed", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("poll_id", name="pk_quizzes"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_quizzes_chat_id"),
    )
    op.create_index("ix_quizzes_chat_id_asked_at", "quizzes", ["chat_id", "asked_at"])
    op.create_table(
        "quiz_answers",
        sa.Column("poll_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "user_id", name="pk_quiz_answers"),
        sa.ForeignKeyConstraint(["poll_id"], ["quizzes.poll_id"], name="fk_quiz_answers_poll_id"),
    )
    op.create_index("ix_quiz_answers_user_id", "quiz_answers", ["user_id"])


def create_quiz_cards() -> None:
    op.create_table(
        "quiz_cards",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("question_key", sa.Text, nullable=False),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("poll_id", sa.String(64), nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "question_key", name="pk_quiz_cards"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_quiz_cards_chat_id"),
    )
    op.create_table(
        "quiz_sizes",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_quiz_sizes"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_quiz_sizes_chat_id"),
    )
