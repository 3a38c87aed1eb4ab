"""Dates and recurrences that people name when they plan: `每月最后一个周五`, `下周三`, `12月1日`.

Here lives that grammar, over the line of a reminder. Dates in searches look back and are
periods (`bot.search.dates`); these look ahead, are single days, and may come again. Nothing
is guessed: a recurrence without its day (每月) is refused with a StudyWordError whose sentence
ends in an example. Days of the week are read by `study.words`.

Every production is a pattern and a function from its match to a Recurrence; of those that
match a line the first in the list counts, so the longer stand before what they contain.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from bot.errors import DatePart, StudyWordError
from bot.model import DayRule, Recurrence
from bot.study.recurrence import dates
from bot.study.words import read_days

_DAY = timedelta(days=1)
_LEAP_YEAR = 2000  # has every day that any year has
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMERALS = {"零": 0, "〇": 0, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_NUMERALS |= {"七": 7, "八": 8, "九": 9, "首": 1}

NUMBER = r"(?:[0-9]{1,4}|[一二两三四五六七八九十]{1,3})"
_SMALL = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAY = rf"{_WEEK}[一二三四五六日天1-7]"
_JOIN = r"(?:[、,，和及与]|\s(?=周|星期|礼拜))"
_RUN = r"(?:[一二三四五六日天]|[1-7](?![0-9:点號号日月时]))"
_DAYS = rf"{_WEEK}{_RUN}(?:(?:{_JOIN}|[到至~-])?{_WEEK}?{_RUN})*"
_MONTH_DAY = rf"{_SMALL}[日号]"
_ORDINAL = rf"(?:第{_SMALL}个?|首个?|倒数第{_SMALL}个?|最后一?个?|末个?)"
_UNIT_OF_MONTH = rf"(?P<ordinal>{_ORDINAL})(?P<unit>{_WEEKDAY}|工作日|上班日|天|日)"
_END_OF_MONTH = r"(?P<end>月底|月末|底|末)"
_IN_MONTH = (
    rf"(?:{_UNIT_OF_MONTH}|{_END_OF_MONTH}|(?P<days>{_MONTH_DAY}(?:[、,，和及与]{_MONTH_DAY})*))"
)
_DATE = (
    r"(?:(?P<year>[0-9]{4})[-/.年])?\s?(?P<month>[0-9]{1,2}|[一二三四五六七八九十]{1,2})[-/.月]"
    rf"(?P<day>{_SMALL})(?:[日号]|(?![0-9:点时]))"
)

MONTH_EXAMPLE = "每月15号 15:00 学习会"
DATE_EXAMPLE = "12月1日 9:00 专题学习"
_UNTIL_EXAMPLE = "每周五 15:00 学习会 到12月31日为止"


@dataclass(frozen=True, slots=True)
class Said:
    """A recurrence and where in the line it stands: [start, end)."""

    recurrence: Recurrence
    start: int
    end: int


def find(line: str, today: date) -> Said | None:
    """The recurrence or date that the line (in half width) names; None when it names none.

    `today` is the local date. A date without a year is its next coming, `today` included.
    Raises StudyWordError for what the calendar does not have, and for half a recurrence.
    """
    for pattern, read in _PRODUCTIONS:
        match = pattern.search(line)
        if match:
            return Said(read(match, today), match.start(), match.end())
    return None


def find_limits(
    said: Recurrence, line: str, last_on: date | None, counted_from: date
) -> tuple[Recurrence, str]:
    """`said` until `last_on` or as often as the line says (共8次), and the line without that.

    The number of times becomes the date of the last, none before `counted_from` being
    counted. A single date has no end.
    """
    if not said.rule:
        return said, line
    counted = _TIMES.search(line)
    if counted:
        every = dates(said, max(said.starts_on, counted_from))
        days = list(islice(every, number(counted["times"])))
        if not days:
            raise StudyWordError(
                "“{said}”至少要有一次。可以这样写：{example}",
                "每周五 15:00 学习会 共8次",
                said=counted.group().strip(),
            )
        last_on, line = min(days[-1], last_on or days[-1]), _without(line, counted)
    if last_on is None:
        return said, line
    if last_on < said.starts_on:
        raise StudyWordError(
            "“{said}”之前一次也没有。可以这样写：{example}",
            _UNTIL_EXAMPLE,
            said=DatePart(last_on.month, last_on.day),
        )
    return replace(said, rule=f"{said.rule};UNTIL={last_on:%Y%m%d}"), line


def find_span(line: str, today: date) -> tuple[date | None, date | None, str]:
    """From when and until when the line says (None: it does not), and the line without that."""
    begun = _BEGIN.search(line)
    first_on = _coming(begun, today) if begun else None
    if begun:
        line = _without(line, begun)
    ended = _END.search(line)
    last_on = _coming(ended, first_on or today) if ended else None
    if ended:
        line = _without(line, ended)
    return first_on, last_on, line


def number(text: str) -> int:
    """A natural number below 100 in Chinese numerals, or any in digits."""
    if text.isdecimal() and text.isascii():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if ten:
        return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(units, 0)
    return _NUMERALS.get(text, 0)


def _without(line: str, match: re.Match[str]) -> str:
    return f"{line[: match.start()]} {line[match.end() :]}"


def _not_there(said: str, example: str) -> StudyWordError:
    return StudyWordError(
        "“{said}”不是日历上有的日子。可以这样写：{example}", example, said=said.strip()
    )


def _no_such_month(month: int, example: str) -> StudyWordError:
    return StudyWordError(
        "一年只有12个月，没有{month}月。可以这样写：{example}", example, month=month
    )


def _no_such_day(year: int | None, month: int, day: int, example: str) -> StudyWordError:
    """Of a day that the month does not have in `year` (None: in any year)."""
    if not 1 <= month <= 12:
        return _no_such_month(month, example)
    named, longest = DatePart(month, year=year), monthrange(year or _LEAP_YEAR, month)[1]
    if year is None and month == 2:
        return StudyWordError(
            "{month}最多{longest}天，没有{day}日。可以这样写：{example}",
            example,
            month=named,
            longest=longest,
            day=day,
        )
    return StudyWordError(
        "{month}只有{longest}天，没有{day}日。可以这样写：{example}",
        example,
        month=named,
        longest=longest,
        day=day,
    )


def _past(said: str, example: str) -> StudyWordError:
    return StudyWordError("“{said}”已经过去了。可以这样写：{example}", example, said=said.strip())


def _odd_interval(said: str, example: str) -> StudyWordError:
    return StudyWordError(
        "“{said}”隔得太久或太近了。可以这样写：{example}", example, said=said.strip()
    )


# ---------------------------------------------------------------- single dates


def _date(year: int, month: int, day: int, *, is_said: bool) -> date:
    """That day. Raises StudyWordError, which names the year where it `is_said`."""
    try:
        return date(year, month, day)
    except ValueError:
        named = year if is_said else None
        raise _no_such_day(named, month, day, DATE_EXAMPLE) from None


def _coming(match: re.Match[str], today: date) -> date:
    """The date of `_DATE`; without a year its next coming."""
    month, day = number(match["month"]), number(match["day"])
    if match["year"]:
        year = int(match["year"])
        if not year:
            raise _not_there(match.group(), DATE_EXAMPLE)
        return _date(year, month, day, is_said=True)
    for year in range(today.year, today.year + 9):
        if (month, day) == (2, 29) and monthrange(year, 2)[1] < 29:
            continue
        on = _date(year, month, day, is_said=False)
        if on >= today:
            return on
    raise _not_there(match.group(), DATE_EXAMPLE)


def _once(on: date) -> Recurrence:
    return Recurrence("", on)


def _named_date(match: re.Match[str], today: date) -> Recurrence:
    on = _coming(match, today)
    if on < today:
        raise _past(match.group(), DATE_EXAMPLE)
    return _once(on)


_NEAR = {"今": 0, "明": 1, "后": 2, "後": 2, "大后": 3, "大後": 3}


def _near_day(match: re.Match[str], today: date) -> Recurrence:
    return _once(today + _NEAR[match["near"]] * _DAY)


def _days_ahead(match: re.Match[str], today: date) -> Recurrence:
    days = number(match["count"]) * (7 if match["unit"] in ("周", "星期", "礼拜") else 1)
    return _once(today + days * _DAY)


def _day_of_week(match: re.Match[str], today: date) -> Recurrence:
    """下周三 is that of next week (weeks begin on Monday), 周三 alone the next to come."""
    (weekday,) = _weekdays(match["weekday"])
    monday = today - (today.isoweekday() - 1) * _DAY
    weeks = match["week"]
    if weeks:
        on = monday + (7 * weeks.count("下") + weekday - 1) * _DAY
        if on < today:
            raise _past(match.group(), "下周三 15:00 学习会")
        return _once(on)
    return _once(today + ((weekday - today.isoweekday()) % 7) * _DAY)


def _day_of_month(match: re.Match[str], today: date) -> Recurrence:
    """下个月5号, 本月底, 15号: this month's or the next one's."""
    this_month = today.year * 12 + today.month - 1
    months = this_month + match["which"].count("下")
    if match["last"]:
        year, month = divmod(months, 12)
        return _once(date(year, month + 1, monthrange(year, month + 1)[1]))
    for at in (months, months + 1) if not match["which"] else (months,):
        year, month = divmod(at, 12)
        on = _date(year, month + 1, number(match["day"]), is_said=True)
        if on >= today:
            return _once(on)
    raise _past(match.group(), DATE_EXAMPLE)


# ----------------------------------------------------------------- recurrences


def _weekdays(text: str) -> tuple[int, ...]:
    days = read_days(text)
    return tuple(sorted(days.weekdays)) if days.rule is DayRule.WEEKDAYS else tuple(range(1, 8))


def _codes(weekdays: tuple[int, ...]) -> str:
    return ",".join(_CODES[one - 1] for one in weekdays)


def _starting(recurrence: Recurrence) -> Recurrence:
    """The recurrence counted from its own first date, which RFC 5545 wants DTSTART to be.

    隔周一 begins with the next Monday there is, whatever week this one is.
    """
    every = ";".join(f"{k}={v}" for k, v in recurrence.parts.items() if k != "INTERVAL")
    first_on = next(dates(replace(recurrence, rule=every), recurrence.starts_on), None)
    return recurrence if first_on is None else replace(recurrence, starts_on=first_on)


def _days_of_week(match: re.Match[str], today: date) -> Recurrence:
    """下周一至周五: those days of that week, and no more."""
    weekdays = _weekdays(match["weekdays"])
    weeks = 7 * match["week"].count("下")
    monday = today + (weeks - today.isoweekday() + 1) * _DAY
    last_on = monday + (weekdays[-1] - 1) * _DAY
    if last_on < today:
        raise _past(match.group(), "下周三 15:00 学习会")
    rule = f"FREQ=WEEKLY;BYDAY={_codes(weekdays)};UNTIL={last_on:%Y%m%d}"
    return _starting(Recurrence(rule, max(today, monday)))


def _weekly(match: re.Match[str], today: date) -> Recurrence:
    weekdays = _weekdays(match["weekdays"])
    if len(weekdays) == 7:
        return Recurrence("FREQ=DAILY", today)
    return _starting(Recurrence(f"FREQ=WEEKLY;BYDAY={_codes(weekdays)}", today))


def _every_weeks(match: re.Match[str], today: date) -> Recurrence:
    weekdays = _weekdays(match["weekdays"])
    # 每隔一周 leaves one week out.
    interval = number(match["count"]) + bool(match["skipped"]) if match["count"] else 2
    if not 1 <= interval <= 52:
        raise _odd_interval(match.group(), "隔周三 15:00 学习会")
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return _starting(Recurrence(f"FREQ=WEEKLY{every};BYDAY={_codes(weekdays)}", today))


def _daily(match: re.Match[str], today: date) -> Recurrence:
    return Recurrence("FREQ=DAILY", today)


def _every_days(match: re.Match[str], today: date) -> Recurrence:
    interval = (number(match["count"]) if match["count"] else 1) + bool(match["skipped"])
    if not 1 <= interval <= 365:
        raise _odd_interval(match.group(), "每两天 8:00 打卡")
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return Recurrence(f"FREQ=DAILY{every}", today)


def _workdays(match: re.Match[str], today: date) -> Recurrence:
    return _starting(Recurrence("FREQ=DAILY", today, workday=0))


def _monthly(match: re.Match[str], today: date) -> Recurrence:
    interval = number(match["count"]) if match["count"] else 1
    if not 1 <= interval <= 12:
        raise _odd_interval(match.group(), MONTH_EXAMPLE)
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return _in_month(match, today, f"FREQ=MONTHLY{every}", "")


def _quarterly(match: re.Match[str], today: date) -> Recurrence:
    """In the first month of each quarter, or the one that is named; 最后一个… in its last."""
    said = match["which"]
    is_last = bool(match["end"]) or (match["ordinal"] or "").startswith(_FROM_THE_END)
    which = 3 if is_last else 1
    if said:
        which = 3 if said[0] in "最末" else number(said.strip("第个月"))
    if not 1 <= which <= 3:
        raise StudyWordError(
            "“{said}”不对，一个季度只有三个月。可以这样写：{example}",
            "每季度第一个工作日 9:00 学习会",
            said=match.group().strip(),
        )
    months = ",".join(str(month) for month in range(which, 13, 3))
    return _in_month(match, today, "FREQ=MONTHLY", f";BYMONTH={months}")


def _yearly(match: re.Match[str], today: date) -> Recurrence:
    month = number(match["month"])
    if not 1 <= month <= 12:
        raise _no_such_month(month, "每年7月1日 9:00 学习会")
    return _in_month(match, today, "FREQ=YEARLY", f";BYMONTH={month}")


def _in_month(match: re.Match[str], today: date, every: str, months: str) -> Recurrence:
    """The day in the month that `_IN_MONTH` names."""
    if match["end"]:
        return _starting(Recurrence(f"{every}{months};BYMONTHDAY=-1", today))
    if match["days"]:
        return _on_days(match, today, every, months)
    position = _position(match["ordinal"])
    unit = match["unit"]
    if unit in ("天", "日"):
        _check(1 <= abs(position) <= 31, match.group())
        return _starting(Recurrence(f"{every}{months};BYMONTHDAY={position}", today))
    if unit in ("工作日", "上班日"):
        _check(1 <= abs(position) <= 15, match.group())
        if "INTERVAL" in every:
            raise StudyWordError(
                "“{said}”这样的间隔我还不会算。可以这样写：{example}",
                "每月第一个工作日 9:00 学习会",
                said=match.group().strip(),
            )
        return _starting(Recurrence(f"FREQ=DAILY{months}", today, workday=position))
    _check(1 <= abs(position) <= 5, match.group())
    (weekday,) = _weekdays(unit)
    by_day = f"{position}{_CODES[weekday - 1]}"
    return _starting(Recurrence(f"{every}{months};BYDAY={by_day}", today))


def _on_days(match: re.Match[str], today: date, every: str, months: str) -> Recurrence:
    days = sorted({number(one) for one in re.findall(_SMALL, match["days"])})
    only = [int(one) for one in months.removeprefix(";BYMONTH=").split(",") if one]
    longest = max((monthrange(2024, one)[1] for one in only), default=31)
    wrong = next((day for day in days if not 1 <= day <= longest), None)
    if wrong is not None and len(only) == 1:
        raise _no_such_day(None, only[0], wrong, MONTH_EXAMPLE)
    if wrong is not None:
        raise _not_there(match.group(), MONTH_EXAMPLE)
    by_day = ",".join(map(str, days))
    return _starting(Recurrence(f"{every}{months};BYMONTHDAY={by_day}", today))


_FROM_THE_END = ("最后", "倒数", "末")


def _position(ordinal: str) -> int:
    if ordinal.startswith(("最后", "末")):
        return -1
    count = number(re.sub(r"[倒数第个]", "", ordinal))
    return -count if ordinal.startswith("倒数") else count


def _check(is_possible: bool, said: str) -> None:
    if not is_possible:
        raise StudyWordError(
            "“{said}”不是每个月都有的日子。可以这样写：{example}",
            "每月最后一个周五 14:30 学习会",
            said=said.strip(),
        )


def _half(match: re.Match[str], today: date) -> Recurrence:
    raise StudyWordError(
        "“{said}”还差是哪一天。可以这样写：{example}", MONTH_EXAMPLE, said=match.group().strip()
    )


def _no_weekday(match: re.Match[str], today: date) -> Recurrence:
    raise StudyWordError(
        "“{said}”不是一周里的哪一天。可以这样写：{example}",
        "每周五 15:00 学习会",
        said=match.group().strip(),
    )


_Read = Callable[[re.Match[str], date], Recurrence]
_SEVERAL_DAYS = rf"{_WEEK}{_RUN}(?:(?:{_JOIN}|[到至~-])?{_WEEK}?{_RUN})+"
_OF_QUARTER = rf"(?P<which>首月|末月|第{_SMALL}个月|最后一?个月)"
_PATTERNS: tuple[tuple[str, _Read], ...] = (
    (rf"每个?季度?的?(?:{_OF_QUARTER}的?)?{_IN_MONTH}", _quarterly),
    (rf"每年的?(?P<month>{_SMALL})月份?的?{_IN_MONTH}", _yearly),
    (rf"每(?P<count>{_SMALL}(?=个))?个?月份?的?{_IN_MONTH}", _monthly),
    (rf"每?(?P<skipped>隔)(?P<count>{_SMALL})个?{_WEEK}的?(?P<weekdays>{_DAYS})", _every_weeks),
    (rf"(?P<skipped>)每(?P<count>{_SMALL})个?{_WEEK}的?(?P<weekdays>{_DAYS})", _every_weeks),
    (rf"(?P<skipped>)(?P<count>)每?(?:隔|双)周的?(?P<weekdays>{_DAYS}|周末)", _every_weeks),
    (rf"(?P<skipped>)(?P<count>)每?隔个?(?P<weekdays>{_DAYS}|周末)", _every_weeks),
    (rf"每?(?P<skipped>隔)(?P<count>{_SMALL})?[天日]", _every_days),
    (rf"(?P<skipped>)每(?P<count>{_SMALL})[天日]", _every_days),
    (r"每?个?(?:工作日|上班日)", _workdays),
    (r"每[天日]|天天|每一天", _daily),
    (rf"(?:每个?|每?逢)(?P<weekdays>周末|双休日|{_DAYS})", _weekly),
    (rf"(?P<week>本|这个?|下{{1,3}}个?)(?P<weekdays>{_SEVERAL_DAYS}|周末)", _days_of_week),
    (rf"(?P<weekdays>周末|双休日|{_SEVERAL_DAYS})", _weekly),
    (rf"(?:每个?|本|这个?|下个?)?{_WEEK}(?:[八九]|[089](?![0-9]))(?![点點时:])", _no_weekday),
    (rf"每个?(?:月|季度?|年)|每{_SMALL}个月|[每隔]{_SMALL}?个?{_WEEK}", _half),
    (_DATE, _named_date),
    (r"(?P<near>大[后後]|今|明|[后後])(?:[天日]|(?=[早晚上下中]))", _near_day),
    (rf"(?P<count>{_SMALL})个?(?P<unit>[天日周]|星期|礼拜)[之以]?后", _days_ahead),
    (rf"(?P<week>本|这个?|下{{1,3}}个?)(?P<weekday>{_WEEKDAY})", _day_of_week),
    (rf"(?P<week>)(?P<weekday>{_WEEKDAY})", _day_of_week),
    (
        r"(?P<which>本|这个?|下{1,3}个?)月份?"
        rf"(?:(?P<last>底|末|最后一天)|(?P<day>{_SMALL})[日号])",
        _day_of_month,
    ),
    (rf"(?P<which>)(?:(?P<last>月底|月末)|(?P<day>{_SMALL})[日号])", _day_of_month),
)
_PRODUCTIONS = tuple((re.compile(pattern), read) for pattern, read in _PATTERNS)
_BEGIN = re.compile(rf"[从自]\s?{_DATE}\s?(?:起|开始|以后)")
_END = re.compile(rf"(?:直?[到至]|截至|截止到?)\s?{_DATE}\s?(?:为止|止|结束)?")
_TIMES = re.compile(rf"(?:一共|总共|共|连续)\s?(?P<times>{_SMALL})\s?[次期场回]")

__all__: list[str] = ["NUMBER", "Said", "find", "find_limits", "find_span", "number"]
