"""Dates, times and zones in Chinese words.

Here lives how a day, a range, a moment or a rule of days is written for people. Parsing
what people write is `search.dates` and `study.words`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.model import DateRange, DayRule, Days, PartialDate, When, YearlyDate

_WEEKDAYS = "一二三四五六日"

_ZONES = {
    "Asia/Shanghai": "北京时间",
    "Asia/Urumqi": "乌鲁木齐时间",
    "Asia/Hong_Kong": "香港时间",
    "Asia/Macau": "澳门时间",
    "Asia/Taipei": "台北时间",
    "Asia/Tokyo": "东京时间",
    "Asia/Seoul": "首尔时间",
    "Asia/Singapore": "新加坡时间",
    "Asia/Bangkok": "曼谷时间",
    "Asia/Dubai": "迪拜时间",
    "Europe/London": "伦敦时间",
    "Europe/Paris": "巴黎时间",
    "Europe/Berlin": "柏林时间",
    "Europe/Moscow": "莫斯科时间",
    "America/New_York": "纽约时间",
    "America/Chicago": "芝加哥时间",
    "America/Los_Angeles": "洛杉矶时间",
    "America/Toronto": "多伦多时间",
    "America/Vancouver": "温哥华时间",
    "Australia/Sydney": "悉尼时间",
    "UTC": "世界协调时",
}


def day(on: date) -> str:
    """`2024年3月5日`"""
    return f"{on.year}年{on.month}月{on.day}日"


def weekday(on: date) -> str:
    """`星期一`"""
    return f"星期{_WEEKDAYS[on.weekday()]}"


def day_of_week(on: date) -> str:
    """`11月23日 星期一`: how a day near today is named."""
    return f"{on.month}月{on.day}日 {weekday(on)}"


def partial(published: PartialDate) -> str:
    """`2026年`, `2025年11月` or `2026年2月12日`, as precise as the source."""
    words = f"{published.year}年"
    if published.month:
        words += f"{published.month}月"
    if published.day:
        words += f"{published.day}日"
    return words


def clock(at: time) -> str:
    """`08:00`"""
    return at.strftime("%H:%M")


def moment(at: datetime, zone: str, today: date) -> str:
    """An aware moment in `zone`, seen from the local date `today`.

    `明天（11月25日 星期三）08:00`, `11月30日 星期一 08:00`.
    """
    local = at.astimezone(ZoneInfo(zone))
    near = {0: "今天", 1: "明天", 2: "后天", -1: "昨天"}.get((local.date() - today).days)
    named = day_of_week(local.date())
    if local.year != today.year:
        named = f"{local.year}年{named}"
    return f"{near}（{named}）{clock(local.time())}" if near else f"{named} {clock(local.time())}"


def near_day(on: date, today: date) -> str:
    """A date seen from `today`: `今天`, `昨天（11月23日）`, `11月20日`, `2025年11月20日`."""
    named = f"{on.month}月{on.day}日" if on.year == today.year else day(on)
    near = {0: "今天", 1: "明天", -1: "昨天"}.get((on - today).days)
    return f"{near}（{named}）" if near else named


def zone_name(zone: str) -> str:
    """`北京时间` for the zones people here live in, `UTC+8`, else the zone's own name."""
    offset = re.fullmatch(r"Etc/GMT([+-])(\d+)", zone)
    if offset:
        # POSIX counts these the other way round.
        return f"UTC{'-' if offset[1] == '+' else '+'}{offset[2]}"
    return _ZONES.get(zone, zone)


def days(rule: Days) -> str:
    """`每天`, `工作日`, `每周一、三、五`."""
    if rule.rule is DayRule.DAILY:
        return "每天"
    if rule.rule is DayRule.WORKDAYS:
        return "工作日"
    chosen = sorted(rule.weekdays)
    if chosen == list(range(1, 8)):
        return "每天"
    names = [_WEEKDAYS[number - 1] for number in chosen]
    is_run = len(chosen) > 2 and chosen[-1] - chosen[0] == len(chosen) - 1
    return f"每周{names[0]}至周{names[-1]}" if is_run else "每周" + "、".join(names)


def describe(every: Iterable[When]) -> str:
    """The dates of a query: `2024年3月、每年3月5日`."""
    return "、".join(_yearly(one) if isinstance(one, YearlyDate) else _range(one) for one in every)


def _yearly(when: YearlyDate) -> str:
    return f"每年{when.month}月" + (f"{when.day}日" if when.day else "")


def _range(when: DateRange) -> str:
    if when.start is None and when.end is None:
        return "不限日期"
    if when.start is None:
        assert when.end is not None
        return f"截至{_last(when.end)}"
    if when.end is None:
        return f"{_first(when.start)}起"
    return _span(when.start, when.end)


def _first(on: date) -> str:
    """The beginning of an open range, as short as is exact."""
    if (on.month, on.day) == (1, 1):
        return f"{on.year}年"
    return f"{on.year}年{on.month}月" if on.day == 1 else day(on)


def _last(on: date) -> str:
    """The end of an open range, as short as is exact."""
    if (on.month, on.day) == (12, 31):
        return f"{on.year}年底"
    return f"{on.year}年{on.month}月底" if _is_month_end(on) else day(on)


def _span(start: date, end: date) -> str:
    if start == end:
        return day(start)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"{start.year}年" if start.year == end.year else f"{start.year}年至{end.year}年"
    if start.day == 1 and _is_month_end(end):
        return _months(start, end)
    if start.year != end.year:
        return f"{day(start)}至{day(end)}"
    if start.month != end.month:
        return f"{day(start)}至{end.month}月{end.day}日"
    return f"{day(start)}至{end.day}日"


def _months(start: date, end: date) -> str:
    """A run of whole months."""
    first = f"{start.year}年{start.month}月"
    if start.year != end.year:
        return f"{first}至{end.year}年{end.month}月"
    return first if start.month == end.month else f"{first}至{end.month}月"


def _is_month_end(on: date) -> bool:
    return on.day == calendar.monthrange(on.year, on.month)[1]
