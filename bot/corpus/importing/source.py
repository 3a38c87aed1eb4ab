"""A booklet's file as pages of lines: what every format is read into.

Nothing is known here of quotations or articles, nor of any format: plain.py, docx.py and
pdf.py read one each, and formats.py tells which a file is.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import StudybotError
from bot.model import Remark


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
