"""A producer that keeps what it is sent and fails when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from services.shared.envelope import Headers


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that was acknowledged."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers

    @property
    def size(self) -> int:
        return len(self.key) + len(self.value) + sum(len(name) + len(value) for name, value in self.headers)


@dataclass(slots=True)
class FakeBroker:
    """Has the one method of an AIOKafkaProducer that publishing uses."""

    refusals: list[Exception] = field(default_factory=list)
    """Raised by the first sends, one each."""
    failures: dict[bytes, Exception] = field(default_factory=dict)
    """By key: what a message gets instead of its acknowledgement."""
    held: asyncio.Event | None = None
    """While it is not set, nothing is acknowledged."""
    on_send: Callable[[], None] | None = None
    sent: list[Sent] = field(default_factory=list)
    in_flight: int = 0
    in_flight_bytes: int = 0
    most_in_flight: int = 0
    most_bytes_in_flight: int = 0

    async def send(self, topic: str, value: bytes, key: bytes, *, headers: Headers) -> Awaitable[object]:
        if self.on_send is not None:
            self.on_send()
        if self.refusals:
            raise self.refusals.pop(0)
        return asyncio.ensure_future(self._acknowledge(Sent(topic, key, value, headers)))

    async def _acknowledge(self, message: Sent) -> None:
        self.in_flight += 1
        self.in_flight_bytes += message.size
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.most_bytes_in_flight = max(self.most_bytes_in_flight, self.in_flight_bytes)
        try:
            await asyncio.sleep(0)
            if self.held is not None:
                await self.held.wait()
            if message.key in self.failures:
                raise self.failures[message.key]
            self.sent.append(message)
        finally:
            self.in_flight -= 1
            self.in_flight_bytes -= message.size
