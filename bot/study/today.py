"""What belongs to a day for somebody the bot has no chat with.

Here live two small choices that need no history. A chat's own quotation of the day is
`rotation`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from bot.model import Quote


def quote_for_everyone(quotes: Sequence[Quote], on: date) -> Quote | None:
    """The same quotation for everyone on a date; each once before any comes again.

    The order is a shuffle by the ids, the same for ever while the corpus does not change.
    None only without quotations.
    """
    if not quotes:
        return None
    shuffled = sorted(quotes, key=lambda quote: hashlib.sha256(quote.id.encode()).digest())
    return shuffled[on.toordinal() % len(shuffled)]


def of_this_day(quotes: Sequence[Quote], on: date) -> tuple[Quote, ...]:
    """那年今日: the quotations of this day and month in earlier years, in the order given."""
    return tuple(
        quote
        for quote in quotes
        if (quote.said_on.month, quote.said_on.day) == (on.month, on.day) and quote.year < on.year
    )
