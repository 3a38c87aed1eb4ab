"""A month of check-ins as a picture: its days in weeks, the fuller the stronger the colour.

Here lives the drawing alone, after Pillow, with a font that is given. It is drawn for a phone
held upright, 360 points wide: no letter on it is smaller than 11 of those points. Two themes,
light and dark, each with a background of its own, so that either reads in any client. The
shades of a theme are one colour from weak to strong, told apart by lightness alone, also by
people who see no red or green. No wording is made here; it stands in the `Sheet`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

STYLE: Final = 1  # part of what a kept picture is known by: raise it when the drawing changes

_WIDTH: Final = 1080
_MARGIN: Final = 54
_GAP: Final = 12
_CELL: Final = 128  # seven of them and the gaps between fill the width
_HEAD: Final = 276  # down to the first week
_FOOT: Final = 54
_SCALE: Final = 64  # more of it, where there is a scale
_ROUND: Final = 18

_Colour = tuple[int, int, int]
Ink = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class _Theme:
    """Colours. `shades` go from a day without anybody to the fullest; each has its own ink."""

    paper: _Colour
    text: _Colour
    muted: _Colour
    ring: _Colour
    shades: tuple[_Colour, ...]
    inks: tuple[_Colour, ...]


_WHITE: Final = (255, 255, 255)
_LIGHT: Final = _Theme(
    paper=(250, 246, 238),
    text=(43, 38, 33),
    muted=(122, 112, 100),
    ring=(217, 119, 6),
    shades=((236, 229, 216), (199, 226, 196), (134, 192, 140), (58, 142, 84), (20, 92, 52)),
    inks=((110, 101, 90), (30, 50, 36), (20, 40, 26), _WHITE, _WHITE),
)
_DARK: Final = _Theme(
    paper=(31, 41, 51),
    text=(240, 244, 248),
    muted=(154, 165, 177),
    ring=(247, 181, 56),
    shades=((45, 57, 69), (33, 84, 68), (40, 124, 88), (62, 168, 110), (126, 217, 150)),
    inks=((154, 165, 177), _WHITE, _WHITE, (12, 30, 20), (12, 30, 20)),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is on the picture. Days of the month come in order, the first of them first.

    `first_weekday` is the first day's, Monday 0. `levels` are shades from 0 (nobody) to 4;
    `counts` are written on the days where the sheet `is_numbered`. `today` has a ring (0: is
    not in this month); what comes after the day `ahead` has not happened. `scale` names the
    ends of the shades; empty, there is none.
    """

    title: str
    subtitle: str
    weekdays: tuple[str, ...]
    first_weekday: int
    counts: tuple[int, ...]
    levels: tuple[int, ...]
    today: int
    ahead: int
    is_numbered: bool
    is_dark: bool
    scale: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def draw(sheet: Sheet, font: Path) -> bytes:
    """The picture as PNG. `font` is a font file with Chinese.

    Raises OSError when the font cannot be read. Some 100 ms of CPU; what was drawn lately is
    kept.
    """
    look = _DARK if sheet.is_dark else _LIGHT
    weeks = -(-(sheet.first_weekday + len(sheet.counts)) // 7)
    height = _HEAD + weeks * (_CELL + _GAP) - _GAP + _FOOT + (_SCALE if sheet.scale else 0)
    card = Image.new("RGB", (_WIDTH, height), look.paper)
    ink = ImageDraw.Draw(card)
    ink.text((_MARGIN, 84), sheet.title, look.text, _sized(font, 62), anchor="lm")
    ink.text((_MARGIN, 160), sheet.subtitle, look.muted, _sized(font, 40), anchor="lm")
    for column, name in enumerate(sheet.weekdays):
        middle = _left(column) + _CELL / 2
        ink.text((middle, _HEAD - 34), name, look.muted, _sized(font, 36), anchor="mm")
    for number in range(1, len(sheet.counts) + 1):
        _draw_day(ink, sheet, number, look, font)
    if sheet.scale:
        _draw_scale(ink, sheet.scale, height - _FOOT - 18, look, font)
    out = BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def _left(column: int) -> int:
    return _MARGIN + column * (_CELL + _GAP)


@lru_cache(maxsize=16)
def _sized(font: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), size)


def _draw_day(ink: Ink, sheet: Sheet, number: int, look: _Theme, font: Path) -> None:
    row, column = divmod(sheet.first_weekday + number - 1, 7)
    x, y = _left(column), _HEAD + row * (_CELL + _GAP)
    box = (x, y, x + _CELL, y + _CELL)
    count, level = sheet.counts[number - 1], sheet.levels[number - 1]
    middle = x + _CELL / 2
    if number > sheet.ahead and not count:
        face = _sized(font, 36)
        ink.text((middle, y + _CELL / 2), str(number), look.muted, face, anchor="mm")
        return
    ink.rounded_rectangle(box, _ROUND, look.shades[level])
    if number == sheet.today:
        ink.rounded_rectangle(box, _ROUND, outline=look.ring, width=6)
    colour = look.inks[level]
    if sheet.is_numbered and count:
        ink.text((x + 16, y + 14), str(number), colour, _sized(font, 33), anchor="lt")
        size = 54 if count < 1000 else 44 if count < 10_000 else 34
        ink.text((middle, y + 84), str(count), colour, _sized(font, size), anchor="mm")
    else:
        size = 36 if level == 0 else 50
        ink.text((middle, y + _CELL / 2), str(number), colour, _sized(font, size), anchor="mm")


def _draw_scale(ink: Ink, ends: tuple[str, ...], y: int, look: _Theme, font: Path) -> None:
    """The shades from few to many, at the right."""
    few, many = ends
    face = _sized(font, 33)
    x = _WIDTH - _MARGIN
    ink.text((x, y), many, look.muted, face, anchor="rm")
    x -= int(face.getlength(many)) + 16
    for shade in reversed(look.shades[1:]):
        ink.rounded_rectangle((x - 44, y - 18, x, y + 18), 8, shade)
        x -= 52
    ink.text((x - 8, y), few, look.muted, face, anchor="rm")
