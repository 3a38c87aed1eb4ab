"""The terminals of the date grammar: what stands at a place of the line.

Here live the folding of signs (width, script, brackets; one sign for one, so offsets
stay true), vocabulary tables, and the borders of words. No meaning, no calendar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from bot.search.dates.numerals import CHINESE_NUMERALS, DIGITS, Number, read_number

T = TypeVar("T")


class Read(NamedTuple, Generic[T]):
    """One way to read the line from some place: where it ends and what it is."""

    end: int
    value: T


# Traditional signs of this grammar's vocabulary. The general conversion (OpenCC) may
# change the length of a text; here every sign stays where it is.
_TRADITIONAL = (
    "號号來来個个從从間间後后週周禮礼過过內内這这兩两節节國国慶庆勞劳動动兒儿婦妇陽阳"
    "歷历曆历農农爲为為为現现當当於于與与關关時时規规劃划聖圣誕诞幾几數数臘腊紀纪黨党"
    "軍军師师連连開开論论講讲話话說说談谈對对裡里裏里發发會会萬万億亿貳贰陸陆壹壹參叁"
    "蟄蛰穀谷滿满種种處处產产聯联計计劉刘還还讓让將将約约離离親亲終终結结闰闰閏闰醫医"
    "護护誌志記记該该該该學学業业書书無无義义團团體体領领導导場场單单"
)
_COMMAS = frozenset("、,和与及")
_QUOTE = '"'
_QUOTES = "'“”„‟「」『』‘’＂﹁﹂﹃﹄《》"
_DASHES = "–—―－−‒‐‑─﹣ー"
_TILDES = "～〜∼˜﹏"
_FOLD = (
    {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F))}
    | {ord(_TRADITIONAL[i]): _TRADITIONAL[i + 1] for i in range(0, len(_TRADITIONAL), 2)}
    | {ord(quote): _QUOTE for quote in _QUOTES}
    | {ord(dash): "-" for dash in _DASHES}
    | {ord(tilde): "~" for tilde in _TILDES}
    | {ord(bracket): "(" for bracket in "（〔【［〈"}
    | {ord(bracket): ")" for bracket in "）〕】］〉"}
)


# A full stop between figures, as keyboards set it in Chinese: 2024。3。5.
_CHINESE_STOP = re.compile(r"(?<=\d)[。｡](?=\d)")


def fold(text: str) -> str:
    """The text with every sign in one form, sign for sign: the result is as long."""
    return _CHINESE_STOP.sub(".", text).translate(_FOLD)


class Table(Generic[T]):
    """Words and what each means.

    `by_sign` holds them by their first sign, then their second ("" for words of one sign,
    which stand behind the longer ones too), the longest first: most look-ups end at once.

    `unless_before` and `unless_after` name, for a word, the signs that make it part of
    another word when they stand right behind it (今年 in 今年轻人) or right before it
    (明年 in 文明年代).
    """

    def __init__(
        self,
        words: Mapping[str, T],
        *,
        unless_before: Mapping[str, str] | None = None,
        unless_after: Mapping[str, str] | None = None,
    ) -> None:
        self.by_sign: dict[str, dict[str, list[tuple[str, T]]]] = {}
        longest_first = sorted(words, key=len, reverse=True)
        for word in longest_first:
            group = self.by_sign.setdefault(word[0], {"": []})
            group.setdefault(word[1:2], []).append((word, words[word]))
        for group in self.by_sign.values():
            for second, candidates in group.items():
                if second:
                    candidates += group[""]
            if not group[""]:
                del group[""]  # then most signs behind end the look-up
        self._unless_before = unless_before or {}
        self._unless_after = unless_after or {}
        # The words that may be a piece of another, which must be looked at more closely.
        self.pieces = frozenset([*self._unless_before, *self._unless_after])

    def is_itself(self, word: str, text: str, at: int) -> bool:
        """False where the signs around make the word a piece of another."""
        if word in self._unless_before:
            behind = text[at + len(word) : at + len(word) + 1]
            if behind and behind in self._unless_before[word]:
                return False
        return not (word in self._unless_after and at and text[at - 1] in self._unless_after[word])


def first_signs(*tables: Table[Any]) -> frozenset[str]:
    """Every sign that a word of the tables begins with."""
    return frozenset().union(*(table.by_sign for table in tables))


def beginnings(*tables: Table[Any]) -> frozenset[str]:
    """The first two signs of every word of the tables, or its only one."""
    return frozenset(
        word[:2]
        for table in tables
        for group in table.by_sign.values()
        for candidates in group.values()
        for word, _ in candidates
    )


def quoted(*tables: Table[Any]) -> frozenset[str]:
    """The first two signs of every word of the tables in quotation marks."""
    return frozenset(_QUOTE + sign for sign in first_signs(*tables))


def each(words: str, meaning: T) -> dict[str, T]:
    """The words (blanks between them), all of one meaning."""
    return dict.fromkeys(words.split(), meaning)


def signs(words: str) -> dict[str, str]:
    """Words (blanks between them) that mean themselves, for a `Table` of function words."""
    return {word: word for word in words.split()}


class Line:
    """A folded line of text, read from any place; blanks between terminals are passed over."""

    def __init__(self, text: str) -> None:
        self.text = fold(text)
        # Looked up thousands of times a line: the sign at every place and one past the
        # last, and from every place the next that is not a blank.
        self._signs: list[str] = [*self.text, ""]
        self._next = list(range(len(self._signs)))
        for at in range(len(self.text) - 1, -1, -1):
            if self._signs[at].isspace():
                self._next[at] = self._next[at + 1]
        self._numbers: dict[int, tuple[Read[Number], ...]] = {}

    def skip(self, at: int) -> int:
        """The place of the first sign from `at` that is not a blank."""
        return self._next[at]

    def beginning(self, at: int) -> str:
        """The first sign from `at` that is not a blank and the one behind it."""
        at = self._next[at]
        return self.text[at : at + 2]

    def begins(self, at: int, words: frozenset[str]) -> bool:
        """Whether a word may stand at `at`, of those whose `beginnings` are given."""
        at = self._next[at]
        return self._signs[at] in words or self.text[at : at + 2] in words

    def sign_after(self, at: int) -> str:
        """The first sign from `at` that is not a blank; empty at the end."""
        return self._signs[self._next[at]]

    def words(self, at: int, table: Table[T]) -> Sequence[Read[T]]:
        """Every word of the table that stands at `at`, the longest first."""
        at = self._next[at]
        group = table.by_sign.get(self._signs[at])
        if group is None:
            return ()
        candidates = group.get(self._signs[at + 1]) or group.get("")
        if candidates is None:
            return ()
        text = self.text
        return [
            Read(at + len(word), meaning)
            for word, meaning in candidates
            if text.startswith(word, at)
            and (word not in table.pieces or table.is_itself(word, text, at))
        ]

    def numbers(self, at: int) -> Sequence[Read[Number]]:
        """The number that stands at `at`, whole; kept, for every production asks for it."""
        at = self._next[at]
        if at not in self._numbers:
            end, number = read_number(self.text, at)
            self._numbers[at] = () if number is None else (Read(end, number),)
        return self._numbers[at]

    def optionally(self, at: int, table: Table[T]) -> Sequence[int]:
        """The end of each word of the table at `at`, and `at` itself: the word may be missing."""
        words = self.words(at, table)
        return (*(word.end for word in words), at) if words else (at,)

    def has(self, at: int, table: Table[T]) -> bool:
        """True when a word of the table stands at `at`."""
        return bool(self.words(at, table))

    def is_inside_number(self, at: int) -> bool:
        """True when a numeral at `at` continues a number, a version, an id or 第…"""
        before = self.text[at - 1 : at] if at else ""
        if not before:
            return False
        if self.text[at] in DIGITS:
            if before in DIGITS or (before.isascii() and (before.isalpha() or before == "_")):
                return True
            if before in ".-/:·" and at > 1 and self.text[at - 2].isascii():
                return self.text[at - 2].isalnum()
        return before == "第" or before in CHINESE_NUMERALS or before in DIGITS

    def is_inside_list(self, at: int) -> bool:
        """True when a number and a comma stand before `at`: a list there began earlier."""
        before = self.text[max(0, at - 8) : at].rstrip()
        if before[-1:] not in _COMMAS:
            return False
        number = before[:-1].rstrip()[-1:]
        return number in CHINESE_NUMERALS or (number in DIGITS and number != "")

    def is_free_before(self, at: int, function_words: tuple[str, ...]) -> bool:
        """True when no word runs into `at`: a border, or a function word, stands before it."""
        if at == 0 or not self.text[at - 1].isalnum():
            return True
        return self.text.endswith(function_words, 0, at)

    def is_free_after(self, at: int, function_words: tuple[str, ...]) -> bool:
        """True when no word runs on from `at`: a border, or a function word, stands there."""
        if at >= len(self.text) or not self.text[at].isalnum():
            return True
        return self.text.startswith(function_words, at)
