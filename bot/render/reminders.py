"""Reminders: reading one back, the list of them, and the panel of one.

Here live the words and buttons of `/remind` and `/reminders`. The messages that remind are
`sessions`; how a recurrence is worded is `recurrences`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.model import Answer, Button, Change, Occurrence, Reminder, ReminderState
from bot.render import callbacks, dates
from bot.render.callbacks import Remind, Verb
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n
from bot.render.pages import in_rows
from bot.render.recurrences import leads, length, line, time_of, when

EXAMPLE = "/remind 每周五 15:00 学习会 提前30分钟"
_EXAMPLES = (
    "每周五 15:00 学习会 提前1天 30分钟",
    "每月最后一个周五 14:30 组织生活会",
    "工作日 8:30 晨读",
    "12月1日 9:00 专题学习 @三楼会议室",
    "隔周三 19:30 读书会 主题 脑机接口",
)
_MOVES = (
    (N_("提前一天"), -1),
    (N_("推迟一天"), 1),
    (N_("推迟两天"), 2),
    (N_("推迟一周"), 7),
)
CONFIRMED = N_("记下了 ✅")
DONE = N_("改好了 ✅")
GONE = N_("这个提醒已经删除了")
PAST = N_("那个时间已经过去了，没有改动")
UNTITLED = N_("学习提醒")
TITLED_BY_THEME = N_("{theme}学习")


@dataclass(frozen=True, slots=True)
class Shown:
    """A reminder with its next occurrences. `is_guessing`: one of them is a working day of a

    year whose public holidays are not known yet. `has_agenda`: its theme, if it has one, finds
    something to read.
    """

    reminder: Reminder
    upcoming: Sequence[Occurrence]
    today: date
    is_guessing: bool = False
    has_agenda: bool = True


def read_back(shown: Shown) -> Answer:
    """What was understood, to be confirmed."""
    lines = [_("我是这样理解的："), "", *_about(shown), "", *_next(shown)]
    lines += ["", _("对的话请点“确认”，之后才会提醒。")]
    return Answer("\n".join(lines), ((_to(_("✅ 确认"), Verb.CONFIRM, shown), _edit(shown)),))


def confirmed(shown: Shown) -> Answer:
    """After 确认, in place of what was read back."""
    lines = [bold(_("✅ 提醒已设好")), "", *_about(shown), "", *_next(shown)]
    lines += ["", _("要改、暂停或删除：/reminders")]
    return Answer("\n".join(lines), ((_to(_("管理这个提醒"), Verb.OPEN, shown),),))


def to_be_edited(shown: Shown) -> Answer:
    """How to say it differently: the line as it could be typed, to be copied."""
    reminder = shown.reminder
    if reminder.state is ReminderState.DRAFT:
        asking = _("好，请改好再发一次（点一下可以复制）：")
        return Answer(f"{asking}\n{code(f'/remind {line(reminder)}')}")
    example = f"/remind #{reminder.id} 周四 16:00 提前1天"
    only_next = f"/remind #{reminder.id} 下次改到 周四 16:00"
    lines = [
        _("把要改的写在编号后面就行，没写的不变，例如："),
        code(example),
        "",
        _("只改下一次：{example}", example=code(only_next)),
        _("现在是：{line}", line=code(line(reminder))),
    ]
    return Answer("\n".join(lines))


def listed(shown: Sequence[Shown]) -> Answer:
    """The chat's reminders, each openable."""
    if not shown:
        return Answer(_("还没有提醒。可以这样设一个：") + f"\n{code(EXAMPLE)}")
    lines = [bold(_("⏰ 提醒列表")), ""]
    for one in shown:
        named = f"#{one.reminder.id} {bold(one.reminder.title)}"
        if one.reminder.state is ReminderState.PAUSED:
            named = _("{reminder}（暂停中）", reminder=named)
        lines.append(named)
        lines.append(escape(f"{when(one.reminder)} · {leads(one.reminder)}"))
        following = time_of(one.upcoming[0], one.today) if one.upcoming else _("没有了")
        lines += [_("下一次：{time}", time=following), ""]
    buttons = [
        (_to(f"#{one.reminder.id} {one_line(one.reminder.title, 20)}", Verb.OPEN, one),)
        for one in shown
    ]
    return Answer("\n".join(lines).rstrip(), tuple(buttons))


def panel(shown: Shown, heading: str = "") -> Answer:
    """One reminder, and what can be done with it."""
    is_paused = shown.reminder.state is ReminderState.PAUSED
    heading = heading or _("⏰ 提醒 #{number}", number=shown.reminder.id)
    lines = [bold(heading), "", *_about(shown)]
    lines += ["", _("⏸ 暂停中，不会提醒。") if is_paused else "", *_next(shown)]
    changes = [_changed(one) for one in shown.reminder.changes if _is_ahead(one, shown.today)]
    if changes:
        lines += ["", *changes]
    taking = _("不再报名") if shown.reminder.takes_part else _("开放报名")
    switch = (_("▶️ 恢复"), Verb.RESUME) if is_paused else (_("⏸ 暂停"), Verb.PAUSE)
    rows: list[tuple[Button, ...]] = [(_to(*switch, shown), _edit(shown))]
    if shown.upcoming and not is_paused:
        skip, move = _("跳过下一次"), _("下一次改期")
        rows.append((_to(skip, Verb.SKIP, shown), _to(move, Verb.MOVE, shown)))
    if any(_is_ahead(one, shown.today) for one in shown.reminder.changes):
        rows.append((_to(_("撤销跳过和改期"), Verb.RESTORE, shown),))
    file = _to(_("📅 日历文件"), Verb.CALENDAR, shown)
    rows.append((_to(taking, Verb.TAKING_PART, shown), file))
    rows.append((_to(_("🗑 删除"), Verb.DELETE, shown), _to(_("‹ 列表"), Verb.LIST, shown)))
    return Answer("\n".join(lines).replace("\n\n\n", "\n\n"), tuple(rows))


def moving(shown: Shown) -> Answer:
    """Where to the next occurrence may be moved."""
    following = time_of(shown.upcoming[0], shown.today)
    example = code(f"/remind #{shown.reminder.id} 下次改到 周四 16:00")
    lines = [
        _("下一次是 {time}，改到什么时候？", time=bold(following)),
        "",
        _("别的时间请发送，例如：{example}", example=example),
    ]
    following_on = shown.upcoming[0].on
    occurs_on = shown.upcoming[0].occurs_on
    buttons = [
        Button(_(label), callbacks.compose(_on(Verb.MOVE, shown, occurs_on, to_on.isoformat())))
        for label, days in _MOVES
        if (to_on := following_on + timedelta(days=days)) > shown.today
    ]
    back = (_to(_("‹ 返回"), Verb.OPEN, shown),)
    return Answer("\n".join(lines), (*in_rows(buttons, 2), back))


def deleting(shown: Shown) -> Answer:
    """Asks once more."""
    return Answer(
        _(
            "确定删除提醒“{title}”吗？以后不再提醒，以往的考勤记录会留着。",
            title=escape(shown.reminder.title),
        ),
        ((_to(_("确定删除"), Verb.DELETE_NOW, shown), _to(_("‹ 返回"), Verb.OPEN, shown)),),
    )


def deleted(reminder: Reminder) -> Answer:
    """After it was deleted, in place of its panel."""
    told = _("已删除“{title}”。想恢复可以再发：", title=escape(reminder.title))
    return Answer(f"{told}\n{code(f'/remind {line(reminder)}')}")


def gone() -> Answer:
    """A reminder that is no more."""
    told = _("这个提醒已经删除了。现有的提醒请看 /reminders，新设一个例如：")
    return Answer(f"{told}\n{code(EXAMPLE)}")


def refused(sentence: str) -> Answer:
    """A line that is not understood; the sentence already has its example."""
    return Answer(f"🤔 {escape(sentence)}")


def usage() -> Answer:
    """`/remind` with nothing behind it."""
    lines = [
        bold(_("提醒怎么设")),
        _("写清哪天、几点、做什么，就可以了："),
        *(f"· {code(f'/remind {one}')}" for one in _EXAMPLES),
        "",
        _("已有的提醒：/reminders"),
    ]
    return Answer("\n".join(lines))


def nothing_ahead(reminder: Reminder) -> Answer:
    """A reminder that has no occurrence to come."""
    title = escape(reminder.title)
    return Answer(_("“{title}”没有下一次了，没有可以改的。/reminders", title=title))


def too_many(most: int) -> Answer:
    """The chat has as many reminders as it may have."""
    told = _n("这里已经有{count}个提醒，到顶了。请先在 /reminders 里删掉不用的。", most)
    return Answer(told)


def _about(shown: Shown) -> list[str]:
    reminder = shown.reminder
    zone = dates.zone_name(reminder.zone)
    lines = [
        f"📌 {bold(reminder.title)}",
        _(
            "时间：{when}（{zone}），每次{length}",
            when=escape(when(reminder)),
            zone=escape(zone),
            length=length(reminder.lasts),
        ),
        _("提醒：{leads}", leads=escape(leads(reminder))),
    ]
    if reminder.place:
        lines.append(_("地点：{place}", place=escape(reminder.place)))
    if reminder.theme and not shown.has_agenda:
        theme = escape(reminder.theme)
        lines.append(_("主题：{theme}（资料里没有相关的内容，提醒时不附）", theme=theme))
    elif reminder.theme:
        theme = escape(reminder.theme)
        lines.append(_("主题：{theme}（提醒时附上相关论述、文章和讨论题）", theme=theme))
    if reminder.takes_part:
        lines.append(_("报名：开放，会后有小结"))
    return lines


def _next(shown: Shown) -> list[str]:
    if not shown.upcoming:
        return [_("接下来没有了。")]
    lines = [_("接下来："), *(f"· {time_of(one, shown.today)}" for one in shown.upcoming)]
    if shown.is_guessing:
        lines.append(_("（放假安排公布之前，工作日先按周一至周五算）"))
    return lines


def _changed(change: Change) -> str:
    named = dates.day_of_year(change.occurs_on)
    if change.to_on is None:
        return _("{day}跳过", day=named)
    moved_to = dates.day_of_week(change.to_on)
    if change.at:
        moved_to = _("{day} {time}", day=moved_to, time=dates.clock(change.at))
    return _("{day}改到{time}", day=named, time=moved_to)


def _is_ahead(change: Change, today: date) -> bool:
    return max(change.occurs_on, change.to_on or change.occurs_on) >= today


def _edit(shown: Shown) -> Button:
    return _to(_("✏️ 修改"), Verb.EDIT, shown)


def _to(label: str, verb: Verb, shown: Shown) -> Button:
    """A button; what is done to the next occurrence names it, lest it be done to another."""
    is_about_next = verb is Verb.SKIP and shown.upcoming
    occurs_on = shown.upcoming[0].occurs_on if is_about_next else None
    return Button(label, callbacks.compose(_on(verb, shown, occurs_on)))


def _on(verb: Verb, shown: Shown, occurs_on: date | None, value: str = "") -> Remind:
    return Remind(verb, shown.reminder.id, occurs_on, value)
