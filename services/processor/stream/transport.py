"""Faust's Kafka transport with two faults mended: a fetch that waits too long, and a commit that skips an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import aiokafka
from faust.transport.drivers import aiokafka as driver
from faust.types import TP


class Consumer(driver.Consumer):
    """A consumer that never commits past an event which is still being worked on."""

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _new_offset(self, tp: TP) -> int | None:
        # Faust 0.15.3 checks for a gap in front of the acknowledged offsets with `min(acked) - committed > 1`, where
        # `committed` is already the next offset to read: one event in flight is jumped over, and before the first
        # commit any number (faust-streaming issue 606). An event in flight below the acknowledged ones is such a gap.
        acked = self._acked[tp]
        in_flight = [message.offset for message in self._unacked_messages if message.tp == tp and not message.acked]
        if acked and in_flight and min(in_flight) < min(acked):
            return None
        offset: int | None = super()._new_offset(tp)
        return offset

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        did_commit: bool = await super()._commit_offsets(offsets, start_new_transaction)
        if did_commit:
            cast("Transport", self.transport).committed()
        return did_commit


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches, with the fetch wait of our settings."""

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust hard-codes 1500 ms and has no setting for it. aiokafka keeps one fetch in flight per broker, so while
        # the partitions with a backlog are being worked on, the fetch that goes out names only the idle ones and holds
        # up the whole broker for that long.
        consumer._fetch_max_wait_ms = cast("Transport", transport).fetch_wait_ms  # noqa: SLF001
        return consumer


class Transport(driver.Transport):
    """Faust's aiokafka transport with our consumer."""

    Consumer = Consumer

    def __init__(
        self, *args: Any, fetch_wait_ms: int, committed: Callable[[], None] = lambda: None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fetch_wait_ms = fetch_wait_ms
        self.committed = committed
        """Told whenever offsets have been committed."""
