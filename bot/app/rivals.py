"""Another program polls with the same token: which of the two goes on.

Here lives that decision alone; how updates come in stands in `updates`. Telegram ends the
older of two polls with 409, so both programs hear of each other in turn, and neither is told
who came first. What tells them apart is who had been left alone before: the first had polled
undisturbed for some seconds, the second never does, for the first asks again at once.

Two that begin at the same moment pause by chance: the first whose rival pauses for long has
then been left alone, and is the first from there on.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from telegram.request import BaseRequest

from bot.app.carrying import NOTHING_NEW, Carrying, Sleep
from bot.errors import StudybotError

_log = logging.getLogger(__name__)

# So long a poll of the second is never left alone: longer than the first waits after a
# conflict, or before the next poll for what it is still handling (2 s).
_ALONE_SECONDS: Final = 2.5
_FIRST_PAUSE_SECONDS: Final = 0.5
# While a rival has a webhook no poll is let through; asking again at once changes nothing.
_WEBHOOK_PAUSE_SECONDS: Final = 30.0
_TELL_SECONDS: Final = 60.0
# A replica that has lost its office, or is stopping, still polls for a moment.
_PREDECESSOR_SECONDS: Final = 30.0
_OF_POLLING: Final = b"other getUpdates"


@dataclass(frozen=True, slots=True)
class _Manner:
    """How one asks again that is not known to be the first: seconds, and conflicts borne."""

    shortest: float
    longest: float
    most_conflicts: int


_POLITE: Final = _Manner(1.0, 7.0, 3)
# Whoever is disturbed sooner than any rival of ours would have asked again was there before it.
_SOONER_THAN_AGAIN_SECONDS: Final = 0.45
_EAGER: Final = _Manner(0.5, 1.0, 6)


class Rivals(Carrying):
    """Carries the polling, and ends it where another program polled with this token before.

    `are_replicas`: several processes may use the database, so that whoever begins to poll may
    meet its dying predecessor, and is patient. `clock` gives seconds that only grow, `sleep`
    takes seconds, and `draw` chooses evenly between two numbers of them.
    """

    def __init__(
        self,
        request: BaseRequest,
        *,
        are_replicas: bool,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        super().__init__(request)
        self._patience = _PREDECESSOR_SECONDS if are_replicas else 0.0
        self._clock = clock
        self._sleep = sleep
        self._draw = draw
        self._is_second = asyncio.Event()
        self._is_first = False
        self._alone_seconds = 0.0
        self._conflicts = 0
        self._manner = _POLITE
        self._since = clock()
        self._told_at: float | None = None

    def begin(self) -> None:
        """From now on this process polls, as the last of all; so it is again after a failure."""
        self._is_first = False
        self._alone_seconds = 0.0
        self._conflicts = 0

    async def wait(self) -> None:
        """Raise StudybotError when another program was first; without one, wait for ever."""
        await self._is_second.wait()
        raise StudybotError(
            "another program is polling with the same token, and was there first: it goes on, "
            "this one ends. A bot has one poller: stop the other one, or make this one a bot of "
            "its own at @BotFather; when you know of no other, change the token there (/revoke)"
        )

    async def do_request(self, *words: Any, **named: Any) -> tuple[int, bytes]:
        """Carry this again and again while another disturbs it, unless that one is the first."""
        if self._is_second.is_set():
            # A conflict brought nothing that were to be confirmed, and asking would disturb.
            await self._sleep(_FIRST_PAUSE_SECONDS)
            return HTTPStatus.OK, NOTHING_NEW
        while True:
            began = self._clock()
            try:
                status, body = await self.request.do_request(*words, **named)
            except Exception:
                self.begin()  # while nothing was asked, another may have been let in
                raise
            self._was_alone_for(self._clock() - began)
            if status != HTTPStatus.CONFLICT:
                if status != HTTPStatus.OK:
                    self.begin()
                return status, body
            pause = self._disturbed(body)
            if self._must_give_way():
                self._is_second.set()
                return status, body
            await self._sleep(pause)

    def _was_alone_for(self, seconds: float) -> None:
        """Nobody disturbed a poll for so long; what passes between polls tells nothing.

        While many people talk, polls are short: without a rival they add up. With one they do
        not, for each alone may have slipped through.
        """
        self._alone_seconds = seconds + (0.0 if self._conflicts else self._alone_seconds)
        if self._alone_seconds >= _ALONE_SECONDS:
            self._is_first = True
            self._conflicts = 0

    def _disturbed(self, body: bytes) -> float:
        """Take note of a conflict; in how many seconds to ask again."""
        if not self._conflicts and not self._is_first:
            self._since = self._clock()
            is_early = self._alone_seconds < _SOONER_THAN_AGAIN_SECONDS
            self._manner = _EAGER if is_early and _OF_POLLING in body else _POLITE
        self._conflicts += 1
        self._tell()
        if not self._is_first:
            return self._draw(self._manner.shortest, self._manner.longest)
        return _FIRST_PAUSE_SECONDS if _OF_POLLING in body else _WEBHOOK_PAUSE_SECONDS

    def _must_give_way(self) -> bool:
        if self._is_first or self._conflicts < self._manner.most_conflicts:
            return False
        return self._clock() - self._since >= self._patience

    def _tell(self) -> None:
        """Say what is going on, at most once a minute."""
        now = self._clock()
        if self._told_at is not None and now - self._told_at < _TELL_SECONDS:
            return
        self._told_at = now
        if self._is_first:
            _log.error(
                "another program uses the same token, so that each may miss what people say; "
                "this one was first and goes on: stop the other one, or make it a bot of its "
                "own at @BotFather; when you know of no other, change the token there (/revoke)"
            )
        else:
            _log.warning("another program uses the same token; the one that was first goes on")
