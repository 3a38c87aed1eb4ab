"""What people mean by `/quiz 每周五 20:00 3题`: on which days, at what time, how many questions.

Here lives the reading of that line. Days and times are those of `words`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bot.errors import StudyWordError
from bot.model import Days
from bot.study.words import read_days, read_time, shown, simplified

EXAMPLE = "/quiz 每周五 20:00 3题"
MOST_QUESTIONS = 10

_COUNT = re.compile(
    r"(?P<number>[0-9]{1,3}|[一二两三四五六七八九十])\s?(?:道题|[道题題]|questions?)"
)
_NUMERALS = {character: value for value, character in enumerate("一二三四五六七八九十", 1)} | {
    "两": 2
}
_CLOCK = re.compile(
    r"(?:凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里|早|晚)?\s?"
    r"(?:[0-9]{1,2}:[0-9]{2}|[0-9一二两三四五六七八九十]{1,3}[点點时時](?:[0-9一二三四五六七八九十]{1,3}分?|半|[一三]刻|[整钟])?)"
)
_BETWEEN = re.compile(r"^[\s,、的]+|[\s,、的]*(?:每次|各?出|发)?[\s,、的]*$")


@dataclass(frozen=True, slots=True)
class QuizWish:
    """When to ask, and how many questions; None where the line says nothing of it."""

    days: Days | None = None
    at: time | None = None
    questions: int | None = None


def is_schedule(text: str) -> bool:
    """True for a line that says a day, a time or a number of questions."""
    line = _plain(text)
    if _COUNT.search(line) or _CLOCK.search(line):
        return True
    try:
        read_days(line)
    except StudyWordError:
        return False
    return True


def read_wish(text: str) -> QuizWish:
    """The wish of a line. Raises StudyWordError for what is not understood or not possible."""
    line = _plain(text)
    questions = at = days = None
    if found := _COUNT.search(line):
        questions = _NUMERALS.get(found["number"]) or int(found["number"])
        if not 1 <= questions <= MOST_QUESTIONS:
            raise StudyWordError(
                "一次可以出1到{most}题。可以这样写：{example}", EXAMPLE, most=MOST_QUESTIONS
            )
        line = _without(line, found)
    if found := _CLOCK.search(line):
        at = _time(found.group())
        line = _without(line, found)
    rest = _BETWEEN.sub("", line)
    if rest:
        days = _days(rest)
    return QuizWish(days, at, questions)


def _time(text: str) -> time:
    try:
        return read_time(text)
    except StudyWordError as error:
        raise StudyWordError(
            "“{typed}”不是一天里的时刻。可以这样写：{example}", EXAMPLE, typed=shown(text)
        ) from error


def _days(text: str) -> Days:
    try:
        return read_days(text)
    except StudyWordError as error:
        raise StudyWordError(
            "没看懂“{typed}”。可以这样写：{example}", EXAMPLE, typed=shown(text)
        ) from error


def no_day() -> StudyWordError:
    """The refusal of a line that does not say on which days."""
    return StudyWordError("没有说哪一天。可以这样写：{example}", EXAMPLE)


def _plain(text: str) -> str:
    return " ".join(simplified(text).split())


def _without(line: str, found: re.Match[str]) -> str:
    return f"{line[: found.start()]} {line[found.end() :]}".strip()
