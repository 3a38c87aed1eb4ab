"""What a push shows: a quotation and a reading together, as the chat wants them.

Here lives the one decision that delivery carries out and a preview foretells, so that the two
cannot differ. How each is chosen is `rotation`. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.model import Choice, Content, Corpus, Nearby, Quote, Shown, Subscription
from bot.study import rotation
from bot.study.rotation import Reason

# The readings near a quotation of this id, nearest first (`search.index.Index.nearest`).
Nearest = Callable[[str], Sequence[Nearby]]


def choose(
    corpus: Corpus,
    nearest: Nearest,
    subscription: Subscription,
    history: Sequence[Shown],
    *,
    seed: int,
    on: date,
    pinned_id: str = "",
) -> Choice:
    """What this subscription shows on the local date `on`; an empty choice is nothing at all.

    `pinned_id` is the quotation that administrators want for that day, if they do; one that
    is not in the corpus is not shown, nor any where the chat wants readings alone.
    """
    quote: Quote | None = None
    quote_reason = section_id = section_reason = ""
    if subscription.content is not Content.READING:
        quote, quote_reason = corpus.quote(pinned_id), Reason.PINNED
        if quote is None:
            chosen = rotation.choose_quote(
                corpus.quotes,
                history,
                on=on,
                order=subscription.quote_order,
                seed=seed,
                theme=subscription.theme,
            )
            quote, quote_reason = chosen or (None, "")
    if subscription.content is not Content.QUOTE:
        near = nearest(quote.id) if quote else ()
        found = rotation.choose_reading(
            quote, corpus.readings, near, history, order=subscription.reading_order
        )
        if found is not None:
            section_id, section_reason = found[0].id, found[1]
    return Choice(quote.id if quote else "", quote_reason, section_id, section_reason)
