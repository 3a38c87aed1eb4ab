"""The one HTTP listener of a process: routes are added to it, then it is started.

Here lives the socket: where it listens, how large a request may be, how it ends. What a
route answers stands with its subject (the webhook in `delivery.webhook`, health and metrics
with their own room); nothing here knows a path.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aiohttp import web

from bot.errors import StudybotError

# An update of the Bot API is a few kilobytes, one with a long forwarded text some dozens.
MOST_BODY_BYTES: Final = 1024**2
_FINISH_SECONDS: Final = 5.0


class Listener:
    """Listens on `host` and `port` (0: any free one) between `start` and `stop`.

    listener = Listener("127.0.0.1", 8080)
    listener.add_routes([web.get("/healthz", answer)])   # before start, any number of times
    await listener.start()                               # raises StudybotError
    """

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._app = web.Application(client_max_size=MOST_BODY_BYTES)
        self._runner: web.AppRunner | None = None

    def add_routes(self, routes: Iterable[web.AbstractRouteDef]) -> None:
        """Answer these too. Only before `start`."""
        self._app.add_routes(routes)

    async def start(self) -> None:
        """Begin to listen. Raises StudybotError when the address cannot be had."""
        # No access log: a line for every update says nothing, and who asks is nobody's business.
        self._runner = web.AppRunner(
            self._app,
            access_log=None,
            shutdown_timeout=_FINISH_SECONDS,
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise StudybotError(
                f"cannot listen on {self._host} port {self._port}: {error.strerror}; "
                "choose another with the setting listen.port"
            ) from error

    @property
    def port(self) -> int:
        """The port it listens on; only while it does."""
        assert self._runner is not None, "it has been started"
        port: int = self._runner.addresses[0][1]
        return port

    async def stop(self) -> None:
        """Take no new connection, let requests finish: 5 s at the most."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
