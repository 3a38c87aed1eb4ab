"""What people mean by a time of day, by days of the week and by a zone.

Here live the readers that turn the words behind 订阅 and 提醒 into values; the table of
places is zones.py. Nothing is guessed: what can mean two things is refused with a
StudyWordError whose sentence ends in an example that works. Describing values in words is
the render room's.

A time: `08:00`, `8：30`, `8点`, `8点半`, `8点一刻`, `八点十分`, `8点05`, `早上8点`, `晚上九点半`,
`下午3点`, `3pm`. Days: `每天`, `工作日` (China's, with holidays), `周末`, `周一三五`, `周一至周五`,
`周一、周三`, `一三五`, `星期天`; `daily`, `workdays`, `weekdays` (Monday to Friday), `mon-fri`.
Zones: `上海`, `北京时间`, `东八区`, `Asia/Shanghai` in any case, `new york`, `UTC+8`, `+05:30`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time

from bot.errors import StudyWordError
from bot.model import DayRule, Days
from bot.study.zones import UnknownPlaceError, zone_of

__all__ = ["StudyWordError", "read_days", "read_time", "read_zone", "shown", "simplified"]

TIME_EXAMPLE = "08:00"
DAYS_EXAMPLE = "周一三五"
ZONE_EXAMPLE = "上海"
MAX_SHOWN_CHARACTERS = 20

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "兩": 2}

# Which hours of the day a word covers. An hour of the 12-hour clock is taken for the one
# of its two meanings that the word covers; where it covers neither, the words are refused.
_HOURS = {
    "凌晨": range(7),
    "清晨": range(4, 9),
    "早晨": range(4, 12),
    "早上": range(4, 12),
    "早": range(4, 12),
    "上午": range(5, 13),
    "中午": range(11, 15),
    "下午": range(12, 21),
    "午后": range(12, 21),
    "傍晚": range(16, 21),
    "晚上": (*range(17, 24), 0),
    "晚": (*range(17, 24), 0),
    "夜里": (*range(20, 24), *range(6)),
    "夜间": (*range(20, 24), *range(6)),
    "半夜": (23, *range(5)),
    "午夜": (23, 0, 1),
    "am": range(12),
    "pm": range(12, 24),
}
_NUMBER = r"[0-9]{1,2}|[零〇一二三四五六七八九十两兩]{1,3}"
_CLOCK = re.compile(r"(\D*?)([0-9]{1,2}):([0-9]{2})([ap]m)?")
_SPOKEN = re.compile(
    rf"(\D*?)({_NUMBER})[点點时時]"
    rf"(?:[钟鐘整]|(半)|([一三])刻|({_NUMBER})分|([0-9]{{2}}|[零〇一二三四五六七八九十]{{2,3}}))?"
)
_TWELVE = re.compile(r"()([0-9]{1,2})([ap]m)")

_RULES = {
    Days(DayRule.DAILY): ("每天", "每日", "天天", "daily", "everyday"),
    Days(DayRule.WORKDAYS): ("工作日", "每个工作日", "每工作日", "上班日", "workdays", "workday"),
    Days(DayRule.WEEKDAYS, frozenset({6, 7})): ("周末", "每周末", "双休日", "weekend", "weekends"),
    Days(DayRule.WEEKDAYS, frozenset(range(1, 6))): ("weekdays", "weekday"),
}
_RULE_OF = {word: days for days, words in _RULES.items() for word in words}
_WEEK = "周"
_WEEKDAY = {character: 1 + at for at, character in enumerate("一二三四五六日")}
_WEEKDAY |= {"天": 7} | {str(number): number for number in range(1, 8)}
_ENGLISH = {
    name: str(1 + at)
    for at, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tues", "tue"),
            ("wednesday", "wed"),
            ("thursday", "thurs", "thur", "thu"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}
_ENGLISH_DAY = re.compile(rf"({'|'.join(sorted(_ENGLISH, key=len, reverse=True))})s?")
_SIMPLIFIED = str.maketrans(
    "週禮鐘鍾點時個後號兩數間雙這從為結準報們請記開舉長歷題節與裡裏讀學書「」",
    "周礼钟钟点时个后号两数间双这从为结准报们请记开举长历题节与里里读学书“”",
)
_WEEK_WORDS = re.compile(r"星期|礼拜|禮拜|週")
_DASHES = re.compile(r"[\s,]*(?:[到至\-–—―~～]|\bto\b|\bthrough\b)+[\s,]*")
_COMMAS = re.compile(r"(?:[、,;/和及与跟\s]|\band\b)+")
_DAY_RUN = re.compile(rf"{_WEEK}?([一二三四五六日天1-7])(?:-{_WEEK}?([一二三四五六日天1-7]))?,?")


def read_time(text: str) -> time:
    """The local wall time that is meant, in whole minutes and without a zone.

    Raises StudyWordError when it is no time of day, or one that can mean two.
    """
    compact = _compact(text)
    for pattern in (_CLOCK, _SPOKEN, _TWELVE):
        match = pattern.fullmatch(compact)
        if match:
            break
    else:
        raise _unknown_time(text)
    word, hour_text, *rest = match.groups()
    hour = _number(hour_text)
    if pattern is _SPOKEN:
        minute = _spoken_minute(*rest)
    else:
        minute = int(rest[0]) if pattern is _CLOCK else 0
        word = word or rest[-1] or ""
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        raise StudyWordError(
            "“{typed}”不是一天里的时刻，小时是 0 到 23，分钟是 0 到 59。"
            "可以这样写：{example}、早上8点半、下午3点",
            TIME_EXAMPLE,
            typed=shown(text),
        )
    return time(_hour_of_day(hour, word, text), minute)


def _spoken_minute(half: str | None, quarters: str | None, *minutes: str | None) -> int:
    if half:
        return 30
    if quarters:
        return 15 * _DIGITS[quarters]
    said = next((minute for minute in minutes if minute), "")
    return _number(said) if said else 0


def _hour_of_day(hour: int, word: str, text: str) -> int:
    if not word:
        return hour
    if word not in _HOURS:
        raise _unknown_time(text)
    meanings = {hour, (hour + 12) % 24} if 1 <= hour <= 12 else {hour}
    fitting = [one for one in meanings if one in _HOURS[word]]
    if len(fitting) != 1:
        raise StudyWordError(
            "“{typed}”的时段和钟点对不上。可以这样写：{example}、早上8点半、下午3点",
            TIME_EXAMPLE,
            typed=shown(text),
        )
    return fitting[0]


def _number(text: str) -> int:
    """A number below 100 in either kind of numerals; -1 for characters that make none."""
    if text.isascii():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if not ten:
        # 零五 is five and 三 is three, but 三五 is no number.
        has_leading_zero = len(text) == 2 and _DIGITS[text[0]] == 0
        return _DIGITS[text[-1]] if len(text) == 1 or has_leading_zero else -1
    if len(tens) > 1 or len(units) > 1 or "十" in tens or tens in ("零", "〇"):
        return -1
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[units] if units else 0)


def read_days(text: str) -> Days:
    """The local dates that are meant; all seven days of the week are `DayRule.DAILY`.

    Raises StudyWordError for anything else than whole days of the week, or for none.
    """
    plain = _WEEK_WORDS.sub(_WEEK, _plain(text))
    rule = _RULE_OF.get("".join(plain.split()))
    if rule:
        return rule
    weekdays = _read_weekdays(plain)
    # Bare digits may be a date or a time: they need a separator or 周 to be days.
    if not weekdays or plain.isdecimal():
        raise _bad_days(text)
    return Days() if len(weekdays) == 7 else Days(DayRule.WEEKDAYS, weekdays)


def _read_weekdays(plain: str) -> frozenset[int]:
    """ISO numbers of the days; empty where anything else than days is in the words."""
    numbered = _ENGLISH_DAY.sub(lambda match: f"{_ENGLISH[match[1]]},", plain.replace("每", ""))
    runs = _COMMAS.sub(",", _DASHES.sub("-", numbered)).strip(",")
    days: set[int] = set()
    at = 0
    while at < len(runs):
        match = _DAY_RUN.match(runs, at)
        if not match:
            return frozenset()
        first = _WEEKDAY[match[1]]
        last = _WEEKDAY[match[2]] if match[2] else first
        # 周六到周一 runs over the end of the week.
        days |= {1 + (first - 1 + ahead) % 7 for ahead in range((last - first) % 7 + 1)}
        at = match.end()
    return frozenset(days)


def read_zone(text: str) -> str:
    """The IANA name of the time zone that is meant.

    `UTC+8` is `Etc/GMT-8`, whose sign is the other way round by POSIX; an offset with half an
    hour is a place that keeps it the whole year. Raises StudyWordError when no zone, or more
    than one, is known by these words.
    """
    try:
        return zone_of(_compact(text))
    except UnknownPlaceError as error:
        raise _bad_zone(text) from error


def simplified(text: str) -> str:
    """Half width and with the words of this room's grammars in simplified characters.

    One character for one, so that what is found stands at the same place in `text` made half
    width. Only what these grammars know is converted: no text is meant to be shown like this.
    """
    return unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED)


def _plain(text: str) -> str:
    """Half width, lower case, no blanks at the ends."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _compact(text: str) -> str:
    """As `_plain`, and no blanks within."""
    return "".join(_plain(text).split())


def shown(text: str) -> str:
    """What was typed, on one line and cut short: a sentence may carry it."""
    flat = " ".join(text.split())
    if len(flat) > MAX_SHOWN_CHARACTERS:
        flat = flat[: MAX_SHOWN_CHARACTERS - 1] + "…"
    return flat


def _unknown_time(text: str) -> StudyWordError:
    return StudyWordError(
        "“{typed}”不是我认得的时刻。可以这样写：{example}、早上8点半、下午3点",
        TIME_EXAMPLE,
        typed=shown(text),
    )


def _bad_days(text: str) -> StudyWordError:
    return StudyWordError(
        "“{typed}”不是我认得的日子。可以这样写：每天、工作日、周一至周五、{example}",
        DAYS_EXAMPLE,
        typed=shown(text),
    )


def _bad_zone(text: str) -> StudyWordError:
    return StudyWordError(
        "“{typed}”不是我认得的时区，国家有多个时区时请写城市。"
        "可以这样写：{example}、纽约、Asia/Shanghai、UTC+8",
        ZONE_EXAMPLE,
        typed=shown(text),
    )
