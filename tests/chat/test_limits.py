"""Limits: who asks too much is told so once, and not answered until it is calmer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.context import Services, install
from bot.chat.limits import Limits, Verdict
from bot.local.world import LocalChat
from bot.model import Answer
from bot.render import help as wording
from tests.chat.conftest import NOON, Talk

PERSON, OTHER, GROUP = 7, 8, -1001
TOO_MANY: Answer = wording.too_many()


def limit(talk: Talk, limits: Limits) -> None:
    """Have the bot of this conversation keep these limits."""
    services = talk.application.bot_data["services"]
    assert isinstance(services, Services)
    install(talk.application, replace(services, limits=limits))


# ---------------------------------------------------------------------- as people meet it


async def test_who_asks_too_much_is_told_once_and_then_met_with_silence(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=3))
    for _ in range(3):
        assert "🔎" in (await talk.answer("因地制宜")).text
    assert (await talk.answer("因地制宜")).text == TOO_MANY.text
    assert await talk.say("因地制宜") == []


async def test_after_a_while_questions_are_answered_again(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=2))
    for _ in range(4):
        await talk.say("因地制宜")
    talk.clock.move(timedelta(seconds=31))
    assert "🔎" in (await talk.answer("因地制宜")).text


async def test_one_who_asks_too_much_keeps_no_other_from_asking(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=1, chat_per_minute=10))
    group = await talk.group()
    for _ in range(3):
        await talk.say("/search 因地制宜", group)
    assert "🔎" in (await talk.answer("/search 因地制宜", group, talk.member)).text


async def test_a_group_has_a_limit_of_all_its_members_together(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=10, chat_per_minute=2))
    group = await talk.group()
    await talk.say("/search 因地制宜", group)
    await talk.say("/search 因地制宜", group, talk.member)
    assert (await talk.answer("/search 因地制宜", group)).text == TOO_MANY.text
    assert await talk.say("/search 因地制宜", group, talk.member) == []
    assert "🔎" in (await talk.answer("因地制宜")).text


async def test_what_people_say_to_each_other_is_not_counted(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=1))
    group = await talk.group()
    for _ in range(5):
        assert await talk.say("大家早上好", group) == []
    assert "🔎" in (await talk.answer("/search 因地制宜", group)).text


async def test_presses_count_and_the_notice_says_so_once(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=2))
    hello = await talk.answer("/start")
    label = hello.buttons[0]["text"]
    await talk.press(hello, label)
    first = await talk.only_press(hello, label)
    second = await talk.only_press(hello, label)
    assert talk.notice(first) == wording.TOO_MANY_PRESSES
    assert talk.notice(second) == ""


async def test_the_owner_may_ask_as_much_as_they_like(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=1, owner_id=talk.xiaowang.id))
    for _ in range(5):
        assert "🔎" in (await talk.answer("因地制宜")).text


async def send_file(talk: Talk, chat: LocalChat, caption: str) -> None:
    talk.telegram.send_file(chat, talk.xiaowang, "export.json", b"{}", caption=caption)
    await talk.settle()


async def send_photo(talk: Talk) -> None:
    size = {"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}
    sender = talk.xiaowang
    message = talk.telegram.new_message(talk.private, sender=sender, extra={"photo": [size]})
    talk.telegram.updates.add("message", message.json())
    await talk.settle()


@pytest.mark.parametrize("caption", ["/import", "导入"])
@pytest.mark.parametrize("is_private", [True, False])
async def test_a_file_to_take_in_counts_and_beyond_the_limit_is_not_downloaded(
    talk: Talk, caption: str, is_private: bool
) -> None:
    limit(talk, Limits(person_per_minute=3))
    talk.telegram.has_privacy_mode = False
    chat = talk.private if is_private else await talk.group()
    before = len(talk.telegram.sent(chat))
    for _ in range(10):
        await send_file(talk, chat, caption)
    assert len(talk.telegram.calls_of("getFile")) == 3
    said = talk.telegram.sent(chat)[before:]
    assert len(said) == 4
    assert said[-1].text == TOO_MANY.text


async def test_a_picture_in_private_counts_like_a_question(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=3))
    await talk.answer("/start")
    for _ in range(5):
        await send_photo(talk)
    answers = [one.text for one in talk.telegram.sent(talk.private)]
    assert len(answers) == 4
    assert answers[3] == TOO_MANY.text


async def test_a_file_in_private_counts_whatever_it_is_called(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=2))
    for _ in range(5):
        await send_file(talk, talk.private, "")
    answers = [one.text for one in talk.telegram.sent(talk.private)]
    assert len(answers) == 3
    assert answers[2] == TOO_MANY.text


async def test_files_that_people_in_a_group_send_each_other_are_not_counted(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=1))
    talk.telegram.has_privacy_mode = False
    group = await talk.group()
    for _ in range(3):
        await send_file(talk, group, "本周的材料")
    assert "🔎" in (await talk.answer("/search 因地制宜", group)).text


async def test_what_telegram_says_of_a_private_chat_is_not_counted(talk: Talk) -> None:
    limit(talk, Limits(person_per_minute=1))
    for _ in range(3):
        told = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}
        timer = talk.telegram.new_message(talk.private, sender=talk.xiaowang, extra=told)
        talk.telegram.updates.add("message", timer.json())
    await talk.settle()
    assert "🔎" in (await talk.answer("因地制宜")).text


# --------------------------------------------------------------------------- the buckets


def test_zero_is_no_limit() -> None:
    limits = Limits()
    assert {limits.judge(PERSON, GROUP, NOON) for _ in range(1000)} == {Verdict.ANSWER}


def test_a_private_chat_counts_once_as_its_person() -> None:
    limits = Limits(person_per_minute=2, chat_per_minute=1)
    assert [limits.judge(PERSON, PERSON, NOON) for _ in range(2)] == [Verdict.ANSWER] * 2


def test_what_is_refused_for_one_bucket_is_taken_from_neither() -> None:
    limits = Limits(person_per_minute=5, chat_per_minute=2)
    for _ in range(2):
        limits.judge(PERSON, GROUP, NOON)
    for _ in range(10):
        assert limits.judge(PERSON, GROUP, NOON) is not Verdict.ANSWER
    assert [limits.judge(PERSON, PERSON, NOON) for _ in range(3)] == [Verdict.ANSWER] * 3


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    limits = Limits(person_per_minute=2)
    limits.judge(PERSON, None, NOON)
    earlier = NOON - timedelta(hours=1)
    assert limits.judge(PERSON, None, earlier) is Verdict.ANSWER
    assert limits.judge(PERSON, None, earlier) is Verdict.SAY_SO


def test_the_memory_of_many_people_is_bounded() -> None:
    limits = Limits(person_per_minute=5)
    for number in range(25_000):
        limits.judge(number + 1, None, NOON + timedelta(milliseconds=10 * number))
    assert len(limits._buckets) <= 10_001


@given(
    most=st.integers(1, 30),
    pauses=st.lists(st.floats(0, 30), min_size=1, max_size=200),
)
def test_in_any_minute_no_more_is_answered_than_twice_the_limit(
    most: int, pauses: list[float]
) -> None:
    """A full bucket, and what came into it meanwhile."""
    limits = Limits(person_per_minute=most)
    now, answered = NOON, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if limits.judge(PERSON, None, now) is Verdict.ANSWER:
            answered.append(now)
    for start in answered:
        within = [at for at in answered if start <= at < start + timedelta(minutes=1)]
        assert len(within) <= 2 * most


@pytest.mark.parametrize("asked_every", [0.0, 1.0])
def test_whoever_goes_on_asking_is_told_at_most_once_in_a_quarter_of_a_minute(
    asked_every: float,
) -> None:
    limits = Limits(person_per_minute=20)
    told = [
        number
        for number in range(120)
        if limits.judge(PERSON, None, NOON + timedelta(seconds=asked_every * number))
        is Verdict.SAY_SO
    ]
    assert told
    gaps = [(later - earlier) * asked_every for earlier, later in pairwise(told)]
    assert all(gap >= 15 for gap in gaps)
