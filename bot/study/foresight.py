"""What will be pushed when: the days to come, as delivery will decide them.

Here lives the foretelling alone. It asks the very functions that the tick and the worker ask
(`calendar.due`, `choice.choose`), day by day, taking each day's choice for shown before it
looks at the next; so it is right as long as nobody changes anything. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from bot.model import NO_PLAN, Corpus, DayPlan, Foreseen, Quote, Shown, Subscription
from bot.study import calendar
from bot.study.choice import Nearest, choose
from bot.study.rotation import next_in_order

NOTHING_ENTERED: Mapping[date, bool] = MappingProxyType({})

_DAY = timedelta(days=1)


def foresee(
    corpus: Corpus,
    nearest: Nearest,
    subscription: Subscription,
    history: Sequence[Shown],
    plans: Mapping[date, DayPlan],
    *,
    seed: int,
    first_on: date,
    days: int,
    entered: Mapping[date, bool] = NOTHING_ENTERED,
) -> tuple[Foreseen, ...]:
    """The pushes of `days` local dates from `first_on`, today, on.

    `history` is oldest first. `entered` are the dates that the ledger has a row for, and
    whether that is still open: one that is not, and not in the history either, was missed.
    """
    shown = list(history)
    known = {one.on: one.choice for one in history if one.is_ours}
    elsewhere = {one.on: one.choice for one in history if not one.is_ours}
    found = []
    for on in (first_on + ahead * _DAY for ahead in range(days)):
        plan = plans.get(on, NO_PLAN)
        due_at = due_on(subscription, on)
        if on in known:
            found.append(Foreseen(on, due_at, known[on], plan, is_entered=True, is_shown=True))
        elif due_at is None and on in elsewhere:
            found.append(Foreseen(on, None, elsewhere[on], plan, is_entered=True, is_shown=True))
        elif not entered.get(on, due_at is not None):
            found.append(Foreseen(on, None, plan=plan, is_entered=on in entered))
        else:
            choice = choose(
                corpus, nearest, subscription, shown, seed=seed, on=on, pinned_id=plan.quote_id
            )
            shown.append(Shown(on, choice))
            found.append(Foreseen(on, due_at, choice, plan, is_entered=on in entered))
    return tuple(found)


def due_on(subscription: Subscription, on: date) -> datetime | None:
    """When the push of this local date is due; None on a day without one."""
    start = calendar.moment(on, time.min, subscription.zone)
    # A wall time in a gap of the clock may come after the next midnight.
    window = replace(subscription, next_due_at=start - _DAY)
    dues = calendar.due(window, start + 2 * _DAY)
    return next((one.due_at for one in dues if one.local_on == on), None)


def another(corpus: Corpus, subscription: Subscription, quote_id: str, *, seed: int) -> Quote:
    """The quotation to take instead of this one: asked again and again, all come up.

    Of the subscription's theme; the same one only where there is no other.
    """
    return next_in_order(corpus.quotes, quote_id, theme=subscription.theme, seed=seed)
