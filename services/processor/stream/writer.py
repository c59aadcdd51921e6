"""Writing to Kafka without loss: a batch is written when every message of it is acknowledged, and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTopicError, KafkaError, MessageSizeTooLargeError, RecordTooLargeError

from services.processor.stream.records import Output

log = structlog.get_logger()

PERMANENT = (MessageSizeTooLargeError, RecordTooLargeError, InvalidTopicError)
"""What no retry of the same message can mend."""
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0


class RefusedError(Exception):
    """The broker refuses some messages of a batch for good. The rest of the batch is written."""

    def __init__(self, refused: Sequence[tuple[Output, BaseException]]) -> None:
        super().__init__(str(refused[0][1]))
        self.refused = tuple(refused)


class Writer:
    """An idempotent producer that is made anew whenever it fails, and writes batches whole."""

    def __init__(self, new_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._new_producer = new_producer
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises KafkaError where no broker answers."""
        await self._connected()

    async def stop(self) -> None:
        """Close the connection; what was not acknowledged is not written."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def write(self, outputs: Sequence[Output]) -> None:
        """Return when every one of `outputs` is acknowledged by all replicas, in order per partition.

        Tries without end while the brokers cannot be reached: the caller holds what it has not acknowledged, and
        nothing is lost by waiting. Raises RefusedError when a message can never be written.
        """
        pending = list(outputs)
        refused: list[tuple[Output, BaseException]] = []
        pause = FIRST_PAUSE_SECONDS
        while pending:
            failed = await self._attempt(pending)
            refused += [(output, error) for output, error in failed if isinstance(error, PERMANENT)]
            again = [(output, error) for output, error in failed if not isinstance(error, PERMANENT)]
            pending = [output for output, _ in again]
            if pending:
                log.warning("write_failed", messages=len(pending), error=repr(again[0][1]), retry_in_seconds=pause)
                # An idempotent producer whose batch expired has a hole in its sequence numbers and is of no more use.
                await self._discard()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        if refused:
            raise RefusedError(refused)

    async def _attempt(self, outputs: Sequence[Output]) -> list[tuple[Output, BaseException]]:
        """Send all, await all; the ones that failed, in order."""
        futures: list[asyncio.Future[object]] = []
        failed: list[tuple[Output, BaseException]] = []
        sent: list[Output] = []
        try:
            producer = await self._connected()
        except (KafkaError, OSError) as error:
            return [(output, error) for output in outputs]
        for output in outputs:
            try:
                futures.append(
                    await producer.send(
                        output.topic,
                        value=output.value,
                        key=output.key,
                        partition=output.partition,
                        headers=output.headers,
                    )
                )
                sent.append(output)
            except (KafkaError, OSError, AssertionError) as error:
                failed.append((output, error))
        answers = await asyncio.gather(*futures, return_exceptions=True)
        for output, answer in zip(sent, answers, strict=True):
            if isinstance(answer, BaseException):
                failed.append((output, answer))
        order = {id(output): number for number, output in enumerate(outputs)}
        return sorted(failed, key=lambda item: order[id(item[0])])

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = self._new_producer()
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _discard(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            await asyncio.wait_for(producer.stop(), timeout=5)
        except (KafkaError, OSError, TimeoutError) as error:
            log.info("producer_discarded", error=repr(error))
