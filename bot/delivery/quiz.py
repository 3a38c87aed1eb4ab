"""What a scheduled quiz asks: from a row of the ledger to the poll to be sent.

Here lives the loading of what the questions depend on. Which questions are next is decided by
`study.repetition`, what they are by `study.quiz`, worded they are by `render.quiz_poll`. All
questions of a day are chosen with its first part and stored with it, so that a retry asks the
same, and the other parts ask the others.

A poll carries no HTML: that it may be a duplicate, or was moved out of its topic, stands in
words before its question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.delivery.choose import Compose, Composed, Skip
from bot.delivery.send import Part, Sent
from bot.model import (
    Cause,
    ChatKind,
    Choice,
    Delivery,
    Quiz,
    QuizCard,
    QuizPoll,
    QuizQuestion,
    Reading,
    SkipReason,
)
from bot.render import quiz_poll
from bot.render.language import speaking
from bot.render.quiz import another
from bot.store import ScheduleBriefing, Store
from bot.study.quiz import Questions, seed_of
from bot.study.repetition import due_unanswered, next_keys

_BETWEEN = "\n"  # of the keys in a stored choice


@dataclass(frozen=True, slots=True)
class _Known:
    """What the questions of a chat follow from."""

    briefing: ScheduleBriefing
    cards: Mapping[str, QuizCard]
    size: int


class Quizzing:
    """Composes the questions of scheduled quizzes.

    `questions` gives those of the corpus in force.
    """

    def __init__(self, store: Store, questions: Callable[[], Questions]) -> None:
        self._store = store
        self._questions = questions

    async def prepare(self, claimed: Sequence[Delivery]) -> Compose:
        """Read at once what all of these depend on; what is returned composes each of them.

        What belongs to a schedule that is switched off is skipped; so is a question that has
        left the corpus. Raises StoreError.
        """
        briefings = await self._store.schedule_briefings([one.subject_id for one in claimed])
        quizzes = await self._store.quiz_briefings({one.chat.id for one in briefings.values()})
        known = {
            number: _Known(one, quizzes[one.chat.id].cards, quizzes[one.chat.id].size)
            for number, one in briefings.items()
        }
        now = await self._store.now()
        questions = self._questions()
        # Those of a corpus are made once, off the event loop.
        await asyncio.to_thread(questions.about)

        def compose(delivery: Delivery) -> Composed | Skip:
            of_it = known.get(delivery.subject_id)
            if of_it is None or not of_it.briefing.schedule.is_active:
                return Skip(SkipReason.UNSUBSCRIBED)
            chat = of_it.briefing.chat
            keys = tuple(filter(None, delivery.choice.section_reason.split(_BETWEEN)))
            keys = keys or next_keys(
                questions.about(),
                of_it.cards,
                now,
                seed=seed_of(chat.seed, delivery.local_on),
                count=of_it.size,
            )
            if delivery.part > len(keys):
                return Skip(Cause.NOTHING)
            seed = seed_of(chat.seed, delivery.local_on, delivery.part)
            question = questions.question(keys[delivery.part - 1], seed)
            if question is None:
                return Skip(Cause.NOTHING)
            with speaking(chat.language, chat.script):
                return self._composed(of_it, delivery, keys, questions, question, seed)

        return compose

    def _composed(
        self,
        known: _Known,
        delivery: Delivery,
        keys: Sequence[str],
        questions: Questions,
        question: QuizQuestion,
        seed: int,
    ) -> Composed | Skip:
        is_channel = known.briefing.chat.kind is ChatKind.CHANNEL
        poll = quiz_poll.poll(question, questions.corpus, is_anonymous=is_channel)
        if poll is None:
            return Skip(Cause.NOTHING)
        if len(keys) > 1:
            poll = quiz_poll.numbered(poll, delivery.part, len(keys))
        is_last = delivery.part == len(keys)
        part = Part("", another() if is_last else (), poll=_noted(poll, delivery))

        async def note(begun: Delivery, sent: Sent) -> None:
            if sent.poll_id:
                await self._keep(begun, sent, question, seed)

        choice = _choice(question, keys, questions)
        return Composed(part, len(keys), choice, note)

    async def _keep(
        self, delivery: Delivery, sent: Sent, question: QuizQuestion, seed: int
    ) -> None:
        """Have the store know the poll, so that answers to it count."""
        now = await self._store.now()
        quiz = Quiz(
            poll_id=sent.poll_id,
            chat_id=delivery.chat_id,
            message_id=sent.message_id,
            passage_id=question.passage_id,
            kind=question.kind,
            key=question.key,
            seed=seed,
            correct=question.correct,
            asked_at=now,
            thread_id=delivery.thread_id,
        )
        await self._store.save_quiz(quiz, due_unanswered(now))


def _noted(poll: QuizPoll, delivery: Delivery) -> QuizPoll:
    """With what must be said before the question."""
    if delivery.reason == Cause.TOPIC_GONE:
        poll = quiz_poll.moved_to_general(poll)
    if delivery.is_from_copy:
        poll = quiz_poll.may_have_been_sent(poll)
    elif delivery.may_be_duplicate:
        poll = quiz_poll.may_be_duplicate(poll)
    return poll


def _choice(question: QuizQuestion, keys: Sequence[str], questions: Questions) -> Choice:
    """What the row keeps: its own passage for `/why`, and the keys of all the day's questions."""
    is_reading = isinstance(questions.corpus.passage(question.passage_id), Reading)
    return Choice(
        quote_id="" if is_reading else question.passage_id,
        quote_reason=question.key,
        section_id=question.passage_id if is_reading else "",
        section_reason=_BETWEEN.join(keys),
    )
