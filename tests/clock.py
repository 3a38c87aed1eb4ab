"""The time of a test: it stands until it is moved."""

from __future__ import annotations

from datetime import datetime, timedelta


class Clock:
    """Gives the moment it was set to, aware; who sleeps by it moves it instead of waiting."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by

    def advance(self, **by: float) -> None:
        """`move`, by what makes a timedelta: `clock.advance(minutes=5)`."""
        self.at += timedelta(**by)

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
