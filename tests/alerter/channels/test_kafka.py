"""Alerts on a topic of somebody's own, on the embedded broker and on Apache Kafka."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import NotEnoughReplicasError, RequestTimedOutError

from schemas import Alert, DeliveryOutcome, KafkaChannel
from services.alerter.channels.kafka import KafkaSender
from services.embedded.broker import EmbeddedBroker
from services.shared.kafka import client_options, new_consumer, new_producer
from services.shared.settings import Settings, load_settings
from services.shared.topic_writer import UnwritableError
from tests.alerter.channels.messages import message


def sender_to(settings: Settings, topic: str) -> KafkaSender:
    channel = KafkaChannel(name="a", kind="kafka", topic=topic)
    return KafkaSender(channel, lambda: new_producer(settings, "test"), lambda: datetime.now(UTC))


async def read_one(settings: Settings, topic: str) -> tuple[bytes, dict[str, bytes], Alert]:
    consumer = new_consumer(settings, topic, group_id=None)
    await consumer.start()
    try:
        record = await consumer.getone()
    finally:
        await consumer.stop()
    return record.key, dict(record.headers), Alert.from_bytes(record.value)


EMBEDDED = pytest.param("embedded", marks=pytest.mark.embedded)
REAL = pytest.param("kafka", marks=pytest.mark.kafka)


@pytest.fixture(params=[EMBEDDED, REAL])
def broker(request: pytest.FixtureRequest) -> EmbeddedBroker | str:
    """The embedded broker, or the bootstrap servers of a real one."""
    return EmbeddedBroker() if request.param == "embedded" else str(request.getfixturevalue("kafka"))


@pytest.fixture
async def brokers(broker: EmbeddedBroker | str, topic_prefix: str) -> tuple[Settings, str]:
    """Settings of a broker, and a topic on it."""
    topic = f"{topic_prefix}desk-alerts"
    if isinstance(broker, EmbeddedBroker):
        broker.create([topic])
        return load_settings(kafka_bootstrap_servers=broker.bootstrap_servers), topic
    settings = load_settings(kafka_bootstrap_servers=broker)
    admin = AIOKafkaAdminClient(**client_options(settings))
    await admin.start()
    await admin.create_topics([NewTopic(topic, 2, 1)])
    await admin.close()
    return settings, topic


async def test_an_alert_stands_on_the_topic_in_its_envelope_under_channel_and_incident(
    brokers: tuple[Settings, str],
) -> None:
    settings, topic = brokers
    sender = sender_to(settings, topic)
    answer = await sender.send(message())
    await sender.close()
    assert answer.outcome is DeliveryOutcome.ACCEPTED
    key, headers, alert = await read_one(settings, topic)
    assert alert == message().alert
    assert key == b"a/inc-1"
    assert headers["ce_id"] == b"alert_5c66"
    assert headers["ce_type"] == b"tocsin.alert.v1"


async def test_while_no_broker_answers_it_is_tried_again() -> None:
    settings = load_settings(kafka_bootstrap_servers="127.0.0.1:9")
    sender = sender_to(settings, "desk")
    answer = await sender.send(message())
    await sender.close()
    assert answer.outcome in {DeliveryOutcome.RETRY, DeliveryOutcome.SENT_UNKNOWN}
    assert "KafkaConnectionError" in answer.reason


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (UnwritableError("too large"), DeliveryOutcome.DEAD),
        (NotEnoughReplicasError(), DeliveryOutcome.SENT_UNKNOWN),
        (RequestTimedOutError(), DeliveryOutcome.SENT_UNKNOWN),
    ],
)
async def test_what_the_brokers_say_decides_how_it_ended(
    error: Exception, outcome: DeliveryOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = KafkaSender(KafkaChannel(name="a", kind="kafka", topic="desk"), _never, lambda: datetime.now(UTC))

    async def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(sender._writer, "write", fails)
    assert (await sender.send(message())).outcome is outcome


def _never() -> AIOKafkaProducer:
    raise AssertionError("nothing is to be connected")
