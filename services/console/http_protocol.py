"""The console's side of a connection: HTTP/1.1, with a deadline for whoever sends or reads a byte at a time.

A connection that is held open with half a request costs a socket, and a few thousand of them cost every socket that
the process may have. So what a request still owes is waited for only so long in all, however often a byte of it comes.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

log = structlog.get_logger()

REQUEST_SECONDS = 10.0
"""What the line and headers of a request may take to arrive, and what is left of a body once it has been answered."""
READER_SECONDS = 30.0
"""How long an answer waits for a reader that takes nothing of it."""
MOST_CONNECTIONS = 500
"""Connections at once: all open pages and streams, and room for as many requests again."""


class ConsoleProtocol(H11Protocol):
    """As uvicorn's, with deadlines."""

    request_seconds = REQUEST_SECONDS
    reader_seconds = READER_SECONDS
    most_connections = MOST_CONNECTIONS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._owed: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            log.warning("console_connection_refused", connections=len(self.connections) - 1)
            self.transport.abort()
            return
        self._look()

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request have come."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """A request is answered."""
        super().on_response_complete()
        self._look(answered=True)

    def pause_writing(self) -> None:
        """The reader does not keep up."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self.reader_seconds, self._cut_off, "reader")

    def resume_writing(self) -> None:
        """The reader has caught up."""
        super().resume_writing()
        _cancel(self._unread)
        self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        _cancel(self._owed)
        _cancel(self._unread)
        super().connection_lost(exc)

    def _look(self, *, answered: bool = False) -> None:
        """Begin to wait where the other side owes something, and cease where it does not."""
        if self.transport.is_closing():
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        # Between two requests uvicorn's own time for idle connections runs; this one begins with the first byte.
        idle = answered and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
        if answering or idle:
            _cancel(self._owed)
            self._owed = None
        elif self._owed is None:
            self._owed = self.loop.call_later(self.request_seconds, self._cut_off, "request")

    def _cut_off(self, waited_for: str) -> None:
        log.info("console_connection_cut_off", waited_for=waited_for, client=self.client and self.client[0])
        self.transport.abort()


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
