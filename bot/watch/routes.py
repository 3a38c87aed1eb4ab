"""/healthz and /metrics over HTTP, to be added to the process's listener.

Here lives what a request is answered. Neither answer holds a name, an id or a text of
anybody; still, they are for the operator, and a reverse proxy should not pass them on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.errors import StoreError
from bot.store import Store
from bot.watch.health import LATE_BEYOND, Health
from bot.watch.metrics import Metrics


def routes(
    store: Store, metrics: Metrics, examine: Callable[[], Awaitable[Health]]
) -> list[web.RouteDef]:
    """`GET /healthz` (200 ready, 503 not) and `GET /metrics` (503 without the database)."""

    async def health(_request: web.Request) -> web.Response:
        found = await examine()
        return web.json_response(found.record(), status=200 if found.is_ready else 503)

    async def measure(_request: web.Request) -> web.Response:
        try:
            text = metrics.text(await store.backlog(), await store.lateness(LATE_BEYOND))
        except StoreError as error:
            return web.Response(status=503, text=f"{error}\n")
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return [web.get("/healthz", health), web.get("/metrics", measure)]
