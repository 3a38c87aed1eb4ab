"""A PDF's text layer as pages of lines, by PDFium (pypdfium2).

PDFium tells each character, its box and its font. A line is what it ends with a line break.
Where a line begins and ends on the page tells whether it is set in and whether it was full;
a size well above the text's own, that it is a heading; the font's name or weight, that it is
bold. A scan without a text layer has no lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_int, create_string_buffer
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from bot.corpus.importing.source import Line, Source, UnreadableSourceError

MAX_PAGES = 5000

_HEADING_SIZE = 1.12  # of the text's own
_GAP = 1.7  # of the usual distance of lines
_BOLD_WEIGHT = 600
_BOLD_FONT = re.compile("bold|black|heavy|hei|黑|biaosong|标宋|xbs|dbs", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
_PAGE_NUMBER_WIDTH = 6
_SHARE_OF_FULL_LINES = 0.25  # of those set in, at least


@dataclass(frozen=True, slots=True)
class _Printed:
    """A line as it stands on the page; lengths in points, `top` from the page's lower edge."""

    text: str
    left: float
    right: float
    top: float
    size: float
    is_bold: bool


def read_pdf(content: bytes, name: str) -> Source:
    """The pages of a PDF. Raises UnreadableSourceError when it is damaged or locked."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        wrong = "locked by a password" if "password" in str(error).lower() else "a damaged PDF"
        raise UnreadableSourceError(f"{name} is {wrong}") from error
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableSourceError(f"{name} has {len(document)} pages; at most {MAX_PAGES}")
        pages = [list(_printed(document, at)) for at in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise UnreadableSourceError(f"{name} is a damaged PDF") from error
    finally:
        document.close()
    return _source(pages)


def _printed(document: Any, at: int) -> Iterator[_Printed]:
    page = document[at]
    text_page = page.get_textpage()
    try:
        characters: list[tuple[int, str]] = []
        for index in range(text_page.count_chars()):
            each = _character(text_page, index)
            if each == "\n":
                yield from _line(text_page, characters)
                characters = []
            elif each:
                characters.append((index, each))
        yield from _line(text_page, characters)
    finally:
        text_page.close()
        page.close()


def _character(text_page: Any, index: int) -> str:
    import pypdfium2.raw as pdfium

    code = pdfium.FPDFText_GetUnicode(text_page, index)
    if code in (10, 13):
        return "\n"
    if code == 2:  # a hyphen at the end of a line
        return "-"
    return chr(code) if code >= 32 and code != 0xFFFE and not 0xD800 <= code < 0xE000 else ""


def _line(text_page: Any, characters: Sequence[tuple[int, str]]) -> Iterator[_Printed]:
    text = "".join(each for _, each in characters)
    visible = [(index, each) for index, each in characters if not each.isspace()]
    if not visible:
        return
    boxes = [_box(text_page, index) for index, _ in visible]
    han = [
        box[2] - box[0] for box, (_, each) in zip(boxes, visible, strict=True) if _HAN.match(each)
    ]
    size = median(han) if han else median(box[3] - box[1] for box in boxes)
    yield _Printed(
        text.strip(),
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        top=max(box[3] for box in boxes),
        size=size,
        is_bold=_is_bold(text_page, visible[len(visible) // 2][0]),
    )


def _box(text_page: Any, index: int) -> tuple[float, float, float, float]:
    left, bottom, right, top = text_page.get_charbox(index, loose=True)
    return left, bottom, right, top


def _is_bold(text_page: Any, index: int) -> bool:
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    name = create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text_page, index, name, 128, c_int())
    return bool(_BOLD_FONT.search(name.value.decode("utf-8", errors="replace")))


def _source(pages: Sequence[Sequence[_Printed]]) -> Source:
    """Lines with their level, indent and fill, told from all of them together."""
    every = [line for page in pages for line in page if len(line.text) > _PAGE_NUMBER_WIDTH]
    if not every:
        every = [line for page in pages for line in page]
    if not every:
        return Source(())
    sizes: Counter[float] = Counter()
    for line in every:
        sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] or 1.0  # a font may claim to have no size
    texts = [line for line in every if abs(line.size - body) < 0.1 * body] or every
    widths = sorted(line.right - line.left for line in texts)
    measure = widths[int(len(widths) * 0.95)] or 1.0
    steps = [
        above.top - below.top
        for page in pages
        for above, below in pairwise(page)
        if above.top > below.top
    ]
    step = median(steps) if steps else body
    # All text bold is no distinction.
    bold_tells = sum(line.is_bold for line in texts) * 4 < len(texts)
    large = {round(line.size) for line in every if line.size >= _HEADING_SIZE * body}
    levels = {size: at for at, size in enumerate(sorted(large, reverse=True), 1)}
    edges = [_left_edge(pages[side::2], body) for side in (0, 1)]
    lines: list[tuple[Line, ...]] = []
    number = 0
    for at, page in enumerate(pages):
        left = edges[at % 2]
        made = []
        for position, line in enumerate(page):
            number += 1
            gap = page[position - 1].top - line.top if position else 0.0
            made.append(
                Line(
                    number,
                    line.text,
                    level=levels.get(round(line.size), 0),
                    is_bold=line.is_bold and bold_tells,
                    indent=max(0.0, (line.left - left) / body),
                    fill=min(1.0, max(0.0, (line.right - left) / measure)),
                    follows_gap=position == 0 or gap > _GAP * step,
                )
            )
        lines.append(tuple(made))
    return Source(tuple(lines), is_wrapped=True)


def _left_edge(pages: Sequence[Sequence[_Printed]], body: float) -> float:
    """Where full lines begin on left (or right) hand pages: the leftmost place of many lines.

    Where paragraphs are short, more lines may be set in than not.
    """
    lefts = Counter(
        round(line.left)
        for page in pages
        for line in page
        if len(line.text) > _PAGE_NUMBER_WIDTH and abs(line.size - body) < 0.1 * body
    )
    if not lefts:
        return 0.0
    many = max(lefts.values()) * _SHARE_OF_FULL_LINES
    return float(min(left for left, lines in lefts.items() if lines >= many))
