"""The outline of an article: which paragraphs are headings, and how deep.

Recognition puts `#` marks on headings without regard to their level, loses some, and marks
what is none. So a heading is told by what it is:

- A marked or wholly bold paragraph is one, unless it is prose: long, with a full stop.
- A short unmarked one with a number is one where its number follows that of its siblings
  (`（五）` after `（四）`). `1.`, `（1）` and `①` number lists more often than sections: they need
  a marked sibling besides, or prose between one and the next.
- A short unmarked one without a number or a mark at its end is one where the article has
  marked headings without numbers, and prose stands on both sides.

How deep a heading stands is told by its kind of number, in the order 第一章, 一、, （一）, 1.,
1.1, （1）, ①, of those that the article has. The corpus has two levels; what would be the
third stays a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.corpus.importing.marks import HAN_IN_BRACKETS, Numbering, read_numbering
from bot.corpus.importing.paragraphs import Paragraph
from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.wording import is_ended
from bot.model import Doubt, Repair

MAX_DEPTH = 2
PREFACE_TITLE, WHOLE_TITLE = "引言", "正文"

_LONGEST = 50
_LONGEST_UNNUMBERED = 40
_LONGEST_MARKED = 90
_UNNUMBERED = -1
_ALWAYS_FIRST_DEPTH = ("结语", "结束语", "引言", "前言", "导语", "余论")
_NOT_AT_THE_END = tuple("。！？；：，、…—")


@dataclass(slots=True)
class Part:
    """A section: its heading, depth and paragraphs. `line` is the heading's."""

    title: str
    depth: int
    line: int
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Heading:
    """A paragraph that is, or may be, a heading."""

    at: int
    paragraph: Paragraph
    numbering: Numbering | None
    is_sure: bool

    @property
    def rank(self) -> int:
        return self.numbering.rank if self.numbering else _UNNUMBERED

    @property
    def number(self) -> int:
        return self.numbering.number if self.numbering else 0


def outline(
    paragraphs: Sequence[Paragraph], remarks: Remarks, *, levels_tell: bool = False
) -> tuple[Part, ...]:
    """The sections of an article's body, flat and in reading order.

    What stands before the first heading is the section 引言; an article without headings is
    one section 正文. `levels_tell`: see Source.
    """
    possible = [one for at in range(len(paragraphs)) for one in _possible(at, paragraphs, remarks)]
    headings = _accepted(possible, paragraphs, remarks)
    depths = _depths(headings, levels_tell=levels_tell)
    starts: dict[int, int] = {}
    for heading, depth in zip(headings, depths, strict=True):
        if depth > MAX_DEPTH:
            text = f"{cited(heading.paragraph.text)}, a heading of level {depth}, stays a paragraph"
            remarks.repair(Repair.HEADING_DEMOTED, heading.paragraph.line, text)
        else:
            starts[heading.at] = depth
    _doubt_numbering([one for one in headings if one.at in starts], remarks)
    return tuple(_parts(paragraphs, starts, remarks))


def _possible(at: int, paragraphs: Sequence[Paragraph], remarks: Remarks) -> Sequence[_Heading]:
    one = paragraphs[at]
    numbering = read_numbering(one.text)
    if one.level or (one.is_bold and _is_plain(one.text, _LONGEST_MARKED)):
        if _is_prose(one.text):
            text = f"marked as a heading, but prose: {cited(one.text)}"
            remarks.repair(Repair.HEADING_DEMOTED, one.line, text)
            return ()
        return (_Heading(at, one, numbering, is_sure=True),)
    longest = _LONGEST if numbering else _LONGEST_UNNUMBERED
    if not _is_plain(one.text, longest) or one.is_bold:
        return ()
    return (_Heading(at, one, numbering, is_sure=False),)


def _is_prose(text: str) -> bool:
    return len(text) > _LONGEST_MARKED or ("。" in text and len(text) > _LONGEST)


def _is_plain(text: str, longest: int) -> bool:
    """Short, and not closed as a sentence is."""
    return len(text) <= longest and not text.endswith(_NOT_AT_THE_END) and "。" not in text


def _accepted(
    possible: Sequence[_Heading], paragraphs: Sequence[Paragraph], remarks: Remarks
) -> list[_Heading]:
    """The sure headings, and those that their siblings bear out."""
    sure_ranks = {one.rank for one in possible if one.is_sure}
    standing = {one.at for one in possible}
    accepted: list[_Heading] = []
    for position, one in enumerate(possible):
        if not one.is_sure:
            if one.rank == _UNNUMBERED:
                is_one = _UNNUMBERED in sure_ranks and _has_prose_about(one, paragraphs)
            else:
                is_one = _follows(one, accepted, possible[position + 1 :]) and (
                    one.rank <= HAN_IN_BRACKETS
                    or (one.at + 1 not in standing and (one.rank in sure_ranks or one.number > 1))
                    or _has_prose_until_next(one, possible[position + 1 :])
                )
            if not is_one:
                if one.numbering and one.rank <= HAN_IN_BRACKETS:
                    text = f"{cited(one.paragraph.text)}: a heading? its number is out of turn"
                    remarks.doubt(Doubt.HEADING, one.paragraph.line, text)
                continue
            text = f"heading without a mark: {cited(one.paragraph.text)}"
            remarks.repair(Repair.HEADING_RECOVERED, one.paragraph.line, text)
        accepted.append(one)
    return accepted


def _has_prose_about(one: _Heading, paragraphs: Sequence[Paragraph]) -> bool:
    before = paragraphs[one.at - 1] if one.at else None
    after = paragraphs[one.at + 1] if one.at + 1 < len(paragraphs) else None
    return (
        before is not None
        and after is not None
        and is_ended(before.text)
        and is_ended(after.text)
        and len(after.text) > _LONGEST
    )


def _has_prose_until_next(one: _Heading, rest: Sequence[_Heading]) -> bool:
    """Whether a sibling with the next number follows, and not at once."""
    siblings = [each for each in rest if each.rank == one.rank]
    return bool(siblings) and siblings[0].number == one.number + 1 and siblings[0].at > one.at + 1


def _follows(one: _Heading, accepted: Sequence[_Heading], rest: Sequence[_Heading]) -> bool:
    """Whether a number is the next one of its kind, or the first, or its successor stands below."""
    if one.number == 1:
        return True
    for before in reversed(accepted):
        if before.rank == one.rank:
            return before.number == one.number - 1 or any(
                each.rank == one.rank and each.number == one.number + 1 for each in rest
            )
        if _UNNUMBERED < before.rank < one.rank:
            break
    return False


def _depths(headings: Sequence[_Heading], *, levels_tell: bool) -> list[int]:
    """The depth of each heading, 1 for the highest kind of number that the article has."""
    ranks = sorted({one.rank for one in headings if one.rank != _UNNUMBERED})
    depth_of = {rank: at for at, rank in enumerate(ranks, 1)}
    depth_of[_UNNUMBERED] = 1
    unnumbered = [one.paragraph.level for one in headings if one.rank == _UNNUMBERED]
    top = [one.paragraph.level for one in headings if depth_of[one.rank] == 1 and one.numbering]
    if top and unnumbered and min(unnumbered) > max(top) and headings[0].numbering:
        depth_of[_UNNUMBERED] = len(ranks) + 1 if len(ranks) > 1 else 2
    levels = sorted(set(unnumbered))
    depths: list[int] = []
    for one in headings:
        depth = depth_of[one.rank]
        if one.rank == _UNNUMBERED and levels_tell and not top:
            depth = levels.index(one.paragraph.level) + 1
        if one.paragraph.text.strip() in _ALWAYS_FIRST_DEPTH or not depths:
            depth = 1  # the first heading has none above it
        depths.append(depth)
    return depths


def _doubt_numbering(headings: Sequence[_Heading], remarks: Remarks) -> None:
    """Doubt a number that does not follow the one before it among its siblings."""
    last: dict[int, int] = {}
    for one in headings:
        if one.numbering is None:
            continue
        last = {rank: number for rank, number in last.items() if rank <= one.rank}
        expected = last.get(one.rank, 0) + 1
        if one.number != expected:
            text = (
                f"{cited(one.paragraph.text)} is number {one.number} where {expected} was expected"
            )
            remarks.doubt(Doubt.NUMBERING, one.paragraph.line, text)
        last[one.rank] = one.number


def _parts(
    paragraphs: Sequence[Paragraph], starts: dict[int, int], remarks: Remarks
) -> Sequence[Part]:
    first = PREFACE_TITLE if starts else WHOLE_TITLE
    parts = [Part(first, 1, paragraphs[0].line if paragraphs else 0)]
    for at, one in enumerate(paragraphs):
        if at in starts and one.text == PREFACE_TITLE and len(parts) == 1:
            continue  # printed above what is 引言 anyway
        if at in starts:
            parts.append(Part(one.text, starts[at], one.line))
        else:
            parts[-1].paragraphs.append(one)
    if not parts[0].paragraphs and len(parts) > 1:
        del parts[0]
    return _without_bare(parts, remarks)


def _without_bare(parts: Sequence[Part], remarks: Remarks) -> Sequence[Part]:
    """A heading with nothing below it, of text or sub-sections, becomes a paragraph above."""
    kept: list[Part] = []
    for at, part in enumerate(parts):
        has_below = at + 1 < len(parts) and parts[at + 1].depth > part.depth
        if part.paragraphs or has_below or not kept:
            kept.append(part)
            continue
        remarks.doubt(Doubt.HEADING, part.line, f"nothing stands below {cited(part.title)}")
        kept[-1].paragraphs.append(Paragraph(part.line, part.title, 0))
    return kept
