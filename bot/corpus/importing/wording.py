"""The small forms a booklet is written in: dates, numerals, the ends of sentences, spaces.

Here live forms that more than one stage reads. What stands where in a booklet is told in
booklet.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.model import PartialDate

DASH = r"(?:(?:[—–―─－\-] ?){1,6})"
OPENING, CLOSING = "“‘（(《〈【「『[", "”’）)》〉】」』]"

_DIGITS = {each: at for at, each in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SPACE = re.compile(r"\s+")
_CLOSERS = CLOSING + "\"' "
_TERMINAL = "。！？!?…"
_HAN = r"[〇○零一二三四五六七八九十]"
_YEAR = rf"(?P<year>\d{{4}}|{_HAN}{{4}})"
_MONTH, _DAY = rf"(?P<month>\d{{1,2}}|{_HAN}{{1,3}})", rf"(?P<day>\d{{1,2}}|{_HAN}{{1,3}})"
DATE = re.compile(
    rf"{_YEAR}\s*(?:年\s*(?:{_MONTH}\s*月(?:份)?\s*(?:{_DAY}\s*[日号]?)?)?"
    r"|[./\-](?P<month2>\d{1,2})(?:[./\-](?P<day2>\d{1,2}))?(?![\d期]))"
)
UNTIL = re.compile(
    rf"\s*(?:[至到~～、和]|{DASH})\s*"
    r"(?:(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*)?(?P<day>\d{1,2})\s*[日号]"
)


class ImpossibleDateError(ValueError):
    """A date that no calendar has; carries it as it is written."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date found in a text: its meaning, and where it stands in it."""

    written: PartialDate
    until: date | None
    start: int
    end: int


def squeeze(text: str) -> str:
    """The text without any white space, for comparing."""
    return _SPACE.sub("", text)


def number_of(text: str) -> int:
    """The value of `12`, `十二` or `二十`; 0 for what is neither."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not all(each in _DIGITS for each in tens + ones) or not text:
        return 0
    if ten:
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[each]) for each in text))


def find_date(text: str) -> Dated | None:
    """The first date with at least a year in a text, and the end of its range.

    Raises ImpossibleDateError.
    """
    found = DATE.search(text)
    if found is None:
        return None
    year = number_of(found["year"])
    parts = [found["month"] or found["month2"], found["day"] or found["day2"]]
    numbers = [number_of(part) for part in parts if part]
    try:
        date(*[year, *numbers, 1, 1][:3])
        until, end = _until(text, found.end(), [year, *numbers])
    except ValueError as error:
        raise ImpossibleDateError(found[0]) from error
    return Dated(PartialDate(year, *numbers), until, found.start(), end)


def _until(text: str, at: int, first: list[int]) -> tuple[date | None, int]:
    found = UNTIL.match(text, at) if len(first) == 3 else None
    if found is None:
        return None, at
    year = int(found["year"] or first[0])
    month = int(found["month"] or first[1])
    last = date(year, month, int(found["day"]))
    return (last, found.end()) if last > date(*first) else (None, at)


def is_ended(text: str) -> bool:
    """Whether a sentence ends here: `。` and the like, behind any closing marks."""
    return text.rstrip(_CLOSERS).endswith(tuple(_TERMINAL)) or text.endswith("……")


def is_broken_off(text: str) -> bool:
    """Whether a text plainly goes on: it ends in a comma or the like."""
    return text.endswith(("，", "、", ",", "“", "（", "(", "《", "‘"))


def join(before: str, after: str) -> str:
    """Two halves of a sentence; a space only between two Latin words."""
    is_latin = before[-1:].isascii() and before[-1:].isalpha()
    is_latin = is_latin and after[:1].isascii() and after[:1].isalpha()
    return f"{before} {after}" if is_latin else before + after
