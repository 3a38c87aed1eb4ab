"""The engine for one process: APScheduler says when to look, one task delivers.

Here lives what drives `plan.tick` and the worker, and nothing about what they do. The
scheduler keeps no jobs of chats: the rows are the schedule, and its one interval only
says how often the clock is asked.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.delivery import plan
from bot.delivery.worker import Worker
from bot.errors import StoreError
from bot.store import Store

_log = logging.getLogger(__name__)

_TICK: Final = "tick"

# A little after the full minute, so that a database clock a little behind agrees that it is.
_AFTER_THE_MINUTE: Final = timedelta(milliseconds=200)
_MINUTE: Final = timedelta(minutes=1)
# The scheduler waits for a time of day. After that was set back it would wait as much longer.
_CLOCK_EVERY_SECONDS: Final = 10.0


class Embedded:
    """Ticks at once and at every full minute; delivers until stopped."""

    def __init__(self, store: Store, worker: Worker) -> None:
        self._store = store
        self._worker = worker
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()
        self._delivering: asyncio.Task[None] | None = None
        self._minding: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin, in the running event loop, with what came due while nobody looked."""
        first_at = _next_tick(datetime.now(UTC))
        self._scheduler.add_job(
            self._tick,
            IntervalTrigger(minutes=1, start_date=first_at, timezone=UTC),
            id=_TICK,
            misfire_grace_time=None,  # late is better than not at all
            coalesce=True,  # one tick catches up on everything
            max_instances=1,
        )
        self._scheduler.start()
        self._delivering = asyncio.create_task(
            self._worker.run(self._stop, self._wake), name="delivery"
        )
        self._minding = asyncio.create_task(self._mind_the_clock(), name="clock")
        self._scheduler.add_job(self._tick, misfire_grace_time=None)

    @property
    def next_tick_at(self) -> datetime:
        """When the clock will be asked next; aware UTC. Only while it runs."""
        at: datetime = self._scheduler.get_job(_TICK).next_run_time
        return at

    def mind_the_clock(self, now: datetime) -> None:
        """Bring the next tick back where, by `now` (aware UTC), it is further off than ever."""
        if self.next_tick_at > now + _MINUTE + _AFTER_THE_MINUTE:
            _log.warning("the clock was set back")
            self._scheduler.modify_job(_TICK, next_run_time=_next_tick(now))

    async def _mind_the_clock(self) -> None:
        while True:
            await asyncio.sleep(_CLOCK_EVERY_SECONDS)
            self.mind_the_clock(datetime.now(UTC))

    async def wait(self) -> None:
        """Return when delivering has stopped; raises what stopped it, if anything did."""
        if self._delivering is not None:
            await asyncio.shield(self._delivering)

    async def stop(self) -> None:
        """Stop ticking and claiming, let what is in flight finish: 10 s at the most."""
        if self._minding is not None:
            self._minding.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._stop.set()
        await self.wait()

    async def _tick(self) -> None:
        try:
            planned = await plan.tick(self._store, observer=self._worker.observer)
        except StoreError:
            # The next tick makes up for this one.
            _log.exception("the tick failed")
            return
        if planned:
            _log.info("planned", extra={"deliveries": planned})
            self._wake.set()


def _next_tick(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + _MINUTE + _AFTER_THE_MINUTE
