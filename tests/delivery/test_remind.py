"""Reminders delivered through the ledger: once each, in time or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from bot.app.agendas import agendas
from bot.delivery.plan import tick
from bot.delivery.remind import Reminding
from bot.delivery.worker import Worker
from bot.local.world import LocalChat
from bot.model import (
    Change,
    ChatKind,
    Coming,
    DeliveryKind,
    Member,
    Notice,
    NoticeRole,
    Pace,
    Recurrence,
    Reminder,
    ReminderState,
    State,
)
from bot.search.index import Index
from bot.study import recurrence
from tests.delivery.conftest import MINUTE, SHANGHAI, Scene

FRIDAY = date(2026, 11, 27)
STARTS_AT = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)  # 15:00 in Shanghai
HALF_AN_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def worker(scene: Scene, index: Index) -> Worker:
    async def tell_owner(text: str) -> None:
        scene.told.append(text)

    reminding = Reminding(scene.store, agendas(lambda: (scene.corpus, index)))
    return Worker(
        scene.store,
        scene.bot,
        {DeliveryKind.REMINDER: reminding.prepare},
        owner="reminding",
        pace=Pace(),
        tell_owner=tell_owner,
        random=Random(1),
        sleep=scene.clock.sleep,
    )


async def remind(scene: Scene, chat: LocalChat, **wishes: Any) -> Reminder:
    """An active reminder: Fridays at 15:00 in Shanghai, told at the beginning."""
    await scene.store.meet_chat(chat.id, ChatKind(str(chat.kind)), chat.title, SHANGHAI)
    leads = wishes.pop("leads", (timedelta(),))
    wished: dict[str, Any] = {"takes_part": False, "lasts": timedelta(hours=1)} | wishes
    made = Reminder(
        chat_id=chat.id,
        title="学习会",
        recurrence=Recurrence("FREQ=WEEKLY;BYDAY=FR", FRIDAY),
        at=time(15),
        zone=SHANGHAI,
        edited_at=scene.clock(),
        state=ReminderState.ACTIVE,
        notices=recurrence.notices(leads, wished["lasts"], takes_part=wished["takes_part"]),
    )
    made = replace(made, **wished)
    return await scene.store.save_reminder(
        replace(made, next_due_at=recurrence.next_due(made, scene.clock()))
    )


async def at(scene: Scene, worker: Worker, moment: datetime) -> list[str]:
    """Let the clock be there, tick and deliver; what the bot has said in all."""
    scene.clock.at = moment
    await tick(scene.store)
    await worker.drain()
    return [one.text for chat in scene.telegram.chats.values() for one in scene.telegram.sent(chat)]


async def test_each_lead_of_an_occurrence_is_told_once(scene: Scene, worker: Worker) -> None:
    await remind(scene, scene.group(), leads=(ONE_DAY, HALF_AN_HOUR))
    assert await at(scene, worker, STARTS_AT - ONE_DAY - MINUTE) == []
    assert len(await at(scene, worker, STARTS_AT - ONE_DAY)) == 1
    said = await at(scene, worker, STARTS_AT - HALF_AN_HOUR)
    assert [text.split("\n")[0] for text in said] == [
        "⏰ 学习会 · 1天后开始",
        "⏰ 学习会 · 30分钟后开始",
    ]
    assert "时间：11月27日 星期五 15:00（北京时间）" in said[0]
    for _ in range(3):
        assert len(await at(scene, worker, scene.clock() + MINUTE)) == 2


async def test_it_comes_again_the_next_week(scene: Scene, worker: Worker) -> None:
    group = scene.group()
    await remind(scene, group)
    for week in range(3):
        assert len(await at(scene, worker, STARTS_AT + week * timedelta(days=7))) == 1 + week
    rows = [await scene.rows(group, FRIDAY + week * timedelta(days=7)) for week in range(3)]
    assert [[row.kind for row in on] for on in rows] == [[DeliveryKind.REMINDER]] * 3


async def test_what_was_missed_for_too_long_is_not_told(scene: Scene, worker: Worker) -> None:
    group = scene.group()
    await remind(scene, group, leads=(HALF_AN_HOUR,))
    assert await at(scene, worker, STARTS_AT + ONE_DAY) == []
    (row,) = await scene.rows(group, FRIDAY)
    assert (row.state, row.reason) == (State.SKIPPED, "too late")


async def test_a_late_tick_still_tells_what_is_ahead(scene: Scene, worker: Worker) -> None:
    await remind(scene, scene.group(), leads=(ONE_DAY, HALF_AN_HOUR))
    await at(scene, worker, STARTS_AT - 21 * HOUR)
    said = await at(scene, worker, STARTS_AT - 20 * MINUTE)
    assert [text.split("\n")[0] for text in said] == [
        "⏰ 学习会 · 21小时后开始",
        "⏰ 学习会 · 20分钟后开始",
    ]


async def test_what_comes_when_it_has_begun_does_not_say_how_long_it_is(
    scene: Scene, worker: Worker
) -> None:
    await remind(scene, scene.group(), leads=(HALF_AN_HOUR,))
    (said,) = await at(scene, worker, STARTS_AT)
    assert said.startswith("⏰ 学习会\n时间：11月27日 星期五 15:00")


async def test_a_reminder_deleted_after_planning_is_not_sent(scene: Scene, worker: Worker) -> None:
    group = scene.group()
    one = await remind(scene, group)
    scene.clock.at = STARTS_AT
    await tick(scene.store)
    await scene.store.save_reminder(replace(one, state=ReminderState.DELETED))
    await worker.drain()
    assert scene.texts(group) == []


async def test_an_occurrence_moved_to_another_day_is_told_there(
    scene: Scene, worker: Worker
) -> None:
    group = scene.group()
    one = await remind(scene, group)
    moved = replace(one, changes=(Change(FRIDAY, FRIDAY + ONE_DAY, time(9)),))
    next_due_at = recurrence.next_due(moved, scene.clock())
    await scene.store.save_reminder(replace(moved, next_due_at=next_due_at))
    assert await at(scene, worker, STARTS_AT) == []
    (text,) = await at(scene, worker, datetime(2026, 11, 28, 1, 0, tzinfo=UTC))
    assert "11月28日 星期六 09:00" in text


async def test_it_goes_to_its_topic(scene: Scene, worker: Worker) -> None:
    forum = scene.group(is_forum=True)
    thread_id = scene.telegram.topic(forum, "学习", scene.owner)
    await remind(scene, forum, thread_id=thread_id)
    await at(scene, worker, STARTS_AT)
    (sent,) = scene.telegram.sent(forum)
    assert sent.thread_id == thread_id


async def test_a_subscription_of_the_same_number_does_not_stand_in_its_way(
    scene: Scene, worker: Worker
) -> None:
    group = scene.group()
    subscription = await scene.subscribe(group, push_at=time(15))
    one = await remind(scene, group)
    assert subscription.id == one.notices[0].id
    scene.clock.at = STARTS_AT
    await tick(scene.store)
    rows = await scene.rows(group, FRIDAY)
    assert {row.kind for row in rows} == {DeliveryKind.PUSH, DeliveryKind.REMINDER}


async def test_a_theme_brings_passages_and_questions(scene: Scene, worker: Worker) -> None:
    await remind(scene, scene.group(), theme="脑机接口", leads=(HALF_AN_HOUR,))
    (text,) = await at(scene, worker, STARTS_AT - HALF_AN_HOUR)
    assert "📖 主题：脑机接口" in text
    assert "💬 一起讨论：" in text
    questions = text.split("💬 一起讨论：\n")[1].split("\n")
    corpus = "".join(
        [q.text for q in scene.corpus.quotes] + [r.text for r in scene.corpus.readings]
    )
    assert len(questions) == 3
    for question in questions:
        quoted = question[question.index("“") + 1 : question.index("”")]
        assert quoted in corpus


async def test_another_week_brings_other_passages_and_questions(
    scene: Scene, worker: Worker
) -> None:
    await remind(scene, scene.group(), theme="人工智能", leads=(ONE_DAY, HALF_AN_HOUR))
    await at(scene, worker, STARTS_AT - ONE_DAY)
    await at(scene, worker, STARTS_AT - HALF_AN_HOUR)
    said = await at(scene, worker, STARTS_AT - HALF_AN_HOUR + 7 * ONE_DAY)
    of_a_day, of_an_hour, *_, next_week = (one.partition("📖 主题：")[2] for one in said)
    assert of_a_day == of_an_hour
    asked = [set(one.split("💬 一起讨论：\n")[1].split("\n")) for one in (of_a_day, next_week)]
    assert not asked[0] & asked[1]


async def test_only_those_who_said_so_and_are_not_there_are_nudged(
    scene: Scene, worker: Worker
) -> None:
    group = scene.group()
    one = await remind(scene, group, takes_part=True)
    (next_one,) = recurrence.upcoming(one, scene.clock(), 1)
    store = scene.store
    for number, coming in ((11, Coming.YES), (12, Coming.YES), (13, Coming.NO)):
        await store.say_coming(one, next_one, Member(number, f"组员{number}"), coming, 1)
    await at(scene, worker, STARTS_AT)
    await store.check_in(one, next_one, Member(12, "组员12"), 1)
    said = await at(scene, worker, STARTS_AT + 10 * MINUTE)
    assert "组员11，到了请点一下“签到”" in said[-1]
    assert "组员12" not in said[-1]
    assert "组员13" not in said[-1]


async def test_nobody_is_nudged_when_all_are_there(scene: Scene, worker: Worker) -> None:
    one = await remind(scene, scene.group(), takes_part=True)
    (next_one,) = recurrence.upcoming(one, scene.clock(), 1)
    await scene.store.check_in(one, next_one, Member(12, "组员12"), 1)
    await at(scene, worker, STARTS_AT)
    assert len(await at(scene, worker, STARTS_AT + 10 * MINUTE)) == 1


async def test_after_the_session_it_says_who_came(scene: Scene, worker: Worker) -> None:
    one = await remind(scene, scene.group(), takes_part=True)
    (next_one,) = recurrence.upcoming(one, scene.clock(), 1)
    for number in (11, 12, 13):
        await scene.store.say_coming(one, next_one, Member(number, f"员{number}"), Coming.YES, 1)
    for number in (11, 14):
        await scene.store.check_in(one, next_one, Member(number, f"员{number}"), 1)
    said = await at(scene, worker, STARTS_AT + timedelta(hours=1))
    assert "实到 2 人，应到 4 人，到场率 50%" in said[-1]
    assert "到场：员11、员14" in said[-1]
    assert "没签到：员12、员13" in said[-1]


async def test_a_session_nobody_answered_has_no_summary(scene: Scene, worker: Worker) -> None:
    await remind(scene, scene.group(), takes_part=True)
    await at(scene, worker, STARTS_AT)
    assert len(await at(scene, worker, STARTS_AT + timedelta(hours=1))) == 1


async def test_it_follows_a_group_that_became_a_supergroup(scene: Scene, worker: Worker) -> None:
    group = scene.group(is_basic=True)
    await remind(scene, group)
    supergroup = scene.telegram.migrate(group, scene.owner)
    await at(scene, worker, STARTS_AT)
    assert len(scene.telegram.sent(supergroup)) == 1


def test_the_notices_of_a_session_are_its_leads_a_nudge_and_a_summary() -> None:
    made = recurrence.notices((HALF_AN_HOUR,), timedelta(minutes=90), takes_part=True)
    assert made == (
        Notice(NoticeRole.LEAD, -HALF_AN_HOUR),
        Notice(NoticeRole.NUDGE, timedelta(minutes=10)),
        Notice(NoticeRole.SUMMARY, timedelta(minutes=90)),
    )
