"""The engine for many processes: Procrastinate carries two jobs, the ledger decides.

Here lives what puts the jobs `tick` and `deliver` into Procrastinate's queue and runs them,
and nothing about what they do. Nothing depends on a job being run, or on its being run once:

- `tick` is put in every minute by all replicas, and by the queue's rule once; a lost or
  doubled one is made up for or harmless, as `plan.tick` asks what is due by now;
- `deliver`, put in when something has become due, wakes one replica at once; the others
  look by themselves every second, as every worker does, and help;
- while the queue cannot be used it is tried again, and the worker goes on without it.

Both jobs have a queueing lock: at most one of each waits, however long nobody takes it.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, Final

from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.jobs import DeleteJobCondition, Status

from bot.delivery import plan
from bot.delivery.worker import Worker
from bot.errors import StoreError
from bot.store import Store

_log = logging.getLogger(__name__)

_QUEUE: Final = "studybot"
_EVERY_MINUTE: Final = "* * * * *"
_LOOK_SECONDS: Final = 5.0  # for jobs whose notification was lost
_FINISH_SECONDS: Final = 4.0  # a tick takes less; cut off, it is made up for
_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0
# A process whose clock is ahead has put the tick in before the minute has come.
_LONGEST_EARLY_SECONDS: Final = 60.0


class Distributed:
    """Shares ticks and deliveries with the other replicas on the store's database.

    The job queue's tables have to be there: see `Store.upgrade_jobs`.
    """

    def __init__(self, store: Store, worker: Worker) -> None:
        self._store = store
        self._worker = worker
        self._queue = App(connector=store.job_connector())
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        minutely = self._queue.periodic(cron=_EVERY_MINUTE)
        tick = self._queue.task(name="tick", queue=_QUEUE, queueing_lock="tick")(self._tick)
        self._tick_job = minutely(tick)
        self._deliver_job = self._queue.task(name="deliver", queue=_QUEUE, queueing_lock="deliver")(
            self._deliver
        )

    async def start(self) -> None:
        """Begin, in the running event loop, with what came due while nobody looked."""
        self._tasks = [
            asyncio.create_task(self._worker.run(self._stop, self._wake), name="delivery"),
            asyncio.create_task(self._carry(), name="jobs"),
        ]

    async def wait(self) -> None:
        """Return when delivering has stopped; raises what stopped it, if anything did."""
        if self._tasks:
            done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    async def stop(self) -> None:
        """Take no more jobs and claims, let what is in flight finish: 10 s at the most."""
        self._stop.set()
        if self._tasks:
            delivering, carrying = self._tasks
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
            await delivering

    # -------------------------------------------------------------------------- the jobs

    async def _tick(self, timestamp: int) -> None:
        """Plan what is due; `timestamp` is the minute, in seconds since 1970."""
        try:
            early = datetime.fromtimestamp(timestamp, UTC) - await self._store.now()
            await asyncio.sleep(min(max(early.total_seconds(), 0), _LONGEST_EARLY_SECONDS))
            planned = await plan.tick(self._store, observer=self._worker.observer)
        except StoreError:
            # The next tick makes up for this one.
            _log.exception("the tick failed")
            return
        if planned:
            _log.info("planned", extra={"deliveries": planned})
            await self._put(self._deliver_job)
        await self._clear()

    async def _deliver(self) -> None:
        """Have this replica's worker look now."""
        self._wake.set()

    async def _clear(self) -> None:
        """Take away what replicas left when they died: their jobs were made up for."""
        manager = self._queue.job_manager
        for job in await manager.get_stalled_jobs(queue=_QUEUE):
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)

    async def _put(self, job: Any, **arguments: object) -> None:
        try:
            await job.defer_async(**arguments)
        except AlreadyEnqueued:
            _log.debug("there is such a job already", extra={"job": job.name})

    # ------------------------------------------------------------------------- the queue

    async def _carry(self) -> None:
        """Run jobs until cancelled, and again whenever the queue could not be used."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            began_at = asyncio.get_running_loop().time()
            try:
                await self._run_jobs()
                reason = "see above"
            except (ProcrastinateException, OSError) as error:
                reason = f"{type(error).__name__}: {error}"
            if asyncio.get_running_loop().time() - began_at > _LONGEST_PAUSE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            _log.warning("the job queue stopped (%s); again in %.0f s", reason, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    async def _run_jobs(self) -> None:
        """Run jobs until cancelled; returns when one of the queue's own parts has failed."""
        async with self._queue.open_async():
            await self._put(self._tick_job, timestamp=0)
            await self._queue.run_worker_async(
                queues=[_QUEUE],
                wait=True,
                install_signal_handlers=False,
                fetch_job_polling_interval=_LOOK_SECONDS,
                shutdown_graceful_timeout=_FINISH_SECONDS,
                delete_jobs=DeleteJobCondition.ALWAYS,
            )
