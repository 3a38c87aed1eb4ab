"""Alarms: each sign told to the owner once until it clears, and never too many messages.

Here live the memory of what was told (in the store, so that neither a restart nor a second
replica tells it again) and the owner's letter box, which holds what cannot be told now.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.errors import StoreError
from bot.model import Language, Script
from bot.render import alarms as wording
from bot.render.language import speaking
from bot.store import Store
from bot.watch.signs import Sign

_log = logging.getLogger(__name__)

_MOST_MESSAGES: Final = 4
_WITHIN: Final = timedelta(hours=1)
_MOST_KEPT: Final = 1000
# What breaks many things breaks them within a few seconds.
_GATHER_SECONDS: Final = 5.0
_TURN: Final = "messages to the owner"
_OLD: Final = timedelta(minutes=2)
# A trouble that comes and goes is one trouble: it is over when it stayed away this long.
_ABSENT_ROUNDS: Final = 10

# Sends plain text to the owner; false when Telegram did not take it.
Send = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True, eq=False)
class _Letter:
    text: str
    written_at: datetime


class Owner:
    """The operator's letter box: at most 4 messages an hour, of all processes together.

    What is too much, or cannot be sent, waits and goes out as one message later. It waits in
    memory: after a restart it is in the log alone. What could not be sent does not count.
    `owner_id` is the operator's private chat, in whose language letters are written; 0 for
    none. `sleep` takes seconds.
    """

    def __init__(
        self,
        store: Store,
        send: Send,
        zone: str,
        clock: Callable[[], datetime],
        owner_id: int = 0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._owner_id = owner_id
        self._send = send
        self._zone = zone
        self._clock = clock
        self._sleep = sleep
        self._letters: list[_Letter] = []
        self._delivering = asyncio.Lock()
        self._window: asyncio.Future[object] | None = None  # while letters are gathered
        self._soon: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def speaks(self) -> tuple[Language, Script]:
        """In which language and script to write to the owner. Never raises."""
        try:
            return await self._store.spoken(self._owner_id)
        except StoreError as error:
            _log.warning("the owner's language cannot be read: %s", error)
            return Language.SIMPLIFIED, Script.PRINTED

    async def tell(self, text: str) -> None:
        """Have the owner read this, now if that may be. Never raises."""
        self._write(text)
        await self.deliver()

    async def tell_soon(self, text: str) -> None:
        """Have the owner read this with all that is told within 5 s, as one message.

        Returns before it is sent. Never raises.
        """
        self._write(text)
        if self._is_closed:
            await self.deliver()
        elif self._window is None:
            self._window = asyncio.ensure_future(self._sleep(_GATHER_SECONDS))
            task = asyncio.create_task(self._deliver_after(self._window), name="letters")
            self._soon.add(task)
            task.add_done_callback(self._soon.discard)

    async def close(self) -> None:
        """Send what is being gathered, and wait for no more from now on. Never raises."""
        self._is_closed = True
        if self._window is not None:
            self._window.cancel()
        await asyncio.gather(*self._soon)

    async def deliver(self) -> None:
        """Send what waits, as one message. Never raises; what fails waits on."""
        async with self._delivering:  # so that none is sent while it is on its way
            if letters := tuple(self._letters):
                with speaking(*await self.speaks()):
                    await self._deliver(letters)

    def _write(self, text: str) -> None:
        _log.warning("for the owner", extra={"letter": text})
        self._letters.append(_Letter(text, self._clock()))
        del self._letters[:-_MOST_KEPT]

    async def _deliver_after(self, window: asyncio.Future[object]) -> None:
        await asyncio.wait((window,))
        self._window = None
        await self.deliver()

    async def _deliver(self, letters: Sequence[_Letter]) -> None:
        is_counted = True
        try:
            if not await self._store.spend(_TURN, _MOST_MESSAGES, _WITHIN):
                return
        except StoreError as error:
            # Without the store nobody knows how many there were; this is when to be heard.
            _log.warning("messages to the owner cannot be counted: %s", error)
            is_counted = False
        if await self._send(self._together(letters)):
            self._letters = [one for one in self._letters if one not in letters]
        elif is_counted:
            await self._give_back()

    async def _give_back(self) -> None:
        try:
            await self._store.give_back(_TURN)
        except StoreError as error:
            _log.warning("a message that failed counts as one to the owner: %s", error)

    def _together(self, letters: Sequence[_Letter]) -> str:
        now = self._clock()
        texts = [
            wording.delayed(one.text, one.written_at, self._zone)
            if now - one.written_at > _OLD
            else one.text
            for one in letters
        ]
        return wording.together(texts)


class Alarms:
    """Remembers which signs the owner was told of. `update` is called once a round."""

    def __init__(self, store: Store, owner: Owner) -> None:
        self._store = store
        self._owner = owner
        self._raised: dict[str, str] = {}  # what this process saw, by name
        self._absent: dict[str, int] = {}  # for how many rounds it has been away

    async def update(self, signs: Sequence[Sign]) -> None:
        """Tell what is new, and what is over. Raises StoreError."""
        for sign in signs:
            self._absent[sign.name] = 0
            if await self._store.note_fact(_fact(sign.name), sign.text):
                await self._owner.tell(sign.text)
            self._raised[sign.name] = sign.text
        present = {sign.name for sign in signs}
        for name in [one for one in self._raised if one not in present]:
            self._absent[name] += 1
            if self._absent[name] >= _ABSENT_ROUNDS:
                await self._clear(name)

    async def recall(self) -> None:
        """Take over what was told before a restart, so that its end is told as well."""
        for name, text in (await self._store.facts_under(_fact(""))).items():
            self._raised.setdefault(name, text)
            self._absent.setdefault(name, 0)

    async def _clear(self, name: str) -> None:
        text = self._raised.pop(name)
        del self._absent[name]
        if await self._store.forget_fact(_fact(name)):
            await self._owner.tell(wording.over(text))


def _fact(name: str) -> str:
    return f"alarm: {name}"
