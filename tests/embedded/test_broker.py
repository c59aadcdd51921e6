"""The embedded broker speaks enough Kafka for the services."""

from __future__ import annotations

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from services.embedded.broker import EmbeddedBroker
from services.shared.kafka import client_options, new_consumer, new_producer, partitions_of
from services.shared.settings import load_settings
from services.shared.topics import ARTICLES, EMBEDDED_PARTITIONS, declared_topics

pytestmark = pytest.mark.embedded


async def test_what_an_idempotent_producer_sends_a_reader_reads() -> None:
    broker = EmbeddedBroker()
    settings = load_settings(kafka_bootstrap_servers=broker.bootstrap_servers, embedded=True)
    broker.create(topic.name for topic in declared_topics(embedded=True))
    producer = new_producer(settings, "test")
    await producer.start()
    for number in range(8):
        await producer.send_and_wait(ARTICLES, b"%d" % number, key=b"%d" % number, headers=[("h", b"v")])
    await producer.stop()
    consumer = new_consumer(settings, group_id=None)
    await consumer.start()
    consumer.assign(partitions_of(settings, [ARTICLES]))
    await consumer.seek_to_beginning()
    read = [await consumer.getone() for _ in range(8)]
    await consumer.stop()
    assert sorted(record.value for record in read) == [b"%d" % number for number in range(8)]
    assert {record.headers for record in read} == {(("h", b"v"),)}


async def test_every_topic_has_the_partitions_that_are_declared_for_it() -> None:
    broker = EmbeddedBroker()
    settings = load_settings(kafka_bootstrap_servers=broker.bootstrap_servers, embedded=True)
    declared = declared_topics(embedded=True)
    broker.create(topic.name for topic in declared)
    admin = AIOKafkaAdminClient(**client_options(settings))
    await admin.start()
    found = await admin.describe_topics([topic.name for topic in declared])
    await admin.close()
    assert {len(topic["partitions"]) for topic in found} == {EMBEDDED_PARTITIONS}
