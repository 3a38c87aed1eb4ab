"""What stands before the first quotation: title, publisher, month of issue, contents page.

A contents page names the parts and, for each article, its title, its author and its page,
with dots before the page; title and author may stand on two lines:

    【学习参考】
    加速布局未来产业 打造经济发展新增量
    ……………盛朝迅（59）

Where the cover ends is told in booklet.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.corpus.importing.marks import contents_entry, part_of
from bot.corpus.importing.paragraphs import Paragraph
from bot.corpus.importing.report import Remarks, cited
from bot.corpus.importing.wording import ImpossibleDateError, find_date, number_of, squeeze
from bot.model import Doubt, PartialDate

_LEADER = re.compile(r"\s*(?:[…⋯‥]{1,}|[.．·]{3,}|\t+|\s{3,})[.．·…⋯‥\s]*")
_QUOTES_TITLE = re.compile(
    r"(?P<title>.*论述.*?)\s*[（(]?(?P<count>\d{1,4}|[一二三四五六七八九十]{1,4})\s*[则条段][）)]?$"
)
_CONTENTS = re.compile(r"目\s*[录次]|内容提要")
_MONTH = re.compile(
    r"[（(]?\s*(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*(?:年|[./-])\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:月(?:\s*\S{1,3}日)?)?\s*(?:编印|印发|出版|印)?\s*[）)]?$"
)
_ISSUE = re.compile(r"(\d{4})\s*年\s*第\s*(\d{1,2})\s*期")
_ROLE_WORDS = re.compile(
    r"^(?:编印|主办|编者|编|主编|承办|编印单位|主办单位)\s*[:：]\s*|\s*(?:编印|编|主办)$"
)
_PARTICLES = ("关于", "的", "和", "与", "及", "重要论述")
_ASIDE = re.compile(r"[（(\[【].{1,30}[）)\]】]$|^(?:学习|参考|内部)资料$")
_ABOUT = re.compile("论述|讲话|精神|思想|关于")
_LONGEST_NAME = 12
_SPACE = re.compile(r"(?<=\S)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as the contents page names it; `author` may be empty."""

    title: str
    author: str
    line: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The imprint of a booklet. What it does not say is empty or None."""

    title: str
    publisher: str
    issued: PartialDate | None
    quotes_promised: int | None
    entries: tuple[Entry, ...]


def promised(text: str) -> int | None:
    """How many quotations a title promises (`…重要论述 30 则`), or None."""
    found = _QUOTES_TITLE.search(text)
    return number_of(found["count"]) or None if found else None


def is_quotes_title(text: str) -> bool:
    """Whether a line is the title above the quotations, with their number."""
    return len(text) < 80 and _QUOTES_TITLE.search(text) is not None


def read_cover(paragraphs: Sequence[Paragraph], body: str, remarks: Remarks) -> Cover:
    """The cover in the paragraphs before the text; `body` is all the text, to compare with."""
    entries, count, left = _read_contents(paragraphs)
    issued, at = _find_month(left)
    before = [one for one in left[:at] if not _ASIDE.search(one.text)] if at is not None else left
    title_lines = _title_lines(left)
    publisher = _publisher(left, at, [one for one in before if one not in title_lines])
    title = _one_title([one.text for one in title_lines], body)
    first = paragraphs[0].line if paragraphs else 0
    for what, found in (("title", title), ("publisher", publisher), ("month of issue", issued)):
        if not found:
            remarks.doubt(Doubt.COVER, first, f"no {what} on the cover")
    return Cover(title, publisher, issued, count, tuple(entries))


def _read_contents(
    paragraphs: Sequence[Paragraph],
) -> tuple[list[Entry], int | None, list[Paragraph]]:
    """The entries of the contents page, the number promised there, and what is no contents."""
    entries: list[Entry] = []
    count: int | None = None
    left: list[Paragraph] = []
    pending: list[Paragraph] = []
    is_contents = False
    for one in paragraphs:
        if part_of(one.text) or _CONTENTS.fullmatch(one.text.strip("【】[] ")):
            left += pending
            pending, is_contents = [], True
            continue
        text = contents_entry(one.text)
        if text is None:
            (pending if is_contents else left).append(one)
            continue
        if not is_contents and not left:
            is_contents = True
        if is_quotes_title(squeeze(text).rstrip(".…·⋯‥．")):
            count = promised(squeeze(text).rstrip(".…·⋯‥．"))
        else:
            entries.append(_entry(pending, text, one.line))
        pending = []
    return entries, count, left + pending


def _entry(pending: Sequence[Paragraph], text: str, line: int) -> Entry:
    lead, *rest = _LEADER.split(text) if _LEADER.search(text) else [text]
    if pending and not rest and len(text.strip()) <= _LONGEST_NAME:
        lead, rest = "", [text]  # the dots before a name were lost
    titles = [one.text for one in pending] + ([lead] if lead.strip() else [])
    author = " ".join(part.strip() for part in rest if part.strip())
    return Entry(" ".join(title.strip() for title in titles), _name(author), line)


def _name(text: str) -> str:
    """A name without the space that sets two characters apart."""
    return squeeze(text) if re.fullmatch(r"\S\s+\S", text) else text


def _find_month(left: Sequence[Paragraph]) -> tuple[PartialDate | None, int | None]:
    for at, one in enumerate(left):
        found = _MONTH.search(one.text)
        issue = _ISSUE.search(one.text)
        try:
            dated = find_date(found[0]) if found else None
        except ImpossibleDateError:
            continue
        if dated and dated.written.month:
            return PartialDate(dated.written.year, dated.written.month), at
        if issue and 1 <= int(issue[2]) <= 12:
            return PartialDate(int(issue[1]), int(issue[2])), at
    return None, None


def _title_lines(left: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs of the title: of what may be one, the first that says what it is about."""
    titles: list[list[Paragraph]] = []
    is_apart = True
    for one in left:
        if _ASIDE.search(one.text) or _MONTH.search(one.text) or _ISSUE.search(one.text):
            is_apart = True
        elif titles and not is_apart and _goes_on(titles[-1][-1], one):
            titles[-1].append(one)
        else:
            titles.append([one])
            is_apart = False
    telling = (lines for lines in titles if _ABOUT.search("".join(one.text for one in lines)))
    return next(telling, titles[0] if titles else [])


def _goes_on(before: Paragraph, one: Paragraph) -> bool:
    """Whether a line of the cover belongs to the title in the line before."""
    return (
        one.text.startswith(_PARTICLES)
        or (one.level > 0 and one.level == before.level)
        or before.text.endswith(("总书记", "关于", "的"))
    )


def _publisher(left: Sequence[Paragraph], at: int | None, others: Sequence[Paragraph]) -> str:
    """Who issued it: on the line of the month, or the last line before it."""
    if at is not None:
        beside = _MONTH.sub("", left[at].text).strip(" ，,（(")
        if beside and not _ISSUE.search(beside):
            return _ROLE_WORDS.sub("", beside).strip()
    named = [one.text for one in others if not _ASIDE.search(one.text)]
    if at is not None and not named:
        named = [one.text for one in left[at + 1 : at + 2]]
    return _ROLE_WORDS.sub("", _SPACE.sub("", named[-1])).strip() if named else ""


def _one_title(lines: Sequence[str], body: str) -> str:
    """The title in one line: a gap stays only where the text does not join its two sides."""
    title = " ".join(lines).strip()
    for gap in reversed(list(_SPACE.finditer(title))):
        before, after = title[: gap.start()], title[gap.end() :]
        is_one = before[-4:] + after[:4] in body or after.startswith(_PARTICLES)
        title = before + ("" if is_one else " ") + after
    return title


def doubt_entries(entries: Sequence[Entry], titles: Sequence[str], remarks: Remarks) -> None:
    """Doubt the articles that the contents page names and the text does not have."""
    found = {squeeze(title) for title in titles}
    for entry in entries:
        if squeeze(entry.title) not in found:
            text = f"the contents page names {cited(entry.title)}, which is no article's title"
            remarks.doubt(Doubt.CONTENTS, entry.line, text)
