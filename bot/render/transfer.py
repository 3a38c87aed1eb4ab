"""`/export` and `/import`: a group's data as a file, and what was taken from one.

Here live the words. The file is `study.archive`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Answer, Archive, ArchivedDay, Taken
from bot.render import dates
from bot.render.html import escape, one_line
from bot.render.language import N_, _, _n

FILE_NAME = "studybot-export.json"
NO_FILE = N_(
    "没有看到文件。请回复 /export 导出的那个文件发 /import，或者发文件时在说明里写 /import"
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was in the file and will not be seen here: decisions about single days.

    Of dates that are past, of dates for which something else was decided here, and quotations
    that this bot's corpus does not have, which were taken in all the same.
    """

    days_past: int
    days_otherwise: int
    unknown: Sequence[ArchivedDay]


def exported(archive: Archive) -> Answer:
    """What stands under the file."""
    pushed_on = {one.on for one in archive.shown}
    check_ins = sum(len(one.moments) for one in archive.check_ins)
    held = [
        (1, _("这里的设置")),
        (len(archive.reminders), _n("提醒 {count} 个", len(archive.reminders))),
        (len(archive.members), _n("名册 {count} 人", len(archive.members))),
        (len(archive.sessions), _n("学习记录 {count} 次", len(archive.sessions))),
        (len(pushed_on), _n("推送记录 {count} 天", len(pushed_on))),
        (len(archive.days), _n("单日推送安排 {count} 天", len(archive.days))),
        (check_ins, _n("打卡 {count} 次", check_ins)),
        (len(archive.plans), _n("读书计划 {count} 个", len(archive.plans))),
        (len(archive.quizzes), _n("测验 {count} 道", len(archive.quizzes))),
    ]
    lines = [
        _("📦 导出好了，里面有：{parts}。", parts=_listed(held)),
        _("要搬到另一个机器人：在那边的群里发这个文件，说明里写 /import。"),
    ]
    if archive.members or archive.check_ins or archive.quizzes:
        lines.append(_("里面有大家的名字、考勤、打卡和测验答案，请不要外传。"))
    return Answer("\n".join(lines))


def imported(
    archive: Archive, taken: Taken, left_out: LeftOut, *, has_settings: bool = False
) -> Answer:
    """What was new, and what was not taken over.

    `has_settings` when zone or language were taken over.
    """
    added = [
        (has_settings, _("时区和语言")),
        (taken.subscription, _("每日推送 已设好")),
        (taken.reminders, _n("提醒 {count} 个", taken.reminders)),
        (taken.members, _n("名册 {count} 人", taken.members)),
        (taken.sessions, _n("学习记录 {count} 次", taken.sessions)),
        (taken.attendances, _n("考勤 {count} 条", taken.attendances)),
        (taken.shown, _n("推送记录 {count} 天", taken.shown)),
        (taken.days, _n("单日推送安排 {count} 天", taken.days)),
        (taken.check_ins, _n("打卡 {count} 次", taken.check_ins)),
        (taken.plans, _n("读书计划 {count} 个", taken.plans)),
        (taken.quizzes, _n("测验 {count} 道", taken.quizzes)),
        (taken.schedules, _n("定时安排 {count} 个", taken.schedules)),
    ]
    title = escape(one_line(archive.title, 40))
    if any(count for count, _said in added):
        lines = [_("✅ 已导入“{title}”的数据，新增：", title=title), _listed(added)]
    else:
        lines = [_("✅ “{title}”的数据这里都有了，没有新增。", title=title)]
    lines += ["", *_left_out(left_out), _("原来就有的没有改动。提醒列表：/reminders")]
    return Answer("\n".join(lines))


def _listed(counted: Sequence[tuple[int, str]]) -> str:
    """What there is any of, in one line."""
    return _("、").join(said for count, said in counted if count)


def _left_out(one: LeftOut) -> list[str]:
    """A line for each reason."""
    lines = []
    if one.days_otherwise:
        count = one.days_otherwise
        lines.append(_n("有 {count} 天这里已经另有安排，以这里的为准。", count))
    if one.days_past:
        lines.append(_n("有 {count} 天的安排已经过期，没有导入。", one.days_past))
    if one.unknown:
        first = one.unknown[0]
        lines.append(
            _n(
                "有 {count} 天指定的论述这里的资料里没有，到时照常轮换，例如{day}的 {id}。",
                len(one.unknown),
                day=dates.day_of_year(first.on),
                id=escape(first.plan.quote_id),
            )
        )
    return lines


def refused(sentence: str) -> Answer:
    """A file that cannot be taken in, or none."""
    return Answer(f"🤔 {escape(sentence)}")
