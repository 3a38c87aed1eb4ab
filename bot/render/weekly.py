"""The weekly board (周榜) in words: who checked in on how many days, and the switching of it.

Here live those words. Nobody is ranked by number and nobody who stayed away is named or
counted: days that were done are told, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from bot.model import Answer, Diligence, Schedule
from bot.render import dates
from bot.render.html import bold, code, escape, one_line
from bot.render.language import _, _n

MOST_LISTED = 20  # names

_NAME_LENGTH = 16
_EXAMPLE = "/checkin 周榜 周日 20:00"


def board(first_on: date, last_on: date, who: Sequence[Diligence], unlisted: int) -> Answer:
    """The board of a week. `unlisted` more checked in and want no name there."""
    span = dates.between(dates.day_of_year(first_on), dates.day_of_year(last_on))
    lines = [bold(_("🏅 一周打卡榜 · {span}", span=span)), ""]
    shown = who[:MOST_LISTED]
    for days, group in groupby(shown, key=lambda one: one.days):
        names = _("、").join(map(_name, group))
        lines.append(f"{bold(_n('{count} 天', days))}　{names}")
    more = len(who) - len(shown) + unlisted
    if more:
        lines.append(
            _n("还有 {count} 人也打了卡", more) if shown else _n("有 {count} 人打了卡", more)
        )
    lines += ["", _("不想上榜：在群里发 {command}", command=code("/checkin 不上榜"))]
    return Answer("\n".join(lines))


def _name(one: Diligence) -> str:
    name = escape(one_line(one.member.name, _NAME_LENGTH))
    if one.streak.days <= 1:
        return name
    return _n("{name}（连续 {count} 天）", one.streak.days, name=name)


def switched_on(schedule: Schedule, next_at: datetime | None, today: date) -> Answer:
    """Says when the first one comes, and, to all who read it, that names will be shown."""
    lines = [
        _("✅ 打卡周榜开了：{when} 发出。", when=_when(schedule)),
        *_following(schedule, next_at, today),
        "",
        _("榜上写谁这一周打了几天卡、连续多少天；没打卡的不提。"),
        _("不想上榜的，在群里发 {command}", command=code("/checkin 不上榜")),
        _("不要了发 {command}", command=code("/checkin 周榜 关")),
    ]
    return Answer("\n".join(lines))


def switched_off() -> Answer:
    """No board any more."""
    command = code(_EXAMPLE)
    return Answer(_("打卡周榜已关，不再发了。想再开请发 {command}", command=command))


def state(schedule: Schedule | None, next_at: datetime | None, today: date) -> Answer:
    """Whether there is a board and when it comes."""
    if schedule is None or not schedule.is_active:
        command = code(_EXAMPLE)
        return Answer(_("本群没有开打卡周榜。管理员可以发 {command}", command=command))
    lines = [
        _("打卡周榜：{when} 发出。", when=_when(schedule)),
        *_following(schedule, next_at, today),
        _("不要了，管理员发 {command}", command=code("/checkin 周榜 关")),
    ]
    return Answer("\n".join(lines))


def _when(schedule: Schedule) -> str:
    return _("{days} {time}", days=dates.days(schedule.days), time=dates.clock(schedule.at))


def _following(schedule: Schedule, next_at: datetime | None, today: date) -> list[str]:
    if next_at is None:
        return []
    return [_("下一次：{when}", when=dates.moment(next_at, schedule.zone, today))]


def listed(name: str, *, is_listed: bool) -> Answer:
    """What was wished of one's own name is done."""
    named = escape(one_line(name, 30))
    if is_listed:
        said = _("好，{name} 的打卡会上周榜。", name=named)
        other = _("不想上榜发 {command}", command=code("/checkin 不上榜"))
    else:
        said = _("好，周榜上不写 {name} 的名字，打卡照样算。", name=named)
        other = _("想上榜发 {command}", command=code("/checkin 上榜"))
    return Answer(f"{said}\n{other}")


def only_in_groups() -> Answer:
    """A private chat has no board."""
    command = code("/checkin 本月")
    return Answer(_("周榜是群里的，请到群里发。看自己的打卡请发 {command}", command=command))


def refused(sentence: str) -> Answer:
    """A day or a time that is not understood; the sentence has its example."""
    return Answer(f"🤔 {escape(sentence)}")
