"""Requests that come a byte at a time, on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvloop
from prometheus_client import CollectorRegistry

from services.shared.health import Health, serve_health
from services.shared.settings import load_settings
from services.shared.slow_requests import MOST_CONNECTIONS

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    server = await serve_health(load_settings(), 0, Health(60.0), CollectorRegistry(), "alerter", request_seconds=1.0)
    yield server.port
    await server.close()


async def dripped(port: int, sent: bytes, seconds: float = 0.02) -> bytes:
    """What is answered to `sent`, a byte at a time, and then the same headers for ever; until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def drip() -> None:
        for byte in sent:
            writer.write(bytes([byte]))
            await asyncio.sleep(seconds)
        while True:
            writer.write(b"X-More: 1\r\n")
            await asyncio.sleep(seconds)

    dripping = asyncio.create_task(drip())
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        dripping.cancel()
        writer.close()


@pytest.mark.parametrize("sent", [b"", b"G", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"])
async def test_a_request_that_does_not_end_is_cut_off_however_often_a_byte_of_it_comes(port: int, sent: bytes) -> None:
    assert b"200" not in await dripped(port, sent)


async def test_a_connection_on_which_nothing_comes_is_cut_off(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    (ended,) = await asyncio.gather(reader.read(), return_exceptions=True)
    assert ended == b"" or isinstance(ended, ConnectionError)
    writer.close()


async def test_a_slow_request_that_arrives_in_time_is_answered_and_the_connection_serves_another(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        for start in range(0, len(REQUEST), 9):
            writer.write(REQUEST[start : start + 9])
            await asyncio.sleep(0.005)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")
        )
        await reader.readexactly(length)
    writer.write(REQUEST + REQUEST)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()


async def test_a_flood_of_connections_leaves_room_once_it_is_cut_off(port: int) -> None:
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_CONNECTIONS + 20)]
    for _, writer in held:
        writer.write(b"GET / HTTP/1.1\r\n")
    ended = await asyncio.gather(*(reader.read() for reader, _ in held), return_exceptions=True)
    assert all(one == b"" or isinstance(one, ConnectionError) for one in ended)
    for _, writer in held:
        writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST)
    assert (await reader.readline()).split()[1] == b"200"
    writer.close()


async def _served_and_cut_off() -> None:
    server = await serve_health(load_settings(), 0, Health(60.0), CollectorRegistry(), "alerter", request_seconds=0.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(REQUEST)
    assert (await reader.readline()).split()[1] == b"200"
    writer.close()
    assert b"200" not in await dripped(server.port, b"GET /healthz HTTP/1.1\r\n")
    await server.close()


def test_the_loop_that_services_run_on_serves_and_cuts_off_too() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_served_and_cut_off())
