"""What the weekly board of check-ins says: from a row of the ledger to the message to be sent.

Here lives the loading of what it depends on; who stands on it is decided by `study.streaks`,
worded it is by `render.weekly`. Nothing here sends or writes.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.delivery.choose import Compose, Composed, Skip, alone
from bot.model import Cause, Delivery, Diligence, SkipReason
from bot.render import weekly
from bot.render.language import speaking
from bot.store import ScheduleBriefing, Store
from bot.study.streaks import StudyDays, week, week_of

_Week = tuple[tuple[Diligence, ...], int]


class WeeklyBoards:
    """Composes weekly boards."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def prepare(self, claimed: Sequence[Delivery]) -> Compose:
        """Read what all of these depend on; what is returned composes each of them.

        A week in which nobody checked in has no board. Raises StoreError.
        """
        briefings = await self._store.schedule_briefings([one.subject_id for one in claimed])
        weeks: dict[int, _Week] = {}
        for delivery in claimed:
            briefing = briefings.get(delivery.subject_id)
            if briefing is not None and briefing.schedule.is_active:
                weeks[delivery.id] = await self._week(briefing, delivery)

        def compose(delivery: Delivery) -> Composed | Skip:
            if delivery.id not in weeks:
                return Skip(SkipReason.UNSUBSCRIBED)
            briefing, (who, unlisted) = briefings[delivery.subject_id], weeks[delivery.id]
            if not who and not unlisted:
                return Skip(Cause.NOTHING)
            first_on, last_on = week_of(delivery.local_on, briefing.schedule.at)
            with speaking(briefing.chat.language, briefing.chat.script):
                return alone(weekly.board(first_on, last_on, who, unlisted), delivery)

        return compose

    async def _week(self, briefing: ScheduleBriefing, delivery: Delivery) -> _Week:
        """Who checked in in the week of that row, and how many more."""
        chat_id = briefing.chat.id
        first_on, last_on = week_of(delivery.local_on, briefing.schedule.at)
        regulars = await self._store.regulars(chat_id, first_on)
        return week(regulars, last_on, StudyDays(*await self._store.study_days(chat_id)))
