"""What was typed -> `model.Query`: phrases, exclusions, dates, kinds and terms.

The grammar, in the order in which it is read:

    “…” "…" 「…」 『…』 ‘…’    a phrase: exactly this
    -词                       not this; only after white space or at the beginning
    what dates.scan finds     a date, outside phrases; “十四五”时期 is one
    论述 … / 文章 …            the first or the last word: only quotations / only readings
    关于 … 的论述              the same, in a sentence; 最新的论述 has the newest first
    请问 … 是什么              requests and questions: what they ask for is kept (filler)
    the rest                  terms, split at white space and at commas and stops

Wherever the text is more than its terms in a row, `Query.literal` keeps the whole of it: a
passage in which it stands as typed is an answer too, so no reading of a query can hide one.

What must not live here: dates (dates), finding (index), anything that reads the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.errors import QueryError
from bot.model import Kind, Order, Query, Term, When
from bot.search.dates import scan
from bot.search.filler import (
    ABOUT,
    WHO,
    asked_for,
    is_filler,
    without_question,
    without_request,
)
from bot.search.text import fold, simplified

MAX_CHARACTERS = 200

_EXAMPLE = "新质生产力"
_DATE_EXAMPLE = "2024年3月"
_SHOWN_CHARACTERS = 20  # of what was typed, in an error

_QUOTED = re.compile(
    r"""(?P<minus>(?<!\S)[-－−–])?
        (?: "([^"]*)" | ＂([^＂]*)＂ | “([^“”]*)”
          | 「([^「」]*)」 | 『([^『』]*)』 | ‘([^‘’]*)’ )""",
    re.VERBOSE,
)
# A number after the sign is a range or a negative number, unless a word goes on: -5G.
_EXCLUDED = re.compile(r"(?<!\S)[-－−–](?![-－−–\s])(?!\d+(?![\dA-Za-z]))([^\s，、；,;。！？!?]+)")
_SEPARATOR = re.compile(r"[\s、；;。！？!?|｜]+|(?<!\d)[,，]+|[,，]+(?!\d)")

_BRACKETS = (("《", "》"), ("〈", "〉"), ("（", "）"), ("(", ")"), ("【", "】"), ("[", "]"))
_QUOTES_WORD = r"(?:重要)?(?:论述|讲话精神|讲话|语录|金句|说法|话)"
_READINGS_WORD = r"(?:参考|学习)?(?:文章|读物)"
_KIND_WORDS = {
    "论述": Kind.QUOTE,
    "重要论述": Kind.QUOTE,
    "语录": Kind.QUOTE,
    "金句": Kind.QUOTE,
    "文章": Kind.READING,
    "参考文章": Kind.READING,
    "导读": Kind.READING,
}
# 关于 X 的论述: who and what it is about, in front; what kind it is, behind.
_IN_FRONT = re.compile(rf"^(?:的|里|中)?(?:{WHO}?{ABOUT}|{WHO}(?:对|谈|论|讲|说)(?!话))")
_BEHIND = re.compile(
    rf"(?:(?P<newest>的?(?:最新|最近)的?(?:[一几][条篇段次])?的?)|的?(?:所有|全部)的?"
    rf"|(?:所|曾)?(?:写|撰写|发表)?的|方面的|有(?:几|多少)[条篇段]"
    rf"|(?:都|还)?(?:有|发表过|发表了)(?:哪些|什么|没有))(?:相关|有关)?"
    rf"(?:(?P<quotes>{_QUOTES_WORD})|(?P<readings>{_READINGS_WORD}))(?:有哪些|有什么)?$"
)
# With a date: 讲话, 总书记讲话, 重要讲话. Without one it may be the name of an occasion.
_HIS_WORDS = re.compile(rf"^(?:{WHO})?的?(?:发表的?)?(?:重要)?(?:讲话|发言)(?:精神|内容|原文)?$")
_HIS_TITLE = re.compile(rf"(?!习近平$){WHO}的?$")
_NEWEST = re.compile(
    rf"""^{WHO}?(?:
        最新的?(?:{ABOUT})?(?P<words>.{{2,}}?)的?(?:重要)?
          (?:论述|讲话|语录|金句|(?P<readings>文章))
      | 最近(?:都|又|还)?(?:说|讲|谈|发表|提)(?:了|过)?(?:些|的)?(?:什么|哪些)(?:话|讲话|论述)?
    )$""",
    re.VERBOSE,
)
_SAID_WHAT = re.compile(
    rf"^{WHO}?(?:都|还)?(?:在哪[里儿]?讲话|(?:在哪[里儿]?)?(?:说|讲|谈|发表|提)(?:了|过|到)?"
    rf"(?:些|的)?(?:什么话?|哪些话?)?)$"
)
_WHO_ASKED = re.compile(WHO)
_FIRST_ASKED = re.compile(r"最早|首次|第一次")
_WHO_ALONE = re.compile(rf"{WHO}$")
_LEADING_LINK = re.compile(r"^(?:的|里的|中的|间的|内的)(?=.)")
_LINK_WORDS = """
    的 里 中 内 间 在 于 从 自 是 和 与 及 或 跟 以及 或者 还有 里的 中的 关于 有关
    那天 当天 这天 期间 有哪些 有什么 哪些 什么 所有 全部 所有的 全部的 日期
"""
_LINKS = frozenset(_LINK_WORDS.split())


@dataclass(slots=True)
class _Reading:
    """What has been understood so far; `pieces` are words and phrases in order."""

    pieces: list[Term] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    dates: list[When] = field(default_factory=list)
    kinds: frozenset[Kind] = frozenset(Kind)
    first: Kind | None = None
    order: Order = Order.RELEVANCE
    took_words: bool = False  # as a date, a kind or filler


def parse(text: str, today: date, *, dates_only: bool = False) -> Query:
    """Understand a query typed on `today`, a date in the chat's own zone.

    With `dates_only` whatever is not a date or a kind is refused. Raises QueryError, with a
    sentence fit to be shown, for an empty or overlong query, one that only excludes, and an
    impossible date.
    """
    typed = text.strip()
    _check_length(typed)
    reading = _Reading()
    at = 0
    for quoted in _phrases(typed, today):
        _read_unquoted(typed[at : quoted.start()], today, reading)
        _read_quoted(quoted, reading)
        at = quoted.end()
    _read_unquoted(typed[at:], today, reading)
    _take_requests(reading)
    _take_kinds(reading)
    if reading.dates or reading.took_words:
        _take_filler(reading)
    _take_questions(reading)
    if reading.dates:
        # A day is first of all that on which he spoke: 去年10月 is no issue of a journal.
        reading.first = Kind.QUOTE
    terms = tuple(_joined(_as_typed(reading.pieces, typed)))
    _check_sense(typed, terms, reading, dates_only=dates_only)
    return Query(
        text=typed,
        terms=terms,
        excluded=tuple(reading.excluded),
        dates=tuple(dict.fromkeys(reading.dates)),
        kinds=reading.kinds,
        first=reading.first,
        # By date alone, a passage with some of the terms might stand before one with all.
        order=reading.order if len(terms) < 2 else Order.RELEVANCE,
        literal="" if reading.excluded or _is_run(typed, terms) else typed,
    )


def _phrases(typed: str, today: date) -> Iterator[re.Match[str]]:
    """What is quoted, unless a date reaches beyond it: “十四五”时期, 2024年“五一”."""
    phrases = list(_QUOTED.finditer(typed))
    try:
        spans = scan(typed, today) if phrases else ()
    except QueryError:
        spans = ()  # if it is no phrase's, reading what is not quoted meets it again
    for quoted in phrases:
        start, end = quoted.span()
        reaching = (span for span in spans if span.start <= start and end <= span.end)
        if not any(span.end - span.start > end - start for span in reaching):
            yield quoted


def _read_quoted(quoted: re.Match[str], reading: _Reading) -> None:
    inside = next((group for group in quoted.groups()[1:] if group is not None), "").strip()
    if not fold(inside):
        return
    into = reading.excluded if quoted["minus"] else reading.pieces
    into.append(Term(inside, is_phrase=True))


def _read_unquoted(stretch: str, today: date, reading: _Reading) -> None:
    for excluded in _EXCLUDED.finditer(stretch):
        if fold(excluded[1]):
            reading.excluded.append(Term(_trimmed(excluded[1])))
    # Marks of the same length keep the offsets, and no date reaches across them.
    stretch = _EXCLUDED.sub(lambda match: "；" * len(match[0]), stretch)
    at = 0
    for span in scan(stretch, today):
        _read_words(stretch[at : span.start], reading)
        reading.dates.extend(span.when)
        reading.took_words = True
        at = span.end
    _read_words(stretch[at:], reading)


def _read_words(stretch: str, reading: _Reading) -> None:
    words = (_trimmed(simplified(word)) for word in _SEPARATOR.split(stretch))
    reading.pieces.extend(Term(word) for word in words if fold(word))


def _trimmed(word: str) -> str:
    """Without the marks around it: 《党建》 -> 党建, （一） -> 一, but 《党建》杂志 as it is."""
    kept = [at for at, character in enumerate(word) if fold(character)]
    if not kept:
        return ""
    start, end = kept[0], kept[-1] + 1
    for opening, closing in _BRACKETS:
        surplus = word[start:end].count(opening) - word[start:end].count(closing)
        if surplus < 0 and word[:start].endswith(opening):
            start -= 1
        elif surplus > 0 and word[end:].startswith(closing):
            end += 1
    return word[start:end]


def _take_requests(reading: _Reading) -> None:
    """What only asks is left out; a piece of nothing else goes where another stays."""
    kept = [
        piece
        for piece in reading.pieces
        if piece.is_phrase or not is_filler(piece.text) or _BEHIND.search(piece.text)
    ]
    if kept or reading.dates:
        reading.pieces = kept
    for at, piece in enumerate(reading.pieces):
        if not piece.is_phrase:
            reading.pieces[at] = Term(_trimmed(without_request(piece.text)))


def _take_kinds(reading: _Reading) -> None:
    """论述 or 文章 as the first or last word, 关于 … 的论述, and with a date 讲话 and 总书记."""
    pieces = reading.pieces
    if reading.dates:
        _take_his(reading)
    for at in (0, -1):
        if pieces and not pieces[at].is_phrase and pieces[at].text in _KIND_WORDS:
            reading.kinds = frozenset({_KIND_WORDS[pieces.pop(at).text]})
            reading.took_words = True
            return
    if not pieces or pieces[-1].is_phrase:
        return
    last = pieces[-1].text
    if _take_newest(reading):
        return
    # A phrase or a date may have come between: “…”的论述, 去年的论述.
    behind = _BEHIND.search(last)
    if behind is None or not _is_filler(behind, reading):
        return
    reading.kinds = frozenset({Kind.QUOTE if behind["quotes"] else Kind.READING})
    reading.took_words = True
    if behind["newest"]:
        reading.order = Order.NEWEST
    _replace_piece(pieces, len(pieces) - 1, last[: behind.start()])
    if pieces and not pieces[0].is_phrase:
        _replace_piece(pieces, 0, _IN_FRONT.sub("", pieces[0].text))
    _take_his(reading)


def _take_his(reading: _Reading) -> None:
    """讲话 as the last word, and 总书记 alone: beside a date or a kind they say whose words.

    His name stays, for every quotation has it.
    """
    pieces = reading.pieces
    if pieces and not pieces[-1].is_phrase and (said := _HIS_WORDS.search(pieces[-1].text)):
        reading.kinds = frozenset({Kind.QUOTE})
        _replace_piece(pieces, len(pieces) - 1, pieces[-1].text[: said.start()])
    if reading.kinds == frozenset({Kind.READING}):
        return
    for at in range(len(pieces) - 1, -1, -1):
        if not pieces[at].is_phrase and _HIS_TITLE.match(pieces[at].text):
            reading.kinds = frozenset({Kind.QUOTE})
            del pieces[at]


def _take_newest(reading: _Reading) -> bool:
    """最新的人工智能论述, and 总书记最近讲了什么: the newest first."""
    pieces = reading.pieces
    newest = _NEWEST.match(pieces[0].text) if len(pieces) == 1 else None
    if newest is None:
        return False
    reading.kinds = frozenset({Kind.READING if newest["readings"] else Kind.QUOTE})
    reading.order = Order.NEWEST
    reading.took_words = True
    _replace_piece(pieces, 0, newest["words"] or "")
    return True


def _is_filler(behind: re.Match[str], reading: _Reading) -> bool:
    """Whether 的讲话, 的论述 … is about the kind, not the name of an occasion."""
    if reading.dates or behind["newest"] or not behind.string[: behind.start()]:
        return True
    first = reading.pieces[0]
    if not first.is_phrase and _IN_FRONT.match(first.text):
        return True
    return behind[0].endswith(("论述", "语录", "金句", "文章"))


def _take_filler(reading: _Reading) -> None:
    """Words that only tie a date or a kind to the rest of the sentence."""
    pieces = reading.pieces
    for at in range(len(pieces) - 1, -1, -1):
        if pieces[at].is_phrase:
            continue
        text = "" if _SAID_WHAT.match(pieces[at].text) else pieces[at].text
        text = _LEADING_LINK.sub("", _IN_FRONT.sub("", text))
        if text in _LINKS or _SAID_WHAT.match(text):
            text = ""
        if text != pieces[at].text:
            reading.took_words = True
            _replace_piece(pieces, at, text)


def _take_questions(reading: _Reading) -> None:
    """What is asked for stays; a question about what he said has his words first, one when

    it was said first the oldest.
    """
    pieces: list[Term] = []
    for piece in reading.pieces:
        asked = (piece.text,) if piece.is_phrase else asked_for(without_question(piece.text))
        if asked == (piece.text,):
            pieces.append(piece)
            continue
        if _WHO_ASKED.match(piece.text):
            reading.first = Kind.QUOTE
        if _FIRST_ASKED.search(piece.text):
            reading.order = Order.OLDEST
        pieces += [Term(_trimmed(one)) for one in asked]
    is_asked = pieces != reading.pieces
    others = [piece for piece in pieces if piece.is_phrase or not _WHO_ALONE.match(piece.text)]
    if is_asked and len(others) < len(pieces) and (others or reading.dates):
        # 总书记 beside what he was asked about says who, not what.
        reading.first = Kind.QUOTE
        pieces = others
    reading.pieces = pieces


def _as_typed(pieces: Sequence[Term], typed: str) -> list[Term]:
    """The pieces with the signs that were typed, where `simplified` changed some of them."""
    plain = simplified(typed)
    if plain == typed:
        return list(pieces)
    found = [(piece, plain.find(piece.text)) for piece in pieces]
    return [
        piece
        if piece.is_phrase or at < 0
        else replace(piece, text=typed[at : at + len(piece.text)])
        for piece, at in found
    ]


def _replace_piece(pieces: list[Term], at: int, text: str) -> None:
    text = _trimmed(text)
    pieces[at : at + 1] = [Term(text)] if text else []


def _joined(pieces: Sequence[Term]) -> list[Term]:
    """The terms, each once; single characters alone (从 0 到 1) are one term."""
    if len(pieces) > 1 and all(
        len(fold(piece.text)) == 1 and not piece.is_phrase for piece in pieces
    ):
        return [Term(" ".join(piece.text for piece in pieces))]
    return list({(fold(piece.text), piece.is_phrase): piece for piece in pieces}.values())


def _is_run(typed: str, terms: Sequence[Term]) -> bool:
    """Whether the text is its terms in a row: no date, kind, filler or repetition in it."""
    return fold(typed) == "".join(fold(term.text) for term in terms)


def _check_length(typed: str) -> None:
    if len(typed) > MAX_CHARACTERS:
        raise QueryError(
            "查询太长：{length} 个字，最多 {most} 个字。请挑其中一句或几个词，例如：{example}",
            _EXAMPLE,
            length=len(typed),
            most=MAX_CHARACTERS,
        )
    if not fold(typed):
        raise QueryError("没有可以查找的字。请输入词语或日期，例如：{example}", _EXAMPLE)


def _check_sense(typed: str, terms: Sequence[Term], reading: _Reading, *, dates_only: bool) -> None:
    if dates_only and (terms or reading.excluded or not reading.dates):
        left = terms[0].text if terms else typed
        raise QueryError(
            "“{typed}”不是我认得的日期。请只输入日期，例如：{example}",
            _DATE_EXAMPLE,
            typed=_shortened(left),
        )
    if terms or reading.dates or reading.kinds != frozenset(Kind) or reading.took_words:
        return
    without = _shortened(reading.excluded[0].text) if reading.excluded else ""
    example = f"{_EXAMPLE} -{without}" if without else _EXAMPLE
    raise QueryError("只说了不要什么，还要说找什么，例如：{example}", example)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
