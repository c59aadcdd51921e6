"""A processor whose extraction copies: every record gives one output, unless its value says what is to go wrong.

Run as `python -m tests.processor.copying_worker`; settings come from the environment, as for `tocsin processor`.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from schemas import Severity, SeverityLevel
from services.processor.app import build_processor
from services.processor.stages import Tracking
from services.processor.stream.records import PoisonError, Record, Result
from services.processor.stream.writer import Writer
from services.shared.kafka import new_producer
from services.shared.logs import configure_logs
from services.shared.process import run_service
from services.shared.settings import load_settings
from services.shared.topic_writer import Outgoing
from services.shared.topics import DELIVERIES


def main() -> int:
    settings = load_settings()
    configure_logs(settings, "copying-worker")
    begun = Path(os.environ["BEGUN"])
    held = Path(os.environ["HELD"])

    def copy(record: Record) -> Result:
        value = record.value or b""
        if value.startswith(b"raise"):
            raise ValueError("told to fail")
        if value.startswith(b"poison"):
            raise PoisonError("told to be poison")
        if value.startswith(b"slow"):
            begun.touch()
            while held.exists():
                time.sleep(0.02)
        return Result((Outgoing(settings.topic_prefix + DELIVERIES, record.key, value, []),))

    async def service(stop: asyncio.Event) -> None:
        writer = Writer(lambda: new_producer(settings, "copying-worker"))
        processor = build_processor(
            settings,
            writer,
            copy,
            Tracking(
                lambda _: Severity(score=0, level=SeverityLevel.MINOR), lambda: datetime.now(UTC), settings.topic_prefix
            ),
            done=lambda stage, records, dead: None,
            busy=lambda stage: None,
            committed=lambda: None,
        )
        await writer.start()
        await processor.app.start()
        await stop.wait()
        await processor.app.stop()
        await writer.stop()

    return run_service(service, settings.stop_timeout_seconds)


if __name__ == "__main__":
    sys.exit(main())
