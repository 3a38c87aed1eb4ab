"""What a reading plan sends: which part, to whom, in which words; and what it does not send."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from random import Random
from typing import Any

import pytest

from bot.delivery.parts import Parts
from bot.delivery.plan import tick
from bot.delivery.worker import Worker
from bot.local.world import LocalChat
from bot.model import (
    Cause,
    Chat,
    ChatKind,
    Delivery,
    DeliveryKind,
    Language,
    Member,
    Pace,
    PlanState,
    ReadingPlan,
    SkipReason,
    State,
)
from bot.study import reading_plan
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MORNING, SHANGHAI, Scene

DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
PARTS = (("a-2026-04-02.0", "a-2026-04-02.1"), ("a-2026-04-02.2",), ("a-2026-04-03.0",))


@pytest.fixture
def worker(scene: Scene) -> Worker:
    async def tell_owner(text: str) -> None:
        scene.told.append(text)

    return Worker(
        scene.store,
        scene.bot,
        {DeliveryKind.PART: Parts(scene.store, lambda: scene.corpus).prepare},
        owner="reading",
        pace=Pace(),
        tell_owner=tell_owner,
        random=Random(1),
        sleep=scene.clock.sleep,
    )


async def read(scene: Scene, chat: LocalChat, **wishes: Any) -> ReadingPlan:
    """A plan that the chat has begun: three parts from Tuesday on, at 08:00 in Shanghai."""
    await scene.store.meet_chat(chat.id, ChatKind(str(chat.kind)), chat.title, SHANGHAI)
    made = ReadingPlan(
        chat_id=chat.id,
        title="书",
        parts=PARTS,
        weeks=1,
        at=time(8),
        starts_on=TUESDAY,
        edited_at=scene.clock(),
    )
    draft = await scene.store.save_reading_plan(replace(made, **wishes))
    return await save(scene, draft.in_state(PlanState.ACTIVE))


async def save(scene: Scene, plan: ReadingPlan) -> ReadingPlan:
    schedule = reading_plan.schedule_of(plan, SHANGHAI, scene.clock())
    return await scene.store.save_reading_plan(plan, [schedule])


async def on(scene: Scene, worker: Worker, day: int) -> None:
    """Tick and deliver in the morning of that day, counted from Tuesday."""
    scene.clock.at = MORNING + day * DAY
    await tick(scene.store)
    await worker.drain()


async def row(scene: Scene, chat: LocalChat, day: int = 0) -> Delivery:
    return await scene.row(chat, TUESDAY + day * DAY)


async def test_each_date_sends_its_part_and_the_ledger_says_which(
    scene: Scene, worker: Worker
) -> None:
    group = scene.group()
    await read(scene, group)
    for day in range(6):
        await on(scene, worker, day)
    rows = [await row(scene, group, day) for day in range(3)]
    assert [one.choice.section_id for one in rows] == [part[0] for part in PARTS]
    assert {one.state for one in rows} == {State.SENT}
    assert [text.split("\n")[0] for text in scene.texts(group)] == [
        "📖 共读 · 第1/3部分 · 11月24日 星期二",
        "📖 共读 · 第2/3部分 · 11月25日 星期三",
        "📖 共读 · 第3/3部分 · 11月26日 星期四",
    ]


async def test_a_part_goes_to_the_topic_where_the_plan_was_made(
    scene: Scene, worker: Worker
) -> None:
    group = scene.group(is_forum=True)
    topic = scene.telegram.topic(group, "读书", scene.owner)
    await read(scene, group, thread_id=topic)
    await on(scene, worker, 0)
    (sent,) = scene.telegram.sent(group)
    assert sent.thread_id == topic


async def test_what_was_planned_of_a_plan_paused_meanwhile_is_skipped(
    scene: Scene, worker: Worker
) -> None:
    group = scene.group()
    plan = await read(scene, group)
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.store.save_reading_plan(plan.in_state(PlanState.PAUSED))
    await worker.drain()
    assert scene.texts(group) == []
    assert (await row(scene, group)).reason == SkipReason.UNSUBSCRIBED


async def test_a_date_that_has_no_part_any_more_is_skipped(scene: Scene, worker: Worker) -> None:
    group = scene.group()
    plan = await read(scene, group)
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.store.save_reading_plan(replace(plan, starts_on=TUESDAY + DAY))
    await worker.drain()
    assert (await row(scene, group)).reason == Cause.NOTHING


async def test_who_follows_gets_the_same_part_without_the_groups_count(
    scene: Scene, worker: Worker
) -> None:
    group, private = scene.group(), scene.private()
    plan = await read(scene, group)
    await scene.store.note_part_read(plan, 1, Member(5, "老张"))
    await scene.store.meet_chat(private.id, ChatKind.PRIVATE, "组员", SHANGHAI)
    own = reading_plan.schedule_of(plan, SHANGHAI, scene.clock())
    own = replace(own, chat_id=private.id)
    await scene.store.follow_plan(plan, Member(private.id, "组员"), own)
    await on(scene, worker, 0)
    (to_group,), (to_member,) = scene.texts(group), scene.texts(private)
    assert "1 人读完" in to_group
    assert to_member.replace("\n", "") == to_group.replace(" · 1 人读完", "").replace("\n", "")


async def test_a_part_is_told_in_the_chats_own_language(scene: Scene, worker: Worker) -> None:
    group = scene.group()
    await read(scene, group)
    chat = await scene.store.chat(group.id)
    assert isinstance(chat, Chat)
    await scene.store.save_chat(replace(chat, language=Language.ENGLISH))
    await on(scene, worker, 0)
    (text,) = scene.texts(group)
    assert "Tue, 24 November" in text


async def test_a_part_in_doubt_is_sent_again_and_marked(scene: Scene, worker: Worker) -> None:
    group = scene.group()
    await read(scene, group)
    scene.fail(Fault(FaultKind.LOSE_REPLY))
    await on(scene, worker, 0)
    scene.clock.move(timedelta(minutes=1))
    await worker.drain()
    sent = await row(scene, group)
    assert (sent.state, sent.may_be_duplicate) == (State.SENT, True)
    assert scene.texts(group)[-1] != scene.texts(group)[0]
