"""Daily check-ins in words: what a tap is answered with, the answer to /checkin, a month.

Here live the wording and what stands on the picture of a month; how that is drawn is
`render.heatmap`, what a streak is `study.streaks`, the weekly board `render.weekly`. The
button under a push stands with the push.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.model import Answer, Button, Habit, Month, PartialDate, Streak
from bot.render import callbacks, dates
from bot.render.heatmap import Sheet
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n

NOT_NAMED = N_("匿名发言认不出是谁。请点每日推送下面的“今天打卡”，或者取消匿名再发 /checkin")

_LEVELS = 4  # shades of a day with check-ins
_MOST_CHATS = 8
_WEEKDAYS = (N_("一"), N_("二"), N_("三"), N_("四"), N_("五"), N_("六"), N_("日"))
_ONE_DAY = timedelta(days=1)


def notice(streak: Streak, *, is_news: bool, today: date, pushed_on: date) -> str:
    """What a tap under the push of `pushed_on` is acknowledged with: at most 200 characters."""
    if pushed_on == today:
        if is_news:
            return _n("打卡成功，连续 {count} 天 🔥", streak.days)
        return _n("今天已经打过卡了，连续 {count} 天", streak.days)
    named = dates.day_of_year(today)
    if is_news:
        return _n("打卡成功，算今天（{day}）的，连续 {count} 天 🔥", streak.days, day=named)
    return _n("今天（{day}）已经打过卡了，连续 {count} 天", streak.days, day=named)


def done(streak: Streak, *, is_news: bool, this_month: int, first_on: date) -> Answer:
    """After /checkin in private; `first_on` begins this month."""
    first = (
        _n("✅ 打卡成功，连续 {count} 天 🔥", streak.days)
        if is_news
        else _n("今天已经打过卡了，连续 {count} 天 🔥", streak.days)
    )
    lines = [bold(first), _numbers(streak, this_month)]
    lines.append(
        _n("偶尔缺一天不要紧：现在还可以缺 {count} 天，连续的天数不会少。", streak.spare)
        if streak.spare
        else _("30 天里缺 2 天不要紧，这 2 天已经用过了。")
    )
    return Answer("\n".join(lines), ((month_button(_("📅 这个月"), first_on),),))


def done_briefly(name: str, streak: Streak, *, is_news: bool, this_month: int) -> Answer:
    """After /checkin in a group: one line, where others talk as well."""
    named = escape(one_line(name, 30))
    first = (
        _n("✅ {name} 打卡成功，连续 {count} 天 🔥", streak.days, name=named)
        if is_news
        else _n("{name} 今天已经打过卡了，连续 {count} 天 🔥", streak.days, name=named)
    )
    return Answer(f"{first}\n{_numbers(streak, this_month)}")


def _numbers(streak: Streak, this_month: int) -> str:
    longest = _n("最长 {count} 天", streak.longest)
    return _("{first}，{second}", first=longest, second=_n("这个月 {count} 天", this_month))


def month_button(label: str, first_on: date) -> Button:
    """Shows the month that begins on this date, answered anew."""
    return Button(label, callbacks.compose(callbacks.ShowMonth(first_on)))


def not_named() -> Answer:
    """Somebody wrote as the group or a channel."""
    return Answer(_(NOT_NAMED))


def not_understood(text: str) -> Answer:
    """Neither a month nor a wish about the weekly board."""
    typed = escape(one_line(text, 30))
    lines = [
        _("没看懂“{typed}”。可以这样写：", typed=typed),
        _("{command}　给今天打卡", command=code("/checkin")),
        _("{command}　看一个月", command=code("/checkin 11月")),
        _("{command}　每周发一次榜", command=code("/checkin 周榜 周日 20:00")),
    ]
    return Answer("\n".join(lines))


def only_today() -> Answer:
    """Somebody wants to check in for another day."""
    return Answer(
        _(
            "只能给今天打卡，别的日子补不了；偶尔漏一天不断。看哪天打了：{command}",
            command=code("/checkin 本月"),
        )
    )


def not_yet(first_on: date) -> Answer:
    """A month that has not begun."""
    named = _named(first_on)
    command = code("/checkin 本月")
    return Answer(_("{month}还没有到。看这个月请发 {command}", month=named, command=command))


def nothing(first_on: date, *, is_group: bool) -> Answer:
    """A month in which nobody, or not oneself, has checked in."""
    named, command = _named(first_on), code("/checkin")
    sentence = (
        _("{month}本群还没有人打卡。给今天打卡请发 {command}", month=named, command=command)
        if is_group
        else _("{month}你还没有打过卡。给今天打卡请发 {command}", month=named, command=command)
    )
    return Answer(sentence)


def own_month(month: Month, habits: Sequence[Habit]) -> Answer:
    """A person's month: how many days, where, and which. At most 1024 characters."""
    count = len(month.counts)
    title = _n("📅 {month}打卡 · {count} 天", count, month=_named(month.first_on))
    lines = [bold(title), ""]
    lines += [_habit(one) for one in habits[:_MOST_CHATS]]
    days = _("、").join(str(on.day) for on in sorted(month.counts))
    lines += ["", _("打了卡的日子：{days}", days=days)]
    return Answer("\n".join(lines), _month_before(month.first_on))


def _habit(one: Habit) -> str:
    place = escape(_("“{title}”", title=one_line(one.title, 16))) if one.title else _("私聊")
    return _(
        "· {place}：{days}，{now}，{longest}",
        place=place,
        days=_n("{count} 天", one.days),
        now=_n("现在连续 {count} 天", one.streak.days),
        longest=_n("最长 {count} 天", one.streak.longest),
    )


def group_month(month: Month) -> Answer:
    """A group's month: how many people on which day. At most 1024 characters."""
    total, most = sum(month.counts.values()), max(month.counts.values())
    fullest = min(on for on, people in month.counts.items() if people == most)
    title = _n("📅 {month}本群打卡 · {count} 人次", total, month=_named(month.first_on))
    lines = [bold(title), ""]
    on = dates.day_of_year(fullest)
    lines.append(_n("人最多的一天：{day}，{count} 人", most, day=on))
    each = [_n("{day}日 {count} 人", month.counts[on], day=on.day) for on in sorted(month.counts)]
    lines += ["", _("、").join(each), ""]
    lines.append(_("自己打了多少，请私聊我发 {command}", command=code("/checkin 本月")))
    return Answer("\n".join(lines), _month_before(month.first_on))


def _month_before(first_on: date) -> tuple[tuple[Button, ...], ...]:
    before = (first_on - _ONE_DAY).replace(day=1)
    return ((month_button(_("‹ {month}", month=dates.month_name(before.month)), before),),)


# ------------------------------------------------------------------------ the picture


def sheet(month: Month, *, is_group: bool, is_dark: bool) -> Sheet:
    """What stands on the picture of a month, in the language being spoken."""
    total = sum(month.counts.values())
    subtitle = (
        _n("本群打卡 {count} 人次", total) if is_group else _n("打卡 {count} 天", len(month.counts))
    )
    most = max(month.counts.values(), default=0)
    days = _days_of(month.first_on)
    counts = tuple(month.counts.get(on, 0) for on in days)
    is_now = days[0] <= month.today <= days[-1]
    return Sheet(
        title=_named(month.first_on),
        subtitle=subtitle,
        weekdays=tuple(_(one) for one in _WEEKDAYS),
        first_weekday=month.first_on.weekday(),
        counts=counts,
        levels=tuple(_level(one, most) if is_group else min(one, 1) * _LEVELS for one in counts),
        today=month.today.day if is_now else 0,
        ahead=month.today.day if is_now else len(days),
        is_numbered=is_group,
        is_dark=is_dark,
        scale=(_("少"), _("多")) if is_group else (),
    )


def _level(count: int, most: int) -> int:
    """The shade of a day, 0 without anybody, else 1 to 4 by its share of the fullest day."""
    return -(-_LEVELS * count // most) if most else 0


def _named(first_on: date) -> str:
    return dates.partial(PartialDate(first_on.year, first_on.month))


def _days_of(first_on: date) -> list[date]:
    return [
        on
        for on in (first_on + number * _ONE_DAY for number in range(31))
        if on.month == first_on.month
    ]
