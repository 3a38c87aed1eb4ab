"""Dates among the words of a query, and on leap days, at the ends of years and of months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from bot.errors import QueryError
from bot.search.dates import scan
from bot.search.query import parse
from tests.search.dates_in_use import AMONG_WORDS, OTHER_DAYS
from tests.search.dates_table import TODAY, show


def queries() -> list[list[str]]:
    lines = AMONG_WORDS.strip().splitlines()
    return [[part.strip() for part in line.split("=>")] for line in lines]


@pytest.mark.parametrize(("query", "dates", "keywords"), queries())
def test_a_query_is_parted_into_its_dates_and_its_words(
    query: str, dates: str, keywords: str
) -> None:
    understood = parse(query, TODAY)
    assert show(understood.dates) == dates
    assert " ".join(term.text for term in understood.terms) == keywords


def on_other_days() -> Iterator[tuple[date, str, str]]:
    today = TODAY
    for line in OTHER_DAYS.strip().splitlines():
        if line.startswith("# "):
            today = date.fromisoformat(line[2:])
        else:
            expression, _, expected = line.partition(" => ")
            yield today, expression, expected


@pytest.mark.parametrize(("today", "expression", "expected"), list(on_other_days()))
def test_what_is_counted_from_today_is_counted_where_months_and_years_turn(
    today: date, expression: str, expected: str
) -> None:
    if expected == "!":
        with pytest.raises(QueryError):
            scan(expression, today)
        return
    (span,) = scan(expression, today)
    assert span.text == expression
    assert show(span.when) == expected
