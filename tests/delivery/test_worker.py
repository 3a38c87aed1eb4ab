"""A push from the tick to the ledger's last word, over HTTP: once, in order, at its pace."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from itertools import pairwise

from bot.delivery.plan import tick
from bot.model import Content, Pace, QuoteOrder, SkipReason, State
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, MORNING, Scene, long_winded

DAY = timedelta(days=1)
LEASE = timedelta(minutes=2)
SERVER_ERROR = Fault(FaultKind.STATUS, status=500, description="Internal Server Error")


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


async def test_a_push_arrives_once_however_often_the_clock_ticks(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    for _ in range(3):
        await scene.push()
    assert len(scene.texts(group)) == 1


async def test_every_chat_hears_once_from_several_workers_at_once(scene: Scene) -> None:
    chats = [scene.private() for _ in range(40)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    await asyncio.gather(*(scene.push() for _ in range(3)))
    assert [len(scene.texts(chat)) for chat in chats] == [1] * 40
    assert not any([await scene.marked(chat) for chat in chats])


async def test_a_push_goes_to_the_topic_it_was_ordered_in(scene: Scene) -> None:
    group = scene.group(is_forum=True)
    thread_id = scene.telegram.topic(group, "学习", scene.owner)
    await scene.subscribe(group, thread_id=thread_id)
    scene.clock.at = MORNING
    await scene.push()
    (message,) = scene.telegram.sent(group)
    assert message.thread_id == thread_id


# ------------------------------------------------------------------ which days


async def test_after_three_days_down_one_push_comes_and_the_days_missed_say_so(
    scene: Scene,
) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING + 3 * DAY
    await scene.push()
    (text,) = scene.texts(group)
    assert "11月27日" in text
    for missed in (24, 25, 26):
        row = await scene.row(group, date(2026, 11, missed))
        assert (row.state, row.reason) == (State.SKIPPED, SkipReason.TOO_LATE)


async def test_a_push_later_than_its_grace_is_not_sent(scene: Scene) -> None:
    late, later = scene.group(), scene.group()
    await scene.subscribe(late)
    await scene.subscribe(later, grace=timedelta(hours=2))
    scene.clock.at = MORNING + timedelta(hours=3)
    await scene.push()
    assert len(scene.texts(late)) == 1
    assert scene.texts(later) == []
    assert (await scene.row(later)).reason == SkipReason.TOO_LATE


async def test_what_waits_beyond_its_grace_is_given_up(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await tick(scene.store)
    scene.clock.move(timedelta(hours=7))
    await scene.push()
    assert scene.texts(group) == []
    assert (await scene.row(group)).state is State.SKIPPED


async def test_a_day_is_not_sent_again_when_its_time_is_moved(scene: Scene) -> None:
    group = scene.group()
    made = await scene.subscribe(group)
    scene.clock.at = MORNING
    await scene.push()
    scene.clock.move(MINUTE)
    await scene.subscribe(group, push_at=made.push_at.replace(hour=9), first_on=made.first_on)
    for _ in range(6):
        scene.clock.move(timedelta(minutes=15))
        await scene.push()
    assert len(scene.texts(group)) == 1


async def test_clocks_going_back_and_forth_leave_one_push_a_date(scene: Scene) -> None:
    back, forth = scene.group(), scene.group()
    for group, changes_on in ((back, date(2026, 10, 25)), (forth, date(2027, 3, 28))):
        scene.clock.at = scene.midnight(changes_on) - DAY
        half_past_two = MORNING.time().replace(hour=2, minute=30)
        await scene.subscribe(group, push_at=half_past_two, zone="Europe/Berlin")
        for _ in range(6 * 24):  # three days, by the half hour
            scene.clock.move(timedelta(minutes=30))
            await scene.push()
        days = [changes_on - DAY, changes_on, changes_on + DAY]
        states = [(await scene.row(group, on)).state for on in days]
        assert states == [State.SENT] * 3
        await scene.unsubscribe(group)
    assert len(scene.texts(back)) == len(scene.texts(forth)) == 3


async def test_what_is_unsubscribed_before_it_is_sent_stays_unsent(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.unsubscribe(group)
    await scene.worker().drain()
    assert scene.texts(group) == []
    assert (await scene.row(group)).reason == SkipReason.UNSUBSCRIBED


# ---------------------------------------------------------------- what it says


async def test_a_retry_says_what_was_chosen_first(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    scene.fail(SERVER_ERROR)
    await scene.push()
    chosen = (await scene.row(group)).choice
    assert chosen.quote_id
    await scene.subscribe(group, quote_order=QuoteOrder.DATE, theme="未来产业")
    scene.clock.move(MINUTE)
    await scene.push()
    row = await scene.row(group)
    assert (row.state, row.choice) == (State.SENT, chosen)


async def test_thirty_days_show_thirty_quotations(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    shown = set()
    for day in range(len(scene.corpus.quotes)):
        scene.clock.at = MORNING + day * DAY
        await scene.push()
        shown.add((await scene.row(group)).choice.quote_id)
    assert len(shown) == len(scene.corpus.quotes)


async def test_a_push_carries_only_what_the_chat_wants(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group, content=Content.READING)
    scene.clock.at = MORNING
    await scene.push()
    choice = (await scene.row(group)).choice
    assert (choice.quote_id, bool(choice.section_id)) == ("", True)


async def test_a_theme_that_nothing_has_still_gives_a_reading(scene: Scene) -> None:
    both, only_quotes = scene.group(), scene.group()
    await scene.subscribe(both, theme="没有这个主题")
    await scene.subscribe(only_quotes, theme="没有这个主题", content=Content.QUOTE)
    scene.clock.at = MORNING
    await scene.push()
    assert (await scene.row(both)).state is State.SENT
    assert (await scene.row(only_quotes)).state is State.SKIPPED


# ------------------------------------------------------------------- long ones


SENTENCES = "".join(f"第{number}句话说到这里。" for number in range(1000))


async def test_a_long_push_is_sent_in_parts_and_in_order(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, SENTENCES)
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await scene.push()
    first, *others = scene.texts(group)
    assert first.startswith("📖 每日一语")
    assert len(others) >= 2
    said = "".join(scene.texts(group))
    numbers = [said.index(f"第{number}句") for number in range(1000)]
    assert numbers == sorted(numbers)
    assert [bool(one.buttons) for one in scene.telegram.sent(group)] == [False] * len(others) + [
        True
    ]
    rows = await scene.rows(group)
    assert [row.part for row in rows] == list(range(1, len(rows) + 1))
    assert {row.state for row in rows} == {State.SENT}
    assert len({row.choice for row in rows}) == 1


async def test_a_part_that_fails_holds_back_those_after_it(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, SENTENCES)
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    scene.fail(None, SERVER_ERROR)
    await scene.push()
    assert len(scene.texts(group)) == 1
    scene.clock.move(MINUTE)
    await scene.push()
    said = "".join(scene.texts(group))
    numbers = [said.index(f"第{number}句") for number in range(1000)]
    assert numbers == sorted(numbers)


async def test_only_the_part_in_doubt_is_sent_again_and_marked(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, SENTENCES)
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    scene.fail(None, Fault(FaultKind.LOSE_REPLY))
    await scene.push()
    scene.clock.move(MINUTE)
    await scene.push()
    texts = scene.texts(group)
    assert texts[2].endswith(texts[1])
    assert ["可能与刚才的重复" in text for text in texts] == [False, False, True] + [False] * (
        len(texts) - 3
    )


# -------------------------------------------------------------------- the pace


async def test_a_broadcast_stays_below_telegrams_limits(scene: Scene) -> None:
    chats = [scene.private() for _ in range(70)] + [scene.group() for _ in range(20)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    await scene.push()  # the local Telegram refuses the 31st message of any second
    assert all(call.ok for call in scene.telegram.calls_of("sendMessage"))
    assert [len(scene.texts(chat)) for chat in chats] == [1] * 90
    took = (scene.clock() - MORNING).total_seconds()
    assert 89 / 28 - 0.1 <= took <= 89 / 28 + 0.2


async def test_the_parts_for_a_group_are_three_seconds_apart(scene: Scene) -> None:
    scene.corpus = long_winded(scene.corpus, SENTENCES)
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await scene.push()
    at = [one.sent_at for one in scene.telegram.sent(group)]
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(at)]
    assert gaps == [3.0] * len(gaps)


async def test_a_paid_broadcast_says_so(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await scene.push(scene.worker(pace=Pace(overall_per_second=1000)))
    (call,) = scene.telegram.calls_of("sendMessage")
    assert call.params["allow_paid_broadcast"] == "true"


# --------------------------------------------------------------- who goes away


async def test_a_row_claimed_and_not_begun_is_sent_as_if_nothing_had_been(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.store.claim("died", 10, MINUTE)
    await scene.push()
    assert scene.texts(group) == []
    scene.clock.move(LEASE)
    await scene.push()
    assert len(scene.texts(group)) == 1
    assert not await scene.marked(group)


async def test_a_row_begun_by_who_died_is_sent_once_silently_and_marked(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING
    await tick(scene.store)
    await scene.die_while_sending()
    assert (await scene.row(group)).state is State.SENDING
    chosen = (await scene.row(group)).choice
    scene.clock.move(LEASE)
    for _ in range(3):
        await scene.push()
    first, second = scene.telegram.sent(group)
    assert second.text.endswith(first.text)
    assert "可能与刚才的重复" in second.text
    assert (first.is_silent, second.is_silent) == (False, True)
    row = await scene.row(group)
    assert (row.state, row.may_be_duplicate, row.choice) == (State.SENT, True, chosen)


async def test_a_worker_told_to_stop_finishes_what_it_is_sending(scene: Scene) -> None:
    chats = [scene.private() for _ in range(3)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    await tick(scene.store)
    scene.server.latency_seconds = 0.2
    stop = asyncio.Event()
    running = asyncio.create_task(scene.worker().run(stop, asyncio.Event()))
    await scene.telegram.until(lambda: scene.telegram.calls_of("sendMessage"))
    stop.set()
    await asyncio.wait_for(running, timeout=5)
    rows = [await scene.row(chat) for chat in chats]
    sent = [len(scene.texts(chat)) for chat in chats]
    assert [int(row.state is State.SENT) for row in rows] == sent
    assert {row.state for row in rows} <= {State.SENT, State.DUE}
    assert not any(row.lease_owner for row in rows)


async def test_a_worker_told_to_stop_gives_back_what_waits_for_its_turn(scene: Scene) -> None:
    chats = [scene.private() for _ in range(3)]
    for chat in chats:
        await scene.subscribe(chat)
    scene.clock.at = MORNING
    await tick(scene.store)
    waits, goes_on = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.set()
        await goes_on.wait()
        await scene.clock.sleep(seconds)

    stop = asyncio.Event()
    worker = scene.worker(sleep=sleep, pace=Pace(overall_per_second=1))
    running = asyncio.create_task(worker.run(stop, asyncio.Event()))
    await waits.wait()
    await scene.telegram.until(lambda: scene.telegram.calls_of("sendMessage"))
    stop.set()
    # It may be claiming, in a thread of the store.
    while not worker._is_closed:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)
    goes_on.set()
    await asyncio.wait_for(running, timeout=5)
    states = [(await scene.row(chat)).state for chat in chats]
    assert sorted(states) == [State.DUE, State.DUE, State.SENT]


async def test_a_worker_that_runs_is_woken_and_delivers(scene: Scene) -> None:
    group = scene.group()
    await scene.subscribe(group)
    stop, wake = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(scene.worker().run(stop, wake))
    scene.clock.at = MORNING
    await tick(scene.store)
    wake.set()
    await scene.telegram.until(lambda: scene.texts(group))
    stop.set()
    await asyncio.wait_for(running, timeout=5)
    assert (await scene.row(group)).state is State.SENT
