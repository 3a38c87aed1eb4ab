"""A term through time in words: the caption of the picture, and the chart made of letters.

Here live the numbers, the time axis both charts share, and the buttons. The picture itself
is drawn in `picture`; counting is `study.trend`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.errors import QueryError
from bot.model import Answer, Button, MonthCount, PartialDate, Passage, Quote, Trend
from bot.render import callbacks, dates
from bot.render.html import bold, escape, italic, one_line
from bot.render.language import _, _n, as_read
from bot.render.results import ask_buttons

LONGEST_TERM = 40  # characters

_KEPT_EMPTY = 5  # months without any in a row, that are shown one by one
_KEPT_EMPTY_ROWS = 1
_ROWS = 48  # of the chart made of letters, that are shown, the newest ones
_CELLS = 12  # the longest bar made of letters
_YEARS = 12  # named with their numbers in the caption, the newest ones
_QUOTE_CELL, _READING_CELL = "▇", "▒"


@dataclass(frozen=True, slots=True)
class Gap:
    """So many months without any, left out of the axis."""

    months: int


Slot = MonthCount | Gap


def axis(months: Sequence[MonthCount], *, kept: int = _KEPT_EMPTY) -> tuple[Slot, ...]:
    """Every month from the first to the last; more than `kept` empty ones in a row as a gap."""
    slots: list[Slot] = list(months[:1])
    for before, after in pairwise(months):
        empty = _number(after) - _number(before) - 1
        if empty > kept:
            slots.append(Gap(empty))
        else:
            slots += [_month(_number(before) + ahead) for ahead in range(1, empty + 1)]
        slots.append(after)
    return tuple(slots)


def _number(one: MonthCount) -> int:
    return 12 * one.year + one.month - 1


def _month(number: int) -> MonthCount:
    return MonthCount(number // 12, number % 12 + 1)


def length(months: int) -> str:
    """`5年4个月`, `8个月`: how long a gap is."""
    years, rest = divmod(months, 12)
    if not years:
        return _n("{count}个月", rest)
    if not rest:
        return _n("{count}年", years)
    return _("{years}{months}", years=_n("{count}年", years), months=_n("{count}个月", rest))


def caption(trend: Trend, ids: Mapping[str, int], *, typed: str = "") -> Answer:
    """The numbers, at most 1024 characters, and buttons to the first and latest mention.

    `ids` gives the remembered id of the term, for the button that searches for it. Where the
    term was put right, `typed` is what was asked for.
    """
    lines = [bold(_("📈 “{term}”的走势", term=one_line(trend.term, LONGEST_TERM)))]
    if typed not in ("", trend.term):
        lines.append(italic(_("没有“{typed}”，数的是“{taken}”：", typed=typed, taken=trend.term)))
    lines.append(_totals(trend))
    if trend.months:
        lines += [_by_year(trend), _most(trend)]
    if trend.undated:
        years = _("、").join(
            _n("{year}年 {count} 节", count, year=year) for year, count in trend.undated[-3:]
        )
        lines.append(_("其中只知道年份、没有画进图里的文章：{years}", years=years))
    lines += ["", _("最早：{mention}", mention=_mention(trend.first))]
    if trend.latest.id != trend.first.id:
        lines.append(_("最近：{mention}", mention=_mention(trend.latest)))
    return Answer("\n".join(lines), _buttons(trend, ids))


def in_letters(trend: Trend, ids: Mapping[str, int], *, typed: str = "") -> Answer:
    """The same with a chart made of letters, for where no picture can be drawn."""
    told = caption(trend, ids, typed=typed)
    rows = _rows(trend)
    if not rows:
        return told
    head, rest = told.text.split("\n", 1)
    chart = "\n".join(rows)
    legend = f"{_QUOTE_CELL} {_('论述')}　{_READING_CELL} {_('文章')}"
    return Answer(f"{head}\n<pre>{chart}</pre>\n{legend}\n\n{rest}", told.buttons)


def _totals(trend: Trend) -> str:
    counts = _counts(trend.quotes, trend.readings)
    if not trend.months:
        return _("共{counts}", counts=counts)
    first, last = trend.months[0], trend.months[-1]
    span = _month_of(first)
    if first != last:
        span = dates.between(span, _month_of(last))
    return _("{span}，{counts}", span=span, counts=counts)


def _counts(quotes: int, readings: int) -> str:
    """`论述 3 条、文章 2 节`, without what there is none of."""
    counts = [_n("论述 {count} 条", quotes)] if quotes else []
    if readings:
        counts.append(_n("文章 {count} 节", readings))
    return _("、").join(counts)


def _month_of(one: MonthCount) -> str:
    """`2026年11月`"""
    return dates.partial(PartialDate(one.year, one.month))


def _by_year(trend: Trend) -> str:
    totals: Counter[int] = Counter()
    for month in trend.months:
        totals[month.year] += month.total
    years = sorted(totals)
    shown = _("，").join(
        _("{year}年 {total}", year=year, total=totals[year]) for year in years[-_YEARS:]
    )
    return _("按年：{years}", years=f"……{shown}" if len(years) > _YEARS else shown)


def _most(trend: Trend) -> str:
    """The fullest month, the earliest of equals."""
    one = max(trend.months, key=lambda month: month.total)
    counts = _counts(one.quotes, one.readings)
    return _("最多的一月：{month}（{counts}）", month=_month_of(one), counts=counts)


def _mention(one: Passage) -> str:
    if isinstance(one, Quote):
        return f"{dates.day(one.said_on)} {escape(one_line(as_read(one.occasion), 40))}"
    published = dates.partial(one.article.published)
    title = escape(one_line(as_read(one.article.title), 30))
    return f"{published} 《{title}》{escape(one_line(as_read(one.article.author), 12))}"


def _buttons(trend: Trend, ids: Mapping[str, int]) -> tuple[tuple[Button, ...], ...]:
    def opening(label: str, one: Passage) -> Button:
        return Button(label, callbacks.compose(callbacks.OpenPassage(one.id)))

    row = [opening(_("看这一次"), trend.first)]
    if trend.latest.id != trend.first.id:
        first, latest = _("看最早一次"), _("看最近一次")
        row = [opening(first, trend.first), opening(latest, trend.latest)]
    asking = callbacks.Ask(ids[trend.term])
    return (tuple(row), (Button(_("查出全部"), callbacks.compose(asking)),))


def _rows(trend: Trend) -> list[str]:
    """A row a month, oldest first; what is older than the newest 48 is only counted."""
    slots = axis(trend.months, kept=_KEPT_EMPTY_ROWS)
    left_out = [slot for slot in slots[:-_ROWS] if isinstance(slot, MonthCount)]
    most = max((month.total for month in trend.months), default=0)
    a_cell = max(1, -(-most // _CELLS))
    rows = []
    if left_out:
        total = sum(month.total for month in left_out)
        month = f"{left_out[0].year}-{left_out[0].month:02d}"
        rows.append(_("{month} 起 共{total}", month=month, total=total))
    for slot in slots[-_ROWS:]:
        if isinstance(slot, Gap):
            rows.append("   ⋮    " + _("空{length}", length=length(slot.months)))
            continue
        bar = _QUOTE_CELL * -(-slot.quotes // a_cell) + _READING_CELL * -(-slot.readings // a_cell)
        count = f" {slot.total}" if slot.total else ""
        rows.append(f"{slot.year}-{slot.month:02d} {bar}{count}".rstrip())
    return rows


def nothing(term: str, suggestions: Sequence[str], ids: Mapping[str, int]) -> Answer:
    """A term that stands in no passage; `suggestions` are terms that do, as searches.

    Of several words they are those that do.
    """
    shown = escape(one_line(term, LONGEST_TERM))
    if " " in term and suggestions:
        hint = _("走势一次只看一个词，例如：/trend {word}", word=escape(suggestions[0]))
        return Answer(_("“{term}”没有连在一起出现过。", term=shown) + "\n" + hint)
    lines = [_("资料里没有出现过“{term}”，画不出走势。", term=shown)]
    if suggestions:
        lines.append(_("与它相近、查得到的有："))
    else:
        lines.append(_("可以换个词，例如：/trend 新质生产力"))
    return Answer("\n".join(lines), ask_buttons(suggestions, ids))


def usage() -> QueryError:
    """`/trend` with nothing after it."""
    return QueryError("要看哪个词的走势？请写在后面，例如：/trend {example}", "新质生产力")


def too_long(term: str) -> QueryError:
    """`/trend` with more than a term after it."""
    return QueryError(
        "走势一次只看一个词，最多 {most} 个字，这里有 {length} 个。例如：/trend {example}",
        "新质生产力",
        most=LONGEST_TERM,
        length=len(term),
    )
