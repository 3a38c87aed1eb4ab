"""What a chat was shown, by this bot or by one before it.

Here live the rows of `shown_elsewhere`, and the one reading that puts them together with the
ledger's pushes. Whoever chooses what comes next asks here, so that nothing is shown again
before its turn only because another bot showed it. Whose turn it is, `study.rotation` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection, or_, select, update

from bot.model import Archive, ArchivedShown, Choice, DeliveryKind, Shown, State
from bot.store.engine import add_new
from bot.store.schema import chats, deliveries
from bot.store.study_tables import shown_elsewhere


def find_histories(
    connection: Connection, chat_ids: Sequence[int]
) -> Mapping[int, tuple[Shown, ...]]:
    """Within a transaction: what each of these chats was shown, oldest first.

    Of pushes sent, being sent, or perhaps sent; one entry a push however many parts. Of a date
    on which another bot pushed too, the other's comes first. No entry for a chat that was
    shown nothing.
    """
    found: dict[int, list[Shown]] = {}
    elsewhere = connection.execute(
        select(shown_elsewhere)
        .where(shown_elsewhere.c.chat_id.in_(chat_ids))
        .order_by(*shown_elsewhere.primary_key)
    )
    for row in elsewhere:
        choice = Choice(row.quote_id, row.quote_reason, row.section_id, row.section_reason)
        shown = Shown(row.local_on, choice, is_ours=False, known_from=row.known_from)
        found.setdefault(row.chat_id, []).append(shown)
    told_elsewhere = list(found)
    ours = connection.execute(
        select(
            deliveries.c.chat_id,
            deliveries.c.local_on,
            deliveries.c.quote_id,
            deliveries.c.quote_reason,
            deliveries.c.section_id,
            deliveries.c.section_reason,
            deliveries.c.card,
        )
        .where(
            deliveries.c.chat_id.in_(chat_ids),
            deliveries.c.kind == DeliveryKind.PUSH,
            deliveries.c.part == 1,
            or_(
                deliveries.c.state.in_((State.SENDING, State.SENT)),
                deliveries.c.may_be_duplicate,
            ),
        )
        .order_by(deliveries.c.chat_id, deliveries.c.local_on, deliveries.c.due_at, deliveries.c.id)
    )
    for chat_id, on, *chosen in ours:
        found.setdefault(chat_id, []).append(Shown(on, Choice(*chosen)))
    for chat_id in told_elsewhere:
        found[chat_id].sort(key=lambda one: one.on)  # it is stable
    return {chat_id: tuple(shown) for chat_id, shown in found.items()}


def find_archived_history(connection: Connection, chat_id: int) -> tuple[ArchivedShown, ...]:
    """Within a transaction: all of it, as another bot is told."""
    told = find_histories(connection, [chat_id]).get(chat_id, ())
    return tuple(
        ArchivedShown(
            one.on,
            one.choice.quote_id,
            one.choice.quote_reason,
            one.choice.section_id,
            one.choice.section_reason,
            one.known_from,
        )
        for one in told
    )


def take_history(connection: Connection, chat_id: int, archive: Archive) -> int:
    """Within a transaction: add what is not known yet to have been shown; how much that was.

    A chat that was shown nothing yet takes over the order of its round too. One that was
    shown what the other bot knew nothing of keeps its own, and from its next day on counts
    what both have shown.
    """
    known = find_histories(connection, [chat_id]).get(chat_id, ())
    if not known and archive.seed is not None:
        connection.execute(update(chats).where(chats.c.id == chat_id).values(seed=archive.seed))
    here = {(one.on, one.choice.quote_id, one.choice.section_id) for one in known}
    told = {(one.on, one.quote_id, one.section_id): one for one in archive.shown}
    goes_on = here <= told.keys()
    next_on = None if goes_on else max(one.on for one in known) + timedelta(days=1)
    rows = [
        {
            "chat_id": chat_id,
            "local_on": one.on,
            "quote_id": one.quote_id,
            "section_id": one.section_id,
            "quote_reason": one.quote_reason,
            "section_reason": one.section_reason,
            "known_from": one.known_from if goes_on else next_on,
        }
        for key, one in told.items()
        if key not in here
    ]
    return add_new(connection, shown_elsewhere, rows)
