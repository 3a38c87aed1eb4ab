"""What a session with a theme talks about: passages, and questions made of their sentences.

Here live the taking of turns and the making of questions: pure, the same for the same
passages. Session by session the passages come round, the best first, and no other is put in
where they are few; one that comes again is asked about last, and otherwise. A question quotes
a sentence of a passage word for word and asks about it; nothing is added that the passage does
not say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from bot.model import Agenda, Passage, Question, Quote, Reading

MOST_QUESTIONS = 3
MOST_PASSAGES = 3
_SHORTEST, _LONGEST = 12, 70  # characters of a sentence that is asked about

P = TypeVar("P", bound=Passage)

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]")


class _Asking(NamedTuple):
    """How a sentence of some kind is asked about: the key of that question in any language."""

    question: str
    kind: re.Pattern[str]


# A sentence that calls for something, names a cause, or states.
_ASKING = (
    _Asking(
        "“{sentence}”联系自己的工作，可以从哪件事做起？", re.compile(r"要|必须|应当|着力|坚持")
    ),
    _Asking("为什么说“{sentence}”？请举身边的例子。", re.compile(r"关键|根本|核心|重要|基础|保障")),
    _Asking("“{sentence}”这句话怎样理解？结合实际谈一谈。", re.compile(r"")),
)


def agenda(
    theme: str, quotes: Sequence[Quote], readings: Sequence[Reading], turn: int = 0
) -> Agenda:
    """The agenda of the session that is the `turn`th with this theme, counted from 0.

    `quotes` and `readings` are all that are on the theme, the best first.
    """
    of_quotes, of_readings = _turn_of(quotes, turn), _turn_of(readings, turn)
    asked = questions(theme, (*of_quotes, *of_readings))
    return Agenda(
        theme,
        tuple(quote for quote, _ in of_quotes),
        tuple(reading for reading, _ in of_readings),
        asked,
    )


def _turn_of(passages: Sequence[P], turn: int) -> list[tuple[P, int]]:
    """At most three whose turn it is, each with how often it has come before."""
    count = min(MOST_PASSAGES, len(passages))
    places = (divmod(turn * count + at, len(passages)) for at in range(count))
    return [(passages[at], before) for before, at in places]


def questions(theme: str, passages: Sequence[tuple[Passage, int]]) -> tuple[Question, ...]:
    """At most three questions, of different passages as long as there are any.

    Of each passage a sentence that names the theme, else one that is long enough to say
    something and short enough to be remembered. With each passage stands how often it has
    come before: then others are asked about first, and it by another sentence, if it has one.
    """
    found: list[Question] = []
    used: set[str] = set()
    newest_first = sorted(passages, key=lambda one: one[1])  # stable: else the best first
    for turn in range(MOST_QUESTIONS):
        for passage, before in newest_first:
            sentences = _askable(theme, passage, before)
            if turn < len(sentences) and sentences[turn] not in used:
                used.add(sentences[turn])
                found.append(_question(sentences[turn], len(found), passage.id))
            if len(found) == MOST_QUESTIONS:
                return tuple(found)
    return tuple(found)


def _askable(theme: str, passage: Passage, before: int) -> list[str]:
    """The sentences to ask about, the next one first: those that name the theme come round."""
    text = passage.text if isinstance(passage, Quote) else _said(passage)
    sentences = [one.strip() for one in _SENTENCE.findall(text)]
    fitting = [one for one in sentences if _SHORTEST <= len(one) <= _LONGEST and _is_whole(one)]
    naming = [one for one in fitting if theme in one]
    rest = [one for one in fitting if theme not in one]
    return [*_come_round(naming, before), *_come_round(rest, 0 if naming else before)]


def _come_round(sentences: Sequence[str], before: int) -> list[str]:
    at = before % len(sentences) if sentences else 0
    return [*sentences[at:], *sentences[:at]]


def _said(reading: Reading) -> str:
    section = reading.section
    return "\n".join(section.original) or section.excerpt or section.digest


def _is_whole(sentence: str) -> bool:
    """Without quotation marks: a quotation within a question would end it too early."""
    return not any(mark in sentence for mark in "“”‘’")


def _question(sentence: str, number: int, passage_id: str) -> Question:
    asking = [one.question for one in _ASKING if one.kind.search(sentence)]
    return Question(asking[number % len(asking)], sentence.rstrip("。"), passage_id)
