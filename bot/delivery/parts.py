"""What a reading plan sends: from a row of the ledger to the message of a part.

Here lives the loading of what such a message depends on; which part a date has is decided by
`study.reading_plan`, worded it is by `render.parts`. Nothing here sends or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.delivery.choose import Compose, Composed, Skip, alone
from bot.model import Cause, ChatKind, Choice, Corpus, Delivery, PlanState, SkipReason
from bot.render import parts as words
from bot.render.language import speaking
from bot.store import PartBriefing, Store
from bot.study.reading_plan import missed_before, part_on


class Parts:
    """Composes the parts of reading plans. `library` gives the corpus in force."""

    def __init__(self, store: Store, library: Callable[[], Corpus]) -> None:
        self._store = store
        self._library = library

    async def prepare(self, claimed: Sequence[Delivery]) -> Compose:
        """Read at once what all of these depend on; what is returned composes each of them.

        A part of a plan that rests or has ended is skipped, and so is a date that has none
        any more. Raises StoreError.
        """
        briefings = await self._store.part_briefings([one.subject_id for one in claimed])
        corpus = self._library()

        def compose(delivery: Delivery) -> Composed | Skip:
            briefing = briefings.get(delivery.subject_id)
            is_on = briefing is not None and briefing.schedule.is_active
            if briefing is None or not is_on or briefing.plan.state is not PlanState.ACTIVE:
                return Skip(SkipReason.UNSUBSCRIBED)
            number = part_on(briefing.plan, delivery.local_on)
            if number is None:
                return Skip(Cause.NOTHING)
            with speaking(briefing.chat.language, briefing.chat.script):
                return _composed(briefing, number, corpus, delivery)

        return compose


def _composed(briefing: PartBriefing, number: int, corpus: Corpus, delivery: Delivery) -> Composed:
    """The message; its choice names the part by its first section, as `/why` tells it."""
    answer = words.part(
        briefing.plan,
        number,
        corpus,
        on=delivery.local_on,
        read=briefing.read.get(number, 0),
        is_group=briefing.chat.kind is not ChatKind.PRIVATE,
        missed=missed_before(briefing.plan, number, briefing.missed_on),
    )
    choice = Choice(section_id=briefing.plan.parts[number - 1][0])
    return replace(alone(answer, delivery), choice=choice)
