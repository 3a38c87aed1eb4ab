"""The agenda of a theme: what search finds on it, made into what a group talks about.

Here lives the joining of the two rooms alone, since neither knows the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.errors import QueryError
from bot.model import Agenda, Corpus, Hit, Kind, Match, Passage, Quote, Reading
from bot.search.index import Index
from bot.search.query import parse
from bot.study import agenda

# What a theme finds does not depend on the day: it is words alone.
_ANY_DAY = date(2026, 1, 1)
_MOST = 99  # passages that come round, of each kind: enough for more than half a year of weeks
_NEARLY = 0.5  # of the best score: a passage that has the theme's words, if not the theme


def agendas(library: Callable[[], tuple[Corpus, Index]]) -> Callable[[str, int], Agenda | None]:
    """What makes the agenda of a theme for a turn, counted from 0, from the library in force.

    None for no theme.
    """

    def make(theme: str, turn: int) -> Agenda | None:
        if not theme:
            return None
        _, index = library()
        found: dict[Kind, list[Passage]] = {}
        try:
            query = parse(theme, _ANY_DAY)
        except QueryError:
            return agenda.agenda(theme, (), ())
        for kind in Kind:
            hits = index.find(query, today=_ANY_DAY, limit=_MOST, only=kind).hits
            found[kind] = _good(hits)
        quotes = [one for one in found[Kind.QUOTE] if isinstance(one, Quote)]
        readings = [one for one in found[Kind.READING] if isinstance(one, Reading)]
        return agenda.agenda(theme, quotes, readings, turn)

    return make


def _good(hits: Sequence[Hit]) -> list[Passage]:
    """Those on the theme, the best first: found as well as the best of them."""
    best = next(iter(hits), None)
    if best is None:
        return []
    least = 0.0 if best.match is Match.EXACT else best.score * _NEARLY
    return [one.passage for one in hits if one.match is best.match and one.score >= least]
