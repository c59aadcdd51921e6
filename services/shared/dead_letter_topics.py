"""Looking at dead letters on Kafka, and sending them round again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from services.shared.dead_letters import DeadLetter, alive_headers, read_dead
from services.shared.errors import UserError
from services.shared.kafka import new_consumer, new_producer, partitions_of
from services.shared.settings import Settings
from services.shared.topics import ARTICLES, INCIDENT_EDITS, INCIDENTS, REPORTS, dead_of, group_of

REDRIVABLE = (ARTICLES, REPORTS, INCIDENT_EDITS, INCIDENTS)
"""Topics whose dead letters are sent round again by publishing the message once more."""
IDLE_MS = 1000
"""Milliseconds without a message after which a fetch is asked again."""


@dataclass(frozen=True, slots=True)
class StoredDeadLetter:
    """A dead letter and where it lies."""

    letter: DeadLetter
    dead_topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


async def list_dead_letters(
    settings: Settings, topics: Sequence[str] = REDRIVABLE, *, redriven: bool = False
) -> list[StoredDeadLetter]:
    """Dead letters of `topics` (names without prefix), oldest first; those already redriven only where `redriven`.

    Raises UserError where no broker answers.
    """
    async with _standing_at(settings, topics, from_start=redriven) as (consumer, ends):
        return [stored async for stored in _until(consumer, ends)]


async def count_dead_letters(settings: Settings, topics: Sequence[str] = REDRIVABLE) -> dict[str, int]:
    """Topic (name without prefix) to its dead letters that were not redriven, counted without reading them.

    Raises UserError where no broker answers.
    """
    counts = dict.fromkeys(topics, 0)
    async with _standing_at(settings, topics, from_start=False) as (consumer, ends):
        for partition, end in ends.items():
            topic = next(one for one in topics if partition.topic == settings.topic_prefix + dead_of(one))
            counts[topic] += max(end - await consumer.position(partition), 0)
    return counts


async def redrive(
    settings: Settings, topics: Sequence[str] = REDRIVABLE, *, limit: int | None = None
) -> list[StoredDeadLetter]:
    """Publish the messages of dead letters once more to the topics they came from: those that were sent.

    At most `limit`, oldest first. A message counts as redriven once its topic has acknowledged it; one that fails again
    becomes a new dead letter. Raises UserError where no broker answers or takes the message.
    """
    sent: list[StoredDeadLetter] = []
    producer = new_producer(settings, "tocsin-redrive")
    await _started(producer.start(), settings)
    try:
        async with _standing_at(settings, topics, from_start=False) as (consumer, ends):
            async for stored in _until(consumer, ends):
                if limit is not None and len(sent) >= limit:
                    break
                await producer.send_and_wait(
                    stored.letter.topic, stored.value, stored.key, headers=alive_headers(stored.headers)
                )
                await consumer.commit({TopicPartition(stored.dead_topic, stored.partition): stored.offset + 1})
                sent.append(stored)
    except KafkaError as error:
        raise UserError(
            f"{len(sent)} dead letters were redriven, then the broker refused ({error!r}): mend it and call again, the "
            "rest is still there."
        ) from error
    finally:
        await producer.stop()
    return sent


@asynccontextmanager
async def _standing_at(
    settings: Settings, topics: Sequence[str], *, from_start: bool
) -> AsyncIterator[tuple[AIOKafkaConsumer, dict[TopicPartition, int]]]:
    """A consumer at the first dead letter that is wanted, and where each partition ends now."""
    group = group_of(settings.topic_prefix, "dead-letters")
    consumer = new_consumer(settings, group_id=group, fetch_max_wait_ms=IDLE_MS)
    try:
        await _started(consumer.start(), settings)
        partitions = partitions_of(settings, [dead_of(topic) for topic in topics])
        consumer.assign(partitions)
        if from_start:
            await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        yield consumer, ends
    finally:
        await consumer.stop()


async def _until(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> AsyncIterator[StoredDeadLetter]:
    """Dead letters up to `ends`; a message there that is none (somebody else wrote it) is passed over."""
    open_partitions = {tp for tp, end in ends.items() if await consumer.position(tp) < end}
    while open_partitions:
        batches = await consumer.getmany(*open_partitions, timeout_ms=IDLE_MS)
        records = sorted((r for batch in batches.values() for r in batch), key=lambda r: (r.timestamp, r.offset))
        for record in records:
            tp = TopicPartition(record.topic, record.partition)
            stored = _stored(record) if record.offset < ends[tp] else None
            if stored is not None:
                yield stored
        open_partitions = {tp for tp in open_partitions if await consumer.position(tp) < ends[tp]}


def _stored(record: ConsumerRecord[bytes, bytes]) -> StoredDeadLetter | None:
    try:
        letter = read_dead(record.headers)
    except ValueError:
        return None
    return StoredDeadLetter(
        letter, record.topic, record.partition, record.offset, record.key, record.value, tuple(record.headers)
    )


async def _started(start: Awaitable[None], settings: Settings) -> None:
    try:
        await start
    except (KafkaError, OSError) as error:
        raise UserError(f"No Kafka broker answers at {settings.kafka_bootstrap_servers} ({error}).") from error
