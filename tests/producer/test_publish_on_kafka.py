"""Publishing on real Apache Kafka."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer

from schemas import Article
from services.producer.publish import RECORD_OVERHEAD, publish
from services.producer.readers import read_articles
from services.shared.envelope import trace_of
from services.shared.kafka import new_consumer, new_producer
from services.shared.settings import Settings, load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import ARTICLES, MAX_MESSAGE_BYTES, declared_topics

pytestmark = pytest.mark.kafka


@pytest.fixture
def at_kafka(kafka: str, topic_prefix: str) -> Settings:
    return load_settings(kafka_bootstrap_servers=kafka, topic_prefix=topic_prefix)


@pytest.fixture
async def producer(at_kafka: Settings) -> AsyncIterator[AIOKafkaProducer]:
    topics = declared_topics(at_kafka.topic_prefix)
    await apply_topics(at_kafka, [topic for topic in topics if topic.name == at_kafka.topic_prefix + ARTICLES])
    producer = new_producer(at_kafka, "test-producer")
    await producer.start()
    yield producer
    await producer.stop()


async def stored(settings: Settings, count: int) -> list[Article]:
    """The first `count` articles of the topic, in no particular order; their envelopes are checked."""
    consumer = new_consumer(settings, settings.topic_prefix + ARTICLES, group_id=None)
    await consumer.start()
    try:
        found: list[Article] = []
        while len(found) < count:
            record = await consumer.getone()
            article = Article.from_bytes(record.value)
            headers = dict(record.headers)
            assert record.key == headers["ce_id"] == headers["ce_partitionkey"] == article.article_id.encode()
            assert headers["traceparent"] == headers["ce_traceparent"] == trace_of(article.article_id).encode()
            found.append(article)
        return found
    finally:
        await consumer.stop()


async def test_what_was_read_is_stored_once_and_whole(at_kafka: Settings, producer: AIOKafkaProducer) -> None:
    lines = [json.dumps({"id": f"a{number}", "text": f"Text {number}. " * 50}) for number in range(2000)]
    read = list(read_articles([], io.BytesIO("\n".join(lines).encode())))
    summary = await publish(read, producer, topic=at_kafka.topic_prefix + ARTICLES)
    assert (summary.sent, summary.repeated, summary.bad) == (2000, 0, 0)
    articles = await stored(at_kafka, 2000)
    assert {article.article_id: article for article in articles} == {
        item.article_id: item for item in read if isinstance(item, Article)
    }
    consumer = new_consumer(at_kafka, at_kafka.topic_prefix + ARTICLES, group_id=None)
    await consumer.start()
    assert sum((await consumer.end_offsets(consumer.assignment())).values()) == 2000
    await consumer.stop()


async def test_an_article_as_large_as_is_taken_in_is_stored_and_a_larger_one_is_bad_input(
    at_kafka: Settings, producer: AIOKafkaProducer
) -> None:
    envelope = 500  # Bytes of key, headers and field names, roughly and at most.
    letters = MAX_MESSAGE_BYTES - RECORD_OVERHEAD
    offered = [
        Article(article_id="fits", body="a" * (letters - envelope)),
        Article(article_id="does-not", body="a" * letters),
        Article(article_id="small", body="a"),
    ]
    summary = await publish(offered, producer, topic=at_kafka.topic_prefix + ARTICLES)
    assert (summary.sent, summary.bad) == (2, 1)
    assert {found.article_id for found in await stored(at_kafka, 2)} == {"fits", "small"}
