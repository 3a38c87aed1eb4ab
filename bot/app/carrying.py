"""A way to Telegram that leads over another: what the rules of polling are built of.

Here live the carrying itself and what its kinds share; the rules stand in `updates` and
`rivals`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from telegram.request import BaseRequest

NOTHING_NEW: Final = b'{"ok": true, "result": []}'

Sleep = Callable[[float], Awaitable[None]]


class Carrying(BaseRequest):
    """A way to Telegram that leads over another, `request`."""

    def __init__(self, request: BaseRequest) -> None:
        self.request = request

    @property
    def read_timeout(self) -> float | None:
        """That of the request it carries by; seconds."""
        return self.request.read_timeout

    async def initialize(self) -> None:
        """Open the request it carries by."""
        await self.request.initialize()

    async def shutdown(self) -> None:
        """Close it."""
        await self.request.shutdown()


def innermost(request: BaseRequest) -> BaseRequest:
    """The request by which this one is carried in the end."""
    while isinstance(request, Carrying):
        request = request.request
    return request
