"""A chat that moves to another zone takes what stands on its clocks along."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.delivery.plan import tick
from bot.model import Choice, Schedule, ScheduleKind
from bot.study import calendar
from tests.chat.conftest import Talk
from tests.ledger import begin, settle_sent
from tests.pressing import labels


async def scheduled(talk: Talk, chat_id: int, zone: str = "Asia/Shanghai") -> Schedule:
    """A quiz every day at 20:00."""
    made = Schedule(chat_id, ScheduleKind.QUIZ, time(20), zone, date(2026, 11, 24), talk.clock())
    return await talk.store.save_schedule(calendar.rescheduled(made, talk.clock()))


async def test_reminders_and_schedules_keep_their_time_of_day_in_the_new_zone(talk: Talk) -> None:
    group = await talk.group()
    sent = await talk.answer("/remind 每天 19:00 晚读", group)
    await talk.press(sent, "✅ 确认")
    before = await scheduled(talk, group.id)
    assert before.next_due_at == datetime(2026, 11, 24, 12, tzinfo=UTC)
    await talk.say("/settings 时区 东京", group)
    (reminder,) = await talk.store.reminders(group.id)
    assert (reminder.zone, reminder.at) == ("Asia/Tokyo", time(19))
    assert reminder.next_due_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    after = await talk.store.schedule(group.id, ScheduleKind.QUIZ)
    assert after is not None
    assert (after.zone, after.at, after.id) == ("Asia/Tokyo", time(20), before.id)
    assert after.next_due_at == datetime(2026, 11, 24, 11, tzinfo=UTC)


async def test_settings_that_leave_the_zone_leave_all_else(talk: Talk) -> None:
    group = await talk.group()
    before = await scheduled(talk, group.id)
    await talk.say("/settings 21:30", group)
    assert await talk.store.schedule(group.id, ScheduleKind.QUIZ) == before


async def test_schedules_go_out_with_an_export_and_begin_anew_elsewhere(talk: Talk) -> None:
    group, other = await talk.group(), await talk.group()
    before = await scheduled(talk, group.id)
    sent = await talk.answer("/export", group)
    for _ in range(2):
        await talk.answer("/import", other, reply_to=sent)
    after = await talk.store.schedule(other.id, ScheduleKind.QUIZ)
    assert after is not None
    assert (after.at, after.days, after.zone) == (before.at, before.days, before.zone)
    assert after.next_due_at == before.next_due_at
    assert after.id != before.id


# ------------------------------------------------------------------- a person elsewhere


async def test_a_person_is_asked_for_the_zone_at_the_first_subscription(talk: Talk) -> None:
    answer = await talk.answer("/subscribe 08:00")
    assert answer.text.endswith("不在北京时间的地方？点一下你的：")
    await talk.press(answer, "伦敦时间")
    one = await talk.store.subscription(talk.private.id)
    chat = await talk.store.chat(talk.private.id)
    assert one is not None
    assert chat is not None
    assert (one.zone, one.push_at, chat.zone) == ("Europe/London", time(8), "Europe/London")
    assert one.next_due_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert "下一次：今天（11月24日 星期二）08:00" in answer.text


async def test_a_zone_that_is_not_offered_is_one_more_tap_away(talk: Talk) -> None:
    answer = await talk.answer("/subscribe 08:00")
    await talk.press(answer, "别的时区")
    await talk.press(answer, "迪拜时间")
    assert "时区：迪拜时间" in answer.text


@pytest.mark.parametrize("words", ["08:00 时区 东京", "08:00 东京时间", "08:00 北京时间"])
async def test_who_says_the_zone_is_not_asked(talk: Talk, words: str) -> None:
    answer = await talk.answer(f"/subscribe {words}")
    assert labels(answer) == ["调整设置"]


async def test_who_has_been_asked_is_not_asked_again(talk: Talk) -> None:
    await talk.say("/subscribe 08:00")
    await talk.say("/unsubscribe")
    assert labels(await talk.answer("/subscribe 09:00")) == ["调整设置"]


async def test_a_group_is_not_asked(talk: Talk) -> None:
    group = await talk.group()
    assert labels(await talk.answer("/subscribe 08:00", group)) == ["调整设置"]


async def test_the_greeting_tells_the_zone_until_there_is_another(talk: Talk) -> None:
    assert "🕗 按北京时间，在别处请发：/settings 时区 东京" in (await talk.answer("/start")).text
    await talk.say("/settings 时区 东京")
    assert "🕗" not in (await talk.answer("/start")).text


# ------------------------------------------------------- the first push after a change

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)


async def first_on(talk: Talk, chat_id: int) -> date:
    one = await talk.store.subscription(chat_id)
    assert one is not None
    assert one.next_due_at is not None
    assert calendar.local_date(one.next_due_at, one.zone) >= one.first_on
    return one.first_on


@pytest.mark.parametrize(
    ("at", "change", "expected"),
    [
        ("08:00", "时区 伦敦", TODAY),  # 04:00 there
        ("08:00", "时区 东京", TOMORROW),  # 13:00 there
        ("20:00", "时区 夏威夷", TODAY - timedelta(days=1)),  # 18:00 on the day before
        ("08:00", "20:00", TODAY),
        ("08:00", "09:00", TOMORROW),
        ("08:00", "周末", TOMORROW),
    ],
)
async def test_what_has_not_begun_begins_as_early_as_what_is_subscribed_now(
    talk: Talk, at: str, change: str, expected: date
) -> None:
    await talk.say(f"/subscribe {at}")
    await talk.say(f"/settings {change}")
    assert await first_on(talk, talk.private.id) == expected


async def test_a_push_of_today_whose_time_is_over_in_the_new_zone_comes_at_once(
    talk: Talk,
) -> None:
    await talk.say("/subscribe 14:00")
    answer = await talk.answer("/settings 时区 奥克兰")  # 17:00 there
    assert await first_on(talk, talk.private.id) == TODAY
    assert "今天（11月24日 星期二）17:00" in answer.text


async def test_what_has_begun_keeps_its_first_day(talk: Talk) -> None:
    await talk.say("/subscribe 14:00")
    talk.clock.move(timedelta(days=1))
    await talk.say("/settings 11:00")
    one = await talk.store.subscription(talk.private.id)
    assert one is not None
    assert one.first_on == TODAY
    assert one.next_due_at == talk.clock() + timedelta(microseconds=1)


async def test_a_day_that_had_its_push_has_no_other(talk: Talk) -> None:
    await talk.say("/subscribe 12:30")
    talk.clock.move(timedelta(minutes=30))
    await tick(talk.store)
    (claimed,) = await talk.store.claim("test", 1, timedelta(minutes=1))
    begun = await begin(talk.store, claimed, Choice("q-2024-03-05"))
    assert begun is not None
    await settle_sent(talk.store, begun, 1)
    await talk.say("/unsubscribe")
    await talk.say("/subscribe 12:00")
    assert await first_on(talk, talk.private.id) == TOMORROW
    answer = await talk.answer("/settings 时区 伦敦")  # 04:30 there
    assert await first_on(talk, talk.private.id) == TOMORROW
    assert "明天（11月25日 星期三）12:00" in answer.text


async def test_a_schedule_that_has_not_begun_begins_today_in_the_new_zone(talk: Talk) -> None:
    group = await talk.group()
    one = await scheduled(talk, group.id)
    late = replace(one, at=time(8), first_on=TOMORROW)
    await talk.store.save_schedule(calendar.rescheduled(late, talk.clock()))
    await talk.say("/settings 时区 伦敦", group)
    after = await talk.store.schedule(group.id, ScheduleKind.QUIZ)
    assert after is not None
    assert after.first_on == TODAY
    assert after.next_due_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
