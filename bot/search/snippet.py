"""The piece of a passage that is shown for a hit, cut where a reader would pause.

What must not live here: markup. A snippet is plain text with the offsets of its matches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, takewhile

from bot.model import Snippet
from bot.search.text import fold_with_origin, merge_spans

# Passages are shown again and again; a thousand of them take some 10 MB.
_folded = lru_cache(maxsize=1024)(fold_with_origin)

MAX_CHARACTERS = 90
_LEAD_CHARACTERS = 24  # how much may stand before the match
_LONGEST_END = 6  # characters of marks that end a sentence together

_SENTENCE_END = re.compile(r"[。！？!?…]+[”’」』）)]*|\n+")
_CLAUSE_END = re.compile(r"[，、；：,;:]+[”’」』）)]*|—+")

Span = tuple[int, int]


def cut_snippet(text: str, folded_terms: Sequence[str], limit: int = MAX_CHARACTERS) -> Snippet:
    """At most `limit` characters around the best match of the terms, with all matches marked.

    Terms are folded (`text.fold`). The best match is where most different terms stand
    together, then the first; without any match the beginning is shown. Both ends are
    borders of sentences or clauses, unless one clause alone is longer than the limit.
    """
    matches = _matches(text, folded_terms) if folded_terms else []
    spans = [span for _, span in matches]
    focus = _best(matches, limit) if matches else (0, 0)
    start = _start(text, focus, limit) if matches else 0
    end = _end(text, start, focus, limit)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    marks = [
        (max(left, start) - start, min(right, end) - start)
        for left, right in spans
        if left < end and right > start
    ]
    return Snippet(
        text=text[start:end].replace("\n", " "),
        marks=merge_spans(marks),
        cut_before=bool(text[:start].strip()),
        cut_after=bool(text[end:].strip()),
    )


def _matches(text: str, folded_terms: Sequence[str]) -> list[tuple[str, Span]]:
    """Every place of every term, from left to right."""
    folded = _folded(text)
    found = [(term, span) for term in dict.fromkeys(folded_terms) for span in folded.spans(term)]
    return sorted(found, key=lambda match: match[1])


def _best(matches: Sequence[tuple[str, Span]], limit: int) -> Span:
    """The match after which most characters of different terms stand within the limit."""
    terms = {term for term, _ in matches}
    if len(terms) == 1:
        return matches[0][1]

    def weight(at: int) -> int:
        start = matches[at][1][0]
        within = takewhile(lambda match: match[1][0] - start < limit, islice(matches, at, None))
        return sum(map(len, {term for term, (_, end) in within if end - start <= limit}))

    best, heaviest, most = 0, 0, sum(map(len, terms))
    for at in range(len(matches)):
        here = weight(at)
        if here > heaviest:
            best, heaviest = at, here
        if here == most:  # as mostly happens early: no other can be better
            break
    return matches[best][1]


def _borders(text: str, ends: re.Pattern[str], least: int, most: int) -> list[int]:
    """Offsets from `least` to `most` at which a sentence or clause has just ended."""
    looked_at = ends.finditer(text, max(0, least - _LONGEST_END), most)
    found = [border.end() for border in looked_at if border.end() >= least]
    return [0, *found] if least <= 0 else found


def _start(text: str, focus: Span, limit: int) -> int:
    """Where the snippet begins: a sentence if near enough, else a clause, else mid-clause."""
    if focus[1] - focus[0] >= limit:
        return focus[0]
    furthest = max(0, focus[0] - _LEAD_CHARACTERS)
    sentences = _borders(text, _SENTENCE_END, furthest, focus[0])
    if sentences:
        return sentences[-1]
    clauses = _borders(text, _CLAUSE_END, furthest, focus[0])
    return clauses[0] if clauses else furthest


def _end(text: str, start: int, focus: Span, limit: int) -> int:
    """Where it ends: the last sentence that fits, if it is not too short, else clause."""
    furthest = start + limit
    if furthest >= len(text):
        return len(text)
    enough, least = max(focus[1], start + limit // 2), max(focus[1], start + 1)
    borders = (
        _borders(text, _SENTENCE_END, enough, furthest)
        or _borders(text, _CLAUSE_END, enough, furthest)
        or _borders(text, _CLAUSE_END, least, furthest)
    )
    return borders[-1] if borders else furthest
