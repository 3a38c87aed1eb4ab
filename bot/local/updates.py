"""The update queue: what waits for the bot, and how it is fetched.

Here live update ids, `allowed_updates`, long polling with its one-poller rule, and the
webhook's settings. A webhook is delivered by whoever serves HTTP (tests/bot_api_server.py),
from this same queue.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.local.refusal import conflict

Json = dict[str, Any]

# Sent only to those who ask for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FIRST_ID = 500_000_001


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are to be posted, as the bot set it."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    has_certificate: bool = False
    ip_address: str = ""


@dataclass(eq=False, slots=True)
class _Poller:
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""

    def wake(self) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.woken.set)


class UpdateQueue:
    """Updates in the order they happened, until they are confirmed by a higher offset.

    Updates may be added from any thread. The real server forgets them after 24 hours; this
    one keeps them.
    """

    def __init__(self, lock: threading.Condition) -> None:
        self._lock = lock
        self._waiting: list[Json] = []
        self._next_id = _FIRST_ID
        self._poller: _Poller | None = None
        self._watchers: list[_Poller] = []
        self.allowed: frozenset[str] | None = None  # None: all but those on request
        self.webhook: Webhook | None = None
        self.last_error: tuple[int, str] | None = None  # of webhook delivery: Unix time, words

    def add(self, kind: str, payload: Json) -> int | None:
        """Queue an update; its id, or None when the bot did not ask for this kind."""
        with self._lock:
            wanted = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
            if not wanted:
                return None
            number = self._next_id
            self._next_id += 1
            self._waiting.append({"update_id": number, kind: payload})
            for watcher in (self._poller, *self._watchers):
                if watcher:
                    watcher.wake()
            self._lock.notify_all()
            return number

    @property
    def pending(self) -> tuple[Json, ...]:
        with self._lock:
            return tuple(self._waiting)

    def collect(self) -> list[Json]:
        """Take everything that waits: for a driver in this process, which does not poll."""
        with self._lock:
            taken, self._waiting = self._waiting, []
            return taken

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Set what the bot wants from now on; None keeps it, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def set_webhook(self, webhook: Webhook | None) -> None:
        with self._lock:
            self.webhook = webhook
            if webhook:
                self._end_poller("terminated by setWebhook request")
            for watcher in self._watchers:
                watcher.wake()

    def confirm(self, offset: int) -> None:
        """Forget updates before `offset`; a negative one keeps that many from the end."""
        with self._lock:
            if offset < 0:
                self._waiting = self._waiting[offset:]
            elif offset > 0:
                self._waiting = [one for one in self._waiting if one["update_id"] >= offset]
            self._lock.notify_all()

    async def poll(self, offset: int, limit: int, timeout_seconds: float) -> list[Json]:
        """getUpdates. Raises RefusedError (409) for a second poller and where a webhook is set."""
        with self._lock:
            if self.webhook:
                raise conflict(
                    "can't use getUpdates method while webhook is active; "
                    "use deleteWebhook to delete the webhook first"
                )
            self._end_poller(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
            poller = self._poller = _Poller(asyncio.get_running_loop())
            self.confirm(offset)
        try:
            return await self._arrivals(poller, limit, timeout_seconds)
        finally:
            with self._lock:
                if self._poller is poller:
                    self._poller = None

    async def watch(self, timeout_seconds: float) -> None:
        """Wait until a webhook has something to deliver, or something else has changed."""
        watcher = _Poller(asyncio.get_running_loop())
        with self._lock:
            if self.webhook and self._waiting:
                return
            self._watchers.append(watcher)
        try:
            await asyncio.wait_for(watcher.woken.wait(), timeout_seconds)
        except TimeoutError:
            return
        finally:
            with self._lock:
                self._watchers.remove(watcher)

    async def _arrivals(self, poller: _Poller, limit: int, timeout_seconds: float) -> list[Json]:
        deadline = poller.loop.time() + timeout_seconds
        while True:
            with self._lock:
                if poller.ended_by:
                    raise conflict(poller.ended_by)
                if self._waiting:
                    return self._waiting[:limit]
                poller.woken.clear()
            left = deadline - poller.loop.time()
            if left <= 0:
                return []
            try:
                await asyncio.wait_for(poller.woken.wait(), left)
            except TimeoutError:
                continue  # looks once more: an update may have come with the deadline

    def _end_poller(self, why: str) -> None:
        if self._poller:
            self._poller.ended_by = why
            self._poller.wake()
            self._poller = None
