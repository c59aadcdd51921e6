"""Webhooks against real servers on loopback: what is accepted, what is tried again, what is refused."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer, unused_port
from pydantic import SecretStr
from standardwebhooks import Webhook

from schemas import DeliveryOutcome, WebhookChannel
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.channels.http_client import READ_BYTES, Reply, answer_for, seconds_of
from services.alerter.channels.webhook import WebhookSender
from tests.alerter.channels.messages import message
from tests.alerter.incidents import NOON

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
ACCEPTED, RETRY, UNKNOWN, DEAD, _ = DeliveryOutcome
Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def sender(url: str, resolver: AbstractResolver | None = None, **options: Any) -> AsyncIterator[WebhookSender]:
    values = {"timeout_seconds": 5.0, "allow_private_address": True} | options
    channel = WebhookChannel(name="a", kind="webhook", url=url, secret_env="SECRET", **values)
    opened = WebhookSender(channel, SecretStr(SECRET), now, resolver)
    try:
        yield opened
    finally:
        await opened.close()


@asynccontextmanager
async def server(handler: Handler) -> AsyncIterator[str]:
    """A server that answers every POST with `handler`: its URL."""
    app = web.Application()
    app.router.add_post("/hook", handler)
    async with TestServer(app) as running:
        yield str(running.make_url("/hook"))


@asynccontextmanager
async def raw_server(
    behave: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server that does with each connection what it likes: its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behave(reader, writer)
        finally:
            writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}/hook"
    finally:
        running.close()
        await running.wait_closed()


async def send(url: str, **options: Any) -> ChannelAnswer:
    async with sender(url, **options) as opened:
        return await opened.send(message())


async def read_request(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    await reader.readexactly(length)


async def test_an_accepted_alert_was_signed_so_that_its_receiver_can_verify_it() -> None:
    received: list[tuple[dict[str, str], bytes]] = []

    async def accept(request: web.Request) -> web.Response:
        received.append((dict(request.headers), await request.read()))
        return web.Response(status=204)

    async with server(accept) as url:
        answer = await send(url)
    assert answer == ChannelAnswer(ACCEPTED, status_code=204)
    ((headers, body),) = received
    lowered = {name.lower(): value for name, value in headers.items()}
    assert Webhook(SECRET).verify(body, lowered)["type"] == "incident.alert"
    assert lowered["content-type"] == "application/json"
    assert lowered["webhook-id"] == "alert_5c66"
    assert "cookie" not in lowered


@pytest.mark.parametrize(
    ("status", "outcome", "said"),
    [
        *[(status, ACCEPTED, "") for status in (200, 201, 202, 204)],
        *[(status, RETRY, "a redirect, which is not followed") for status in (301, 302, 303, 307, 308)],
        *[
            (status, RETRY, f"Answered {status}")
            for status in (401, 403, 404, 405, 408, 409, 410, 425, 429, 500, 502, 503, 504)
        ],
        *[(status, DEAD, f"Refused with {status}") for status in (400, 413, 415, 422)],
    ],
)
async def test_the_status_says_how_it_ended(status: int, outcome: DeliveryOutcome, said: str) -> None:
    visited: list[str] = []

    async def answer_so(request: web.Request) -> web.Response:
        visited.append(request.path)
        return web.Response(status=status, headers={"Location": "/hook"} if 300 <= status < 400 else {})

    async with server(answer_so) as url:
        answer = await send(url)
    assert (answer.outcome, answer.status_code) == (outcome, status)
    assert said in answer.reason
    assert visited == ["/hook"]


async def test_a_429_is_asked_again_when_it_says() -> None:
    async def throttle(_: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "120"}, text="slow\x1b[31m down\n")

    async with server(throttle) as url:
        answer = await send(url)
    assert answer == ChannelAnswer(RETRY, "Answered 429: slow down", 429, 120.0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 30 ", 30.0),
        ("9" * 400, float("9" * 12)),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Sun, 04 May 2031 12:01:00 GMT", 60.0),
        ("Sun, 04 May 2031 11:00:00 GMT", 0.0),
        ("Sun, 04 May 2031 12:01:00 -0000", 60.0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_retry_after_is_read_as_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_of(header, NOON) == seconds


def test_what_an_endpoint_complains_of_is_quoted_on_one_line() -> None:
    answer = answer_for(Reply(500, "Traceback\n  \x1b[31mboom" + "x" * 900))
    assert answer.reason.startswith("Answered 500: Traceback boom")
    assert len(answer.reason) < 250


async def test_an_endpoint_that_does_not_answer_in_time_may_have_it() -> None:
    silent = asyncio.Event()

    async def never(_: web.Request) -> web.Response:
        await silent.wait()
        return web.Response()

    async with server(never) as url:
        answer = await send(url, timeout_seconds=0.2)
        silent.set()
    assert answer.outcome is UNKNOWN
    assert "not known whether it arrived" in answer.reason


async def test_a_connection_that_closes_before_the_answer_may_have_it() -> None:
    async def hang_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await read_request(reader)

    async with raw_server(hang_up) as url:
        answer = await send(url)
    assert answer.outcome is UNKNOWN


async def test_half_an_answer_may_have_it() -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-")
        await writer.drain()

    async with raw_server(half) as url:
        assert (await send(url)).outcome is UNKNOWN


@pytest.mark.parametrize("garbage", [b"\x00\xff nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: " + b"b" * 100_000])
async def test_an_answer_that_is_not_http_may_have_it(garbage: bytes) -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(garbage)
        await writer.drain()

    async with raw_server(nonsense) as url:
        assert (await send(url)).outcome is UNKNOWN


async def test_a_port_where_nobody_listens_was_not_sent_to() -> None:
    answer = await send(f"http://127.0.0.1:{unused_port()}/hook")
    assert answer.outcome is RETRY
    assert answer.reason.startswith("Not sent.")


async def test_a_name_that_does_not_resolve_was_not_sent_to() -> None:
    answer = await send("http://no-such-host.invalid/hook")
    assert (answer.outcome, answer.reason[:9]) == (RETRY, "Not sent.")


async def test_a_body_that_trickles_in_does_not_hold_up_an_answer_whose_status_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.alerter.channels.http_exchange.BODY_SECONDS", 0.05)

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        try:
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            return

    async with raw_server(trickle) as url:
        assert (await send(url)).outcome is ACCEPTED


async def test_no_more_of_a_body_is_read_than_matters() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await read_request(reader)
        writer.write(b"HTTP/1.1 500 Oops\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * READ_BYTES)
                sent += READ_BYTES
                await writer.drain()
        except ConnectionError:
            return

    async with raw_server(flood) as url:
        answer = await send(url)
    assert answer.outcome is RETRY
    assert sent < 100_000_000


async def test_a_compressed_bomb_is_not_unpacked() -> None:
    async def bomb(_: web.Request) -> web.Response:
        return web.Response(status=500, body=b"\x1f\x8b not really gzip", headers={"Content-Encoding": "gzip"})

    async with server(bomb) as url:
        assert (await send(url)).status_code == 500


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f000001", "0.0.0.0"])  # noqa: S104
async def test_a_private_address_is_refused_when_the_connection_is_made_however_it_is_written(host: str) -> None:
    visited = False

    async def visit(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        nonlocal visited
        visited = True

    async with raw_server(visit) as url:
        answer = await send(url.replace("127.0.0.1", host), allow_private_address=False)
    assert not visited
    assert answer.outcome is DEAD
    assert "allow_private_address" in answer.reason or "is not a canonical IPv4 address" in answer.reason


class Resolver(AbstractResolver):
    """Gives each time the next of a list of answers, as the name server of an attacker does."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["169.254.169.254"],
        ["10.0.0.1", "192.168.1.1"],
        ["64:ff9b::7f00:1"],
    ],
)
async def test_a_name_that_resolves_to_a_private_address_is_refused(addresses: list[str]) -> None:
    async with sender("http://hooks.example/hook", Resolver(addresses), allow_private_address=False) as opened:
        answer = await opened.send(message())
    assert answer.outcome is DEAD
    assert all(f"the address {address} is" in answer.reason for address in addresses)


async def test_a_name_that_is_rebound_after_the_first_request_is_refused_at_the_second() -> None:
    resolver = Resolver(["192.0.2.1"], ["127.0.0.1"])
    async with sender("http://hooks.example/hook", resolver, allow_private_address=False) as opened:
        outcomes = [(await opened.send(message())).outcome for _ in range(2)]
    assert outcomes == [DEAD, DEAD]


async def test_of_a_public_and_a_private_address_only_the_public_one_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []

    async def connect(_: object, __: object, address: tuple[str, int]) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", lambda sock, address: connect(None, sock, address))
    resolver = Resolver(["10.0.0.1", "93.184.215.14"])
    async with sender("http://hooks.example/hook", resolver, allow_private_address=False) as opened:
        answer = await opened.send(message())
    assert set(tried) == {"93.184.215.14"}
    assert (answer.outcome, answer.reason[:9]) == (RETRY, "Not sent.")


async def test_a_redirect_to_a_private_address_is_not_followed() -> None:
    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})

    async with server(redirect) as url:
        answer = await send(url)
    assert (answer.outcome, answer.status_code) == (RETRY, 302)


async def test_many_alerts_at_once_reuse_connections_and_all_arrive() -> None:
    received: list[str] = []
    peers: set[Any] = set()

    async def accept(request: web.Request) -> web.Response:
        received.append(json.loads(await request.read())["data"]["alert_id"])
        peers.add(request.transport.get_extra_info("peername") if request.transport else None)
        return web.Response()

    async with server(accept) as url, sender(url) as opened:
        for start in range(0, 100, 10):
            batch = [opened.send(message(alert_id=f"alert_{start + number}")) for number in range(10)]
            assert {answer.outcome for answer in await asyncio.gather(*batch)} == {ACCEPTED}
    assert sorted(received) == sorted(f"alert_{number}" for number in range(100))
    assert len(peers) <= 20
