"""The piece of a text that is nearest to a pattern, and what differs character by character.

Approximate matching after G. Myers, "A fast bit-vector algorithm for approximate string
matching based on dynamic programming", JACM 46 (1999), in the form of H. Hyyrö (2003): a
column of the table of edit distances is four integers of as many bits as the pattern has
characters. Here the columns are kept, so that the way back through them is exact too.
Some 1 µs for a character of the text, whatever the pattern's length up to a few hundred.

What must not live here: folding, passages, sentences.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

# Offsets in the pattern and in the text; None is where the other has no such character.
Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Alignment:
    """`pairs` in order. Of the text exactly `text[start:end]` takes part; the edit distance

    (insertions, deletions, substitutions) between it and the pattern is `distance`.
    """

    distance: int
    start: int
    end: int
    pairs: tuple[Pair, ...]


# Where the table rises and falls by one: downwards, then across from the column before.
_Column = tuple[int, int, int, int]


def align(pattern: str, text: str, *, most: int, ends: Container[int] = ()) -> Alignment | None:
    """The best place for a not empty pattern in a text; None where every place differs more

    than `most`. Of equally good places the first that ends at one of `ends`, else the first.
    """
    columns: list[_Column] = [((1 << len(pattern)) - 1, 0, 0, 0)]
    distances = _distances(pattern, text, columns)
    distance = min(distances)
    if distance > most:
        return None
    places = [end for end, one in enumerate(distances) if one == distance]
    end = next((end for end in places if end in ends), places[0])
    pairs, start = _way_back(pattern, text, columns, end, distance)
    return Alignment(distance, start, end, pairs)


def _distances(pattern: str, text: str, columns: list[_Column]) -> list[int]:
    """The least distance of a piece that ends at each offset; columns are appended."""
    every = (1 << len(pattern)) - 1
    last = 1 << (len(pattern) - 1)
    places: dict[str, int] = {}
    for at, character in enumerate(pattern):
        places[character] = places.get(character, 0) | 1 << at
    rises, falls = every, 0
    distance = len(pattern)
    found = [distance]
    for character in text:
        equal = places.get(character, 0) | falls
        # Bits where the diagonal does not rise.
        free = ((((equal & rises) + rises) ^ rises) | equal) & every
        across_up = falls | (every & ~(free | rises))
        across_down = rises & free
        if across_up & last:
            distance += 1
        elif across_down & last:
            distance -= 1
        # The row above the pattern is 0 throughout: a match may begin anywhere.
        above_up, above_down = across_up << 1 & every, across_down << 1 & every
        rises = above_down | (every & ~(free | above_up))
        falls = above_up & free
        columns.append((rises, falls, across_up, across_down))
        found.append(distance)
    return found


def _way_back(
    pattern: str, text: str, columns: list[_Column], end: int, distance: int
) -> tuple[tuple[Pair, ...], int]:
    """The pairs of a cheapest way that ends at `end`, and where in the text it began.

    Equal characters are paired wherever that costs nothing, else one is put for the other
    where that is as cheap as any other way: people write a wrong word, not half of two.
    """
    pairs: list[Pair] = []
    row, column = len(pattern), end
    while row:
        if not column:
            pairs.append((row - 1, None))
            row -= 1
            continue
        rises, falls, up, down = columns[column]
        left = distance - _step(up, down, row)
        diagonal = left - _step(*columns[column - 1][:2], row)
        if pattern[row - 1] == text[column - 1]:
            pairs.append((row - 1, column - 1))
            row, column = row - 1, column - 1
        elif diagonal + 1 == distance:
            pairs.append((row - 1, column - 1))
            row, column, distance = row - 1, column - 1, diagonal
        elif left + 1 == distance:
            pairs.append((None, column - 1))
            column, distance = column - 1, left
        else:
            pairs.append((row - 1, None))
            row, distance = row - 1, distance - _step(rises, falls, row)
    return tuple(reversed(pairs)), column


def _step(up: int, down: int, row: int) -> int:
    """+1, 0 or -1: the difference of the table that the bits of this row stand for."""
    return (up >> (row - 1) & 1) - (down >> (row - 1) & 1)
