"""Which buttons were answered with a new message lately, so that one is not answered twice.

Here lives that memory alone, and no Telegram; which buttons ask it is `buttons`. What a
press brings to a group is there for everybody: fifty people who press 继续阅读 under the
morning's push need it once, and twenty messages within a minute are all that Telegram lets
a bot send to a group. In private a finger that trembles presses twice.

It is kept by each process for itself: a replica more may answer once more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

IN_A_GROUP: Final = timedelta(minutes=10)
BY_A_TREMBLING_FINGER: Final = timedelta(seconds=2)
_MOST: Final = 10_000

# The chat, the message under which the button stands, and the button's data.
Press = tuple[int, int, str]


@dataclass(slots=True)
class Presses:
    """The presses that were answered, each with the moment, the oldest first."""

    _answered_at: dict[Press, datetime] = field(default_factory=dict)

    def is_repeated(self, press: Press, now: datetime, within: timedelta) -> bool:
        """Whether this was answered less than `within` ago; `now` is an aware moment."""
        answered_at = self._answered_at.get(press)
        return answered_at is not None and timedelta(0) <= now - answered_at < within

    def note(self, press: Press, now: datetime) -> None:
        """It has been answered now."""
        self._answered_at.pop(press, None)
        self._answered_at[press] = now
        while len(self._answered_at) > _MOST:
            del self._answered_at[next(iter(self._answered_at))]
