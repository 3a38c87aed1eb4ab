"""What people write after 订阅 and 设置, in any order: `7:30 工作日 只推 人工智能 语言 繁體`.

Here lives the cutting of such a line into single wishes. Reading one time, one zone or
some days is `study.words`; what is done with a wish is `chat.settings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from bot.errors import StudyWordError
from bot.model import Card, Content, Days, Language, QuoteOrder, ReadingOrder, Script
from bot.search.text import fold
from bot.study.words import read_days, read_time, read_zone

# What is written is folded before it is looked up here: width, case, blanks and script are gone.
_CONTENTS = {
    "论述和阅读": Content.BOTH,
    "论述+阅读": Content.BOTH,
    "都推": Content.BOTH,
    "都要": Content.BOTH,
    "both": Content.BOTH,
    "只推论述": Content.QUOTE,
    "只要论述": Content.QUOTE,
    "quotationsonly": Content.QUOTE,
    "只推阅读": Content.READING,
    "只要阅读": Content.READING,
    "只推文章": Content.READING,
    "只要文章": Content.READING,
    "readingsonly": Content.READING,
}
_QUOTE_ORDERS = {
    "按日期": QuoteOrder.DATE,
    "按日期先后": QuoteOrder.DATE,
    "那年今日": QuoteOrder.ROUND,
    "轮着来": QuoteOrder.ROUND,
    "轮流": QuoteOrder.ROUND,
}
_READING_ORDERS = {
    "按文章顺序": ReadingOrder.SEQUENCE,
    "按顺序": ReadingOrder.SEQUENCE,
    "与论述相近": ReadingOrder.NEAREST,
    "与当天论述相近": ReadingOrder.NEAREST,
}
_CARDS = {
    "图文": Card.LIGHT,
    "图加文": Card.LIGHT,
    "图+文": Card.LIGHT,
    "pictures": Card.LIGHT,
    "图文浅色": Card.LIGHT,
    "图文深色": Card.DARK,
    "图文大字": Card.LARGE,
    "大字图文": Card.LARGE,
    "不要图文": Card.NONE,
    "图文关": Card.NONE,
    "只发文字": Card.NONE,
    "nopictures": Card.NONE,
}
_LANGUAGES = {
    "简体": Language.SIMPLIFIED,
    "简体中文": Language.SIMPLIFIED,
    "中文": Language.SIMPLIFIED,
    "chinese": Language.SIMPLIFIED,
    "simplifiedchinese": Language.SIMPLIFIED,
    "繁体": Language.TRADITIONAL,
    "繁体中文": Language.TRADITIONAL,
    "正体": Language.TRADITIONAL,
    "正体中文": Language.TRADITIONAL,
    "traditional": Language.TRADITIONAL,
    "traditionalchinese": Language.TRADITIONAL,
    "english": Language.ENGLISH,
    "英文": Language.ENGLISH,
    "英语": Language.ENGLISH,
}
_LANGUAGE_NAMES = ("语言", "界面", "介面", "language")
_SCRIPTS = {
    "原文": Script.PRINTED,
    "按原文": Script.PRINTED,
    "简体": Script.PRINTED,
    "printed": Script.PRINTED,
    "asprinted": Script.PRINTED,
    "繁体": Script.TRADITIONAL,
    "正体": Script.TRADITIONAL,
    "traditional": Script.TRADITIONAL,
}
_SCRIPT_NAMES = ("引文", "引文字体", "quotations", "quotation")
_CHECK_INS = {
    "打卡按钮": True,
    "打卡开": True,
    "放打卡": True,
    "打卡关": False,
    "不放打卡": False,
    "不要打卡": False,
}
_PLACES = {
    "这个话题": True,
    "本话题": True,
    "here": True,
    "常规": False,
    "常规话题": False,
    "general": False,
}
_ANY_THEME = ("不限", "不限专题", "全部专题", "所有专题", "anytheme")
_THEME = re.compile(r"(?:只推|只要|专题|專題|theme(?=\s))\s?(?P<theme>\S.*)", re.S)

# Words that only name what follows: 时间 7:30.
_NAMES = frozenset(
    (
        *("时间", "时区", "推送日", "日子", "日期", "内容", "话题", "每日推送"),
        *("论述", "阅读", "论述顺序", "阅读顺序", "顺序", "改成", "改为", "设为"),
        *("time", "zone", "timezone", "days", "content", "topic"),
        *(*_LANGUAGE_NAMES, *_SCRIPT_NAMES),
    )
)
_LONGEST_LINE = 200  # characters
_MOST_PIECES = 8  # of a line, that are read as one
_SEPARATORS = re.compile(r"[\s,，;；。]+")
_TIME_INSIDE = re.compile(
    r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里)?\d{1,2}(?:[:：]\d{2}|[点點时時](?:半|\d{1,2}分?)?)"
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for; None where nothing was said. `theme` "" is every theme.

    `here` is True for the topic one writes in, False for the general one.
    """

    push_at: time | None = None
    zone: str | None = None
    days: Days | None = None
    content: Content | None = None
    quote_order: QuoteOrder | None = None
    reading_order: ReadingOrder | None = None
    theme: str | None = None
    here: bool | None = None
    card: Card | None = None
    has_check_in: bool | None = None
    language: Language | None = None
    script: Script | None = None

    @property
    def said(self) -> Mapping[str, Any]:
        """The wishes that were uttered, by name."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in named.items() if value is not None}


class NotUnderstoodError(Exception):
    """A piece of the line that is none of the known wishes."""

    def __init__(self, piece: str) -> None:
        super().__init__(piece)
        self.piece = piece


def read_wishes(text: str, topics: Iterable[str]) -> Wishes:
    """The wishes of a line; `topics` are the themes there are.

    Pieces stand apart by white space; as many of them as make sense together are read as
    one (`周一 周三`, `早上 8点`). Raises StudyWordError for an impossible time, zone or
    days, with its sentence and example, and NotUnderstoodError for anything else.
    """
    if len(text) > _LONGEST_LINE:
        raise NotUnderstoodError(text)
    pieces = [piece for piece in _SEPARATORS.split(_apart(text)) if piece]
    known = {fold(topic): topic for topic in topics}
    wishes = Wishes()
    name = ""
    at = 0
    while at < len(pieces):
        for end in range(min(len(pieces), at + _MOST_PIECES), at, -1):
            found = _read(" ".join(pieces[at:end]), known)
            if found is not None:
                wishes = replace(wishes, **found)
                name = "" if found else pieces[at]
                at = end
                break
        else:
            _refuse(pieces[at], name)
    return wishes


def _apart(text: str) -> str:
    """White space around a time that is written together with other words: 每天8点."""
    return _TIME_INSIDE.sub(lambda match: f" {match.group()} ", text)


def _read(piece: str, topics: Mapping[str, str]) -> dict[str, Any] | None:
    """One wish as fields of `Wishes`, an empty one for a mere name, None when it is neither."""
    compact = fold(piece)
    if compact in _NAMES:
        return {}
    for field, table in _TABLES.items():
        if compact in table:
            return {field: table[compact]}
    named = _THEME.fullmatch(piece)
    theme = named["theme"] if named else piece
    if fold(theme) in _ANY_THEME:
        return {"theme": ""}
    # A theme nobody has heard of is one word, or it would swallow what follows it.
    if fold(theme) in topics or (named and " " not in theme):
        return {"theme": topics.get(fold(theme), theme)}
    for field, reader in _READERS.items():
        try:
            return {field: reader(piece)}
        except StudyWordError:
            continue
    return None


_TABLES: dict[str, Mapping[str, Any]] = {
    "content": _CONTENTS,
    "quote_order": _QUOTE_ORDERS,
    "reading_order": _READING_ORDERS,
    "card": _CARDS,
    "has_check_in": _CHECK_INS,
    "here": _PLACES,
    "language": {
        name + word: to for name in ("", *_LANGUAGE_NAMES) for word, to in _LANGUAGES.items()
    },
    "script": {name + word: to for name in _SCRIPT_NAMES for word, to in _SCRIPTS.items()},
}
_READERS: dict[str, Callable[[str], Any]] = {
    "push_at": read_time,
    "days": read_days,
    "zone": read_zone,
}


_READER_OF_NAME: dict[str, Callable[[str], Any]] = {
    "时间": read_time,
    "时区": read_zone,
    "推送日": read_days,
    "日子": read_days,
    "日期": read_days,
    "time": read_time,
    "zone": read_zone,
    "days": read_days,
}


def _refuse(piece: str, name: str) -> None:
    """Raise the error that fits `piece`, which follows the name of a setting or none ("")."""
    if fold(name) in _READER_OF_NAME:
        _READER_OF_NAME[fold(name)](piece)
    elif re.search(r"\d", piece):
        read_time(piece)
    elif re.match(r"每|周|星期|礼拜", piece):
        read_days(piece)
    raise NotUnderstoodError(piece)
