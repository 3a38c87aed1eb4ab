"""Lines become paragraphs, and paragraphs are healed across page breaks.

Where a page's width broke the lines, they are put together until one stops short or the next
is indented. At the end of a page, a paragraph whose sentence is not ended goes on with the
next page's first paragraph, unless that is a heading or another structural line. If the next
page repeats the last characters of the page before, they are taken out. Beyond that no
character of the text is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.corpus.importing.marks import (
    CIRCLED,
    HAN_IN_BRACKETS,
    contents_entry,
    is_same_as_above,
    opens_attribution,
    part_of,
    part_run_in,
    read_attribution,
    read_numbering,
    read_origin,
    read_post,
)
from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.source import Line, Page, Source
from bot.corpus.importing.wording import is_broken_off, is_ended, join
from bot.model import Doubt, Repair

_SHORT_FILL = 0.85
_SHORT_FILL_BESIDE_INDENTS = 0.75
_LONGEST_HEADING = 50
_LONGEST_REPETITION = 40
_PLAINLY_PROSE = 40
_LONGEST_NAME = 16
_LONG, _SHORTEST_SENTENCE = 60, 20


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, whole. `line` is where it begins, `page` counts from 0.

    `is_indented` is known only where the page shows it (`None`: it does not).
    """

    line: int
    text: str
    page: int
    level: int = 0
    is_bold: bool = False
    is_indented: bool | None = None
    is_filled: bool = False


def paragraphs_of(source: Source, pages: Sequence[Page], remarks: Remarks) -> list[Paragraph]:
    """The paragraphs of a booklet, healed; what was done or doubted is in `remarks`."""
    tells_indent = _tells_indent(source, pages)
    every = [
        paragraph
        for at, page in enumerate(pages)
        for paragraph in _paragraphs(at, page, source, tells_indent=tells_indent)
    ]
    return list(_healed(every, remarks))


def _tells_indent(source: Source, pages: Sequence[Page]) -> bool:
    """Whether first lines are set in: some lines are, and most are not."""
    lines = [line for page in pages[1:] for line in page if not line.level]
    indented = sum(line.indent >= 1 for line in lines)
    return source.is_wrapped and 0.02 * len(lines) < indented < 0.6 * len(lines)


def _paragraphs(at: int, page: Page, source: Source, *, tells_indent: bool) -> Iterator[Paragraph]:
    run: list[Line] = []
    for line in page:
        if run and not (source.is_wrapped and _goes_on(run[-1], line, tells_indent=tells_indent)):
            yield _paragraph(at, run, tells_indent=tells_indent)
            run = []
        run.append(line)
    if run:
        yield _paragraph(at, run, tells_indent=tells_indent)


def _goes_on(before: Line, line: Line, *, tells_indent: bool) -> bool:
    """Whether a line of a wrapped page belongs to the paragraph of the line before."""
    if line.follows_gap or line.level != before.level:
        return False
    if line.level:
        is_part = part_of(line.text) or part_of(before.text)
        return not is_part and read_numbering(line.text) is None
    if tells_indent and line.indent >= 1:
        return False
    if contents_entry(before.text) is not None:
        return False
    if opens_attribution(before.text) and read_attribution(before.text) is None:
        return True
    least = _SHORT_FILL_BESIDE_INDENTS if tells_indent else _SHORT_FILL
    if is_ended(before.text) and _is_numbered_heading(line.text, CIRCLED):
        return False
    return before.fill >= least and not _begins_structure(line.text)


def _paragraph(at: int, run: Sequence[Line], *, tells_indent: bool) -> Paragraph:
    text = run[0].text
    for line in run[1:]:
        text = join(text, line.text)
    return Paragraph(
        run[0].number,
        text,
        at,
        level=run[0].level,
        is_bold=all(line.is_bold for line in run),
        is_indented=run[0].indent >= 1 if tells_indent else None,
        is_filled=run[-1].fill >= _SHORT_FILL,
    )


def is_prose(text: str) -> bool:
    """Whether a text can only be running text: no title, no name, no line of a contents page."""
    return len(text) >= _LONG or (len(text) >= _SHORTEST_SENTENCE and is_ended(text))


def _begins_structure(text: str) -> bool:
    """As `is_structural`, of a line that may as well be the middle of a paragraph."""
    if part_of(text) is not None or _is_numbered_heading(text):
        return True
    if opens_attribution(text) and read_attribution(text) is not None:
        return True
    return text.startswith(("（", "(")) and read_origin(text) is not None


def is_structural(text: str) -> bool:
    """Whether a text is no prose: an attribution, a source, a part or a numbered heading."""
    return (
        part_of(text) is not None
        or read_attribution(text) is not None
        or read_origin(text) is not None
        or bool(read_post(text))
        or _is_numbered_heading(text)
    )


def _is_numbered_heading(text: str, lowest: int = HAN_IN_BRACKETS) -> bool:
    if len(text) > _LONGEST_HEADING or text.endswith(tuple("。！？；：，、…")):
        return False
    numbering = read_numbering(text)
    return numbering is not None and numbering.rank <= lowest


def _healed(every: Sequence[Paragraph], remarks: Remarks) -> Iterator[Paragraph]:
    """The paragraphs, each joined with the next where it goes on there."""
    whole: Paragraph | None = None
    for paragraph in every:
        if whole is None:
            whole = paragraph
        elif _is_one(whole, paragraph, remarks):
            whole = _joined(whole, paragraph, remarks)
        else:
            yield whole
            whole = paragraph
    if whole is not None:
        yield whole


def _is_one(before: Paragraph, after: Paragraph, remarks: Remarks) -> bool:
    """Whether two paragraphs that follow each other are one."""
    if before.level or after.level:
        return False
    if is_structural(before.text):
        return _is_open(before.text) and after.text.endswith(("）", ")")) and len(after.text) < 80
    if opens_attribution(before.text):
        return _completes_attribution(before, after)
    if before.page == after.page:
        return _is_broken_within_page(before, after)
    if after.is_indented or part_run_in(before.text) is not None:
        return False
    if not _goes_on_over_page(before, after):
        return False
    _doubt_ending(before, after, remarks)
    return True


def _goes_on_over_page(before: Paragraph, after: Paragraph) -> bool:
    """Whether the last paragraph of a page goes on with the first of the next."""
    if _begins_structure(after.text):
        return False
    if is_ended(before.text):
        # Only a page that shows indents tells that a paragraph goes on with a new sentence.
        is_full = after.is_indented is False and before.is_indented is not None
        is_full = is_full and before.is_filled
        return is_full and not _is_numbered_heading(after.text, CIRCLED)
    return _goes_on_as_prose(before, after)


def _goes_on_as_prose(before: Paragraph, after: Paragraph) -> bool:
    """Whether what ends a page is a sentence: no title, no name, no line that ends in a dash."""
    if len(before.text) > _PLAINLY_PROSE or is_broken_off(before.text):
        return True
    is_name = len(before.text) < _LONGEST_NAME and "，" not in before.text
    is_name = is_name or before.text.endswith(("——", "）", ")"))
    return not is_name and (len(after.text) >= _LONGEST_NAME or is_ended(after.text))


def _completes_attribution(before: Paragraph, after: Paragraph) -> bool:
    """Whether an attribution without a date goes on: with its date, or over a page's end."""
    if read_attribution(join(before.text, after.text)) is not None:
        return not is_same_as_above(before.text)
    is_line = len(after.text) < _PLAINLY_PROSE * 2 and not is_ended(after.text)
    return before.page != after.page and is_line and not opens_attribution(after.text)


def _is_open(text: str) -> bool:
    """Whether a bracket of the text is closed elsewhere: a source line that a page end cuts."""
    return sum(map(text.count, "（(")) > sum(map(text.count, "）)"))


def _is_broken_within_page(before: Paragraph, after: Paragraph) -> bool:
    """Whether a blank line, and no page break, cuts a sentence in two."""
    if after.is_indented or after.is_bold or before.is_bold or is_structural(after.text):
        return False
    return before.text.endswith(("，", "、")) and len(before.text) > 16


def _doubt_ending(before: Paragraph, after: Paragraph, remarks: Remarks) -> None:
    if before.text.endswith(("；", "：", "——")):
        remarks.doubt(
            Doubt.PAGE_BREAK,
            after.line,
            f"a page ends with {cited(before.text[-12:])}: taken for one paragraph with "
            f"{cited(after.text[:12])}",
        )


def _joined(before: Paragraph, after: Paragraph, remarks: Remarks) -> Paragraph:
    text = after.text
    if before.page == after.page:
        kind, where = Repair.LINE_BREAK_JOINED, "blank line"
    else:
        kind, where = Repair.PAGE_BREAK_JOINED, "page break"
        text = text[_repeated(before.text, after, remarks) :]
    remarks.repair(kind, after.line, f"{where} within {cited(before.text[-8:] + text[:8])} closed")
    return replace(before, text=join(before.text, text), page=after.page, is_filled=after.is_filled)


def _repeated(before: str, after: Paragraph, remarks: Remarks) -> int:
    """How many characters the next page repeats and are to be left out."""
    most = min(_LONGEST_REPETITION, len(before), len(after.text))
    for size in range(most, 1, -1):
        piece = after.text[:size]
        if not before.endswith(piece) or not piece.strip():
            continue
        shown = f"{cited(before[-12:])} / {cited(after.text[:12])}"
        if piece.isdigit() or (size == 2 and (piece[0] in "一不" or piece[0] == piece[1])):
            text = f"{shown}: {cited(piece)} stands on both sides of the page break; kept"
            remarks.doubt(Doubt.REPETITION, after.line, text)
            return 0
        text = f"{shown}: {cited(piece)}, repeated by the page break, taken out once"
        remarks.repair(Repair.REPETITION_REMOVED, after.line, text)
        return size
    return 0
