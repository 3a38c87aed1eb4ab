"""Alarms: each sign told to the owner once until it clears, and never too many messages.

Here live the memory of what was told (in the store, so that neither a restart nor a second
replica tells it again) and the owner's letter box, which holds what cannot be told now.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.errors import StoreError
from bot.model import Language, Script
from bot.render import alarms as wording
from bot.store import Store
from bot.watch.signs import Sign

_log = logging.getLogger(__name__)

_MOST_MESSAGES: Final = 4
_WITHIN: Final = timedelta(hours=1)
_MOST_KEPT: Final = 200
_OLD: Final = timedelta(minutes=2)
# A trouble that comes and goes is one trouble: it is over when it stayed away this long.
_ABSENT_ROUNDS: Final = 10

# Sends plain text to the owner; false when Telegram did not take it.
Send = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    written_at: datetime


class Owner:
    """The operator's letter box: at most 4 messages an hour, of all processes together.

    What is too much, or cannot be sent, waits and goes out as one message later. It waits in
    memory: after a restart it is in the log alone. `owner_id` is the operator's private chat,
    in whose language letters are written; 0 for none.
    """

    def __init__(
        self,
        store: Store,
        send: Send,
        zone: str,
        clock: Callable[[], datetime],
        owner_id: int = 0,
    ) -> None:
        self._store = store
        self._owner_id = owner_id
        self._send = send
        self._zone = zone
        self._clock = clock
        self._letters: list[_Letter] = []

    async def speaks(self) -> tuple[Language, Script]:
        """In which language and script to write to the owner. Never raises."""
        try:
            return await self._store.spoken(self._owner_id)
        except StoreError as error:
            _log.warning("the owner's language cannot be read: %s", error)
            return Language.SIMPLIFIED, Script.PRINTED

    async def tell(self, text: str) -> None:
        """Have the owner read this, now if that may be. Never raises."""
        _log.warning("for the owner: %s", text)
        self._letters.append(_Letter(text, self._clock()))
        del self._letters[:-_MOST_KEPT]
        await self.deliver()

    async def deliver(self) -> None:
        """Send what waits, as one message. Never raises; what fails waits on."""
        letters = tuple(self._letters)
        if not letters:
            return
        try:
            if not await self._store.spend("messages to the owner", _MOST_MESSAGES, _WITHIN):
                return
        except StoreError as error:
            # Without the store nobody knows how many there were; this is when to be heard.
            _log.warning("messages to the owner cannot be counted: %s", error)
        now = self._clock()
        texts = [
            wording.delayed(one.text, one.written_at, self._zone)
            if now - one.written_at > _OLD
            else one.text
            for one in letters
        ]
        if await self._send(wording.together(texts)):
            self._letters = [one for one in self._letters if one not in letters]


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
