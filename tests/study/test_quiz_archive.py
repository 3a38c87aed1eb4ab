"""A file with quizzes is taken in as it was written, and refused where it makes no sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import StudyWordError
from bot.model import Archive, ArchivedQuiz, Quiz, QuizAnswer, QuizCard, QuizKind, QuizTally
from bot.study import archive
from bot.study.repetition import reviewed

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
QUIZ = Quiz("41", -100, 5, "q-1", QuizKind.YEAR, "year:q-1", 7, 2, NOON)
CARD = reviewed(QuizTally(QUIZ, 2, 1, NOON), is_private=False)
ARCHIVE = Archive(
    version=1,
    title="读书会",
    zone="Asia/Shanghai",
    exported_at=NOON,
    quizzes=(ArchivedQuiz(QUIZ, (QuizAnswer("41", 7, 2, NOON), QuizAnswer("41", 8, 0, NOON))),),
    quiz_cards=(CARD, QuizCard(-100, "year:q-2", "", NOON + timedelta(days=1))),
    quiz_size=3,
)

Spoil = Callable[[dict[str, Any]], object]


def test_quizzes_are_read_as_they_were_written() -> None:
    assert archive.read(archive.write(ARCHIVE)) == ARCHIVE


def test_a_file_of_before_quizzes_is_read() -> None:
    content = json.loads(archive.write(ARCHIVE))
    for name in ("quizzes", "quiz_cards", "quiz_size"):
        del content[name]

    assert archive.read(json.dumps(content).encode()).quizzes == ()


SPOILED: list[Spoil] = [
    lambda one: one["quizzes"][0]["quiz"].update(poll_id="41'; DROP"),
    lambda one: one["quizzes"][0]["quiz"].update(poll_id=""),
    lambda one: one["quizzes"][0]["quiz"].update(key="k" * 201),
    lambda one: one["quizzes"][0]["quiz"].update(kind="riddle"),
    lambda one: one["quizzes"][0]["quiz"].update(seed=2**63),
    lambda one: one["quizzes"][0]["quiz"].update(correct=12),
    lambda one: one["quizzes"][0]["quiz"].update(card="{}"),
    lambda one: one["quizzes"][0]["quiz"].update(asked_at="2026-11-24T04:00:00"),
    lambda one: one["quizzes"].append(one["quizzes"][0]),
    lambda one: one["quizzes"][0]["answers"].append(one["quizzes"][0]["answers"][0]),
    lambda one: one["quizzes"][0]["answers"][0].update(option=-1),
    lambda one: one["quizzes"][0]["answers"][0].update(user_id=2**63),
    lambda one: one["quizzes"][0]["answers"][0].update(answered_at="2026-11-24T04:00:00"),
    lambda one: one["quiz_cards"][0].update(card='{"state":2}'),
    lambda one: one["quiz_cards"][0].update(key=""),
    lambda one: one["quiz_cards"][0].update(due_at="2026-11-24T04:00:00"),
    lambda one: one["quiz_cards"].append(one["quiz_cards"][0]),
    lambda one: one.update(quiz_size=1000),
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_what_no_bot_could_have_written_is_refused(spoil: Spoil) -> None:
    content = json.loads(archive.write(ARCHIVE))
    spoil(content)

    with pytest.raises(StudyWordError, match="/export"):
        archive.read(json.dumps(content).encode())
