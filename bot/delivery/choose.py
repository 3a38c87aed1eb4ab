"""What a push says: from a row of the ledger to the messages to be sent.

Here live the loading of what a choice depends on, the choice (made by `study.choice`,
kept by the ledger) and its making into parts (worded by `render`). Nothing here sends,
and nothing is written: the worker stores the choice before anything leaves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.delivery.cards import Cards, read_form
from bot.delivery.send import CardPage, Part, Sent
from bot.model import (
    NO_PLAN,
    Answer,
    Cause,
    Chat,
    ChatKind,
    Choice,
    Corpus,
    DayPlan,
    Delivery,
    Language,
    Quote,
    Reading,
    Script,
    SkipReason,
)
from bot.render import notes
from bot.render.language import as_read, language, speaking
from bot.render.push import page_caption, push
from bot.render.split import CAPTION_LIMIT, MESSAGE_LIMIT, split, visible_units
from bot.store import Briefing, Store
from bot.study.choice import Nearest, choose

_NOTHING: Final = Choice()
_OF_THE_CODE: Final = (Language.SIMPLIFIED, Script.PRINTED)


# Notes what Telegram made of a delivery, before it is settled as sent; may be done twice.
Note = Callable[[Delivery, Sent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Composed:
    """What a delivery sends: its own part, how many parts there are, and the choice."""

    part: Part
    parts: int
    choice: Choice
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """A delivery that is not to be sent any more, and why."""

    reason: str


# Composes one of the rows that were prepared together.
Compose = Callable[[Delivery], Composed | Skip]


def alone(answer: Answer, delivery: Delivery) -> Composed:
    """An answer that is one message, with the notes that belong above it."""
    part = Part(_noted(answer.text, delivery), answer.buttons)
    return Composed(part, 1, _NOTHING)


class Pushes:
    """Composes the daily push.

    `library` gives the corpus in force, and what is near in it; `cards` says which form a
    push has (default: words alone).
    """

    def __init__(
        self,
        store: Store,
        library: Callable[[], tuple[Corpus, Nearest]],
        cards: Cards | None = None,
    ) -> None:
        self._store = store
        self._library = library
        self._cards = cards or Cards(store, None)

    async def prepare(self, claimed: Sequence[Delivery]) -> Compose:
        """Read at once what all of these depend on; what is returned composes each of them.

        It reads nothing more, and is to be used soon. Raises StoreError.
        """
        briefings = await self._store.briefings([one.subject_id for one in claimed])
        plans = await self._store.day_plans(
            [one.chat.id for one in briefings.values()], [one.local_on for one in claimed]
        )
        counted = await self._store.checked_in(
            [one.chat.id for one in briefings.values() if one.chat.kind is not ChatKind.PRIVATE],
            [one.local_on for one in claimed],
        )
        corpus, nearest = self._library()

        def compose(delivery: Delivery) -> Composed | Skip:
            briefing = briefings.get(delivery.subject_id)
            if briefing is None or not briefing.subscription.is_active:
                return Skip(SkipReason.UNSUBSCRIBED)  # since it was planned
            on = delivery.local_on
            plan = plans.get((briefing.chat.id, on), NO_PLAN)
            # What was begun is ended in the language it was begun in: cut in another, its
            # parts would not be the same.
            is_kept = _is_shown(corpus, delivery.choice)
            spoken = delivery.choice.spoken if is_kept else _spoken_by(briefing.chat)
            with speaking(*_read_spoken(spoken)):
                choice = self._choice(corpus, nearest, briefing, plan, delivery)
                if isinstance(choice, Skip):
                    return choice
                choice = replace(choice, spoken=spoken)
                # Some check in early, under the push of the day before.
                has_check_in = briefing.subscription.has_check_in
                checked_in = counted.get((briefing.chat.id, on), 0) if has_check_in else None
                parts = _messages(corpus, choice, on, plan, checked_in)
                return _part_of(parts, choice, delivery)

        return compose

    def _choice(
        self,
        corpus: Corpus,
        nearest: Nearest,
        briefing: Briefing,
        plan: DayPlan,
        delivery: Delivery,
    ) -> Choice | Skip:
        """What this row shows, and in which form. The choice stored in it is kept."""
        if _is_shown(corpus, delivery.choice):
            return delivery.choice
        if delivery.part > 1:
            # The rest of something that has left the corpus is nothing to read.
            return Skip(Cause.NOTHING)
        choice = choose(
            corpus,
            nearest,
            briefing.subscription,
            briefing.history,
            seed=briefing.chat.seed,
            on=delivery.local_on,
            pinned_id=plan.quote_id,
        )
        if choice == _NOTHING:
            return Skip(Cause.NOTHING)
        quote = corpus.quote(choice.quote_id)
        if quote is None:
            return choice
        form = self._cards.form(*_as_printed(corpus, quote), briefing.subscription.card)
        return replace(choice, card=form)


def _spoken_by(chat: Chat) -> str:
    """Language and script of a chat in one word or two; "" for those of the code."""
    if (chat.language, chat.script) == _OF_THE_CODE:
        return ""
    return f"{chat.language} {chat.script}"


def _read_spoken(spoken: str) -> tuple[Language, Script]:
    tag, _, script = spoken.partition(" ")
    return (Language(tag), Script(script)) if spoken else _OF_THE_CODE


def _is_shown(corpus: Corpus, choice: Choice) -> bool:
    """True when the choice is one, and all of it is still in the corpus."""
    ids = [one for one in (choice.quote_id, choice.section_id) if one]
    return bool(ids) and all(corpus.passage(one) is not None for one in ids)


def _as_printed(corpus: Corpus, quote: Quote) -> tuple[Quote, str]:
    """What a card has of a quotation, and the title of its compilation, as they are read here."""
    compilation = corpus.compilation(quote.compilation_id)
    source = as_read(compilation.title) if compilation is not None else ""
    return replace(quote, text=as_read(quote.text), occasion=as_read(quote.occasion)), source


def _messages(
    corpus: Corpus, choice: Choice, on: date, plan: DayPlan, checked_in: int | None
) -> list[Part]:
    """The whole push, a part a message.

    Pages of a card come first. The words stand under the last of them where a caption
    holds them, else in messages of their own. Room is left everywhere for notes: cut
    without them, the parts are the same in every attempt, whatever is said above them.
    """
    quote: Quote | None = corpus.quote(choice.quote_id)
    reading: Reading | None = corpus.reading(choice.section_id)
    answer = push(
        quote,
        reading,
        on=on,
        quote_reason=choice.quote_reason,
        section_reason=choice.section_reason,
        note=plan.note,
        checked_in=checked_in,
    )
    texts = split(answer.text, MESSAGE_LIMIT - notes.ROOM)
    theme, pages = read_form(choice.card)
    parts = []
    if quote is not None and pages:
        printed, source = _as_printed(corpus, quote)
        captions = [page_caption(on, number, pages) for number in range(1, pages + 1)]
        if visible_units(answer.text) <= CAPTION_LIMIT - notes.ROOM:
            captions[-1], texts = answer.text, []
        parts = [
            Part(html, card=CardPage(printed, source, theme, number, language()))
            for number, html in enumerate(captions, 1)
        ]
    parts += [Part(html) for html in texts]
    parts[-1] = replace(parts[-1], buttons=answer.buttons)
    return parts


def _part_of(parts: Sequence[Part], choice: Choice, delivery: Delivery) -> Composed | Skip:
    """The one message this row stands for, with the notes that belong above it."""
    if delivery.part > len(parts):
        return Skip(Cause.NOTHING)
    part = parts[delivery.part - 1]
    return Composed(replace(part, html=_noted(part.html, delivery)), len(parts), choice)


def _noted(html: str, delivery: Delivery) -> str:
    """The words of a delivery, and above them what must be said of how they come."""
    if delivery.reason == Cause.TOPIC_GONE:
        html = notes.moved_to_general(html)
    if delivery.is_from_copy:
        html = notes.may_have_been_sent(html)
    elif delivery.may_be_duplicate:
        html = notes.may_be_duplicate(html)
    return html
