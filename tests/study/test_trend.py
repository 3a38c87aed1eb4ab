"""Counting a term month by month."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Article, MonthCount, PartialDate, Passage, Quote, Reading, Section
from bot.study.trend import count_by_month


def quote(on: date, number: int = 0) -> Quote:
    return Quote(f"q-{on}-{number}", "c", on, "场合", "新质生产力")


def reading(published: PartialDate, number: int = 1) -> Reading:
    section = Section(f"a-{published}.{number}", "节", 1, "新质生产力", "")
    article = Article(f"a-{published}", "c", "题", "人", "", "刊", published, (section,))
    return Reading(article, section)


def test_quotations_and_readings_count_in_their_months() -> None:
    trend = count_by_month(
        "新质生产力",
        [
            reading(PartialDate(2025, 11)),
            quote(date(2024, 3, 5)),
            quote(date(2024, 3, 20)),
            reading(PartialDate(2024, 3, 7)),
        ],
    )
    assert trend is not None
    assert trend.months == (MonthCount(2024, 3, 2, 1), MonthCount(2025, 11, 0, 1))
    assert (trend.quotes, trend.readings) == (2, 2)


def test_what_is_known_by_its_year_alone_stands_apart() -> None:
    trend = count_by_month(
        "新质生产力",
        [reading(PartialDate(2023)), reading(PartialDate(2026)), quote(date(2024, 3, 5))],
    )
    assert trend is not None
    assert trend.months == (MonthCount(2024, 3, 1),)
    assert trend.undated == ((2023, 1), (2026, 1))
    assert (trend.first, trend.latest) == (quote(date(2024, 3, 5)),) * 2
    assert trend.readings == 2


def test_years_alone_still_have_a_first_and_a_latest() -> None:
    first, last = reading(PartialDate(2023)), reading(PartialDate(2026))
    trend = count_by_month("新质生产力", [last, first])
    assert trend is not None
    assert (trend.months, trend.first, trend.latest) == ((), first, last)


def test_no_passage_is_no_trend() -> None:
    assert count_by_month("新质生产力", []) is None


_days = st.dates(date(2010, 1, 1), date(2026, 12, 31))
_passages = st.lists(
    st.one_of(
        st.builds(quote, _days, st.integers(0, 9)),
        _days.map(lambda on: reading(PartialDate(on.year, on.month))),
        _days.map(lambda on: reading(PartialDate(on.year))),
    ),
    min_size=1,
)


@given(_passages)
def test_every_passage_is_counted_once_and_months_are_in_order(passages: list[Passage]) -> None:
    trend = count_by_month("新质生产力", passages)
    assert trend is not None
    assert trend.quotes + trend.readings == len(passages)
    assert [*trend.months] == sorted(trend.months)
    assert all(month.total for month in trend.months)
    assert trend.first in passages
    assert trend.latest in passages
