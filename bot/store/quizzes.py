"""Quizzes: what was asked in which poll, who answered what, and which questions come back.

Here live the rows of `quiz_tables`. Telegram's polls are known by their ids alone; an answer to
a poll that is not known here is nobody's. When a question comes back is decided in
`study.repetition`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, distinct, func, select, update

from bot.model import Quiz, QuizAnswer, QuizCard, QuizTally
from bot.store.engine import Part, insert, reads, writes
from bot.store.quiz_tables import quiz_answers, quiz_cards, quiz_sizes, quizzes
from bot.store.schema import chat_moves, chats

QUESTIONS = 3  # of a schedule whose chat said nothing else


@dataclass(frozen=True, slots=True)
class QuizBriefing:
    """What a scheduled quiz depends on: the chat's cards by key, and how much is asked."""

    cards: Mapping[str, QuizCard]
    size: int


class Quizzes(Part):
    """The store's share that knows quizzes."""

    @writes
    def save_quiz(self, connection: Connection, quiz: Quiz, due_at: datetime) -> None:
        """Note that the question was asked; as long as nobody answers, it is due at `due_at`.

        What was known of it in the chat is kept with it. Told again, this changes nothing; so
        does what is told of a chat that was forgotten meanwhile.
        """
        chat_id = _found(connection, quiz.chat_id)
        if chat_id is None:
            return
        quiz = replace(quiz, chat_id=chat_id)
        of_it = and_(quiz_cards.c.chat_id == quiz.chat_id, quiz_cards.c.question_key == quiz.key)
        card = connection.scalar(select(quiz_cards.c.card).where(of_it)) or ""
        made = connection.execute(
            insert(connection, quizzes)
            .values(fields_of_quiz(replace(quiz, card=card)))
            .on_conflict_do_nothing(index_elements=["poll_id"])
            .returning(quizzes.c.poll_id)
        )
        if made.one_or_none() is None:
            return
        fields = {"card": card, "due_at": due_at, "poll_id": quiz.poll_id, "answered": 0}
        connection.execute(
            insert(connection, quiz_cards)
            .values(chat_id=quiz.chat_id, question_key=quiz.key, **fields)
            .on_conflict_do_update(index_elements=["chat_id", "question_key"], set_=fields)
        )

    @writes
    def answer_quiz(self, connection: Connection, answer: QuizAnswer) -> QuizTally | None:
        """Note an answer, the person's first to this poll; None for a poll not known here.

        Returns how the quiz stands with it. Told again, this changes nothing.
        """
        known = connection.scalar(
            select(quizzes.c.poll_id).where(quizzes.c.poll_id == answer.poll_id)
        )
        if known is None:
            return None
        connection.execute(
            insert(connection, quiz_answers)
            .values(
                poll_id=answer.poll_id,
                user_id=answer.user_id,
                option=answer.option,
                answered_at=answer.answered_at,
            )
            .on_conflict_do_nothing(index_elements=["poll_id", "user_id"])
        )
        found = connection.execute(_tallies().where(quizzes.c.poll_id == answer.poll_id))
        return _tally(found.one())

    @writes
    def review_quiz(self, connection: Connection, tally: QuizTally, card: QuizCard) -> None:
        """Keep the card that follows from this tally, unless one from more answers is there.

        A tally of a poll after which the question was asked again changes nothing.
        """
        connection.execute(
            update(quiz_cards)
            .where(
                quiz_cards.c.poll_id == tally.quiz.poll_id,
                quiz_cards.c.answered < tally.answered,
            )
            .values(card=card.card, due_at=card.due_at, answered=tally.answered)
        )

    @reads
    def quiz_cards(self, connection: Connection, chat_id: int) -> Mapping[str, QuizCard]:
        """The cards of all questions that were asked in the chat, by their keys."""
        return _find_cards(connection, [chat_id])[chat_id]

    @reads
    def quiz_briefings(
        self, connection: Connection, chat_ids: Collection[int]
    ) -> Mapping[int, QuizBriefing]:
        """What the next scheduled quizzes of these chats depend on, at one moment, by chat."""
        cards = _find_cards(connection, chat_ids)
        found = connection.execute(select(quiz_sizes).where(quiz_sizes.c.chat_id.in_(chat_ids)))
        sizes = {row.chat_id: row.questions for row in found}
        return {one: QuizBriefing(cards[one], sizes.get(one, QUESTIONS)) for one in chat_ids}

    @reads
    def quiz_tallies(
        self, connection: Connection, chat_id: int, since: datetime
    ) -> tuple[QuizTally, ...]:
        """What was asked in the chat since then, oldest first, and how it went."""
        found = connection.execute(
            _tallies()
            .where(quizzes.c.chat_id == chat_id, quizzes.c.asked_at >= since)
            .order_by(quizzes.c.asked_at, quizzes.c.poll_id)
        )
        return tuple(map(_tally, found))

    @reads
    def quiz_people(self, connection: Connection, chat_id: int, since: datetime) -> int:
        """How many people answered what was asked in the chat since then."""
        return (
            connection.scalar(
                select(func.count(distinct(quiz_answers.c.user_id)))
                .join(quizzes, quizzes.c.poll_id == quiz_answers.c.poll_id)
                .where(quizzes.c.chat_id == chat_id, quizzes.c.asked_at >= since)
            )
            or 0
        )

    @writes
    def follow_quiz(self, connection: Connection, chat_id: int, message_id: int) -> bool:
        """Take the right to ask another question after this one: true once, for one alone.

        Of a message that is not known here nobody can tell, so it may be followed.
        """
        is_it = and_(quizzes.c.chat_id == chat_id, quizzes.c.message_id == message_id)
        followed = connection.execute(
            update(quizzes).where(is_it, quizzes.c.is_followed.is_(False)).values(is_followed=True)
        )
        if followed.rowcount:
            return True
        return connection.scalar(select(quizzes.c.poll_id).where(is_it).limit(1)) is None

    @reads
    def quiz_size(self, connection: Connection, chat_id: int) -> int:
        """How many questions the chat's schedule asks at a time."""
        size = connection.scalar(
            select(quiz_sizes.c.questions).where(quiz_sizes.c.chat_id == chat_id)
        )
        return size or QUESTIONS

    @writes
    def save_quiz_size(self, connection: Connection, chat_id: int, questions: int) -> None:
        """Have the chat's schedule ask so many. Raises StoreError for a chat never met."""
        connection.execute(
            insert(connection, quiz_sizes)
            .values(chat_id=chat_id, questions=questions)
            .on_conflict_do_update(index_elements=["chat_id"], set_={"questions": questions})
        )


def _find_cards(
    connection: Connection, chat_ids: Collection[int]
) -> dict[int, dict[str, QuizCard]]:
    """The cards of each of these chats, by their questions' keys."""
    found: dict[int, dict[str, QuizCard]] = {chat_id: {} for chat_id in chat_ids}
    for row in connection.execute(select(quiz_cards).where(quiz_cards.c.chat_id.in_(chat_ids))):
        card = QuizCard(row.chat_id, row.question_key, row.card, row.due_at)
        found[row.chat_id][row.question_key] = card
    return found


def _found(connection: Connection, chat_id: int) -> int | None:
    """The id under which the chat is known, where it moved meanwhile; None when it is not."""
    moved_to = connection.scalar(select(chat_moves.c.new_id).where(chat_moves.c.old_id == chat_id))
    found: int | None = connection.scalar(
        select(chats.c.id).where(chats.c.id == (moved_to or chat_id))
    )
    return found


def _tallies() -> Select[Any]:
    """Each quiz with the number of its answers, of the right ones, and the first one's moment."""
    first_at = func.min(quiz_answers.c.answered_at, type_=quiz_answers.c.answered_at.type)
    return (
        select(
            quizzes,
            func.count(quiz_answers.c.user_id).label("answered"),
            func.count(quiz_answers.c.user_id)
            .filter(quiz_answers.c.option == quizzes.c.correct)
            .label("right"),
            first_at.label("first_answered_at"),
        )
        .outerjoin(quiz_answers, quiz_answers.c.poll_id == quizzes.c.poll_id)
        .group_by(quizzes.c.poll_id)
    )


def _tally(row: Row[Any]) -> QuizTally:
    return QuizTally(quiz_of(row), row.answered, row.right, row.first_answered_at)


def quiz_of(row: Row[Any]) -> Quiz:
    """A row of `quizzes` as the model has it."""
    return Quiz(
        poll_id=row.poll_id,
        chat_id=row.chat_id,
        message_id=row.message_id,
        passage_id=row.passage_id,
        kind=row.kind,
        key=row.question_key,
        seed=row.seed,
        correct=row.correct,
        asked_at=row.asked_at,
        thread_id=row.thread_id,
        card=row.card,
    )


def fields_of_quiz(quiz: Quiz) -> dict[str, Any]:
    """The columns of a quiz as it was asked."""
    return {
        "poll_id": quiz.poll_id,
        "chat_id": quiz.chat_id,
        "message_id": quiz.message_id,
        "thread_id": quiz.thread_id,
        "passage_id": quiz.passage_id,
        "kind": quiz.kind,
        "question_key": quiz.key,
        "seed": quiz.seed,
        "correct": quiz.correct,
        "card": quiz.card,
        "asked_at": quiz.asked_at,
    }
