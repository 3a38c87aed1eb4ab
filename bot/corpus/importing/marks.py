"""The lines that give a booklet its structure, each in all the forms it is met in.

- The part marks `【重要论述】` and `【学习参考】`.
- The attribution below a quotation: `——在…上的讲话（2024年3月5日）`. The dash may be one to six
  of any kind, the brackets full or half width, the date a range or a month, Chinese or Latin,
  in front, or behind a comma; a document may stand for the occasion.
- The source below an article: `（选自《学习时报》2026年3月25日，作者系…研究员）`, with 摘自, 来源
  and the like, an issue, a volume or a day, the author's post in it or on a line of its own.
- A line of the contents page: it ends with a page, behind dots or in brackets.
- The numbers of headings: `一、` `（一）` `1.` `1.1` `（1）` `①` `第一章`.

Where such lines may stand is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.corpus.importing.wording import (
    DASH,
    Dated,
    ImpossibleDateError,
    find_date,
    number_of,
    squeeze,
)
from bot.model import PartialDate

QUOTES_PART, ARTICLES_PART = "重要论述", "学习参考"

_PARTS = {
    "重要论述": QUOTES_PART,
    "论述摘编": QUOTES_PART,
    "论述选编": QUOTES_PART,
    "学习参考": ARTICLES_PART,
    "参考文章": ARTICLES_PART,
    "参考资料": ARTICLES_PART,
    "学习资料": ARTICLES_PART,
    "理论文章": ARTICLES_PART,
}
_BRACKETED_PART = re.compile(r"[【\[〔『「]?(?:第?[一二]、?(?:部分)?[、：:]?)?(\w{4})[】\]〕』」]?")

_ENTRY_END = re.compile(
    r"(?:(?:[.．·…⋯‥。\s]{2,}|\t)\s*[（(]?\s*\d{1,3}\s*[）)]?|[（(]\s*\d{1,3}\s*[）)])$"
)
_ENTRY_END_BEHIND_NAME = re.compile(r"\s+\d{1,3}$")
_DOTS = re.compile(r"[…⋯‥]{2}|[.．·]{4}|\t")
_LONGEST_ENTRY = 120

_LONGEST_ATTRIBUTION = 160
_OPENS_OCCASION = (*"在《致对给同主参出视考就为向于", "会见", "习近平", "关于")
_DASHED = re.compile(rf"{DASH}\s*(?=\S)")
_IN_BRACKETS = re.compile(
    r"(?P<occasion>.*?)[,，]?\s*[（(\[〔【](?P<date>[^（）()]*)[）)\]〕】]\s*。?$"
)
_RUN_IN = re.compile(
    r"(?<=[。！？”…）)])\s*(?P<line>(?:(?:[—–―─] ?){1,6}|-{2,6})[^。！？]{2,150}[）)]\s*。?)$"
)
_SAME_AS_ABOVE = re.compile(rf"{DASH}?\s*[（(]?同(?:上|前)[）)]?。?$")

_SOURCE_OPENER = (
    r"(?:(?:本文|原文|文章)?(?:选自|摘自|摘编自|转自|转载自|原载于?|刊载于|刊于|载于?|刊发于|发表于)"
    r"|(?:文章|资料|信息)?(?:来源|出处)\s*[:：于]?)"
)
_SOURCE_LINE = re.compile(
    rf"(?:{DASH}\s*)?(?P<open>[（(【\[]?)\s*{_SOURCE_OPENER}\s*[:：]?\s*(?P<body>\S.*?)\s*[）)】\]]?\s*。?$"
)
_POST = re.compile(
    r"[，,。；;、]?\s*(?:本文)?作者(?:\S{0,12}?(?:分别)?(?:系|为|是)|(?:单位|简介|职务)?\s*[:：])\s*(?P<post>.+)$"
)
_POST_LINE = re.compile(
    r"[（(【\[]?\s*(?:本文)?作者(?:\S{0,12}?(?:分别)?(?:系|为|是)|(?:单位|简介|职务)\s*[:：])"
    r"\s*(?P<post>.+?)\s*[）)】\]]?。?$"
)
_ISSUE = re.compile(
    r"第\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[期号]|(?<=\d)[年/]\s*(\d{1,2})\s*期"
)
_SEMIMONTHLY = re.compile("求是|红旗文稿|半月谈|学习活页文选|党课参考|学习月刊|中国经济周刊")

_HAN = r"[一二三四五六七八九十百]{1,4}"
_NUMBERINGS = (
    re.compile(rf"第({_HAN}|\d{{1,2}})[章编篇部节](?:分)?[、：:\s]*"),
    re.compile(rf"({_HAN})[、．.]\s*"),
    re.compile(rf"[（(]\s*({_HAN})\s*[）)]、?\s*"),
    re.compile(r"(\d{1,2})(?:[、．]\s*|\.\s*(?!\d)|\s+(?=[^\s\d]))"),
    re.compile(r"\d{1,2}\.(\d{1,2})(?:[、．.]|(?![\d%]))\s*(?=[^\d])"),
    re.compile(r"[（(]\s*(\d{1,2})\s*[）)]\s*"),
    re.compile(r"([①-⑳])\s*"),
)
CHAPTER, HAN, HAN_IN_BRACKETS, DIGIT, DECIMAL, DIGIT_IN_BRACKETS, CIRCLED = range(7)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where and when a quotation was said. `until` is the last day of a range.

    `problem` is a date as written that no calendar has; `said_on` is None then.
    """

    occasion: str
    said_on: date | None
    until: date | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article is taken from: publication as printed, its date, the author's post.

    `published` is None when no year is given; `is_guess` when an issue stands for a month.
    """

    source: str
    published: PartialDate | None
    post: str = ""
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number before a heading: its kind (a rank, 0 the highest), value, and length."""

    rank: int
    number: int
    length: int


def part_of(text: str) -> str | None:
    """Which part begins with this line, or None."""
    found = _BRACKETED_PART.fullmatch(squeeze(text))
    return _PARTS.get(found[1]) if found else None


def contents_entry(text: str) -> str | None:
    """A line of the contents page without its page, or None when the text is none.

    The page stands behind dots or in brackets; behind the author where the dots are before.
    """
    if len(text) > _LONGEST_ENTRY:
        return None
    found = _ENTRY_END.search(text)
    if found is None and _DOTS.search(text):
        found = _ENTRY_END_BEHIND_NAME.search(text)
    return text[: found.start()] if found else None


def opens_attribution(text: str) -> bool:
    """Whether a line begins as an attribution does (it may end on the next page)."""
    return bool(_DASHED.match(text)) and len(text) <= _LONGEST_ATTRIBUTION


def is_same_as_above(text: str) -> bool:
    """Whether a line is `——同上`."""
    return bool(_SAME_AS_ABOVE.match(text))


def part_run_in(text: str) -> tuple[str, str] | None:
    """A paragraph and the attribution that stands at its end, when one does."""
    found = _RUN_IN.search(text[-_LONGEST_ATTRIBUTION - 2 :])
    if found is None or read_attribution(found["line"]) is None:
        return None
    return text[: len(text) - len(found["line"])].rstrip(), found["line"]


def read_attribution(text: str) -> Attribution | None:
    """What an attribution line says, or None when the text is none."""
    if len(text) > _LONGEST_ATTRIBUTION or read_origin(text) is not None:
        return None
    dash = _DASHED.match(text)
    body = text[dash.end() :].strip() if dash else text.strip()
    bracketed = _IN_BRACKETS.match(body)
    try:
        if bracketed and bracketed["occasion"]:
            found = find_date(bracketed["date"])
            if found and (dash or body.startswith(_OPENS_OCCASION)):
                return _attribution(bracketed["occasion"], found)
        if bracketed and not bracketed["occasion"]:  # wholly in brackets
            return _in_a_row(bracketed["date"])
        if dash:
            return _in_a_row(body)
    except ImpossibleDateError as error:
        occasion = bracketed["occasion"] if bracketed else body.replace(str(error), "")
        return Attribution(occasion.strip(" ，,："), None, problem=str(error))
    return None


def _in_a_row(body: str) -> Attribution | None:
    """Occasion and date without brackets: the date is in front, or behind."""
    found = find_date(body)
    if found is None or found.written.month is None:
        return None
    before, after = body[: found.start], body[found.end :].strip(" 。")
    if not before.strip(" ，,：") and after:
        return _attribution(after, found)
    if not after and before.strip():
        return _attribution(before, found)
    return None


def _attribution(occasion: str, found: Dated) -> Attribution | None:
    written = found.written
    if written.month is None:
        return None
    first, last = written.first_on, written.last_on
    until = found.until or (last if written.day is None else None)
    return Attribution(occasion.strip(" ，,：:\u3000"), first, until)


def read_origin(text: str) -> Origin | None:
    """What a source line says, or None when the text is none."""
    found = _SOURCE_LINE.match(text) if len(text) < 300 else None
    if found is None or (not found["open"] and len(text) > 120):
        return None
    body = found["body"]
    post = _POST.search(body)
    source = body[: post.start()] if post else body
    source = _balanced(source.strip(" ，,；;。"))
    origin = _dated(source)
    if origin.published is None and not found["open"] and not re.search("《|网|报|刊|社", source):
        return None
    return replace(origin, post=_balanced(post["post"].strip(" 。")) if post else "")


def _balanced(text: str) -> str:
    """The text with the closing bracket that belongs to it: `（2026年3月2日第9版` is cut short."""
    return text + "）" if text.count("（") > text.count("）") else text


def _dated(source: str) -> Origin:
    try:
        found = find_date(source)
    except ImpossibleDateError:
        found = None
    if found is None:
        return Origin(source, None)
    written = found.written
    issue = _ISSUE.search(source)
    if issue is None or written.month is not None:
        return Origin(source, written)
    number = number_of(issue[1] or issue[2])
    is_semimonthly = number > 12 or _SEMIMONTHLY.search(source) is not None
    month = (number + 1) // 2 if is_semimonthly else number
    if not 1 <= month <= 12:
        return Origin(source, written)
    return Origin(source, PartialDate(written.year, month), is_guess=True)


def read_post(text: str) -> str:
    """The author's post when the text is a line that tells it, else nothing."""
    found = _POST_LINE.fullmatch(text) if len(text) < 200 else None
    return found["post"] if found else ""


def read_numbering(text: str) -> Numbering | None:
    """The number that a text begins with, or None."""
    for rank, pattern in enumerate(_NUMBERINGS):
        found = pattern.match(text)
        if found and found.end() < len(text):
            number = ord(found[1]) - ord("①") + 1 if rank == CIRCLED else number_of(found[1])
            return Numbering(rank, number, found.end())
    return None
