"""What a reminder says when its time comes: the session, who takes part, and how it went.

Here live the words and buttons of those messages; they are composed anew whenever somebody
taps, so everything in them follows from what they are given. Every message is a single one:
names and passages are cut to fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import (
    Agenda,
    Answer,
    Attendee,
    Button,
    Count,
    Occurrence,
    Passage,
    Quote,
    Reminder,
)
from bot.render import callbacks, dates
from bot.render.callbacks import OpenPassage, TakePart, Tap
from bot.render.html import bold, escape, one_line, shorten
from bot.render.recurrences import length

_MOST_NAMES = 20
_NAME_LENGTH = 16
_MOST_MENTIONED = 30
_PASSAGE_LENGTH = 90
_TAPS = ((Tap.COMING, "🙋 参加"), (Tap.AWAY, "🙅 请假"), (Tap.UNSURE, "🤔 不确定"))

NOTICES = {
    Tap.COMING: "好，给你记上了：参加 🙋",
    Tap.AWAY: "好，给你记上了：请假",
    Tap.UNSURE: "好，给你记上了：不确定，定了再点一下",
    Tap.HERE: "签到成功 ✅",
}
ALREADY = {
    Tap.COMING: "已经记着你参加了 🙋",
    Tap.AWAY: "已经记着你请假了",
    Tap.UNSURE: "已经记着你不确定了",
    Tap.HERE: "你已经签过到了 ✅",
}
NOT_HELD = "这一次已经取消或改期了，请看最新的提醒"
OVER = "这一次已经结束了，下次再来"


def session(
    reminder: Reminder,
    occurrence: Occurrence,
    count: Count,
    *,
    lead: timedelta | None,
    agenda: Agenda | None,
) -> Answer:
    """The reminder before a session; `lead` is how long before it is sent, where known."""
    zone = escape(dates.zone_name(reminder.zone))
    time = f"{dates.day_of_week(occurrence.on)} {dates.clock(occurrence.at)}（{zone}）"
    lines = [bold(f"⏰ {reminder.title}") + _ahead(lead), f"时间：{time}"]
    if reminder.place:
        lines.append(f"地点：{escape(reminder.place)}")
    if agenda is not None and not agenda.is_empty:
        lines += ["", *_agenda(agenda)]
    buttons = _openings(agenda)
    if reminder.takes_part:
        lines += ["", *_who(count)]
        buttons = (*buttons, *_tapping(reminder, occurrence))
    return Answer("\n".join(lines), buttons)


def nudge(reminder: Reminder, occurrence: Occurrence, awaited: Sequence[Attendee]) -> Answer:
    """To those who said they would come and are not there; only they are mentioned."""
    named = "、".join(_mention(one) for one in awaited[:_MOST_MENTIONED])
    more = f"等{len(awaited)}位" if len(awaited) > _MOST_MENTIONED else ""
    lines = [
        f"📣 {bold(reminder.title)}已经开始了。",
        f"{named}{more}，到了请点一下“签到”；来不了也没关系，点“请假”说一声。",
    ]
    here, away = _tap("✅ 签到", reminder, occurrence, Tap.HERE), Tap.AWAY
    return Answer("\n".join(lines), ((here, _tap("🙅 请假", reminder, occurrence, away)),))


def summary(
    reminder: Reminder, occurrence: Occurrence, count: Count, agenda: Agenda | None
) -> Answer:
    """After a session: who came, how many of those expected, and what it was about."""
    lines = [
        bold(f"📝 {reminder.title} · 小结"),
        f"{dates.day_of_week(occurrence.on)} {dates.clock(occurrence.at)}",
        "",
        f"实到 {len(count.came)} 人，应到 {count.expected} 人，到场率 {round(100 * count.rate)}%",
    ]
    for label, who in (("到场", count.came), ("请假", count.away), ("没签到", count.awaited)):
        if who:
            lines.append(f"{label}：{_names(who)}")
    if agenda is not None and not agenda.is_empty:
        lines += ["", f"学习主题：{escape(agenda.theme)}", *_cited(agenda)]
    lines += ["", "辛苦了，下次见！考勤汇总：/attendance"]
    return Answer("\n".join(lines), _openings(agenda))


def check_in_closed(reminder: Reminder, opens_at: datetime, closes_at: datetime) -> str:
    """Why one cannot check in now, short enough for a notice (200)."""
    first, last = (at.astimezone(ZoneInfo(reminder.zone)) for at in (opens_at, closes_at))
    hours = f"{dates.clock(first.time())} 到 {dates.clock(last.time())}"
    return f"签到时间是 {dates.day_of_week(first.date())} {hours}，到时候再点"


def _ahead(lead: timedelta | None) -> str:
    if lead is None:
        return ""
    return f" · {length(lead)}后开始" if lead else " · 现在开始"


def _who(count: Count) -> list[str]:
    lines = [
        f"🙋 参加 {len(count.coming)}　🙅 请假 {len(count.away)}　🤔 不确定 {len(count.unsure)}"
    ]
    for label, who in (("参加", count.coming), ("请假", count.away), ("不确定", count.unsure)):
        if who:
            lines.append(f"{label}：{_names(who)}")
    if count.came:
        lines.append(f"✅ 已签到 {len(count.came)}：{_names(count.came)}")
    return lines


def _names(who: Sequence[Attendee]) -> str:
    """Names, escaped, a long list shortened; HTML."""
    named = "、".join(escape(_name(one)) for one in who[:_MOST_NAMES])
    return f"{named}等{len(who)}人" if len(who) > _MOST_NAMES else named


def _name(one: Attendee) -> str:
    return one_line(one.member.name, _NAME_LENGTH) or "无名"


def _mention(one: Attendee) -> str:
    return f'<a href="tg://user?id={one.member.user_id}">{escape(_name(one))}</a>'


def _tapping(reminder: Reminder, occurrence: Occurrence) -> tuple[tuple[Button, ...], ...]:
    row = tuple(_tap(label, reminder, occurrence, tap) for tap, label in _TAPS)
    return (row, (_tap("✅ 签到", reminder, occurrence, Tap.HERE),))


def _tap(label: str, reminder: Reminder, occurrence: Occurrence, tap: Tap) -> Button:
    data = callbacks.compose(TakePart(reminder.id, occurrence.occurs_on, tap))
    return Button(label, data)


def _agenda(agenda: Agenda) -> list[str]:
    lines = [f"📖 主题：{bold(agenda.theme)}"]
    for number, passage in enumerate(_passages(agenda), 1):
        text = passage.text if isinstance(passage, Quote) else passage.section.digest
        opening, _ = shorten(text or passage.text, _PASSAGE_LENGTH)
        lines.append(f"{number}. {escape(one_line(opening, 2 * _PASSAGE_LENGTH))}")
        lines.append(f"　—— {escape(_source(passage))}")
    if agenda.questions:
        lines += ["", "💬 一起讨论："]
        lines += [f"· {escape(one.text)}" for one in agenda.questions]
    return lines


def _cited(agenda: Agenda) -> list[str]:
    return [f"· {escape(_source(one))}" for one in _passages(agenda)]


def _openings(agenda: Agenda | None) -> tuple[tuple[Button, ...], ...]:
    """The passages by number, each to be opened in full."""
    passages = _passages(agenda) if agenda is not None else ()
    row = tuple(
        Button(f"📖 {number}", callbacks.compose(OpenPassage(one.id)))
        for number, one in enumerate(passages, 1)
        if callbacks.fits(OpenPassage(one.id))
    )
    return (row,) if row else ()


def _passages(agenda: Agenda) -> tuple[Passage, ...]:
    return (*agenda.quotes, *agenda.readings)


def _source(passage: Passage) -> str:
    if isinstance(passage, Quote):
        return f"{one_line(passage.occasion, 40)}（{dates.day(passage.said_on)}）"
    name = f" · {one_line(passage.section.title, 24)}" if passage.section.title else ""
    return f"《{one_line(passage.article.title, 40)}》{passage.article.author}{name}"
