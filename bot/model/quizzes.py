"""Quizzes: questions with one right answer, the polls they are asked in, and who answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class QuizKind(StrEnum):
    """What is asked of a passage."""

    TERM = "term"  # which word is missing
    YEAR = "year"  # in which year it was said
    OCCASION = "occasion"  # on which occasion it was said
    ARTICLE = "article"  # in which article it stands


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A question with its options, of which the one at `correct`, from 0, is right.

    `key` names what is asked, for ever and with whatever options: `term:q-2024-03-05:传统产业`.
    `text` is a piece of the passage, verbatim but for the blank (`study.quiz.BLANK`) of a
    missing term. The options are as the corpus has them: a term, a year, an occasion, the id
    of an article.
    """

    key: str
    kind: QuizKind
    passage_id: str
    text: str
    options: tuple[str, ...]
    correct: int

    @property
    def answer(self) -> str:
        return self.options[self.correct]


@dataclass(frozen=True, slots=True)
class QuizPoll:
    """A question in words, as Telegram shows it: plain text, within the limits of sendPoll."""

    question: str
    options: tuple[str, ...]
    correct: int
    explanation: str
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question as it was asked in a chat: the poll, and the seed its options came from.

    `card` is what was known of the question in this chat before, as `QuizCard.card`; the
    store knows it.
    """

    poll_id: str
    chat_id: int
    message_id: int
    passage_id: str
    kind: QuizKind
    key: str
    seed: int
    correct: int
    asked_at: datetime
    thread_id: int | None = None
    card: str = ""


@dataclass(frozen=True, slots=True)
class QuizAnswer:
    """What somebody chose in a poll: an option, from 0. Telegram lets nobody change it."""

    poll_id: str
    user_id: int
    option: int
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class QuizTally:
    """A quiz and how it went: how many answered, and how many of them rightly."""

    quiz: Quiz
    answered: int = 0
    right: int = 0
    first_answered_at: datetime | None = None

    @property
    def share(self) -> float:
        """Which part of the answers was right; 0 without any."""
        return self.right / self.answered if self.answered else 0.0


@dataclass(frozen=True, slots=True)
class QuizCard:
    """When a question is to come back in a chat, and what the schedule follows from.

    `card` is that of `study.repetition`; empty as long as nobody has answered.
    """

    chat_id: int
    key: str
    card: str
    due_at: datetime
