"""The nearest stretch of a text, against the textbook's table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.search.alignment import align

_texts = st.text("甲乙丙丁", max_size=30)


def least_distance(pattern: str, text: str) -> int:
    """Sellers' table, row by row: a match may begin and end anywhere in the text."""
    above = [0] * (len(text) + 1)
    for row, character in enumerate(pattern, 1):
        here = [row]
        for column, other in enumerate(text, 1):
            changed = above[column - 1] + (character != other)
            here.append(min(changed, above[column] + 1, here[-1] + 1))
        above = here
    return min(above)


@given(_texts.filter(bool), _texts)
def test_no_stretch_is_nearer_than_the_one_found(pattern: str, text: str) -> None:
    found = align(pattern, text, most=len(pattern))
    assert found is not None
    assert found.distance == least_distance(pattern, text)


@given(_texts.filter(bool), _texts)
def test_the_way_uses_every_character_once_and_costs_the_distance(pattern: str, text: str) -> None:
    found = align(pattern, text, most=len(pattern))
    assert found is not None
    assert [left for left, _ in found.pairs if left is not None] == [*range(len(pattern))]
    rights = [right for _, right in found.pairs if right is not None]
    assert rights == [*range(found.start, found.end)]
    changed = [
        1
        for left, right in found.pairs
        if left is None or right is None or pattern[left] != text[right]
    ]
    assert len(changed) == found.distance


def test_what_differs_too_much_is_no_place() -> None:
    assert align("甲乙丙丁", "子丑寅卯", most=3) is None


def test_of_equally_good_ends_the_wanted_one_is_taken() -> None:
    found = align("新质生产率", "发展新质生产力要素", most=2, ends={7})
    assert found is not None
    assert (found.start, found.end, found.distance) == (2, 7, 1)


def test_a_wrong_word_is_put_for_a_word_not_split_around_a_shared_character() -> None:
    found = align("我们快速发展", "我们加快发展", most=4)
    assert found is not None
    assert found.pairs == tuple((at, at) for at in range(6))
