"""The questions of the library in force: made once for a corpus, with search's synonyms.

Here lives the joining of the two rooms alone, since neither knows the other.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.model import Corpus
from bot.search.index import Index
from bot.study.quiz import Questions


def questions_of(library: Callable[[], tuple[Corpus, Index]]) -> Callable[[], Questions]:
    """What gives the questions of the corpus in force, made when they are first needed."""
    made: list[Questions] = []

    def current() -> Questions:
        corpus, index = library()
        if not made or made[0].corpus is not corpus:
            made[:] = [Questions(corpus, index.alike)]
        return made[0]

    return current
