"""Making topics as declared, and refusing to run without them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from hypothesis import given
from hypothesis import strategies as st

from services.embedded.broker import EmbeddedBroker
from services.shared.errors import UserError
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import FoundTopic, apply_topics, check_topics, compare_topics, difference
from services.shared.topics import DAY_MS, Topic, declared_topics

KEPT = Topic("kept", 3, DAY_MS)
COMPACTED = Topic("compacted", 2, None)


def as_declared(topic: Topic, **changes: Any) -> FoundTopic:
    found = FoundTopic(partitions=topic.partitions, copies=1, config=topic.config(), overrides=topic.config())
    return replace(found, **changes)


@pytest.mark.parametrize("topic", [KEPT, COMPACTED, *declared_topics()], ids=lambda topic: topic.name)
def test_a_topic_that_is_as_declared_has_no_difference(topic: Topic) -> None:
    departs = difference(topic, as_declared(topic), copies=1)
    assert not departs.alter
    assert not departs.refused


@given(retention=st.integers(min_value=-1, max_value=10 * DAY_MS), limit=st.integers(min_value=0, max_value=2**31 - 1))
def test_limits_are_only_ever_raised(retention: int, limit: int) -> None:
    config = KEPT.config() | {"retention.ms": str(retention), "max.message.bytes": str(limit)}
    departs = difference(KEPT, as_declared(KEPT, config=config), copies=1)
    assert not departs.refused
    too_short = -1 < retention < DAY_MS
    assert ("retention.ms" in departs.alter) == too_short
    assert ("max.message.bytes" in departs.alter) == (limit < KEPT.max_message_bytes)
    assert all(value == KEPT.config()[name] for name, value in departs.alter.items())


@given(partitions=st.integers(min_value=1, max_value=100))
def test_another_number_of_partitions_is_never_changed(partitions: int) -> None:
    departs = difference(KEPT, as_declared(KEPT, partitions=partitions), copies=1)
    assert not departs.alter
    assert bool(departs.refused) == (partitions != KEPT.partitions)
    for clause in departs.refused:
        assert str(partitions) in clause
        assert "tocsin topics apply" in clause


@pytest.mark.parametrize("topic", [KEPT, COMPACTED], ids=lambda topic: topic.name)
def test_another_clean_up_policy_is_never_changed(topic: Topic) -> None:
    other = "delete" if topic.compacted else "compact"
    config = topic.config() | {"cleanup.policy": other}
    departs = difference(topic, as_declared(topic, config=config), copies=1)
    assert not departs.alter
    (clause,) = departs.refused
    assert f"cleanup.policy={other}" in clause
    assert f"--entity-name {topic.name} --add-config cleanup.policy={topic.config()['cleanup.policy']}" in clause


def test_fewer_copies_than_asked_for_are_a_difference_and_more_are_not() -> None:
    assert "KAFKA_REPLICATION_FACTOR" in difference(KEPT, as_declared(KEPT, copies=1), copies=3).refused[0]
    assert not difference(KEPT, as_declared(KEPT, copies=3), copies=2).refused


async def test_a_service_does_not_ask_for_a_topic_that_is_not_declared() -> None:
    with pytest.raises(ValueError, match="gossip is not declared"):
        await check_topics(load_settings(), ["gossip"])


async def test_a_cluster_that_does_not_answer_is_named_with_what_to_check(unused_tcp_port: int) -> None:
    settings = load_settings(kafka_bootstrap_servers=f"127.0.0.1:{unused_tcp_port}")
    with pytest.raises(UserError, match=f"127.0.0.1:{unused_tcp_port} does not answer.*KAFKA_BOOTSTRAP_SERVERS"):
        await check_topics(settings, ["articles"])


@pytest.fixture
def unused_tcp_port() -> Iterator[int]:
    """A port of 127.0.0.1 that is taken and never listened on, so that nobody answers there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def embedded() -> Iterator[Settings]:
    broker = EmbeddedBroker()
    yield load_settings(kafka_bootstrap_servers=broker.bootstrap_servers, embedded=True)
    del broker


@pytest.mark.embedded
class TestOnTheEmbeddedBroker:
    async def test_checking_makes_the_topics(self, embedded: Settings) -> None:
        names = [topic.name for topic in declared_topics(embedded=True)]
        await check_topics(embedded, names)
        await check_topics(embedded, names)

    async def test_topics_are_not_applied(self, embedded: Settings) -> None:
        for refused in (apply_topics, compare_topics):
            with pytest.raises(UserError, match="embedded broker makes its topics by itself"):
                await refused(embedded, declared_topics(embedded=True))


@pytest.fixture
def settings(kafka: str, topic_prefix: str) -> Settings:
    return load_settings(kafka_bootstrap_servers=kafka, topic_prefix=topic_prefix)


@pytest.fixture
def topics(settings: Settings) -> tuple[Topic, ...]:
    return declared_topics(settings.topic_prefix)


@pytest.fixture
async def admin(kafka: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    yield client
    await client.close()


async def config_of(admin: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    """Settings in force on one topic of the cluster."""
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return {name: value for name, value, *_ in answers[0].resources[0][4]}


async def until_config(admin: AIOKafkaAdminClient, topic: str, wanted: dict[str, str]) -> None:
    """Wait until the broker knows settings that the controller has taken."""
    while True:
        if (await config_of(admin, topic)).items() >= wanted.items():
            return
        await asyncio.sleep(0.05)


@pytest.mark.kafka
class TestOnApacheKafka:
    async def test_missing_topics_are_created_as_declared_and_a_second_time_nothing_is_done(
        self, settings: Settings, topics: tuple[Topic, ...], admin: AIOKafkaAdminClient
    ) -> None:
        assert {change.outcome for change in await compare_topics(settings, topics)} == {"missing"}
        created = await apply_topics(settings, topics)
        assert [change.topic for change in created] == [topic.name for topic in topics]
        assert {change.outcome for change in created} == {"created"}
        for listed in await admin.describe_topics([topic.name for topic in topics]):
            declared = next(topic for topic in topics if topic.name == listed["topic"])
            assert len(listed["partitions"]) == declared.partitions
            assert (await config_of(admin, declared.name)).items() >= declared.config().items()
        assert {change.outcome for change in await apply_topics(settings, topics)} == {"unchanged"}
        assert {change.outcome for change in await compare_topics(settings, topics)} == {"unchanged"}

    async def test_a_service_starts_once_its_topics_are_there(
        self, settings: Settings, topics: tuple[Topic, ...]
    ) -> None:
        names = [topic.name for topic in topics]
        with pytest.raises(UserError) as error:
            await check_topics(settings, names)
        for name in names:
            assert f"topic {name} is missing" in str(error.value)
        assert "`tocsin topics apply`" in str(error.value)
        await apply_topics(settings, topics)
        await check_topics(settings, names)

    async def test_asking_whether_a_topic_is_there_does_not_create_it(
        self, settings: Settings, topics: tuple[Topic, ...], admin: AIOKafkaAdminClient
    ) -> None:
        with pytest.raises(UserError):
            await check_topics(settings, [topics[0].name])
        await compare_topics(settings, topics)
        assert topics[0].name not in await admin.list_topics()

    async def test_a_wrong_number_of_partitions_stops_a_service_and_is_left_as_it_is(
        self, settings: Settings, topics: tuple[Topic, ...]
    ) -> None:
        wrong = replace(topics[0], partitions=topics[0].partitions + 1)
        await apply_topics(settings, [wrong])
        with pytest.raises(UserError, match=f"topic {wrong.name} has 9 partitions and must have 8"):
            await check_topics(settings, [wrong.name])
        for _ in range(2):
            (change,) = await apply_topics(settings, [topics[0]])
            assert change.outcome == "differs"
            assert not change.ok
            assert "has 9 partitions and must have 8" in change.detail

    async def test_limits_that_are_too_low_are_raised_and_what_others_set_is_kept(
        self, settings: Settings, topics: tuple[Topic, ...], admin: AIOKafkaAdminClient
    ) -> None:
        topic = topics[0]
        await apply_topics(settings, [replace(topic, retention_ms=DAY_MS, max_message_bytes=2**20)])
        own = await config_of(admin, topic.name)
        theirs = {name: own[name] for name in topic.config()} | {"segment.bytes": "20971520"}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, theirs)])
        await until_config(admin, topic.name, theirs)

        (compared,) = await compare_topics(settings, [topic])
        assert compared.outcome == "differs"
        (change,) = await apply_topics(settings, [topic])
        assert change.outcome == "altered"
        assert f"retention.ms={DAY_MS}, now {topic.retention_ms}" in change.detail
        now = await config_of(admin, topic.name)
        assert now.items() >= topic.config().items()
        assert now["segment.bytes"] == "20971520"
        assert [change.outcome for change in await apply_topics(settings, [topic])] == ["unchanged"]

    async def test_a_longer_retention_than_declared_is_kept(
        self, settings: Settings, topics: tuple[Topic, ...], admin: AIOKafkaAdminClient
    ) -> None:
        longer = replace(topics[0], retention_ms=90 * DAY_MS)
        await apply_topics(settings, [longer])
        assert [change.outcome for change in await apply_topics(settings, [topics[0]])] == ["unchanged"]
        assert (await config_of(admin, longer.name))["retention.ms"] == str(90 * DAY_MS)

    async def test_another_clean_up_policy_is_left_as_it_is(
        self, settings: Settings, topics: tuple[Topic, ...], admin: AIOKafkaAdminClient
    ) -> None:
        incidents = next(topic for topic in topics if topic.compacted)
        await apply_topics(settings, [replace(incidents, retention_ms=DAY_MS)])
        (change,) = await apply_topics(settings, [incidents])
        assert change.outcome == "differs"
        assert (await config_of(admin, incidents.name))["cleanup.policy"] == "delete"

    async def test_what_the_cluster_refuses_is_said_and_the_rest_is_done(
        self, settings: Settings, topics: tuple[Topic, ...]
    ) -> None:
        named_wrongly = replace(topics[0], name=f"{settings.topic_prefix}not a name")
        refused, created = await apply_topics(settings, [named_wrongly, topics[1]])
        assert refused.outcome == "failed"
        assert "not a name" in refused.detail
        assert created.outcome == "created"

    async def test_more_copies_than_there_are_brokers_are_refused_with_the_reason(
        self, settings: Settings, topics: tuple[Topic, ...]
    ) -> None:
        greedy = settings.model_copy(update={"kafka_replication_factor": 100})
        (change,) = await apply_topics(greedy, topics[:1])
        assert change.outcome == "failed"
        assert "100" in change.detail

    async def test_two_who_apply_at_once_both_end_well(self, settings: Settings, topics: tuple[Topic, ...]) -> None:
        both = await asyncio.gather(apply_topics(settings, topics), apply_topics(settings, topics))
        for position in range(len(topics)):
            outcomes = {changes[position].outcome for changes in both}
            assert outcomes <= {"created", "unchanged"}
            assert "created" in outcomes
