"""A clock that a person can move: the console's and the tests' time.

Here lives only telling and moving the time. What follows from it is found out by whoever is
asked to look at the clock again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic


class MovableClock:
    """Called, it gives the moment as aware UTC; between moves it runs on with real time.

    Starts at `start` (aware; now when not given). A frozen one stands still until moved.
    """

    def __init__(
        self,
        start: datetime | None = None,
        *,
        is_frozen: bool = False,
        time: Callable[[], float] = monotonic,
    ) -> None:
        self._time = time
        self._is_frozen = is_frozen
        self._set_at_seconds = time()
        self._moment = (start or datetime.now(UTC)).astimezone(UTC)

    def __call__(self) -> datetime:
        if self._is_frozen:
            return self._moment
        return self._moment + timedelta(seconds=self._time() - self._set_at_seconds)

    def move(self, by: timedelta) -> datetime:
        """Move forward, or back by a negative duration; the new moment."""
        return self.set(self() + by)

    def set(self, to: datetime) -> datetime:
        """Go to this moment (aware); the same in UTC."""
        self._moment = to.astimezone(UTC)
        self._set_at_seconds = self._time()
        return self._moment
