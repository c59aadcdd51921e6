"""Stand-ins for what the alerter's loops talk to: a broker to read from, one to write to, channels and a clock."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.structs import RecordMetadata

from schemas import Incident
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer, OutgoingMessage
from services.shared.envelope import Headers, seal, trace_of
from services.shared.topic_writer import Outgoing, TopicWriter, UnwritableError
from tests.alerter.incidents import NOON

TOPIC = "incidents"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = NOON
    moved: Callable[[], None] = lambda: None
    """Called whenever it is moved."""

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **parts: float) -> None:
        self.at += timedelta(**parts)
        self.moved()


class FakeTopics(TopicWriter):
    """A broker that keeps what is written to it, and fails when it is told to."""

    def __init__(self) -> None:
        super().__init__(lambda: None)
        self.written: list[Outgoing] = []
        self.down = False
        self.refuses: Callable[[Outgoing], bool] = lambda message: False
        self.loses_ack: Callable[[Outgoing], bool] = lambda message: False

    async def write_all(self, messages: Sequence[Outgoing]) -> list[RecordMetadata | Exception]:
        await asyncio.sleep(0)
        return [self._take(message) for message in messages]

    def _take(self, message: Outgoing) -> RecordMetadata | Exception:
        if self.down:
            return KafkaConnectionError("the broker is down")
        if self.refuses(message):
            return UnwritableError("too large")
        self.written.append(message)
        if self.loses_ack(message):
            return KafkaError("the acknowledgement was lost")
        partition = TopicPartition(message.topic, 0)
        return RecordMetadata(message.topic, 0, partition, len(self.written) - 1, 0, 0, 0)

    def on(self, topic: str) -> list[Outgoing]:
        return [message for message in self.written if message.topic == topic]


def record_of(incident: Incident, offset: int, partition: int = 0) -> ConsumerRecord[bytes, bytes]:
    sealed = seal(incident, source="tocsin/processor", traceparent=trace_of("a1"), sent_at=NOON)
    return raw_record(sealed.value, offset, partition, sealed.key, sealed.headers)


def raw_record(
    value: bytes | None, offset: int, partition: int = 0, key: bytes = b"inc-1", headers: Headers | None = None
) -> ConsumerRecord[bytes, bytes]:
    at = int(NOON.timestamp() * 1000)
    size = len(value or b"")
    return ConsumerRecord(TOPIC, partition, offset, at, 0, key, value, None, len(key), size, tuple(headers or ()))


class FakeConsumer:
    """A topic of one or more partitions, and a group that gives and takes them."""

    def __init__(self, records: Iterable[ConsumerRecord[bytes, bytes]] = (), partitions: Iterable[int] = (0,)) -> None:
        self.held = {TopicPartition(TOPIC, number) for number in partitions}
        self.log: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]] = {one: [] for one in self.held}
        for record in records:
            self.log[TopicPartition(TOPIC, record.partition)].append(record)
        self.positions: dict[TopicPartition, int] = {}
        self.commits: list[Mapping[TopicPartition, int]] = []
        self.refuses_commits = False
        self.first = 0
        self.listener: Any = None
        self.drained = asyncio.Event()

    def subscribe(self, topics: Sequence[str], listener: Any) -> None:
        self.listener = listener
        listener.on_partitions_assigned(self.held)

    def assignment(self) -> set[TopicPartition]:
        return set(self.held)

    async def beginning_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, self.first)

    async def end_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return {one: max((record.offset + 1 for record in self.log[one]), default=0) for one in partitions}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.positions[partition] = offset

    def highwater(self, partition: TopicPartition) -> int:
        return len(self.log[partition])

    async def getmany(
        self, *, timeout_ms: int, max_records: int
    ) -> dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]:
        await asyncio.sleep(0)
        found = {}
        for partition in self.held & self.positions.keys():
            waiting = [one for one in self.log[partition] if one.offset >= self.positions[partition]][:max_records]
            if waiting:
                found[partition] = waiting
                self.positions[partition] = waiting[-1].offset + 1
        if not found:
            self.drained.set()
            await asyncio.sleep(0.001)
        return found

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        if self.refuses_commits:
            raise KafkaError("not a member of the group")
        self.commits.append(offsets)


@dataclass
class FakeChannel:
    """A channel that answers as it is told; by default it accepts."""

    answers: deque[ChannelAnswer | Exception] = field(default_factory=deque)
    always: ChannelAnswer = ACCEPTED
    timeout_seconds: float = 20.0
    concurrency: int = 8
    kind: str = "webhook"
    sent: list[OutgoingMessage] = field(default_factory=list)
    holds: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            if self.holds is not None:
                await self.holds.wait()
            answer = self.answers.popleft() if self.answers else self.always
            if isinstance(answer, Exception):
                raise answer
            self.sent.append(message)
            return answer
        finally:
            self.at_once -= 1

    async def close(self) -> None:
        """Nothing is held."""


async def eventually(holds: Callable[[], bool]) -> None:
    """Return when `holds` does; the test's time limit ends a wait in vain."""
    while not holds():
        await asyncio.sleep(0.002)
