"""Dates in what people type: where they stand, and which days they mean.

Here lives `scan`; behind it the grammar, from the signs up. `numerals` and `line` read
signs; `words` is the vocabulary; `parts`, `figures`, `elapsed`, `eras`, `points` and
`grammar` are the productions; `stretch`, `feasts` and `reckoning` know the calendar. What
else a query says, and how dates narrow a search, are none of this room's business.

Where usage leaves a choice, this is what is chosen:

- A day or month without a year is every year's (3月, 三月上旬, 国庆节); larger parts are this
  year's (上半年, 一季度, 春季, 年底), smaller ones this month's or week's (15日, 月底, 周五). Where
  something opens it (3月以来), it is the latest that has begun; 3月之前 is this year's. A feast
  that moves (中秋, 清明) can be no day of every year: alone it is the last one that has begun,
  for a day still to come has no passages.
- 年初 is January and February, 年中 June and July, 年底 November and December; 月初, 月中 and
  月底 are the thirds 上旬, 中旬 and 下旬; seasons are the meteorological ones, winter running
  into the next year; weeks begin on Monday.
- 近三年 ends today and is three years long to the day. 三天前 is that day, but 两周前, 三个月前
  and 三年前 are that whole week, month and year; 三年以前 is before that day.
- 去年同期 is last year up to today's day, 去年这个时候 that month. 到 before a date alone is 截至.
- 以来 ends today; 起 and 之后 have no end; 截至 includes its day, 之前 does not.
- A year of two digits is at most ten years ahead of today, else of the last century; alone
  (24年) it counts up to next year, or as 51-99 unless round; 30年 says how long.
- A four-digit number alone is a year, and before a word too from 2000 to next year (2024人工智能),
  as is 24年 unless it is round or long ago. Years outside 1800-2100 are refused, round thousands
  and hundreds (5000年) being durations. A week by number is that of ISO 8601.
- A range without a year that runs backwards (11月到2月) is refused; 11月到次年2月 is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.errors import QueryError
from bot.model import When
from bot.search.dates.grammar import Grammar, joins
from bot.search.dates.line import Line

MAX_DATES = 30  # expressions of one text: what bounds the time that any text can take


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date expression: `text` stands at [start, end) of the text scanned and means `when`.

    `when` has several members where one expression says several things: 3、4月, or the
    days of a range without a year.
    """

    start: int
    end: int
    when: tuple[When, ...]
    text: str


def scan(text: str, today: date) -> tuple[DateSpan, ...]:
    """Every date expression of the text, from left to right, never overlapping.

    Where several begin at one place, the longest counts. `today` is the day in the chat's
    own zone. An expression behind 和, 、 and the like takes what it leaves out from the
    one before (2024年3月和5月). Raises QueryError for a date that the calendar does not
    have, a range that runs backwards, a year outside 1800-2100, and more than MAX_DATES
    expressions.
    """
    line = Line(text)
    grammar = Grammar(line, today)
    spans: list[DateSpan] = []
    at, earlier, earlier_end = 0, None, 0
    while at < len(text):
        read = max(grammar.expressions(at), key=lambda read: read.end, default=None)
        if read is None:
            at += 1
            continue
        if len(spans) == MAX_DATES:
            raise QueryError(
                "一次最多查{most}个日期，请分几次查。可以这样写：{example}",
                "2024年3月",
                most=MAX_DATES,
            )
        phrase = read.value
        if earlier is not None and joins(line.text[earlier_end:at]):
            phrase = phrase.heir_of(earlier)
        spans.append(DateSpan(at, read.end, phrase.when(today), text[at : read.end]))
        earlier, earlier_end = phrase.stretches[-1], read.end
        at = read.end
    return tuple(spans)


__all__ = ["MAX_DATES", "DateSpan", "scan"]
