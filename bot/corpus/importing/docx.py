"""A Word document as pages of lines, by python-docx.

A paragraph is a line, and so is each row of a table (contents pages are often tables). A page
ends where a break was set by hand or a paragraph's style demands one; where the printer's pages
ended is nothing to us. A heading style gives the level; a paragraph all of whose runs are
bold is bold. Headers, footers and notes are not part of the text. Numbers that Word makes up
for its lists are not in the file and cannot be read.

A document is a zip archive: its unpacked size is looked at before anything is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.corpus.importing.source import Line, Page, Source, UnreadableSourceError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

MAX_UNPACKED_BYTES = 256 * 2**20

_BODY = "word/document.xml"
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|题目|标题)", re.IGNORECASE)
_PAGE_BREAK = re.compile(
    r'<w:br\b[^>]*w:type="page"|<w:pageBreakBefore(?:\s*/>|\s+w:val="(?:1|true)")'
)


def read_docx(content: bytes, name: str) -> Source:
    """The pages of a Word document.

    Raises UnreadableSourceError when it is none, is damaged, or unpacks to too much.
    """
    _check_archive(content, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(content))
    except (OpcError, LxmlError, KeyError, ValueError, zipfile.BadZipFile, OSError) as error:
        raise UnreadableSourceError(f"{name} is a damaged Word document") from error
    return Source(tuple(_pages(document)), levels_tell=True)


def _check_archive(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            is_document = _BODY in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableSourceError(f"{name} is a damaged archive") from error
    if not is_document:
        raise UnreadableSourceError(f"{name} is an archive, but no Word document (.docx)")
    if size > MAX_UNPACKED_BYTES:
        raise UnreadableSourceError(
            f"{name} unpacks to {size // 2**20} MB; a document has at most "
            f"{MAX_UNPACKED_BYTES // 2**20}"
        )


def _pages(document: Document) -> Iterator[Page]:
    from docx.table import Table

    lines: list[Line] = []
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for text in _rows(block):
                number += 1
                lines.append(Line(number, text, follows_gap=True))
            continue
        number += 1
        for at, piece in enumerate(_pieces(block)):
            if at:
                yield tuple(lines)
                lines = []
            lines += _lines(number, piece, block)
    yield tuple(lines)


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        # A merged cell is given once for every column it spans.
        cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
        text = "\t".join(cell for cell in cells if cell)
        if text:
            yield text


def _pieces(paragraph: Paragraph) -> list[str]:
    """The paragraph's text, cut where a page break stands in it."""
    xml = paragraph._p.xml
    if not _PAGE_BREAK.search(xml):
        return [paragraph.text]
    pieces = [""]
    if "pageBreakBefore" in xml:
        pieces.append("")
    for run in paragraph.runs:
        if _PAGE_BREAK.search(run._r.xml) and "w:br" in run._r.xml:
            before, _, after = run.text.partition("\n") if "\n" in run.text else ("", "", run.text)
            pieces[-1] += before
            pieces.append(after)
        else:
            pieces[-1] += run.text
    return pieces


def _lines(number: int, text: str, paragraph: Paragraph) -> Iterator[Line]:
    style = (paragraph.style.name or "") if paragraph.style else ""
    named = _HEADING.search(style)
    level = int(named[1]) if named else int(bool(_TITLE.fullmatch(style)))
    runs = [run for run in paragraph.runs if run.text.strip()]
    is_bold = bool(runs) and all(run.bold for run in runs)
    for line in text.split("\n"):
        if line.strip():
            yield Line(number, line.strip(), level=level, is_bold=is_bold, follows_gap=True)
