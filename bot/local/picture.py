"""What the console printed, as an SVG picture.

Here lives the drawing of lines of styled text. Each line is one text element that flows, so
that Chinese keeps its natural width whatever font the viewer has; a picture that pins every
character to a terminal's cells squeezes it.
"""

from __future__ import annotations

from html import escape

from rich.ansi import AnsiDecoder
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import MONOKAI
from rich.text import Text

_SIZE = 16  # pixels, of a letter
_LEADING = 25  # pixels, from line to line
_MARGIN = 24
_COLUMN = 8.6  # pixels, about: half the width of a Chinese character, with some air
_FONTS = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'Source Han Sans SC', sans-serif"
_PAPER = "#17212b"
_INK = "#f2f5f7"


def draw(out: Console) -> str:
    """All that was printed on `out`, which must have been made with `record=True`, as SVG."""
    printed = out.export_text(styles=True)
    lines = list(AnsiDecoder().decode(printed))
    width = int(out.width * _COLUMN) + 2 * _MARGIN
    height = len(lines) * _LEADING + 2 * _MARGIN
    drawn = "\n".join(
        f'<text x="{_MARGIN}" y="{_MARGIN + _SIZE + at * _LEADING}">{_spans(line, out)}</text>'
        for at, line in enumerate(lines)
        if line.plain.strip()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{_FONTS}" font-size="{_SIZE}" '
        f'fill="{_INK}" style="white-space: pre">\n'
        f'<rect width="100%" height="100%" rx="12" fill="{_PAPER}"/>\n{drawn}\n</svg>\n'
    )


def _spans(line: Text, out: Console) -> str:
    return "".join(
        f"<tspan{_attributes(segment.style)}>{_kept(segment.text)}</tspan>"
        for segment in line.render(out)
        if segment.text
    )


def _kept(text: str) -> str:
    """The text with its blanks kept, which SVG would fold."""
    return escape(text).replace(" ", "\N{NO-BREAK SPACE}")


def _attributes(style: Style | None) -> str:
    if style is None:
        return ""
    attributes = ""
    if style.color is not None:
        attributes += f' fill="{style.color.get_truecolor(MONOKAI).hex}"'
    if style.bold:
        attributes += ' font-weight="bold"'
    if style.italic:
        attributes += ' font-style="italic"'
    if style.dim:
        attributes += ' opacity="0.6"'
    return attributes
