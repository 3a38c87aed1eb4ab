"""Dates in words: short, exact, and never ambiguous."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.model import DateRange, DayRule, Days, PartialDate, When, YearlyDate
from bot.render import dates


def days_from(start: str, end: str) -> DateRange:
    return DateRange(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (days_from("2024-03-05", "2024-03-05"), "2024年3月5日"),
        (days_from("2024-03-01", "2024-03-31"), "2024年3月"),
        (days_from("2024-02-01", "2024-02-29"), "2024年2月"),
        (days_from("2023-02-01", "2023-02-28"), "2023年2月"),
        (days_from("2024-01-01", "2024-12-31"), "2024年"),
        (days_from("2023-01-01", "2025-12-31"), "2023年至2025年"),
        (days_from("2024-03-01", "2024-05-31"), "2024年3月至5月"),
        (days_from("2023-09-01", "2024-03-31"), "2023年9月至2024年3月"),
        (days_from("2024-03-01", "2024-03-15"), "2024年3月1日至15日"),
        (days_from("2024-03-01", "2024-05-06"), "2024年3月1日至5月6日"),
        (days_from("2023-11-24", "2026-11-23"), "2023年11月24日至2026年11月23日"),
        (DateRange(date(2024, 3, 5), None), "2024年3月5日起"),
        (DateRange(date(2024, 3, 1), None), "2024年3月起"),
        (DateRange(date(2024, 1, 1), None), "2024年起"),
        (DateRange(None, date(2024, 3, 5)), "截至2024年3月5日"),
        (DateRange(None, date(2023, 12, 31)), "截至2023年底"),
        (DateRange(None, date(2024, 2, 29)), "截至2024年2月底"),
        (DateRange(None, None), "不限日期"),
        (YearlyDate(3, 5), "每年3月5日"),
        (YearlyDate(3), "每年3月"),
    ],
)
def test_a_date_of_a_query_is_described(when: When, words: str) -> None:
    assert dates.describe([when]) == words


def test_several_dates_are_told_together() -> None:
    assert dates.describe([YearlyDate(3), YearlyDate(5, 1)]) == "每年3月、每年5月1日"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Days(), "每天"),
        (Days(DayRule.WORKDAYS), "工作日"),
        (Days(DayRule.WEEKDAYS, frozenset({1, 3, 5})), "每周一、三、五"),
        (Days(DayRule.WEEKDAYS, frozenset({1, 2, 3, 4, 5})), "每周一至周五"),
        (Days(DayRule.WEEKDAYS, frozenset({6, 7})), "每周六、日"),
        (Days(DayRule.WEEKDAYS, frozenset({7})), "每周日"),
        (Days(DayRule.WEEKDAYS, frozenset(range(1, 8))), "每天"),
    ],
)
def test_days_are_told(rule: Days, words: str) -> None:
    assert dates.days(rule) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "今天（11月24日 星期二）08:00"),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "明天（11月25日 星期三）00:00"),
        (datetime(2026, 11, 30, 0, 30, tzinfo=UTC), "11月30日 星期一 08:30"),
        (datetime(2027, 1, 4, 0, 0, tzinfo=UTC), "2027年1月4日 星期一 08:00"),
    ],
)
def test_a_moment_is_told_by_the_local_day(at: datetime, words: str) -> None:
    assert dates.moment(at, "Asia/Shanghai", date(2026, 11, 24)) == words


@pytest.mark.parametrize(
    ("published", "words"),
    [
        (PartialDate(2026), "2026年"),
        (PartialDate(2025, 11), "2025年11月"),
        (PartialDate(2026, 2, 12), "2026年2月12日"),
    ],
)
def test_a_publication_date_is_as_precise_as_its_source(published: PartialDate, words: str) -> None:
    assert dates.partial(published) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Shanghai", "北京时间"),
        ("Etc/GMT-8", "UTC+8"),
        ("Etc/GMT+3", "UTC-3"),
        ("Africa/Lagos", "Africa/Lagos"),
    ],
)
def test_a_zone_has_a_name(zone: str, words: str) -> None:
    assert dates.zone_name(zone) == words


def test_a_clock_shows_two_digits() -> None:
    assert dates.clock(time(7, 5)) == "07:05"
