"""Chinese typesetting: text becomes justified lines, by the rules that readers never notice.

Here live the rules of where a line may end, how punctuation gives way, and which of all
possible sets of lines is the evenest. All lengths are in ems, so that nothing here knows a
size; how far a text advances is asked of the caller, so that nothing here knows a font.
Drawing is `render.card`.

After "Requirements for Chinese Text Layout" (https://www.w3.org/TR/clreq/): no stop or
closing mark begins a line and no opening one ends it; numbers and Latin words stay whole; of
two marks side by side one loses its blank half, and so does a mark at the edge of a line; more
room comes from the blank halves first, then from all gaps alike. The lines of a paragraph are
chosen together, as Knuth and Plass do ("Breaking paragraphs into lines", 1981).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

Advance = Callable[[str], float]  # how far a text advances, in ems

OPENING: Final = "“‘（《〈「『【〔［｛〖"
CLOSING: Final = "”’）》〉」』】〕］｝〗"
STOPS: Final = "、，。；：！？．"
NEVER_FIRST: Final = frozenset(CLOSING + STOPS + "…—～·‧•％%‰℃°′″,.;:!?)]}、﹑")
NEVER_LAST: Final = frozenset(OPENING + "￥$€£№#([{")

_HALF: Final = 0.5  # the blank half of a full-width mark
_SQUEEZE: Final = 0.25  # how much of it a full line may take
_SPACE: Final = 0.25
_NARROWEST_SPACE: Final = 0.14
_LATIN_GAP: Final = 0.18  # between a Chinese character and a Latin one
_NARROWEST_GAP: Final = 0.08

# Weights of what readers would notice; a line with its gaps 0.08 em wider costs 1.
_NOTICED: Final = 0.08
_LONE: Final = 9.0  # a last line of a character or two
_SHORTEST_LAST: Final = 2.6
_BROKEN_RULE: Final = 1e6  # better than no lines at all, for fifty stops in a row
_WIDEST_GAP: Final = 0.6  # a line that would need wider ones stays ragged

# A letter or digit that is not Chinese, Japanese or Korean, and is not broken from its like.
_LATIN: Final = (
    r"[^\W_\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
    r"[\u0300-\u036f]*"
)
_PIECE = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<run>—+|…+|\.{2,}|-{2,})"
    # 2035, 15.5%, G60, 2026-11-24, state-of-the-art, don’t
    rf"|(?P<word>[+\-−]?{_LATIN}(?:[.,:/@&'’\-−]?{_LATIN})*[%‰℃°]?)"
    r"|(?P<sign>.)",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of text that is drawn in one go, its origin `x` ems from the line's left edge."""

    text: str
    x: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its pieces from left to right, and where its ink ends, in ems."""

    pieces: tuple[Placed, ...]
    width: float

    @property
    def text(self) -> str:
        """The line's characters, without the white space between pieces."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Atom:
    """What is never divided. `left` and `right` are blank halves that may go."""

    text: str
    width: float
    left: float = 0.0
    right: float = 0.0
    is_latin: bool = False
    has_space_before: bool = False

    @property
    def is_mark(self) -> bool:
        return self.left > 0 or self.right > 0


@dataclass(frozen=True, slots=True)
class _Gap:
    """The room between two atoms: what it has by nature, how much of it can go or come."""

    natural: float
    give: float
    is_break: bool
    is_elastic: bool = True


def set_paragraph(
    text: str,
    measure: float,
    advance: Advance,
    *,
    indent: float = 0.0,
    is_ragged: bool = False,
) -> list[Line]:
    """The lines of one paragraph in a column `measure` ems wide; none for no text.

    The first line begins `indent` ems to the right, which its pieces' places include. All
    lines but the last are as wide as the column, unless they are to be ragged, or a word too
    long for that leaves one so. A word longer than the column is divided. `measure` must be
    2 at least.
    """
    atoms = _atoms(visible(text), advance, measure - indent)
    if not atoms:
        return []
    gaps = [_gap(before, after) for before, after in pairwise(atoms)]
    ends = _best_ends(atoms, gaps, measure, indent)
    lines = []
    start = 0
    for end in ends:
        at = indent if start == 0 else 0.0
        as_it_is = is_ragged or end == len(atoms)
        lines.append(_place(atoms[start:end], gaps[start : end - 1], measure, at, as_it_is))
        start = end
    return lines


def visible(text: str) -> str:
    """The text without what has no picture: joiners, variation selectors, control characters."""
    return "".join(
        one
        for one in text
        if one.isspace()
        or not (unicodedata.category(one) in ("Cf", "Cc") or "\ufe00" <= one <= "\ufe0f")
    )


# ----------------------------------------------------------------------- the atoms


def _atoms(text: str, advance: Advance, measure: float) -> list[_Atom]:
    atoms: list[_Atom] = []
    has_space = False
    for match in _PIECE.finditer(text):
        if match["space"]:
            has_space = bool(atoms)
            continue
        # The apostrophe of the fonts for Chinese is as wide as a character.
        piece = match.group().replace("’", "'") if match["word"] else match.group()
        for part in _fitting(piece, advance, measure):
            atoms.append(_atom(part, advance, is_latin=bool(match["word"]), spaced=has_space))
            has_space = False
    return atoms


def _atom(text: str, advance: Advance, *, is_latin: bool, spaced: bool) -> _Atom:
    left = _HALF if text in OPENING else 0.0
    right = _HALF if text in CLOSING or text in STOPS else 0.0
    return _Atom(text, advance(text), left, right, is_latin, spaced)


def _fitting(text: str, advance: Advance, measure: float) -> list[str]:
    """The text in parts no wider than the column: one, but for monsters."""
    if advance(text) <= measure:
        return [text]
    parts = [""]
    for one in text:
        if parts[-1] and advance(parts[-1] + one) > measure:
            parts.append("")
        parts[-1] += one
    return parts


def _gap(before: _Atom, after: _Atom) -> _Gap:
    may_end = before.text[-1] not in NEVER_LAST and after.text[0] not in NEVER_FIRST
    # Parts of one word too long for a line follow each other without a rule.
    if after.has_space_before:
        return _Gap(_SPACE, _SPACE - _NARROWEST_SPACE, may_end)
    if before.is_latin and after.is_latin:
        return _Gap(0.0, 0.0, True, is_elastic=False)
    if _is_narrow(before, after):
        return _Gap(0.0, 0.0, may_end, is_elastic=False)
    if before.is_mark and after.is_mark and before.right + after.left >= _HALF:
        return _Gap(-_HALF, 0.0, may_end)
    if before.is_mark or after.is_mark:
        return _Gap(0.0, min(before.right + after.left, _SQUEEZE), may_end)
    if before.is_latin != after.is_latin and _is_chinese(before, after):
        return _Gap(_LATIN_GAP, _LATIN_GAP - _NARROWEST_GAP, may_end)
    return _Gap(0.0, 0.0, may_end)


def _is_narrow(before: _Atom, after: _Atom) -> bool:
    """True for a word and the Latin mark that clings to it."""
    mark, other = (after, before) if before.is_latin else (before, after)
    return other.is_latin and mark.text[0] < "\u2000" and not mark.text[0].isalnum()


def _is_chinese(before: _Atom, after: _Atom) -> bool:
    other = after if before.is_latin else before
    return unicodedata.category(other.text[0]) == "Lo"


# ------------------------------------------------------------------------ the lines


def _best_ends(
    atoms: Sequence[_Atom], gaps: Sequence[_Gap], measure: float, indent: float
) -> list[int]:
    """Where the lines end (index after the last atom), so that all of them cost the least."""
    best = [0.0] + [float("inf")] * len(atoms)
    came_from = [0] * (len(atoms) + 1)
    for start in range(len(atoms)):
        room = measure - (indent if start == 0 else 0.0)
        width = -atoms[start].left
        give = 0.0
        elastic = 0
        for end in range(start + 1, len(atoms) + 1):
            if end > start + 1:
                width += gaps[end - 2].natural
                give += gaps[end - 2].give
                elastic += gaps[end - 2].is_elastic
            width += atoms[end - 1].width
            ink = width - atoms[end - 1].right
            if ink - give > room + 1e-9 and end > start + 1:
                break
            cost = best[start] + _cost(ink, give, room, elastic, is_last=end == len(atoms))
            if end == len(atoms) and start > 0 and ink < _SHORTEST_LAST:
                cost += _LONE
            if end < len(atoms) and not gaps[end - 1].is_break:
                cost += _BROKEN_RULE
            if cost < best[end]:
                best[end], came_from[end] = cost, start
    ends = []
    end = len(atoms)
    while end:
        ends.append(end)
        end = came_from[end]
    return ends[::-1]


def _cost(ink: float, give: float, room: float, elastic: int, *, is_last: bool) -> float:
    """How much a line is noticed: nothing when it fits as it is."""
    if ink > room:
        return ((ink - room) / give) ** 2 if give else 0.0
    if is_last:
        return 0.0
    wider = (room - ink) / max(elastic, 1)
    return (wider / _NOTICED) ** 2


def _place(
    atoms: Sequence[_Atom], gaps: Sequence[_Gap], measure: float, at: float, as_it_is: bool
) -> Line:
    """Place the atoms of one line from `at` on, filling the column unless it stays as it is."""
    natural = sum(one.width for one in atoms) + sum(gap.natural for gap in gaps)
    over = at + natural - atoms[0].left - atoms[-1].right - measure
    give = sum(gap.give for gap in gaps)
    squeeze = min(over / give, 1.0) if over > 0 and give else 0.0
    elastic = sum(gap.is_elastic for gap in gaps)
    extra = -over / elastic if over < 0 and elastic and not as_it_is else 0.0
    if extra > _WIDEST_GAP:
        extra = 0.0
    x = at - atoms[0].left
    placed = []
    for number, atom in enumerate(atoms):
        placed.append(Placed(atom.text, x))
        x += atom.width
        if number < len(gaps):
            x += gaps[number].natural - squeeze * gaps[number].give
            x += extra * gaps[number].is_elastic
    return Line(tuple(placed), x - atoms[-1].right)
