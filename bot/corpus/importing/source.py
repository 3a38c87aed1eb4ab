"""A booklet's file as pages of lines: what kind of file it is, and how text files are read.

A text file is Markdown or plain text as recognition and conversion tools write it:

- A page ends at a form feed, at a line of three or more `-`, `*` or `_`, or at a page number
  set off by dashes (`— 12 —`) or words (`第 12 页`).
- `#` marks and `**bold**` are read into the line's `level` and `is_bold`; what they are worth
  is decided later. Bold inside a line, `<br>` and backslashes before marks are taken out.
- UTF-8 (a byte order mark or none), UTF-16 with its mark, or GB18030.

Nothing is known here of quotations or articles. docx.py and pdf.py give the same for theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import StudybotError
from bot.model import Remark, Repair

MAX_BYTES = 64 * 2**20

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
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_WRAPPED_WIDTH = 100  # columns; a line of prose longer than that was not wrapped by a page
_FULL = 0.85  # of the measure: a line that long was broken because the page ended there


class UnreadableSourceError(StudybotError):
    """A file that is no booklet; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, without white space at its ends.

    `number` counts from 1 (paragraphs of a Word document, lines of a PDF). `level` is that
    of its heading mark or style, 0 for none. `indent` is in characters. `fill` is how much
    of the page's measure the line takes, 0..1; 0 where lines are not broken by a page.
    `follows_gap` tells that a blank line stands before it.
    """

    number: int
    text: str
    level: int = 0
    is_bold: bool = False
    indent: float = 0.0
    fill: float = 0.0
    follows_gap: bool = False


Page = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The pages of a file. `is_wrapped`: its lines end where the page does, not the paragraph.

    `levels_tell`: heading levels come from styles that somebody set, not from recognition.
    """

    pages: tuple[Page, ...]
    is_wrapped: bool = False
    levels_tell: bool = False
    remarks: tuple[Remark, ...] = ()

    @property
    def characters(self) -> int:
        return sum(len(line.text) for page in self.pages for line in page)


def read_source(path: Path) -> Source:
    """The pages of a .md, .txt, .docx or .pdf, told by its content and not by its name.

    Raises UnreadableSourceError, with one sentence, for anything else.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableSourceError(
                f"{path.name} has {size // 2**20} MB; a booklet has at most {MAX_BYTES // 2**20}"
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSourceError(f"{path} cannot be read ({error.strerror})") from error
    return parse_source(content, path.name)


def parse_source(content: bytes, name: str) -> Source:
    """As `read_source`, from the file's bytes; `name` is for the sentence of a refusal."""
    if not content.strip():
        raise UnreadableSourceError(f"{name} is empty")
    if content.startswith(b"PK\x03\x04"):
        from bot.corpus.importing.docx import read_docx

        source = read_docx(content, name)
    elif b"%PDF-" in content[:1024]:
        from bot.corpus.importing.pdf import read_pdf

        source = read_pdf(content, name)
    else:
        text, encoding = _decoded(content, name)
        source = read_text(text)
        if encoding != "UTF-8":
            remark = Remark(Repair.DECODED, 0, f"read as {encoding}")
            source = replace(source, remarks=(remark,))
    if not source.characters:
        raise UnreadableSourceError(f"{name} has no text (a scan needs a text layer)")
    return source


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    encodings = [("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = [("utf-16", "UTF-16")]
    for encoding, shown in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROLS.search(text):
            return text, shown
    raise UnreadableSourceError(
        f"{name} is neither text (UTF-8 or GB18030) nor a Word document (.docx) nor a PDF"
    )


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
