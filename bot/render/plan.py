"""The days to come: what the push will bring when, and what was decided about single days.

Here lives what `/plan` and `studybot preview` say. What will come is `study.foresight`, who
may change it is `chat.plan`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.model import Answer, Button, Corpus, DayRule, Foreseen, Quote, Subscription
from bot.render import callbacks, dates, pages
from bot.render.html import bold, code, escape, italic, one_line, quoted
from bot.render.passages import citation, section_name
from bot.render.push import why_quote

LONGEST_NOTE = 200  # characters
FEW_DAYS = 7
MAX_DAYS = 60  # as far ahead as is told
SWAPPED = "换好了"
RESET = "恢复了"
DONE_BEFORE = "已经换过了"
TOO_LATE = "这一天的推送已经定下来了，改不了"

_A_ROW = 4
_FIRST_WORDS = 18


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
    told = [*lines(one), "", "点日期看当天的安排，管理员可以换一条、指定一条或者加一句备注。"]
    return Answer("\n".join(told), (*_day_buttons(one), *_turning(one)))


def lines(one: Outlook) -> list[str]:
    """A heading and the days, HTML."""
    told = [bold(_title(one)), ""]
    told += [line for day in one.days for line in _lines(day, one)]
    if one.subscription.days.rule is DayRule.WORKDAYS and one.days[-1].on > one.workdays_until:
        until = dates.day(one.workdays_until)
        told += ["", italic(f"{until}以后的放假安排还没有公布，先按周一至周五算。")]
    return told


def _title(one: Outlook) -> str:
    first, last = one.days[0].on, one.days[-1].on
    zone = dates.zone_name(one.subscription.zone)
    return f"🗓 {_short(first)}至{_short(last)}的每日推送（{zone}）"


def _short(on: date) -> str:
    return f"{on.month}月{on.day}日"


def _lines(day: Foreseen, one: Outlook) -> list[str]:
    named = escape(dates.day_of_week(day.on))
    if day.due_at is None:
        return [f"{named}　{'没有送成' if day.is_entered else '休'}"]
    mark = "✅ " if day.is_shown else "📌 " if day.plan.quote_id else ""
    lines = [f"{named} {bold(_wall_clock(day, one.subscription))}　{mark}{_what(day, one.corpus)}"]
    if day.plan.note:
        lines.append(f"　　📝 {escape(one_line(day.plan.note, 30))}")
    moved = _moved(day, one.subscription)
    if moved:
        lines.append(f"　　⏰ {moved}")
    return lines


def _what(day: Foreseen, corpus: Corpus) -> str:
    """The quotation's date and first words, and the reading; HTML."""
    quote = corpus.quote(day.choice.quote_id)
    reading = corpus.reading(day.choice.section_id)
    said = []
    if quote is not None:
        said.append(f"{quote.said_on}“{escape(one_line(quote.text, _FIRST_WORDS))}”")
    if reading is not None:
        name = one_line(section_name(reading) or reading.article.title, 14)
        said.append(f"📚{escape(name)}")
    return " ".join(said) or "没有可推的内容"


def _wall_clock(day: Foreseen, subscription: Subscription) -> str:
    assert day.due_at is not None, "only a day with a push has its time"
    local = day.due_at.astimezone(ZoneInfo(subscription.zone))
    shown = dates.clock(local.time())
    return shown if local.date() == day.on else f"次日 {shown}"


def _moved(day: Foreseen, subscription: Subscription) -> str:
    """What the change of clocks does to that day; empty on other days."""
    assert day.due_at is not None, "only a day with a push has its time"
    zone = ZoneInfo(subscription.zone)
    local = day.due_at.astimezone(zone)
    now, before = local.utcoffset(), (day.due_at - timedelta(days=1)).astimezone(zone).utcoffset()
    if now is None or before is None or now == before:
        return ""
    way = "拨快" if now > before else "拨慢"
    return f"这天钟表{way}了 {int(abs(now - before).total_seconds() // 60)} 分钟，按新的时间送"


def _day_buttons(one: Outlook) -> list[tuple[Button, ...]]:
    open_days = [day for day in one.days if day.due_at is not None and not day.is_entered]
    return pages.in_rows(
        [Button(_short(day.on), callbacks.compose(callbacks.OpenDay(day.on))) for day in open_days],
        _A_ROW,
    )


def _turning(one: Outlook) -> list[tuple[Button, ...]]:
    first, last = one.days[0].on, one.days[-1].on
    row = []
    if first > one.today:
        before = max(one.today, first - timedelta(days=FEW_DAYS))
        row.append(Button("‹ 前几天", callbacks.compose(callbacks.ListDays(before))))
    after = last + timedelta(days=1)
    if after < one.today + timedelta(days=MAX_DAYS):
        row.append(Button("后几天 ›", callbacks.compose(callbacks.ListDays(after))))
    return [tuple(row)] if row else []


# ----------------------------------------------------------------------------- one day


def day(foreseen: Foreseen, one: Outlook, *, notice: str = "") -> Answer:
    """One day in full, with what an administrator can do about it. `notice` stands above."""
    lines = [notice, ""] if notice else []
    lines.append(bold(f"🗓 {dates.day_of_week(foreseen.on)}"))
    if foreseen.due_at is None:
        lines += ["", "没有送成。" if foreseen.is_entered else "休：这天不推送。"]
        return Answer("\n".join(lines), (_back(foreseen, one),))
    lines[-1] += f" {_wall_clock(foreseen, one.subscription)}"
    moved = _moved(foreseen, one.subscription)
    lines += [f"⏰ {moved}"] if moved else []
    if foreseen.plan.note:
        lines += ["", f"📝 {escape(foreseen.plan.note)}"]
    quote = one.corpus.quote(foreseen.choice.quote_id)
    if quote is not None:
        lines += ["", *_quotation(quote, foreseen)]
    reading = one.corpus.reading(foreseen.choice.section_id)
    if reading is not None:
        name = section_name(reading)
        lines += ["", f"📚《{escape(reading.article.title)}》{escape(name)}"]
    lines += ["", *_how_to_change(foreseen)]
    return Answer("\n".join(lines), _changes(foreseen, one, quote))


def _quotation(quote: Quote, foreseen: Foreseen) -> list[str]:
    said = why_quote(foreseen.choice.quote_reason, quote, foreseen.on)
    lines = [quoted(quote.text), citation(quote), code(quote.id)]
    return [*lines, italic(said)] if said else lines


def _how_to_change(foreseen: Foreseen) -> list[str]:
    if foreseen.is_entered:
        return ["这天的已经送出。" if foreseen.is_shown else "这天的正要送出。"]
    on = _short(foreseen.on)
    return [
        f"管理员还可以发：{code(f'/plan {on} 指定 q-2024-03-05')}",
        f"或者加一句：{code(f'/plan {on} 备注 周五带上笔记本')}",
    ]


def _changes(
    foreseen: Foreseen, one: Outlook, quote: Quote | None
) -> tuple[tuple[Button, ...], ...]:
    row = []
    swap = callbacks.SwapQuote(foreseen.on, quote.id) if quote is not None else None
    if swap is not None and not foreseen.is_entered and callbacks.fits(swap):
        row.append(Button("换一条", callbacks.compose(swap)))
    if (foreseen.plan.quote_id or foreseen.plan.note) and not foreseen.is_entered:
        row.append(Button("恢复原样", callbacks.compose(callbacks.ResetDay(foreseen.on))))
    return (*([tuple(row)] if row else []), _back(foreseen, one))


def _back(foreseen: Foreseen, one: Outlook) -> tuple[Button, ...]:
    # Pages begin a whole number of them after today.
    at = (foreseen.on - one.today).days // FEW_DAYS * FEW_DAYS
    first_on = one.today + timedelta(days=max(at, 0))
    return (Button("‹ 返回", callbacks.compose(callbacks.ListDays(first_on))),)


# ------------------------------------------------------------------------ small answers


def no_subscription() -> Answer:
    """There is nothing to come."""
    return Answer("这里还没有订阅每日推送，没有安排可看。要订阅请发 /subscribe 08:00")


def not_understood(text: str) -> Answer:
    """`/plan` with something that is no number of days and no day."""
    return Answer(
        f"没看懂“{escape(one_line(text, 40))}”。可以这样写：\n"
        "/plan 30　往后 30 天的安排\n/plan 11月30日　那一天的安排\n"
        "/plan 11月30日 换一条\n/plan 11月30日 指定 q-2024-03-05\n"
        "/plan 11月30日 备注 周五带上笔记本\n/plan 11月30日 恢复"
    )


def out_of_reach(on: date, today: date) -> Answer:
    """A day in the past, or too far ahead."""
    if on < today:
        return Answer(f"{dates.near_day(on, today)}已经过去了。那天的推送怎么样，请发 /why")
    return Answer(f"只能看往后 {MAX_DAYS} 天以内的安排，例如：/plan 30")


def unknown_quote(quote_id: str) -> Answer:
    """A pin for something that is not a quotation."""
    shown = escape(one_line(quote_id, 40)) or "（空）"
    return Answer(
        f"资料里没有编号是 {shown} 的论述。编号写在每条论述的最后，例如：q-2024-03-05\n"
        "先查到那一条，再发：/plan 11月30日 指定 q-2024-03-05"
    )


def note_too_long(length: int) -> Answer:
    """A note that would drown the quotation."""
    return Answer(f"备注最多 {LONGEST_NOTE} 个字，这条有 {length} 个字，请写短一点。")


def too_late() -> Answer:
    """A change of a day whose push is on its way or sent, or that has none."""
    return Answer(f"{TOO_LATE}。可以改后面的日子，例如：/plan 7")


def said_of(changed: str) -> str:
    """What was done, above the day as it is now; `changed` is a key of `_DONE`."""
    return _DONE[changed]


_DONE: Mapping[str, str] = {
    "swap": f"✅ {SWAPPED}",
    "pin": "✅ 指定好了",
    "note": "✅ 备注好了",
    "reset": f"✅ {RESET}，按原来的顺序来",
}
