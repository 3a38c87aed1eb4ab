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
from bot.model import Answer, Button, MonthCount, Passage, Quote, Trend
from bot.render import callbacks, dates
from bot.render.html import bold, escape, one_line
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
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest else "")


def caption(trend: Trend, ids: Mapping[str, int], *, typed: str = "") -> Answer:
    """The numbers, at most 1024 characters, and buttons to the first and latest mention.

    `ids` gives the remembered id of the term, for the button that searches for it. Where the
    term was put right, `typed` is what was asked for.
    """
    lines = [bold(f"📈 “{one_line(trend.term, LONGEST_TERM)}”的走势")]
    if typed not in ("", trend.term):
        lines.append(f"<i>没有“{escape(typed)}”，数的是“{escape(trend.term)}”：</i>")
    lines.append(_totals(trend))
    if trend.months:
        lines += [_by_year(trend), _most(trend)]
    if trend.undated:
        years = "、".join(f"{year}年 {count} 节" for year, count in trend.undated[-3:])
        lines.append(f"其中只知道年份、没有画进图里的文章：{years}")
    lines += ["", f"最早：{_mention(trend.first)}"]
    if trend.latest.id != trend.first.id:
        lines.append(f"最近：{_mention(trend.latest)}")
    return Answer("\n".join(lines), _buttons(trend, ids))


def in_letters(trend: Trend, ids: Mapping[str, int], *, typed: str = "") -> Answer:
    """The same with a chart made of letters, for where no picture can be drawn."""
    told = caption(trend, ids, typed=typed)
    rows = _rows(trend)
    if not rows:
        return told
    head, rest = told.text.split("\n", 1)
    chart = "\n".join(rows)
    legend = f"{_QUOTE_CELL} 论述　{_READING_CELL} 文章"
    return Answer(f"{head}\n<pre>{chart}</pre>\n{legend}\n\n{rest}", told.buttons)


def _totals(trend: Trend) -> str:
    counts = []
    if trend.quotes:
        counts.append(f"论述 {trend.quotes} 条")
    if trend.readings:
        counts.append(f"文章 {trend.readings} 节")
    if not trend.months:
        return f"共{'、'.join(counts)}"
    first, last = trend.months[0], trend.months[-1]
    span = f"{first.year}年{first.month}月"
    if first != last:
        span += f"至{last.year}年{last.month}月"
    return f"{span}，{'、'.join(counts)}"


def _by_year(trend: Trend) -> str:
    totals: Counter[int] = Counter()
    for month in trend.months:
        totals[month.year] += month.total
    years = sorted(totals)
    shown = "，".join(f"{year}年 {totals[year]}" for year in years[-_YEARS:])
    return f"按年：{'……' if len(years) > _YEARS else ''}{shown}"


def _most(trend: Trend) -> str:
    """The fullest month, the earliest of equals."""
    one = max(trend.months, key=lambda month: month.total)
    parts = []
    if one.quotes:
        parts.append(f"论述 {one.quotes} 条")
    if one.readings:
        parts.append(f"文章 {one.readings} 节")
    return f"最多的一月：{one.year}年{one.month}月（{'、'.join(parts)}）"


def _mention(one: Passage) -> str:
    if isinstance(one, Quote):
        return f"{dates.day(one.said_on)} {escape(one_line(one.occasion, 40))}"
    published = dates.partial(one.article.published)
    title = escape(one_line(one.article.title, 30))
    return f"{published} 《{title}》{escape(one_line(one.article.author, 12))}"


def _buttons(trend: Trend, ids: Mapping[str, int]) -> tuple[tuple[Button, ...], ...]:
    def opening(label: str, one: Passage) -> Button:
        return Button(label, callbacks.compose(callbacks.OpenPassage(one.id)))

    row = [opening("看这一次", trend.first)]
    if trend.latest.id != trend.first.id:
        row = [opening("看最早一次", trend.first), opening("看最近一次", trend.latest)]
    asking = callbacks.Ask(ids[trend.term])
    return (tuple(row), (Button("查出全部", callbacks.compose(asking)),))


def _rows(trend: Trend) -> list[str]:
    """A row a month, oldest first; what is older than the newest 48 is only counted."""
    slots = axis(trend.months, kept=_KEPT_EMPTY_ROWS)
    left_out = [slot for slot in slots[:-_ROWS] if isinstance(slot, MonthCount)]
    most = max((month.total for month in trend.months), default=0)
    a_cell = max(1, -(-most // _CELLS))
    rows = []
    if left_out:
        total = sum(month.total for month in left_out)
        rows.append(f"{left_out[0].year}-{left_out[0].month:02d} 起 共{total}")
    for slot in slots[-_ROWS:]:
        if isinstance(slot, Gap):
            rows.append(f"   ⋮    空{length(slot.months)}")
            continue
        bar = _QUOTE_CELL * -(-slot.quotes // a_cell) + _READING_CELL * -(-slot.readings // a_cell)
        count = f" {slot.total}" if slot.total else ""
        rows.append(f"{slot.year}-{slot.month:02d} {bar}{count}".rstrip())
    return rows


def nothing(term: str, suggestions: Sequence[str], ids: Mapping[str, int]) -> Answer:
    """A term that stands in no passage; `suggestions` are terms that do, as searches."""
    lines = [f"资料里没有出现过“{escape(one_line(term, LONGEST_TERM))}”，画不出走势。"]
    if suggestions:
        lines.append("与它相近、查得到的有：")
    else:
        lines.append("可以换个词，例如：/trend 新质生产力")
    return Answer("\n".join(lines), ask_buttons(suggestions, ids))


def usage() -> QueryError:
    """`/trend` with nothing after it."""
    return QueryError("要看哪个词的走势？请写在后面，例如：/trend 新质生产力", "新质生产力")


def too_long(term: str) -> QueryError:
    """`/trend` with more than a term after it."""
    return QueryError(
        f"走势一次只看一个词，最多 {LONGEST_TERM} 个字，这里有 {len(term)} 个。"
        "例如：/trend 新质生产力",
        "新质生产力",
    )
