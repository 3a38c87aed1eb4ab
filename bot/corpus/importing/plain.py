"""Markdown and plain text, as recognition and conversion tools write them, as pages of lines.

- A page ends at a form feed, at a line of three or more `-`, `*` or `_`, or at a page number
  set off by dashes (`— 12 —`) or words (`第 12 页`).
- `#` marks and `**bold**` are read into the line's `level` and `is_bold`; what they are worth
  is decided later. Bold inside a line, `<br>` and backslashes before marks are taken out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.corpus.importing.source import Line, Source

_RULE = re.compile(r"\s*(?:-\s*){3,}$|\s*(?:\*\s*){3,}$|\s*_{3,}\s*$")
_LEVEL = re.compile(r"#{1,6}")
_WHOLLY_BOLD = re.compile(r"(\*\*|__)(?!\s)((?:(?!\1).)+)\1$")
_BULLET = re.compile(r"^[-*+•]\s+(?=\S)(?!\d+\s*-|[-—–])")  # no page number, no dash
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~])")
# Bounded, so that a line made of their beginnings does not take the square of its length.
_DROPPED = re.compile(
    r"<br\s?/?>|!\[[^\]]{0,200}\]\([^)]{0,500}\)|<!--.{0,500}?-->"
    r"|</?(?:u|b|i|center|div|p)\b[^>]{0,200}>"
)
_INDENT = re.compile(r"[\s\u3000]*")
_WRAPPED_WIDTH = 100  # columns; a line of prose longer than that was not wrapped by a page
_FULL = 0.85  # of the measure: a line that long was broken because the page ended there


def read_text(text: str) -> Source:
    """The pages of Markdown or plain text."""
    pages: list[list[Line]] = [[]]
    is_after_blank = True
    for number, raw in _numbered(text):
        if raw == "\f" or _RULE.match(raw):
            pages.append([])
            is_after_blank = True
            continue
        line = _line(number, raw, follows_gap=is_after_blank)
        is_after_blank = not line.text
        if line.text:
            pages[-1].append(line)
    return _measured(pages)


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; a form feed is a line of its own with the number it stands on."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n|\x0b|\x85|\u2028|\u2029", text), 1):
        for at, piece in enumerate(line.split("\f")):
            if at:
                yield number, "\f"
            if piece or not at:
                yield number, piece


def _line(number: int, raw: str, *, follows_gap: bool) -> Line:
    text = _DROPPED.sub("", raw) if "<" in raw or "![" in raw else raw
    lead = _INDENT.match(text)
    indent = sum(1.0 if each == "\u3000" else 0.5 for each in lead[0]) if lead else 0.0
    text = _BULLET.sub("", text.strip(), count=1)
    level = 0
    marked = _LEVEL.match(text)
    if marked:
        level, text = marked.end(), text[marked.end() :].rstrip("# \t\u3000").lstrip()
    bold = _WHOLLY_BOLD.match(text)
    text = _ESCAPED.sub(r"\1", text.replace("**", "").replace("__", ""))
    return Line(
        number,
        text.strip(),
        level=level,
        is_bold=bold is not None,
        indent=indent,
        follows_gap=follows_gap,
    )


def _measured(pages: Sequence[Sequence[Line]]) -> Source:
    """Tell whether the lines were broken by a page's width, and how far each fills it."""
    widths = sorted(_columns(line.text) for page in pages for line in page if not line.level)
    measure = widths[int(len(widths) * 0.9)] if widths else 0
    full = sum(width >= measure * _FULL for width in widths)
    adjacent = sum(not line.follows_gap for page in pages for line in page)
    is_wrapped = (
        0 < measure <= _WRAPPED_WIDTH and full * 3 >= len(widths) and adjacent * 3 >= len(widths)
    )
    if not is_wrapped:
        return Source(tuple(map(tuple, pages)))
    return Source(
        tuple(
            tuple(
                replace(line, fill=min(1.0, (_columns(line.text) + 2 * line.indent) / measure))
                for line in page
            )
            for page in pages
        ),
        is_wrapped=True,
    )


def _columns(text: str) -> int:
    """How wide a text is in a terminal: Chinese characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
