"""The store: the only room that speaks SQL. What is kept, and the transactions on it.

Others use `open_store` and the `Store` it returns, and what is named below. What
is decided about the rows (when something is due, what is shown, how it is sent) lives
in `study` and `delivery`.
"""

from bot.store.backup import check_backup, copy_online, postgresql_address, restore, sqlite_file
from bot.store.offices import BOT_OFFICE, Office, office_holder
from bot.store.pacing import Turns
from bot.store.planning import Plan, SchedulePlan
from bot.store.reading_plans import PartBriefing
from bot.store.reminders import NoticeBriefing, ReminderPlan
from bot.store.restoring import Restored
from bot.store.schedules import ScheduleBriefing
from bot.store.sending import Begun, Ready
from bot.store.store import Store, open_store
from bot.store.story import Briefing
from bot.store.ticks import Downtime, Missed
from bot.store.updates import Turn
from bot.store.watch import Condition, Lateness

__all__ = [
    "BOT_OFFICE",
    "Begun",
    "Briefing",
    "Condition",
    "Downtime",
    "Lateness",
    "Missed",
    "NoticeBriefing",
    "Office",
    "PartBriefing",
    "Plan",
    "Ready",
    "ReminderPlan",
    "Restored",
    "ScheduleBriefing",
    "SchedulePlan",
    "Store",
    "Turn",
    "Turns",
    "check_backup",
    "copy_online",
    "office_holder",
    "open_store",
    "postgresql_address",
    "restore",
    "sqlite_file",
]
