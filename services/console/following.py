"""Following the stream: incidents into the console's view, and a word to whoever waits for news.

The console belongs to no consumer group: each one has a view of its own, and the view knows how far it has read.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from schemas import Incident
from services.console.incident_view import IncidentView
from services.console.waking import Waking
from services.shared.kafka import partitions_of
from services.shared.settings import Settings
from services.shared.topics import ALERTS, DELIVERIES, INCIDENTS

log = structlog.get_logger()

POLL_MS = 250
PAUSE_SECONDS = 1.0


@dataclass(slots=True)
class Following:
    """Reads what a started consumer gives."""

    settings: Settings
    consumer: AIOKafkaConsumer
    view: IncidentView
    waking: Waking
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    answers: Callable[[str | None], None] = lambda reason: None
    """Told why the broker does not answer, and None when it does."""

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set."""
        placed = False
        while not stop.is_set():
            self.alive()
            try:
                if not placed:
                    await self._place()
                    placed = True
                found = await self.consumer.getmany(timeout_ms=POLL_MS, max_records=self.settings.batch_size)
            except KafkaError as error:
                self.answers(repr(error))
                log.warning("following_holds", error=repr(error))
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            self.answers(None)
            for partition, records in found.items():
                await self._take(partition, records)

    async def caught_up(self) -> bool:
        """Whether the view holds everything that was on the topic when this was called."""
        topic = self.settings.topic_prefix + INCIDENTS
        ends = await self.consumer.end_offsets(partitions_of(self.settings, [INCIDENTS]))
        read = await self.view.positions(topic)
        return all(read.get(partition.partition, 0) >= end for partition, end in ends.items())

    async def _place(self) -> None:
        """Stand where the view ends in `incidents`, and at the end of the topics that only wake."""
        incidents = partitions_of(self.settings, [INCIDENTS])
        waking = partitions_of(self.settings, [ALERTS, DELIVERIES])
        self.consumer.assign([*incidents, *waking])
        first = await self.consumer.beginning_offsets(incidents)
        ends = await self.consumer.end_offsets(incidents)
        read = await self.view.positions(self.settings.topic_prefix + INCIDENTS)
        if any(not first[one] <= read.get(one.partition, first[one]) <= ends[one] for one in incidents):
            log.warning("topic_was_made_anew", topic=INCIDENTS)
            await self.view.forget()
            read = {}
        for one in incidents:
            self.consumer.seek(one, read.get(one.partition, first[one]))
        await self.consumer.seek_to_end(*waking)

    async def _take(self, partition: TopicPartition, records: Sequence[ConsumerRecord[bytes, bytes]]) -> None:
        topic = partition.topic.removeprefix(self.settings.topic_prefix)
        if topic == DELIVERIES:
            self.waking.tell("delivery")
        elif topic == ALERTS:
            for name in {_subscription_of(record.value) for record in records}:
                self.waking.tell(f"alerts/{name}")
        else:
            revisions = [found for record in records if (found := _revision(record)) is not None]
            removed = _removed(records)
            kept = [one for one in revisions if one.incident_id not in removed]
            await self.view.take(kept, partition.topic, {partition.partition: records[-1].offset + 1}, removed)
            self.waking.tell("incident")


def _removed(records: Sequence[ConsumerRecord[bytes, bytes]]) -> set[str]:
    """The ids of incidents of which `records` end in a tombstone."""
    last = {record.key: record.value for record in records if record.key is not None}
    return {key.decode(errors="replace") for key, value in last.items() if value is None}


def _revision(record: ConsumerRecord[bytes, bytes]) -> Incident | None:
    """The revision in `record`; None for a tombstone, and for what is none, which the alerter buries."""
    if record.value is None:
        return None
    try:
        return Incident.from_bytes(record.value)
    except ValidationError:
        log.warning("not_an_incident", partition=record.partition, offset=record.offset)
        return None


def _subscription_of(value: bytes | None) -> str:
    try:
        found = json.loads(value or b"{}").get("subscription")
    except (ValueError, AttributeError):
        return ""
    return found if isinstance(found, str) else ""
