"""Who is awaited, who came, and when a message that shows it may be edited.

Here live small pure decisions about sessions. No I/O and no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.model import Attendee, Board, Coming, Count, Member, Occurrence, Session, Tally

# Telegram allows a group 20 messages and edits a minute.
BETWEEN_EDITS = timedelta(seconds=3)
# A reminder that is later than this does not say what it would have said.
ON_TIME = timedelta(minutes=3)

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def count(attendees: Sequence[Attendee]) -> Count:
    """Who said what, and who came."""

    def saying(coming: Coming) -> tuple[Attendee, ...]:
        return tuple(one for one in attendees if one.coming is coming)

    return Count(
        coming=saying(Coming.YES),
        away=saying(Coming.NO),
        unsure=saying(Coming.MAYBE),
        came=tuple(one for one in attendees if one.has_come),
    )


def left(occurrence: Occurrence, lead: timedelta | None, now: datetime) -> timedelta | None:
    """How long it is until the session, as a reminder with this lead says it at `now`.

    The lead itself where it is sent on time; else what is left, in whole hours if there is a
    day of them. None when nothing is to be said of it: it has begun, or no lead is known.
    """
    if lead is None:
        return None
    ahead = occurrence.starts_at - now
    if abs(ahead - lead) < ON_TIME:
        return lead
    if ahead < _MINUTE:
        return None
    unit = _HOUR if ahead >= 24 * _HOUR else _MINUTE
    return ahead // unit * unit


def editable(boards: Sequence[Board], now: datetime) -> tuple[tuple[Board, ...], timedelta | None]:
    """Which messages are to be edited now, and how long until the next may be (None: none).

    However many taps there were, a message is edited once for all of them, and not again
    within BETWEEN_EDITS.
    """
    behind = [one for one in boards if one.shown < one.changes]
    ready = tuple(one for one in behind if one.not_before_at <= now)
    later = [one.not_before_at - now for one in behind if one.not_before_at > now]
    return ready, min(later, default=None)


def tally(sessions: Sequence[tuple[Session, Sequence[Attendee]]]) -> tuple[Tally, ...]:
    """What each person did in these sessions; who came most stands first, then by name."""
    came: Counter[Member] = Counter()
    away: Counter[Member] = Counter()
    people: dict[int, Member] = {}
    for _, who in sessions:
        for one in who:
            member = people.setdefault(one.member.user_id, one.member)
            came[member] += one.has_come
            away[member] += one.coming is Coming.NO and not one.has_come
    made = [Tally(one, came[one], away[one], len(sessions)) for one in people.values()]
    return tuple(sorted(made, key=lambda one: (-one.came, one.member.name, one.member.user_id)))
