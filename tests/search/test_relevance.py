"""How well search ranks what people type, by judgements made by reading the corpus.

A floor a little under what was measured (MRR 0.99, nDCG@5 0.96 over 185 queries): a change
that ranks worse must say so here. `benchmarks/relevance.py` compares with others.
"""

from __future__ import annotations

from collections import Counter

import pytest

from bot.model import Corpus
from tests.search.conftest import Ask, ids
from tests.search.relevance import Judged, Score, ndcg, read_judgements, reciprocal_rank, score

LEAST = Score(mrr=0.97, ndcg=0.95, queries=120)
LEAST_OF_A_GROUP = 0.82


@pytest.fixture(scope="module")
def judgements(shipped: Corpus) -> tuple[Judged, ...]:
    return read_judgements(shipped)


def test_there_are_120_different_judged_queries_or_more(judgements: tuple[Judged, ...]) -> None:
    assert len({one.query for one in judgements}) == len(judgements) >= LEAST.queries
    assert min(Counter(one.group for one in judgements).values()) >= 8
    assert all(max(one.grades.values()) == 2 for one in judgements)


def test_the_ranking_stays_as_good_as_it_was(ask: Ask, judgements: tuple[Judged, ...]) -> None:
    measured = score(judgements, lambda text: ids(ask(text).hits))
    assert measured.mrr >= LEAST.mrr
    assert measured.ndcg >= LEAST.ndcg


def test_no_kind_of_query_is_neglected(ask: Ask, judgements: tuple[Judged, ...]) -> None:
    for group in {one.group for one in judgements}:
        of_group = [one for one in judgements if one.group == group]
        measured = score(of_group, lambda text: ids(ask(text).hits))
        assert min(measured.mrr, measured.ndcg) >= LEAST_OF_A_GROUP, group


def test_the_measures_are_those_of_the_textbook() -> None:
    one = Judged("words", "x", {"a": 2, "b": 1})
    assert reciprocal_rank(one, ["c", "b", "a"]) == pytest.approx(1 / 3)
    assert ndcg(one, ["a", "b"]) == 1
    assert ndcg(one, ["b", "a"]) == pytest.approx((1 + 3 / 1.58496) / (3 + 1 / 1.58496), rel=1e-4)
    assert (reciprocal_rank(one, []), ndcg(one, [])) == (0, 0)
