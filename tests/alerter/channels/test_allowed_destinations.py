"""What an operator allows beside the public Internet, and what stays refused, on real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from schemas import DeliveryOutcome
from services.alerter.channels.addresses import (
    PUBLIC_ONLY,
    REFUSED_PORTS,
    AllowedDestinations,
    RefusedAddressError,
    check_address,
    host_refusal,
)
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.channels.http_client import HttpClient, Reply
from services.alerter.channels.http_exchange import HttpConnections


def allowing(*parts: str) -> AllowedDestinations:
    return AllowedDestinations.written(parts)


class Names(AbstractResolver):
    """A resolver in which a name has the addresses that it is given, each time the next."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        address = self._addresses.pop(0) if len(self._addresses) > 1 else self._addresses[0]
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
async def visits() -> AsyncIterator[tuple[list[str], int]]:
    """A server on loopback: who came, and its port."""
    came: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        came.append(request.host)
        return web.Response(status=204)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as server:
        assert server.port is not None
        yield came, server.port


async def request(
    url: str, resolver: AbstractResolver | None = None, allowed: AllowedDestinations = PUBLIC_ONLY
) -> Reply | ChannelAnswer:
    connections = HttpConnections(resolver, allowed=allowed)
    client = HttpClient(5.0, lambda: datetime.now(UTC), connections=connections)
    try:
        return await client.request(url, b"{}", {})
    finally:
        await connections.close()


async def test_an_address_inside_is_refused_until_its_network_is_allowed(visits: tuple[list[str], int]) -> None:
    came, port = visits
    refused = await request(f"http://127.0.0.1:{port}/")
    assert isinstance(refused, ChannelAnswer)
    assert (refused.outcome, came) == (DeliveryOutcome.DEAD, [])
    inside = allowing("127.0.0.0/8")
    assert isinstance(await request(f"http://127.0.0.1:{port}/", allowed=inside), Reply)
    assert len(came) == 1
    # What some connections may reach says nothing of others in the same process.
    assert isinstance(await request(f"http://127.0.0.1:{port}/"), ChannelAnswer)
    assert len(came) == 1


async def test_a_name_that_is_allowed_may_be_inside_and_another_name_of_the_same_address_may_not(
    visits: tuple[list[str], int],
) -> None:
    came, port = visits
    inside = allowing("hooks.internal.example", "*.lab.example")
    for host, taken in (
        ("hooks.internal.example", True),
        ("a.lab.example", True),
        ("lab.example", False),
        ("evilhooks.internal.example", False),
    ):
        answer = await request(f"http://{host}:{port}/", Names("127.0.0.1"), inside)
        assert isinstance(answer, Reply) is taken, host
    assert len(came) == 2


async def test_a_name_that_turns_inside_between_two_requests_is_refused(visits: tuple[list[str], int]) -> None:
    came, port = visits
    names = Names("203.0.114.1", "127.0.0.1")
    client = HttpClient(0.3, lambda: datetime.now(UTC), resolver=names)
    try:
        outcomes = [await client.request(f"http://rebinding.example:{port}/", b"{}", {}) for _ in range(2)]
    finally:
        await client.close()
    assert isinstance(outcomes[1], ChannelAnswer)
    assert "127.0.0.1 is loopback" in outcomes[1].reason
    assert came == []


@pytest.mark.parametrize(
    "url", ["http://2130706433:{}/", "http://0x7f000001:{}/", "http://0177.0.0.1:{}/", "http://127.1:{}/"]
)
async def test_a_number_written_in_another_way_is_the_address_that_it_stands_for(
    visits: tuple[list[str], int], url: str
) -> None:
    came, port = visits
    answer = await request(url.format(port))
    assert isinstance(answer, ChannelAnswer)
    assert came == []


async def test_a_redirect_is_not_followed_wherever_it_leads(visits: tuple[list[str], int]) -> None:
    came, port = visits

    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": f"http://127.0.0.1:{port}/"})

    app = web.Application()
    app.router.add_post("/", redirect)
    async with TestServer(app) as server:
        reply = await request(f"http://127.0.0.1:{server.port}/", allowed=allowing("127.0.0.1"))
    assert isinstance(reply, Reply)
    assert (reply.status, came) == (307, [])


@pytest.mark.parametrize("port", [22, 25, 6000, 6667])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    assert port in REFUSED_PORTS
    with pytest.raises(RefusedAddressError, match="belongs to another protocol"):
        check_address("93.184.216.34", "public.example", port)
    check_address("93.184.216.34", "public.example", 8443)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254"),  # noqa: S104 - an address to refuse
        *("172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
        *("198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "64:ff9b::a00:1"),
        *("64:ff9b:1::a00:1", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::", "3fff::1", "5f00::1", "fc00::1"),
        *("fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
    ],
)  # fmt: skip
def test_every_range_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(RefusedAddressError):
        check_address(address)


def test_what_is_allowed_is_an_address_a_network_a_name_or_a_domain() -> None:
    inside = allowing("10.1.0.0/16", " fd00::/8", "hooks.internal", "*.lab.example", "")
    for address, host in (("10.1.2.3", ""), ("fd00::1", ""), ("10.9.9.9", "hooks.internal")):
        check_address(address, host, allowed=inside)
    check_address("10.9.9.9", "a.b.lab.example.", allowed=inside)
    with pytest.raises(RefusedAddressError):
        check_address("10.2.0.1", "other.internal", allowed=inside)
    assert (host_refusal("10.1.2.3", inside), host_refusal("hooks.internal", inside)) == (None, None)
    assert host_refusal("10.2.0.1", inside) == "private (RFC 1918)"
    for wrong in ("10.1.0.0/33", "10.1.2.3/16", "http://a.example", "a b"):
        with pytest.raises(ValueError, match="is no network"):
            AllowedDestinations.written([wrong])


def test_a_connection_is_not_even_begun_to_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        begun.append(address)
        original(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    answer = asyncio.run(request("http://169.254.169.254/latest/meta-data/"))
    assert isinstance(answer, ChannelAnswer)
    assert begun == []
