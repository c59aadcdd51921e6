"""How far the stream has come: what was written to each topic, and what each service has still to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
)
from aiokafka.structs import OffsetAndMetadata

from services.shared.kafka import client_options, partitions_of
from services.shared.settings import Settings
from services.shared.topics import ALERTS, ARTICLES, DELIVERIES, INCIDENT_EDITS, INCIDENTS, REPORTS, dead_of, group_of

NO_COORDINATOR = (GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError)
READERS = {ARTICLES: "processor", REPORTS: "processor", INCIDENTS: "alerter"}
"""Topic to the service that reads it."""
DEAD = tuple(dead_of(topic) for topic in (ARTICLES, REPORTS, INCIDENT_EDITS, INCIDENTS, ALERTS))


@dataclass(frozen=True, slots=True)
class Positions:
    """The stream at one moment, in messages."""

    written: Mapping[str, int]
    """Topic to the messages written to it."""
    unread: Mapping[str, int]
    """Topic to the messages that its reader has not committed yet."""

    @property
    def dead_letters(self) -> int:
        """Messages in all dead-letter topics."""
        return sum(self.written[topic] for topic in DEAD)

    @property
    def in_hand(self) -> int:
        """Messages on their way through the stream."""
        return sum(self.unread.values())


class PositionReader:
    """Asks the broker. Use it as an async context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = AIOKafkaAdminClient(**client_options(settings))
        self._consumer = AIOKafkaConsumer(**client_options(settings))

    async def __aenter__(self) -> Self:
        await self._admin.start()
        await self._consumer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def read(self) -> Positions:
        """Where the stream stands now. Raises aiokafka.errors.KafkaError where the broker does not answer."""
        topics = (ARTICLES, REPORTS, INCIDENTS, ALERTS, DELIVERIES, *DEAD)
        partitions = {topic: partitions_of(self._settings, [topic]) for topic in topics}
        ends = await self._consumer.end_offsets([tp for tps in partitions.values() for tp in tps])
        written = {topic: sum(ends[tp] for tp in tps) for topic, tps in partitions.items()}
        unread = {}
        for topic, service in READERS.items():
            unread[topic] = written[topic] - await self._committed(service, partitions[topic])
        return Positions(written, unread)

    async def _committed(self, service: str, partitions: list[TopicPartition]) -> int:
        """Messages of `partitions` that the group of `service` has committed.

        None yet while its coordinator is not found: a cluster makes the topic for offsets when first asked for a group.
        None either of a partition that the answer leaves out, as it does while its topic is new.
        """
        group = group_of(self._settings.topic_prefix, service)
        try:
            committed = await self._admin.list_consumer_group_offsets(group, partitions=partitions)
        except NO_COORDINATOR:
            return 0
        return messages_committed(committed, partitions)


def messages_committed(committed: Mapping[TopicPartition, OffsetAndMetadata], partitions: list[TopicPartition]) -> int:
    """Messages of `partitions` that a broker's answer counts as committed: none where it gives -1 or no answer."""
    return sum(max(committed[partition].offset, 0) for partition in partitions if partition in committed)
