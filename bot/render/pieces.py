"""An original cut into pieces that are read one after the other.

Here lives where a piece ends, and in which piece a search hit stands. A piece is about 300
characters, a minute on a phone, and ends where a sentence does. Joined again the pieces are
the original. Buttons and the store name a piece by its number, from 0; where the text has
become shorter since, the last piece stands for those that are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final

from bot.model import Reading, Section, Snippet
from bot.render.html import CLOSERS

PIECE_LENGTH: Final = 300  # characters, about
# What is left at the end of a section, when it is this short, goes with the piece before.
_SHORT: Final = PIECE_LENGTH // 3
_LONGEST: Final = 2 * PIECE_LENGTH  # of a sentence that is kept whole

# Where a text may be cut, the best places first: after a sentence or a paragraph, else after
# a clause, else after a pause.
_SENTENCE: Final = re.compile(rf"(?:[。！？!?…]+[{CLOSERS}]*\n*|\n+)")
_FINER: Final = (re.compile(rf"[；;：:][{CLOSERS}]*"), re.compile(rf"[，、,][{CLOSERS}]*"))


def pieces_of(section: Section) -> tuple[str, ...]:
    """The pieces of a section's original, paragraphs by line feeds; none where there is none."""
    return tuple(piece.strip() for piece in _cut("\n".join(section.original)))


def count_of(section: Section) -> int:
    """In how many messages a section is read: one for a digest, else one a piece."""
    return max(1, len(_cut("\n".join(section.original))))


def clamped(section: Section, piece: int) -> int:
    """The piece that is there and nearest to the one asked for."""
    return min(max(piece, 0), count_of(section) - 1)


def piece_with(reading: Reading, snippet: Snippet) -> int:
    """The piece of the original in which what a snippet marks stands; 0 for the digest's.

    Where the same words stand twice it is the first place, as for the snippet itself.
    """
    # A snippet is a stretch of the passage's text with its line feeds as spaces.
    at = reading.text.replace("\n", " ").find(snippet.text)
    if at < 0 or not snippet.marks or not reading.section.original:
        return 0
    digest = reading.section.digest
    at += snippet.marks[0][0] - (len(digest) + 1 if digest else 0)
    ends = accumulate(map(len, _cut("\n".join(reading.section.original))))
    return clamped(reading.section, sum(end <= at for end in ends))


@lru_cache(maxsize=256)
def _cut(text: str) -> tuple[str, ...]:
    """`text` in pieces, each of as many sentences as fit; joined again they are `text`."""
    pieces = list(_joined(_sentences(text), PIECE_LENGTH))
    if len(pieces) > 1 and len(pieces[-1].strip()) < _SHORT:
        pieces[-2:] = ["".join(pieces[-2:])]
    return tuple(pieces)


def _sentences(text: str) -> Iterator[str]:
    """Sentences, and what there is of longer ones; joined again they are `text`."""
    for sentence in _after(_SENTENCE, text):
        yield from _divided(sentence, 0)


def _divided(text: str, level: int) -> Iterator[str]:
    if len(text) <= _LONGEST:
        yield text
    elif level == len(_FINER):
        yield from (text[at : at + PIECE_LENGTH] for at in range(0, len(text), PIECE_LENGTH))
    else:
        for part in _joined(_after(_FINER[level], text), PIECE_LENGTH):
            yield from _divided(part, level + 1)


def _after(end: re.Pattern[str], text: str) -> Iterator[str]:
    """`text` cut after every match."""
    start = 0
    for match in end.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield text[start:]


def _joined(parts: Iterator[str], about: int) -> Iterator[str]:
    """The parts in a row, together as far as they fit into `about` characters."""
    kept = ""
    for part in parts:
        if kept.strip() and len(kept) + len(part.rstrip()) > about:
            yield kept
            kept = ""
        kept += part
    if kept:
        yield kept
