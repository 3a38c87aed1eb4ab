"""A quotation as a picture: typeset on one page or a few, in one of three themes.

Here lives the drawing, after Pillow, with a font that is given; where lines end is decided
in `render.typeset`. A card holds what a reader must have to trust it (the words, the
occasion, the date, the compilation) and nothing of the day it is sent on, so that one
picture serves every chat. It is drawn for a phone 360 points wide: no letter on it is
smaller than 12 of those points, and no page is taller than such a phone is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

from bot.errors import CardError
from bot.model import Card, Language, Quote
from bot.render import dates
from bot.render.language import N_, _, speaking
from bot.render.typeset import Advance, Line, set_paragraph, visible

STYLE: Final = 1  # part of what a kept picture is known by: raise it when the drawing changes

MOST_PAGES: Final = 4  # of one quotation; more of them would fill a group
WIDTH: Final = 1080  # three pixels a point
TALLEST: Final = 2160
_LOWEST: Final = 1080
_MARGIN: Final = 72
_SEEN_WHOLE: Final = 1400  # a page up to this tall is shown whole in the chat
_PARAGRAPH: Final = 0.45  # of a line, between paragraphs

_HEAD: Final = 224  # from the top edge to the top of the first line
_AFTER_BODY: Final = 96
_FOOT: Final = 68
_SPACING: Final = 1.5  # of the lines at the foot
_BEFORE_SOURCE: Final = 24
_HEADLINE: Final = N_("每日一语")
_SHADES: Final = 32  # of a colour: enough for smooth edges, and few enough to pack well

_Colour = tuple[int, int, int]
_Face = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class _Theme:
    """Colours, and the sizes of letters in pixels.

    The words take the first of `sizes` in which a page is seen whole in the chat, else the
    first of `tall_sizes` in which they fill one page, else several pages in `paged_size`.
    """

    paper: _Colour
    ink: _Colour
    muted: _Colour
    accent: _Colour
    leading: float = 1.68  # the height of a line, by its size
    sizes: tuple[int, ...] = (84, 66, 58)
    tall_sizes: tuple[int, ...] = (52, 46)
    paged_size: int = 52
    label: int = 40
    small: int = 36


_THEMES: Final = {
    Card.LIGHT: _Theme((250, 246, 238), (43, 38, 33), (122, 112, 100), (163, 42, 34)),
    Card.DARK: _Theme((23, 28, 35), (236, 231, 220), (150, 156, 164), (221, 178, 98)),
    Card.LARGE: _Theme(
        *((255, 255, 255), (0, 0, 0), (80, 80, 80), (178, 24, 24)),
        leading=1.55,
        sizes=(104, 92, 84),
        tall_sizes=(78, 72),
        paged_size=72,
        label=50,
        small=44,
    ),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A line and how far below the first line's top it stands, in pixels."""

    line: Line
    y: float


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of one page and how high they are together."""

    rows: tuple[_Row, ...]
    height: float


@lru_cache(maxsize=256)
def count_pages(quote: Quote, source: str, theme: Card, font: Path) -> int:
    """How many pages `draw` makes of this; raises what that does. Some 50 ms of CPU, once."""
    return len(_laid_out(quote, source, _THEMES[theme], font)[1])


@lru_cache(maxsize=24)
def draw(
    quote: Quote,
    source: str,
    theme: Card,
    font: Path,
    language: Language = Language.SIMPLIFIED,
) -> tuple[bytes, ...]:
    """The pages of the quotation's card as PNG, in order. `source` names its compilation.

    Both are shown as they are given; `language` is that of the words around them.

    `font` is a font file with simplified Chinese. A page is 1080 pixels wide and 1080 to 2160
    high. What was drawn lately is kept: the same card goes to many chats. Raises CardError for
    a character the font has no glyph for and for more words than MOST_PAGES hold, and
    OSError when the font cannot be read. Some 150 ms of CPU a page.
    """
    look = _THEMES[theme]
    size, pages = _laid_out(quote, source, look, font)
    numbers = [f"{number}/{len(pages)}" for number in range(1, len(pages) + 1)]
    with speaking(language):
        return tuple(
            _draw_page(quote, source, page, look, size, font, number if len(pages) > 1 else "")
            for page, number in zip(pages, numbers, strict=True)
        )


# ---------------------------------------------------------------------------- fonts


@lru_cache(maxsize=32)
def _sized(font: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), size, layout_engine=ImageFont.Layout.BASIC)


def _refuse_unknown(text: str, font: Path) -> None:
    """Raise CardError where the font would show an empty box: a quotation is shown whole."""
    face = _sized(font, 36)
    box = bytes(face.getmask("\U0010fffd"))  # a code point that no font gives a shape
    unknown = sorted(
        one for one in set(visible(text)) if not one.isspace() and bytes(face.getmask(one)) == box
    )
    if unknown:
        raise CardError(f"the font has no glyph for {' '.join(unknown[:5])}")


def _advance(font: Path, size: int) -> Advance:
    face = _sized(font, size)
    return lambda piece: face.getlength(_joined(piece)) / size


def _joined(text: str) -> str:
    """The text with each Chinese dash as the one glyph it is: two halves leave a gap."""
    return text.replace("——", "⸺")


def _set_ragged(text: str, font: Path, size: int) -> list[Line]:
    """The lines of a small text as wide as the page allows."""
    measure = (WIDTH - 2 * _MARGIN) / size
    return set_paragraph(text, measure, _advance(font, size), is_ragged=True)


# --------------------------------------------------------------------------- layout


def _laid_out(quote: Quote, source: str, look: _Theme, font: Path) -> tuple[int, Sequence[_Page]]:
    """The size of the words and the pages they make: one page, as large as that allows."""
    _refuse_unknown(f"{quote.text}{quote.occasion}{source}", font)
    foot = _foot_height(quote, source, look, font)
    tries = [(size, _SEEN_WHOLE) for size in look.sizes]
    tries += [(size, TALLEST) for size in look.tall_sizes]
    for size, tallest in tries:
        page = _page(_rows(quote.text, look, font, size), look, size)
        if _HEAD + page.height + foot <= tallest:
            return size, (page,)
    size = look.paged_size
    rows = _rows(quote.text, look, font, size)
    pages = _divided(rows, look, size, TALLEST - _HEAD - foot)
    if len(pages) > MOST_PAGES:
        raise CardError(f"{quote.id} needs {len(pages)} pages; a card has {MOST_PAGES} at most")
    return size, pages


def _rows(text: str, look: _Theme, font: Path, size: int) -> list[_Row]:
    """All lines under one another, as if there were one page."""
    measure = _column(size) / size
    paragraphs = [one for one in text.split("\n") if visible(one).strip()]
    indent = 2.0 if len(paragraphs) > 1 else 0.0
    step = look.leading * size
    rows: list[_Row] = []
    y = 0.0
    for paragraph in paragraphs:
        if rows:
            y += _PARAGRAPH * step
        for line in set_paragraph(paragraph, measure, _advance(font, size), indent=indent):
            rows.append(_Row(line, y))
            y += step
    return rows


def _column(size: int) -> int:
    """The width of the column: whole characters, so that plain lines need no stretching."""
    return (WIDTH - 2 * _MARGIN) // size * size


def _page(rows: Sequence[_Row], look: _Theme, size: int) -> _Page:
    """These lines as a page, which begins with the first of them."""
    if not rows:
        return _Page((), 0.0)
    top = rows[0].y
    moved = tuple(_Row(row.line, row.y - top) for row in rows)
    return _Page(moved, moved[-1].y + look.leading * size)


def _divided(rows: Sequence[_Row], look: _Theme, size: int, room: float) -> list[_Page]:
    """The lines on as few pages as hold them, about as many on each."""
    step = look.leading * size
    count = max(1, -(-int(rows[-1].y + step) // int(room)))
    while True:
        share = -(-len(rows) // count)
        parts = [rows[at : at + share] for at in range(0, len(rows), share)]
        pages = [_page(part, look, size) for part in parts]
        if all(page.height <= room for page in pages):
            return pages
        count += 1


# -------------------------------------------------------------------------- drawing


class _Sheet:
    """A page being drawn: one layer of coverage a colour, so that 256 colours are enough.

    A palette made from the layers is exact and costs nothing; finding one for a finished
    picture takes longer than all the drawing. At most four colours; what is drawn in one
    must not touch what is drawn in another.
    """

    def __init__(self, height: int, paper: _Colour) -> None:
        self._size = (WIDTH, height)
        self._paper = paper
        self._layers: dict[_Colour, Image.Image] = {}

    def text(
        self, at: tuple[float, float], text: str, colour: _Colour, face: _Face, anchor: str
    ) -> None:
        self._ink(colour).text(at, text, 255, face, anchor=anchor)

    def box(self, corners: tuple[float, float, float, float], colour: _Colour) -> None:
        self._ink(colour).rectangle(corners, 255)

    def png(self) -> bytes:
        """The page as a PNG with a palette."""
        page = Image.new("L", self._size)
        palette: list[int] = []
        for number, (colour, layer) in enumerate(self._layers.items()):
            first = _SHADES * number
            shades = [0, *(first + max(cover * _SHADES // 256, 1) for cover in range(1, 256))]
            page = ImageChops.add(page, layer.point(shades))
            palette += [part for shade in range(_SHADES) for part in self._shade(colour, shade)]
        page.putpalette(palette)
        out = BytesIO()
        page.save(out, "PNG")
        return out.getvalue()

    def _shade(self, colour: _Colour, shade: int) -> _Colour:
        return _mixed(self._paper, colour, shade / (_SHADES - 1))

    def _ink(self, colour: _Colour) -> ImageDraw.ImageDraw:
        layer = self._layers.setdefault(colour, Image.new("L", self._size))
        return ImageDraw.Draw(layer)


def _mixed(one: _Colour, other: _Colour, share: float) -> _Colour:
    """So far on the way from one colour to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _draw_page(
    quote: Quote, source: str, page: _Page, look: _Theme, size: int, font: Path, number: str
) -> bytes:
    foot = _foot_height(quote, source, look, font)
    height = max(_LOWEST, round(_HEAD + page.height + foot))
    sheet = _Sheet(height, look.paper)
    _draw_head(sheet, look, font, number)
    free = height - _HEAD - page.height - foot  # only on a page with few words
    left = (WIDTH - _column(size)) / 2
    for row in page.rows:
        # The middle of a Chinese character is 0.36 of its size above the baseline.
        baseline = _HEAD + 0.4 * free + row.y + look.leading * size / 2 + 0.36 * size
        _draw_line(sheet, row.line, (left, baseline), look.ink, _sized(font, size))
    _draw_foot(sheet, quote, source, look, font, height - foot)
    return sheet.png()


def _draw_line(
    sheet: _Sheet, line: Line, at: tuple[float, float], colour: _Colour, face: _Face
) -> None:
    left, baseline = at
    for piece in line.pieces:
        at = (left + piece.x * face.size, baseline)
        sheet.text(at, _joined(piece.text), colour, face, "ls")


def _draw_head(sheet: _Sheet, look: _Theme, font: Path, number: str) -> None:
    face = _sized(font, look.label)
    sheet.box((_MARGIN, 88, _MARGIN + 10, 136), look.accent)
    sheet.text((_MARGIN + 32, 112), _(_HEADLINE), look.accent, face, "lm")
    if number:
        sheet.text((WIDTH - _MARGIN, 112), number, look.muted, face, "rm")
    sheet.box((_MARGIN, 171, WIDTH - _MARGIN, 172), _mixed(look.paper, look.muted, 0.3))


def _draw_foot(
    sheet: _Sheet, quote: Quote, source: str, look: _Theme, font: Path, top: float
) -> None:
    """Where and when it was said, and which booklet has it, from `top` downwards."""
    y = top + _AFTER_BODY
    sheet.box((_MARGIN, y - 38, _MARGIN + 96, y - 35), look.accent)
    face, small = _sized(font, look.label), _sized(font, look.small)
    for line in _occasion(quote, look, font):
        _draw_line(sheet, line, (_MARGIN, y + look.label), look.ink, face)
        y += _SPACING * look.label
    sheet.text((_MARGIN, y + look.label), dates.day(quote.said_on), look.ink, face, "ls")
    y += _SPACING * look.label + _BEFORE_SOURCE
    for line in _set_ragged(source, font, look.small):
        _draw_line(sheet, line, (_MARGIN, y + look.small), look.muted, small)
        y += _SPACING * look.small


def _foot_height(quote: Quote, source: str, look: _Theme, font: Path) -> float:
    said = _SPACING * look.label * (len(_occasion(quote, look, font)) + 1)
    named = _SPACING * look.small * len(_set_ragged(source, font, look.small))
    return _AFTER_BODY + said + _BEFORE_SOURCE + named + _FOOT


def _occasion(quote: Quote, look: _Theme, font: Path) -> list[Line]:
    return _set_ragged(f"——{quote.occasion}", font, look.label)
