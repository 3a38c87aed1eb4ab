"""Who is told what the ledger did: the way out for metrics and logs.

Here lives the shape of an observer alone. It is told after the fact and decides nothing:
delivery works the same whether anybody looks or not.
"""

from __future__ import annotations

from typing import Final, Protocol

from bot.model import Delivery, State


class Observer(Protocol):
    """Is told, in the event loop, of each tick and each settlement; must not raise or wait."""

    def ticked(self, planned: int, seconds: float) -> None:
        """A tick took `seconds` and entered `planned` rows that are to be sent."""

    def settled(self, delivery: Delivery, state: State, reason: str) -> None:
        """A row went from how `delivery` shows it to `state`: sent, retry, dead or skipped.

        `reason` is as `Delivery.reason`: empty, or a cause with its detail.
        """


class Nobody:
    """The observer that does not look."""

    def ticked(self, planned: int, seconds: float) -> None:
        """Nothing happens."""

    def settled(self, delivery: Delivery, state: State, reason: str) -> None:
        """Nothing happens."""


NOBODY: Final = Nobody()
