"""Answers go out at the pace that they share with everything that is due."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from telegram.error import Forbidden, RetryAfter
from telegram.ext import ExtBot

from bot.delivery.answers import AnswersInTurn
from bot.delivery.send import duration
from bot.delivery.transport import AiohttpRequest
from bot.local.world import LocalChat
from bot.model import Pace
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import Scene
from tests.store.test_pacing import most_in_a_second

AnsweringBot = ExtBot[None]

TOO_MANY = Fault(FaultKind.STATUS, status=429, parameters={"retry_after": 7})


@asynccontextmanager
async def answering_bot(scene: Scene, in_turn: AnswersInTurn) -> AsyncIterator[AnsweringBot]:
    async with AiohttpRequest() as request:
        yield ExtBot(
            scene.telegram.token,
            base_url=scene.server.base_url,
            request=request,
            rate_limiter=in_turn,
        )


@pytest.fixture
async def bot(scene: Scene) -> AsyncIterator[AnsweringBot]:
    """The bot that answers people, beside the one of the workers."""
    in_turn = AnswersInTurn(scene.store, Pace(), scene.clock.sleep)
    async with answering_bot(scene, in_turn) as made:
        yield made


def moments(scene: Scene) -> list[datetime]:
    """When Telegram is asked to send something from now on, on the scene's clock."""
    noted: list[datetime] = []

    def note(method: str, _params: object, _seen: int) -> None:
        if method == "sendMessage":
            noted.append(scene.clock())

    scene.server.faults = note
    return noted


async def answer(bot: AnsweringBot, chats: list[LocalChat]) -> None:
    await asyncio.gather(*(bot.send_message(chat.id, "找到一段") for chat in chats))


async def test_at_a_paid_pace_sixty_people_are_answered_within_what_is_free(scene: Scene) -> None:
    people = [scene.private() for _ in range(60)]
    noted = moments(scene)
    in_turn = AnswersInTurn(scene.store, Pace(overall_per_second=1000), scene.clock.sleep)
    async with answering_bot(scene, in_turn) as bot:
        await answer(bot, people)
    assert [scene.texts(person)[-1] for person in people] == ["找到一段"] * 60
    assert most_in_a_second(noted) <= 30


async def test_sixty_people_are_answered_at_once_without_a_429(
    scene: Scene, bot: AnsweringBot
) -> None:
    people = [scene.private() for _ in range(60)]
    asked_at, noted = scene.clock(), moments(scene)
    await answer(bot, people)
    assert [scene.texts(person)[-1] for person in people] == ["找到一段"] * 60
    assert most_in_a_second(noted) <= 30
    assert scene.clock() - asked_at < timedelta(seconds=2.5)


async def test_answers_and_pushes_together_are_no_more_than_thirty_a_second(
    scene: Scene, bot: AnsweringBot
) -> None:
    pushed, people = ([scene.private() for _ in range(40)] for _ in range(2))
    for chat in pushed:
        await scene.subscribe(chat)
    scene.clock.advance(minutes=15)
    noted = moments(scene)
    await asyncio.gather(scene.push(), answer(bot, people))
    assert len(noted) == 80
    assert most_in_a_second(noted) <= 30


async def test_before_a_push_asks_for_a_turn_answers_go_first(scene: Scene) -> None:
    await scene.subscribe(scene.private())
    scene.clock.advance(minutes=15)
    sent_before: list[int] = []

    async def first() -> None:
        sent_before.append(len(scene.server.accepted))

    await scene.push(scene.worker(answers_first=first))
    assert (sent_before, len(scene.server.accepted)) == ([0], 1)


@dataclass
class Held:
    """Whoever sleeps by this is held until let go."""

    asleep: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, _seconds: float) -> None:
        self.asleep.set()
        await self.let_go.wait()


async def test_the_way_is_free_when_the_last_answer_has_its_turn(scene: Scene) -> None:
    held = Held()
    in_turn = AnswersInTurn(scene.store, Pace(), held.sleep, precedence=timedelta(hours=1))
    await in_turn.first()
    await scene.store.pause(scene.clock() + timedelta(seconds=2))
    async with answering_bot(scene, in_turn) as bot:
        answering = asyncio.create_task(answer(bot, [scene.private()]))
        await held.asleep.wait()
        free = asyncio.create_task(in_turn.first())
        await scene.store.now()
        assert not free.done()
        scene.clock.advance(seconds=2)
        held.let_go.set()
        await free
        await answering


async def test_answers_that_wait_for_ever_do_not_hold_up_what_is_due_for_ever(
    scene: Scene,
) -> None:
    held = Held()
    in_turn = AnswersInTurn(scene.store, Pace(), held.sleep, precedence=timedelta(seconds=0.01))
    await scene.store.pause(scene.clock() + timedelta(seconds=2))
    async with answering_bot(scene, in_turn) as bot:
        answering = asyncio.create_task(answer(bot, [scene.private()]))
        await held.asleep.wait()
        await in_turn.first()
        assert not answering.done()
        scene.clock.advance(seconds=2)
        held.let_go.set()
        await answering


async def test_the_second_half_of_an_answer_does_not_wait_for_the_pace_of_its_chat(
    scene: Scene, bot: AnsweringBot
) -> None:
    group, asked_at = scene.group(), scene.clock()
    for half in ("上", "下"):
        await bot.send_message(group.id, half)
    assert scene.clock() - asked_at < timedelta(seconds=0.1)


async def test_an_answer_waits_while_telegram_wants_a_pause_of_everybody(
    scene: Scene, bot: AnsweringBot
) -> None:
    until = scene.clock() + timedelta(seconds=2)
    await scene.store.pause(until)
    noted = moments(scene)
    await answer(bot, [scene.private()])
    assert until <= noted[0] < until + timedelta(seconds=0.1)


async def test_after_eleven_seconds_an_answer_goes_without_a_turn(
    scene: Scene, bot: AnsweringBot
) -> None:
    asked_at, noted = scene.clock(), moments(scene)
    await scene.store.pause(asked_at + timedelta(hours=1))
    await answer(bot, [scene.private()])
    assert noted == [asked_at + timedelta(seconds=11)]


async def test_what_is_no_message_waits_for_nothing(scene: Scene, bot: AnsweringBot) -> None:
    asked_at, person = scene.clock(), scene.private()
    message = await bot.send_message(person.id, "第 1 页")
    await scene.store.pause(asked_at + timedelta(hours=1))
    await bot.edit_message_text("第 2 页", person.id, message.message_id)
    await bot.send_chat_action(person.id, "typing")
    assert scene.clock() == asked_at


async def test_a_429_for_an_answer_holds_up_what_is_due_to_that_chat_alone(
    scene: Scene, bot: AnsweringBot
) -> None:
    lively, quiet = scene.group(), scene.group()
    for group in (lively, quiet):
        await scene.subscribe(group)
    scene.clock.advance(minutes=15)
    answered_at = scene.clock()
    scene.fail(TOO_MANY)
    with pytest.raises(RetryAfter):
        await bot.send_message(lively.id, "找到一段")
    noted = moments(scene)
    await scene.push()
    assert (len(scene.texts(quiet)), len(scene.texts(lively))) == (1, 0)
    scene.clock.at = answered_at + timedelta(seconds=7)
    await scene.push()
    assert len(scene.texts(lively)) == 1
    assert noted[-1] == answered_at + timedelta(seconds=7)


async def test_a_short_pause_wanted_of_an_answer_to_a_person_holds_up_what_is_due_to_all(
    scene: Scene, bot: AnsweringBot
) -> None:
    asking, quiet = scene.private(), scene.group()
    await scene.subscribe(quiet)
    scene.clock.advance(minutes=15)
    answered_at = scene.clock()
    scene.fail(TOO_MANY)
    with pytest.raises(RetryAfter):
        await bot.send_message(asking.id, "找到一段")
    noted = moments(scene)
    await scene.push()
    scene.clock.at = max(scene.clock.at, answered_at + timedelta(seconds=7))
    await scene.push()
    assert len(scene.texts(quiet)) == 1
    assert noted[0] >= answered_at + timedelta(seconds=7)


async def test_while_telegram_wants_a_pause_of_a_chat_nothing_is_asked_of_it(
    scene: Scene, bot: AnsweringBot
) -> None:
    lively, quiet = scene.group(), scene.group()
    scene.fail(TOO_MANY)
    with pytest.raises(RetryAfter):
        await bot.send_message(lively.id, "找到一段")
    scene.clock.advance(seconds=3)
    asked = scene.server.seen
    with pytest.raises(RetryAfter) as error:
        await bot.send_message(lively.id, "找到一段")
    assert (duration(error.value.retry_after), scene.server.seen) == (timedelta(seconds=4), asked)
    await bot.send_message(quiet.id, "找到一段")
    scene.clock.advance(seconds=4)
    await bot.send_message(lively.id, "找到一段")
    assert (scene.texts(lively), scene.texts(quiet)) == (["找到一段"], ["找到一段"])


async def test_who_comes_a_little_before_the_end_of_a_pause_waits_for_it(
    scene: Scene, bot: AnsweringBot
) -> None:
    group, until = scene.group(), scene.clock() + timedelta(seconds=0.3)
    await scene.store.pause(until, group.id)
    noted = moments(scene)
    await bot.send_message(group.id, "找到一段")
    assert noted == [until]


async def test_an_answer_that_telegram_refuses_gives_its_turn_back(
    scene: Scene, bot: AnsweringBot
) -> None:
    stranger = scene.telegram.private(scene.telegram.user("陌生人"))
    for _ in range(35):
        with pytest.raises(Forbidden):
            await bot.send_message(stranger.id, "你好")
    scene.clock.advance(seconds=1.1)
    asked_at, noted = scene.clock(), moments(scene)
    await answer(bot, [scene.private()])
    assert noted == [asked_at]


async def test_an_answer_goes_out_while_the_database_is_away(
    scene: Scene, bot: AnsweringBot
) -> None:
    person = scene.private()
    await scene.store.close()
    await answer(bot, [person])
    assert scene.texts(person) == ["找到一段"]
