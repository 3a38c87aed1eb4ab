"""What belongs to a day for somebody the bot has no chat with."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Quote
from bot.study.today import of_this_day, quote_for_everyone

START = date(2026, 11, 24)


def quotes(count: int) -> list[Quote]:
    return [
        Quote(f"q-{number}", "c", START - timedelta(days=365 * number), "场合", "文")
        for number in range(count)
    ]


@given(st.integers(1, 40), st.integers(0, 5000))
def test_each_comes_once_before_any_comes_again(count: int, later: int) -> None:
    every = quotes(count)
    days = [START + timedelta(days=later + ahead) for ahead in range(count)]
    shown = [quote_for_everyone(every, on) for on in days]
    assert len({quote.id for quote in shown if quote}) == count
    assert quote_for_everyone(every, days[0] + timedelta(days=count)) == shown[0]


def test_the_order_of_the_files_does_not_matter() -> None:
    every = quotes(9)
    assert quote_for_everyone(every, START) == quote_for_everyone(every[::-1], START)


def test_without_quotations_there_is_none() -> None:
    assert quote_for_everyone([], START) is None


def test_an_anniversary_is_of_an_earlier_year() -> None:
    before = Quote("q-1", "c", date(2014, 11, 24), "场合", "文")
    same = Quote("q-2", "c", START, "场合", "文")
    other = Quote("q-3", "c", date(2014, 11, 25), "场合", "文")
    assert of_this_day([before, same, other], START) == (before,)
