"""Telling those who wait that something is new, without queues: a listener that is slow finds one set of names, and not
a backlog."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MOST_NAMES = 500
"""Names that a listener remembers while it is busy; beyond that it is told to look at everything."""


class TooManyListenersError(Exception):
    """As many listen already as are let."""


@dataclass(slots=True, eq=False)
class Listener:
    """One who waits."""

    _news: set[str] = field(default_factory=set)
    _everything: bool = False
    _event: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> frozenset[str] | None:
        """The names that are new since the last call; empty where `seconds` passed without any, None where there are
        too many to name."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return frozenset()
        self._event.clear()
        news, everything = frozenset(self._news), self._everything
        self._news.clear()
        self._everything = False
        return None if everything else news

    def tell(self, name: str) -> None:
        """`name` is new."""
        if len(self._news) >= MOST_NAMES:
            self._everything = True
            self._news.clear()
        if not self._everything:
            self._news.add(name)
        self._event.set()


@dataclass(slots=True)
class Waking:
    """Everybody who waits. Names are `incident`, `delivery`, or `alerts/<subscription>`."""

    most_listeners: int = 200
    """Connections that are kept open for listening at one time."""
    closed: bool = False
    """The service stops: whoever listens ends."""
    _listeners: set[Listener] = field(default_factory=set)

    def tell(self, name: str) -> None:
        """Wake everybody: `name` is new."""
        for listener in self._listeners:
            listener.tell(name)

    def close(self) -> None:
        """Wake everybody for good."""
        self.closed = True
        self.tell("closed")

    def make_sure_of_room(self) -> None:
        """Raises TooManyListenersError where no other listener is let."""
        if len(self._listeners) >= self.most_listeners:
            raise TooManyListenersError

    @contextmanager
    def listener(self) -> Iterator[Listener]:
        """A listener, for as long as the context lasts. Raises TooManyListenersError."""
        self.make_sure_of_room()
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
