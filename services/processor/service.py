"""The processor as a service: the Faust app with its writer, health and metrics, from start to stop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from services.processor.app import Processor, build_processor
from services.processor.stages import Extract, Extraction, RegionsOf, Tracking
from services.processor.stream.writer import Writer
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.rules import LinkingRules
from services.processor.tracking.settle import Score
from services.shared import garbage, metrics
from services.shared.errors import UserError
from services.shared.health import Health, serve_health
from services.shared.kafka import new_producer
from services.shared.settings import Settings
from services.shared.topic_admin import check_topics
from services.shared.topics import ARTICLES, INCIDENT_EDITS, INCIDENTS, REPORTS, changelog_of, dead_of

log = structlog.get_logger()

WATCH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Steps:
    """The pure functions that the processor runs."""

    extract: Extract
    regions_of: RegionsOf
    score: Score
    linking: LinkingRules = field(default_factory=LinkingRules)


async def run_processor(settings: Settings, steps: Steps, stop: asyncio.Event) -> None:
    """Process articles until `stop` is set, then finish what is held.

    Raises UserError where no broker answers, a topic is missing or wrong, a port is taken, or the service is stuck: its
    supervisor should start it again then.
    """
    streams = (ARTICLES, REPORTS, INCIDENT_EDITS)
    names = (*streams, INCIDENTS, *map(dead_of, streams))
    await check_topics(
        settings, [*(settings.topic_prefix + name for name in names), changelog_of(settings.topic_prefix)]
    )
    garbage.seldom()
    registry = CollectorRegistry()
    health = Health(settings.stuck_seconds)
    processor = _assemble(settings, steps, health, registry)
    try:
        await processor.writer.start()
    except (KafkaError, OSError) as error:
        raise UserError(f"No Kafka broker answers at {settings.kafka_bootstrap_servers} ({error}).") from error
    server = await serve_health(settings, settings.processor_port, health, registry, "processor")
    try:
        await processor.app.start()
        log.info("processor_started", port=server.port, brokers=settings.kafka_bootstrap_servers)
        await _watch(processor, health, stop)
        await processor.app.stop()
        log.info("processor_stopped")
    finally:
        await processor.writer.stop()
        await server.close()


def _assemble(settings: Settings, steps: Steps, health: Health, registry: CollectorRegistry) -> Processor:
    events = metrics.counter(registry, metrics.EVENTS)

    def now() -> datetime:
        return datetime.now(UTC)

    def done(stage: str, records: int, dead: int) -> None:
        events.labels(stage, "done").inc(records - dead)
        events.labels(stage, "dead").inc(dead)
        health.progress(stage)
        health.working(False, stage)

    def committed() -> None:
        for stage in ("extract", "track"):
            health.committed(stage)

    return build_processor(
        settings,
        Writer(lambda: new_producer(settings, "tocsin-processor")),
        Extraction(steps.extract, steps.regions_of, now, settings.topic_prefix),
        Tracking(steps.score, now, settings.topic_prefix, OpenIncidents(rules=steps.linking)),
        done=done,
        busy=lambda stage: health.working(True, stage),
        committed=committed,
    )


async def _watch(processor: Processor, health: Health, stop: asyncio.Event) -> None:
    """Keep `health` up to date until `stop` is set. Raises UserError where the app crashed or is stuck."""
    while not stop.is_set():
        health.assigned(len(processor.app.consumer.assignment()))
        if processor.app.crashed:
            raise UserError(f"The processor's Faust app crashed: {processor.app.crash_reason!r}. Start it again.")
        report = health.report()
        if not report.ok:
            raise UserError(f"The processor is stuck: {' '.join(report.reasons)} Start it again.")
        try:
            await asyncio.wait_for(stop.wait(), WATCH_SECONDS)
        except TimeoutError:
            continue
