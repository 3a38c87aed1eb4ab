"""What a session with a theme talks about: passages, and questions made of their sentences.

Here lives the making of questions: pure, the same for the same passages. A question quotes a
sentence of a passage word for word and asks about it; nothing is added that the passage does
not say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.model import Agenda, Passage, Question, Quote, Reading

MOST_QUESTIONS = 3
MOST_PASSAGES = 3
_SHORTEST, _LONGEST = 12, 70  # characters of a sentence that is asked about

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


def agenda(theme: str, quotes: Sequence[Quote], readings: Sequence[Reading]) -> Agenda:
    """The agenda from passages on the theme, the best first."""
    quotes, readings = tuple(quotes[:MOST_PASSAGES]), tuple(readings[:MOST_PASSAGES])
    return Agenda(theme, quotes, readings, questions(theme, (*quotes, *readings)))


def questions(theme: str, passages: Sequence[Passage]) -> tuple[Question, ...]:
    """At most three questions, of different passages as long as there are any.

    Of each passage the sentence that names the theme, else its first that is long enough to
    say something and short enough to be remembered.
    """
    found: list[Question] = []
    used: set[str] = set()
    for turn in range(MOST_QUESTIONS):
        for passage in passages:
            sentences = _askable(theme, passage)
            if turn < len(sentences) and sentences[turn] not in used:
                used.add(sentences[turn])
                found.append(_question(sentences[turn], len(found), passage.id))
            if len(found) == MOST_QUESTIONS:
                return tuple(found)
    return tuple(found)


def _askable(theme: str, passage: Passage) -> list[str]:
    text = passage.text if isinstance(passage, Quote) else _said(passage)
    sentences = [one.strip() for one in _SENTENCE.findall(text)]
    fitting = [one for one in sentences if _SHORTEST <= len(one) <= _LONGEST and _is_whole(one)]
    return sorted(fitting, key=lambda one: theme not in one)  # stable: else in the passage's order


def _said(reading: Reading) -> str:
    section = reading.section
    return "\n".join(section.original) or section.excerpt or section.digest


def _is_whole(sentence: str) -> bool:
    """Without quotation marks: a quotation within a question would end it too early."""
    return not any(mark in sentence for mark in "“”‘’")


def _question(sentence: str, number: int, passage_id: str) -> Question:
    asking = [one.question for one in _ASKING if one.kind.search(sentence)]
    return Question(asking[number % len(asking)], sentence.rstrip("。"), passage_id)
