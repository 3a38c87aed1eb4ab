"""The round, once a minute: look for what is wrong, tell the owner, back up at night.

Here lives the order of a round. A round that fails is logged and the next one tries again;
nothing here can stop the bot.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import StoreError
from bot.render.language import speak
from bot.store import Store
from bot.watch import backups, signs
from bot.watch.alarms import Alarms, Owner
from bot.watch.downtimes import tell_missed
from bot.watch.signs import Troubles

_log = logging.getLogger(__name__)

_ROUND_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Nightly:
    """When copies are made (local wall time), and of how many days and weeks one is kept."""

    at: time
    daily: int
    weekly: int


class Watchman:
    """Looks after one process. `clock` gives aware moments; `zone` is the operator's."""

    def __init__(
        self,
        store: Store,
        owner: Owner,
        troubles: Troubles,
        *,
        data_dir: Path,
        zone: str,
        nightly: Nightly,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._owner = owner
        self._alarms = Alarms(store, owner)
        self._troubles = troubles
        self._data_dir = data_dir
        self._zone = zone
        self._nightly = nightly
        self._clock = clock
        self._running: asyncio.Task[None] | None = None
        self._has_looked = False

    def start(self) -> None:
        """Begin the rounds, in the running event loop."""
        self._running = asyncio.create_task(self._run(), name="watchman")

    async def stop(self) -> None:
        """End them, and tell the owner what is being gathered.

        A copy just being made is left unfinished, and has no name yet.
        """
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._owner.close()

    async def _run(self) -> None:
        has_recalled = False
        while True:
            try:
                if not has_recalled:
                    await self._alarms.recall()
                    has_recalled = True
                await self.round()
            except StoreError as error:
                _log.error("the round was cut short: %s", error)
            except Exception:  # noqa: BLE001 - a defect here must not stop the bot; it is logged
                _log.exception("the round failed")
            await asyncio.sleep(_ROUND_SECONDS)

    async def round(self) -> None:
        """Look once, tell, and back up if it is time. Raises StoreError."""
        speak(*await self._owner.speaks())
        now = self._clock().astimezone(ZoneInfo(self._zone))
        await self._owner.deliver()
        await self._back_up(now)
        found = await signs.look(
            self._store,
            self._data_dir,
            today=now.date(),
            zone=self._zone,
            troubles=self._troubles,
            # What came due while nothing ran is sent, or skipped, within the first minute.
            is_lateness_told=self._has_looked,
        )
        self._has_looked = True
        await self._alarms.update(found)
        await tell_missed(self._store, self._owner, self._zone)

    async def _back_up(self, now: datetime) -> None:
        if not self._store.is_sqlite or not self._nightly.daily:
            return
        folder = backups.folder_of(self._data_dir)
        made = await asyncio.to_thread(backups.made_in, folder)
        if not backups.is_due(made.values(), now, self._nightly.at):
            return
        daily, weekly = self._nightly.daily, self._nightly.weekly
        try:
            await backups.back_up(self._store, folder, now, daily=daily, weekly=weekly)
        except StoreError as error:
            _log.error("the nightly backup failed: %s", error)
            self._troubles.backup_failed(str(error))
        else:
            self._troubles.backup_made()
