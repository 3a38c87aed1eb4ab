"""Characters, folded alike on both sides: what is indexed and what is typed.

`fold` takes every character on its own (a decimal point alone is told by its two digits), so
folding a piece of a text always gives a piece of the folded text. That is what makes search
complete; no phrase rule may ever be added here. Phrases that Taiwan words differently
(人工智慧) are converted on the query's side only, by `mainland`.

What must not live here: words, queries, files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Protocol

# Signs that carry meaning between characters: 人工智能+, 15%, R&D, 1×1, 37°.
KEPT_SIGNS = frozenset("+%‰&×÷=°$¥€£")

_POINT = re.compile(r"(?<=\d)[.．](?=\d)")  # 2.8% is not 28%

# GB 2312 is the simplified character set, but for these it also has the simplified form.
_TRADITIONAL_IN_GB2312 = frozenset("乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽")


# Half characters, as bytes that are no UTF-8 become on a command line; OpenCC refuses them.
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `origin[i]` is the offset in the original of folded character i."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The (start, end) offsets in the original of a not empty folded span."""
        return self.origin[start], self.origin[end - 1] + 1

    def spans(self, folded: str) -> tuple[tuple[int, int], ...]:
        """Where a folded text stands in the original, from left to right, not overlapping."""
        text, origin, length = self.text, self.origin, len(folded)
        found = []
        at = text.find(folded) if folded else -1
        while at >= 0:
            found.append((origin[at], origin[at + length - 1] + 1))
            at = text.find(folded, at + length)
        return tuple(found)


@lru_cache(maxsize=4)
def _converter(configuration: str) -> _Converter:
    # OpenCC is needed only for characters outside GB 2312: most processes never load it.
    from opencc import OpenCC

    converter: _Converter = OpenCC(configuration)
    return converter


def _simplify(character: str) -> str:
    if character < "\u3400" or character in _SURROGATES:
        return character
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return _converter("t2s").convert(character)
    if character in _TRADITIONAL_IN_GB2312:
        return _converter("t2s").convert(character)
    return character


def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    # isalnum leaves out white space, punctuation, emoji, accents and lone surrogates.
    return "".join(_simplify(one) for one in plain if one.isalnum() or one in KEPT_SIGNS)


class _Table(dict[int, str]):
    """Code point -> folded text, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_TABLE = _Table()


class _Lengths(dict[str, int]):
    """Character -> how many folded characters it becomes, filled as characters are met."""

    def __missing__(self, character: str) -> int:
        self[character] = length = len(_TABLE[ord(character)])
        return length


_LENGTHS = _Lengths()


def fold(text: str) -> str:
    """The form in which texts are compared: width, case, accents, script and marks are gone.

    Compatibility forms (NFKD) and case are folded, traditional characters become
    simplified one by one, and everything but letters, digits, the points of decimal numbers
    and `KEPT_SIGNS` is dropped.
    """
    if "." not in text and "．" not in text:
        return text.translate(_TABLE)
    return ".".join([one.translate(_TABLE) for one in _POINT.split(text)])


def simplified(text: str) -> str:
    """Every traditional character as its simplified one, sign for sign: as long as the text."""
    return "".join(map(_simplify, text))


def fold_with_origin(text: str) -> Folded:
    """`fold`, with the way back to the original: for highlighting."""
    lengths = list(map(_LENGTHS.__getitem__, text))
    for point in _POINT.finditer(text):
        lengths[point.start()] = 1
    if max(lengths, default=0) < 2:  # nearly every text: three times as fast
        return Folded(fold(text), tuple(compress(range(len(text)), lengths)))
    origin = (at for at, length in enumerate(lengths) for _ in range(length))
    return Folded(fold(text), tuple(origin))


def mainland(text: str) -> str:
    """A text in Taiwan's characters and wording as the mainland writes it (OpenCC `tw2sp`).

    人工智慧 -> 人工智能, 資訊 -> 信息. Depends on context: for queries, never for `fold`.
    """
    return _converter("tw2sp").convert(text.encode(errors="ignore").decode())


def grams(folded: str, length: int = 2) -> list[str]:
    """Overlapping runs of so many characters in order; a shorter text has none."""
    return [folded[at : at + length] for at in range(len(folded) - length + 1)]


def merge_spans(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans from left to right, those that touch or overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
