"""Clients that send or read a byte at a time, against the console's own server on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import uvloop
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from services.console.guard import Guard
from services.console.http_protocol import ConsoleProtocol
from services.console.service import _config, _Server

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
LARGE = 50_000_000


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers what is posted to it, waits where it is asked to, and has one large page."""
    request = Request(scope, receive)
    if scope["path"] == "/wait":
        await asyncio.sleep(2.5)
    try:
        text = "x" * LARGE if scope["path"] == "/large" else (await _body(request)).decode()
    except ClientDisconnect:
        return
    await PlainTextResponse(text or "served")(scope, receive, send)


async def _body(request: Request) -> bytes:
    return b"" if request.method == "GET" else await request.body()


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[_Server]:
    monkeypatch.setattr(ConsoleProtocol, "request_seconds", 1.0)
    monkeypatch.setattr(ConsoleProtocol, "reader_seconds", 1.0)
    monkeypatch.setattr(ConsoleProtocol, "most_connections", 20)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = _Server(_config(Guard(app, None, body_seconds=1.0)))
        serving = asyncio.create_task(running.serve([listening]))
        while not running.started:
            await asyncio.sleep(0.01)
        yield running
        running.should_exit = True
        await serving


@pytest.fixture
def port(server: _Server) -> int:
    number: int = server.servers[0].sockets[0].getsockname()[1]
    return number


async def answer_to(port: int, first: bytes, drip: bytes) -> bytes:
    """Everything that comes back until the connection ends, where `first` is sent and then `drip` again and again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def dripping() -> None:
        writer.write(first)
        while True:
            writer.write(drip)
            await asyncio.sleep(0.02)

    task, came = asyncio.create_task(dripping()), b""
    # A connection that is cut off is reset, and what came before is kept only by whoever has read it.
    with contextlib.suppress(ConnectionError):
        while more := await reader.read(65536):
            came += more
    task.cancel()
    writer.close()
    return came


async def asked(port: int, request: bytes) -> Response:
    """The answer to one whole request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return Response(status_code=int(head.split()[1]))


@pytest.mark.parametrize(
    ("first", "drip"),
    [(b"", b"G"), (HEAD, b"X-More: 1\r\n"), (b"GET /", b"x"), (b"", b"\r\n")],
    ids=["line", "headers", "path", "empty lines"],
)
async def test_a_request_that_does_not_end_is_cut_off_however_often_a_byte_of_it_comes(
    port: int, first: bytes, drip: bytes
) -> None:
    assert b" 200 " not in await answer_to(port, first, drip)
    assert (await asked(port, HEAD + b"\r\n")).status_code == 200


@pytest.mark.parametrize("method", [b"GET", b"POST"])
async def test_a_body_that_does_not_end_is_cut_off(port: int, method: bytes) -> None:
    await answer_to(port, method + b" / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n", b"x")


async def test_a_second_request_on_a_connection_has_the_same_deadline(port: int) -> None:
    said = await answer_to(port, HEAD + b"\r\n" + HEAD, b"X-More: 1\r\n")
    assert said.count(b" 200 ") == 1


async def test_an_answer_that_takes_longer_is_waited_for(port: int) -> None:
    assert (await asked(port, b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")).status_code == 200


async def test_a_slow_request_that_arrives_in_time_is_answered_and_the_connection_serves_another(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        for byte in HEAD + b"\r\n":
            writer.write(bytes([byte]))
            await asyncio.sleep(0.001)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        assert await reader.readexactly(6) == b"served"
    writer.close()
    await writer.wait_closed()


async def test_a_reader_that_takes_nothing_of_its_answer_is_cut_off(server: _Server, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not server.server_state.connections:
            await asyncio.sleep(0.01)
        while server.server_state.connections:
            await asyncio.sleep(0.05)
    assert (await asked(port, HEAD + b"\r\n")).status_code == 200


def test_the_loop_that_services_run_on_serves_and_cuts_off_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ConsoleProtocol, "request_seconds", 0.5)

    async def served_and_cut_off() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            running = _Server(_config(Guard(app, None)))
            serving = asyncio.create_task(running.serve([listening]))
            assert (await asked(port, HEAD + b"\r\n")).status_code == 200
            assert b" 200 " not in await answer_to(port, HEAD, b"X-More: 1\r\n")
            running.should_exit = True
            await serving

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(served_and_cut_off())


async def test_more_connections_than_there_is_room_for_are_refused_and_the_others_served(port: int) -> None:
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(25)]
    ended = await asyncio.gather(*(reader.read() for reader, _ in held), return_exceptions=True)
    assert all(one == b"" or isinstance(one, ConnectionError) for one in ended)
    assert (await asked(port, HEAD + b"\r\n")).status_code == 200
    for _, writer in held:
        writer.close()
