"""Is this sentence in the corpus? Exactly, with differences, or not.

Texts are compared folded, so width, script and marks are no differences. A sentence is
looked for as it is; else the nearest stretch of text is found and compared character by
character. A reading is compared part by part: its digest is our wording, and what is said
of it must say so.

What must not live here: queries and their ranking, wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bot.errors import QueryError
from bot.model import Judgement, Passage, Piece, Quote, Snippet, Source, Verdict
from bot.search.alignment import Alignment, Pair, align
from bot.search.index import Index
from bot.search.text import Folded, fold, fold_with_origin, grams

MAX_CHARACTERS = 1000
FEWEST_CHARACTERS = 4  # folded; less is a word, not a sentence

_MOST_CHANGED = 0.4  # of a sentence's characters, that may differ in one that is like it
_CANDIDATES = 8  # passages compared with a sentence, nearest first by pairs of characters

_SENTENCE = re.compile(r"[^。！？!?…\n]*(?:[。！？!?…]+[”’」』）)》]*|\n+|$)")
_EXAMPLE = "因地制宜加快发展新质生产力"


def check(text: str, index: Index) -> tuple[Judgement, ...]:
    """Judge a text of at most 1000 characters: whole if it stands somewhere, else its sentences.

    Neighbouring sentences that stand together are judged together. Raises QueryError, with
    a sentence fit to be shown, for a text too long or too short to be judged.
    """
    text = text.strip()
    _refuse_unfit(text)
    whole = _exact(text, index)
    if whole is not None:
        return (whole,)
    sentences = _sentences(text)
    judged: list[Judgement] = []
    at = 0
    while at < len(sentences):
        one, at = _longest_run(sentences, at, index)
        judged.append(one)
    return tuple(judged)


def _refuse_unfit(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            "太长了：{length} 个字，一次最多核对 {most} 个字。请分几次发，例如：/check {sentence}",
            f"“{_EXAMPLE}”",
            length=len(text),
            most=MAX_CHARACTERS,
            sentence=_EXAMPLE,
        )
    if len(fold(text)) < FEWEST_CHARACTERS:
        raise QueryError(
            "太短了，核对不了：请写一整句话，至少 {fewest} 个字。例如：/check {sentence}",
            f"“{_EXAMPLE}”",
            fewest=FEWEST_CHARACTERS,
            sentence=_EXAMPLE,
        )


def _longest_run(sentences: Sequence[str], at: int, index: Index) -> tuple[Judgement, int]:
    """The judgement of the sentence at `at` and of all after it that stand with it, exactly."""
    run, end = _exact(sentences[at], index), at + 1
    if run is None:
        return _nearest(sentences[at], index), end
    while end < len(sentences):
        longer = _exact("".join(sentences[at : end + 1]), index)
        if longer is None:
            break
        run, end = longer, end + 1
    return run, end


def _sentences(text: str) -> list[str]:
    """The sentences of a text; what is too short to be judged goes with its neighbour."""
    sentences: list[str] = []
    for start, end in _sentence_spans(text):
        piece = text[start:end]
        is_short = len(fold(piece)) < FEWEST_CHARACTERS
        if sentences and (is_short or len(fold(sentences[-1])) < FEWEST_CHARACTERS):
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return sentences


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _SENTENCE.finditer(text) if match.group()]


# ------------------------------------------------------------------------ the corpus's side


@dataclass(frozen=True, slots=True)
class _Part:
    """A text of one hand, and where it is from."""

    source: Source
    text: str
    folded: Folded


@lru_cache(maxsize=1024)
def _folded(text: str) -> Folded:
    return fold_with_origin(text)


def _parts(passage: Passage) -> Iterator[_Part]:
    if isinstance(passage, Quote):
        yield _Part(Source(passage), passage.text, _folded(passage.text))
        return
    section = passage.section
    own = "\n".join(section.original) or section.excerpt
    for text, is_digest in ((own, False), (section.digest, True)):
        if text:
            yield _Part(Source(passage, is_digest), text, _folded(text))


def _trust(part: _Part) -> tuple[bool, bool]:
    """Sorts quotations before articles before digests."""
    return part.source.is_digest, not isinstance(part.source.passage, Quote)


# ------------------------------------------------------------------------------ exactly


def _exact(sentence: str, index: Index) -> Judgement | None:
    """The judgement of a sentence that stands somewhere as it is, else None."""
    folded = fold(sentence)
    holders = [
        part
        for passage in index.containing(sentence)
        for part in _parts(passage)
        if folded in part.folded.text
    ]
    if not holders:
        return None
    holders.sort(key=_trust)
    best = holders[0]
    at = best.folded.text.index(folded)
    start, end = best.folded.span(at, at + len(folded))
    return Judgement(
        sentence.strip(),
        Verdict.EXACT,
        sources=tuple(part.source for part in holders),
        shown=_surrounding(best.text, start, end),
    )


def _surrounding(text: str, start: int, end: int) -> Snippet:
    """The sentences in which a span stands, whole, with the span marked."""
    spans = [span for span in _sentence_spans(text) if span[0] < end and span[1] > start]
    first, last = spans[0][0], spans[-1][1]
    while text[first].isspace():
        first += 1
    while text[last - 1].isspace():
        last -= 1
    return Snippet(
        text=text[first:last],
        marks=((start - first, end - first),),
        cut_before=bool(text[:first].strip()),
        cut_after=bool(text[last:].strip()),
    )


# ---------------------------------------------------------------------- with differences


def _nearest(sentence: str, index: Index) -> Judgement:
    """The nearest text and the differences from it; absent when nothing is near."""
    sentence = sentence.strip()
    typed = _folded(sentence)
    best = _best(typed.text, int(_MOST_CHANGED * len(typed.text)), index)
    if best is None:
        return Judgement(sentence, Verdict.ABSENT)
    part, alignment = best
    pieces = tuple(_pieces(sentence, typed, part, alignment))
    return Judgement(sentence, Verdict.DIFFERENT, (part.source,), pieces=pieces)


def _best(folded: str, most: int, index: Index) -> tuple[_Part, Alignment] | None:
    """The part that holds the text with the fewest edits, at most `most`; of equals the most

    trusted. An edit spoils at most two of the pairs of characters (the q-gram lemma of
    Jokinen and Ukkonen, 1991), so a part that lacks more of them need not be looked at.
    """
    best: tuple[_Part, Alignment] | None = None
    pairs = grams(folded)
    for shared, part in _alike(pairs, folded, index):
        if shared < max(1, len(pairs) - 2 * most):
            break
        found = align(folded, part.folded.text, most=most, ends=_Borders(part))
        if found is None:
            continue
        if best is None or (found.distance, _trust(part)) < (best[1].distance, _trust(best[0])):
            best = part, found
        most = found.distance
    return best


def _alike(pairs: Sequence[str], folded: str, index: Index) -> list[tuple[int, _Part]]:
    """The parts that share the most pairs of characters with a text, and how many, most first."""
    counted = [
        (sum(pair in part.folded.text for pair in pairs), part)
        for passage in index.resembling(folded, _CANDIDATES)
        for part in _parts(passage)
    ]
    return sorted(counted, key=lambda one: (-one[0], _trust(one[1])))


class _Borders:
    """Offsets in a part's folded text at which a clause ends: marks follow, or nothing."""

    def __init__(self, part: _Part) -> None:
        self._origin = part.folded.origin

    def __contains__(self, end: object) -> bool:
        assert isinstance(end, int)
        if not 0 < end < len(self._origin):
            return True
        return self._origin[end] - self._origin[end - 1] > 1


def _pieces(sentence: str, typed: Folded, part: _Part, alignment: Alignment) -> Iterator[Piece]:
    """The comparison in runs that agree and runs that do not; marks stay with what they follow."""
    start, end = alignment.start, alignment.end
    own, other = part.folded.text, part.folded.origin
    typed_cuts = [0, *typed.origin[1:], len(sentence)]
    has_marks = typed.origin[-1] + 1 < len(sentence)
    stop = _end_of(part, end, with_marks=has_marks)
    original_cuts = [*other[start:end], stop]

    def agrees(pair: Pair) -> bool:
        left, right = pair
        return left is not None and right is not None and typed.text[left] == own[right]

    for is_kept, run in groupby(alignment.pairs, agrees):
        pairs = list(run)
        lefts = [left for left, _ in pairs if left is not None]
        rights = [right - start for _, right in pairs if right is not None]
        yield Piece(
            _stretch(sentence, typed_cuts, lefts),
            _stretch(part.text, original_cuts, rights),
            is_kept,
        )


def _stretch(text: str, cuts: Sequence[int], characters: Sequence[int]) -> str:
    """The text of neighbouring characters, where character i is `text[cuts[i]:cuts[i + 1]]`."""
    return text[cuts[characters[0]] : cuts[characters[-1] + 1]] if characters else ""


def _end_of(part: _Part, end: int, *, with_marks: bool) -> int:
    """Where in the original a stretch ends, `end` being its end in the folded text."""
    if not end:
        return 0
    stop = part.folded.origin[end - 1] + 1
    while with_marks and stop < len(part.text) and not fold(part.text[stop]):
        if part.text[stop].isspace():
            break
        stop += 1
    return stop
