"""HTTP requests to addresses that strangers wrote: to public addresses only, without redirects, reading little.

One client serves one channel, over connections that all channels share. What a request ended in is either a Reply, for
the channel to judge, or a ChannelAnswer, where there was no whole reply.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

import aiohttp
from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from schemas import DeliveryOutcome
from services.alerter.channels.addresses import PUBLIC_ONLY, AllowedDestinations, RefusedAddressError, check_address
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.channels.redaction import Redaction
from services.alerter.policy.plain_text import one_line

CONNECT_SECONDS = 10.0
READ_BYTES = 4096
"""Bytes of an answer's body that are read: enough to see what an endpoint complains of."""
BODY_SECONDS = 2.0
"""How long the body is waited for: the status has said what matters."""
KEPT_SECONDS = 4.0
"""How long an idle connection is kept. Many servers close theirs after 5 s, and a request that meets the closing would
look as if it had been sent."""
MOST_CONNECTIONS = 2048
"""Connections in use at once, over all channels."""
REFUSALS = frozenset({400, 406, 411, 413, 414, 415, 422, 431})
"""Statuses that are about the message and not the endpoint: the same message would be refused again."""
GONE = 410


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose status has come."""

    status: int
    said: str
    """The beginning of the body, as far as it came soon."""
    retry_after: float | None = None
    """Seconds that a Retry-After header asks to wait."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """The answer's headers; names are looked up in any case."""


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

    def session(self, *, allow_private_address: bool) -> aiohttp.ClientSession:
        """What makes requests, to public addresses only or to any."""
        return self._sessions[allow_private_address]

    @property
    def many_open(self) -> bool:
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


class HttpClient:
    """Requests of one channel. Create it within a running event loop."""

    def __init__(
        self,
        timeout_seconds: float,
        now: Callable[[], datetime],
        *,
        allow_private_address: bool = False,
        resolver: AbstractResolver | None = None,
        connections: HttpConnections | None = None,
        secrets: Iterable[SecretStr] = (),
    ) -> None:
        """Where `connections` is None the client has its own, with `resolver`, or aiohttp's own where that is None.
        `secrets` are in no answer, even where the endpoint repeats them."""
        self._redacted = Redaction(secrets)
        self.timeout_seconds = timeout_seconds
        self._now = now
        self._connections = HttpConnections(resolver) if connections is None else connections
        self._shares = connections is not None
        self._session = self._connections.session(allow_private_address=allow_private_address)
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=min(CONNECT_SECONDS, timeout_seconds))

    async def request(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        method: str = "POST",
        read_bytes: int = READ_BYTES,
    ) -> Reply | ChannelAnswer:
        """Send once; a redirect is a reply like any other, and is not followed. Of the reply's body `read_bytes` are
        read at the most."""
        progress = _Progress(_host_of(url))
        token = _UNDER_WAY.set(progress)
        sent = dict(headers)
        if self._connections.many_open:
            sent["connection"] = "close"
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=sent,
                timeout=self._timeout,
                allow_redirects=False,
                trace_request_ctx=progress,
            ) as response:
                said, cut = await _beginning(response, read_bytes)
        except TimeoutError:
            return _unanswered(progress, f"No answer within {self.timeout_seconds:g} s.", silent=True)
        except aiohttp.InvalidURL as error:
            # The URL itself is not quoted: those of some channels hold their secret.
            fault = one_line(error.description or "it is none", 300)
            return ChannelAnswer(DeliveryOutcome.DEAD, f"The channel's URL cannot be used: {fault}")
        except aiohttp.ClientError as error:
            if progress.refused and len(progress.refused) == progress.addresses:
                refused = "; ".join(progress.refused)
                reason = f"Not connected: {refused}. Set allow_private_address on the channel where that is meant."
                return ChannelAnswer(DeliveryOutcome.DEAD, reason)
            return _unanswered(progress, f"{type(error).__name__}: {one_line(_said(error), 300)}")
        finally:
            _UNDER_WAY.reset(token)
        retry_after = seconds_of(response.headers.get("Retry-After"), self._now())
        return Reply(response.status, self._redacted(said, cut=cut), retry_after, response.headers)

    async def close(self) -> None:
        """Close the client's own connections; those that it shares stay."""
        if not self._shares:
            await self._connections.close()


def answer_for(reply: Reply) -> ChannelAnswer:
    """How an attempt ended that was answered by `reply`, by its status alone. Pure.

    2xx is accepted, a refusal of this very message is final, all else may pass: an endpoint that is taken down for an
    hour answers 404, and one whose keys are being changed 401.
    """
    status = reply.status
    if 200 <= status < 300:
        return ChannelAnswer(ACCEPTED.outcome, status_code=status)
    quoted = f": {one_line(reply.said, 200)}" if reply.said.strip() else ""
    if 300 <= status < 400:
        reason = f"Answered {status}, a redirect, which is not followed: give the channel its new URL."
        return ChannelAnswer(DeliveryOutcome.RETRY, reason, status)
    if status == GONE:
        reason = f"Answered 410: the endpoint wants no more{quoted}"
        return ChannelAnswer(DeliveryOutcome.RETRY, reason, status, gone=True)
    if status in REFUSALS:
        return ChannelAnswer(DeliveryOutcome.DEAD, f"Refused with {status}{quoted}", status)
    return ChannelAnswer(DeliveryOutcome.RETRY, f"Answered {status}{quoted}", status, reply.retry_after)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header (RFC 9110: a number of seconds, or a date) asks to wait; None for none."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(0.0, (at - now).total_seconds())


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


_UNDER_WAY: ContextVar[_Progress] = ContextVar("http_request_under_way")


def _trace() -> aiohttp.TraceConfig:
    """Notes on a request's `_Progress` when its headers have gone out."""

    async def headers_sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.sent = True

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(headers_sent)
    return trace


def _unanswered(progress: _Progress, reason: str, *, silent: bool = False) -> ChannelAnswer:
    if progress.sent:
        said = f"Sent, and it is not known whether it arrived. {reason}"
        return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, said, silent=silent)
    return ChannelAnswer(DeliveryOutcome.RETRY, f"Not sent. {reason}", silent=silent)


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
