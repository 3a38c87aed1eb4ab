"""What a push says: from a row of the ledger to the messages to be sent.

Here live the loading of what a choice depends on, the choice (made by `study.rotation`,
kept by the ledger) and its cutting into parts (worded by `render`). Nothing here sends,
and nothing is written: the worker stores the choice before anything leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.delivery.send import Part
from bot.model import (
    Answer,
    Cause,
    Choice,
    Content,
    Corpus,
    Delivery,
    Nearby,
    Quote,
    Reading,
    SkipReason,
    Subscription,
)
from bot.render import notes
from bot.render.push import push
from bot.render.split import MESSAGE_LIMIT, split
from bot.store import Briefing, Store
from bot.study import rotation
from bot.study.rotation import Shown

_NOTHING: Final = Choice()

# The readings near a quotation of this id, nearest first (`search.index.Index.nearest`).
Nearest = Callable[[str], Sequence[Nearby]]


@dataclass(frozen=True, slots=True)
class Composed:
    """What a delivery sends: its own part, how many parts there are, and the choice."""

    part: Part
    parts: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class Skip:
    """A delivery that is not to be sent any more, and why."""

    reason: str


# Composes one of the rows that were prepared together.
Compose = Callable[[Delivery], Composed | Skip]


class Pushes:
    """Composes the daily push. `library` gives the corpus in force, and what is near in it."""

    def __init__(self, store: Store, library: Callable[[], tuple[Corpus, Nearest]]) -> None:
        self._store = store
        self._library = library

    async def prepare(self, claimed: Sequence[Delivery]) -> Compose:
        """Read at once what all of these depend on; what is returned composes each of them.

        It reads nothing more, and is to be used soon. Raises StoreError.
        """
        briefings = await self._store.briefings([one.subject_id for one in claimed])
        corpus, nearest = self._library()

        def compose(delivery: Delivery) -> Composed | Skip:
            briefing = briefings.get(delivery.subject_id)
            return _compose(corpus, nearest, briefing, delivery)

        return compose


def _compose(
    corpus: Corpus, nearest: Nearest, briefing: Briefing | None, delivery: Delivery
) -> Composed | Skip:
    """What is to be sent for this row. The choice stored in it is kept.

    Skips what has been unsubscribed since it was planned.
    """
    if briefing is None or not briefing.subscription.is_active:
        return Skip(SkipReason.UNSUBSCRIBED)
    choice = delivery.choice
    if not _is_shown(corpus, choice):
        if delivery.part > 1:
            # The rest of something that has left the corpus is nothing to read.
            return Skip(Cause.NOTHING)
        choice = choose(
            corpus,
            nearest,
            briefing.subscription,
            [Shown(*one) for one in briefing.history],
            seed=briefing.chat.seed,
            on=delivery.local_on,
        )
    if choice == _NOTHING:
        return Skip(Cause.NOTHING)
    return _part_of(_answer(corpus, choice, delivery.local_on), choice, delivery)


def choose(
    corpus: Corpus,
    nearest: Nearest,
    subscription: Subscription,
    history: Sequence[Shown],
    *,
    seed: int,
    on: date,
) -> Choice:
    """What this subscription shows on the local date `on`; an empty choice is nothing at all."""
    quote: Quote | None = None
    quote_reason = section_id = section_reason = ""
    if subscription.content is not Content.READING:
        chosen = rotation.choose_quote(
            corpus.quotes,
            history,
            on=on,
            order=subscription.quote_order,
            seed=seed,
            theme=subscription.theme,
        )
        if chosen is not None:
            quote, quote_reason = chosen
    if subscription.content is not Content.QUOTE:
        near = nearest(quote.id) if quote else ()
        found = rotation.choose_reading(
            quote, corpus.readings, near, history, order=subscription.reading_order
        )
        if found is not None:
            section_id, section_reason = found[0].id, found[1]
    return Choice(quote.id if quote else "", quote_reason, section_id, section_reason)


def _is_shown(corpus: Corpus, choice: Choice) -> bool:
    """True when the choice is one, and all of it is still in the corpus."""
    ids = [one for one in (choice.quote_id, choice.section_id) if one]
    return bool(ids) and all(corpus.passage(one) is not None for one in ids)


def _answer(corpus: Corpus, choice: Choice, on: date) -> Answer:
    quote: Quote | None = corpus.quote(choice.quote_id)
    reading: Reading | None = corpus.reading(choice.section_id)
    return push(
        quote,
        reading,
        on=on,
        quote_reason=choice.quote_reason,
        section_reason=choice.section_reason,
    )


def _part_of(answer: Answer, choice: Choice, delivery: Delivery) -> Composed | Skip:
    """The one message this row stands for; notes are added after the cutting.

    Cut first, the parts are the same in every attempt, whatever is said above them.
    """
    parts = split(answer.text, MESSAGE_LIMIT - notes.ROOM)
    if delivery.part > len(parts):
        return Skip(Cause.NOTHING)
    html = parts[delivery.part - 1]
    if delivery.reason == Cause.TOPIC_GONE:
        html = notes.moved_to_general(html)
    if delivery.may_be_duplicate:
        html = notes.may_be_duplicate(html)
    is_last = delivery.part == len(parts)
    return Composed(Part(html, answer.buttons if is_last else ()), len(parts), choice)
