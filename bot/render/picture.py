"""A term through time as a picture: bars on a true time axis, for a phone held upright.

Here lives the drawing alone, after Pillow, with a font that is given. The card has a dark
background of its own, so that it reads alike in light and dark clients. No wording beyond
the labels; the numbers are in the caption (`trend`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.model import MonthCount, Trend
from bot.render.html import one_line
from bot.render.language import _, _n
from bot.render.trend import Gap, Slot, axis, length

STYLE = 1  # part of what a kept picture is known by: raise it when the drawing changes

# Three times the width of a message on a phone: 36 pixels are read as 12.
_WIDTH, _HEIGHT = 1080, 740
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 48, 272, 592

_CARD = (31, 41, 51)
_TEXT = (240, 244, 248)
_MUTED = (154, 165, 177)
_GRID = (62, 76, 89)
_QUOTES = (247, 181, 56)  # told apart from the readings by people who see no red or green, too
_READINGS = (76, 169, 224)

_FLOOR = _BOTTOM - 2  # where bars stand, on the axis

_WIDEST_SLOT = 120
_FEWEST_SLOTS = 8
_FEWEST_COUNTS = 3  # on the axis: one mention is a small bar, not a full one
_SEAM_FROM = 14  # narrower bars have none
_LABEL = 34
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)

Ink = ImageDraw.ImageDraw


def draw(trend: Trend, font: Path) -> bytes:
    """The picture of a trend with months, as PNG. `font` is a font file with Chinese.

    Raises OSError when the font cannot be read. Some 100 ms of CPU.
    """
    card = Image.new("RGB", (_WIDTH, _HEIGHT), _CARD)
    ink = ImageDraw.Draw(card)
    _draw_head(ink, trend, font)
    slots = axis(_padded(trend.months))
    most = max(month.total for month in trend.months)
    top = _draw_grid(ink, most, font)
    places = _places(slots)
    for place in places:
        if isinstance(place.slot, Gap):
            _draw_gap(ink, place, place.slot, font)
        else:
            _draw_bar(ink, place, place.slot, top, font)
    _draw_years(ink, places, font)
    out = BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def _padded(months: Sequence[MonthCount]) -> Sequence[MonthCount]:
    """With empty months before the first, so that a few bars do not fill the whole card."""
    slots = axis(months)
    missing = max(0, _FEWEST_SLOTS - len(slots))
    first = 12 * months[0].year + months[0].month - 1
    before = [MonthCount(at // 12, at % 12 + 1) for at in range(first - missing, first)]
    return (*before, *months)


@lru_cache(maxsize=16)
def _sized(font: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), size)


def _draw_head(ink: Ink, trend: Trend, font: Path) -> None:
    title = one_line(trend.term, 24)
    size = 64
    while size > 36 and _sized(font, size).getlength(title) > _WIDTH - 2 * _RIGHT:
        size -= 4
    ink.text((_RIGHT, 80), title, _TEXT, _sized(font, size), anchor="lm")
    at = _RIGHT
    for label, count, colour in (
        (_n("论述 {count} 条", trend.quotes), trend.quotes, _QUOTES),
        (_n("文章 {count} 节", trend.readings), trend.readings, _READINGS),
    ):
        if not count:
            continue
        ink.rounded_rectangle((at, 147, at + 30, 177), 6, colour)
        ink.text((at + 44, 162), label, _TEXT, _sized(font, 36), anchor="lm")
        at += 44 + int(_sized(font, 36).getlength(label)) + 56


def _draw_grid(ink: Ink, most: int, font: Path) -> int:
    """Lines at round counts; the count at the top of the plot."""
    most = max(most, _FEWEST_COUNTS)
    step = next((step for step in _STEPS if most <= 4 * step), most)
    top = step * -(-most // step)
    for count in range(0, top + 1, step):
        y = _height(count, top)
        ink.line((_LEFT, y, _WIDTH - _RIGHT, y), _MUTED if count == 0 else _GRID, 2)
        ink.text((_LEFT - 18, y), str(count), _MUTED, _sized(font, _LABEL), anchor="rm")
    return top


def _height(count: int, top: int) -> int:
    return _BOTTOM - round((_BOTTOM - _TOP) * count / top)


@dataclass(frozen=True, slots=True)
class _Place:
    """A slot between two x coordinates."""

    slot: Slot
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def _places(slots: Sequence[Slot]) -> list[_Place]:
    """Where each slot stands. Gaps are wide enough for their label while they are few."""
    gaps = sum(isinstance(slot, Gap) for slot in slots)
    gap_width = 150 if gaps <= 2 else 96 if gaps <= 4 else 44
    free = _WIDTH - _LEFT - _RIGHT - gaps * gap_width
    width = min(_WIDEST_SLOT, free / (len(slots) - gaps))
    places = []
    at = float(_LEFT)
    for slot in slots:
        wide = gap_width if isinstance(slot, Gap) else width
        places.append(_Place(slot, at, at + wide))
        at += wide
    return places


def _draw_bar(ink: Ink, place: _Place, month: MonthCount, top: int, font: Path) -> None:
    width = place.right - place.left
    margin = max(0.5, min(width * 0.14, 16))
    left, right = round(place.left + margin), max(round(place.right - margin), 0)
    right = max(right, left + 1)
    middle = _height(month.quotes, top)
    if month.quotes:
        ink.rectangle((left, min(middle, _FLOOR), right, _FLOOR), _QUOTES)
    if month.readings:
        seam = 3 if width >= _SEAM_FROM else 1  # between the two colours
        base = min(middle - seam, _FLOOR)
        ink.rectangle((left, min(_height(month.total, top), base), right, base), _READINGS)
    if month.total and width >= 30:
        above = _height(month.total, top) - 8
        ink.text((place.middle, above), str(month.total), _TEXT, _sized(font, 30), anchor="mb")
    if width >= 44:
        below = (place.middle, _BOTTOM + 34)
        colour = _TEXT if month.total else _MUTED
        ink.text(below, str(month.month), colour, _sized(font, _LABEL), anchor="mm")


def _draw_gap(ink: Ink, place: _Place, gap: Gap, font: Path) -> None:
    """A break in the axis, and how long it is where there is room to say so."""
    middle = place.middle
    ink.rectangle((middle - 11, _BOTTOM - 6, middle + 11, _BOTTOM + 6), _CARD)
    for x in (middle - 11, middle + 11):
        ink.line((x - 7, _BOTTOM + 14, x + 7, _BOTTOM - 14), _MUTED, 3)
    size = 30
    label = length(gap.months)
    room = place.right - place.left - 8
    if _sized(font, size).getlength(label) > room:
        years = round(gap.months / 12)
        label = _n("{count}年", years) if gap.months >= 12 else _("{count}月", count=gap.months)
    if _sized(font, size).getlength(label) <= room:
        ink.text((middle, _BOTTOM - 34), label, _MUTED, _sized(font, size), anchor="mm")


def _draw_years(ink: Ink, places: Sequence[_Place], font: Path) -> None:
    """The years under their months, a line between one and the next; none over another."""
    has_months = any(
        place.right - place.left >= 44 for place in places if not isinstance(place.slot, Gap)
    )
    y = _BOTTOM + (100 if has_months else 50)
    face = _sized(font, 38)
    free_from = 0.0
    for year, group in groupby(places, lambda place: _year(place.slot)):
        run = list(group)
        if year is None:
            continue
        left, right = run[0].left, run[-1].right
        bottom = y - 34
        ink.line((left + 6, bottom, right - 6, bottom), _GRID, 3)
        label = str(year)
        half = face.getlength(label) / 2
        middle = min(max((left + right) / 2, half + 8), _WIDTH - half - 8)
        if middle - half >= free_from:
            ink.text((middle, y), label, _TEXT, face, anchor="mm")
            free_from = middle + half + 14


def _year(slot: Slot) -> int | None:
    return None if isinstance(slot, Gap) else slot.year
