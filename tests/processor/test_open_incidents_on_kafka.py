"""The tracker's memory on real Apache Kafka: a worker that was killed is taken over with all it knew."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas import Incident, IncidentStatus, Report
from services.cli.main import app
from services.processor.tracking.changelog import PAGE_REPORTS
from services.shared.settings import environment_of, load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import INCIDENTS, REPORTS, REPORTS_PARTITION, declared_topics
from tests.processor.cluster import Cluster, ended
from tests.processor.tracking.reports import TIMBUKTU, at_least, exactly, report

pytestmark = pytest.mark.kafka


@pytest.fixture
async def cluster(kafka: str, topic_prefix: str, tmp_path: Path) -> AsyncIterator[Cluster]:
    settings = load_settings(
        kafka_bootstrap_servers=kafka,
        topic_prefix=topic_prefix,
        processor_port=0,
        commit_interval_seconds=0.2,
        state=tmp_path / "state",
    )
    assert all(change.ok for change in await apply_topics(settings, declared_topics(topic_prefix)))
    cluster = Cluster(settings.model_copy(update={"processor_port": 0}), tmp_path)
    yield cluster
    cluster.close()


async def tell(cluster: Cluster, *reports: Report) -> None:
    await cluster.publish([item.to_bytes() for item in reports], REPORTS, REPORTS_PARTITION)


async def incidents(cluster: Cluster, at_least: int) -> list[Incident]:
    return [Incident.from_bytes(value) for value in await cluster.read(INCIDENTS, at_least)]


async def test_after_kill_9_the_open_incidents_are_as_they_were(cluster: Cluster) -> None:
    first = cluster.start_worker("services.cli", "processor")
    await tell(
        cluster, report("a", killed=at_least(60), source="wire"), report("t", place=TIMBUKTU, killed=exactly(13))
    )
    before = await incidents(cluster, 2)
    await ended(first, signal.SIGKILL)
    cluster.start_worker("services.cli", "processor")
    await tell(cluster, report("b", killed=exactly(71), source="wire", hours=30))
    revisions = await incidents(cluster, 3)
    revised = [incident for incident in revisions if incident.revision == 2]
    assert [incident.incident_id for incident in revised] == [
        incident.incident_id for incident in before if incident.toll.killed and incident.toll.killed.low == 60
    ]
    assert revised[0].article_ids == ("a", "b")


async def test_after_kill_9_a_story_of_many_reports_has_them_all(cluster: Cluster) -> None:
    many = 2 * PAGE_REPORTS + 5
    first = cluster.start_worker("services.cli", "processor")
    await tell(cluster, *(report(f"a{n:02}", killed=exactly(20 + n), hours=8 + n / 10) for n in range(many)))
    await incidents(cluster, many)
    await ended(first, signal.SIGKILL)
    cluster.start_worker("services.cli", "processor")
    await tell(cluster, report("b", killed=exactly(99), hours=30))
    last = max(await incidents(cluster, many + 1), key=lambda incident: incident.revision)
    assert last.revision == many + 1
    assert last.article_ids == (*(f"a{n:02}" for n in range(many)), "b")
    assert [item.toll.killed.best for item in last.history if item.toll.killed] == [*range(20, 20 + many), 99]
    explained = await asyncio.to_thread(explained_from_the_stream, cluster, last.incident_id)
    assert all(f"{name}#0 is linked to" in explained for name in ("a01", f"a{many - 1}", "b"))


async def test_another_worker_takes_the_open_incidents_over(cluster: Cluster) -> None:
    first = cluster.start_worker("services.cli", "processor")
    await tell(cluster, report("a", killed=at_least(60), source="wire"))
    await incidents(cluster, 1)
    cluster.start_worker("services.cli", "processor")
    await tell(cluster, report("b", killed=exactly(64), source="daily", hours=20))
    await incidents(cluster, 2)
    await ended(first, signal.SIGKILL)
    await tell(cluster, report("c", killed=exactly(71), source="wire", hours=30))
    revisions = await incidents(cluster, 3)
    assert len({incident.incident_id for incident in revisions}) == 1
    assert max(revisions, key=lambda incident: incident.revision).article_ids == ("a", "b", "c")


def by_hand(cluster: Cluster, *arguments: str) -> None:
    """Run `tocsin incidents ...` against the cluster."""
    why = ("--reason", "one raid", "--author", "desk")
    result = CliRunner().invoke(app, ["incidents", *arguments, *why], env=environment_of(cluster.settings))
    assert result.exit_code == 0, result.output


def explained_from_the_stream(cluster: Cluster, incident_id: str) -> str:
    arguments = ["rules", "explain", incident_id, "--stream"]
    return CliRunner().invoke(app, arguments, env=environment_of(cluster.settings)).output


async def newest(cluster: Cluster, at_least: int) -> dict[str, Incident]:
    found: dict[str, Incident] = {}
    for incident in await incidents(cluster, at_least):
        if incident.incident_id not in found or found[incident.incident_id].revision < incident.revision:
            found[incident.incident_id] = incident
    return found


async def test_a_merge_by_hand_and_its_undoing_survive_kill_9(cluster: Cluster) -> None:
    first = cluster.start_worker("services.cli", "processor")
    await tell(cluster, report("a", killed=at_least(60)), report("t", place=TIMBUKTU, killed=exactly(13)))
    told = await newest(cluster, 2)
    here, there = sorted(told, key=lambda name: told[name].article_ids)
    await asyncio.to_thread(by_hand, cluster, "merge", there, here)
    merged = await newest(cluster, 4)
    assert (merged[there].status, merged[there].merged_into) == (IncidentStatus.MERGED, here)
    assert set(merged[here].article_ids) == {"a", "t"}
    explained = await asyncio.to_thread(explained_from_the_stream, cluster, here)
    assert "merge by desk: one raid" in explained
    assert "t#0 is linked to a#0" in explained
    await ended(first, signal.SIGKILL)
    cluster.start_worker("services.cli", "processor")
    await asyncio.to_thread(by_hand, cluster, "split", there)
    undone = await newest(cluster, 6)
    assert {name: undone[name].article_ids for name in (here, there)} == {here: ("a",), there: ("t",)}
    assert undone[there].merged_into is None
