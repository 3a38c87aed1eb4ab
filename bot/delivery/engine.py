"""What an engine is: it says when to plan and when to deliver, and stops cleanly.

Two real ones exist: `embedded` for one process, `distributed` for many. Neither decides
what is due or how it is sent.
"""

from __future__ import annotations

from typing import Protocol


class Engine(Protocol):
    """Drives `plan.tick` and a `Worker`, between `start` and `stop`."""

    async def start(self) -> None:
        """Begin, in the running event loop, with what came due while nobody looked."""

    async def wait(self) -> None:
        """Return when delivering has stopped; raises what stopped it, if anything did."""

    async def stop(self) -> None:
        """Stop planning and claiming, let what is in flight finish: 10 s at the most."""
