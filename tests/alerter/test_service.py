"""The alerter as a process: on the embedded broker, and on Apache Kafka with kills and rebalances."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from schemas import Alert, DeliveryOutcome
from services.cli.main import app
from services.embedded.broker import EmbeddedBroker
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import INCIDENTS, dead_of, declared_topics
from tests.alerter.crash_child import told
from tests.alerter.outboxes import rising
from tests.alerter.running import environment, publish, read, start, stop, until_told, write_rules

REVISIONS = 3


@pytest.fixture
def embedded() -> Iterator[Settings]:
    broker = EmbeddedBroker()
    settings = load_settings(kafka_bootstrap_servers=broker.bootstrap_servers, embedded=True)
    broker.create([topic.name for topic in declared_topics(embedded=True)])
    yield settings
    del broker


@pytest.fixture
async def apache(kafka: str, topic_prefix: str) -> Settings:
    settings = load_settings(kafka_bootstrap_servers=kafka, topic_prefix=topic_prefix)
    await apply_topics(settings, declared_topics(topic_prefix))
    return settings


def holds(alerts: Sequence[Alert], incidents: int) -> None:
    """Every lane has all its alerts, and in order."""
    lanes: dict[str, list[int]] = {}
    for alert in alerts:
        lanes.setdefault(alert.incident_id, []).append(alert.sequence)
    assert len(lanes) == incidents
    for sequences in lanes.values():
        assert sequences == sorted(sequences)
        assert set(sequences) == set(range(1, REVISIONS + 1))


@pytest.mark.embedded
async def test_it_tells_what_it_reads_and_stops_when_asked(embedded: Settings, tmp_path: Path) -> None:
    channel, log = tmp_path / "alerts.jsonl", tmp_path / "log"
    env = environment(
        embedded,
        TOCSIN_RULES=str(write_rules(tmp_path, channel)),
        TOCSIN_STORE=f"sqlite:///{tmp_path}/store.db",
    )
    process = start(env, log)
    try:
        await publish(embedded, [revision for number in range(4) for revision in rising(f"inc-{number}", REVISIONS)])
        published, deliveries = await until_told(embedded, 4 * REVISIONS)
        port = next(line["port"] for line in map(json.loads, log.read_text().splitlines()) if "port" in line)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            ready, metrics = await client.get("/readyz"), await client.get("/metrics")
    finally:
        code = stop(process)
    assert code == 0, log.read_text()
    assert (ready.status_code, ready.json()["assignment"]) == (200, 4)
    shown = dict(line.rpartition(" ")[::2] for line in metrics.text.splitlines() if not line.startswith("#"))
    assert shown['tocsin_decisions_total{reason="toll_rose"}'] == "8.0"
    assert shown['tocsin_alerts_total{kind="alert"}'] == "4.0"
    assert shown['tocsin_deliveries_total{kind="file",outcome="accepted"}'] == "12.0"
    assert shown["tocsin_telling_seconds_count"] == "12.0"
    lags = [float(value) for name, value in shown.items() if name.startswith("tocsin_consumer_lag{")]
    assert sum(lags) == 0
    holds(told(channel), 4)
    holds(published, 4)
    assert {one.outcome for one in deliveries} == {DeliveryOutcome.ACCEPTED}
    assert (await read(embedded, (dead_of(INCIDENTS),)))[dead_of(INCIDENTS)] == []


@pytest.mark.embedded
async def test_a_channel_that_is_written_into_the_rules_is_opened_while_it_runs(
    embedded: Settings, tmp_path: Path
) -> None:
    first, second, log = tmp_path / "first.jsonl", tmp_path / "second.jsonl", tmp_path / "log"
    rules = write_rules(tmp_path, first)
    store = f"sqlite:///{tmp_path}/store.db"
    process = start(environment(embedded, TOCSIN_RULES=str(rules), TOCSIN_STORE=store), log)
    file = rules / "subscriptions.yaml"
    try:
        await publish(embedded, rising("inc-1", 1))
        await until_told(embedded, 1)
        written = file.read_text().replace(
            "subscriptions:\n", f"  - {{name: second, kind: file, path: {second}}}\nsubscriptions:\n"
        )
        file.write_text(written + "  - {name: more, channel: second, killed_at_least: 1, hold: null}\n")
        applied = await asyncio.to_thread(
            CliRunner().invoke, app, ["subscriptions", "apply", "--yes", "--rules", str(rules), "--store", store]
        )
        assert applied.exit_code == 0, applied.output
        while '"channels_opened"' not in log.read_text():
            assert process.poll() is None, log.read_text()
            await asyncio.sleep(0.05)
        await publish(embedded, rising("inc-2", 1))
        await until_told(embedded, 3)
    finally:
        code = stop(process)
    assert code == 0, log.read_text()
    assert [alert.incident_id for alert in told(second)] == ["inc-2"]
    assert len(told(first)) == 2


@pytest.mark.kafka
async def test_killed_in_mid_stream_on_apache_kafka_it_goes_on_and_loses_nothing(
    apache: Settings, tmp_path: Path
) -> None:
    channel, log = tmp_path / "alerts.jsonl", tmp_path / "log"
    env = environment(
        apache,
        TOCSIN_RULES=str(write_rules(tmp_path, channel)),
        TOCSIN_STORE=f"sqlite:///{tmp_path}/store.db",
        TOCSIN_BATCH_SIZE="20",
    )
    incidents = 120
    await publish(apache, [revision for number in range(incidents) for revision in rising(f"inc-{number}", REVISIONS)])
    process = start(env, log)
    try:
        while not channel.exists() or len(channel.read_bytes()) < 100_000:
            assert process.poll() is None, log.read_text()
            await asyncio.sleep(0.05)
    finally:
        process.kill()
    assert process.wait() == -signal.SIGKILL

    process = start(env, log)
    try:
        published, _ = await until_told(apache, incidents * REVISIONS)
    finally:
        code = stop(process)
    assert code == 0, log.read_text()
    holds(told(channel), incidents)
    holds(list({alert.alert_id: alert for alert in published}.values()), incidents)


@pytest.mark.kafka
@pytest.mark.postgres
async def test_of_two_alerters_one_takes_over_when_the_other_is_killed(
    apache: Settings, postgres_url: str, tmp_path: Path
) -> None:
    channel = tmp_path / "alerts.jsonl"
    env = environment(
        apache,
        TOCSIN_RULES=str(write_rules(tmp_path, channel)),
        TOCSIN_STORE=postgres_url,
        TOCSIN_BATCH_SIZE="20",
    )
    logs = [tmp_path / "log-1", tmp_path / "log-2"]
    first, second = (start(env, log) for log in logs)
    try:
        early = [revision for number in range(40) for revision in rising(f"early-{number}", REVISIONS)]
        await publish(apache, early)
        await until_told(apache, 40 * REVISIONS)
        first.kill()
        first.wait()
        late = [revision for number in range(40) for revision in rising(f"late-{number}", REVISIONS)]
        await publish(apache, late)
        published, _ = await until_told(apache, 80 * REVISIONS)
    finally:
        first.kill()
        code = stop(second)
    assert code == 0, logs[1].read_text()
    holds(told(channel), 80)
    holds(list({alert.alert_id: alert for alert in published}.values()), 80)
