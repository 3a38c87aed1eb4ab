"""A chat's quizzes taken out, and taken in by another bot.

Here lives that within the transactions of `archive`. The polls belong to the bot that sent them,
so that no answer comes here any more: they are kept for what they say of the questions. Their
ids get the chat's number behind them here, since the same file may be taken in by several
chats of one bot.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from bot.model import Archive, ArchivedQuiz, QuizAnswer, QuizCard
from bot.store.engine import insert
from bot.store.quiz_tables import quiz_answers, quiz_cards, quiz_sizes, quizzes
from bot.store.quizzes import fields_of_quiz, quiz_of

_AT = "@"


def find_archived_quizzes(connection: Connection, chat_id: int) -> tuple[ArchivedQuiz, ...]:
    """What was asked in the chat, oldest first, and who answered what."""
    asked = connection.execute(
        select(quizzes)
        .where(quizzes.c.chat_id == chat_id)
        .order_by(quizzes.c.asked_at, quizzes.c.poll_id)
    )
    every = [quiz_of(row) for row in asked]
    answers: dict[str, list[QuizAnswer]] = {one.poll_id: [] for one in every}
    for row in connection.execute(
        select(quiz_answers)
        .join(quizzes, quizzes.c.poll_id == quiz_answers.c.poll_id)
        .where(quizzes.c.chat_id == chat_id)
        .order_by(quiz_answers.c.answered_at, quiz_answers.c.user_id)
    ):
        answer = QuizAnswer(row.poll_id, row.user_id, row.option, row.answered_at)
        answers[row.poll_id].append(answer)
    return tuple(ArchivedQuiz(one, tuple(answers[one.poll_id])) for one in every)


def find_archived_cards(connection: Connection, chat_id: int) -> tuple[QuizCard, ...]:
    """When which question is to come back in the chat."""
    found = connection.execute(
        select(quiz_cards)
        .where(quiz_cards.c.chat_id == chat_id)
        .order_by(quiz_cards.c.question_key)
    )
    return tuple(QuizCard(row.chat_id, row.question_key, row.card, row.due_at) for row in found)


def find_archived_size(connection: Connection, chat_id: int) -> int:
    """How many questions the chat's schedule asks; 0 where nobody said."""
    size = connection.scalar(select(quiz_sizes.c.questions).where(quiz_sizes.c.chat_id == chat_id))
    return size or 0


def take_quizzes(connection: Connection, chat_id: int, archive: Archive) -> int:
    """Add quizzes, answers and cards that the chat does not have; how many quizzes were new."""
    known = {
        poll_id.partition(_AT)[0]
        for poll_id in connection.scalars(
            select(quizzes.c.poll_id).where(quizzes.c.chat_id == chat_id)
        )
    }
    added = 0
    for one in archive.quizzes:
        name = one.quiz.poll_id.partition(_AT)[0]
        if name in known:
            continue
        known.add(name)
        added += 1
        _add_quiz(connection, chat_id, f"{name}{_AT}{chat_id}", one)
    for card in archive.quiz_cards:
        connection.execute(
            insert(connection, quiz_cards)
            .values(
                chat_id=chat_id,
                question_key=card.key,
                card=card.card,
                due_at=card.due_at,
                poll_id="",
                answered=0,
            )
            .on_conflict_do_nothing(index_elements=["chat_id", "question_key"])
        )
    if archive.quiz_size:
        connection.execute(
            insert(connection, quiz_sizes)
            .values(chat_id=chat_id, questions=archive.quiz_size)
            .on_conflict_do_nothing(index_elements=["chat_id"])
        )
    return added


def _add_quiz(connection: Connection, chat_id: int, poll_id: str, one: ArchivedQuiz) -> None:
    here = replace(one.quiz, poll_id=poll_id, chat_id=chat_id, message_id=0, thread_id=None)
    connection.execute(
        insert(connection, quizzes)
        .values(fields_of_quiz(here))
        .on_conflict_do_nothing(index_elements=["poll_id"])
    )
    rows: list[dict[str, Any]] = [
        {
            "poll_id": poll_id,
            "user_id": answer.user_id,
            "option": answer.option,
            "answered_at": answer.answered_at,
        }
        for answer in one.answers
    ]
    if rows:
        connection.execute(
            insert(connection, quiz_answers).on_conflict_do_nothing(
                index_elements=["poll_id", "user_id"]
            ),
            rows,
        )
