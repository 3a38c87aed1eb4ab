"""A term through time: in how many passages it stands, month by month.

Here lives the counting alone. Finding the passages is `search`, drawing them `render`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from bot.model import MonthCount, Passage, Quote, Trend


def count_by_month(term: str, passages: Iterable[Passage]) -> Trend | None:
    """The trend of `term`, given every passage that contains it; None when there is none.

    A quotation counts in the month it was said in, a reading in that of its publication.
    Readings of which only the year is known are counted apart, and are the first or latest
    mention only where nothing else is known of that year or of any.
    """
    every = sorted(passages, key=_when)
    if not every:
        return None
    quotes: Counter[tuple[int, int]] = Counter()
    readings: Counter[tuple[int, int]] = Counter()
    undated: Counter[int] = Counter()
    for passage in every:
        if isinstance(passage, Quote):
            quotes[passage.said_on.year, passage.said_on.month] += 1
            continue
        published = passage.article.published
        if published.month is None:
            undated[published.year] += 1
        else:
            readings[published.year, published.month] += 1
    months = tuple(
        MonthCount(*month, quotes[month], readings[month]) for month in sorted(quotes | readings)
    )
    dated = [passage for passage in every if not _is_of_a_year(passage)] or every
    return Trend(term, months, tuple(sorted(undated.items())), dated[0], dated[-1])


def _is_of_a_year(passage: Passage) -> bool:
    return not isinstance(passage, Quote) and passage.article.published.month is None


def _when(passage: Passage) -> tuple[date, bool, str]:
    """By day; on one day quotations first; then by id, so that ties are stable."""
    is_quote = isinstance(passage, Quote)
    on = passage.said_on if isinstance(passage, Quote) else passage.article.published.first_on
    return on, not is_quote, passage.id
