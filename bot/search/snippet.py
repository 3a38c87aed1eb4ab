"""The piece of a passage that is shown for a hit, cut where a reader would pause.

What must not live here: markup. A snippet is plain text with the offsets of its matches.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from bot.model import Snippet
from bot.search.text import Folded, fold_with_origin, merge_spans

MAX_CHARACTERS = 90
_LEAD_CHARACTERS = 24  # how much may stand before the match

_SENTENCE_END = re.compile(r"[。！？!?…]+[”’」』）)]*|\n+")
_CLAUSE_END = re.compile(r"[，、；：,;:]+[”’」』）)]*|—+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Laid:
    """A text as snippets are cut from it: folded, and the offsets at which it may be cut."""

    folded: Folded
    sentences: Sequence[int]  # where one has just ended, and 0
    clauses: Sequence[int]


# Passages are shown again and again; a thousand of them take some 10 MB.
@lru_cache(maxsize=1024)
def _laid(text: str) -> _Laid:
    ends = [[0, *(one.end() for one in e.finditer(text))] for e in (_SENTENCE_END, _CLAUSE_END)]
    return _Laid(fold_with_origin(text), *ends)


def cut_snippet(text: str, folded_terms: Sequence[str], limit: int = MAX_CHARACTERS) -> Snippet:
    """At most `limit` characters around the best match of the terms, with all matches marked.

    Terms are folded (`text.fold`). The best match is where most different terms stand
    together, then the first; without any match the beginning is shown. Both ends are
    borders of sentences or clauses, unless one clause alone is longer than the limit.
    """
    laid = _laid(text)
    matches = _matches(laid.folded, folded_terms)
    focus = _best(matches, limit) if matches else (0, 0)
    start = _start(laid, focus, limit) if matches else 0
    end = _end(laid, len(text), start, focus, limit)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    marks = [
        (max(left, start) - start, min(right, end) - start)
        for _, (left, right) in matches
        if left < end and right > start
    ]
    return Snippet(
        text=text[start:end].replace("\n", " "),
        marks=merge_spans(marks),
        cut_before=start > 0 and bool(text[:start].strip()),
        cut_after=end < len(text) and bool(text[end:].strip()),
    )


def _matches(folded: Folded, folded_terms: Sequence[str]) -> list[tuple[str, Span]]:
    """Every place of every term, from left to right."""
    if len(folded_terms) == 1:
        term = folded_terms[0]
        return [(term, span) for span in folded.spans(term)]
    found = [(term, span) for term in dict.fromkeys(folded_terms) for span in folded.spans(term)]
    return sorted(found, key=lambda match: match[1])


def _best(matches: Sequence[tuple[str, Span]], limit: int) -> Span:
    """The match after which most characters of different terms stand within the limit."""
    most = sum(map(len, {term for term, _ in matches}))
    best, heaviest = matches[0][1], 0
    for at, (_, span) in enumerate(matches):
        reach = span[0] + limit
        within = set()
        for term, (start, end) in islice(matches, at, None):
            if start >= reach:
                break
            if end <= reach:
                within.add(term)
        here = sum(map(len, within))
        if here > heaviest:
            best, heaviest = span, here
        if here == most:  # as mostly happens early: no other can be better
            break
    return best


def _start(laid: _Laid, focus: Span, limit: int) -> int:
    """Where the snippet begins: a sentence if near enough, else a clause, else mid-clause."""
    if focus[1] - focus[0] >= limit:
        return focus[0]
    furthest = max(0, focus[0] - _LEAD_CHARACTERS)
    at = bisect_right(laid.sentences, focus[0])
    if at and laid.sentences[at - 1] >= furthest:
        return laid.sentences[at - 1]
    at = bisect_left(laid.clauses, furthest)
    is_near = at < len(laid.clauses) and laid.clauses[at] <= focus[0]
    return laid.clauses[at] if is_near else furthest


def _end(laid: _Laid, length: int, start: int, focus: Span, limit: int) -> int:
    """Where it ends: the last sentence that fits, if it is not too short, else clause."""
    furthest = start + limit
    if furthest >= length:
        return length
    enough, least = max(focus[1], start + limit // 2), max(focus[1], start + 1)
    for borders, first in ((laid.sentences, enough), (laid.clauses, least)):
        at = bisect_right(borders, furthest)
        if at and borders[at - 1] >= first:
            return borders[at - 1]
    return furthest
