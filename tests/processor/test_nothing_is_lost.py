"""The processor as it runs, on the embedded broker and on real Apache Kafka: whatever happens, nothing is lost.

Each test is a row of the table of what stock Faust loses: a handler that raises, in a loop or within a batch; poison; a
dead letter that cannot be written; SIGTERM and kill -9 while an event is being worked on; a worker that dies.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from services.embedded.broker import EmbeddedBroker
from services.shared.dead_letter_topics import list_dead_letters, redrive
from services.shared.kafka import client_options
from services.shared.settings import load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import ARTICLES, DELIVERIES, dead_of, declared_topics
from tests.processor.cluster import Cluster, ended, until_exists

REAL = pytest.param("kafka", marks=pytest.mark.kafka)
EMBEDDED = pytest.param("embedded", marks=pytest.mark.embedded)
COMMIT_SECONDS = 0.2


@pytest.fixture
def broker(request: pytest.FixtureRequest) -> EmbeddedBroker | str:
    """The embedded broker, or the bootstrap servers of a real one."""
    return EmbeddedBroker() if request.param == "embedded" else str(request.getfixturevalue("kafka"))


@pytest.fixture
async def cluster(broker: EmbeddedBroker | str, topic_prefix: str, tmp_path: Path) -> AsyncIterator[Cluster]:
    embedded = isinstance(broker, EmbeddedBroker)
    settings = load_settings(
        kafka_bootstrap_servers=broker.bootstrap_servers if isinstance(broker, EmbeddedBroker) else broker,
        topic_prefix=topic_prefix,
        embedded=embedded,
        commit_interval_seconds=COMMIT_SECONDS,
        state=tmp_path / "state",
        log="json",
    )
    if isinstance(broker, EmbeddedBroker):
        broker.create(topic.name for topic in declared_topics(topic_prefix, embedded=True))
    else:
        assert all(change.ok for change in await apply_topics(settings, declared_topics(topic_prefix)))
    cluster = Cluster(settings, tmp_path)
    yield cluster
    cluster.close()


on_both = pytest.mark.parametrize("broker", [EMBEDDED, REAL], indirect=True)
on_kafka = pytest.mark.parametrize("broker", [REAL], indirect=True)


@on_both
async def test_what_raises_ends_in_the_dead_letters_and_all_else_comes_through(cluster: Cluster) -> None:
    values = [b"%s %d" % (b"raise" if n % 10 == 3 else b"poison" if n % 10 == 7 else b"fine", n) for n in range(200)]
    await cluster.publish(values)
    worker = cluster.start_worker()
    fine = [value for value in values if value.startswith(b"fine")]
    assert sorted(await cluster.read(DELIVERIES, len(fine))) == sorted(fine)
    dead = await cluster.read(dead_of(ARTICLES), len(values) - len(fine))
    assert sorted(dead) == sorted(set(values) - set(fine))
    assert await ended(worker, signal.SIGTERM) == 0, cluster.logs()


@on_both
async def test_an_event_in_hand_at_sigterm_is_finished_and_nothing_is_repeated(cluster: Cluster) -> None:
    cluster.held.touch()
    await cluster.publish([b"slow 0"])
    worker = cluster.start_worker()
    await until_exists(cluster.begun)
    worker.send_signal(signal.SIGTERM)
    cluster.held.unlink()
    assert await ended(worker) == 0, cluster.logs()
    await cluster.publish([b"after"])
    cluster.start_worker()
    assert sorted(await cluster.read(DELIVERIES, 2)) == [b"after", b"slow 0"]


@on_kafka
async def test_an_event_in_hand_at_kill_9_is_worked_on_again(cluster: Cluster) -> None:
    cluster.held.touch()
    values = [b"fine %d" % n for n in range(50)] + [b"slow"] + [b"later %d" % n for n in range(50)]
    await cluster.publish(values)
    worker = cluster.start_worker()
    await until_exists(cluster.begun)
    await asyncio.sleep(3 * COMMIT_SECONDS)
    await ended(worker, signal.SIGKILL)
    cluster.held.unlink()
    cluster.start_worker()
    assert set(await cluster.read(DELIVERIES, len(values))) == set(values)


@on_kafka
async def test_while_a_dead_letter_cannot_be_written_nothing_is_committed_past_it(cluster: Cluster) -> None:
    dead = cluster.settings.topic_prefix + dead_of(ARTICLES)
    await _set_limit(cluster, dead, 1_000)
    poison = b"poison" + b"x" * 5_000
    await cluster.publish([poison])
    worker = cluster.start_worker()
    async with asyncio.timeout(30):
        while "dead_letter_refused" not in cluster.logs():
            await asyncio.sleep(0.1)
    await ended(worker, signal.SIGKILL)
    await _set_limit(cluster, dead, 1_000_000)
    cluster.start_worker()
    assert set(await cluster.read(dead_of(ARTICLES), 1)) == {poison}


@on_kafka
async def test_when_one_of_two_workers_dies_the_other_takes_over_and_nothing_is_lost(cluster: Cluster) -> None:
    first, second = cluster.start_worker(), cluster.start_worker()
    values = [b"fine %d" % n for n in range(8_000)]
    await cluster.publish(values[:4_000])
    assert len(set(await cluster.read(DELIVERIES, 500))) >= 500
    publishing = asyncio.create_task(cluster.publish(values[4_000:]))
    await ended(first, signal.SIGKILL)
    await publishing
    assert set(await cluster.read(DELIVERIES, len(values))) == set(values)
    assert second.poll() is None, cluster.logs()


@on_both
async def test_redriven_dead_letters_come_through_once_the_fault_is_mended(cluster: Cluster) -> None:
    await cluster.publish([b"raise now", b"fine"])
    worker = cluster.start_worker()
    await cluster.read(dead_of(ARTICLES), 1)
    await ended(worker, signal.SIGTERM)
    (stored,) = await list_dead_letters(cluster.settings, [ARTICLES])
    assert (stored.value, stored.letter.stage, stored.letter.error) == (b"raise now", "extract", "ValueError")
    assert [item.offset for item in await redrive(cluster.settings, [ARTICLES])] == [stored.offset]
    assert await list_dead_letters(cluster.settings, [ARTICLES]) == []
    assert len(await list_dead_letters(cluster.settings, [ARTICLES], redriven=True)) == 1
    articles = await cluster.read(ARTICLES, 3, repeats=True)
    assert sorted(articles) == [b"fine", b"raise now", b"raise now"]


async def _set_limit(cluster: Cluster, topic: str, limit: int) -> None:
    admin = AIOKafkaAdminClient(**client_options(cluster.settings))
    await admin.start()
    declared = {topic.name: topic for topic in declared_topics(cluster.settings.topic_prefix)}
    configs = replace(declared[topic], max_message_bytes=limit).config()
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=configs)])
    await admin.close()
