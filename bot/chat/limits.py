"""How much one person and one chat may ask.

Here live the buckets alone, and no Telegram; the handler that asks them is `admission`.

A token bucket (RFC 2697 has the same idea) holds a minute's worth and fills evenly; it is
kept by each process for itself, in memory: three replicas let three times as much through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

_MINUTE: Final = timedelta(minutes=1)
# It is calm again when a quarter of the bucket has come back.
_CALM: Final = 0.25
_MOST_BUCKETS: Final = 10_000


class Verdict(Enum):
    """What is to be done with a question."""

    ANSWER = auto()
    SAY_SO = auto()  # too much, and not told yet
    SILENCE = auto()  # too much, and told


@dataclass(slots=True)
class _Bucket:
    level: float
    filled_at: datetime
    is_told: bool = False


@dataclass(slots=True)
class Limits:
    """The buckets of one process. 0 a minute is no limit; `owner_id` is exempt."""

    person_per_minute: int = 0
    chat_per_minute: int = 0
    owner_id: int = 0
    _buckets: dict[tuple[str, int], _Bucket] = field(default_factory=dict)

    def judge(
        self, person_id: int | None, chat_id: int | None, now: datetime, cost: float = 1.0
    ) -> Verdict:
        """Take `cost` from the buckets of both, or from neither; `now` is an aware moment."""
        if person_id is not None and person_id == self.owner_id:
            return Verdict.ANSWER
        buckets = []
        if person_id is not None and self.person_per_minute:
            buckets.append(self._filled("person", person_id, self.person_per_minute, now))
        # A private chat has the id of its person, and would count twice.
        if chat_id is not None and chat_id != person_id and self.chat_per_minute:
            buckets.append(self._filled("chat", chat_id, self.chat_per_minute, now))
        empty = [one for one in buckets if one.is_told or one.level < cost]
        if not empty:
            for bucket in buckets:
                bucket.level -= cost
            return Verdict.ANSWER
        is_news = not any(one.is_told for one in empty)
        for bucket in empty:
            bucket.is_told = True
        return Verdict.SAY_SO if is_news else Verdict.SILENCE

    def _filled(self, kind: str, number: int, most: int, now: datetime) -> _Bucket:
        """The bucket, with what has come into it since it was last looked at."""
        bucket = self._buckets.get((kind, number))
        if bucket is None:
            self._make_room(now)
            bucket = self._buckets[kind, number] = _Bucket(most, now)
            return bucket
        passed = max(now - bucket.filled_at, timedelta())  # a clock may be set back
        bucket.level = min(bucket.level + most * (passed / _MINUTE), most)
        bucket.filled_at = now
        if bucket.is_told and bucket.level >= most * _CALM:
            bucket.is_told = False
        return bucket

    def _make_room(self, now: datetime) -> None:
        """Forget those that are full again by now, when there are many."""
        if len(self._buckets) >= _MOST_BUCKETS:
            self._buckets = {
                key: one for key, one in self._buckets.items() if now - one.filled_at < _MINUTE
            }
