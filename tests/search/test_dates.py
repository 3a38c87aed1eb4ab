"""Every date expression means what the table says, is refused as it says, or is no date."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.search.dates import scan
from tests.search.dates_table import NO_DATE, REFUSED, TABLE, TODAY, rows, show


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_an_expression_means_these_dates_and_is_read_whole(expression: str, expected: str) -> None:
    spans = scan(expression, TODAY)
    assert " | ".join(show(span.when) for span in spans) == expected
    if " | " not in expected:
        assert spans[0].text in (expression, expression.lstrip("'"))


@pytest.mark.parametrize(("expression", "wrong"), rows(REFUSED))
def test_an_impossible_date_is_refused_with_what_is_wrong(expression: str, wrong: str) -> None:
    with pytest.raises(QueryError, match=wrong):
        scan(expression, TODAY)


@pytest.mark.parametrize(("expression", "wrong"), rows(REFUSED))
def test_a_refusal_ends_with_an_example_that_works(expression: str, wrong: str) -> None:
    with pytest.raises(QueryError) as refused:
        scan(expression, TODAY)
    assert str(refused.value).endswith(refused.value.example)
    (span,) = scan(refused.value.example, TODAY)
    assert span.text == refused.value.example


@pytest.mark.parametrize("text", NO_DATE.strip().splitlines())
def test_a_text_without_a_date_yields_none(text: str) -> None:
    assert scan(text, TODAY) == ()
