"""What people mean by the line behind 读书计划: `《…》 2周 每天 20:00 工作日`.

Here lives the cutting of that line into its parts, in any order: what is read (`《…》`, or a
number or id of an article without the marks: `第2篇`), over how many weeks, on which days and
at what time (`study.words`); or one word for what is to be done (暂停, 补课). No I/O and no
clock. A part that is impossible is a StudyWordError whose sentence ends in an example that
works.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import TypeVar

from bot.errors import StudyWordError
from bot.model import Days
from bot.study.dates_ahead import NUMBER, number
from bot.study.reading_plan import MOST_WEEKS
from bot.study.words import read_days, read_time, shown, simplified

EXAMPLE = "/readplan 4周"
LONGEST_LINE = 200  # characters

Read = TypeVar("Read")

_TITLE = re.compile(r"《(?P<title>[^《》]+)》|第\s?(?P<number>\d{1,3})\s?篇")
# 周一周三 are days, 一周 is none; nor is 每周.
_WEEKS = re.compile(
    rf"(?P<weeks>{NUMBER})\s?个?(?:(?:周|星期|礼拜)(?![一二三四五六日天1-7])|weeks?\b)", re.I
)
_BREAKS = re.compile(r"[\s,，。;；]+")
_FILLER = re.compile(r"(?:读完|读|共读|学完|用|整本|全部|全书)")


class Errand(StrEnum):
    """What is to be done with the plan that there is."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CATCH_UP = "catch up"


_ERRANDS = {
    "暂停": Errand.PAUSE,
    "暫停": Errand.PAUSE,
    "pause": Errand.PAUSE,
    "恢复": Errand.RESUME,
    "恢復": Errand.RESUME,
    "继续": Errand.RESUME,
    "繼續": Errand.RESUME,
    "resume": Errand.RESUME,
    "结束": Errand.STOP,
    "結束": Errand.STOP,
    "停止": Errand.STOP,
    "stop": Errand.STOP,
    "补课": Errand.CATCH_UP,
    "補課": Errand.CATCH_UP,
    "补": Errand.CATCH_UP,
}


@dataclass(frozen=True, slots=True)
class ReadingWish:
    """What a line asks for; None (and "") where it says nothing of it.

    `title` is a piece of an article's title, `article` its number in the list of articles.
    """

    title: str = ""
    article: int | None = None
    weeks: int | None = None
    at: time | None = None
    days: Days | None = None
    errand: Errand | None = None


def read_wish(text: str) -> ReadingWish:
    """Any part of a plan. Raises StudyWordError for what is not understood or impossible."""
    line = simplified(text).strip()
    if len(line) > LONGEST_LINE:
        raise StudyWordError(
            "“{typed}”太长了，最多{most}个字。可以这样写：{example}",
            EXAMPLE,
            typed=shown(text),
            most=LONGEST_LINE,
        )
    if line.casefold() in _ERRANDS:
        return ReadingWish(errand=_ERRANDS[line.casefold()])
    wish = ReadingWish()
    title = _TITLE.search(line)
    if title:
        article = int(title["number"]) if title["number"] else None
        wish = replace(wish, title=(title["title"] or "").strip(), article=article)
        line = _without(line, title)
    weeks = _WEEKS.search(line)
    if weeks:
        wish, line = replace(wish, weeks=_weeks(weeks)), _without(line, weeks)
    return _read_times(wish, [one for one in _BREAKS.split(_FILLER.sub(" ", line)) if one])


def _weeks(match: re.Match[str]) -> int:
    count = number(match["weeks"])
    if not 1 <= count <= MOST_WEEKS:
        raise StudyWordError(
            "“{typed}”不行，读书计划可以是 1 到 {most} 周。可以这样写：{example}",
            EXAMPLE,
            typed=shown(match.group()),
            most=MOST_WEEKS,
        )
    return count


def _read_times(wish: ReadingWish, words: list[str]) -> ReadingWish:
    """Times and days, each the longest run of words that is one: `周一 周三`, `早上 8点`."""
    at = 0
    while at < len(words):
        for end in range(len(words), at, -1):
            piece = " ".join(words[at:end])
            when, days = _understood(read_time, piece), _understood(read_days, piece)
            if when is not None:
                wish = replace(wish, at=when)
            elif days is not None:
                # 每天 20:00 工作日: the narrower of both is meant.
                is_wider = wish.days is not None and days == Days()
                wish = wish if is_wider else replace(wish, days=days)
            else:
                continue
            at = end
            break
        else:
            raise StudyWordError(
                "没看懂“{typed}”。写几周读完，也可以写哪篇、哪天、几点，例如：{example}",
                EXAMPLE,
                typed=shown(words[at]),
            )
    return wish


def _understood(read: Callable[[str], Read], piece: str) -> Read | None:
    """What the piece says; None when that is nothing of this kind."""
    try:
        return read(piece)
    except StudyWordError:
        return None


def _without(line: str, match: re.Match[str]) -> str:
    return f"{line[: match.start()]} {line[match.end() :]}"
