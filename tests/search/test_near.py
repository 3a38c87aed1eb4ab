"""Facts about what is near: readings to a quotation, quotations to any passage."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model import Corpus, Quote
from bot.search.index import Index, open_index
from bot.search.text import fold
from tests.search.conftest import fields


def test_every_quotation_has_readings_near_it_nearest_first(
    shipped: Corpus, shipped_index: Index
) -> None:
    for quote in shipped.quotes:
        near = shipped_index.nearest(quote.id)
        scores = [one.score for one in near]
        assert near
        assert scores == sorted(scores, reverse=True)
        assert len({one.section_id for one in near}) == len(near)
        assert all(shipped.reading(one.section_id) for one in near)


def test_the_words_given_as_the_reason_stand_in_both(shipped: Corpus, shipped_index: Index) -> None:
    for quote in shipped.quotes:
        for one in shipped_index.nearest(quote.id)[:3]:
            reading = shipped.reading(one.section_id)
            assert reading is not None
            assert one.words
            text = " ".join(fold(part) for part in fields(reading))
            assert all(word in fold(quote.text) and word in text for word in one.words)


def test_words_that_say_nothing_are_no_reason(shipped: Corpus, shipped_index: Index) -> None:
    said = {
        word
        for quote in shipped.quotes
        for one in shipped_index.nearest(quote.id)
        for word in one.words
    }
    assert not said & {"我们", "推动", "加快", "重要", "进行"}
    assert all(len(word) > 1 for word in said)


def test_the_reading_about_finance_is_nearest_to_what_was_said_on_financing_science(
    shipped_index: Index,
) -> None:
    nearest = [one.section_id for one in shipped_index.nearest("q-2024-10-18")[:3]]
    assert any(section.startswith(("a-2026-04-03", "a-2026-04-05.3")) for section in nearest)


def test_what_is_near_is_the_same_for_ever(
    shipped: Corpus, shipped_index: Index, tmp_path: Path
) -> None:
    again = open_index(shipped, tmp_path)
    for quote in shipped.quotes:
        assert again.nearest(quote.id) == shipped_index.nearest(quote.id)


def test_an_unknown_quotation_has_nothing_near(shipped_index: Index) -> None:
    assert shipped_index.nearest("q-1900-01-01") == ()
    assert shipped_index.related("q-1900-01-01") == ()


@pytest.mark.parametrize("passage_id", ["q-2026-01-30", "a-2026-04-05.2.1"])
def test_related_quotations_are_others_and_as_many_as_asked_for(
    shipped_index: Index, passage_id: str
) -> None:
    related = shipped_index.related(passage_id, limit=3)
    assert len(related) == 3
    assert all(isinstance(one, Quote) for one in related)
    assert passage_id not in {one.id for one in related}
