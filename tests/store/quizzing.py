"""A quiz as the store's tests need one: asked at noon, due a day later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model import Quiz, QuizKind
from bot.store import Store
from tests.store.conftest import NOON

GROUP = -100
DUE = NOON + timedelta(days=1)
QUIZ = Quiz(
    poll_id="41",
    chat_id=GROUP,
    message_id=5,
    passage_id="q-2024-03-05",
    kind=QuizKind.YEAR,
    key="year:q-2024-03-05",
    seed=2**63 - 1,
    correct=2,
    asked_at=NOON,
)


async def save_quiz(store: Store, chat_id: int) -> Quiz:
    """A quiz that was asked in a chat that was met, and the number of its questions."""
    quiz = replace(QUIZ, chat_id=chat_id)
    await store.save_quiz(quiz, DUE)
    await store.save_quiz_size(chat_id, 3)
    return quiz
