"""Kafka clients, configured in one place: every client of every service gets the same security settings."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.helpers import create_ssl_context

from services.shared.errors import UserError
from services.shared.settings import Settings
from services.shared.topics import MAX_DEAD_LETTER_BYTES, partition_counts


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """The TLS context that the settings ask for, or None where the protocol is not TLS.

    Raises UserError when a certificate or key cannot be read.
    """
    if "SSL" not in settings.kafka_security_protocol:
        return None
    password = settings.kafka_ssl_password
    try:
        context: ssl.SSLContext = create_ssl_context(
            cafile=str(settings.kafka_ssl_cafile) if settings.kafka_ssl_cafile else None,
            certfile=str(settings.kafka_ssl_certfile) if settings.kafka_ssl_certfile else None,
            keyfile=str(settings.kafka_ssl_keyfile) if settings.kafka_ssl_keyfile else None,
            password=password.get_secret_value() if password else None,
        )
    except (OSError, ssl.SSLError) as error:
        raise UserError(
            f"The TLS files for Kafka cannot be used ({error}): check KAFKA_SSL_CAFILE, KAFKA_SSL_CERTFILE, "
            "KAFKA_SSL_KEYFILE and KAFKA_SSL_PASSWORD."
        ) from error
    return context


def client_options(settings: Settings) -> dict[str, Any]:
    """Options that every aiokafka client takes: brokers and security."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap_servers.split(","),
        "security_protocol": settings.kafka_security_protocol,
    }
    context = ssl_context(settings)
    if context is not None:
        options["ssl_context"] = context
    if settings.kafka_security_protocol.startswith("SASL"):
        password = settings.kafka_sasl_password
        options["sasl_mechanism"] = settings.kafka_sasl_mechanism
        options["sasl_plain_username"] = settings.kafka_sasl_username
        options["sasl_plain_password"] = password.get_secret_value() if password else None
    return options


def partitions_of(settings: Settings, topics: Iterable[str]) -> list[TopicPartition]:
    """Every partition of `topics` (names without prefix), as declared: for a reader that belongs to no group."""
    counts = partition_counts(settings.topic_prefix, embedded=settings.embedded)
    names = [settings.topic_prefix + topic for topic in topics]
    return [TopicPartition(name, number) for name in names for number in range(counts[name])]


def new_producer(settings: Settings, client_id: str) -> AIOKafkaProducer:
    """An idempotent producer, not started: acks from all replicas, in order, without repeats of its own making.

    Linger of 5 ms: sends of one batch travel together, and a lone message is hardly delayed.
    """
    return AIOKafkaProducer(
        **client_options(settings),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=256 * 1024,
        max_request_size=MAX_DEAD_LETTER_BYTES,
        request_timeout_ms=30_000,
    )


def new_consumer(settings: Settings, *topics: str, group_id: str | None, **overrides: Any) -> AIOKafkaConsumer:
    """A consumer, not started, that reads from the earliest offset and never commits by itself."""
    options: dict[str, Any] = {
        "group_id": group_id,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "fetch_max_wait_ms": settings.fetch_wait_ms,
        "max_partition_fetch_bytes": MAX_DEAD_LETTER_BYTES,
    }
    return AIOKafkaConsumer(*topics, **client_options(settings), **(options | overrides))
