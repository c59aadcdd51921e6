"""The topic `incidents` from the command line: the newest revision of an incident, and edits of incidents."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from aiokafka.errors import KafkaError
from pydantic import ValidationError

from schemas import Incident, IncidentEdit
from services.processor.tracking.changelog import belongs_to, entry_in
from services.processor.tracking.open_incident import OpenIncident
from services.shared.envelope import id_of, seal, trace_of
from services.shared.errors import UserError
from services.shared.kafka import new_consumer, new_producer, partitions_of
from services.shared.settings import Settings
from services.shared.topic_admin import check_topics
from services.shared.topics import INCIDENT_EDITS, INCIDENTS, REPORTS_PARTITION, changelog_of

IDLE_MS = 1000
"""Milliseconds without a message after which a fetch is asked again."""
T = TypeVar("T")


def newest_revision(settings: Settings, incident_id: str) -> Incident:
    """The newest revision of an incident on the stream. Raises UserError where there is none, or no broker answers."""
    found = asyncio.run(_newest(settings, incident_id))
    if found is None:
        raise UserError(
            f"No incident {incident_id} is on the topic {settings.topic_prefix}{INCIDENTS} at "
            f"{settings.kafka_bootstrap_servers}: its id stands in every alert and in what `tocsin incidents` prints."
        )
    return found


def publish_edit(settings: Settings, edit: IncidentEdit) -> None:
    """Put `edit` onto the stream. Raises UserError where it cannot be written."""
    asyncio.run(_publish(settings, edit))


def edit_id_of(*parts: str) -> str:
    """The id of an edit: the same decision, made at the same moment, always has the same."""
    return "edit-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def open_entry(settings: Settings, incident_id: str) -> OpenIncident | None:
    """The tracker's entry of an incident, with its reports; None where it is not open any more."""
    topic = changelog_of(settings.topic_prefix).removeprefix(settings.topic_prefix)
    values = asyncio.run(_last_values(settings, topic, lambda key: belongs_to(key, incident_id)))
    return entry_in(incident_id, values)


async def _newest(settings: Settings, incident_id: str) -> Incident | None:
    value = (await _last_values(settings, INCIDENTS, lambda key: key == incident_id)).get(incident_id)
    try:
        return None if value is None else Incident.from_bytes(value)
    except ValidationError as error:
        raise UserError(f"What is on the topic for {incident_id} is no incident of this version ({error}).") from error


async def _last_values(settings: Settings, topic: str, is_asked: Callable[[str], bool]) -> dict[str, bytes]:
    """The newest values of the keys that are asked for on a compacted topic, named without its prefix."""
    await check_topics(settings, [settings.topic_prefix + topic])
    consumer = new_consumer(settings, group_id=None, fetch_max_wait_ms=IDLE_MS)
    await _answered(consumer.start(), settings)
    found: dict[str, bytes] = {}
    try:
        partitions = partitions_of(settings, [topic])
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        unread = {tp for tp in partitions if await consumer.position(tp) < ends[tp]}
        while unread:
            batches = await consumer.getmany(*unread, timeout_ms=IDLE_MS)
            for record in (record for batch in batches.values() for record in batch):
                key = (record.key or b"").decode(errors="replace")
                if record.value is None:
                    found.pop(key, None)
                elif is_asked(key):
                    found[key] = record.value
            unread = {tp for tp in unread if await consumer.position(tp) < ends[tp]}
    finally:
        await consumer.stop()
    return found


async def _publish(settings: Settings, edit: IncidentEdit) -> None:
    topic = settings.topic_prefix + INCIDENT_EDITS
    await check_topics(settings, [topic])
    producer = new_producer(settings, "tocsin-incidents")
    await _answered(producer.start(), settings)
    sealed = seal(edit, source="tocsin/cli", traceparent=trace_of(id_of(edit)), sent_at=datetime.now(UTC))
    try:
        await producer.send_and_wait(topic, sealed.value, sealed.key, REPORTS_PARTITION, headers=sealed.headers)
    except KafkaError as error:
        raise UserError(f"The broker did not take the edit ({error!r}): nothing was changed, call again.") from error
    finally:
        await producer.stop()


async def _answered(start: Awaitable[T], settings: Settings) -> T:
    try:
        return await start
    except (KafkaError, OSError) as error:
        raise UserError(f"No Kafka broker answers at {settings.kafka_bootstrap_servers} ({error}).") from error
