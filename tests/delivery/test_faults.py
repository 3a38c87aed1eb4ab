"""The fault table of the design, as far as one process on SQLite has it, over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.delivery.plan import tick
from bot.delivery.transport import AiohttpRequest
from bot.errors import StoreError
from bot.local.world import LocalChat
from bot.model import Cause, State
from bot.store import open_store
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, MORNING, Scene, long_winded

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ACTED = [
    Fault(FaultKind.LOSE_REPLY),
    Fault(FaultKind.TRUNCATE),
    Fault(FaultKind.NOT_JSON),
    Fault(FaultKind.DELAY, seconds=0.5),  # longer than the transport of the scene reads
]


def status(code: int, description: str = "", **parameters: Any) -> Fault:
    return Fault(FaultKind.STATUS, 0, code, description, parameters or None)


async def morning(scene: Scene, *faults: Fault | None) -> LocalChat:
    """A group whose push has just been tried, with these faults."""
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    scene.fail(*faults)
    await scene.push()
    return group


# ------------------------------------------------------------ in doubt, or surely not


@pytest.mark.parametrize("fault", ACTED, ids=lambda fault: fault.kind)
async def test_what_is_in_doubt_is_sent_once_more_silently_and_marked(
    scene: Scene, fault: Fault
) -> None:
    group = await morning(scene, fault)
    row = await scene.row(group)
    assert (row.state, row.may_be_duplicate) == (State.RETRY, True)
    assert row.reason.startswith(Cause.IN_DOUBT)
    for _ in range(3):
        scene.clock.move(MINUTE)
        await scene.push()
    first, second = scene.telegram.sent(group)
    assert second.text == f"（网络不稳，这条可能与刚才的重复）\n\n{first.text}"
    assert (first.is_silent, second.is_silent) == (False, True)
    assert (await scene.row(group)).state is State.SENT
    assert scene.told == []


async def test_a_reset_without_a_word_is_in_doubt_too(scene: Scene) -> None:
    group = await morning(scene, Fault(FaultKind.RESET))
    scene.clock.move(MINUTE)
    await scene.push()
    (text,) = scene.texts(group)
    assert "可能与刚才的重复" in text


async def test_an_api_that_never_replies_does_not_fill_a_group(scene: Scene) -> None:
    group = await morning(scene, *[Fault(FaultKind.LOSE_REPLY)] * 20)
    for _ in range(20):
        scene.clock.move(timedelta(minutes=10))
        await scene.push()
    assert len(scene.texts(group)) == 3
    row = await scene.row(group)
    assert (row.state, row.may_be_duplicate) == (State.DEAD, True)
    (told,) = scene.told
    assert str(group.id) in told


async def test_a_refused_connection_is_tried_freely_until_it_works(scene: Scene) -> None:
    real = scene.bot
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        port = taken.getsockname()[1]
        async with AiohttpRequest() as request:
            scene.bot = Bot(real.token, base_url=f"http://127.0.0.1:{port}/bot", request=request)
            group = await morning(scene)
            for _ in range(10):
                scene.clock.move(timedelta(minutes=6))
                await scene.push()
            row = await scene.row(group)
            assert (row.state, row.attempts, row.may_be_duplicate) == (State.RETRY, 11, False)
    scene.bot = real
    scene.clock.move(timedelta(minutes=6))
    await scene.push()
    (text,) = scene.texts(group)
    assert "可能与刚才的重复" not in text


@pytest.mark.parametrize("code", [500, 502, 503])
async def test_a_server_error_is_tried_again_later_and_without_a_mark(
    scene: Scene, code: int
) -> None:
    group = await morning(scene, status(code), status(code))
    assert scene.texts(group) == []
    await scene.push()  # at once: the pause is not over
    assert len(scene.texts(group)) == 0
    scene.clock.move(2 * SECOND)
    await scene.push()
    scene.clock.move(4 * SECOND)
    await scene.push()
    (message,) = scene.telegram.sent(group)
    assert not message.is_silent
    row = await scene.row(group)
    assert (row.state, row.attempts, row.may_be_duplicate) == (State.SENT, 3, False)


# ------------------------------------------------------------------------------- 429


async def test_a_short_pause_holds_for_everybody_to_the_second(scene: Scene) -> None:
    chats = [scene.group() for _ in range(3)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    refused_at: list[datetime] = []

    def once(method: str, params: Mapping[str, Any], seen: int) -> Fault | None:
        if method != "sendMessage" or refused_at:
            return None
        refused_at.append(scene.clock())
        return status(429, "Too Many Requests: retry after 7", retry_after=7)

    scene.server.faults = once
    await scene.push()
    while (await scene.store.backlog()).by_state:
        scene.clock.move(SECOND / 2)
        await scene.push()
    sent_at = [one.sent_at for chat in chats for one in scene.telegram.sent(chat)]
    late = [at for at in sent_at if at >= refused_at[0] + 7 * SECOND]
    assert len(sent_at) == 3
    assert all(at < refused_at[0] + SECOND for at in sent_at if at not in late)
    assert late
    assert min(late) < refused_at[0] + 8 * SECOND


async def test_a_short_pause_holds_for_a_chat_that_comes_later(scene: Scene) -> None:
    group = await morning(scene, status(429, retry_after=7))
    other = scene.group()
    await scene.subscribe(other, push_at=scene.clock().time().replace(hour=8, second=1))
    refused_at = scene.clock()
    while (await scene.store.backlog()).by_state or not scene.texts(other):
        scene.clock.move(SECOND / 2)
        await scene.push()
    for chat in (group, other):
        (message,) = scene.telegram.sent(chat)
        assert message.sent_at >= refused_at + 7 * SECOND


async def test_a_long_pause_holds_for_its_chat_alone(scene: Scene) -> None:
    slow = await morning(scene, status(429, retry_after=300))
    other = scene.group()
    await scene.subscribe(other, push_at=scene.clock().time().replace(hour=8, minute=1))
    scene.clock.move(MINUTE)
    await scene.push()
    assert (len(scene.texts(slow)), len(scene.texts(other))) == (0, 1)
    scene.clock.at = MORNING + 299 * SECOND
    await scene.push()
    assert scene.texts(slow) == []
    scene.clock.at = MORNING + 301 * SECOND
    await scene.push()
    assert len(scene.texts(slow)) == 1


# ------------------------------------------------------------ chats that are not there


async def test_a_group_that_became_a_supergroup_gets_its_push_there(scene: Scene) -> None:
    old = scene.group(is_basic=True)
    made = await scene.subscribe(old)
    new = scene.telegram.migrate(old, scene.owner)
    scene.clock.at = MORNING
    await scene.push()
    assert len(scene.texts(new)) == 1
    moved = await scene.store.subscription(new.id)
    assert moved is not None
    assert (moved.id, moved.push_at) == (made.id, made.push_at)
    assert await scene.store.subscription(old.id) is None
    assert not await scene.marked(new)
    scene.clock.at = MORNING + DAY
    await scene.push()
    assert len(scene.texts(new)) == 2


async def test_a_group_that_never_stops_moving_is_not_asked_without_a_pause(scene: Scene) -> None:
    moves = [status(400, migrate_to_chat_id=-1_009_000_000_000 - step) for step in range(9)]
    await morning(scene, *moves)
    assert scene.server.seen == 2


async def test_a_chat_that_throws_the_bot_out_is_left_alone_and_keeps_its_settings(
    scene: Scene,
) -> None:
    group = scene.group()
    made = await scene.subscribe(group)
    scene.telegram.kick_bot(group, scene.owner)
    for day in range(3):
        scene.clock.at = MORNING + day * DAY
        await scene.push()
    assert len(scene.telegram.calls_of("sendMessage")) == 1
    chat = await scene.store.chat(group.id)
    assert chat is not None
    assert "kicked" in chat.inactive_reason
    kept = await scene.store.subscription(group.id)
    assert kept is not None
    assert (kept.push_at, kept.is_active) == (made.push_at, True)
    assert scene.told == []


async def test_a_chat_that_takes_the_bot_back_gets_the_day_it_is(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.telegram.kick_bot(group, scene.owner)
    scene.clock.at = MORNING
    await scene.push()
    scene.clock.at = MORNING + 2 * DAY + timedelta(hours=1)
    scene.telegram.add_bot(group, scene.owner)
    await scene.store.activate_chat(group.id)
    await scene.push()
    (text,) = scene.texts(group)
    assert "11月26日" in text
    scene.clock.at = MORNING + 3 * DAY
    await scene.push()
    assert len(scene.texts(group)) == 2


async def test_a_person_who_blocked_the_bot_is_not_written_to_again(scene: Scene) -> None:
    chat = scene.private()
    await scene.subscribe(chat)
    assert chat.user is not None
    scene.telegram.block(chat.user)
    for day in range(3):
        scene.clock.at = MORNING + day * DAY
        await scene.push()
    assert len(scene.telegram.calls_of("sendMessage")) == 1


@pytest.mark.parametrize("how", ["closed", "deleted"])
async def test_a_topic_that_is_gone_sends_its_push_to_the_general_topic_and_says_so_once(
    scene: Scene, how: str
) -> None:
    group = scene.group(is_forum=True)
    thread_id = scene.telegram.topic(group, "学习", scene.owner)
    await scene.subscribe(group, thread_id=thread_id)
    if how == "closed":
        scene.telegram.close_topic(group, thread_id, scene.owner)
    else:
        scene.telegram.delete_topic(group, thread_id)
    for day in range(2):
        scene.clock.at = MORNING + day * DAY
        await scene.push()
    messages = scene.telegram.sent(group)
    assert [one.thread_id for one in messages] == [None, None]
    assert ["原来的话题已关闭或删除" in one.text for one in messages] == [True, False]


async def test_what_was_to_be_told_of_a_topic_outlives_another_fault(scene: Scene) -> None:
    group = scene.group(is_forum=True)
    thread_id = scene.telegram.topic(group, "学习", scene.owner)
    await scene.subscribe(group, thread_id=thread_id)
    scene.telegram.delete_topic(group, thread_id)
    scene.clock.at = MORNING
    scene.fail(None, status(500))
    await scene.push()
    scene.clock.move(MINUTE)
    await scene.push()
    (text,) = scene.texts(group)
    assert "原来的话题已关闭或删除" in text


async def test_a_full_message_has_room_for_all_that_may_be_noted_above_it(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, "字" * 9000)
    group = scene.group(is_forum=True)
    thread_id = scene.telegram.topic(group, "学习", scene.owner)
    await scene.subscribe(group, thread_id=thread_id)
    scene.telegram.delete_topic(group, thread_id)
    scene.clock.at = MORNING
    scene.fail(None, Fault(FaultKind.LOSE_REPLY))
    await scene.push()
    scene.clock.move(MINUTE)
    await scene.push()
    noted = scene.texts(group)[1]
    assert "可能与刚才的重复" in noted
    assert "原来的话题已关闭或删除" in noted
    assert {row.state for row in await scene.rows(group)} == {State.SENT}


async def test_a_message_that_is_refused_is_dead_and_the_owner_is_told(scene: Scene) -> None:
    group = scene.group()
    group.is_bot_muted = True
    await scene.subscribe(group)
    scene.clock.at = MORNING
    for _ in range(3):
        await scene.push()
        scene.clock.move(MINUTE)
    row = await scene.row(group)
    assert (row.state, row.attempts) == (State.DEAD, 1)
    (told,) = scene.told
    assert str(group.id) in told
    group.is_bot_muted = False
    scene.clock.at = MORNING + DAY
    await scene.push()
    assert len(scene.texts(group)) == 1


# ------------------------------------------------------------------------- the token


async def test_a_token_that_is_refused_stops_everything_and_loses_nothing(scene: Scene) -> None:
    chats = [scene.group() for _ in range(3)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    calls: list[str] = []

    def refuse(method: str, params: Mapping[str, Any], seen: int) -> Fault | None:
        calls.append(method)
        return status(401, "Unauthorized")

    scene.server.faults = refuse
    worker = scene.worker()
    await scene.push(worker)
    tried = calls.count("sendMessage")
    for _ in range(10):
        scene.clock.move(MINUTE / 2)
        await scene.push(worker)
    assert calls.count("sendMessage") == tried <= 3
    assert calls.count("getMe") == 5
    assert len(scene.told) == 1
    assert "令牌" in scene.told[0]
    scene.server.faults = None
    scene.clock.move(MINUTE)
    await scene.push(worker)
    assert [len(scene.texts(chat)) for chat in chats] == [1, 1, 1]


async def test_the_token_stands_in_no_log_and_no_reason(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in (*ACTED, Fault(FaultKind.RESET), status(500), status(401), status(404)):
        group = await morning(scene, fault)
        assert scene.telegram.token not in (await scene.row(group)).reason
        scene.clock.at = MORNING - 15 * MINUTE
    assert caplog.records
    assert scene.telegram.token not in caplog.text
    assert all(scene.telegram.token not in text for text in scene.told)


# ---------------------------------------------------------------------- the database


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program holds the database's write lock."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_nothing_is_sent_while_its_intent_cannot_be_stored(
    scene: Scene, tmp_path: Path
) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await tick(scene.store)
    database = tmp_path / "ledger.sqlite3"
    scene.store = impatient = await open_store(
        f"sqlite:///{database}", clock=scene.clock, patience=timedelta(milliseconds=50)
    )
    with locked(database), pytest.raises(StoreError):
        await scene.worker().drain()
    assert scene.telegram.calls_of("sendMessage") == []
    await scene.push()
    assert len(scene.texts(group)) == 1
    assert not await scene.marked(group)
    await impatient.close()


async def test_a_running_worker_outlives_a_database_that_is_away(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await tick(scene.store)
    database = tmp_path / "ledger.sqlite3"
    scene.store = impatient = await open_store(
        f"sqlite:///{database}", clock=scene.clock, patience=timedelta(milliseconds=50)
    )
    stop, wake = asyncio.Event(), asyncio.Event()
    with locked(database):
        running = asyncio.create_task(scene.worker().run(stop, wake))
        while "claiming failed" not in caplog.text:  # noqa: ASYNC110 - it tells nobody else
            await asyncio.sleep(0)
    wake.set()
    await scene.telegram.until(lambda: scene.texts(group))
    stop.set()
    await asyncio.wait_for(running, timeout=5)
    assert not await scene.marked(group)
    await impatient.close()


async def test_what_was_sent_and_could_not_be_noted_is_in_doubt(
    scene: Scene, tmp_path: Path
) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await tick(scene.store)
    database = tmp_path / "ledger.sqlite3"
    scene.store = impatient = await open_store(
        f"sqlite:///{database}", clock=scene.clock, patience=timedelta(milliseconds=50)
    )
    with contextlib.ExitStack() as held:

        def lock(method: str, params: Mapping[str, Any], seen: int) -> None:
            held.enter_context(locked(database))

        scene.server.faults = lock
        with pytest.raises(StoreError):
            await scene.worker().drain()
    scene.server.faults = None
    scene.clock.move(2 * MINUTE)
    await scene.push()
    assert len(scene.texts(group)) == 2
    assert await scene.marked(group)
    await impatient.close()
