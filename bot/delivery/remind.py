"""What a reminder says: from a row of the ledger to the message to be sent.

Here lives the loading of what such a message depends on; who is awaited is decided by
`study.attendance`, worded it is by `render.sessions`. Nothing here sends or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.delivery.choose import Compose, Composed, Skip, alone
from bot.model import (
    Agenda,
    Answer,
    Attendee,
    Cause,
    Delivery,
    NoticeRole,
    Occurrence,
    SkipReason,
)
from bot.render import sessions
from bot.render.language import speaking
from bot.store import NoticeBriefing, Store
from bot.study.attendance import count, left
from bot.study.recurrence import occurrence_on
from bot.study.turns import turn

# The agenda of a theme for a turn, counted from 0; None for no theme. `search.index.Index.find`
# made into one.
Agendas = Callable[[str, int], Agenda | None]


class Reminding:
    """Composes the notices of reminders. `agendas` makes the agenda of a theme."""

    def __init__(self, store: Store, agendas: Agendas) -> None:
        self._store = store
        self._agendas = agendas

    async def prepare(self, claimed: Sequence[Delivery]) -> Compose:
        """Read what all of these depend on; what is returned composes each of them.

        A reminder that is no longer active, and a session that is not held that day any
        more, are skipped; so is what would say nothing. Raises StoreError.
        """
        known: dict[int, tuple[NoticeBriefing, Occurrence, tuple[Attendee, ...]]] = {}
        for delivery in claimed:
            briefing = await self._store.notice_briefing(delivery.subject_id)
            if briefing is None or not briefing.reminder.is_active:
                continue
            occurrence = occurrence_on(briefing.reminder, delivery.local_on)
            if occurrence is not None:
                who = await self._store.attendees(briefing.reminder.id, occurrence)
                known[delivery.id] = briefing, occurrence, who

        now = await self._store.now()

        def compose(delivery: Delivery) -> Composed | Skip:
            if delivery.id not in known:
                return Skip(SkipReason.UNSUBSCRIBED)
            briefing, occurrence, who = known[delivery.id]
            with speaking(briefing.chat.language, briefing.chat.script):
                answer = self._answer(briefing, occurrence, who, now)
                return Skip(Cause.NOTHING) if answer is None else alone(answer, delivery)

        return compose

    def _answer(
        self,
        briefing: NoticeBriefing,
        occurrence: Occurrence,
        who: Sequence[Attendee],
        now: datetime,
    ) -> Answer | None:
        """What this notice says; None for a nudge to nobody, and a summary of nothing."""
        reminder, counted = briefing.reminder, count(who)
        agenda = self._agendas(reminder.theme, turn(reminder, occurrence))
        match briefing.notice.role:
            case NoticeRole.LEAD:
                lead = left(occurrence, -briefing.notice.offset, now)
                return sessions.session(reminder, occurrence, counted, lead=lead, agenda=agenda)
            case NoticeRole.NUDGE:
                awaited = counted.awaited
                return sessions.nudge(reminder, occurrence, awaited) if awaited else None
            case NoticeRole.SUMMARY:
                return sessions.summary(reminder, occurrence, counted, agenda) if who else None
