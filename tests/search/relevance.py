"""How good a ranking is, by queries judged by hand (`relevance.yaml`): MRR and nDCG@5.

Used by the tests and by `benchmarks/relevance.py`. Gains are 2^grade - 1 (Burges et al.
2005), the discount is log2(rank + 1) (Järvelin and Kekäläinen 2002); the reciprocal rank is
that of the first passage that was meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.model import Corpus

JUDGEMENTS = Path(__file__).with_name("relevance.yaml")
MEANT, HELPFUL = 2, 1
DEPTH = 5
_LOOKED_AT = 10  # hits among which the first that was meant is looked for

Search = Callable[[str], Sequence[str]]  # query -> ids, best first


@dataclass(frozen=True, slots=True)
class Judged:
    """A query of one class, and the grade of every passage that answers it."""

    group: str
    query: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Means over queries, both 0 to 1."""

    mrr: float
    ndcg: float
    queries: int


def read_judgements(corpus: Corpus, file: Path = JUDGEMENTS) -> tuple[Judged, ...]:
    """Every judged query. Raises LookupError for a passage that the corpus does not have."""
    groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(
        Judged(group, one["q"], dict(_grades(corpus, one)))
        for group, queries in groups.items()
        for one in queries
    )


def _grades(corpus: Corpus, one: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int]]:
    for key, grade in (("good", HELPFUL), ("best", MEANT)):
        for short in one.get(key, ()):
            yield from ((found, grade) for found in _passages(corpus, short))


def _passages(corpus: Corpus, short: str) -> list[str]:
    full = re.sub(r"^a(\d\d)", r"a-2026-04-\1", short)
    ids = [passage.id for passage in corpus]
    found = [one for one in ids if one == full]
    if not found and "." not in full:
        found = [one for one in ids if one.startswith(f"{full}.")]
    if not found:
        raise LookupError(f"no passage {short}")
    return found


def reciprocal_rank(judged: Judged, found: Sequence[str]) -> float:
    """1 over the rank of the first passage that was meant, 0 beyond the tenth."""
    ranks = (
        rank for rank, one in enumerate(found[:_LOOKED_AT], 1) if judged.grades.get(one) == MEANT
    )
    return next((1 / rank for rank in ranks), 0.0)


def ndcg(judged: Judged, found: Sequence[str]) -> float:
    """The gain of the first five over that of the best five there are."""
    gains = [judged.grades.get(one, 0) for one in found[:DEPTH]]
    ideal = sorted(judged.grades.values(), reverse=True)[:DEPTH]
    return _discounted(gains) / _discounted(ideal)


def _discounted(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def score(judgements: Sequence[Judged], search: Search) -> Score:
    """The mean of both measures."""
    found = [(one, search(one.query)) for one in judgements]
    count = len(found)
    return Score(
        sum(reciprocal_rank(one, ids) for one, ids in found) / count,
        sum(ndcg(one, ids) for one, ids in found) / count,
        count,
    )
