"""Dates, times and zones in words.

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
from bot.render.language import N_, _

_WEEKDAYS = (N_("一"), N_("二"), N_("三"), N_("四"), N_("五"), N_("六"), N_("日"))
_MONTHS = (
    *(N_("1月"), N_("2月"), N_("3月"), N_("4月"), N_("5月"), N_("6月")),
    *(N_("7月"), N_("8月"), N_("9月"), N_("10月"), N_("11月"), N_("12月")),
)

_ZONES = {
    "Asia/Shanghai": N_("北京时间"),
    "Asia/Urumqi": N_("乌鲁木齐时间"),
    "Asia/Hong_Kong": N_("香港时间"),
    "Asia/Macau": N_("澳门时间"),
    "Asia/Taipei": N_("台北时间"),
    "Asia/Tokyo": N_("东京时间"),
    "Asia/Seoul": N_("首尔时间"),
    "Asia/Singapore": N_("新加坡时间"),
    "Asia/Bangkok": N_("曼谷时间"),
    "Asia/Dubai": N_("迪拜时间"),
    "Europe/London": N_("伦敦时间"),
    "Europe/Paris": N_("巴黎时间"),
    "Europe/Berlin": N_("柏林时间"),
    "Europe/Moscow": N_("莫斯科时间"),
    "America/New_York": N_("纽约时间"),
    "America/Chicago": N_("芝加哥时间"),
    "America/Los_Angeles": N_("洛杉矶时间"),
    "America/Toronto": N_("多伦多时间"),
    "America/Vancouver": N_("温哥华时间"),
    "Australia/Sydney": N_("悉尼时间"),
    "UTC": N_("世界协调时"),
}


def day(on: date) -> str:
    """`2024年3月5日`, `5 March 2024`"""
    return _("{year}年{month}{day}日", year=on.year, month=month_name(on.month), day=on.day)


def day_of_year(on: date) -> str:
    """`3月5日`, `5 March`: where the year is known."""
    return _("{month}{day}日", month=month_name(on.month), day=on.day)


def weekday(on: date) -> str:
    """`星期一`, `Mon`"""
    return _("星期{day}", day=weekday_name(on.isoweekday()))


def weekday_name(number: int) -> str:
    """`一`, `Mon`: of a day of the week by its ISO number."""
    return _(_WEEKDAYS[number - 1])


def day_of_week(on: date) -> str:
    """`11月23日 星期一`, `Mon, 23 November`: how a day near today is named."""
    return _("{day} {weekday}", day=day_of_year(on), weekday=weekday(on))


def dated_day_of_week(on: date, today: date) -> str:
    """As `day_of_week`, with the year when that is not the one of `today`."""
    if on.year == today.year:
        return day_of_week(on)
    return _("{day} {weekday}", day=day(on), weekday=weekday(on))


def partial(published: PartialDate) -> str:
    """`2026年`, `2025年11月` or `2026年2月12日`, as precise as the source."""
    if not published.month:
        return _year(published.year)
    if not published.day:
        return _month(published.year, published.month)
    return day(date(published.year, published.month, published.day))


def clock(at: time) -> str:
    """`08:00`"""
    return at.strftime("%H:%M")


def moment(at: datetime, zone: str, today: date) -> str:
    """An aware moment in `zone`, seen from the local date `today`.

    `明天（11月25日 星期三）08:00`, `11月30日 星期一 08:00`.
    """
    local = at.astimezone(ZoneInfo(zone))
    named, shown = dated_day_of_week(local.date(), today), clock(local.time())
    near = {0: N_("今天"), 1: N_("明天"), 2: N_("后天"), -1: N_("昨天")}.get(
        (local.date() - today).days
    )
    if near is None:
        return _("{day} {time}", day=named, time=shown)
    return _("{near}（{day}）{time}", near=_(near), day=named, time=shown)


def near_day(on: date, today: date) -> str:
    """A date seen from `today`: `今天`, `昨天（11月23日）`, `11月20日`, `2025年11月20日`."""
    named = day_of_year(on) if on.year == today.year else day(on)
    near = {0: N_("今天"), 1: N_("明天"), -1: N_("昨天")}.get((on - today).days)
    return _("{near}（{day}）", near=_(near), day=named) if near else named


def zone_name(zone: str) -> str:
    """`北京时间` for the zones people here live in, `UTC+8`, else the zone's own name."""
    offset = re.fullmatch(r"Etc/GMT([+-])(\d+)", zone)
    if offset:
        # POSIX counts these the other way round.
        return f"UTC{'-' if offset[1] == '+' else '+'}{offset[2]}"
    return _(_ZONES[zone]) if zone in _ZONES else zone


def days(rule: Days) -> str:
    """`每天`, `工作日`, `每周一、三、五`."""
    if rule.rule is DayRule.WORKDAYS:
        return _("工作日")
    chosen = sorted(rule.weekdays)
    if rule.rule is DayRule.DAILY or chosen == list(range(1, 8)):
        return _("每天")
    names = list(map(weekday_name, chosen))
    if len(chosen) > 2 and chosen[-1] - chosen[0] == len(chosen) - 1:
        return _("每周{first}至周{last}", first=names[0], last=names[-1])
    return _("每周{days}", days=_("、").join(names))


def describe(every: Iterable[When]) -> str:
    """The dates of a query: `2024年3月、每年3月5日`."""
    return _("、").join(
        _yearly(one) if isinstance(one, YearlyDate) else _range(one) for one in every
    )


def month_name(number: int) -> str:
    """`3月`, `March`"""
    return _(_MONTHS[number - 1])


def _year(number: int) -> str:
    return _("{year}年", year=number)


def _month(year: int, number: int) -> str:
    return _("{year}年{month}", year=year, month=month_name(number))


def _yearly(when: YearlyDate) -> str:
    month = month_name(when.month)
    if not when.day:
        return _("每年{month}", month=month)
    return _("每年{day}", day=_("{month}{day}日", month=month, day=when.day))


def _range(when: DateRange) -> str:
    if when.start is None and when.end is None:
        return _("不限日期")
    if when.start is None:
        assert when.end is not None
        return _("截至{end}", end=_last(when.end))
    if when.end is None:
        return _("{start}起", start=_first(when.start))
    return _span(when.start, when.end)


def _first(on: date) -> str:
    """The beginning of an open range, as short as is exact."""
    if (on.month, on.day) == (1, 1):
        return _year(on.year)
    return _month(on.year, on.month) if on.day == 1 else day(on)


def _last(on: date) -> str:
    """The end of an open range, as short as is exact."""
    if (on.month, on.day) == (12, 31):
        return _("{year}底", year=_year(on.year))
    return _("{month}底", month=_month(on.year, on.month)) if _is_month_end(on) else day(on)


def _span(start: date, end: date) -> str:
    if start == end:
        return day(start)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        first, last = _year(start.year), _year(end.year)
        return first if start.year == end.year else between(first, last)
    if start.day == 1 and _is_month_end(end):
        return _months(start, end)
    if start.year != end.year:
        return between(day(start), day(end))
    months = {"month": month_name(start.month), "end_month": month_name(end.month)}
    values = {"year": start.year, "start": start.day, "end": end.day, **months}
    if start.month != end.month:
        return _("{year}年{month}{start}日至{end_month}{end}日", **values)
    del values["end_month"]
    return _("{year}年{month}{start}日至{end}日", **values)


def between(first: str, last: str) -> str:
    """From one day, month or year to another."""
    return _("{first}至{last}", first=first, last=last)


def _months(start: date, end: date) -> str:
    """A run of whole months."""
    first = _month(start.year, start.month)
    if start.year != end.year:
        return between(first, _month(end.year, end.month))
    if start.month == end.month:
        return first
    months = {"month": month_name(start.month), "end": month_name(end.month)}
    return _("{year}年{month}至{end}", year=start.year, **months)


def _is_month_end(on: date) -> bool:
    return on.day == calendar.monthrange(on.year, on.month)[1]
