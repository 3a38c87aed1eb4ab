"""Quizzes under the same faults as pushes: none is lost, and what comes twice says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.plan import tick
from bot.delivery.worker import LEASE
from bot.errors import StoreError
from bot.model import Quiz, State
from tests.bot_api_server import Fault
from tests.delivery.conftest import MINUTE, Scene
from tests.delivery.quizzing import (
    ask,
    deliver,
    die_while_sending,
    fail,
    polls,
    question,
    schedule,
    worker_of,
)
from tests.faults.conftest import ACTED, status

WEEK = timedelta(days=7)


@pytest.mark.parametrize("fault", ACTED, ids=lambda fault: fault.kind)
async def test_what_is_in_doubt_is_asked_once_more_silently_and_marked(
    anywhere: Scene, fault: Fault
) -> None:
    scene, group = anywhere, anywhere.group()
    await schedule(scene, group)
    fail(scene, fault)

    await ask(scene, group)
    scene.clock.move(MINUTE)
    await deliver(scene)
    await deliver(scene)

    first, again = polls(scene, group)
    assert (first.is_silent, again.is_silent) == (False, True)
    assert question(again) == f"（网络不稳，这题可能与刚才的重复）\n{question(first)}"


async def test_when_workers_die_every_question_comes_and_only_the_one_in_flight_twice(
    anywhere: Scene,
) -> None:
    scene, group = anywhere, anywhere.group()
    await schedule(scene, group, 3)
    scene.clock.move(15 * MINUTE)
    await tick(scene.store)
    await die_while_sending(scene, worker_of(scene).drain())

    scene.clock.move(LEASE + MINUTE)
    await deliver(scene)

    numbers = [question(one).split("\n")[-3] for one in polls(scene, group)]
    assert numbers == ["测验 1/3", "测验 1/3", "测验 2/3", "测验 3/3"]
    assert {row.state for row in await scene.rows(group)} == {State.SENT}
    tallies = await scene.store.quiz_tallies(group.id, scene.clock() - WEEK)
    assert len({one.quiz.key for one in tallies}) == 3


async def test_a_pause_that_telegram_asks_for_is_kept_and_nothing_is_lost(anywhere: Scene) -> None:
    scene, group = anywhere, anywhere.group()
    await schedule(scene, group, 2)
    fail(scene, status(429, "Too Many Requests: retry after 20", retry_after=20))

    await ask(scene, group)
    scene.clock.move(timedelta(seconds=30))
    await deliver(scene)

    assert len(polls(scene, group)) == 2


async def test_a_quiz_that_could_not_be_noted_is_in_doubt_and_answers_to_the_next_count(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = scene.group()
    await schedule(scene, group)

    async def away(_quiz: Quiz, _due_at: object) -> None:
        raise StoreError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(scene.store, "save_quiz", away)
        with pytest.raises(StoreError):
            await ask(scene, group)
    scene.clock.move(LEASE + MINUTE)
    await deliver(scene)

    first, again = polls(scene, group)
    assert question(again).endswith(question(first))
    (tally,) = await scene.store.quiz_tallies(group.id, scene.clock() - WEEK)
    assert tally.quiz.message_id == again.id
