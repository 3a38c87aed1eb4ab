"""The store: the only room that speaks SQL. What is kept, and the transactions on it.

Others use `open_store` and the `Store` it returns, and nothing else of this room. What
is decided about the rows (when something is due, what is shown, how it is sent) lives
in `study` and `delivery`.
"""

from bot.store.offices import Office
from bot.store.planning import Plan
from bot.store.store import Store, open_store
from bot.store.story import Briefing
from bot.store.updates import Turn

__all__ = ["Briefing", "Office", "Plan", "Store", "Turn", "open_store"]
