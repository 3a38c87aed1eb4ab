"""Numbers in the other figures: 从零到一 is written 从0到1, 20大 is written 二十大.

Tried only for a text that stands nowhere as typed; whether the other form stands anywhere
is asked by the caller. What must not live here: dates, the corpus.
"""

from __future__ import annotations

import re

from bot.search.dates.numerals import read_number

_CHINESE = re.compile("[〇零一二两三四五六七八九十百千]+")
_PERCENT = re.compile("百分之([〇零一二三四五六七八九十百]+)(?:点([〇零一二三四五六七八九]+))?")
_SMALL = re.compile(r"(?<![\d.])[1-9]?\d(?![\d.%])")
_SIGNS = "零一二三四五六七八九"


def in_other_figures(folded: str) -> tuple[str, ...]:
    """A folded text with its Chinese numerals as Arabic ones, and the other way, if it has any.

    Arabic numbers are spelt out up to 99.
    """
    arabic = _PERCENT.sub(_percent, folded)
    arabic = _CHINESE.sub(lambda match: _arabic(match[0]), arabic)
    chinese = _SMALL.sub(lambda match: _chinese(int(match[0])), folded)
    return tuple(form for form in dict.fromkeys((arabic, chinese)) if form != folded)


def _percent(match: re.Match[str]) -> str:
    decimals = "".join(_arabic(one) for one in match[2] or "")
    return f"{_arabic(match[1])}{'.' if decimals else ''}{decimals}%"


def _arabic(run: str) -> str:
    end, number = read_number(run, 0)
    return run if number is None or end < len(run) else str(number.value)


def _chinese(number: int) -> str:
    if number < 10:
        return _SIGNS[number]
    tens, ones = divmod(number, 10)
    return (_SIGNS[tens] if tens > 1 else "") + "十" + (_SIGNS[ones] if ones else "")
