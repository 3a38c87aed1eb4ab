"""A reverse proxy on loopback for tests: each request goes to the next replica that listens.

Here lives what compose.yaml's proxy does for the replicas, and losing a reply on purpose.

    with RoundRobin(ports).in_thread() as url: ...
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, web

_KEPT = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")


class RoundRobin:
    """Forwards to 127.0.0.1 at `ports` in turn, leaving out those that nobody listens at.

    `carried` says which port answered each request, with what status.
    """

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = list(ports)
        self.carried: list[tuple[int, int]] = []
        self.replies_to_lose = 0
        self._turn = 0

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[str]:
        """Serve from a thread of its own while the block runs; gives the address."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="reverse-proxy", daemon=True)
        thread.start()
        try:
            runner, url = asyncio.run_coroutine_threadsafe(self._start(), loop).result(10)
            try:
                yield url
            finally:
                asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    async def _start(self) -> tuple[web.AppRunner, str]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._forward)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def _forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: request.headers[name] for name in _KEPT if name in request.headers}
        async with ClientSession(timeout=ClientTimeout(total=60)) as session:
            for _ in self.ports:
                port = self.ports[self._turn % len(self.ports)]
                self._turn += 1
                url = f"http://127.0.0.1:{port}{request.path_qs}"
                try:
                    async with session.request(
                        request.method, url, data=body, headers=headers
                    ) as reply:
                        said = await reply.read()
                        self.carried.append((port, reply.status))
                        if self.replies_to_lose:
                            self.replies_to_lose -= 1
                            return web.Response(status=504)
                        return web.Response(status=reply.status, body=said)
                except ClientConnectionError:
                    continue
        return web.Response(status=502)
