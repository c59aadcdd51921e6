"""A listener's deadline for requests that come a byte at a time, around a protocol that has none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

REQUEST_SECONDS = 10.0
"""What the line and headers of a request may take to arrive, in all."""
MOST_CONNECTIONS = 200
_END = b"\r\n\r\n"


class DeadlineProtocol(asyncio.Protocol):
    """Passes everything on to another protocol, and cuts off a connection on which a request has begun, or has never
    begun, and does not end. For small requests without a body: what follows the headers counts as the next request."""

    def __init__(
        self, inner: asyncio.Protocol, connections: set[DeadlineProtocol], request_seconds: float = REQUEST_SECONDS
    ) -> None:
        """`connections` are those of one listener that are open; this one adds itself."""
        self._inner = inner
        self._connections = connections
        self._seconds = request_seconds
        self._last = b""
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        # uvloop's is one in all but its class.
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)
        self._inner.connection_made(transport)
        if len(self._connections) > MOST_CONNECTIONS:
            self._transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Some bytes have come."""
        seen = self._last + data
        if _END in seen:
            self._cease()
        self._last = seen[-len(_END) + 1 :]
        if not seen.endswith(_END):
            self._wait()
        else:
            self._last = b""
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """The other side sends no more."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._cease()
        self._connections.discard(self)
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """The reader does not keep up."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The reader has caught up."""
        self._inner.resume_writing()

    def _wait(self) -> None:
        if self._timer is None and self._transport is not None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._transport.abort)

    def _cease(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def with_deadline(
    inner: Callable[[], asyncio.Protocol], request_seconds: float = REQUEST_SECONDS
) -> Callable[[], DeadlineProtocol]:
    """What makes the protocols of one listener, around those that `inner` makes."""
    connections: set[DeadlineProtocol] = set()
    return lambda: DeadlineProtocol(inner(), connections, request_seconds)
