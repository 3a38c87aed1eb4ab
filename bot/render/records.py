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

from bot.model import Answer, Attendee, Button, Coming, Session, Tally
from bot.render import callbacks, dates
from bot.render.callbacks import Records
from bot.render.html import bold, code, escape, one_line

_NAME_WIDTH = 10  # columns of half width: five Chinese characters
_MOST_ROWS = 60
_MOST_LISTED = 20
_DONE = {Coming.NO: "请假", Coming.YES: "未到", Coming.MAYBE: "不确定", Coming.UNSAID: ""}

Held = Sequence[tuple[Session, Sequence[Attendee]]]


def month(first_on: date, held: Held, tallies: Sequence[Tally], today: date) -> Answer:
    """The month's table: a row a person."""
    named = f"{first_on.year}年{first_on.month}月"
    buttons = _turning(first_on, today)
    if not held:
        return Answer(
            f"{named}还没有可以统计的学习。先设一个提醒，例如：\n"
            f"{code('/remind 每周五 15:00 学习会 提前30分钟')}",
            buttons,
        )
    lines = [bold(f"📊 {named}考勤 · 共{len(held)}次"), "", _table(tallies)]
    if len(tallies) > _MOST_ROWS:
        lines.append(f"只列出前{_MOST_ROWS}人，全部请看表格文件。")
    lines += ["", f"看一个人：{code('/attendance 姓名')}　看一天：{code('/attendance 11月27日')}"]
    file = Button("📄 表格文件", callbacks.compose(Records(first_on, as_file=True)))
    return Answer("\n".join(lines), (*buttons, (file,)))


def person(name: str, held: Held, zone: str) -> Answer:
    """What one person did, the newest session first."""
    of_person = [(session, one) for session, who in held for one in who if name in one.member.name]
    if not of_person:
        return Answer(
            f"没有找到“{escape(one_line(name, 20))}”的考勤。"
            f"名字要和 Telegram 里的一样，例如：{code('/attendance 小王')}"
        )
    lines = [bold(f"📊 {one_line(name, 20)} 的考勤"), ""]
    for session, one in reversed(of_person[-_MOST_LISTED:]):
        lines.append(f"{_day(session, zone)} {escape(session.title)}：{_done(one) or '没有表示'}")
    came = sum(one.has_come for _, one in of_person)
    lines += ["", f"近半年 {len(held)} 次，到场 {came} 次"]
    return Answer("\n".join(lines))


def day(on: date, held: Held, zone: str) -> Answer:
    """The sessions of one day, and who came."""
    if not held:
        return Answer(f"{dates.day(on)}没有学习记录。看整月请发 /attendance")
    lines = []
    for session, who in held:
        lines.append(bold(f"📊 {_day(session, zone)} {session.title}"))
        for label in ("到场", "请假", "未到", "不确定"):
            names = [one.member.name for one in who if _done(one) == label]
            if names:
                shown = "、".join(escape(one_line(name, 16)) for name in names[:_MOST_ROWS])
                lines.append(f"{label} {len(names)}：{shown}")
        lines.append("")
    return Answer("\n".join(lines).rstrip())


def not_understood(text: str) -> Answer:
    """Neither a month nor a day nor a person."""
    return Answer(
        f"没看懂“{escape(one_line(text, 30))}”。可以这样写：{code('/attendance 11月')}、"
        f"{code('/attendance 11月27日')}、{code('/attendance 小王')}"
    )


def file_name(first_on: date) -> str:
    """`attendance-2026-11.csv`"""
    return f"attendance-{first_on:%Y-%m}.csv"


def file_sent(first_on: date) -> Answer:
    """What stands under the file."""
    return Answer(f"📄 {first_on.year}年{first_on.month}月考勤，用表格软件打开。")


def sheet(held: Held, tallies: Sequence[Tally], zone: str) -> bytes:
    """The table as CSV (RFC 4180), in UTF-8 with a mark that spreadsheets know it by.

    A row a person, a column a session. A cell that a spreadsheet would take for a formula
    begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    headings = [f"{_day(session, zone)} {session.title}" for session, _ in held]
    rows.writerow(map(_cell, ["姓名", *headings, "到场", "请假", "总次数", "到场率"]))
    done = [{one.member.user_id: _done(one) for one in who} for _, who in held]
    for one in tallies:
        marks = [by_person.get(one.member.user_id, "") for by_person in done]
        sums = [str(one.came), str(one.away), str(one.total), f"{round(100 * one.rate)}%"]
        rows.writerow(map(_cell, [one.member.name, *marks, *sums]))
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _done(one: Attendee) -> str:
    return "到场" if one.has_come else _DONE[one.coming]


def _day(session: Session, zone: str) -> str:
    local = session.starts_at.astimezone(ZoneInfo(zone))
    return f"{local.month}月{local.day}日"


def _table(tallies: Sequence[Tally]) -> str:
    lines = [f"{_padded('姓名')} 到场 请假 到场率"]
    for one in tallies[:_MOST_ROWS]:
        came, rate = f"{one.came}/{one.total}", f"{round(100 * one.rate)}%"
        lines.append(f"{_padded(one.member.name)} {came:>4} {one.away:>4} {rate:>6}")
    return f"<pre>{escape(chr(10).join(lines))}</pre>"


def _padded(name: str) -> str:
    """The name on so many columns, Chinese characters being two wide."""
    shown, width = "", 0
    for character in " ".join(name.split()):
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width + wide > _NAME_WIDTH:
            break
        shown, width = shown + character, width + wide
    return shown + " " * (_NAME_WIDTH - width)


def _turning(first_on: date, today: date) -> tuple[tuple[Button, ...], ...]:
    before = date(first_on.year - (first_on.month == 1), (first_on.month - 2) % 12 + 1, 1)
    after = date(first_on.year + (first_on.month == 12), first_on.month % 12 + 1, 1)
    row = [Button("‹ 上月", callbacks.compose(Records(before)))]
    if after <= today:
        row.append(Button("下月 ›", callbacks.compose(Records(after))))
    return (tuple(row),)
