"""Faust's Kafka transport with our consumer, and with fetches and seeks that do not wait too long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import aiokafka
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from services.processor.stream.consumer import Consumer as StreamConsumer


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches: with the fetch wait of our settings, and seeks that are done when they return."""

    def _create_worker_consumer(self, transport: driver.Transport) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust hard-codes 1500 ms and has no setting for it. aiokafka keeps one fetch in flight per broker, so while
        # the partitions with a backlog are being worked on, the fetch that goes out names only the idle ones and holds
        # up the whole broker for that long.
        consumer._fetch_max_wait_ms = cast("Transport", transport).fetch_wait_ms  # noqa: SLF001
        return consumer

    async def _seek_wait(self, consumer: aiokafka.AIOKafkaConsumer, partitions: Mapping[TP, int]) -> None:
        # aiokafka has set the position when `seek` returns. Faust goes on to ask for it, which while the group is
        # rebalancing is answered when that is over, or after a minute and a half.
        for tp, offset in partitions.items():
            consumer.seek(tp, offset)


class Transport(driver.Transport):
    """Faust's aiokafka transport with our consumer."""

    Consumer = StreamConsumer

    def __init__(
        self, *args: Any, fetch_wait_ms: int, committed: Callable[[], None] = lambda: None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fetch_wait_ms = fetch_wait_ms
        self.committed = committed
        """Told whenever offsets have been committed."""

    def new_consumer_thread(self, consumer: StreamConsumer) -> ConsumerThread:
        """The thread that fetches for `consumer`."""
        return ConsumerThread(consumer, loop=consumer.loop, beacon=consumer.beacon)
