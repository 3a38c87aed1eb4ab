"""A chat that moves to another zone takes what stands on its clocks along."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.model import Schedule, ScheduleKind
from bot.study import calendar
from tests.chat.conftest import Talk


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
