"""A Kafka broker inside this process, for `tocsin run`: librdkafka's mock cluster, which speaks the real protocol.

It keeps nothing on disk, gives every topic four partitions, cannot declare topics, makes a new group wait 3 s before it
joins, and drops the oldest messages of a partition beyond 5 MB or 100,000: whoever feeds it must not run ahead of its
readers. It is for a first look and for tests; real use wants Apache Kafka.
"""

from __future__ import annotations

from collections.abc import Iterable

from confluent_kafka import Producer

MAX_PARTITION_BYTES = 5_000_000
"""What one partition holds before the oldest messages are dropped (rdkafka_mock.c, librdkafka 2.16)."""
START_TIMEOUT_SECONDS = 10.0


class EmbeddedBroker:
    """Listens on a free port of 127.0.0.1 for as long as this object lives."""

    def __init__(self) -> None:
        # A client whose configuration asks for mock brokers is their owner: they live and end with it.
        self._owner = Producer(
            {"test.mock.num.brokers": 1, "bootstrap.servers": "unused:1", "log_level": 3, "logger": None}
        )
        brokers = self._owner.list_topics(timeout=START_TIMEOUT_SECONDS).brokers.values()
        self.bootstrap_servers = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
        """`host:port` for every client."""

    def create(self, topics: Iterable[str]) -> None:
        """Make the broker know `topics`: asking for one is what creates it."""
        for topic in topics:
            self._owner.list_topics(topic, timeout=START_TIMEOUT_SECONDS)
