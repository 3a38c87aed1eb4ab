"""What the store knows of quizzes, on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.model import ChatKind, Quiz, QuizAnswer, QuizCard, QuizTally
from bot.store import Store
from bot.study import archive
from tests.store.conftest import NOON
from tests.store.quizzing import DUE, GROUP, QUIZ

OTHER, PERSON = -200, 7
CARD = '{"card_id":0,"state":2,"step":null,"stability":2.3,"difficulty":2.1,"due":"2026-11-26T12:00:00+00:00","last_review":"2026-11-24T12:00:00+00:00"}'  # noqa: E501


async def meet(store: Store, *chats: int) -> None:
    for chat_id in chats:
        kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.SUPERGROUP
        await store.meet_chat(chat_id, kind, "组", "UTC")


async def ask(store: Store, quiz: Quiz = QUIZ) -> None:
    await meet(store, quiz.chat_id)
    await store.save_quiz(quiz, DUE)


def answer(user_id: int, option: int = 2, poll_id: str = "41") -> QuizAnswer:
    return QuizAnswer(poll_id, user_id, option, NOON + timedelta(seconds=user_id))


async def tallied(store: Store, chat_id: int = GROUP) -> QuizTally:
    (tally,) = await store.quiz_tallies(chat_id, NOON)
    return tally


async def test_a_quiz_comes_back_as_it_was_asked(store: Store) -> None:
    await ask(store)

    assert await tallied(store) == QuizTally(QUIZ)
    assert await store.quiz_cards(GROUP) == {QUIZ.key: QuizCard(GROUP, QUIZ.key, "", DUE)}


async def test_a_quiz_told_again_changes_nothing(store: Store) -> None:
    await ask(store)
    await store.save_quiz(replace(QUIZ, correct=0), DUE + timedelta(days=9))

    assert (await tallied(store)).quiz == QUIZ
    assert (await store.quiz_cards(GROUP))[QUIZ.key].due_at == DUE


async def test_answers_are_counted_once_a_person(store: Store) -> None:
    await ask(store)
    await store.answer_quiz(answer(1))
    await store.answer_quiz(answer(2, option=0))
    tally = await store.answer_quiz(answer(1, option=0))

    assert tally is not None
    assert (tally.answered, tally.right, tally.share) == (2, 1, 0.5)
    assert tally.first_answered_at == NOON + timedelta(seconds=1)


async def test_fifty_answers_at_once_are_all_counted(store: Store) -> None:
    await ask(store)

    await asyncio.gather(*(store.answer_quiz(answer(number, number % 4)) for number in range(50)))

    tally = await tallied(store)
    assert (tally.answered, tally.right) == (50, 12)
    assert await store.quiz_people(GROUP, NOON) == 50


async def test_an_answer_to_an_unknown_poll_is_nobodys(store: Store) -> None:
    assert await store.answer_quiz(answer(1, poll_id="99")) is None


async def test_a_card_from_fewer_answers_does_not_replace_one_from_more(store: Store) -> None:
    await ask(store)
    first = await store.answer_quiz(answer(1))
    second = await store.answer_quiz(answer(2))
    assert first is not None
    assert second is not None
    for tally, days in ((second, 9), (first, 2)):
        card = QuizCard(GROUP, QUIZ.key, CARD, NOON + timedelta(days=days))
        await store.review_quiz(tally, card)

    assert (await store.quiz_cards(GROUP))[QUIZ.key].due_at == NOON + timedelta(days=9)


async def test_a_late_answer_to_an_earlier_poll_leaves_the_card_alone(store: Store) -> None:
    await ask(store)
    late = await store.answer_quiz(answer(1))
    await ask(store, replace(QUIZ, poll_id="42", message_id=9))
    assert late is not None

    await store.review_quiz(late, QuizCard(GROUP, QUIZ.key, CARD, NOON))

    assert (await store.quiz_cards(GROUP))[QUIZ.key] == QuizCard(GROUP, QUIZ.key, "", DUE)


async def test_a_question_asked_again_keeps_what_was_known_of_it(store: Store) -> None:
    await ask(store)
    tally = await store.answer_quiz(answer(1))
    assert tally is not None
    await store.review_quiz(tally, QuizCard(GROUP, QUIZ.key, CARD, NOON))

    await ask(store, replace(QUIZ, poll_id="42", asked_at=NOON + timedelta(days=3)))

    (newest,) = await store.quiz_tallies(GROUP, NOON + timedelta(days=1))
    assert newest.quiz.card == CARD
    assert (await store.quiz_cards(GROUP))[QUIZ.key].card == CARD


async def test_a_quiz_is_followed_once(store: Store) -> None:
    await ask(store)

    assert [await store.follow_quiz(GROUP, 5) for _time in range(2)] == [True, False]
    assert await store.follow_quiz(GROUP, 6), "of a message not known nobody can tell"


async def test_the_number_of_questions_is_the_chats_own(store: Store) -> None:
    await meet(store, GROUP)
    assert await store.quiz_size(GROUP) == 3

    for questions in (5, 1):
        await store.save_quiz_size(GROUP, questions)

    assert await store.quiz_size(GROUP) == 1


async def test_what_the_quizzes_of_many_chats_depend_on_is_what_each_alone_does(
    store: Store,
) -> None:
    chats = range(GROUP - 20, GROUP)
    for chat_id in chats:
        await meet(store, chat_id)
        if chat_id % 2:
            await store.save_quiz(replace(QUIZ, chat_id=chat_id, poll_id=f"{-chat_id}"), DUE)
        if chat_id % 3:
            await store.save_quiz_size(chat_id, 1 + chat_id % 5)
    found = await store.quiz_briefings([*chats])
    assert {one: (found[one].cards, found[one].size) for one in chats} == {
        one: (await store.quiz_cards(one), await store.quiz_size(one)) for one in chats
    }


async def test_quizzes_move_with_their_group(store: Store) -> None:
    await ask(store)
    await store.answer_quiz(answer(1))
    await store.save_quiz_size(GROUP, 5)

    await store.migrate_chat(GROUP, OTHER)

    assert (await tallied(store, OTHER)).answered == 1
    assert list(await store.quiz_cards(OTHER)) == [QUIZ.key]
    assert await store.quiz_size(OTHER) == 5


async def test_a_quiz_sent_to_a_group_that_moved_meanwhile_is_kept_there(store: Store) -> None:
    await meet(store, GROUP)
    await store.migrate_chat(GROUP, OTHER)

    await store.save_quiz(QUIZ, DUE)

    assert (await tallied(store, OTHER)).quiz.chat_id == OTHER


async def test_a_group_that_moved_where_both_were_asked_keeps_one_card(store: Store) -> None:
    await ask(store)
    await ask(store, replace(QUIZ, poll_id="42", chat_id=OTHER))

    await store.migrate_chat(GROUP, OTHER)

    assert len(await store.quiz_tallies(OTHER, NOON)) == 2
    assert list(await store.quiz_cards(OTHER)) == [QUIZ.key]


async def test_a_forgotten_person_leaves_no_answer_and_no_quiz_of_their_own(store: Store) -> None:
    await ask(store)
    await ask(store, replace(QUIZ, poll_id="42", chat_id=PERSON))
    for poll_id in ("41", "42"):
        await store.answer_quiz(answer(PERSON, poll_id=poll_id))
    assert (await store.known_of(PERSON)).quiz_answers == 2

    await store.forget_person(PERSON)

    assert (await tallied(store)).answered == 0
    assert await store.quiz_tallies(PERSON, NOON) == ()
    assert await store.quiz_cards(PERSON) == {}
    assert (await store.known_of(PERSON)).is_nothing


async def test_what_is_told_of_a_forgotten_chat_is_passed_over(store: Store) -> None:
    await ask(store, replace(QUIZ, chat_id=PERSON))
    await store.forget_person(PERSON)

    await store.save_quiz(replace(QUIZ, chat_id=PERSON), DUE)

    assert await store.quiz_tallies(PERSON, NOON) == ()


async def test_quizzes_go_with_a_group_to_another_bot_and_back(store: Store) -> None:
    await ask(store)
    for user_id in (1, 2):
        tally = await store.answer_quiz(answer(user_id, option=user_id))
    assert tally is not None
    await store.review_quiz(tally, QuizCard(GROUP, QUIZ.key, CARD, DUE))
    await store.save_quiz_size(GROUP, 7)
    await meet(store, OTHER)
    read = archive.read(archive.write(await store.export_chat(GROUP)))

    taken = [await store.import_chat(OTHER, read, None, []) for _time in range(2)]
    back = await store.import_chat(GROUP, await store.export_chat(OTHER), None, [])

    assert [one.quizzes for one in (*taken, back)] == [1, 0, 0]
    there = await tallied(store, OTHER)
    assert (there.answered, there.right, there.quiz.key) == (2, 1, QUIZ.key)
    assert await store.quiz_cards(OTHER) == {QUIZ.key: QuizCard(OTHER, QUIZ.key, CARD, DUE)}
    assert await store.quiz_size(OTHER) == 7
