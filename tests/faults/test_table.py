"""The fault table of the design, row by row: each over real HTTP, on a real ledger.

what goes wrong                                    where it is a test
SIGKILL at any moment                              here, and test_processes (the real bot)
SIGTERM                                            test_processes
no reply, half a reply, a reply that is none       here
refused, no connection in time, none in the pool   here
429                                                here
5xx                                                here
a group became a supergroup                        here
403                                                here
400                                                here
401 and 404 on every call                          here
database locked, disk full, PostgreSQL restarted   here
two pollers of one token (409)                     tests/test_run, tests/test_replicas
the clock jumps, a lease holder is paused          here, and test_processes (SIGSTOP)
a replayed update or button press                  here, tests/test_replicas, tests/chat
the token in any output                            here, and test_processes
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.delivery.plan import tick
from bot.delivery.transport import AiohttpRequest
from bot.delivery.worker import LEASE
from bot.errors import StoreError
from bot.model import Cause, ChatKind, Pace, State
from bot.store import Begun
from tests.bot_api_server import Fault, FaultKind
from tests.delivery import wire
from tests.delivery.conftest import MINUTE, MORNING, Scene, long_winded
from tests.faults.conftest import (
    ACTED,
    full_disk,
    impatient,
    locked,
    morning,
    planned,
    status,
)
from tests.postgresql_server import PostgresqlServer

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Away = Callable[[Path], AbstractContextManager[None]]


# -------- SIGKILL at any moment, 1 or 3 replicas


@pytest.mark.parametrize("replicas", [1, 3])
async def test_when_workers_die_nothing_is_lost_and_only_what_was_in_flight_comes_twice(
    anywhere: Scene, replicas: int
) -> None:
    scene = anywhere
    chats = await planned(scene, [scene.private() for _ in range(12)])
    scene.server.latency_seconds = 60  # accepted at once; nobody hears of it
    dying = [asyncio.create_task(scene.worker().run_once()) for _ in range(replicas)]
    await scene.telegram.until(lambda: len(scene.server.accepted) >= 4)
    for one in dying:
        one.cancel()
    await asyncio.gather(*dying, return_exceptions=True)
    backlog = await scene.store.backlog()
    # On a busy machine some have been given up by then: they are in doubt already.
    in_flight = backlog.by_state.get(State.SENDING, 0) + backlog.in_doubt
    scene.server.latency_seconds = 0
    scene.clock.move(LEASE)
    for _ in range(3):
        await asyncio.gather(*(scene.worker().drain() for _ in range(replicas)))
    heard = [len(scene.texts(chat)) for chat in chats]
    marked = [await scene.marked(chat) for chat in chats]
    assert set(heard) <= {1, 2}
    assert sum(marked) == in_flight
    assert all(is_marked for times, is_marked in zip(heard, marked, strict=True) if times == 2)


async def test_workers_that_die_one_after_the_other_do_not_fill_a_group(scene: Scene) -> None:
    (group,) = await planned(scene, [scene.group()])
    for _ in range(2):
        await scene.die_while_sending()
        scene.clock.move(2 * MINUTE)
    for _ in range(3):
        await scene.push()
        scene.clock.move(2 * MINUTE)
    assert len(scene.texts(group)) == 2
    row = await scene.row(group)
    assert (row.state, row.may_be_duplicate) == (State.DEAD, True)
    (told,) = scene.told
    assert str(group.id) in told


async def test_who_starts_alone_waits_for_no_lease_of_the_dead(scene: Scene) -> None:
    chats = await planned(scene, [scene.private() for _ in range(4)])
    await scene.die_while_sending()
    stop, wake = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(scene.worker().run(stop, wake))
    await scene.telegram.until(lambda: all(scene.texts(chat) for chat in chats))
    stop.set()
    await asyncio.wait_for(running, timeout=5)
    assert scene.clock() < MORNING + MINUTE  # which is when the leases would have ended


# -------- no reply, half a reply, a reply that is none


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


async def test_a_connection_closed_instead_of_a_reply_is_in_doubt_too(scene: Scene) -> None:
    real = scene.bot
    async with wire.peer(wire.hang_up) as peer, AiohttpRequest() as request:
        scene.bot = Bot(real.token, base_url=peer.url, request=request)
        group = await morning(scene)
    row = await scene.row(group)
    assert (row.state, row.may_be_duplicate) == (State.RETRY, True)
    scene.bot = real
    scene.clock.move(MINUTE)
    await scene.push()
    (text,) = scene.texts(group)
    assert "可能与刚才的重复" in text


async def test_an_api_that_never_replies_does_not_fill_a_group(scene: Scene) -> None:
    group = await morning(scene, *[Fault(FaultKind.LOSE_REPLY)] * 20)
    for _ in range(20):
        scene.clock.move(timedelta(minutes=10))
        await scene.push()
    assert len(scene.texts(group)) == 2
    row = await scene.row(group)
    assert (row.state, row.may_be_duplicate) == (State.DEAD, True)
    (told,) = scene.told
    assert str(group.id) in told


async def test_an_outage_brings_nothing_in_doubt_more_than_once(scene: Scene) -> None:
    chats = await planned(scene, [scene.private() for _ in range(20)])
    worker = scene.worker()
    scene.server.faults = lambda *_: Fault(FaultKind.RESET)
    for _ in range(30):
        await worker.drain()
        scene.clock.move(SECOND)
    scene.server.faults = None
    for _ in range(10):
        await worker.drain()
        scene.clock.move(SECOND)
    assert [len(scene.texts(chat)) for chat in chats] == [1] * 20
    assert max([(await scene.row(chat)).attempts for chat in chats]) <= 2
    assert scene.told == []


async def test_a_connection_that_comes_and_goes_brings_one_row_at_most_in_doubt_again(
    scene: Scene,
) -> None:
    chats = await planned(scene, [scene.private() for _ in range(20)])
    worker = scene.worker(pace=Pace(overall_per_second=1000))  # all of them at once
    only_sending = Fault(FaultKind.RESET)
    scene.server.faults = lambda method, *_: only_sending if method == "sendMessage" else None
    await worker.drain()
    before = {(await scene.row(chat)).attempts for chat in chats}
    scene.clock.move(MINUTE)
    await worker.run_once()
    scene.server.faults = None
    for _ in range(10):
        scene.clock.move(MINUTE)
        await worker.drain()
    heard = [len(scene.texts(chat)) for chat in chats]
    assert before == {1}
    assert sorted(heard) == [0] + [1] * 19
    assert len(scene.told) == 1


# -------- refused, no connection in time, none in the pool


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


async def test_a_connection_not_made_in_time_is_tried_again_without_a_mark(scene: Scene) -> None:
    real = scene.bot
    # A full queue of connections that nobody accepts: the next one is not answered.
    with contextlib.ExitStack() as held:
        deaf = held.enter_context(contextlib.closing(socket.socket()))
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(4):
            waiting = held.enter_context(contextlib.closing(socket.socket()))
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/bot"
        async with AiohttpRequest(connect_timeout=0.1) as request:
            scene.bot = Bot(real.token, base_url=url, request=request)
            group = await morning(scene)
    row = await scene.row(group)
    assert (row.state, row.may_be_duplicate) == (State.RETRY, False)
    assert row.reason.startswith(Cause.NOT_SENT)
    scene.bot = real
    scene.clock.move(MINUTE)
    await scene.push()
    assert len(scene.texts(group)) == 1


async def test_a_pool_without_a_free_connection_is_tried_again_without_a_mark(
    scene: Scene,
) -> None:
    chats = [scene.group() for _ in range(2)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    scene.fail(Fault(FaultKind.DELAY, seconds=0.4))
    request = AiohttpRequest(1, read_timeout=2, connect_timeout=0.05, pool_timeout=0.05)
    async with request:
        scene.bot = Bot(scene.bot.token, base_url=scene.server.base_url, request=request)
        await tick(scene.store)
        worker = scene.worker()
        await worker.run_once()
        rows = sorted([(await scene.row(chat)).state for chat in chats])
        assert rows == [State.RETRY, State.SENT]
        scene.clock.move(MINUTE)
        await worker.drain()
    assert [len(scene.texts(chat)) for chat in chats] == [1, 1]
    assert not any([await scene.marked(chat) for chat in chats])


# -------- 429 with retry_after


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


# -------- 5xx


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


# -------- a group became a supergroup


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


async def test_a_group_that_says_that_it_moved_gets_what_was_waiting_for_it(scene: Scene) -> None:
    (old,) = await planned(scene, [scene.group(is_basic=True)])
    new = scene.telegram.migrate(old, scene.owner)
    for _ in range(2):  # what the service message does; Telegram may give it out again
        await scene.store.migrate_chat(old.id, new.id)
        await scene.store.meet_chat(new.id, ChatKind.SUPERGROUP, new.title, "Asia/Shanghai")
    await scene.push()
    assert len(scene.texts(new)) == 1
    assert all(call.ok for call in scene.telegram.calls_of("sendMessage"))


# -------- 403 kicked or blocked, and added again


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


# -------- 400: the topic is gone, or the message will not do


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
    assert f"“\u2068{group.title}\u2069”（{group.id}）" in told
    assert "请管理员在群的权限里允许它发消息" in told
    group.is_bot_muted = False
    scene.clock.at = MORNING + DAY
    await scene.push()
    assert len(scene.texts(group)) == 1


# -------- 401 and 404 on every call


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_that_is_refused_stops_everything_and_loses_nothing(
    scene: Scene, code: int
) -> None:
    chats = [scene.group() for _ in range(3)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    calls: list[str] = []

    def refuse(method: str, params: Mapping[str, Any], seen: int) -> Fault | None:
        calls.append(method)
        return status(code)

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


# -------- database locked, disk full, PostgreSQL restarted


@pytest.mark.parametrize("away", [locked, full_disk], ids=["locked", "full"])
async def test_nothing_is_sent_while_its_intent_cannot_be_stored(
    scene: Scene, tmp_path: Path, away: Away
) -> None:
    (group,) = await planned(scene, [scene.group()])
    database = tmp_path / "ledger.sqlite3"
    scene.store = opened = await impatient(scene, database)
    with away(database), pytest.raises(StoreError):
        await scene.worker().drain()
    assert scene.telegram.calls_of("sendMessage") == []
    await scene.push()
    assert len(scene.texts(group)) == 1
    assert not await scene.marked(group)
    await opened.close()


async def test_a_running_worker_outlives_a_database_that_is_away(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (group,) = await planned(scene, [scene.group()])
    database = tmp_path / "ledger.sqlite3"
    scene.store = opened = await impatient(scene, database)
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
    await opened.close()


async def test_what_the_database_was_away_for_is_sent_as_soon_as_it_is_back(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chats = await planned(scene, [scene.private() for _ in range(2)])
    database = tmp_path / "ledger.sqlite3"
    scene.store = opened = await impatient(scene, database)
    stop, wake = asyncio.Event(), asyncio.Event()
    with contextlib.ExitStack() as held:

        async def sleep(seconds: float) -> None:
            while State.SENT not in {(await scene.row(chat)).state for chat in chats}:
                pass
            if "waits for the database" not in caplog.text:
                held.enter_context(locked(database))
            await scene.clock.sleep(seconds)

        worker = scene.worker(sleep=sleep, pace=Pace(overall_per_second=1))
        running = asyncio.create_task(worker.run(stop, wake))
        while "waits for the database" not in caplog.text:  # noqa: ASYNC110 - it tells nobody else
            await asyncio.sleep(0)
    wake.set()
    await scene.telegram.until(lambda: all(scene.texts(chat) for chat in chats))
    stop.set()
    await asyncio.wait_for(running, timeout=5)
    assert not any([await scene.marked(chat) for chat in chats])
    await opened.close()


async def test_what_was_sent_and_could_not_be_noted_is_in_doubt(
    scene: Scene, tmp_path: Path
) -> None:
    (group,) = await planned(scene, [scene.group()])
    database = tmp_path / "ledger.sqlite3"
    scene.store = opened = await impatient(scene, database)
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
    await opened.close()


async def test_the_owner_is_told_of_a_refused_token_though_the_database_is_away(
    scene: Scene, tmp_path: Path
) -> None:
    await planned(scene, [scene.group()])
    database = tmp_path / "ledger.sqlite3"
    scene.store = opened = await impatient(scene, database)
    with contextlib.ExitStack() as held:

        def lock_and_refuse(method: str, params: Mapping[str, Any], seen: int) -> Fault:
            held.enter_context(locked(database))
            return status(401)

        scene.server.faults = lock_and_refuse
        with pytest.raises(StoreError):
            await scene.worker().drain()
    (letter,) = scene.told
    assert "令牌" in letter
    await opened.close()


async def test_a_running_worker_outlives_a_postgresql_that_is_restarted(
    on_postgresql: Scene, postgresql: PostgresqlServer
) -> None:
    scene = on_postgresql
    chats = await planned(scene, [scene.private() for _ in range(30)])
    stop, wake = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(scene.worker().run(stop, wake))
    await scene.telegram.until(lambda: len(scene.server.accepted) >= 5)
    await asyncio.to_thread(postgresql.restart)
    await scene.telegram.until(lambda: all(scene.texts(chat) for chat in chats), 30)
    stop.set()
    await asyncio.wait_for(running, timeout=10)
    twice = [chat for chat in chats if len(scene.texts(chat)) > 1]
    assert all([await scene.marked(chat) for chat in twice])
    assert len(twice) <= 3


# -------- the clock jumps, a lease holder is paused


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_jumps_in_the_middle_of_a_broadcast_costs_nothing(
    scene: Scene, hours: int
) -> None:
    chats = [scene.private() for _ in range(12)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING

    def jump(method: str, params: Mapping[str, Any], seen: int) -> None:
        if len(scene.server.accepted) == 5:
            scene.clock.move(timedelta(hours=hours))

    scene.server.faults = jump
    await scene.push()
    scene.server.faults = None
    scene.clock.at = MORNING + timedelta(hours=2)
    await scene.push()
    assert [len(scene.texts(chat)) for chat in chats] == [1] * 12


async def test_who_was_paused_before_its_turn_sends_nothing_once_its_lease_is_over(
    anywhere: Scene,
) -> None:
    scene = anywhere
    chats = await planned(scene, [scene.private() for _ in range(2)])
    is_paused, goes_on = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        is_paused.set()
        await goes_on.wait()

    slow = scene.worker(sleep=sleep, pace=Pace(overall_per_second=1))
    running = asyncio.create_task(slow.run_once())
    await is_paused.wait()
    while State.SENT not in {(await scene.row(chat)).state for chat in chats}:
        await scene.telegram.until(lambda: len(scene.server.accepted) == 1)
    scene.clock.move(2 * LEASE)
    await scene.push()
    goes_on.set()
    await running
    assert [len(scene.texts(chat)) for chat in chats] == [1, 1]
    assert [await scene.marked(chat) for chat in chats] == [False, False]


async def test_who_claims_again_what_it_still_has_in_hand_sends_it_once(scene: Scene) -> None:
    chats = await planned(scene, [scene.private() for _ in range(2)])
    is_paused, goes_on = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        is_paused.set()
        await goes_on.wait()
        await scene.clock.sleep(seconds)

    stop, wake = asyncio.Event(), asyncio.Event()
    worker = scene.worker(sleep=sleep)
    running = asyncio.create_task(worker.run(stop, wake))
    await is_paused.wait()
    while State.SENT not in (states := [(await scene.row(chat)).state for chat in chats]):
        await scene.telegram.until(lambda: len(scene.server.accepted) == 1)
    (waiting,) = (chat for chat, state in zip(chats, states, strict=True) if state != State.SENT)
    scene.clock.move(2 * LEASE)  # the process was stopped, or the clock set
    wake.set()
    while (until := (await scene.row(waiting)).lease_until_at) and until < scene.clock():
        await scene.store.now()
    for _ in range(100):  # whoever has it now may come as far as to wait for its turn
        await scene.store.now()
    goes_on.set()
    await scene.telegram.until(lambda: len(scene.server.accepted) >= 2)
    stop.set()
    await running
    assert [len(scene.texts(chat)) for chat in chats] == [1, 1]
    assert [await scene.marked(chat) for chat in chats] == [False, False]
    assert len(scene.telegram.calls_of("sendMessage")) == 2


async def test_who_was_paused_after_its_turn_lets_the_row_go(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    (group,) = await planned(scene, [scene.group()])
    loop = asyncio.get_running_loop()
    real, time = scene.store.begin_in_turn, loop.time

    async def begin_and_sleep(*arguments: Any) -> Begun:
        begun = await real(*arguments)
        monkeypatch.setattr(loop, "time", lambda: time() + 60)
        return begun

    monkeypatch.setattr(scene.store, "begin_in_turn", begin_and_sleep)
    await scene.worker().run_once()
    monkeypatch.undo()
    assert scene.server.accepted == []
    await scene.push()
    assert len(scene.texts(group)) == 1
    assert not await scene.marked(group)


# -------- the token in any output


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
