"""One HTTP exchange with an address that a stranger wrote: to public addresses only, without redirects, reading little.

Nothing here knows of alerts or channels, so that a process that only makes requests loads only this.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Protocol
from urllib.parse import urlsplit
from weakref import WeakSet

import aiohttp
from aiohttp.abc import AbstractResolver

from services.alerter.channels.addresses import PUBLIC_ONLY, AllowedDestinations, RefusedAddressError, check_address
from services.alerter.policy.plain_text import one_line

CONNECT_SECONDS = 10.0
BODY_SECONDS = 2.0
"""How long the body is waited for: the status has said what matters."""
KEPT_SECONDS = 4.0
"""How long an idle connection is kept. Many servers close theirs after 5 s, and a request that meets the closing would
look as if it had been sent."""
MOST_CONNECTIONS = 2048
"""Connections in use at once, over all channels."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request, to be made once."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]
    timeout_seconds: float
    """How long it may take until the status has come."""
    read_bytes: int
    """How much of the answer's body is read at the most."""
    allow_private_address: bool = False


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer whose status has come."""

    status: int
    said: str
    """The beginning of the body, as far as it came soon."""
    cut: bool
    """There may be more of it."""
    headers: Mapping[str, str]
    """Names are looked up in any case."""


class Reach(StrEnum):
    """How far a request came that was not answered."""

    UNUSABLE = "unusable"
    """No such request can be made, now or later."""
    UNSENT = "unsent"
    """Nothing of it was sent."""
    SENT = "sent"
    """Its headers have gone out: it may have arrived."""


@dataclass(frozen=True, slots=True)
class HttpFault:
    """Why there was no answer."""

    reach: Reach
    reason: str
    """One sentence, without the URL: those of some channels hold their secret."""
    silent: bool = False
    """It took no connection, or gave no answer in time."""


class HttpTransport(Protocol):
    """What makes requests."""

    async def exchange(self, request: HttpRequest) -> HttpReply | HttpFault:
        """Make `request` once; a redirect is a reply like any other, and is not followed. Raises nothing but
        CancelledError."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...


class HttpConnections:
    """Connections that channels share. Create it within a running event loop.

    Those to public addresses only and those to any address are kept apart: a channel never gets a connection that it
    could not have made itself.
    """

    def __init__(
        self,
        resolver: AbstractResolver | None = None,
        most: int = MOST_CONNECTIONS,
        allowed: AllowedDestinations = PUBLIC_ONLY,
    ) -> None:
        """`resolver` is aiohttp's own where None. At most `most` connections are in use at once, a quarter of them to
        one host and port; about half as many more are kept idle. `allowed` is what counts as public although it is
        not."""
        self._allowed = allowed
        self._most_idle = most // 2
        self._open: WeakSet[socket.socket] = WeakSet()
        self._sessions = {private: self._session(private, resolver, most) for private in (False, True)}

    async def exchange(self, request: HttpRequest) -> HttpReply | HttpFault:
        """Make `request` once; a redirect is a reply like any other, and is not followed."""
        progress = _Progress(_host_of(request.url))
        token = _UNDER_WAY.set(progress)
        sent = dict(request.headers)
        if self._many_open:
            sent["connection"] = "close"
        seconds = request.timeout_seconds
        try:
            async with self._sessions[request.allow_private_address].request(
                request.method,
                request.url,
                data=request.body,
                headers=sent,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=min(CONNECT_SECONDS, seconds)),
                allow_redirects=False,
                trace_request_ctx=progress,
            ) as response:
                said, cut = await _beginning(response, request.read_bytes)
        except TimeoutError:
            return HttpFault(progress.reach, f"No answer within {seconds:g} s.", silent=True)
        except aiohttp.InvalidURL as error:
            # The URL itself is not quoted.
            fault = one_line(error.description or "it is none", 300)
            return HttpFault(Reach.UNUSABLE, f"The channel's URL cannot be used: {fault}")
        except aiohttp.ClientError as error:
            if progress.refused and len(progress.refused) == progress.addresses:
                refused = "; ".join(progress.refused)
                reason = f"Not connected: {refused}. Set allow_private_address on the channel where that is meant."
                return HttpFault(Reach.UNUSABLE, reason)
            return HttpFault(progress.reach, f"{type(error).__name__}: {one_line(_said(error), 300)}")
        finally:
            _UNDER_WAY.reset(token)
        return HttpReply(response.status, said, cut, response.headers)

    @property
    def _many_open(self) -> bool:
        """So many sockets are open that a connection is better closed after use than kept."""
        if len(self._open) >= self._most_idle:
            # What is closed can live on for a while, in cycles with its transport.
            self._open = WeakSet(one for one in self._open if one.fileno() >= 0)
        return len(self._open) >= self._most_idle

    async def close(self) -> None:
        """Close idle connections."""
        for session in self._sessions.values():
            await session.close()

    def _session(self, private: bool, resolver: AbstractResolver | None, most: int) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=most,
                limit_per_host=max(1, most // 4),
                use_dns_cache=False,
                resolver=resolver,
                keepalive_timeout=KEPT_SECONDS,
                socket_factory=self._any_socket if private else self._public_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[_trace()],
            auto_decompress=False,
        )

    def _any_socket(self, address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, *_ = address
        made = socket.socket(family, kind, protocol)
        self._open.add(made)
        return made

    def _public_socket(self, address: tuple[Any, ...]) -> socket.socket:
        """A socket for one address of getaddrinfo's. Raises RefusedAddressError where it is not public."""
        target = address[4]
        progress = _UNDER_WAY.get()
        progress.addresses += 1
        try:
            check_address(target[0], progress.host, target[1], self._allowed)
        except RefusedAddressError as error:
            progress.refused.append(str(error))
            raise
        return self._any_socket(address)


@dataclass(slots=True)
class _Progress:
    """How far one request came."""

    host: str = ""
    """The host that its URL names."""
    sent: bool = False
    """Its headers have gone out."""
    addresses: int = 0
    """How many addresses a connection was to be made to."""
    refused: list[str] = field(default_factory=list)
    """Why not, for each that must not be delivered to."""

    @property
    def reach(self) -> Reach:
        """How far it came, where it was not answered."""
        return Reach.SENT if self.sent else Reach.UNSENT


_UNDER_WAY: ContextVar[_Progress] = ContextVar("http_request_under_way")


def _trace() -> aiohttp.TraceConfig:
    """Notes on a request's `_Progress` when its headers have gone out."""

    async def headers_sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.sent = True

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(headers_sent)
    return trace


def _said(error: aiohttp.ClientError) -> str:
    """What `error` says, without the URL: those of some channels hold their secret."""
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{error.status}, {error.message}" if error.status else error.message
    return str(error)


def _host_of(url: str) -> str:
    """The host in `url`; empty where it names none, which the request itself then says."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


async def _beginning(response: aiohttp.ClientResponse, read_bytes: int) -> tuple[str, bool]:
    """The first `read_bytes` of the body, as far as they come soon, and whether there may be more. The rest is not
    read, and closes the connection."""
    body, cut = b"", True
    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(BODY_SECONDS):
            while len(body) < read_bytes:
                chunk = await response.content.read(read_bytes - len(body))
                if not chunk:
                    cut = False
                    break
                body += chunk
    return body.decode(errors="replace"), cut
