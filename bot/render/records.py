"""Attendance in records: a table for a phone, the same for a spreadsheet, one person, one day.

Here live the words, the columns and the CSV of `/attendance`.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.model import Answer, Attendee, Button, Coming, PartialDate, Session, Tally
from bot.render import callbacks, dates
from bot.render.callbacks import Records
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n

_NAME_WIDTH = 10  # columns of half width: five Chinese characters
_MOST_ROWS = 60
_MOST_LISTED = 20
_CAME, _AWAY, _MISSED, _UNSURE = N_("到场"), N_("请假"), N_("未到"), N_("不确定")
_DONE = {Coming.NO: _AWAY, Coming.YES: _MISSED, Coming.MAYBE: _UNSURE, Coming.UNSAID: ""}

Held = Sequence[tuple[Session, Sequence[Attendee]]]


def month(first_on: date, held: Held, tallies: Sequence[Tally], today: date) -> Answer:
    """The month's table: a row a person."""
    named = _month_of(first_on)
    buttons = _turning(first_on, today)
    if not held:
        told = _("{month}还没有可以统计的学习。先设一个提醒，例如：", month=named)
        example = code("/remind 每周五 15:00 学习会 提前30分钟")
        return Answer(f"{told}\n{example}", buttons)
    heading = _n("📊 {month}考勤 · 共{count}次", len(held), month=named)
    lines = [bold(heading), "", _table(tallies)]
    if len(tallies) > _MOST_ROWS:
        lines.append(_("只列出前{most}人，全部请看表格文件。", most=_MOST_ROWS))
    of_person = code(_("/attendance 姓名"))
    of_day = code("/attendance 11月27日")
    told = _("看一个人：{of_person}　看一天：{of_day}", of_person=of_person, of_day=of_day)
    lines += ["", told]
    file = Button(_("📄 表格文件"), callbacks.compose(Records(first_on, as_file=True)))
    return Answer("\n".join(lines), (*buttons, (file,)))


def person(name: str, held: Held, zone: str) -> Answer:
    """What one person did, the newest session first."""
    of_person = [(session, one) for session, who in held for one in who if name in one.member.name]
    if not of_person:
        return Answer(
            _(
                "没有找到“{name}”的考勤。名字要和 Telegram 里的一样，例如：{example}",
                name=escape(one_line(name, 20)),
                example=code("/attendance 小王"),
            )
        )
    lines = [bold(_("📊 {name} 的考勤", name=one_line(name, 20))), ""]
    for session, one in reversed(of_person[-_MOST_LISTED:]):
        lines.append(
            _(
                "{day} {title}：{done}",
                day=_day(session, zone),
                title=escape(session.title),
                done=_(_done(one) or N_("没有表示")),
            )
        )
    came = sum(one.has_come for session, one in of_person)
    lines += ["", _("近半年 {held} 次，到场 {came} 次", held=len(held), came=came)]
    return Answer("\n".join(lines))


def day(on: date, held: Held, zone: str) -> Answer:
    """The sessions of one day, and who came."""
    if not held:
        return Answer(_("{day}没有学习记录。看整月请发 /attendance", day=dates.day(on)))
    lines = []
    for session, who in held:
        lines.append(bold(f"📊 {_day(session, zone)} {session.title}"))
        for done in (_CAME, _AWAY, _MISSED, _UNSURE):
            names = [one.member.name for one in who if _done(one) == done]
            if names:
                shown = _("、").join(escape(one_line(name, 16)) for name in names[:_MOST_ROWS])
                lines.append(
                    _("{done} {count}：{names}", done=_(done), count=len(names), names=shown)
                )
        lines.append("")
    return Answer("\n".join(lines).rstrip())


def not_understood(text: str) -> Answer:
    """Neither a month nor a day nor a person."""
    examples = ("/attendance 11月", "/attendance 11月27日", "/attendance 小王")
    return Answer(
        _(
            "没看懂“{text}”。可以这样写：{examples}",
            text=escape(one_line(text, 30)),
            examples=_("、").join(map(code, examples)),
        )
    )


def file_name(first_on: date) -> str:
    """`attendance-2026-11.csv`"""
    return f"attendance-{first_on:%Y-%m}.csv"


def file_sent(first_on: date) -> Answer:
    """What stands under the file."""
    return Answer(_("📄 {month}考勤，用表格软件打开。", month=_month_of(first_on)))


def sheet(held: Held, tallies: Sequence[Tally], zone: str) -> bytes:
    """The table as CSV (RFC 4180), in UTF-8 with a mark that spreadsheets know it by.

    A row a person, a column a session. A cell that a spreadsheet would take for a formula
    begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    headings = [f"{_day(session, zone)} {session.title}" for session, who in held]
    sums = [_("到场"), _("请假"), _("总次数"), _("到场率")]
    rows.writerow(map(_cell, [_("姓名"), *headings, *sums]))
    done = [{one.member.user_id: _said(one) for one in who} for session, who in held]
    for one in tallies:
        marks = [by_person.get(one.member.user_id, "") for by_person in done]
        sums = [str(one.came), str(one.away), str(one.total), f"{round(100 * one.rate)}%"]
        rows.writerow(map(_cell, [one.member.name, *marks, *sums]))
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _done(one: Attendee) -> str:
    """The key of what somebody did; empty for nothing."""
    return _CAME if one.has_come else _DONE[one.coming]


def _said(one: Attendee) -> str:
    done = _done(one)
    return _(done) if done else ""


def _month_of(first_on: date) -> str:
    """`2026年11月`"""
    return dates.partial(PartialDate(first_on.year, first_on.month))


def _day(session: Session, zone: str) -> str:
    local = session.starts_at.astimezone(ZoneInfo(zone))
    return dates.day_of_year(local.date())


def _table(tallies: Sequence[Tally]) -> str:
    headings = [_("到场"), _("请假"), _("到场率")]
    widths = [max(_width(one), least) for one, least in zip(headings, (4, 4, 6), strict=True)]
    named = (" " * (width - _width(one)) + one for one, width in zip(headings, widths, strict=True))
    lines = [f"{_padded(_('姓名'))} {' '.join(named)}"]
    for one in tallies[:_MOST_ROWS]:
        cells = (f"{one.came}/{one.total}", str(one.away), f"{round(100 * one.rate)}%")
        shown = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append(f"{_padded(one.member.name)} {' '.join(shown)}")
    return f"<pre>{escape(chr(10).join(lines))}</pre>"


def _padded(name: str) -> str:
    """The name on so many columns, Chinese characters being two wide."""
    shown, width = "", 0
    for character in " ".join(name.split()):
        wide = _width(character)
        if width + wide > _NAME_WIDTH:
            break
        shown, width = shown + character, width + wide
    return shown + " " * (_NAME_WIDTH - width)


def _width(text: str) -> int:
    """How many columns of half width it takes."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _turning(first_on: date, today: date) -> tuple[tuple[Button, ...], ...]:
    before = date(first_on.year - (first_on.month == 1), (first_on.month - 2) % 12 + 1, 1)
    after = date(first_on.year + (first_on.month == 12), first_on.month % 12 + 1, 1)
    row = [Button(_("‹ 上月"), callbacks.compose(Records(before)))]
    if after <= today:
        row.append(Button(_("下月 ›"), callbacks.compose(Records(after))))
    return (tuple(row),)
