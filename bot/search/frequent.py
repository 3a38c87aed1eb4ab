"""Texts that stand in so many passages that they are terms of the index themselves.

A text of four and more characters is found as triples of characters in a row, which costs
as much as there are passages with the triples. What stands in very many passages would
cost most, so exactly that is indexed whole: `人工智能` is then one term, as cheap as any. Of
a text that is not, few passages can have it. In a small corpus nothing is frequent.

Which texts are frequent is estimated, and decides only what a query costs: every passage
with a frequent text is indexed under it.

What must not live here: the index itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

SHORTEST, LONGEST = 4, 12  # characters
FEWEST_PASSAGES = 1000
_SHARE = 200  # a text is frequent that stands in one of so many passages
_SAMPLE = 5_000  # passages looked at


def is_too_small(passages: int) -> bool:
    """Whether a corpus is so small that nothing in it can be frequent."""
    return passages <= FEWEST_PASSAGES


def sample(passages: int) -> slice:
    """Which of so many passages to look at."""
    return slice(None, None, max(1, passages // _SAMPLE))


def frequent_texts(sampled: Sequence[str], passages: int) -> frozenset[str]:
    """The frequent texts of a corpus of so many passages; `sampled` are the folded texts of some.

    Grows candidates by a character at a time: a text can only be frequent where what it
    begins and ends with is (Agrawal and Srikant 1994, Apriori).
    """
    threshold = max(FEWEST_PASSAGES, passages // _SHARE) * len(sampled) / max(1, passages)
    # Where in each text a frequent text of the length at hand begins.
    starts = [(text, set(range(len(text) - SHORTEST + 2))) for text in sampled]
    frequent: set[str] = set()
    for length in range(SHORTEST - 1, LONGEST + 1):
        having: Counter[str] = Counter()
        for text, places in starts:
            having.update({text[at : at + length] for at in places})
        kept = {piece for piece, count in having.items() if count > threshold}
        starts = [(text, _longer(text, places, length, kept)) for text, places in starts if places]
        if length >= SHORTEST:
            frequent |= kept
    return frozenset(frequent)


def _longer(text: str, places: set[int], length: int, kept: set[str]) -> set[int]:
    """Where a text one character longer may be frequent: its two halves are."""
    here = {at for at in places if text[at : at + length] in kept}
    return {at for at in here if at + 1 in here}


def frequent_in(text: str, frequent: frozenset[str]) -> Iterable[str]:
    """Every frequent text that stands in a folded text, as often as it does."""
    for at in range(len(text) - SHORTEST + 1):
        # Whatever a frequent text begins with is frequent too.
        for end in range(at + SHORTEST, min(len(text), at + LONGEST) + 1):
            piece = text[at:end]
            if piece not in frequent:
                break
            yield piece
