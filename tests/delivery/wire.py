"""A peer that does to a connection exactly what it is told: the faults no HTTP server makes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Peer:
    """Reads one whole request, notes it, and then acts. `url` is a bot's `base_url`."""

    port: int
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"


@asynccontextmanager
async def peer(act: Act) -> AsyncIterator[Peer]:
    """A server on loopback that reads a request and leaves the answer to `act`."""

    open_writers: set[asyncio.StreamWriter] = set()
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        open_writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                listening.heads.append(head)
                listening.bodies.append(await _body(head, reader))
                await act(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    listening = Peer(server.sockets[0].getsockname()[1])
    try:
        yield listening
    finally:
        server.close()
        for writer in open_writers:
            writer.close()
        await asyncio.gather(*serving)


async def _body(head: str, reader: asyncio.StreamReader) -> bytes:
    lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in lines:
        return await reader.readexactly(int(lines["content-length"]))
    if lines.get("transfer-encoding") != "chunked":
        return b""
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


def reply(body: bytes, status: str = "200 OK", length: int | None = None, more: str = "") -> Act:
    """Answers with `body`; a `length` greater than its own is never fulfilled."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        announced = len(body) if length is None else length
        head = f"HTTP/1.1 {status}\r\nContent-Length: {announced}\r\n{more}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        if announced != len(body):
            raise ConnectionAbortedError

    return act


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Closes the connection instead of answering."""
    raise ConnectionAbortedError


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Resets the connection (RST) instead of answering."""
    writer.transport.abort()
    raise ConnectionAbortedError


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Never answers, and keeps the connection open until the other side gives up."""
    await reader.read()
    raise ConnectionAbortedError
