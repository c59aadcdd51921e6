"""A server that does with each connection what a test says: what no library would do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

Behaviour: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(behave: Behaviour) -> AsyncIterator[int]:
    """A server on loopback: its port. What still goes on at the end is cancelled; who leaves early is no fault."""
    under_way: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        try:
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1]
    finally:
        running.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await running.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> None:
    """Read one HTTP request, head and body."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    lengths = (line.split(b":")[1] for line in head.split(b"\r\n") if line.startswith(b"content-length"))
    await reader.readexactly(int(next(lengths)))
