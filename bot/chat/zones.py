"""The zone of a chat, and all that stands on its clocks.

Here lives what follows when a chat moves to another zone: its reminders and schedules keep
their time of day, which is then another moment. The push has a zone beside its other
settings, and is stored with those.
"""

from __future__ import annotations

from dataclasses import replace

from bot.chat.context import Context
from bot.model import Chat, ScheduleKind
from bot.study import calendar, recurrence, turns


async def move_to_zone(context: Context, chat: Chat, zone: str) -> None:
    """Have the chat live in `zone`, a name that is known. Nothing happens where it does already.

    The chat is stored last: cut off in between, the same wish does the rest.
    """
    if chat.zone == zone:
        return
    now = context.now()
    for reminder in await context.store.reminders(chat.id):
        there = replace(reminder, zone=zone, edited_at=now)
        there = turns.going_on(reminder, there, now)
        look_at = reminder.next_due_at
        if look_at is None or look_at > now:  # what has just come due is not passed over
            look_at = recurrence.next_due(there, now)
        await context.store.save_reminder(replace(there, next_due_at=look_at))
    for schedule in await context.store.schedules(chat.id):
        first_on = schedule.first_on
        if schedule.kind is not ScheduleKind.PART:  # whose parts have their dates by the plan
            first_on = calendar.first_on_moved(schedule, schedule.at, zone, now)
        moved = replace(schedule, zone=zone, first_on=first_on)
        await context.store.save_schedule(calendar.rescheduled(moved, now))
    await context.store.save_chat(replace(chat, zone=zone))
