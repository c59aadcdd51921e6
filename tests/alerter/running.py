"""The alerter as a process of its own, for tests on a broker."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from schemas import Alert, Delivery, Incident
from services.shared.envelope import seal, trace_of
from services.shared.kafka import new_consumer, new_producer, partitions_of
from services.shared.settings import Settings
from services.shared.topics import ALERTS, DELIVERIES, INCIDENTS
from tests.alerter.incidents import NOON

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60


def write_rules(folder: Path, channel: Path) -> Path:
    """A rules folder whose one subscription writes every incident to the file `channel`."""
    rules = folder / "rules"
    rules.mkdir()
    (rules / "regions.yaml").write_text((ROOT / "rules/regions.yaml").read_text())
    (rules / "subscriptions.yaml").write_text(
        f"""\
channels:
  - name: log
    kind: file
    path: {channel}
subscriptions:
  - name: all
    channel: log
    killed_at_least: 1
    hold: null
"""
    )
    return rules


def environment(settings: Settings, **values: str) -> dict[str, str]:
    """What a service needs to work on the broker of `settings`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KAFKA_", "TOCSIN_"))}
    return inherited | {
        "PYTHONPATH": str(ROOT),
        "KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
        "TOCSIN_TOPIC_PREFIX": settings.topic_prefix,
        "TOCSIN_EMBEDDED": str(settings.embedded).lower(),
        "TOCSIN_ALERTER_PORT": "0",
        "TOCSIN_LOG": "json",
        **values,
    }


def start(env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """`tocsin alerter`, its log appended to the file `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "services.cli", "alerter"], env=env, cwd=ROOT, stdout=output, stderr=output
        )


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask it to stop: its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=WAIT_SECONDS)


async def publish(settings: Settings, revisions: Iterable[Incident]) -> None:
    """Append `revisions` to the topic of incidents."""
    producer = new_producer(settings, "test")
    await producer.start()
    try:
        for revision in revisions:
            sealed = seal(revision, source="tocsin/processor", traceparent=trace_of("a1"), sent_at=NOON)
            await producer.send(
                settings.topic_prefix + INCIDENTS, key=sealed.key, value=sealed.value, headers=sealed.headers
            )
        await producer.flush()
    finally:
        await producer.stop()


async def read(settings: Settings, topics: Sequence[str]) -> dict[str, list[bytes]]:
    """Every message of `topics` (without prefix), by topic, in order per partition."""
    consumer = new_consumer(settings, group_id=None)
    await consumer.start()
    try:
        partitions = partitions_of(settings, topics)
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: dict[str, list[bytes]] = {topic: [] for topic in topics}
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for one, records in (await consumer.getmany(timeout_ms=500)).items():
                found[one.topic.removeprefix(settings.topic_prefix)] += [record.value or b"" for record in records]
        return found
    finally:
        await consumer.stop()


async def until_told(settings: Settings, alerts: int) -> tuple[list[Alert], list[Delivery]]:
    """Alerts and deliveries on their topics, once so many different alerts and deliveries are there."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found = await read(settings, (ALERTS, DELIVERIES))
        told = [Alert.from_bytes(value) for value in found[ALERTS]]
        made = [Delivery.from_bytes(value) for value in found[DELIVERIES]]
        known = min(len({one.alert_id for one in told}), len({one.delivery_id for one in made}))
        if known >= alerts:
            return told, made
        assert time.monotonic() < deadline, f"{known} of {alerts} alerts were told"
        await asyncio.sleep(0.3)
