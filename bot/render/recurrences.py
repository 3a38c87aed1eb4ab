"""Recurrences, durations and reminders in words.

Here lives how a rule of RFC 5545 and what goes with it is written for people. A `line` is
Chinese in every language, in words that `study.reminders` reads back as the same; so are
the others where the chat speaks Chinese. How a whole reminder is shown is `reminders`.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.model import Language, Occurrence, Recurrence, Reminder
from bot.render import dates
from bot.render.language import N_, _, _n, speaking

_NUMBERS = {code: 1 + at for at, code in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_QUARTERS = {
    "1,4,7,10": N_("每季度首月"),
    "2,5,8,11": N_("每季度第二个月"),
    "3,6,9,12": N_("每季度末月"),
}
_ORDINALS = {
    1: N_("第1个"),
    2: N_("第2个"),
    3: N_("第3个"),
    -1: N_("最后一个"),
    -2: N_("倒数第2个"),
    -3: N_("倒数第3个"),
}
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def recurrence(one: Recurrence) -> str:
    """`每周五`, `每2周周三`, `每月最后一个工作日`, `每季度首月5日`, `2026年12月1日`."""
    said, last_on = _days(one), one.ends_on
    return _("{rule}（到{day}为止）", rule=said, day=dates.day(last_on)) if last_on else said


def _days(one: Recurrence) -> str:
    return _every(one, one.parts) if one.rule else dates.day(one.starts_on)


def _every(one: Recurrence, parts: dict[str, str]) -> str:
    interval = int(parts.get("INTERVAL", "1"))
    if one.workday is not None:
        if one.workday == 0:
            return _("工作日")
        return _("{months}{ordinal}工作日", months=_months(parts), ordinal=ordinal(one.workday))
    if parts["FREQ"] == "DAILY":
        return _("每天") if interval == 1 else _("每{interval}天", interval=interval)
    if parts["FREQ"] == "WEEKLY":
        return _weekly(parts["BYDAY"], interval)
    return _in_month(parts, _months(parts))


def _weekly(by_day: str, interval: int) -> str:
    days = _("、").join(map(_weekday, by_day.split(",")))
    if interval == 1:
        return _("每{days}", days=days)
    return _("每{interval}周{days}", interval=interval, days=days)


def _weekday(code: str) -> str:
    """`周五`, `Fri`"""
    return _("周{day}", day=dates.weekday_name(_NUMBERS[code]))


def _months(parts: dict[str, str]) -> str:
    months = parts.get("BYMONTH", "")
    if months in _QUARTERS:
        return _(_QUARTERS[months])
    if months:
        named = _("、").join(dates.month_name(int(one)) for one in months.split(","))
        return _("每年{months}", months=named)
    interval = int(parts.get("INTERVAL", "1"))
    return _("每月") if interval == 1 else _("每{interval}个月", interval=interval)


def _in_month(parts: dict[str, str], months: str) -> str:
    if "BYDAY" in parts:
        position, code = int(parts["BYDAY"][:-2]), parts["BYDAY"][-2:]
        return _(
            "{months}{ordinal}{weekday}",
            months=months,
            ordinal=ordinal(position),
            weekday=_weekday(code),
        )
    days = [int(day) for day in parts["BYMONTHDAY"].split(",")]
    if days == [-1]:
        return _("{months}最后一天", months=months)
    if len(days) == 1 and days[0] < 0:
        return _("{months}倒数第{position}天", months=months, position=-days[0])
    named = _("、").join(_("{day}日", day=day) for day in days)
    return _("{months}{days}", months=months, days=named)


def ordinal(position: int) -> str:
    """`第2个`, `最后一个`, `倒数第2个`."""
    if position in _ORDINALS:
        return _(_ORDINALS[position])
    if position > 0:
        return _("第{position}个", position=position)
    return _("倒数第{position}个", position=-position)


def length(duration: timedelta) -> str:
    """`1天`, `2小时`, `90分钟`: the largest unit that is exact."""
    if duration and not duration % _DAY:
        return _n("{count}天", duration // _DAY)
    if duration and not duration % _HOUR:
        return _n("{count}小时", duration // _HOUR)
    return _n("{count}分钟", duration // timedelta(minutes=1))


def until(duration: timedelta) -> str:
    """`2小时18分钟`, `1天3小时`: in the two largest units that say something."""
    days, rest = divmod(duration, _DAY)
    hours, rest = divmod(rest, _HOUR)
    each = (timedelta(days=days), timedelta(hours=hours), rest)
    told = [length(one) for one in each if one >= timedelta(minutes=1)]
    return _("{larger}{smaller}", larger=told[0], smaller=told[1]) if told[1:] else length(duration)


def leads(reminder: Reminder) -> str:
    """`提前1天、30分钟`, `准时`."""
    before = _("、").join(length(one) for one in reminder.leads if one)
    is_on_time = timedelta() in reminder.leads
    if before and is_on_time:
        return _("提前{lengths} 准时", lengths=before)
    if before:
        return _("提前{lengths}", lengths=before)
    return _("准时") if is_on_time else ""


def line(reminder: Reminder) -> str:
    """The reminder as it could be typed: `每周五 15:00 学习会 提前30分钟`; plain text."""
    with speaking(Language.SIMPLIFIED):
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
    """`每周五 15:00`, `每周五 15:00，到2026年12月31日为止`; plain text."""
    one, last_on = reminder.recurrence, reminder.recurrence.ends_on
    said = _("{days} {time}", days=_days(one), time=dates.clock(reminder.at))
    return _("{when}，到{day}为止", when=said, day=dates.day(last_on)) if last_on else said


def time_of(occurrence: Occurrence, today: date) -> str:
    """`11月27日 星期五 15:00`, with the year where it is another one."""
    named = dates.dated_day_of_week(occurrence.on, today)
    return _("{day} {time}", day=named, time=dates.clock(occurrence.at))
