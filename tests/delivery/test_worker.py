"""A push from the tick to the ledger's last word, over HTTP: the promise and the fault table."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bot.model import Cause, State
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, MORNING, Scene

LOSE_REPLY = Fault(FaultKind.LOSE_REPLY)


async def test_a_push_arrives_at_its_minute_and_not_before(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING - MINUTE
    await scene.push()
    assert scene.texts(group) == []
    scene.clock.at = MORNING
    await scene.push()
    (text,) = scene.texts(group)
    assert text.startswith("📖 每日一语 · 11月24日 星期二")
    row = await scene.row(group)
    assert (row.state, row.attempts, row.sent_at) == (State.SENT, 1, MORNING)
    assert row.message_id == scene.telegram.sent(group)[0].id
    assert row.choice.quote_id
