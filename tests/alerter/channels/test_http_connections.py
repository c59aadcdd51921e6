"""Connections that channels share: how many there are, and that none is given to a channel that may not have it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas import DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.channels.http_client import HttpClient, Reply
from services.alerter.channels.http_exchange import HttpConnections


@pytest.fixture
async def visits() -> AsyncIterator[tuple[list[tuple[object, str]], str]]:
    """Each request that came, as its connection and its Connection header; and a URL on loopback."""
    came: list[tuple[object, str]] = []

    async def answer(request: web.Request) -> web.Response:
        came.append((request.transport, request.headers.get("connection", "")))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as server:
        yield came, str(server.make_url("/"))


def client(connections: HttpConnections, *, private: bool = True) -> HttpClient:
    return HttpClient(5.0, lambda: datetime.now(UTC), allow_private_address=private, connections=connections)


async def test_channels_to_one_host_share_its_connections(visits: tuple[list[tuple[object, str]], str]) -> None:
    came, url = visits
    connections = HttpConnections()
    one, other = client(connections), client(connections)
    assert isinstance(await one.request(f"{url}one", b"{}", {}), Reply)
    await one.close()
    assert isinstance(await other.request(f"{url}other", b"{}", {}), Reply)
    await connections.close()
    assert len(came) == 2
    assert came[0][0] is came[1][0]


async def test_a_connection_that_one_channel_may_have_is_not_given_to_one_that_may_not(
    visits: tuple[list[tuple[object, str]], str],
) -> None:
    came, url = visits
    connections = HttpConnections()
    assert isinstance(await client(connections).request(url, b"{}", {}), Reply)
    refused = await client(connections, private=False).request(url, b"{}", {})
    await connections.close()
    assert isinstance(refused, ChannelAnswer)
    assert refused.outcome is DeliveryOutcome.DEAD
    assert "loopback" in refused.reason
    assert len(came) == 1


async def test_where_many_are_open_a_connection_is_not_kept(visits: tuple[list[tuple[object, str]], str]) -> None:
    came, url = visits
    connections = HttpConnections(most=2)
    for _ in range(3):
        assert isinstance(await client(connections).request(url, b"{}", {}), Reply)
        # The loop closes a socket when it comes round.
        await asyncio.sleep(0.05)
    await connections.close()
    # One may be idle. While it is there, whoever uses it closes it.
    assert [header.lower() for _, header in came] == ["", "close", ""]
    assert came[0][0] is came[1][0]
    assert came[1][0] is not came[2][0]
