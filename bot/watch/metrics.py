"""Counts and durations of this process, as Prometheus reads them.

Here live the metrics and their names. Each process has a registry of its own, made with
its `Metrics`; nothing is global. What all processes share (open rows, what is late) is
asked of the store when it is read.
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot import __version__
from bot.model import Backlog, Cause, Delivery, SkipReason, State
from bot.store import Lateness

_log = logging.getLogger(__name__)

# Promised is the minute; a broadcast to 10,000 groups takes six.
_LATENESS_SECONDS: Final = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 6 * 3600)
_QUERY_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_TICK_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
_KNOWN_REASONS: Final = frozenset([*map(str, Cause), *map(str, SkipReason)])
_OTHER: Final = "other"
_LEVELS: Final[Mapping[State, int]] = {
    State.SENT: logging.INFO,
    State.SKIPPED: logging.INFO,
    State.RETRY: logging.WARNING,
}


class Metrics:
    """Counts what a process does. An `Observer` of its ticks and deliveries.

    `clock` gives aware moments; lateness is measured on it.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self.registry = CollectorRegistry()
        registry = self.registry
        self._due = Counter(
            "studybot_deliveries_due", "Rows entered into the ledger to be sent.", registry=registry
        )
        self._sent = Counter(
            "studybot_deliveries_sent", "Messages that Telegram took.", registry=registry
        )
        self._retried = Counter(
            "studybot_deliveries_retried",
            "Attempts that will be repeated.",
            ["cause"],
            registry=registry,
        )
        self._dead = Counter(
            "studybot_deliveries_dead", "Messages given up.", ["cause"], registry=registry
        )
        self._skipped = Counter(
            "studybot_deliveries_skipped", "Messages done without.", ["cause"], registry=registry
        )
        self._in_doubt = Counter(
            "studybot_deliveries_in_doubt",
            "Attempts after which nobody knows whether Telegram took the message.",
            registry=registry,
        )
        self._lateness = Histogram(
            "studybot_delivery_lateness_seconds",
            "From when a message was due until Telegram took it.",
            buckets=_LATENESS_SECONDS,
            registry=registry,
        )
        self._query = Histogram(
            "studybot_query_seconds",
            "From a question to its passages, without Telegram.",
            buckets=_QUERY_SECONDS,
            registry=registry,
        )
        self._tick = Histogram(
            "studybot_tick_seconds",
            "How long planning took.",
            buckets=_TICK_SECONDS,
            registry=registry,
        )
        self._open = Gauge(
            "studybot_deliveries_open",
            "Rows that are not settled, of all processes.",
            ["state"],
            registry=registry,
        )
        self._open_in_doubt = Gauge(
            "studybot_deliveries_open_in_doubt",
            "Rows that are not settled and may have been sent already, of all processes.",
            registry=registry,
        )
        self._late = Gauge(
            "studybot_pushes_late",
            "Pushes due more than 5 minutes ago and not settled.",
            registry=registry,
        )
        self._begin_at_zero()
        build = Gauge("studybot_build_info", "What runs.", ["version", "python"], registry=registry)
        build.labels(__version__, platform.python_version()).set(1)

    def _begin_at_zero(self) -> None:
        """Have a sample of each cause before its first event, which `increase()` misses else."""
        for cause in (*Cause, _OTHER):
            self._retried.labels(cause)
            self._dead.labels(cause)
        for reason in (*Cause, *SkipReason, _OTHER):
            self._skipped.labels(reason)

    def ticked(self, planned: int, seconds: float) -> None:
        """Count a tick."""
        self._due.inc(planned)
        self._tick.observe(seconds)

    def settled(self, delivery: Delivery, state: State, reason: str) -> None:
        """Count what became of a row, and log it under the chat's name."""
        cause = _cause(reason)
        match state:
            case State.SENT:
                late = max((self._clock() - delivery.due_at).total_seconds(), 0.0)
                self._sent.inc()
                self._lateness.observe(late)
                reason = f"{late:.1f} s after it was due"
            case State.RETRY:
                self._retried.labels(cause).inc()
            case State.DEAD:
                self._dead.labels(cause).inc()
            case _:
                self._skipped.labels(cause).inc()
        if cause == Cause.IN_DOUBT:
            self._in_doubt.inc()
        if state in _LEVELS:  # what is dead has been logged, with more to it
            facts = {"delivery": delivery.id, "chat": delivery.chat_id}
            _log.log(_LEVELS[state], "%s: %s", state, reason, extra=facts)

    def answered(self, seconds: float) -> None:
        """Count a question whose passages were found in this time."""
        self._query.observe(seconds)

    def text(self, backlog: Backlog, lateness: Lateness) -> bytes:
        """Everything, in Prometheus' text format, with what the store tells of all processes."""
        for state in (State.DUE, State.CLAIMED, State.SENDING, State.RETRY):
            self._open.labels(state).set(backlog.by_state.get(state, 0))
        self._open_in_doubt.set(backlog.in_doubt)
        self._late.set(lateness.pushes)
        return generate_latest(self.registry)


def _cause(reason: str) -> str:
    """The cause without its detail: labels have to be few."""
    cause = reason.partition(":")[0]
    return cause if cause in _KNOWN_REASONS else _OTHER
