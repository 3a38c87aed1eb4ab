"""The articles of a booklet: title, author, post, source, and the body between them.

An article stands from its title to its source line, or to the next title where that line is
missing or stands below the author. Titles are known from the contents page; without one, what
follows a source line is a title. The author stands below the title: alone, with 文/ or 作者：
before the name, with the post beside it. The forms of source lines are in marks.py, headings
within the body in headings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.corpus.importing.cover import Entry
from bot.corpus.importing.headings import Part, outline
from bot.corpus.importing.marks import Origin, read_numbering, read_origin, read_post
from bot.corpus.importing.paragraphs import Paragraph, is_prose
from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.wording import DASH, is_ended, squeeze
from bot.model import Doubt, PartialDate, Repair

_LONGEST_TITLE = 60
_LONGEST_AUTHOR = 40
_LEAST_ABOVE_ORIGIN = 2  # a title and a paragraph
_NAMED = re.compile(
    r"(?:[□■◆●○◎▲△*]\s*|(?:作\s*者|文|撰文|执笔)\s*[:：/／|]\s*)+|\s*(?:/|／)?\s*(?:文|著|撰)$"
)
_BESIDE = re.compile(r"(?P<name>[^（(]{2,24}?)\s*[（(](?P<post>[^（）()]{3,80})[）)]$")
_SUBTITLE = re.compile(rf"{DASH}\s*\S")
_TWO = re.compile(r"(?<![^\s、，,])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![^\s、，,])")
_GAP = re.compile(r"\s{2,}|\u3000+|\t")
_COLOPHON = re.compile(r"(?:编\s*辑|责任编辑|校\s*对|印\s*数|联系电话|送|发|报|编印|主办)\s*[:：]")


@dataclass(frozen=True, slots=True)
class PrintedArticle:
    """An article as printed. `post` may be empty, `published` None where no year is given."""

    line: int
    title: str
    author: str
    post: str
    source: str
    published: PartialDate | None
    parts: tuple[Part, ...]


def read_articles(
    paragraphs: Sequence[Paragraph],
    entries: Sequence[Entry],
    remarks: Remarks,
    *,
    levels_tell: bool = False,
) -> tuple[PrintedArticle, ...]:
    """The articles in the paragraphs of their part, in the booklet's order."""
    by_title = {squeeze(entry.title): entry for entry in entries}
    return tuple(
        _article(group, by_title, remarks, levels_tell=levels_tell)
        for group in _groups(paragraphs, entries, remarks)
    )


def _groups(
    paragraphs: Sequence[Paragraph], entries: Sequence[Entry], remarks: Remarks
) -> Iterator[Sequence[Paragraph]]:
    """The paragraphs of each article, from its title on."""
    starts = sorted(_starts(paragraphs, entries))
    for start, end in pairwise([*starts, len(paragraphs)]):
        group = paragraphs[start:end]
        is_article = any(is_prose(one.text) for one in group)
        if is_article or any(read_origin(one.text) for one in group[_LEAST_ABOVE_ORIGIN:]):
            yield group
        else:
            text = f"{cited(' '.join(one.text for one in group), 40)} left out: no article"
            remarks.doubt(Doubt.LEFT_OUT, group[0].line, text)


def _starts(paragraphs: Sequence[Paragraph], entries: Sequence[Entry]) -> set[int]:
    """Where articles begin: below a source line, at a title of the contents page."""
    titles = {squeeze(entry.title) for entry in entries}
    starts = {0} if paragraphs else set()
    has_prose = False
    for at, one in enumerate(paragraphs):
        if at in starts:
            has_prose = False
        elif any(_joined_title(paragraphs, at, size) in titles for size in (1, 2, 3)):
            starts.add(at)
            has_prose = False
        if read_origin(one.text) is None:
            has_prose = has_prose or is_prose(one.text)
        elif has_prose:  # a source line below an article
            below = at + 1
            while below < len(paragraphs) and read_post(paragraphs[below].text):
                below += 1
            if below < len(paragraphs):
                starts.add(below)
                has_prose = False
    if not titles:
        starts |= set(_starts_above_origins(paragraphs))
    return starts


def _starts_above_origins(paragraphs: Sequence[Paragraph]) -> Iterator[int]:
    """Titles without a contents page, where the source stands above the text."""
    for at, one in enumerate(paragraphs):
        start = at
        while start and at - start < 3 and _may_be_title(paragraphs[start - 1]):
            start -= 1
        below = paragraphs[at + 1].text if at + 1 < len(paragraphs) else ""
        is_above_prose = is_prose(below) and not read_post(below)
        if start < at and is_above_prose and read_origin(one.text):
            yield start


def _may_be_title(one: Paragraph) -> bool:
    return len(one.text) <= _LONGEST_TITLE and not is_ended(one.text) and not read_origin(one.text)


def _joined_title(paragraphs: Sequence[Paragraph], at: int, size: int) -> str:
    """Paragraphs as one title; nothing when there are not so many that may be one."""
    group = paragraphs[at : at + size]
    if len(group) < size or not all(len(one.text) <= _LONGEST_TITLE for one in group):
        return ""
    return squeeze("".join(one.text for one in group))


def _article(
    group: Sequence[Paragraph],
    by_title: Mapping[str, Entry],
    remarks: Remarks,
    *,
    levels_tell: bool,
) -> PrintedArticle:
    first = group[0].line
    entry, title, rest = _title(group, by_title)
    author, post, rest = _author(rest, entry)
    origin, post, body = _without_origin(rest, post)
    if origin is None:
        remarks.doubt(Doubt.NO_SOURCE, first, f"{cited(title)} has no source line")
        origin = Origin("", None)
    elif origin.is_guess and origin.published:
        text = f"{cited(origin.source)}: the issue taken for {origin.published}"
        remarks.repair(Repair.TAKEN_FOR, first, text)
    elif origin.published is None:
        remarks.doubt(Doubt.DATE_MISSING, first, f"{cited(origin.source)} names no year")
    if entry and entry.author and squeeze(entry.author) != squeeze(author):
        text = f"the contents page names {cited(entry.author)}, the article {cited(author)}"
        remarks.doubt(Doubt.CONTENTS, first, text)
    if not author:
        author = entry.author if entry else ""
        if not author:
            remarks.doubt(Doubt.NO_AUTHOR, first, f"{cited(title)} names no author")
    return PrintedArticle(
        line=first,
        title=title,
        author=author,
        post=post,
        source=origin.source,
        published=origin.published,
        parts=outline(body, remarks, levels_tell=levels_tell),
    )


def _title(
    group: Sequence[Paragraph], by_title: Mapping[str, Entry]
) -> tuple[Entry | None, str, Sequence[Paragraph]]:
    """The entry of the contents page, the title, and what stands below it."""
    for size in (3, 2, 1):
        entry = by_title.get(_joined_title(group, 0, size))
        if entry:
            title = group[0].text if size == 1 else entry.title
            return entry, title, group[size:]
    title, size = group[0].text, 1
    if len(group) > 2 and group[0].level and group[1].level and _goes_on_as_title(group):
        title, size = f"{title} {group[1].text}", 2
    if len(group) > size + 1 and _SUBTITLE.match(group[size].text) and _may_be_title(group[size]):
        title, size = title + group[size].text, size + 1
    return None, title, group[size:]


def _goes_on_as_title(group: Sequence[Paragraph]) -> bool:
    """Whether a second marked line belongs to the title: no author's name, no numbered heading."""
    text = group[1].text
    return (
        group[1].level == group[0].level
        and read_numbering(text) is None
        and len(squeeze(text)) > 4
        and len(group[2].text) <= _LONGEST_AUTHOR
        and _may_be_title(group[2])
    )


def _author(rest: Sequence[Paragraph], entry: Entry | None) -> tuple[str, str, Sequence[Paragraph]]:
    """The author, the post where it stands beside the name, and what stands below."""
    known = squeeze(entry.author) if entry else ""
    for at, one in enumerate(rest[:3]):
        if not _may_be_author(one):
            break
        if known and known not in squeeze(one.text):
            continue
        name, post = _name_and_post(one.text, known)
        return name, post, [*rest[:at], *rest[at + 1 :]]
    if known or not rest or not _may_be_author(rest[0]):
        return "", "", rest
    name, post = _name_and_post(rest[0].text, "")
    return name, post, rest[1:]


def _may_be_author(one: Paragraph) -> bool:
    numbering = read_numbering(one.text)
    return (
        len(one.text) <= (_LONGEST_AUTHOR if not one.level else 12)
        and not one.text.endswith(tuple("。！？；：，、…—”"))
        and "。" not in one.text
        and numbering is None
        and read_origin(one.text) is None
        and not read_post(one.text)
    )


def _name_and_post(text: str, known: str) -> tuple[str, str]:
    text = _NAMED.sub("", text.strip()).strip()
    beside = _BESIDE.match(text)
    if beside:
        return _close(beside["name"]), beside["post"].strip()
    if known and known != squeeze(text):
        left = squeeze(text).replace(known, "", 1).strip("、，,")
        if len(left) >= 4:
            return known, left
    if not known and _GAP.search(text):
        pieces = [squeeze(piece) for piece in _GAP.split(text) if piece.strip()]
        if len(pieces) == 2 and max(map(len, pieces)) >= 6 and min(map(len, pieces)) <= 4:
            post, name = sorted(pieces, key=len, reverse=True)
            return name, post
    return _close(text), ""


def _close(name: str) -> str:
    """A name of two characters without the space that sets them apart."""
    return _TWO.sub(r"\1\2", name.strip())


def _without_origin(
    rest: Sequence[Paragraph], post: str
) -> tuple[Origin | None, str, list[Paragraph]]:
    """The source line, the author's post, and the body without the lines that told them."""
    origin: Origin | None = None
    body: list[Paragraph] = []
    for one in rest:
        found = read_origin(one.text) if _may_stand_aside(one, rest) else None
        told = "" if found else read_post(one.text)
        if found and origin is None:
            origin = found
            post = found.post or post
        elif told:
            post = post or told
        elif not _COLOPHON.match(one.text):
            body.append(one)
    return origin, post, body


def _may_stand_aside(one: Paragraph, rest: Sequence[Paragraph]) -> bool:
    """Source lines stand above or below the text: near either end."""
    return one in rest[:3] or one in rest[-4:]


def with_author(article: PrintedArticle) -> PrintedArticle:
    """The article; where no author is named, its publication answers for it."""
    if article.author:
        return article
    named = re.match(r"《[^》]+》|[^\d《》，,（(]+", article.source)
    return replace(article, author=named[0].strip("《》 ") if named else "佚名")
