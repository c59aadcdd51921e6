"""Writing to Kafka, one acknowledged message after another, with a producer that is made anew when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTopicError, KafkaError, MessageSizeTooLargeError, RecordTooLargeError
from aiokafka.structs import RecordMetadata

from services.shared.envelope import Headers

log = structlog.get_logger()

REFUSED = (MessageSizeTooLargeError, RecordTooLargeError, InvalidTopicError)
"""What no retry of the same message can mend."""
STOP_SECONDS = 5.0


class UnwritableError(Exception):
    """The broker refuses the message for good."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one topic, named with its prefix."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None = None
    """Null lets the key choose."""

    @property
    def lane(self) -> tuple[str, int | bytes | None]:
        """What it stays in order with: its partition where that is given, else what else has its key."""
        return self.topic, self.key if self.partition is None else self.partition


class TopicWriter:
    """An idempotent producer. Safe to use from several tasks at once."""

    def __init__(self, new_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._new_producer = new_producer
        self._producer: AIOKafkaProducer | None = None
        self._connecting = asyncio.Lock()

    async def start(self) -> None:
        """Connect. Raises KafkaError or OSError where no broker answers."""
        await self._connected()

    async def stop(self) -> None:
        """Close the connection."""
        if self._producer is not None:
            await self._discard(self._producer)

    async def write(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> RecordMetadata:
        """Write one message: where it stands, once every replica has it.

        Raises UnwritableError where it can never be written, KafkaError or OSError where it was not now.
        """
        (answer,) = await self.write_all([Outgoing(topic, key, value, headers)])
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def write_all(self, messages: Sequence[Outgoing]) -> list[RecordMetadata | Exception]:
        """Write all: for each where it stands, or what `write` would raise.

        What stays in order (`Outgoing.lane`) also does where some of it fails, if what failed is written again in the
        order given: a message that comes after one which was not written now counts as not written either, even where
        the broker has taken it, since the earlier one would come to stand behind it.
        """
        try:
            producer = await self._connected()
        except (KafkaError, OSError) as error:
            return [error for _ in messages]
        sent: list[asyncio.Future[RecordMetadata] | Exception] = []
        broken: dict[tuple[str, int | bytes | None], Exception] = {}
        for message in messages:
            if message.lane in broken:
                sent.append(broken[message.lane])
                continue
            try:
                sending = producer.send(
                    message.topic,
                    value=message.value,
                    key=message.key,
                    partition=message.partition,
                    headers=message.headers,
                )
                sent.append(await sending)
            except REFUSED as error:
                sent.append(UnwritableError(str(error)))
            except (KafkaError, OSError) as error:
                broken[message.lane] = error
                sent.append(error)
        answers: list[RecordMetadata | Exception] = []
        broken.clear()
        for message, one in zip(messages, sent, strict=True):
            answer = await _answer(one) if isinstance(one, asyncio.Future) else one
            if isinstance(answer, KafkaError | OSError):
                broken.setdefault(message.lane, answer)
            answers.append(answer if isinstance(answer, UnwritableError) else broken.get(message.lane, answer))
        if any(isinstance(answer, KafkaError | OSError) for answer in answers):
            # An idempotent producer whose batch expired has a hole in its sequence numbers and is of no more use.
            await self._discard(producer)
        return answers

    async def _connected(self) -> AIOKafkaProducer:
        async with self._connecting:
            if self._producer is not None:
                return self._producer
            fresh = self._new_producer()
            try:
                await fresh.start()
            except BaseException:
                await fresh.stop()
                raise
            self._producer = fresh
            return fresh

    async def _discard(self, producer: AIOKafkaProducer) -> None:
        if self._producer is producer:
            self._producer = None
        try:
            await asyncio.wait_for(producer.stop(), timeout=STOP_SECONDS)
        except (KafkaError, OSError, TimeoutError) as error:
            log.info("producer_discarded", error=repr(error))


async def _answer(sending: asyncio.Future[RecordMetadata]) -> RecordMetadata | Exception:
    try:
        return await sending
    except REFUSED as error:
        return UnwritableError(str(error))
    except (KafkaError, OSError) as error:
        return error
