"""Pieces of a passage that can be asked about: whole sentences, or clauses of long ones.

Here lives the cutting alone. Every piece is verbatim; what may be asked of it is decided in
`quiz`.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 110  # characters: with the words of the question it fits a poll
SHORTEST: Final = 18

_SENTENCE = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+[”’」』）]*)?")
_CLAUSE = re.compile(r"[^，；：,;]+[，；：,;]*")
_STRONG = ("；", "。", "！", "？")


def excerpts(text: str) -> tuple[str, ...]:
    """The sentences of `text` in order, a short one with the next; long ones in pieces.

    Each has at most `LONGEST` characters and, where the text has that much, `SHORTEST`.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE.findall(text):
        pieces += _pieces(sentence.strip())
    found: list[str] = []
    waiting = ""
    for piece in pieces:
        joined = waiting + piece
        if waiting and (len(joined) > LONGEST or joined not in text):
            joined = piece
        waiting = joined if len(joined) < SHORTEST else ""
        if not waiting:
            found.append(joined)
    return tuple(one for one in found if _is_whole(one))


def clauses(text: str) -> tuple[str, ...]:
    """What stands between two marks of punctuation."""
    return tuple(part for part in re.split(r"[，。；：！？、,;:!?\s“”‘’（）《》]+", text) if part)


def _pieces(sentence: str) -> list[str]:
    """A sentence whole, or in runs of clauses; a run ends at a semicolon where it can."""
    if len(sentence) <= LONGEST:
        return [sentence] if sentence else []
    runs: list[str] = []
    for clause in _CLAUSE.findall(sentence):
        is_open = bool(runs) and not (runs[-1].endswith(_STRONG) and len(runs[-1]) >= SHORTEST)
        if is_open and len(runs[-1]) + len(clause) <= LONGEST:
            runs[-1] += clause
        else:
            runs.append(clause)
    return [run for run in runs if len(run) <= LONGEST]


def _is_whole(piece: str) -> bool:
    """Its quotation marks and brackets come in pairs."""
    return all(
        piece.count(left) == piece.count(right) for left, right in ("“”", "‘’", "《》", "（）")
    )
