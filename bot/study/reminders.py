"""What people mean by the line behind 提醒: `每周五 15:00 学习会 提前1天 30分钟 @三楼会议室`.

Here lives the cutting of that line into its parts, in any order: when (`dates_ahead`), at what
time (`study.words`) and until when, how long before, where (`@…`), on which theme (`主题 …`),
and what for, which is what is left over. No I/O and no clock. A part that is missing or
impossible is a StudyWordError whose sentence ends in an example that works.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import StudyWordError
from bot.model import Recurrence
from bot.study import calendar
from bot.study.dates_ahead import NUMBER, find, find_limits, find_span, number
from bot.study.words import read_time, shown, simplified

EXAMPLE = "每周五 15:00 学习会 提前30分钟"
MOST_LEADS = 5
LONGEST_LINE = 200  # characters
LONGEST_TITLE = 60
LONGEST_LEAD = timedelta(days=30)
LONGEST_SESSION = timedelta(hours=12)

_DAY = timedelta(days=1)
_HALF = r"(?:半个?(?:小时|钟头))"
_LENGTH = (
    rf"(?:{NUMBER}个?半?(?:分钟|分|小时|钟头|刻钟|天|日|周|星期|min|h)半?|{_HALF})"
    rf"(?:(?:零|又)?{NUMBER}(?:分钟|分|刻钟))?"
)
_LEADS = re.compile(
    rf"提前(?P<leads>\s?{_LENGTH}(?:[\s、,，和及与]*(?:提前)?{_LENGTH})*)(?:提醒|通知)?(?:我|大家)?"
)
_ON_TIME = re.compile(r"[和及、,]?\s?(?:准时|到点)(?:提醒)?")
_LASTS = re.compile(rf"(?:时长|历时|用时|开)\s?[:：]?(?P<length>{_LENGTH})")
_SOON = re.compile(rf"(?P<length>{_LENGTH})[之以]?后")
_ONE_LENGTH = re.compile(_LENGTH)
_MINUTES = {"min": 1, "分": 1, "分钟": 1, "刻钟": 15, "h": 60, "小时": 60, "钟头": 60}
_MINUTES |= {"天": 1440, "日": 1440, "周": 10080, "星期": 10080}
_PIECE = re.compile(rf"({NUMBER}|半)个?(半?)(分钟|分|小时|钟头|刻钟|天|日|周|星期|min|h)(半?)")

_WORD = r"(?:凌晨|清晨|早上|早晨|上午|中午|午后|下午|傍晚|晚上|夜里|半夜|早|晚)"
_CLOCK = (
    rf"{_WORD}?\s?(?:[0-9]{{1,2}}:[0-9]{{2}}(?:[ap]m)?"
    rf"|(?:[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}})[点點时時]"
    r"(?:整|钟|半|[一三]刻|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})分|[0-9]{2})?"
    r"|[0-9]{1,2}[ap]m)"
)
_TIME = re.compile(rf"(?P<at>{_CLOCK})(?:\s?(?:[-~–—到至])+\s?(?P<to>{_CLOCK}))?", re.I)
_WORD_ALONE = re.compile(_WORD)

_PLACE = re.compile(r"(?:@|地点\s?[:：]?\s?)(?P<place>[^\s@]+)")
# 主题党日 is a name; 主题 党日, 主题：党日 and 主题“党日” are themes.
_THEME = re.compile(
    r"(?:主题\s?:\s?|(?<!\S)主题\s|主题(?=“))\s?(?:“(?P<quoted>[^”]+)”|(?P<theme>\S+))"
)
_TAKING_PART = {"只提醒": False, "不用报名": False, "不报名": False, "要报名": True}
_FILLER = re.compile(
    r"^(?:请?提醒(?:我们?|大家)?|记得|的|开始|举行|召开|，|,|。|；|;|、|\s)+|[，,。；;、\s]+$"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a line asks for; None (and no leads) where it says nothing of it."""

    recurrence: Recurrence | None = None
    at: time | None = None
    lasts: timedelta | None = None
    leads: tuple[timedelta, ...] = ()
    place: str | None = None
    theme: str | None = None
    takes_part: bool | None = None
    title: str = ""


def read_reminder(
    text: str,
    now: datetime,
    zone: str,
    *,
    untitled: str = "学习提醒",
    titled_by_theme: str = "{theme}学习",
) -> Wish:
    """A whole reminder: its recurrence, time and title are never missing.

    `now` is an aware moment, `zone` where the chat lives. A line without a title gets one of
    the two others, by whether it has a theme. Raises StudyWordError for what is
    missing, impossible or already past.
    """
    wish = read_changes(text, now, zone)
    if wish.recurrence is None:
        raise StudyWordError(
            "“{typed}”没有说哪一天。可以这样写：{example}", EXAMPLE, typed=shown(text)
        )
    if wish.at is None:
        raise StudyWordError(
            "“{typed}”没有说几点。可以这样写：{example}", EXAMPLE, typed=shown(text)
        )
    if not wish.recurrence.rule:
        starts_at = calendar.moment(wish.recurrence.starts_on, wish.at, zone)
        if starts_at <= now:
            raise StudyWordError(
                "“{typed}”说的时间已经过去了。可以这样写：{example}", EXAMPLE, typed=shown(text)
            )
    if not wish.title:
        title = titled_by_theme.format(theme=wish.theme) if wish.theme else untitled
        return replace(wish, title=title)
    return wish


def read_changes(text: str, now: datetime, zone: str) -> Wish:
    """Any part of a reminder. Raises StudyWordError for an impossible one."""
    typed = " ".join(unicodedata.normalize("NFKC", text.replace("“", "\0")).split())
    typed = typed.replace("\0", "“")
    line = simplified(typed)
    if len(line) > LONGEST_LINE:
        raise StudyWordError(
            "“{typed}”太长了，最多{most}个字。可以这样写：{example}",
            EXAMPLE,
            typed=shown(text),
            most=LONGEST_LINE,
        )
    wish = _read_line(line, now.astimezone(ZoneInfo(zone)))
    if line == typed:
        return wish
    # What is people's own stays in the characters they wrote it in.
    return replace(
        wish,
        place=_as_typed(wish.place, line, typed) if wish.place else wish.place,
        theme=_as_typed(wish.theme, line, typed) if wish.theme else wish.theme,
        title=_as_typed(wish.title, line, typed),
    )


def _as_typed(part: str, line: str, typed: str) -> str:
    """A part of the line in the characters it was typed in; word by word where it was cut."""
    at = line.find(part)
    if at >= 0:
        return typed[at : at + len(part)]
    first, _, rest = part.partition(" ")
    return f"{_as_typed(first, line, typed)} {_as_typed(rest, line, typed)}" if rest else part


def _read_line(line: str, local: datetime) -> Wish:
    """The parts of a line in simplified characters; `local` is now, where the chat lives."""
    wish, line = _read_words(Wish(), line)
    wish, line = _read_leads(wish, line)
    soon = _SOON.search(line)
    if soon and not soon.group().strip("之以后").endswith(("天", "日", "周", "星期")):
        at = local + read_length(soon["length"]) + timedelta(seconds=59)
        once = Recurrence("", at.date())
        wish = replace(wish, recurrence=once, at=at.time().replace(second=0, microsecond=0))
        return replace(wish, title=_title(_cut(line, soon)))
    today = local.date()
    timed, rest = _read_hours(*_read_days(wish, line, today, today))
    if timed.at is not None and timed.at <= local.time():  # today's is over, and not counted
        timed, rest = _read_hours(*_read_days(wish, line, today, today + _DAY))
    return replace(timed, title=_title(rest))


def read_length(text: str) -> timedelta:
    """A duration: `1天`, `半小时`, `一个半小时`, `1小时30分钟`."""
    minutes = 0.0
    for count, half_before, unit, half_after in _PIECE.findall(text):
        amount = 0.5 if count == "半" else float(number(count))
        minutes += (amount + (0.5 if half_before or half_after else 0)) * _MINUTES[unit]
    return timedelta(minutes=round(minutes))


def _read_words(wish: Wish, line: str) -> tuple[Wish, str]:
    """Place, theme and whether people are asked to take part."""
    place = _PLACE.search(line)
    if place:
        wish, line = replace(wish, place=place["place"]), _cut(line, place)
    theme = _THEME.search(line)
    if theme:
        said = (theme["quoted"] or theme["theme"]).strip()
        wish, line = replace(wish, theme=said), _cut(line, theme)
    for word, takes_part in _TAKING_PART.items():
        if word in line:
            wish, line = replace(wish, takes_part=takes_part), line.replace(word, " ")
            break
    return wish, line


def _read_leads(wish: Wish, line: str) -> tuple[Wish, str]:
    """How long before, and how long it lasts."""
    leads: set[timedelta] = set()
    while found := _LEADS.search(line):
        leads |= {read_length(one) for one in _ONE_LENGTH.findall(found["leads"])}
        line = _cut(line, found)
    on_time = _ON_TIME.search(line)
    if on_time:
        leads.add(timedelta())
        line = _cut(line, on_time)
    if len(leads) > MOST_LEADS:
        raise StudyWordError(
            "“{typed}”提前的次数太多，最多{most}次。可以这样写：{example}",
            EXAMPLE,
            typed=shown(line),
            most=MOST_LEADS,
        )
    if leads and not timedelta() <= max(leads) <= LONGEST_LEAD:
        raise StudyWordError(
            "“{typed}”提前得太早，最多提前{most}天。可以这样写：{example}",
            EXAMPLE,
            typed=shown(line),
            most=LONGEST_LEAD.days,
        )
    lasts = _LASTS.search(line)
    if lasts:
        wish = replace(wish, lasts=_session(read_length(lasts["length"]), lasts.group()))
        line = _cut(line, lasts)
    return replace(wish, leads=tuple(sorted(leads, reverse=True))), line


def _read_days(wish: Wish, line: str, today: date, counted_from: date) -> tuple[Wish, str]:
    """On which days, from when and until when or how often."""
    first_on, last_on, rest = find_span(line, today)
    said = find(rest, max(today, first_on or today))
    if said is None or not said.recurrence.rule:
        said = find(line, today)  # 到12月1日 alone is no end of anything
        if said is None:
            return wish, line
        first_on, last_on, rest = None, None, line
    rest = _without(rest, said.start, said.end)
    found, line = find_limits(said.recurrence, rest, last_on, counted_from)
    return replace(wish, recurrence=found), line


def _read_hours(wish: Wish, line: str) -> tuple[Wish, str]:
    found = _TIME.search(line)
    if not found:
        return wish, line
    at = read_time(found["at"])
    if found["to"]:
        word = _WORD_ALONE.match(found["at"])
        to = found["to"]
        if word and not _WORD_ALONE.match(to):
            to = word.group() + to  # 下午3点到5点
        end = read_time(to)
        day = date(2000, 1, 1)
        lasts = datetime.combine(day, end) - datetime.combine(day, at)
        wish = replace(wish, lasts=_session(lasts % _DAY, found.group()))
    return replace(wish, at=at), _cut(line, found)


def _session(lasts: timedelta, said: str) -> timedelta:
    if not timedelta(minutes=5) <= lasts <= LONGEST_SESSION:
        raise StudyWordError(
            "“{typed}”时长不对，要在5分钟到12小时之间。可以这样写：{example}",
            EXAMPLE,
            typed=shown(said),
        )
    return lasts


def _title(line: str) -> str:
    title = _FILLER.sub("", " ".join(line.split()))
    title = " ".join(_FILLER.sub("", title).split())
    if len(title) > LONGEST_TITLE:
        raise StudyWordError(
            "“{typed}”名称太长，最多{most}个字。可以这样写：{example}",
            EXAMPLE,
            typed=shown(title),
            most=LONGEST_TITLE,
        )
    return title


def _cut(line: str, match: re.Match[str]) -> str:
    return _without(line, match.start(), match.end())


def _without(line: str, start: int, end: int) -> str:
    return f"{line[:start]} {line[end:]}"
