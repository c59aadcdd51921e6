"""Writing to Kafka without loss: a batch is written when every message of it is acknowledged, and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog
from aiokafka import AIOKafkaProducer

from services.shared.topic_writer import Outgoing, TopicWriter, UnwritableError

log = structlog.get_logger()

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0


class RefusedError(Exception):
    """The broker refuses some messages of a batch for good. The rest of the batch is written."""

    def __init__(self, refused: Sequence[tuple[Outgoing, BaseException]]) -> None:
        super().__init__(str(refused[0][1]))
        self.refused = tuple(refused)


class Writer:
    """Writes batches whole, however often the producer has to be made anew for it."""

    def __init__(self, new_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._topics = TopicWriter(new_producer)

    async def start(self) -> None:
        """Connect. Raises KafkaError or OSError where no broker answers."""
        await self._topics.start()

    async def stop(self) -> None:
        """Close the connection; what was not acknowledged is not written."""
        await self._topics.stop()

    async def write(self, outputs: Sequence[Outgoing]) -> None:
        """Return when every one of `outputs` is acknowledged by all replicas, in order per partition.

        Where one was not, what comes after it on its partition is written again too (see `TopicWriter.write_all`), so
        that the last that stands there is the last of `outputs`. Tries without end while the brokers cannot be reached:
        the caller holds what it has not acknowledged, and nothing is lost by waiting. Raises RefusedError when a
        message can never be written.
        """
        pending = list(outputs)
        refused: list[tuple[Outgoing, BaseException]] = []
        pause = FIRST_PAUSE_SECONDS
        while pending:
            answers = list(zip(pending, await self._topics.write_all(pending), strict=True))
            failed = [(output, answer) for output, answer in answers if isinstance(answer, Exception)]
            refused += [(output, error) for output, error in failed if isinstance(error, UnwritableError)]
            again = [(output, error) for output, error in failed if not isinstance(error, UnwritableError)]
            pending = [output for output, _ in again]
            if pending:
                log.warning("write_failed", messages=len(pending), error=repr(again[0][1]), retry_in_seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        if refused:
            raise RefusedError(refused)
