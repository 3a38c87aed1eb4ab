"""The agenda of a theme: what search finds on it, made into what a group talks about.

Here lives the joining of the two rooms alone, since neither knows the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.errors import QueryError
from bot.model import Agenda, Corpus, Kind, Quote, Reading
from bot.search.index import Index
from bot.search.query import parse
from bot.study import agenda

# What a theme finds does not depend on the day: it is words alone.
_ANY_DAY = date(2026, 1, 1)


def agendas(library: Callable[[], tuple[Corpus, Index]]) -> Callable[[str], Agenda | None]:
    """What makes the agenda of a theme from the library in force; None for no theme."""

    def make(theme: str) -> Agenda | None:
        if not theme:
            return None
        _, index = library()
        found: dict[Kind, list[Quote | Reading]] = {}
        try:
            query = parse(theme, _ANY_DAY)
        except QueryError:
            return agenda.agenda(theme, (), ())
        for kind in Kind:
            hits = index.find(query, today=_ANY_DAY, limit=agenda.MOST_PASSAGES, only=kind).hits
            found[kind] = [hit.passage for hit in hits]
        quotes = [one for one in found[Kind.QUOTE] if isinstance(one, Quote)]
        readings = [one for one in found[Kind.READING] if isinstance(one, Reading)]
        return agenda.agenda(theme, quotes, readings)

    return make
