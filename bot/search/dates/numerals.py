"""Numbers as they are written in dates: Arabic digits, Chinese digits, Chinese counting.

Here lives how a run of numeral signs is read. What the number counts (years, days)
is the grammar's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

DIGITS = "0123456789"
_CHINESE_DIGITS = {
    sign: value
    for value, signs in enumerate(("〇零○◯", "一壹", "二贰两", "三叁", "四肆"))
    for sign in signs
} | {
    sign: value
    for value, signs in enumerate(("五伍", "六陆", "七柒", "八捌", "九玖"), start=5)
    for sign in signs
}
_TENS = {"廿": 20, "卅": 30}  # 廿三 is 23, 卅一 is 31
_MULTIPLIERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LATIN_ZEROS = "0Oo"  # as typed in 二0二四年 and 二O二四年

CHINESE_NUMERALS = frozenset(_CHINESE_DIGITS) | frozenset(_TENS) | frozenset(_MULTIPLIERS)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written. `digits` is how many digits spell it, 0 when it is counted (二十三)."""

    value: int
    digits: int
    is_arabic: bool

    @property
    def is_digit_pair(self) -> bool:
        """True for 三四: one number (34) as digits, but in 三四月 two, 3 and 4."""
        return (
            not self.is_arabic and self.digits == 2 and self.value % 10 == self.value // 10 + 1 > 1
        )


def read_number(text: str, at: int) -> tuple[int, Number | None]:
    """The end of the longest run of numeral signs from `at`, and the number it spells.

    The number is None where the run is empty or spells none (十四五, 三百百); the end is
    then still that of the run, so that a caller never begins in the middle of one.
    """
    if text[at : at + 1] not in _NUMERALS:
        return at, None
    end = at
    while end < len(text) and text[end] in DIGITS:
        end += 1
    if end > at:
        # Chinese numerals right behind the digits (3千, 20多) make it some other number.
        if end < len(text) and text[end] in _MULTIPLIERS:
            return end, None
        return end, _arabic(text[at : min(end, at + 12)], end - at)
    while end < len(text) and _continues(text, end, at):
        end += 1
    run = text[at:end]
    if run in _SINGLE:
        return end, _SINGLE[run]
    if all(sign in _CHINESE_DIGITS or sign in _LATIN_ZEROS for sign in run):
        value = 0
        for sign in run[:12]:
            value = value * 10 + _CHINESE_DIGITS.get(sign, 0)
        return end, Number(value, len(run), is_arabic=False)
    counted = _counted(run)
    return end, None if counted is None else Number(counted, 0, is_arabic=False)


@lru_cache(maxsize=4096)
def _arabic(figures: str, digits: int) -> Number:
    return Number(int(figures), digits, is_arabic=True)


_NUMERALS = CHINESE_NUMERALS | frozenset(DIGITS)
_SINGLE = {sign: Number(value, 1, is_arabic=False) for sign, value in _CHINESE_DIGITS.items()}
_MORE = CHINESE_NUMERALS | frozenset(_LATIN_ZEROS)


def _continues(text: str, at: int, began: int) -> bool:
    if text[at] in CHINESE_NUMERALS:
        return True
    return at > began and text[at] in _LATIN_ZEROS and at + 1 < len(text) and text[at + 1] in _MORE


def _counted(run: str) -> int | None:
    """The value of 十五, 二十三, 廿三, 一百零五, 二千零二十四; None when it is not well formed."""
    total, digit, ceiling = 0, None, 10_000
    for place, sign in enumerate(run):
        if sign in _MULTIPLIERS:
            unit = _MULTIPLIERS[sign]
            leads = place == 0 and unit == 10  # 十五 leaves the 一 before 十 out
            if unit >= ceiling or (not digit and not leads):
                return None
            total, digit, ceiling = total + (digit or 1) * unit, None, unit
        elif sign in _TENS:
            if digit is not None or ceiling <= 10:
                return None
            total, ceiling = total + _TENS[sign], 10
        elif digit:
            return None
        else:
            digit = _CHINESE_DIGITS.get(sign)
            if digit is None:
                return None
    return total + (digit or 0)
