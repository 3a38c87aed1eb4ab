"""How many messages Telegram takes: the limits of its Bots FAQ as sliding windows.

Here live counting and the wait; time is a monotonic clock handed in, since the chats' own
clock may stand still.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from bot.local.refusal import too_many_requests


@dataclass(frozen=True, slots=True)
class FloodRule:
    """At most so many messages in any window of so many seconds.

    The defaults are those of core.telegram.org/bots/faq: one a second to a private chat, 20 a
    minute to a group, 30 a second overall (1,000 with `allow_paid_broadcast`).
    """

    private: tuple[int, float] = (1, 1.0)
    group: tuple[int, float] = (20, 60.0)
    overall: tuple[int, float] = (30, 1.0)
    overall_paid: tuple[int, float] = (1000, 1.0)


class FloodGate:
    """Lets messages through as `rule` says, and refuses the others with `retry_after`."""

    def __init__(self, rule: FloodRule, time: Callable[[], float] = monotonic) -> None:
        self._rule = rule
        self._time = time
        longest = max(rule.private[0], rule.group[0])  # no window needs more than its messages
        self._chats: dict[int, deque[float]] = defaultdict(lambda: deque(maxlen=longest))
        self._all: deque[float] = deque(maxlen=max(rule.overall[0], rule.overall_paid[0]))

    def admit(self, chat_id: int, *, is_private: bool, is_paid: bool) -> None:
        """Count one message to this chat. Raises RefusedError (429) when it comes too early."""
        now = self._time()
        chat = self._chats[chat_id]
        overall = self._rule.overall_paid if is_paid else self._rule.overall
        wait = max(
            _wait(chat, self._rule.private if is_private else self._rule.group, now),
            _wait(self._all, overall, now),
        )
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        chat.append(now)
        self._all.append(now)


def _wait(sent: deque[float], rule: tuple[int, float], now: float) -> float:
    most, window_seconds = rule
    recent = [at for at in sent if at > now - window_seconds]
    if len(recent) < most:
        return 0.0
    return recent[-most] + window_seconds - now
