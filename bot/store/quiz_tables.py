"""The tables of quizzes: what was asked in which poll, who answered, and what comes back when.

Here live tables, constraints and indexes, each with its reason, beside those of
`study_tables`, whose rule about `user_id` holds here too.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from bot.model import QuizKind
from bot.store.columns import UtcMoment, Word
from bot.store.schema import metadata

# The poll's id is Telegram's, and all that an answer says. `is_followed` when the button for
# another question was pressed under it: that works once, however many press.
quizzes = Table(
    "quizzes",
    metadata,
    Column("poll_id", String(64), primary_key=True),
    Column("chat_id", BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("passage_id", Text, nullable=False),
    Column("kind", Word(QuizKind), nullable=False),
    Column("question_key", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("correct", Integer, nullable=False),
    Column("card", Text, nullable=False),
    Column("asked_at", UtcMoment, nullable=False),
    Column("is_followed", Boolean, nullable=False, server_default=false()),
)
Index(None, quizzes.c.chat_id, quizzes.c.asked_at)  # the result of a week

# One answer a person and poll: in a quiz nobody can take it back.
quiz_answers = Table(
    "quiz_answers",
    metadata,
    Column("poll_id", String(64), ForeignKey("quizzes.poll_id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("option", Integer, nullable=False),
    Column("answered_at", UtcMoment, nullable=False),
)
Index(None, quiz_answers.c.user_id)  # who wants to be forgotten

# When a question comes back in a chat. The card follows from `answered` answers to that poll.
quiz_cards = Table(
    "quiz_cards",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("question_key", Text, primary_key=True),
    Column("card", Text, nullable=False),
    Column("due_at", UtcMoment, nullable=False),
    Column("poll_id", String(64), nullable=False),
    Column("answered", Integer, nullable=False),
)

# How many questions the chat's schedule asks at a time.
quiz_sizes = Table(
    "quiz_sizes",
    metadata,
    Column("chat_id", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("questions", Integer, nullable=False),
)
