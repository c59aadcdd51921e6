"""The two workers that bench/stream.py compares, each a process of its own.

Both read `<prefix>articles` and write every message, unread, to `<prefix>deliveries`, one output per message.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

import faust

from schemas import Severity, SeverityLevel
from services.processor.app import build_processor
from services.processor.stages import Tracking
from services.processor.stream.records import Record, Result
from services.processor.stream.writer import Writer
from services.shared.kafka import new_producer
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.settings import load_settings
from services.shared.topic_writer import Outgoing
from services.shared.topics import ARTICLES, DELIVERIES


def stock() -> faust.App:
    """A Faust app as its documentation has it: one `topic.send` for each event, no setting touched.

    Only what keeps it from making topics of its own and from listening is set.
    """
    settings = load_settings()
    app = faust.App(
        f"{settings.topic_prefix}stock",
        broker=f"kafka://{settings.kafka_bootstrap_servers}",
        value_serializer="raw",
        web_enabled=False,
    )
    source = app.topic(settings.topic_prefix + ARTICLES, value_type=bytes, value_serializer="raw")
    sink = app.topic(settings.topic_prefix + DELIVERIES, value_type=bytes, value_serializer="raw")

    @app.agent(source)
    async def copy(stream: Any) -> None:
        async for value in stream:
            await sink.send(value=value)

    return app


def run_stock() -> None:
    """Start it as `faust worker` does, without its web server."""
    app = stock()
    worker = faust.Worker(app, loglevel="ERROR")
    worker.execute_from_commandline()


def run_ours() -> None:
    """Our processor with extraction replaced by a copy; everything else is what `tocsin processor` runs."""
    settings = load_settings()
    configure_logs(settings, "bench")

    def copy(record: Record) -> Result:
        return Result((Outgoing(settings.topic_prefix + DELIVERIES, record.key, record.value, list(record.headers)),))

    def unscored(_: object) -> Severity:
        return Severity(score=0, level=SeverityLevel.MINOR)

    async def service(stop: asyncio.Event) -> None:
        writer = Writer(lambda: new_producer(settings, "bench"))
        processor = build_processor(
            settings,
            writer,
            copy,
            Tracking(unscored, lambda: datetime.now(UTC), settings.topic_prefix),
            done=lambda stage, records, dead: None,
            busy=lambda stage: None,
            committed=lambda: None,
        )
        await writer.start()
        await processor.app.start()
        await stop.wait()
        await processor.app.stop()
        await writer.stop()

    sys.exit(run_service(service, settings.stop_timeout_seconds))


if __name__ == "__main__":
    {"stock": run_stock, "ours": run_ours}[sys.argv[1]]()
