"""Booklets made from a known truth: the import restores it, whatever they look like."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.corpus.importing.compilation import Draft, draft
from bot.corpus.importing.formats import parse_source
from bot.model import Corpus
from tests.importing.made import (
    QUIRKS,
    Quirks,
    Truth,
    as_docx,
    as_markdown,
    as_pdf,
    as_wrapped_text,
    found_in,
    truth,
    without_spaces,
)

NOTHING = Corpus((), "")
SEEDS = st.integers(0, 2**32)


def drafted(content: bytes) -> Draft:
    return draft(parse_source(content, "made"), NOTHING)


def told(made: Truth, found: Truth) -> None:
    """Assert piece by piece, so that a failure names the piece."""
    assert (found.title, found.publisher, found.issued) == (
        made.title,
        made.publisher,
        made.issued,
    )
    for expected, got in zip(made.quotes, found.quotes, strict=True):
        assert got == expected
    for article, read in zip(made.articles, found.articles, strict=True):
        assert replace(read, sections=()) == replace(article, sections=())
        assert read.sections == article.sections


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, QUIRKS)
def test_the_truth_comes_back_from_what_recognition_writes(seed: int, quirks: Quirks) -> None:
    made = truth(seed)
    told(made, found_in(drafted(as_markdown(made, quirks, seed)).compilation))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, QUIRKS)
def test_the_truth_comes_back_from_wrapped_text(seed: int, quirks: Quirks) -> None:
    made = truth(seed)
    found = found_in(drafted(as_wrapped_text(made, quirks)).compilation)
    told(without_spaces(made), without_spaces(found))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, QUIRKS)
def test_the_truth_comes_back_from_a_word_document(seed: int, quirks: Quirks) -> None:
    made = truth(seed)
    told(made, found_in(drafted(as_docx(made, quirks)).compilation))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, QUIRKS)
def test_the_truth_comes_back_from_a_pdf(seed: int, quirks: Quirks) -> None:
    made = truth(seed)
    found = found_in(drafted(as_pdf(made, quirks)).compilation)
    told(without_spaces(made), without_spaces(found))


@pytest.mark.parametrize("seed", range(5))
def test_a_plain_booklet_leaves_no_doubt(seed: int) -> None:
    content = as_markdown(truth(seed), Quirks(), seed)
    assert drafted(content).report.doubts == ()
