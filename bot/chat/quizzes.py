"""Quizzes: `/quiz`, the button for another question, and what people answer.

Here lives the asking, and the noting of answers: which question comes next is decided by
`study.repetition`, what it is by `study.quiz`, how it is worded by `render.quiz_poll`. Setting
the schedule is `chat.quiz_schedule`; its questions are sent by `delivery.quiz`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

from telegram import Update
from telegram.error import BadRequest

from bot.chat import quiz_schedule, replies
from bot.chat.context import Context
from bot.chat.rights import may_change
from bot.model import Chat, ChatKind, Quiz, QuizAnswer, QuizPoll, QuizTally
from bot.render import quiz as words
from bot.render import quiz_poll
from bot.render.callbacks import AskQuiz
from bot.render.language import _
from bot.search.text import fold
from bot.study.quiz import Questions, seed_of
from bot.study.quiz_words import is_schedule
from bot.study.repetition import due_unanswered, next_keys, reviewed

_log = logging.getLogger(__name__)

_RESULTS: Final = ("成绩", "成績", "结果", "結果", "战绩", "戰績", "result", "results")
_WEEK: Final = timedelta(days=7)
_SOME_TOPICS: Final = 12
_LONGEST_TOPIC: Final = 20  # characters
# Somebody may answer before the poll is stored: a moment later it is.
_LOOKS: Final = 3
_LOOK_AGAIN_SECONDS: Final = 1.0


async def quiz(update: Update, context: Context, text: str) -> None:
    """Ask a question, of a topic where one is named; or the result, or the schedule."""
    if text.casefold() in _RESULTS:
        await _show_results(update, context)
    elif quiz_schedule.is_stop(text):
        await quiz_schedule.stop(update, context)
    elif text and is_schedule(text):
        await quiz_schedule.set_up(update, context, text)
    else:
        await _ask(update, context, await context.meet(update), " ".join(text.split()))


def is_about_a_quiz(context: Context, text: str) -> bool:
    """True when what follows 测验 is nothing, one of the words above, or a topic there is."""
    return (
        not text
        or text.casefold() in _RESULTS
        or quiz_schedule.is_stop(text)
        or is_schedule(text)
        or bool(_about(context, text)[1])
    )


async def pressed(update: Update, context: Context, action: AskQuiz) -> None:
    """再来一题: once for each question, however many press it. In a channel administrators do."""
    chat = await context.meet(update)
    if chat.kind is ChatKind.CHANNEL and not await may_change(update, context):
        return
    message = update.effective_message
    assert message is not None, "a button stands under a message"
    if not await context.store.follow_quiz(chat.id, message.message_id):
        await replies.acknowledge(update, _(words.ASKED_ALREADY))
        return
    await replies.acknowledge(update)
    await _ask(update, context, chat, action.topic)


async def answered(update: Update, context: Context) -> None:
    """Note what somebody chose, and when the question is to come back.

    Polls that this bot does not know (of before it was set up anew, or whose id it died before
    learning) are passed over: an update names no chat, and two chats may be asked the same in
    the same words. So is who votes as a chat.
    """
    given = update.poll_answer
    assert given is not None, "registered for answers to polls only"
    if given.user is None or not given.option_ids:
        return
    answer = QuizAnswer(given.poll_id, given.user.id, given.option_ids[0], context.now())
    tally = await _noted(context, answer)
    if tally is None:
        _log.info("an answer to a poll that is not known")
        return
    chat = await context.store.chat(tally.quiz.chat_id)
    is_private = chat is not None and chat.kind is ChatKind.PRIVATE
    await context.store.review_quiz(tally, reviewed(tally, is_private=is_private))


async def _noted(context: Context, answer: QuizAnswer) -> QuizTally | None:
    for look in range(_LOOKS):
        if look:
            await context.services.sleep(_LOOK_AGAIN_SECONDS)
        tally = await context.store.answer_quiz(answer)
        if tally is not None:
            return tally
    return None


# ------------------------------------------------------------------------- asking


async def _ask(update: Update, context: Context, chat: Chat, topic: str) -> None:
    questions = context.questions
    # Those of a corpus are made once, off the event loop.
    await asyncio.to_thread(questions.about)
    topic, keys = _about(context, topic)
    if not keys:
        await replies.reply(update, context, words.no_question(topic, _topics(questions)))
        return
    now = context.now()
    seed = seed_of(chat.seed, update.update_id)
    cards = await context.store.quiz_cards(chat.id)
    (key,) = next_keys(keys, cards, now, seed=seed, count=1)
    question = questions.question(key, seed)
    assert question is not None, "its key was among those there are"
    is_channel = chat.kind is ChatKind.CHANNEL
    poll = quiz_poll.poll(question, questions.corpus, is_anonymous=is_channel)
    assert poll is not None, "its passage is in the corpus it was made from"
    try:
        sent = await replies.reply_with_poll(update, context, poll, words.another(topic))
    except BadRequest as error:
        _log.info("a quiz was refused: %s", error.message)
        await replies.reply(update, context, words.no_polls())
        return
    asked = Quiz(
        poll_id=sent.poll_id,
        chat_id=sent.chat_id,
        message_id=sent.message_id,
        passage_id=question.passage_id,
        kind=question.kind,
        key=key,
        seed=seed,
        correct=question.correct,
        asked_at=now,
        thread_id=replies.thread_of(update),
    )
    await context.store.save_quiz(asked, due_unanswered(now))


def _about(context: Context, topic: str) -> tuple[str, tuple[str, ...]]:
    """The topic as the corpus writes it, and the keys of questions about it; of none, no keys.

    As search does, it reads traditional characters, and other words for the same (AI).
    """
    if len(topic) > _LONGEST_TOPIC:
        return topic, ()
    questions = context.questions
    for name in dict.fromkeys((topic, fold(topic), *context.library.index.alike(topic))):
        if keys := questions.about(name):
            return name, keys
    return topic, ()


def _topics(questions: Questions) -> Sequence[str]:
    some = (topic for topic in questions.corpus.topics if questions.about(topic))
    return tuple(islice(some, _SOME_TOPICS))


# ------------------------------------------------------------------------ results


async def _show_results(update: Update, context: Context) -> None:
    chat = await context.meet(update)
    since = context.now() - _WEEK
    tallies = await context.store.quiz_tallies(chat.id, since)
    week = words.Week(
        tallies=tallies,
        people=await context.store.quiz_people(chat.id, since),
        hardest=_hardest(context.questions, tallies),
        is_private=chat.kind is ChatKind.PRIVATE,
    )
    await replies.reply(update, context, words.results(week))


def _hardest(
    questions: Questions, tallies: Sequence[QuizTally]
) -> tuple[QuizTally, QuizPoll] | None:
    """The question that the smallest share knew, as it was asked; None when all knew all."""
    missed = [one for one in tallies if one.right < one.answered]
    for tally in sorted(missed, key=lambda one: (one.share, -one.answered)):
        question = questions.question(tally.quiz.key, tally.quiz.seed)
        poll = quiz_poll.poll(question, questions.corpus) if question is not None else None
        if poll is not None:
            return tally, poll
    return None
