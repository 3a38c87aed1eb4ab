"""Spaced repetition: when a question comes back, and which one is next.

Here lives the schedule of a card, by FSRS-6 (the PyPI package `fsrs`, which nothing else
imports), and the choice of the next questions. Moments come in as arguments, no chance is
involved, and a card is a string that the store keeps.

A person alone in a chat has steps of minutes at first: what was missed comes back the same
day. A group does not: there a question comes back after days, as its share of right
answers says.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from fsrs import Card, Rating, Scheduler

from bot.model import QuizCard, QuizTally

_FIRST_STEP: Final = timedelta(minutes=10)
_PERSON: Final = Scheduler(
    learning_steps=(_FIRST_STEP,), relearning_steps=(_FIRST_STEP,), enable_fuzzing=False
)
# A group is asked a few questions a week: at the usual retention of 0.9 what all knew would be
# due again after two days, and the next quiz would be the same as the last. At 0.7 what was
# missed is due after two days, what was half known after twelve, what all knew after three weeks.
_GROUP: Final = Scheduler(
    desired_retention=0.7,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=90,  # days
    enable_fuzzing=False,
)
# Which share of right answers says how well a group knows it.
_KNOWN: Final = 0.8
_HALF_KNOWN: Final = 0.5
# Nobody answered yet: asked again when nothing new is left.
UNANSWERED: Final = ""
_UNANSWERED_FOR: Final = timedelta(days=1)


def due_unanswered(asked_at: datetime) -> datetime:
    """When a question asked just now is due as long as nobody answers."""
    return asked_at + _UNANSWERED_FOR


def reviewed(tally: QuizTally, *, is_private: bool) -> QuizCard:
    """The card after what was answered so far, by all together, to the card as it was before.

    The order of the answers does not matter, and no answer counts twice: each review starts
    from the card that the question was asked with. ValueError when nobody has answered.
    """
    quiz = tally.quiz
    if tally.first_answered_at is None:
        raise ValueError("nothing was answered")
    at = tally.first_answered_at.astimezone(UTC)
    scheduler = _PERSON if is_private else _GROUP
    card, _ = scheduler.review_card(_read(quiz.card, at), _rating(tally), at)
    return QuizCard(quiz.chat_id, quiz.key, _spelled(card), card.due)


def is_card(text: str) -> bool:
    """True for a card that can be reviewed: as `reviewed` spells it, or of a new question."""
    if text == UNANSWERED:
        return True
    try:
        card = Card.from_json(text)
        if card.last_review is None or card.due.tzinfo is None:
            return False
        at = card.last_review.astimezone(UTC) + timedelta(days=1)
        for scheduler in (_PERSON, _GROUP):
            for rating in (Rating.Again, Rating.Good):
                scheduler.review_card(card, rating, at)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        return False
    return True


def next_keys(
    keys: Sequence[str], cards: Mapping[str, QuizCard], now: datetime, *, seed: int, count: int
) -> tuple[str, ...]:
    """Which of `keys` to ask now, `count` at the most, each once.

    What is due first, the most overdue in front; then what was never asked, the kinds in turn,
    and of each what differs most from the questions asked already; then what nobody answered;
    then what would be due next. `cards` are those of the chat, by their keys.
    """
    known = [cards[key] for key in keys if key in cards]
    answered = sorted((one for one in known if one.card), key=lambda one: (one.due_at, one.key))
    silent = sorted((one for one in known if not one.card), key=lambda one: (one.due_at, one.key))
    chosen = [one.key for one in answered if one.due_at <= now][:count]
    new = [key for key in keys if key not in cards]
    used = Counter(part for key in (*cards, *chosen) for part in _parts(key))
    while new and len(chosen) < count:
        key = min(new, key=lambda one: (_sameness(one, used), _lot(one, seed)))
        new.remove(key)
        used.update(_parts(key))
        chosen.append(key)
    chosen += [one.key for one in silent]
    chosen += [one.key for one in answered if one.due_at > now]
    return tuple(chosen[:count])


def _rating(tally: QuizTally) -> Rating:
    if tally.share >= _KNOWN:
        return Rating.Good
    return Rating.Hard if tally.share >= _HALF_KNOWN else Rating.Again


def _read(card: str, at: datetime) -> Card:
    """The stored card; a new one is given its fields, since by itself it asks the clock."""
    if card == UNANSWERED:
        return Card(card_id=0, due=at)
    return Card.from_json(card)


def _spelled(card: Card) -> str:
    return json.dumps(card.to_dict(), separators=(",", ":"))


def _parts(key: str) -> tuple[str, ...]:
    """What two questions can have in common: the kind, the passage, the term."""
    return tuple(key.split(":"))


def _sameness(key: str, used: Counter[str]) -> tuple[int, int]:
    kind, *others = _parts(key)
    return used[kind], sum(used[one] for one in others)


def _lot(key: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}\n{key}".encode()).digest()
