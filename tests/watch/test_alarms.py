"""Alarms: each told once until it clears, by one process, and never too many an hour."""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from pathlib import Path

import pytest

from bot.store import Store
from bot.study.calendar import workdays_known_until
from bot.watch import signs
from bot.watch.alarms import Alarms, Owner
from bot.watch.signs import Sign, Troubles, look
from bot.watch.watchman import Nightly, Watchman
from tests.clock import Clock
from tests.watch.conftest import ZONE, Reader, subscribe

LATE = Sign("late", "⏰ 有 3 条推送晚了五分钟以上。请看日志。")
DISK = Sign("disk on here", "💾 磁盘只剩 3%。请清出空间。")
ROUNDS_TO_CLEAR = 10


@pytest.fixture
def alarms(store: Store, owner: Owner) -> Alarms:
    return Alarms(store, owner)


async def test_an_alarm_is_told_once_however_long_it_lasts(alarms: Alarms, reader: Reader) -> None:
    for _ in range(60):
        await alarms.update([LATE])
    assert reader.came == [LATE.text]


async def test_when_it_has_stayed_away_for_ten_rounds_its_end_is_told(
    alarms: Alarms, reader: Reader
) -> None:
    await alarms.update([LATE])
    for _ in range(ROUNDS_TO_CLEAR):
        await alarms.update([])
    assert reader.came == [LATE.text, "✅ 已恢复：⏰ 有 3 条推送晚了五分钟以上"]


async def test_a_trouble_that_comes_and_goes_is_one_trouble(alarms: Alarms, reader: Reader) -> None:
    for _ in range(20):
        await alarms.update([LATE])
        await alarms.update([])
    assert reader.came == [LATE.text]


async def test_after_its_end_it_is_told_anew(alarms: Alarms, reader: Reader) -> None:
    await alarms.update([LATE])
    for _ in range(ROUNDS_TO_CLEAR):
        await alarms.update([])
    await alarms.update([LATE])
    assert reader.came[2:] == [LATE.text]


async def test_neither_a_restart_nor_another_replica_tells_it_again(
    store: Store, owner: Owner, reader: Reader
) -> None:
    await Alarms(store, owner).update([LATE])
    await Alarms(store, owner).update([LATE])
    assert reader.came == [LATE.text]


async def test_after_a_restart_the_end_of_what_was_told_before_is_told(
    store: Store, owner: Owner, reader: Reader
) -> None:
    await Alarms(store, owner).update([LATE])
    restarted = Alarms(store, owner)
    await restarted.recall()
    for _ in range(ROUNDS_TO_CLEAR):
        await restarted.update([])
    assert reader.came[1:] == ["✅ 已恢复：⏰ 有 3 条推送晚了五分钟以上"]


def watchman(store: Store, owner: Owner, clock: Clock) -> Watchman:
    return Watchman(
        store,
        owner,
        Troubles(),
        data_dir=Path("/nowhere"),
        zone=ZONE,
        nightly=Nightly(clock().time(), 0, 0),
        clock=clock,
    )


# -------------------------------------------------------------------- the letter box


async def test_no_more_than_four_messages_an_hour_reach_the_owner(
    owner: Owner, reader: Reader
) -> None:
    for number in range(50):
        await owner.tell(f"消息 {number}。")
    assert len(reader.came) == 4


async def test_what_was_too_much_comes_later_as_one_message_and_nothing_is_lost(
    owner: Owner, reader: Reader, clock: Clock
) -> None:
    for number in range(50):
        await owner.tell(f"消息 {number}。")
    clock.advance(minutes=61)
    await owner.deliver()
    assert len(reader.came) == 5
    assert all(f"消息 {number}。" in "".join(reader.came) for number in range(50))


async def test_many_long_messages_are_cut_to_one_that_fits_and_the_rest_counted(
    owner: Owner, reader: Reader, clock: Clock
) -> None:
    for number in range(104):
        await owner.tell(f"{number}" + "长" * 200)
    clock.advance(minutes=61)
    await owner.deliver()
    assert len(reader.came[-1]) <= 4096
    assert reader.came[-1].endswith("条，请看日志。")


async def test_what_cannot_be_sent_now_is_sent_later_and_says_of_when_it_is(
    owner: Owner, reader: Reader, clock: Clock
) -> None:
    reader.is_away = True
    await owner.tell("⛔️ 令牌失效。")
    clock.advance(minutes=90)
    reader.is_away = False
    await owner.deliver()
    assert reader.came == ["（11-24 08:00 的消息，现在才发得出来）⛔️ 令牌失效。"]


async def test_what_could_not_be_sent_uses_up_none_of_the_four_messages(
    owner: Owner, reader: Reader
) -> None:
    reader.is_away = True
    for number in range(6):
        await owner.tell(f"消息 {number}。")
    reader.is_away = False
    await owner.deliver()
    assert reader.came == ["\n\n".join(f"消息 {number}。" for number in range(6))]


async def test_what_is_told_while_a_message_is_on_its_way_does_not_send_that_one_again(
    store: Store, reader: Reader, clock: Clock
) -> None:
    on_its_way, may_arrive = asyncio.Event(), asyncio.Event()

    async def slowly(text: str) -> bool:
        on_its_way.set()
        await may_arrive.wait()
        return await reader.send(text)

    owner = Owner(store, slowly, ZONE, clock)
    first = asyncio.create_task(owner.tell("甲。"))
    await on_its_way.wait()
    second = asyncio.create_task(owner.tell("乙。"))
    may_arrive.set()
    await asyncio.gather(first, second)
    assert reader.came == ["甲。", "乙。"]


async def test_what_is_told_within_a_few_seconds_comes_as_one_message(
    store: Store, clock: Clock
) -> None:
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    came: asyncio.Queue[str] = asyncio.Queue()

    async def wait(_seconds: float) -> None:
        await over

    async def send(text: str) -> bool:
        came.put_nowait(text)
        return True

    owner = Owner(store, send, ZONE, clock, sleep=wait)
    for text in ("甲。", "乙。", "丙。"):
        await owner.tell_soon(text)
    over.set_result(None)
    assert await came.get() == "甲。\n\n乙。\n\n丙。"


async def test_what_is_being_gathered_is_told_before_the_bot_stops(
    store: Store, owner: Owner, reader: Reader, clock: Clock
) -> None:
    await owner.tell_soon("甲。")
    await watchman(store, owner, clock).stop()
    assert reader.came == ["甲。"]


async def test_what_is_told_once_the_watch_is_over_is_told_at_once(
    owner: Owner, reader: Reader
) -> None:
    await owner.close()
    await owner.tell_soon("甲。")
    assert reader.came == ["甲。"]


async def test_the_text_for_the_owner_is_logged_as_a_letter_in_which_ids_are_hidden(
    owner: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "bot.watch.alarms"):
        await owner.tell("私聊 5001000029。")
    (line,) = caplog.records
    assert "5001000029" not in line.getMessage()
    assert vars(line)["letter"] == "私聊 5001000029。"


async def test_a_database_that_cannot_be_used_keeps_no_message_from_the_owner(
    owner: Owner, reader: Reader, store: Store
) -> None:
    with store._database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE facts")
    await owner.tell("⚠️")
    assert reader.came == ["⚠️"]


# ---------------------------------------------------------------------------- the signs


async def signs_of(store: Store, clock: Clock, *, today: date | None = None) -> list[str]:
    found = await look(
        store,
        Path.cwd(),
        today=today or clock().date(),
        zone=ZONE,
        troubles=Troubles(),
    )
    return [one.name for one in found]


async def test_all_is_well_without_a_sign(store: Store, clock: Clock) -> None:
    await subscribe(store, clock)
    assert await signs_of(store, clock) == []


async def test_a_push_more_than_five_minutes_late_is_a_sign(store: Store, clock: Clock) -> None:
    await subscribe(store, clock)
    clock.advance(minutes=6)
    assert await signs_of(store, clock) == ["late"]


async def test_the_end_of_the_known_working_days_is_a_sign_to_who_uses_them(
    store: Store, clock: Clock
) -> None:
    december = workdays_known_until().replace(month=12, day=15)
    assert await signs_of(store, clock, today=december) == []
    await subscribe(store, clock)
    assert await signs_of(store, clock, today=december) == ["workdays"]


async def test_a_disk_nearly_full_is_a_sign(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signs, "LEAST_FREE_PERCENT", 100.1)
    (name,) = await signs_of(store, clock)
    assert name.startswith("disk on ")


def test_a_corpus_that_failed_to_load_is_a_sign_until_one_loads() -> None:
    troubles = Troubles()
    troubles.corpus_failed("corpus/x/quotes.yaml:3: no date, expected YYYY-MM-DD\nand more")
    (sign,) = troubles.signs()
    assert "studybot check" in sign.text
    assert "quotes.yaml:3: no date, expected YYYY-MM-DD" in sign.text
    troubles.corpus_loaded()
    assert troubles.signs() == ()


async def test_a_round_tells_what_is_wrong_and_what_to_do(
    store: Store, owner: Owner, reader: Reader, clock: Clock
) -> None:
    await subscribe(store, clock)
    clock.advance(minutes=10)
    watching = watchman(store, owner, clock)
    await watching.round()
    await watching.round()
    (told,) = reader.came
    assert "有 1 条推送晚了五分钟以上，最早的一条应在 11-24 08:00 送出" in told
    assert "studybot doctor" in told
