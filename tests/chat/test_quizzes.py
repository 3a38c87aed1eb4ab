"""`/quiz`: a question at once, who answered what, and what was missed comes back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.local.world import LocalChat, LocalMessage, LocalUser
from bot.model import ChatKind, Corpus, Quiz, QuizCard, ScheduleKind
from bot.search.index import open_index
from bot.search.synonyms import load_synonyms
from tests.chat.conftest import NOON, Talk
from tests.conftest import ROOT
from tests.pressing import labels

WEEK = timedelta(days=7)


def poll_of(message: LocalMessage) -> dict[str, Any]:
    poll: dict[str, Any] = message.extra["poll"]
    return poll


def right(message: LocalMessage) -> int:
    (correct,) = poll_of(message)["correct_option_ids"]
    return int(correct)


def wrong(message: LocalMessage) -> int:
    return (right(message) + 1) % len(poll_of(message)["options"])


async def vote(talk: Talk, message: LocalMessage, option: int, by: LocalUser | None = None) -> None:
    talk.telegram.vote(message.chat, message.id, option, by or talk.xiaowang)
    await talk.settle()


async def cards(talk: Talk, chat: LocalChat) -> dict[str, QuizCard]:
    return dict(await talk.store.quiz_cards(chat.id))


async def key_of(talk: Talk, message: LocalMessage) -> str:
    """What the question of this message asks."""
    return (await quiz_of(talk, message)).key


async def quiz_of(talk: Talk, message: LocalMessage) -> Quiz:
    tallies = await talk.store.quiz_tallies(message.chat.id, NOON - WEEK)
    (found,) = [one.quiz for one in tallies if one.quiz.message_id == message.id]
    return found


# ------------------------------------------------------------------------- asking


@pytest.mark.parametrize("words", ["/quiz", "测验", "测一测", "出题", "測驗"])
async def test_a_quiz_is_asked_at_once(talk: Talk, words: str) -> None:
    asked = await talk.answer(words)

    poll = poll_of(asked)
    assert poll["type"] == "quiz"
    assert poll["is_anonymous"] is False
    assert 3 <= len(poll["options"]) <= 4
    assert "——" in poll["explanation"]
    assert labels(asked) == ["再来一题"]


async def test_a_question_of_a_topic_is_about_it(talk: Talk, corpus: Corpus) -> None:
    for _time in range(4):
        asked = await talk.answer("/quiz 量子科技")
        passage = corpus.passage((await quiz_of(talk, asked)).passage_id)
        assert passage is not None
        assert "量子科技" in passage.text or "量子科技" in getattr(passage, "topics", ())


async def test_a_topic_that_there_is_none_of_is_refused_with_some_that_there_are(
    talk: Talk,
) -> None:
    said = await talk.answer("/quiz 足球")

    assert "关于“足球”出不了题" in said.text
    assert "/quiz " in said.text
    assert "人工智能" in said.text


@pytest.mark.parametrize("topic", ["數字經濟", "５Ｇ", "5g"])
async def test_a_topic_is_understood_as_search_would(talk: Talk, topic: str) -> None:
    asked = await talk.answer(f"/quiz {topic}")

    assert "poll" in asked.extra


async def test_another_word_for_a_topic_is_that_topic(
    talk: Talk, corpus: Corpus, tmp_path: Path
) -> None:
    synonyms = load_synonyms(ROOT / "config" / "synonyms.yaml")
    index = open_index(corpus, tmp_path / "index", synonyms)
    services = talk.application.bot_data["services"]
    object.__setattr__(services, "library", lambda: (corpus, index))

    asked = await talk.answer("/quiz 人工智慧")

    assert "人工智能" in str(asked.extra["poll"])
    assert [one["callback_data"] for one in asked.buttons] == ["Q:人工智能"]


async def test_words_after_the_word_that_are_no_topic_are_a_query(talk: Talk) -> None:
    (said,) = await talk.say("测验 足球比赛")

    assert "poll" not in said.extra


async def test_another_question_is_asked_once_however_many_press(talk: Talk) -> None:
    group = await talk.group()
    asked = await talk.answer("/quiz", group)

    following = await talk.press(asked, "再来一题", talk.member)
    again = await talk.only_press(asked, "再来一题")

    assert len(following) == 1
    assert poll_of(following[0])["question"] != poll_of(asked)["question"]
    assert talk.notice(again) == "下一题已经出了，看下面"
    assert len([one for one in talk.telegram.sent(group) if "poll" in one.extra]) == 2


async def test_the_button_of_a_topic_keeps_to_it(talk: Talk, corpus: Corpus) -> None:
    asked = await talk.answer("/quiz 脑机接口")

    (following,) = await talk.press(asked, "再来一题")

    passage = corpus.passage((await quiz_of(talk, following)).passage_id)
    assert passage is not None
    assert "脑机接口" in passage.text


async def test_in_a_topic_of_a_forum_it_is_asked_there(talk: Talk) -> None:
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "测验", talk.xiaowang)

    asked = await talk.answer("/quiz", forum, thread_id=thread)

    assert asked.thread_id == thread
    assert (await quiz_of(talk, asked)).thread_id == thread


async def test_a_channel_gets_an_anonymous_quiz(talk: Talk) -> None:
    channel = talk.telegram.channel("频道", talk.xiaowang)
    talk.telegram.add_bot(channel, talk.xiaowang)
    await talk.settle()

    await talk.say("/quiz", channel)

    # What the bot posts in a channel is by the channel, so all posts are looked at.
    assert poll_of(talk.telegram.messages(channel)[-1])["is_anonymous"] is True


async def test_where_polls_are_not_allowed_that_is_said(talk: Talk) -> None:
    group = await talk.group()
    group.has_no_polls = True

    said = await talk.answer("/quiz", group)

    assert "这里不让我发投票" in said.text
    assert "/quiz" in said.text


# ----------------------------------------------------------------------- answering


async def test_an_answer_is_noted_once(talk: Talk) -> None:
    asked = await talk.answer("/quiz")
    talk.telegram.vote(asked.chat, asked.id, right(asked), talk.xiaowang)
    updates = await talk.application.bot.get_updates(timeout=0, allowed_updates=["poll_answer"])

    for update in (*updates, *updates):
        await talk.application.process_update(update)

    (tally,) = await talk.store.quiz_tallies(asked.chat.id, NOON - WEEK)
    assert (tally.answered, tally.right) == (1, 1)


async def test_fifty_members_answer_at_once(talk: Talk) -> None:
    group = await talk.group()
    asked = await talk.answer("/quiz", group)
    members = [talk.telegram.user(f"组员{number}") for number in range(50)]
    for number, member in enumerate(members):
        talk.telegram.join(group, member)
        option = right(asked) if number < 30 else wrong(asked)
        talk.telegram.vote(group, asked.id, option, member)
    updates = [Update.de_json(one, talk.application.bot) for one in talk.telegram.updates.collect()]

    await asyncio.gather(*(talk.application.process_update(one) for one in updates))

    (tally,) = await talk.store.quiz_tallies(group.id, NOON - WEEK)
    (card,) = (await cards(talk, group)).values()
    assert (tally.answered, tally.right) == (50, 30)
    assert card.due_at >= NOON + timedelta(days=1)
    assert card.card


async def test_a_whole_group_answers_within_the_limits_of_asking(talk: Talk) -> None:
    services = talk.application.bot_data["services"]
    services.limits.person_per_minute = services.limits.chat_per_minute = 2
    group = await talk.group()
    asked = await talk.answer("/quiz", group)

    for number in range(10):
        member = talk.telegram.user(f"组员{number}")
        talk.telegram.join(group, member)
        await vote(talk, asked, right(asked), member)

    (tally,) = await talk.store.quiz_tallies(group.id, NOON - WEEK)
    assert tally.answered == 10


async def test_an_answer_to_an_unknown_poll_is_passed_over(talk: Talk) -> None:
    asked = await talk.answer("/quiz")
    await talk.store.forget_person(talk.xiaowang.id)

    await vote(talk, asked, right(asked))

    assert await talk.store.quiz_tallies(asked.chat.id, NOON - WEEK) == ()
    assert talk.telegram.sent(asked.chat)[-1] is asked


async def test_an_answer_that_comes_before_the_poll_is_stored_counts(talk: Talk) -> None:
    asked = await talk.answer("/quiz")
    quiz = await quiz_of(talk, asked)
    await talk.store.forget_person(talk.xiaowang.id)
    looks: list[datetime] = []

    async def store_meanwhile(_seconds: float) -> None:
        looks.append(talk.clock())
        await talk.store.meet_chat(quiz.chat_id, ChatKind.PRIVATE, "小王", "Asia/Shanghai")
        await talk.store.save_quiz(quiz, NOON)

    object.__setattr__(talk.application.bot_data["services"], "sleep", store_meanwhile)
    await vote(talk, asked, right(asked))

    (tally,) = await talk.store.quiz_tallies(quiz.chat_id, NOON - WEEK)
    assert (len(looks), tally.answered) == (1, 1)


# ---------------------------------------------------------------------- coming back


async def test_what_a_person_missed_comes_back_first_when_it_is_due(talk: Talk) -> None:
    missed = await talk.answer("/quiz")
    await vote(talk, missed, wrong(missed))
    known = await talk.answer("/quiz")
    await vote(talk, known, right(known))

    talk.clock.move(timedelta(minutes=9))
    early = await talk.answer("/quiz")
    talk.clock.move(timedelta(minutes=1))
    back = await talk.answer("/quiz")

    assert await key_of(talk, early) not in (
        await key_of(talk, missed),
        await key_of(talk, known),
    )
    assert await key_of(talk, back) == await key_of(talk, missed)


async def test_what_a_group_missed_comes_back_after_days(talk: Talk) -> None:
    group = await talk.group()
    missed = await talk.answer("/quiz", group)
    for member in (talk.xiaowang, talk.member):
        await vote(talk, missed, wrong(missed), member)
    key = await key_of(talk, missed)
    due_at = (await cards(talk, group))[key].due_at

    talk.clock.at = due_at - timedelta(seconds=1)
    before = await key_of(talk, await talk.answer("/quiz", group))
    talk.clock.at = due_at
    after = await key_of(talk, await talk.answer("/quiz", group))

    assert before != key
    assert after == key


async def test_knowing_it_the_second_time_puts_it_off(talk: Talk) -> None:
    missed = await talk.answer("/quiz")
    await vote(talk, missed, wrong(missed))
    talk.clock.move(timedelta(minutes=10))
    back = await talk.answer("/quiz")
    await vote(talk, back, right(back))

    (card,) = [one for one in (await cards(talk, talk.private)).values() if one.card]
    assert card.due_at > talk.clock() + timedelta(hours=12)


async def test_a_group_and_a_person_learn_apart(talk: Talk) -> None:
    group = await talk.group()
    asked = await talk.answer("/quiz", group)
    await vote(talk, asked, wrong(asked))

    assert await cards(talk, talk.private) == {}


# ------------------------------------------------------------------------- results


async def test_the_result_of_a_group_names_nobody(talk: Talk) -> None:
    group = await talk.group()
    easy = await talk.answer("/quiz", group)
    hard = await talk.answer("/quiz", group)
    for member in (talk.xiaowang, talk.member):
        await vote(talk, easy, right(easy), member)
    await vote(talk, hard, wrong(hard), talk.xiaowang)
    await vote(talk, hard, right(hard), talk.member)

    said = await talk.answer("/quiz 成绩", group)

    assert "出了 2 道题" in said.text
    assert "2 人参加，一共作答 4 次，答对 3 次（75%）" in said.text
    assert "（2 人答，1 人没答上）" in said.text
    assert poll_of(hard)["options"][right(hard)]["text"] in said.text
    assert not any(name in said.text for name in ("小王", "小李"))


async def test_a_result_is_of_the_last_seven_days(talk: Talk) -> None:
    asked = await talk.answer("/quiz")
    await vote(talk, asked, right(asked))
    talk.clock.move(timedelta(days=8))

    said = await talk.answer("/quiz 成绩")

    assert "还没有出过题" in said.text


async def test_a_person_alone_is_told_the_own_result(talk: Talk) -> None:
    asked = await talk.answer("/quiz")
    await vote(talk, asked, right(asked))

    said = await talk.answer("测验 成绩")

    assert "你答了 1 道，答对 1 道" in said.text


# ------------------------------------------------------------------------ the schedule


async def test_a_weekly_quiz_is_read_back(talk: Talk) -> None:
    group = await talk.group()

    said = await talk.answer("/quiz 每周五 20:00 3题", group)

    assert "周五 20:00 出 3 道题" in said.text
    assert "下一次：11月27日" in said.text
    schedule = await talk.store.schedule(group.id, ScheduleKind.QUIZ)
    assert schedule is not None
    assert schedule.is_active
    assert await talk.store.quiz_size(group.id) == 3


async def test_only_administrators_set_the_schedule(talk: Talk) -> None:
    group = await talk.group()

    for words in ("/quiz 每周五 20:00 3题", "/quiz 停"):
        said = await talk.answer(words, group, by=talk.member)
        assert "管理员" in said.text

    assert await talk.store.schedule(group.id, ScheduleKind.QUIZ) is None


async def test_one_thing_alone_can_be_changed(talk: Talk) -> None:
    await talk.say("/quiz 每周五 20:00 3题")

    said = await talk.answer("/quiz 5题")

    assert "周五 20:00 出 5 道题" in said.text


async def test_a_schedule_is_stopped_and_that_is_idempotent(talk: Talk) -> None:
    await talk.say("/quiz 工作日 12:30")

    assert "已停掉" in (await talk.answer("/quiz 停")).text
    assert "本来就没有" in (await talk.answer("/quiz 停")).text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("/quiz 20:00 3题", "没有说哪一天"),
        ("/quiz 每周五 25:00", "/quiz 每周五 20:00 3题"),
        ("/quiz 每周五 20:00 50题", "一次可以出1到10题"),
        ("/quiz 每周五 20:00 讲笑话", "没看懂“每周五 讲笑话”"),
    ],
)
async def test_a_schedule_that_is_not_understood_is_refused_with_an_example(
    talk: Talk, words: str, why: str
) -> None:
    said = await talk.answer(words)

    assert why in said.text
    assert await talk.store.schedule(said.chat.id, ScheduleKind.QUIZ) is None


# --------------------------------------------------------------- what is kept, and moves


async def test_a_person_is_forgotten_with_every_answer(talk: Talk) -> None:
    group = await talk.group()
    asked = await talk.answer("/quiz", group)
    await vote(talk, asked, right(asked), talk.member)

    forgetting = await talk.answer("/forget", group, by=talk.member)
    assert "测验" in forgetting.text
    await talk.press(forgetting, "确定，忘记我", talk.member)

    (tally,) = await talk.store.quiz_tallies(group.id, NOON - WEEK)
    assert tally.answered == 0


async def test_quizzes_move_with_a_group(talk: Talk) -> None:
    group = talk.telegram.group("学习组", talk.xiaowang, [talk.member])
    talk.telegram.add_bot(group, talk.xiaowang)
    await talk.settle()
    asked = await talk.answer("/quiz", group)
    await vote(talk, asked, wrong(asked))
    await talk.say("/quiz 每周五 20:00 4题", group)

    moved = talk.telegram.migrate(group, talk.xiaowang)
    await talk.settle()

    (tally,) = await talk.store.quiz_tallies(moved.id, NOON - WEEK)
    assert tally.answered == 1
    assert list(await talk.store.quiz_cards(moved.id)) == [tally.quiz.key]
    assert await talk.store.quiz_size(moved.id) == 4
