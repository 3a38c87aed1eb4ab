"""Which format a booklet's file is in, told by its content, and what is refused.

A text file is UTF-8 (with a byte order mark or none), UTF-16 with its mark, or GB18030.
How a format is read stands in a file of its own, which is loaded only for such a file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bot.corpus.importing.plain import read_text
from bot.corpus.importing.source import Source, UnreadableSourceError
from bot.model import Remark, Repair

MAX_BYTES = 64 * 2**20

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


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
