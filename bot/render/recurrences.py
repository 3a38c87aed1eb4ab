"""Recurrences, durations and reminders in Chinese words that can be typed again.

Here lives how a rule of RFC 5545 and what goes with it is written for people, in words that
`study.reminders` reads back as the same. How a whole reminder is shown is `reminders`.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.model import Occurrence, Recurrence, Reminder
from bot.render import dates

_CODES = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "一二三四五六日", strict=True))
_QUARTERS = {"1,4,7,10": "每季度首月", "2,5,8,11": "每季度第二个月", "3,6,9,12": "每季度末月"}
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def recurrence(one: Recurrence) -> str:
    """`每周五`, `每2周周三`, `每月最后一个工作日`, `每季度首月5日`, `2026年12月1日`."""
    if not one.rule:
        return dates.day(one.starts_on)
    said = _every(one, one.parts)
    last_on = one.ends_on
    return f"{said}（到{dates.day(last_on)}为止）" if last_on else said


def _every(one: Recurrence, parts: dict[str, str]) -> str:
    interval = int(parts.get("INTERVAL", "1"))
    if one.workday is not None:
        if one.workday == 0:
            return "工作日"
        return f"{_months(parts)}{ordinal(one.workday)}工作日"
    if parts["FREQ"] == "DAILY":
        return "每天" if interval == 1 else f"每{interval}天"
    if parts["FREQ"] == "WEEKLY":
        return _weekly(parts["BYDAY"], interval)
    return _months(parts) + _in_month(parts)


def _weekly(by_day: str, interval: int) -> str:
    days = "、".join(f"周{_CODES[code]}" for code in by_day.split(","))
    return f"每{days}" if interval == 1 else f"每{interval}周{days}"


def _months(parts: dict[str, str]) -> str:
    months = parts.get("BYMONTH", "")
    if months in _QUARTERS:
        return _QUARTERS[months]
    if months:
        return f"每年{months}月"
    interval = int(parts.get("INTERVAL", "1"))
    return "每月" if interval == 1 else f"每{interval}个月"


def _in_month(parts: dict[str, str]) -> str:
    if "BYDAY" in parts:
        position, code = int(parts["BYDAY"][:-2]), parts["BYDAY"][-2:]
        return f"{ordinal(position)}周{_CODES[code]}"
    days = [int(day) for day in parts["BYMONTHDAY"].split(",")]
    if len(days) == 1 and days[0] < 0:
        return f"{ordinal(days[0])}天".replace("个天", "天")
    return "、".join(f"{day}日" for day in days)


def ordinal(position: int) -> str:
    """`第2个`, `最后一个`, `倒数第2个`."""
    if position > 0:
        return f"第{position}个"
    return "最后一个" if position == -1 else f"倒数第{-position}个"


def length(duration: timedelta) -> str:
    """`1天`, `2小时`, `90分钟`: the largest unit that is exact."""
    if duration and not duration % _DAY:
        return f"{duration // _DAY}天"
    if duration and not duration % _HOUR:
        return f"{duration // _HOUR}小时"
    return f"{duration // timedelta(minutes=1)}分钟"


def leads(reminder: Reminder) -> str:
    """`提前1天、30分钟`, `准时`."""
    before = [length(one) for one in reminder.leads if one]
    said = [f"提前{'、'.join(before)}"] if before else []
    if timedelta() in reminder.leads:
        said.append("准时")
    return " ".join(said)


def line(reminder: Reminder) -> str:
    """The reminder as it could be typed: `每周五 15:00 学习会 提前30分钟`; plain text."""
    said = recurrence(reminder.recurrence).replace("（", " ").replace("）", "")
    if _starts_later(reminder):
        said = f"从{dates.day(reminder.recurrence.starts_on)}起 {said}"
    pieces = [said, dates.clock(reminder.at), reminder.title, leads(reminder)]
    if reminder.lasts != _HOUR:
        pieces.append(f"时长{length(reminder.lasts)}")
    if reminder.theme:
        pieces.append(f"主题“{reminder.theme}”")
    if reminder.place:
        pieces.append(f"@{reminder.place}")
    return " ".join(pieces)


def _starts_later(reminder: Reminder) -> bool:
    """Whether the rule alone would begin earlier than it does."""
    one, edited_on = reminder.recurrence, reminder.edited_at.astimezone(ZoneInfo(reminder.zone))
    days = (one.starts_on - edited_on.date()).days
    is_often = one.parts.get("FREQ") in ("DAILY", "WEEKLY") and one.workday in (None, 0)
    return is_often and (days > 7 or (days > 0 and one.ends_on is not None))


def when(reminder: Reminder) -> str:
    """`每周五 15:00`; plain text."""
    return f"{recurrence(reminder.recurrence)} {dates.clock(reminder.at)}"


def time_of(occurrence: Occurrence, today: date) -> str:
    """`11月27日 星期五 15:00`, with the year where it is another one."""
    named = dates.day_of_week(occurrence.on)
    if occurrence.on.year != today.year:
        named = f"{occurrence.on.year}年{named}"
    return f"{named} {dates.clock(occurrence.at)}"
