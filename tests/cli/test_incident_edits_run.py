"""`tocsin incidents merge` and `split` on a running processor, through the embedded broker."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas import Incident, IncidentStatus, Report, new_incident_id
from services.cli.incident_topic import newest_revision
from services.cli.main import app
from services.embedded.broker import EmbeddedBroker
from services.shared.envelope import id_of, seal, trace_of
from services.shared.errors import UserError
from services.shared.kafka import new_producer
from services.shared.settings import Settings, load_settings
from services.shared.topics import REPORTS, REPORTS_PARTITION, declared_topics
from tests.processor.tracking.reports import BOULKESSI, TIMBUKTU, exactly, report

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90
RAID, BLAST = report("raid", place=BOULKESSI, killed=exactly(12)), report("blast", place=TIMBUKTU, killed=exactly(31))
WHY = ("--reason", "one night", "--author", "desk")


async def published(settings: Settings, *reports: Report) -> None:
    producer = new_producer(settings, "test")
    await producer.start()
    for one in reports:
        sealed = seal(one, source="test", traceparent=trace_of(id_of(one)), sent_at=datetime(2025, 6, 2, tzinfo=UTC))
        await producer.send_and_wait(REPORTS, sealed.value, sealed.key, REPORTS_PARTITION, headers=sealed.headers)
    await producer.stop()


@contextmanager
def processor(env: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "processor"], env=env, cwd=folder, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            finally:
                process.kill()


def waited(settings: Settings, name: str, holds: Callable[[Incident], bool], said: Path) -> Incident:
    """The newest revision of an incident, once it is as it should be."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            newest = newest_revision(settings, name)
        except UserError:
            newest = None
        if newest is not None and holds(newest):
            return newest
        time.sleep(0.3)
    raise AssertionError(f"{name} is not as it should be: {newest!r}\n{said.read_text()}")


@pytest.mark.embedded
def test_a_merge_by_hand_reaches_the_incidents_and_a_split_undoes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = EmbeddedBroker()
    values = {
        "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
        "TOCSIN_EMBEDDED": "true",
        "TOCSIN_RULES": str(ROOT / "rules"),
        "TOCSIN_STATE": str(tmp_path / "state"),
        "TOCSIN_PROCESSOR_PORT": "0",
    }
    for name in [name for name in os.environ if name.startswith(("KAFKA_", "TOCSIN_"))]:
        monkeypatch.delenv(name)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    broker.create(topic.name for topic in declared_topics(embedded=True))
    asyncio.run(published(settings, RAID, BLAST))
    raid, blast = new_incident_id(RAID.report_id), new_incident_id(BLAST.report_id)
    said = tmp_path / "log"

    with processor({**os.environ, "PYTHONPATH": str(ROOT)}, tmp_path):
        waited(settings, raid, lambda incident: incident.revision == 1, said)
        waited(settings, blast, lambda incident: incident.revision == 1, said)

        done = CliRunner().invoke(app, ["incidents", "merge", blast, raid, *WHY])
        assert done.exit_code == 0, done.output
        gone = waited(settings, blast, lambda incident: incident.status is IncidentStatus.MERGED, said)
        whole = waited(settings, raid, lambda incident: bool(incident.edits), said)
        assert gone.merged_into == raid
        assert sorted(whole.article_ids) == ["blast", "raid"]
        assert [(edit.author, edit.reason) for edit in whole.edits] == [("desk", "one night")]

        done = CliRunner().invoke(app, ["incidents", "split", blast, *WHY])
        assert done.exit_code == 0, done.output
        back = waited(settings, blast, lambda incident: incident.status is IncidentStatus.OPEN, said)
        rest = waited(settings, raid, lambda incident: len(incident.edits) == 2, said)
        assert (back.article_ids, rest.article_ids) == (("blast",), ("raid",))
        assert back.revision > gone.revision
