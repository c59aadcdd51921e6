"""The Faust app: which topic each step reads, and the table that holds the open incidents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import faust
import structlog
from faust.tables import Table

from services.processor.stages import Extraction, Tracking
from services.processor.stream.records import Record, Result, Stage
from services.processor.stream.safe_loop import LoopPolicy, run_safely
from services.processor.stream.transport import Transport
from services.processor.stream.writer import Writer
from services.processor.tracking.changelog import turn_of
from services.shared.kafka import ssl_context
from services.shared.settings import Settings
from services.shared.topics import (
    ARTICLES,
    EMBEDDED_PARTITIONS,
    INCIDENT_EDITS,
    MAX_DEAD_LETTER_BYTES,
    OPEN_INCIDENTS,
    REPORTS,
    group_of,
)

log = structlog.get_logger()
SHOWN_MISSING = 20
"""Keys that the log names of pages that were named in the changelog and are not there."""


@dataclass(frozen=True, slots=True)
class Processor:
    """The app and what it needs beside itself."""

    app: faust.App
    writer: Writer
    tracking: Tracking


class IncidentTable(Table[Any, Any]):
    """A Faust table that Faust restores and we write.

    Faust sends changelog entries without awaiting them, so an entry may be lost while its event is committed. Ours are
    outputs of the loop, acknowledged before the event is; Faust only reads them back.
    """

    def on_key_set(self, key: Any, value: Any) -> None:
        """Nothing: the loop has written the entry."""

    def on_key_del(self, key: Any) -> None:
        """Nothing: the loop has written the tombstone."""


def build_processor(
    settings: Settings,
    writer: Writer,
    extraction: Extraction,
    tracking: Tracking,
    done: Callable[[str, int, int], None],
    busy: Callable[[str], None],
    committed: Callable[[], None],
) -> Processor:
    """The app, not started.

    `busy(stage)` is told of each record that is begun, `done(stage, records, dead)` of each batch that is safe, and
    `committed()` of each commit of offsets; the last from another thread's loop.
    """
    app = _new_app(settings, committed)
    articles = _topic(app, settings, ARTICLES)
    reports = _topic(app, settings, REPORTS, INCIDENT_EDITS)
    table = _incident_table(app, settings)
    stale = _Stale()

    def policy(stage: str) -> LoopPolicy:
        return LoopPolicy(
            stage_name=stage,
            attempts=settings.transient_attempts,
            batch_size=settings.batch_size,
            now=lambda: datetime.now(UTC),
            done=lambda records, dead: done(stage, records, dead),
            turn=lambda entry: turn_of((entry.key or b"").decode(), entry.value),
        )

    def begun(stage: str, step: Stage) -> Stage:
        def run(record: Record) -> Result:
            busy(stage)
            return step(record)

        return run

    def track(record: Record) -> Result:
        if stale.value:
            restored = tracking.restore({bytes(key): bytes(value) for key, value in table.items()})
            stale.value = False
            log.info("open_incidents_restored", incidents=len(restored.entries))
            if restored.missing:
                log.error(
                    "open_incidents_pages_missing", keys=restored.missing[:SHOWN_MISSING], of=len(restored.missing)
                )
        result = tracking(record)
        for entry in result.state:
            if entry.value is None:
                table.pop(entry.key, None)
            else:
                table[entry.key] = entry.value
        return result

    # `noack`: the loop acknowledges, not Faust.
    async def extract_articles(stream: Any) -> None:
        await run_safely(stream.noack(), begun("extract", extraction), writer, policy("extract"))

    async def track_reports(stream: Any) -> None:
        await run_safely(stream.noack(), begun("track", track), writer, policy("track"))

    # One at a time: with more, Faust commits past an event in flight, and order per key is lost.
    app.agent(articles, concurrency=1, name="extract")(extract_articles)
    app.agent(reports, concurrency=1, name="track")(track_reports)

    @app.on_partitions_assigned.connect  # type: ignore[arg-type]
    async def forget(sender: Any, assigned: set[Any], **_: Any) -> None:
        """The table is about to be restored, perhaps with what another worker wrote: what is indexed is out of date."""
        stale.value = True

    @app.on_rebalance_complete.connect  # type: ignore[arg-type]
    async def forget_again(sender: Any, **_: Any) -> None:
        """The table is restored. A report that was still in hand when that began must not have been the last look."""
        stale.value = True

    return Processor(app, writer, tracking)


@dataclass(slots=True)
class _Stale:
    value: bool = True


def _new_app(settings: Settings, committed: Callable[[], None]) -> faust.App:
    settings.state.mkdir(parents=True, exist_ok=True)
    brokers = ";".join(f"kafka://{host}" for host in settings.kafka_bootstrap_servers.split(","))
    app = faust.App(
        group_of(settings.topic_prefix, "processor"),
        broker=brokers,
        broker_credentials=broker_credentials(settings),
        broker_commit_interval=settings.commit_interval_seconds,
        broker_max_poll_records=settings.batch_size,
        # A worker that was killed is missed after 10 s, and another takes its partitions over.
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=MAX_DEAD_LETTER_BYTES,
        producer_request_timeout=30.0,
        store="memory://",
        datadir=settings.state / "faust",
        Table=IncidentTable,
        table_standby_replicas=0,
        # The leader topic is idle for ever, and an idle partition's fetch holds up the others.
        topic_disable_leader=True,
        # `tocsin topics apply` declares topics; a service that finds one missing says so and stops.
        topic_allow_declare=False,
        topic_partitions=EMBEDDED_PARTITIONS if settings.embedded else None,
        stream_wait_empty=True,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )
    app.transport = Transport(app.conf.broker_consumer, app, fetch_wait_ms=settings.fetch_wait_ms, committed=committed)
    return app


def _topic(app: faust.App, settings: Settings, *names: str) -> Any:
    return app.topic(
        *(settings.topic_prefix + name for name in names),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        acks=True,
    )


def _incident_table(app: faust.App, settings: Settings) -> Any:
    return app.Table(
        OPEN_INCIDENTS,
        key_type=bytes,
        value_type=bytes,
        partitions=EMBEDDED_PARTITIONS if settings.embedded else 1,
    )


def broker_credentials(settings: Settings) -> Any:
    """Faust's credentials for what `settings` say of security; None for PLAINTEXT.

    Raises UserError when a certificate or key cannot be read.
    """
    if settings.kafka_security_protocol == "PLAINTEXT":
        return None
    context = ssl_context(settings)
    if settings.kafka_security_protocol == "SSL":
        return faust.SSLCredentials(context)
    password = settings.kafka_sasl_password
    return faust.SASLCredentials(
        mechanism=settings.kafka_sasl_mechanism,
        username=settings.kafka_sasl_username,
        password=password.get_secret_value() if password else None,
        ssl_context=context,
    )
