"""A canary goes the whole way on Apache Kafka, by a processor and an alerter of their own, and an old one leaves."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas import Alert
from services.alerter.outbox.canaries import KEPT, keep_canary
from services.alerter.outbox.engine import open_store
from services.alerter.policy.canary import canary_article, canary_incident_id
from services.shared.kafka import new_consumer, partitions_of
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import INCIDENTS, declared_topics
from tests.alerter.incidents import incident
from tests.alerter.running import ROOT, environment, publish

PATIENCE_SECONDS = 240


@contextmanager
def service(name: str, settings: Settings, folder: Path, **values: str) -> Iterator[None]:
    """`tocsin NAME` until the context is left."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", name],
            env=environment(settings, **values),
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        yield
        assert process.poll() is None, (folder / f"{name}.log").read_text()
    finally:
        process.terminate()
        process.wait(timeout=60)


async def until(holds: Callable[[], bool], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "\n".join(log.read_text()[-3000:] for log in folder.glob("*.log"))
        await asyncio.sleep(0.3)


async def records_of(settings: Settings, key: bytes) -> list[tuple[int, bool]]:
    """Partition of each message about `key` on the topic of incidents, and whether it is a tombstone, in order."""
    consumer = new_consumer(settings, group_id=None)
    await consumer.start()
    try:
        partitions = partitions_of(settings, [INCIDENTS])
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found = []
        while any([await consumer.position(one) < ends[one] for one in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [(record.partition, record.value is None) for record in records if record.key == key]
        return found
    finally:
        await consumer.stop()


@pytest.mark.kafka
@pytest.mark.timeout(600)
async def test_a_canary_comes_back_on_apache_kafka_and_one_of_last_week_leaves_the_topic(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    settings = load_settings(kafka_bootstrap_servers=kafka, topic_prefix=topic_prefix)
    await apply_topics(settings, declared_topics(topic_prefix))
    rules = tmp_path / "rules"
    rules.mkdir()
    for name in ("severity.yaml", "regions.yaml", "linking.yaml"):
        (rules / name).write_text((ROOT / "rules" / name).read_text())
    watch = tmp_path / "watch.jsonl"
    (rules / "subscriptions.yaml").write_text(
        f"channels: [{{name: watch, kind: file, path: {watch}}}]\n"
        "subscriptions:\n"
        "  - {name: canary, channel: watch, test: true, where: test}\n"
        "  - {name: desk, channel: watch}\n"
    )
    now = datetime.now(UTC)
    old = canary_article(now - KEPT - timedelta(days=1))
    old_incident = canary_incident_id(old.article_id)
    url = f"sqlite:///{tmp_path}/alerter.db"
    store = await open_store(url)
    async with store.transaction() as connection:
        await keep_canary(connection, old.article_id, now - KEPT - timedelta(days=1))
    await store.close()
    await publish(settings, [incident(3, 1, incident_id=old_incident, test=True)])
    values = {
        "TOCSIN_RULES": str(rules),
        "TOCSIN_STORE": url,
        "TOCSIN_STATE": str(tmp_path / "state"),
        "TOCSIN_PROCESSOR_PORT": "0",
        "TOCSIN_CANARY_MINUTES": "1440",
    }

    def told() -> list[Alert]:
        lines = watch.read_text().splitlines() if watch.exists() else []
        return [Alert.from_bytes(line.encode()) for line in lines if old_incident not in line]

    def came_back() -> bool:
        return any(json.loads(line).get("event") == "canary_back" for line in _json_lines(tmp_path / "alerter.log"))

    with service("processor", settings, tmp_path, **values), service("alerter", settings, tmp_path, **values):
        await until(came_back, tmp_path)
        (alert,) = told()
        while len(records := await records_of(settings, old_incident.encode())) < 2:
            await asyncio.sleep(0.5)
    assert (alert.subscription, alert.status, alert.incident.test) == ("canary", "test", True)
    assert alert.headline.startswith("TEST: ")
    assert alert.incident_id == canary_incident_id(alert.incident.sources[0].article_id)
    # Compaction goes by partition and key: a tombstone elsewhere would remove nothing.
    (first, tombstone) = records
    assert (first[1], tombstone) == (False, (first[0], True))


def _json_lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.startswith("{")]
