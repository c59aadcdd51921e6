"""A stream and a writer without Kafka, which do what the real ones do and can be told to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.processor.stream.safe_loop import LoopPolicy
from services.processor.stream.writer import RefusedError
from services.shared.topic_writer import Outgoing

NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)


@dataclass
class FakeMessage:
    offset: int
    value: bytes | None
    topic: str = "articles"
    partition: int = 0
    key: bytes | None = b"k"
    headers: object = None


@dataclass
class FakeEvent:
    message: FakeMessage


@dataclass
class FakeStream:
    """Gives its events and then waits, as a stream with nothing to read does."""

    values: Sequence[bytes | None]
    acked: list[int] = field(default_factory=list)

    async def events(self) -> AsyncIterator[FakeEvent]:
        for offset, value in enumerate(self.values):
            yield FakeEvent(FakeMessage(offset, value))
        await asyncio.Event().wait()

    async def ack(self, event: FakeEvent) -> bool:
        self.acked.append(event.message.offset)
        return True


@dataclass
class FakeWriter:
    """Keeps what is written. `refuse` names topics that take nothing; while `held` is set, no write returns."""

    written: list[Outgoing] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    held: asyncio.Event | None = None
    before_write: Callable[[Sequence[Outgoing]], None] = lambda outputs: None

    async def write(self, outputs: Sequence[Outgoing]) -> None:
        self.before_write(outputs)
        if self.held is not None:
            await self.held.wait()
        self.written += [output for output in outputs if output.topic not in self.refuse]
        refused = [output for output in outputs if output.topic in self.refuse]
        if refused:
            raise RefusedError([(output, ValueError("too large")) for output in refused])

    def on(self, topic: str) -> list[Outgoing]:
        return [output for output in self.written if output.topic == topic]


def policy(**changes: object) -> LoopPolicy:
    values: dict[str, object] = {
        "stage_name": "extract",
        "attempts": 3,
        "batch_size": 4,
        "now": lambda: NOON,
        "pause": lambda attempt: 0.0,
    }
    return LoopPolicy(**(values | changes))  # type: ignore[arg-type]


def copy_of(value: bytes | None, topic: str = "reports") -> Outgoing:
    return Outgoing(topic, b"k", value, [])
