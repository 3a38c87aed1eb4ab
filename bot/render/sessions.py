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
from bot.render.language import N_, _, as_read
from bot.render.recurrences import until

_MOST_NAMES = 20
_NAME_LENGTH = 16
_MOST_MENTIONED = 30
_PASSAGE_LENGTH = 90
_TAPS = (
    (Tap.COMING, N_("🙋 参加")),
    (Tap.AWAY, N_("🙅 请假")),
    (Tap.UNSURE, N_("🤔 不确定")),
)

NOTICES = {
    Tap.COMING: N_("好，给你记上了：参加 🙋"),
    Tap.AWAY: N_("好，给你记上了：请假"),
    Tap.UNSURE: N_("好，给你记上了：不确定，定了再点一下"),
    Tap.HERE: N_("签到成功 ✅"),
}
ALREADY = {
    Tap.COMING: N_("已经记着你参加了 🙋"),
    Tap.AWAY: N_("已经记着你请假了"),
    Tap.UNSURE: N_("已经记着你不确定了"),
    Tap.HERE: N_("你已经签过到了 ✅"),
}
NOT_HELD = N_("这一次已经取消或改期了，请看最新的提醒")
OVER = N_("这一次已经结束了，下次再来")
OVER_TO_CHECK_IN = N_("这一次的签到时间已经过了，下次早点来")


def session(
    reminder: Reminder,
    occurrence: Occurrence,
    count: Count,
    *,
    lead: timedelta | None,
    agenda: Agenda | None,
) -> Answer:
    """The reminder before a session; `lead` is how long it still is, where that is to be said."""
    zone = escape(dates.zone_name(reminder.zone))
    lines = [
        _headed(bold(f"⏰ {reminder.title}"), lead),
        _("时间：{time}（{zone}）", time=_time(occurrence), zone=zone),
    ]
    if reminder.place:
        lines.append(_("地点：{place}", place=escape(reminder.place)))
    if agenda is not None and not agenda.is_empty:
        lines += ["", *_agenda(agenda)]
    buttons = _openings(agenda)
    if reminder.takes_part:
        lines += ["", *_who(count)]
        buttons = (*buttons, *_tapping(reminder, occurrence))
    return Answer("\n".join(lines), buttons)


def nudge(reminder: Reminder, occurrence: Occurrence, awaited: Sequence[Attendee]) -> Answer:
    """To those who said they would come and are not there; only they are mentioned."""
    named = _("、").join(_mention(one) for one in awaited[:_MOST_MENTIONED])
    if len(awaited) > _MOST_MENTIONED:
        named = _("{names}等{count}位", names=named, count=len(awaited))
    lines = [
        _("📣 {title}已经开始了。", title=bold(reminder.title)),
        _("{names}，到了请点一下“签到”；来不了也没关系，点“请假”说一声。", names=named),
    ]
    here = _tap(_("✅ 签到"), reminder, occurrence, Tap.HERE)
    away = _tap(_("🙅 请假"), reminder, occurrence, Tap.AWAY)
    return Answer("\n".join(lines), ((here, away),))


def summary(
    reminder: Reminder, occurrence: Occurrence, count: Count, agenda: Agenda | None
) -> Answer:
    """After a session: who came, how many of those expected, and what it was about."""
    lines = [
        bold(_("📝 {title} · 小结", title=reminder.title)),
        _time(occurrence),
        "",
        _(
            "实到 {came} 人，应到 {expected} 人，到场率 {rate}%",
            came=len(count.came),
            expected=count.expected,
            rate=round(100 * count.rate),
        ),
    ]
    if count.came:
        lines.append(_("到场：{names}", names=_names(count.came)))
    if count.away:
        lines.append(_("请假：{names}", names=_names(count.away)))
    if count.awaited:
        lines.append(_("没签到：{names}", names=_names(count.awaited)))
    if agenda is not None and not agenda.is_empty:
        lines += ["", _("学习主题：{theme}", theme=escape(agenda.theme)), *_cited(agenda)]
    lines += ["", _("辛苦了，下次见！考勤汇总：/attendance")]
    return Answer("\n".join(lines), _openings(agenda))


def check_in_closed(reminder: Reminder, opens_at: datetime, closes_at: datetime) -> str:
    """Why one cannot check in yet, short enough for a notice (200)."""
    first, last = (at.astimezone(ZoneInfo(reminder.zone)) for at in (opens_at, closes_at))
    return _(
        "签到时间是 {day} {opens} 到 {closes}，到时候再点",
        day=dates.day_of_week(first.date()),
        opens=dates.clock(first.time()),
        closes=dates.clock(last.time()),
    )


def _time(occurrence: Occurrence) -> str:
    """`11月27日 星期五 15:00`"""
    named, at = dates.day_of_week(occurrence.on), dates.clock(occurrence.at)
    return _("{day} {time}", day=named, time=at)


def _headed(title: str, lead: timedelta | None) -> str:
    """The title, and how long it is until then."""
    if lead is None:
        return title
    if not lead:
        return _("{title} · 现在开始", title=title)
    return _("{title} · {length}后开始", title=title, length=until(lead))


def _who(count: Count) -> list[str]:
    lines = [
        _(
            "🙋 参加 {coming}　🙅 请假 {away}　🤔 不确定 {unsure}",
            coming=len(count.coming),
            away=len(count.away),
            unsure=len(count.unsure),
        )
    ]
    if count.coming:
        lines.append(_("参加：{names}", names=_names(count.coming)))
    if count.away:
        lines.append(_("请假：{names}", names=_names(count.away)))
    if count.unsure:
        lines.append(_("不确定：{names}", names=_names(count.unsure)))
    if count.came:
        names = _names(count.came)
        lines.append(_("✅ 已签到 {count}：{names}", count=len(count.came), names=names))
    return lines


def _names(who: Sequence[Attendee]) -> str:
    """Names, escaped, a long list shortened; HTML."""
    named = _("、").join(escape(_name(one)) for one in who[:_MOST_NAMES])
    if len(who) <= _MOST_NAMES:
        return named
    return _("{names}等{count}人", names=named, count=len(who))


def _name(one: Attendee) -> str:
    return one_line(one.member.name, _NAME_LENGTH) or _("无名")


def _mention(one: Attendee) -> str:
    return f'<a href="tg://user?id={one.member.user_id}">{escape(_name(one))}</a>'


def _tapping(reminder: Reminder, occurrence: Occurrence) -> tuple[tuple[Button, ...], ...]:
    row = tuple(_tap(_(label), reminder, occurrence, tap) for tap, label in _TAPS)
    return (row, (_tap(_("✅ 签到"), reminder, occurrence, Tap.HERE),))


def _tap(label: str, reminder: Reminder, occurrence: Occurrence, tap: Tap) -> Button:
    data = callbacks.compose(TakePart(reminder.id, occurrence.occurs_on, tap))
    return Button(label, data)


def _agenda(agenda: Agenda) -> list[str]:
    lines = [_("📖 主题：{theme}", theme=bold(agenda.theme))]
    for number, passage in enumerate(_passages(agenda), 1):
        text = passage.text if isinstance(passage, Quote) else passage.section.digest
        opening = as_read(shorten(text or passage.text, _PASSAGE_LENGTH)[0])
        lines.append(f"{number}. {escape(one_line(opening, 2 * _PASSAGE_LENGTH))}")
        lines.append(f"　—— {escape(_source(passage))}")
    if agenda.questions:
        asked = (_(one.message, sentence=as_read(one.sentence)) for one in agenda.questions)
        lines += ["", _("💬 一起讨论："), *(f"· {escape(question)}" for question in asked)]
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
        occasion = one_line(as_read(passage.occasion), 40)
        return _("{occasion}（{date}）", occasion=occasion, date=dates.day(passage.said_on))
    article, section = passage.article, passage.section
    name = f" · {one_line(as_read(section.title), 24)}" if section.title else ""
    return f"《{one_line(as_read(article.title), 40)}》{as_read(article.author)}{name}"
