"""Reminders as iCalendar (RFC 5545): events with their rule, their exceptions and alarms.

Here live the file and the words that go with it. A rule over China's working days, which
the standard cannot say, is written out date by date; so is what was moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vRecur

from bot.model import Answer, Language, Occurrence, Reminder
from bot.render.language import _, _n, language

FILE_NAME = "reminders.ics"
_PRODUCT = "-//studybot//reminders//{language}"  # two letters, as RFC 5545 has it of FPIs


@dataclass(frozen=True, slots=True)
class Entry:
    """A reminder with occurrences to come: the next, or all that must be written out."""

    reminder: Reminder
    upcoming: Sequence[Occurrence]


def calendar(entries: Sequence[Entry], now: datetime) -> bytes:
    """The file, in UTF-8 with CRLF; times stand in each reminder's zone."""
    made = Calendar()
    spoken = "EN" if language() is Language.ENGLISH else "ZH"
    made.add("prodid", _PRODUCT.format(language=spoken))
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for entry in entries:
        for event in _events(entry, now):
            made.add_component(event)
    made.add_missing_timezones()
    content: bytes = made.to_ical()
    return content


def sent(events: int) -> Answer:
    """What stands under the file."""
    return Answer(_n("📅 共 {count} 个提醒。用手机打开这个文件，就能加进日历。", events))


def nothing() -> Answer:
    """There is nothing to put into a calendar."""
    example = "/remind 每周五 15:00 学习会"
    return Answer(_("还没有提醒，日历是空的。先设一个，例如：{example}", example=example))


def _events(entry: Entry, now: datetime) -> list[Event]:
    reminder = entry.reminder
    recurrence = reminder.recurrence
    if recurrence.workday is not None:
        return [
            _event(reminder, one.starts_at, now, f"-{one.occurs_on:%Y%m%d}")
            for one in entry.upcoming
        ]
    zone = ZoneInfo(reminder.zone)
    first = datetime.combine(recurrence.starts_on, reminder.at, zone)
    event = _event(reminder, first, now, "")
    if recurrence.rule:
        event.add("rrule", vRecur.from_ical(_ending(recurrence.rule, reminder, zone)))
    events = [event]
    for change in reminder.changes:
        was_at = datetime.combine(change.occurs_on, reminder.at, zone)
        if change.to_on is None:
            event.add("exdate", was_at)
            continue
        moved = datetime.combine(change.to_on, change.at or reminder.at, zone)
        other = _event(reminder, moved, now, "")
        other.add("recurrence-id", was_at)
        events.append(other)
    return events


def _ending(rule: str, reminder: Reminder, zone: ZoneInfo) -> str:
    """The rule with its last date as a moment: with a start in a zone, UNTIL must be in UTC."""
    ends_on = reminder.recurrence.ends_on
    if ends_on is None:
        return rule
    last = datetime.combine(ends_on, reminder.at, zone).astimezone(UTC)
    return rule.replace(f"UNTIL={ends_on:%Y%m%d}", f"UNTIL={last:%Y%m%dT%H%M%SZ}")


def _event(reminder: Reminder, starts_at: datetime, now: datetime, mark: str) -> Event:
    event = Event()
    starts_at = starts_at.astimezone(ZoneInfo(reminder.zone))
    event.add("uid", f"{reminder.uid}{mark}@studybot")
    event.add("dtstamp", now)
    event.add("summary", reminder.title)
    event.add("dtstart", starts_at)
    event.add("duration", reminder.lasts)
    if reminder.place:
        event.add("location", reminder.place)
    if reminder.theme:
        event.add("description", _("主题：{theme}", theme=reminder.theme))
    for lead in reminder.leads:
        event.add_component(_alarm(reminder, lead))
    return event


def _alarm(reminder: Reminder, lead: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", reminder.title)
    alarm.add("trigger", -lead)
    return alarm
