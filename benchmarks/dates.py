"""How well dates are understood: our grammar beside dateparser, jionlp and Microsoft's recognizers.

    pip install -e '.[bench,test]'
    python -m benchmarks.dates                # a Markdown table
    python -m benchmarks.dates --wrong jionlp # what one of them got wrong

The tables are those of our tests, which state our reading of every expression; of them only
what a peer could express is asked: one range of days, or a day or month without a year (any
year of it counts). Nor is asked what usage leaves open: how long 年初 and 月底 are, when
seasons begin, whether 三个月前 is a day. Three sets: expressions alone, expressions among
keywords, dates that the calendar does not have (right is to name none).

Ours has no mistakes here, for its tests hold it to these tables; what the benchmark shows is
how far the others are from them, and how long each takes.

The peers are read generously. Their 'today' is ours; an answer is right if its first and
last day are, with its end taken as included or as excluded, with 'the last N' begun a day
early, one up to now taken as open too, and two dates found taken for the ends of a range.
Each gets every text twice, the second time measured, in CPU milliseconds. One that cannot
be imported is said to be so.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from datetime import date, datetime, timedelta
from importlib import import_module
from io import StringIO
from typing import Any, NamedTuple

from bot.errors import QueryError
from bot.model import DateRange, When, YearlyDate
from bot.search.dates import scan
from tests.search.dates_in_use import AMONG_WORDS
from tests.search.dates_table import REFUSED, TABLE, TODAY, rows

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12)  # noqa: DTZ001 - the peers want it naive
ONE_DAY = timedelta(days=1)

_OPEN_USAGE = re.compile(
    r"[年月度代]初|[底尾]|(?<!周)末|年中(?![国央])|[春夏秋冬](?![节至])"
    r"|(?:个月|[一两三半][周年])[以之]?前"
)

Days = tuple[date | None, date | None]  # first and last day; None is an open end
Reader = Callable[[str], "list[list[Days]]"]  # of every date found, each acceptable reading


class Question(NamedTuple):
    """`meant` is what a text says; None for a date that the calendar does not have."""

    text: str
    meant: When | None


class Score(NamedTuple):
    right: int
    wrong: list[str]
    silent: list[str]
    milliseconds: list[float]


# ------------------------------------------------------------------------- questions


def questions() -> dict[str, list[Question]]:
    """The three sets; what no single range or yearly date expresses is left out."""
    alone = [expression for expression, _ in rows(TABLE)]
    among = [line.split(" => ")[0] for line in AMONG_WORDS.strip().splitlines()]
    return {
        "alone": list(_meant(alone)),
        "among words": list(_meant(among)),
        "impossible": [Question(expression, None) for expression, _ in rows(REFUSED)],
    }


def _meant(texts: Sequence[str]) -> Iterator[Question]:
    # That ours means this is what the tests of the same tables prove.
    for text in texts:
        if _OPEN_USAGE.search(text):
            continue
        spans = scan(text, TODAY)
        if len(spans) == 1 and len(spans[0].when) == 1:
            yield Question(text, spans[0].when[0])


# --------------------------------------------------------------------------- readers


def read_ours() -> Reader:
    def read(text: str) -> list[list[Days]]:
        try:
            found = [when for span in scan(text, TODAY) for when in span.when]
        except QueryError:
            return []
        return [[_days(when)] for when in found]

    return read


def _days(when: When) -> Days:
    if isinstance(when, DateRange):
        return when.start, when.end
    first = date(2000, when.month, when.day or 1)
    return (first, first) if when.day else (first, _last_of_month(first))


def read_dateparser() -> Reader:
    """The whole text first, for its search misses much that its parser knows."""
    parser = import_module("dateparser.date")
    search = import_module("dateparser.search").search_dates
    settings = {"RELATIVE_BASE": NOW, "PREFER_DAY_OF_MONTH": "first"}
    whole = parser.DateDataParser(languages=["zh"], settings=settings)

    def read(text: str) -> list[list[Days]]:
        data = whole.get_date_data(text)
        if data.date_obj is not None:
            return [[_period(data.date_obj.date(), data.period)]]
        found = search(text, languages=["zh"], settings=settings) or []
        parts = [whole.get_date_data(part) for part, _ in found]
        return [[_period(part.date_obj.date(), part.period)] for part in parts if part.date_obj]

    return read


def _period(day: date, period: str) -> Days:
    if period == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if period == "month":
        return day.replace(day=1), _last_of_month(day)
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day, day


def read_jionlp() -> Reader:
    """The whole text first, then what its extraction finds in it."""
    with redirect_stdout(StringIO()):  # it introduces itself
        jionlp = import_module("jionlp")

    def read(text: str) -> list[list[Days]]:
        try:
            answers = [jionlp.parse_time(text, time_base=NOW.timestamp())]
        except Exception:  # noqa: BLE001 - it raises many kinds for what it cannot read
            try:
                found = jionlp.ner.extract_time(text, time_base=NOW.timestamp())
            except Exception:  # noqa: BLE001
                return []
            answers = [one["detail"] for one in found]
        return [days for answer in answers if (days := _jionlp_days(answer["time"]))]

    return read


def _jionlp_days(times: Any) -> list[Days]:
    if isinstance(times, dict):  # a period, 每年3月: the day or month it comes back on
        times = (times.get("point") or {}).get("time") or []
    if len(times) != 2 or None in times:
        return []
    try:
        start, end = (None if "inf" in one else datetime.fromisoformat(one) for one in times)
    except ValueError:  # it names the year 24
        return [(date.min, date.min)]
    first = start.date() if start else None
    last = end.date() if end else None
    if first and end in (None, NOW):  # up to now: open as well, and 'the last N' a day early
        return [(one, to) for one in (first, first + ONE_DAY) for to in (None, TODAY)]
    return [(first, last)]


def read_recognizers() -> Reader:
    """Every value of every result; its ranges end the day before their `end`."""
    recognizers = import_module("recognizers_date_time")
    model = recognizers.DateTimeRecognizer("zh-cn").get_datetime_model("zh-cn", False)

    def read(text: str) -> list[list[Days]]:
        found = []
        for result in model.parse(text, NOW):
            values = (result.resolution or {}).get("values", [])
            days = [one for value in values for one in _recognized_days(value)]
            found += [days] if days else []
        return found

    return read


def _recognized_days(value: dict[str, str]) -> Iterator[Days]:
    if value.get("value", "not resolved") != "not resolved":
        days = _iso(value["value"])
        yield from [(days, days)] if days else []
        return
    start, end = _iso(value.get("start")), _iso(value.get("end"))
    if start or end:
        before = end - ONE_DAY if end else None
        after = start + ONE_DAY if start else None
        yield from ((start, before), (start, end), (after, end))


def _iso(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
    return day if day and day.year > 1 else None  # it writes year 1 for what it does not know


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY


READERS: dict[str, tuple[str, Callable[[], Reader]]] = {
    "studybot": ("this grammar", read_ours),
    "jionlp": ("jionlp", read_jionlp),
    "recognizers": ("Microsoft's recognizers", read_recognizers),
    "dateparser": ("dateparser", read_dateparser),
}

# --------------------------------------------------------------------------- scoring


def score(read: Reader, asked: Sequence[Question]) -> Score:
    result = Score(0, [], [], [])
    right = 0
    for question in asked:
        read(question.text)
        began = time.process_time()
        found = read(question.text)
        result.milliseconds.append((time.process_time() - began) * 1000)
        if question.meant is None:
            right += not found
            result.wrong.extend([question.text] if found else [])
        elif not found:
            result.silent.append(question.text)
        elif any(_is_meant(question.meant, days) for days in _readings(found)):
            right += 1
        else:
            result.wrong.append(question.text)
    return result._replace(right=right)


def _readings(found: Sequence[Sequence[Days]]) -> Iterator[Days]:
    """One date as any of its readings; two as the ends of a range."""
    if len(found) == 1:
        yield from found[0]
    if len(found) == 2:
        yield from ((first, last) for first, _ in found[0] for _, last in found[1])


def _is_meant(meant: When, days: Days) -> bool:
    if isinstance(meant, DateRange):
        return days == (meant.start, meant.end)
    return _is_yearly(meant, days)


def _is_yearly(meant: YearlyDate, days: Days) -> bool:
    first, last = days
    if first is None or last is None or first.month != meant.month or last.month != meant.month:
        return False
    if meant.day:
        return first == last and first.day == meant.day
    return first.day == 1 and (last + ONE_DAY).month != meant.month


def main() -> None:
    """Print the table, or with `--wrong NAME` what that one got wrong."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--wrong", choices=list(READERS))
    wanted = arguments.parse_args().wrong
    logging.disable(logging.CRITICAL)  # jionlp logs a traceback for what it cannot read
    warnings.simplefilter("ignore")
    sets = questions()
    heads = [f"{name} ({len(asked)})" for name, asked in sets.items()]
    print(f"| right / wrong / silent | {' | '.join(heads)} | median ms | worst ms |")
    print("| --- |" + " --- |" * (len(sets) + 2))
    for key, (name, opened) in READERS.items():
        try:
            read = opened()
        except ImportError as error:
            print(f"| {name} | cannot be imported: {error} |" + " |" * (len(sets) + 1))
            continue
        scores = [score(read, asked) for asked in sets.values()]
        cells = [f"{one.right} / {len(one.wrong)} / {len(one.silent)}" for one in scores]
        took = [each for one in scores for each in one.milliseconds]
        print(f"| {name} | {' | '.join(cells)} | {statistics.median(took):.2f} | {max(took):.1f} |")
        if key == wanted:
            print(*(f"wrong: {text}" for one in scores for text in one.wrong), sep="\n")
            print(*(f"silent: {text}" for one in scores for text in one.silent), sep="\n")


if __name__ == "__main__":
    main()
