"""The days to come: what the push will bring when, and what was decided about single days.

Here lives what `/plan` and `studybot preview` say. What will come is `study.foresight`, who
may change it is `chat.plan`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.model import (
    Answer,
    Button,
    Corpus,
    DayRule,
    Foreseen,
    Language,
    Quote,
    Subscription,
)
from bot.render import callbacks, dates, pages
from bot.render.html import bold, code, escape, italic, one_line, quoted
from bot.render.language import N_, _, _n, as_read, language, speaking
from bot.render.passages import citation, section_name, title_of
from bot.render.push import why_quote

LONGEST_NOTE = 200  # characters
FEW_DAYS = 7
MAX_DAYS = 60  # as far ahead as is told
SWAPPED = N_("换好了")
RESET = N_("恢复了")
DONE_BEFORE = N_("已经换过了")
TOO_LATE = N_("这一天的推送已经定下来了，改不了")

_A_ROW = 4
_FIRST_WORDS = 18
_PREFACE = ".0"  # how the id of what stands before an article's first heading ends
# GB/T 15834: quotation marks within quotation marks are the single ones.
_WITHIN_QUOTES = str.maketrans("“”", "‘’")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of the days to come: `today` is the chat's own local date.

    `workdays_until` is the last date whose public holidays are known.
    """

    subscription: Subscription
    corpus: Corpus
    today: date
    days: Sequence[Foreseen]
    workdays_until: date


# --------------------------------------------------------------------------- the list


def listing(one: Outlook) -> Answer:
    """A line a day, and a button for each day that can still be changed."""
    hint = _("点日期看当天的安排，管理员可以换一条、指定一条或者加一句备注。")
    told = [*lines(one), "", hint]
    return Answer("\n".join(told), (*_day_buttons(one), *_turning(one)))


def lines(one: Outlook) -> list[str]:
    """A heading and the days, HTML."""
    told = [bold(_title(one)), ""]
    told += [line for day in one.days for line in _lines(day, one)]
    if one.subscription.days.rule is DayRule.WORKDAYS and one.days[-1].on > one.workdays_until:
        until = dates.day(one.workdays_until)
        told += ["", italic(_("{date}以后的放假安排还没有公布，先按周一至周五算。", date=until))]
    return told


def _title(one: Outlook) -> str:
    first, last = one.days[0].on, one.days[-1].on
    zone = dates.zone_name(one.subscription.zone)
    span = dates.between(dates.day_of_year(first), dates.day_of_year(last))
    return _("🗓 {span}的每日推送（{zone}）", span=span, zone=zone)


def _lines(day: Foreseen, one: Outlook) -> list[str]:
    named = escape(dates.day_of_week(day.on))
    if day.due_at is None:
        if day.is_shown:  # elsewhere, at an hour that is not known here
            return [f"{named}　" + f"✅ {_what(day, one.corpus)}"]
        return [f"{named}　{_why_none(day, one)}"]
    mark = "✅ " if day.is_shown else "📌 " if _is_pinned(day) else ""
    lines = [f"{named} {bold(_wall_clock(day, one.subscription))}　{mark}{_what(day, one.corpus)}"]
    if day.plan.note:
        lines.append(f"　　📝 {escape(one_line(day.plan.note, 30))}")
    moved = _moved(day, one.subscription)
    if moved:
        lines.append(f"　　⏰ {moved}")
    return lines


def _why_none(day: Foreseen, one: Outlook) -> str:
    """Why a day shows nothing, in the list."""
    if day.is_entered:
        return _("没有送成")
    return _("还没开始") if day.on < one.subscription.first_on else _("休")


def _what(day: Foreseen, corpus: Corpus) -> str:
    """The quotation's date and first words, and the reading; HTML."""
    quote = corpus.quote(day.choice.quote_id)
    reading = corpus.reading(day.choice.section_id)
    said = []
    if quote is not None:
        words = escape(one_line(as_read(quote.text), _FIRST_WORDS)).translate(_WITHIN_QUOTES)
        said.append(_("{date}“{words}”", date=quote.said_on, words=words))
    if reading is not None:
        is_preface = reading.section.id.endswith(_PREFACE)
        title = as_read(reading.article.title) if is_preface else section_name(reading)
        name = one_line(title or as_read(reading.article.title), 14)
        said.append(f"📚{escape(name)}")
    return " ".join(said) or _("没有可推的内容")


def _is_pinned(day: Foreseen) -> bool:
    """Whether the day shows what was decided: what is not in the corpus cannot be shown."""
    return bool(day.plan.quote_id) and day.plan.quote_id == day.choice.quote_id


def _wall_clock(day: Foreseen, subscription: Subscription) -> str:
    assert day.due_at is not None, "only a day with a push has its time"
    local = day.due_at.astimezone(ZoneInfo(subscription.zone))
    shown = dates.clock(local.time())
    return shown if local.date() == day.on else _("次日 {time}", time=shown)


def _moved(day: Foreseen, subscription: Subscription) -> str:
    """What the change of clocks does to that day; empty on other days."""
    assert day.due_at is not None, "only a day with a push has its time"
    zone = ZoneInfo(subscription.zone)
    local = day.due_at.astimezone(zone)
    now, before = local.utcoffset(), (day.due_at - timedelta(days=1)).astimezone(zone).utcoffset()
    if now is None or before is None or now == before:
        return ""
    minutes = int(abs(now - before).total_seconds() // 60)
    if now > before:
        return _n("这天钟表拨快了 {count} 分钟，按新的时间送", minutes)
    return _n("这天钟表拨慢了 {count} 分钟，按新的时间送", minutes)


def _day_buttons(one: Outlook) -> list[tuple[Button, ...]]:
    open_days = [day for day in one.days if day.due_at is not None and not day.is_entered]
    return pages.in_rows(
        [
            Button(dates.day_of_year(day.on), callbacks.compose(callbacks.OpenDay(day.on)))
            for day in open_days
        ],
        _A_ROW,
    )


def _turning(one: Outlook) -> list[tuple[Button, ...]]:
    first, last = one.days[0].on, one.days[-1].on
    row = []
    if first > one.today:
        before = max(one.today, first - timedelta(days=FEW_DAYS))
        row.append(Button(_("‹ 前几天"), callbacks.compose(callbacks.ListDays(before))))
    after = last + timedelta(days=1)
    if after < one.today + timedelta(days=MAX_DAYS):
        row.append(Button(_("后几天 ›"), callbacks.compose(callbacks.ListDays(after))))
    return [tuple(row)] if row else []


# ----------------------------------------------------------------------------- one day


def day(foreseen: Foreseen, one: Outlook, *, notice: str = "") -> Answer:
    """One day in full, with what an administrator can do about it. `notice` stands above."""
    lines = [notice, ""] if notice else []
    lines.append(bold(f"🗓 {dates.day_of_week(foreseen.on)}"))
    if foreseen.due_at is None and not foreseen.is_shown:
        lines += ["", _nothing(foreseen, one)]
        return Answer("\n".join(lines), (_back(foreseen, one),))
    if foreseen.due_at is not None:
        lines[-1] += f" {_wall_clock(foreseen, one.subscription)}"
        moved = _moved(foreseen, one.subscription)
        lines += [f"⏰ {moved}"] if moved else []
    if foreseen.plan.note:
        lines += ["", f"📝 {escape(foreseen.plan.note)}"]
    pinned_id = foreseen.plan.quote_id
    if pinned_id and not foreseen.is_entered and one.corpus.quote(pinned_id) is None:
        lines += ["", f"📌 {_not_here(pinned_id)}"]
    quote = one.corpus.quote(foreseen.choice.quote_id)
    if quote is not None:
        lines += ["", *_quotation(quote, foreseen)]
    reading = one.corpus.reading(foreseen.choice.section_id)
    if reading is not None:
        lines += ["", f"📚{escape(title_of(reading))}{escape(section_name(reading))}"]
    lines += ["", *_how_to_change(foreseen)]
    return Answer("\n".join(lines), _changes(foreseen, one, quote))


def _nothing(day: Foreseen, one: Outlook) -> str:
    """Why a day shows nothing, in a sentence."""
    if day.is_entered:
        return _("没有送成。")
    first_on = one.subscription.first_on
    if day.on < first_on:
        return _("还没开始：第一次推送最早在{date}。", date=dates.day_of_year(first_on))
    return _("休：这天不推送。")


def _not_here(quote_id: str) -> str:
    """Why the day does not show what was decided."""
    return _("指定的 {id} 不在这里的资料里，这天照常轮换：", id=code(quote_id))


def _quotation(quote: Quote, foreseen: Foreseen) -> list[str]:
    said = why_quote(foreseen.choice.quote_reason, quote, foreseen.on)
    lines = [quoted(as_read(quote.text)), citation(quote), code(quote.id)]
    return [*lines, italic(said)] if said else lines


def _how_to_change(foreseen: Foreseen) -> list[str]:
    if foreseen.is_entered:
        return [_("这天的已经送出。") if foreseen.is_shown else _("这天的正要送出。")]
    # As the bot reads days: in Chinese, or in numbers.
    on = foreseen.on.isoformat() if language() is Language.ENGLISH else _day_typed(foreseen.on)
    pinning = code(_("/plan {day} 指定 q-2024-03-05", day=on))
    noting = code(_("/plan {day} 备注 带上笔记本", day=on))
    return [
        _("管理员还可以发：{command}", command=pinning),
        _("或者加一句：{command}", command=noting),
    ]


def _day_typed(on: date) -> str:
    """A day as it is written in a Chinese question."""
    with speaking(Language.SIMPLIFIED):
        return dates.day_of_year(on)


def _changes(
    foreseen: Foreseen, one: Outlook, quote: Quote | None
) -> tuple[tuple[Button, ...], ...]:
    row = []
    swap = callbacks.SwapQuote(foreseen.on, quote.id) if quote is not None else None
    if swap is not None and not foreseen.is_entered and callbacks.fits(swap):
        row.append(Button(_("换一条"), callbacks.compose(swap)))
    if (foreseen.plan.quote_id or foreseen.plan.note) and not foreseen.is_entered:
        row.append(Button(_("恢复原样"), callbacks.compose(callbacks.ResetDay(foreseen.on))))
    return (*([tuple(row)] if row else []), _back(foreseen, one))


def _back(foreseen: Foreseen, one: Outlook) -> tuple[Button, ...]:
    # Pages begin a whole number of them after today.
    at = (foreseen.on - one.today).days // FEW_DAYS * FEW_DAYS
    first_on = one.today + timedelta(days=max(at, 0))
    return (Button(_("‹ 返回"), callbacks.compose(callbacks.ListDays(first_on))),)


# ------------------------------------------------------------------------ small answers


def no_subscription() -> Answer:
    """There is nothing to come."""
    return Answer(_("这里还没有订阅每日推送，没有安排可看。要订阅请发 /subscribe 08:00"))


def not_understood(text: str) -> Answer:
    """`/plan` with something that is no number of days and no day."""
    return Answer(
        _(
            "没看懂“{text}”。可以这样写：\n"
            "/plan 30　往后 30 天的安排\n/plan 11月30日　那一天的安排\n"
            "/plan 11月30日 换一条\n/plan 11月30日 指定 q-2024-03-05\n"
            "/plan 11月30日 备注 带上笔记本\n/plan 11月30日 恢复",
            text=escape(one_line(text, 40)),
        )
    )


def out_of_reach(on: date, today: date) -> Answer:
    """A day in the past, or too far ahead."""
    if on < today:
        day = dates.near_day(on, today)
        return Answer(_("{day}已经过去了。那天的推送怎么样，请发 /why", day=day))
    return Answer(_("只能看往后 {days} 天以内的安排，例如：/plan 30", days=MAX_DAYS))


def unknown_quote(quote_id: str) -> Answer:
    """A pin for something that is not a quotation."""
    shown = escape(one_line(quote_id, 40)) or _("（空）")
    return Answer(
        _(
            "资料里没有编号是 {id} 的论述。编号写在每条论述的最后，例如：q-2024-03-05\n"
            "先查到那一条，再发：/plan 11月30日 指定 q-2024-03-05",
            id=shown,
        )
    )


def note_too_long(length: int) -> Answer:
    """A note that would drown the quotation."""
    return Answer(
        _(
            "备注最多 {most} 个字，这条有 {length} 个字，请写短一点。",
            most=LONGEST_NOTE,
            length=length,
        )
    )


def too_late() -> Answer:
    """A change of a day whose push is on its way or sent."""
    return Answer(_("{sentence}。可以改后面的日子，例如：/plan 7", sentence=_(TOO_LATE)))


def no_push() -> Answer:
    """A change of a day that has no push."""
    return Answer(_("这一天不推送，改不了。可以改别的日子，例如：/plan 7"))


def said_of(changed: str) -> str:
    """What was done, above the day as it is now; `changed` is a key of `_DONE`."""
    return _(_DONE[changed])


_DONE: Mapping[str, str] = {
    "swap": N_("✅ 换好了"),
    "pin": N_("✅ 指定好了"),
    "note": N_("✅ 备注好了"),
    "clear": N_("✅ 备注去掉了"),
    "reset": N_("✅ 恢复了，按原来的顺序来"),
}
