"""A scene in which a quiz is due: what its tests, and those of faults, do and look at."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.delivery.plan import tick
from bot.delivery.quiz import Quizzing
from bot.delivery.worker import Worker
from bot.local.world import LocalChat, LocalMessage
from bot.model import ChatKind, DeliveryKind, Schedule, ScheduleKind
from bot.study import calendar
from bot.study.quiz import Questions
from tests.bot_api_server import Fault
from tests.delivery.conftest import MINUTE, SHANGHAI, Scene


def worker_of(scene: Scene) -> Worker:
    """A worker under a name of its own, that asks quizzes of the scene's corpus."""
    questions = Questions(scene.corpus)
    made = scene.worker()
    made._prepare = {DeliveryKind.QUIZ: Quizzing(scene.store, lambda: questions).prepare}
    return made


async def schedule(scene: Scene, chat: LocalChat, questions: int = 1, **wishes: Any) -> Schedule:
    """A quiz daily at 08:00 in Shanghai."""
    await scene.store.meet_chat(chat.id, ChatKind(str(chat.kind)), chat.title, SHANGHAI)
    await scene.store.save_quiz_size(chat.id, questions)
    now, at = scene.clock(), time(8)
    first_on = calendar.first_push_on(at, SHANGHAI, now)
    made = Schedule(chat.id, ScheduleKind.QUIZ, at, SHANGHAI, first_on, now)
    return await scene.store.save_schedule(calendar.rescheduled(replace(made, **wishes), now))


async def deliver(scene: Scene, worker: Worker | None = None) -> None:
    await tick(scene.store)
    await (worker or worker_of(scene)).drain()


async def ask(scene: Scene, chat: LocalChat) -> list[LocalMessage]:
    """The morning comes; the quizzes it brings."""
    scene.clock.move(15 * MINUTE)
    await deliver(scene)
    return polls(scene, chat)


async def die_while_sending(scene: Scene, working: Coroutine[Any, Any, object]) -> None:
    """Let it work until Telegram has the first quiz, and end it before the answer."""
    scene.server.latency_seconds = 60
    dying = asyncio.create_task(working)
    await scene.telegram.until(lambda: bool(scene.telegram.calls_of("sendPoll")))
    scene.server.latency_seconds = 0
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying


def polls(scene: Scene, chat: LocalChat) -> list[LocalMessage]:
    return [one for one in scene.telegram.sent(chat) if "poll" in one.extra]


def question(message: LocalMessage) -> str:
    return str(message.extra["poll"]["question"])


def fail(scene: Scene, *faults: Fault | None) -> None:
    """The next calls of sendPoll go wrong, one fault each; None lets one through."""
    script = list(faults)

    def next_fault(method: str, params: Mapping[str, Any], seen: int) -> Fault | None:
        return script.pop(0) if script and method == "sendPoll" else None

    scene.server.faults = next_fault
