"""The tables, as they are in force. `migrations/versions` says how a database gets there.

Here live tables, constraints and indexes, each with its reason. No query stands here. A
change is made in two places, here and in a new migration; a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    true,
)

from bot.model import (
    Card,
    ChatKind,
    Content,
    DayRule,
    DeliveryKind,
    Language,
    QuoteOrder,
    ReadingOrder,
    Script,
    State,
)
from bot.store.columns import ROW_ID, Seconds, UtcMoment, Weekdays, Word

# The newest migration. At start a database that says the same is used at once, without
# loading Alembic; a test holds this to what `migrations/versions` ends with.
HEAD = "0013"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _chat_id(**options: Any) -> Column[int]:
    return Column("chat_id", BigInteger, ForeignKey("chats.id"), nullable=False, **options)


chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Word(ChatKind), nullable=False),
    Column("title", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("inactive_reason", Text, nullable=False),
    Column("met_at", UtcMoment, nullable=False),
    Column("language", Word(Language), nullable=False, server_default=Language.SIMPLIFIED),
    Column("script", Word(Script), nullable=False, server_default=Script.PRINTED),
)

# Groups that became supergroups: what still arrives under the old id belongs to the new one.
chat_moves = Table(
    "chat_moves",
    metadata,
    Column("old_id", BigInteger, primary_key=True, autoincrement=False),
    Column("new_id", BigInteger, nullable=False),
    Column("moved_at", UtcMoment, nullable=False),
)

# Rows are switched off, never deleted, and SQLite never gives an id twice (AUTOINCREMENT):
# the ledger's key holds the id, and a second meaning of it would lose a day or repeat one.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    _chat_id(unique=True),
    Column("thread_id", BigInteger),
    Column("push_at", Time, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("day_rule", Word(DayRule), nullable=False),
    Column("weekdays", Weekdays, nullable=False),
    Column("content", Word(Content), nullable=False),
    Column("quote_order", Word(QuoteOrder), nullable=False),
    Column("reading_order", Word(ReadingOrder), nullable=False),
    Column("theme", Text, nullable=False),
    Column("grace_seconds", Seconds, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("edited_at", UtcMoment, nullable=False),
    Column("is_active", Boolean, nullable=False),
    # The same as `chats.inactive_reason = ''`, kept here so that the index below holds only
    # what can come due: ten thousand chats that threw the bot out cost a tick nothing.
    Column("chat_is_active", Boolean, nullable=False),
    Column("next_due_at", UtcMoment),
    Column("card", Word(Card), nullable=False, server_default=Card.NONE),
    Column("has_check_in", Boolean, nullable=False, server_default=true()),
    sqlite_autoincrement=True,
)
_can_come_due = subscriptions.c.is_active & subscriptions.c.chat_is_active
Index(
    None,
    subscriptions.c.next_due_at,
    sqlite_where=_can_come_due,
    postgresql_where=_can_come_due,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("kind", Word(DeliveryKind), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    _chat_id(),
    Column("thread_id", BigInteger),
    Column("local_on", Date, nullable=False),
    Column("part", Integer, nullable=False),
    Column("state", Word(State), nullable=False),
    Column("due_at", UtcMoment, nullable=False),
    Column("missed_after", UtcMoment, nullable=False),
    Column("not_before_at", UtcMoment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("may_be_duplicate", Boolean, nullable=False),
    Column("quote_id", Text, nullable=False),
    Column("quote_reason", Text, nullable=False),
    Column("section_id", Text, nullable=False),
    Column("section_reason", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("lease_owner", Text, nullable=False),
    Column("lease_until_at", UtcMoment),
    # When it was sent, skipped or given up. NULL is what "open" means, to the indexes as well.
    Column("settled_at", UtcMoment),
    Column("card", Text, nullable=False, server_default=""),
    Column("spoken", Text, nullable=False, server_default=""),
    UniqueConstraint("kind", "subject_id", "local_on", "part"),
    CheckConstraint(
        "(settled_at IS NULL) = (state IN ('due', 'claimed', 'sending', 'retry'))",
        name="open_or_settled",
    ),
    CheckConstraint(
        "(lease_until_at IS NULL) = (state NOT IN ('claimed', 'sending'))",
        name="leased_in_flight",
    ),
    sqlite_autoincrement=True,
)
_is_open = deliveries.c.settled_at.is_(None)
# Indexes of open rows only: what a claim costs follows from what waits, not from what is stored.
Index(
    "ix_deliveries_turn",  # the order in which claims are given out
    deliveries.c.due_at,
    deliveries.c.kind,
    deliveries.c.subject_id,
    deliveries.c.local_on,
    deliveries.c.part,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)
Index(
    "ix_deliveries_in_flight",  # the few rows somebody holds
    deliveries.c.lease_until_at,
    sqlite_where=deliveries.c.lease_until_at.is_not(None),
    postgresql_where=deliveries.c.lease_until_at.is_not(None),
)
# What is too late by now. Of rows nobody holds alone, so that no engine takes this index for a
# claim's walk: it would have to sort everything that is open to find the first few.
_is_unheld = _is_open & deliveries.c.lease_until_at.is_(None)
Index(
    "ix_deliveries_missed",
    deliveries.c.missed_after,
    sqlite_where=_is_unheld,
    postgresql_where=_is_unheld,
)
Index(None, deliveries.c.chat_id, deliveries.c.local_on)  # the story of a chat

# What administrators decided about a single day: which quotation, and a note that goes with it.
day_plans = Table(
    "day_plans",
    metadata,
    _chat_id(primary_key=True, autoincrement=False),
    Column("local_on", Date, primary_key=True),
    Column("quote_id", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("edited_at", UtcMoment, nullable=False),
)

# GCRA, a row a chat and one for all together. No foreign key: whoever is written to is paced.
pace = Table(
    "pace",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("free_at", UtcMoment, nullable=False),
    Column("paused_until_at", UtcMoment),
)

# A turn that Telegram may count within this second: of messages on their way, or answered
# less than a second ago. Some thirty rows, so that nothing here needs an index. An answer is
# no delivery: its number is below zero.
turns = Table(
    "turns",
    metadata,
    Column("delivery_id", BigInteger, primary_key=True, autoincrement=False),
    Column("taken_at", UtcMoment, nullable=False),
    Column("answered_at", UtcMoment),
)

# What buttons refer to by number, since 64 bytes do not hold a Chinese query.
queries = Table(
    "queries",
    metadata,
    Column("id", ROW_ID, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("asked_at", UtcMoment, nullable=False),
    sqlite_autoincrement=True,
)

reading_positions = Table(
    "reading_positions",
    metadata,
    _chat_id(primary_key=True, autoincrement=False),
    Column("section_id", Text, nullable=False),
    Column("saved_at", UtcMoment, nullable=False),
)

# Single values that must outlive the process (an alarm already told, say).
facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("saved_at", UtcMoment, nullable=False),
)

# Updates of Telegram, seen by any replica: the lines in which they wait, and what was
# answered, for as long as Telegram may give it out again. A line is a chat, or a person.
seen_updates = Table(
    "seen_updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line_id", BigInteger),
    Column("taker", String(32), nullable=False),
    Column("is_begun", Boolean, nullable=False),
    Column("lease_until_at", UtcMoment),  # NULL: answered
    Column("seen_at", UtcMoment, nullable=False),
)
Index(None, seen_updates.c.seen_at)
_is_waiting = seen_updates.c.lease_until_at.is_not(None)
Index(
    None,
    seen_updates.c.line_id,
    sqlite_where=_is_waiting,
    postgresql_where=_is_waiting,
)
