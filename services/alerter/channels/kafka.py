"""Alerts to a Kafka topic of the operator's choice, on the brokers that Tocsin itself runs on.

The key is channel and incident, so that whoever reads the topic hears of an incident in order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError

from schemas import DeliveryOutcome, KafkaChannel
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer, OutgoingMessage
from services.alerter.policy.plain_text import one_line
from services.shared.envelope import seal, trace_of
from services.shared.topic_writer import TopicWriter, UnwritableError

CONCURRENCY = 64
"""Messages in flight at once: the producer gathers them into batches."""
NOT_SENT = (UnknownTopicOrPartitionError, TopicAuthorizationFailedError)
"""What is said before a message goes out."""


class KafkaSender:
    """Writes to one topic. Create it within a running event loop."""

    kind = "kafka"
    concurrency = CONCURRENCY

    def __init__(
        self, channel: KafkaChannel, new_producer: Callable[[], AIOKafkaProducer], now: Callable[[], datetime]
    ) -> None:
        """`new_producer` makes a producer, not started; nothing is connected before the first message."""
        self.timeout_seconds = channel.timeout_seconds
        self._topic = channel.topic
        self._writer = TopicWriter(new_producer)
        self._now = now

    async def send(self, message: OutgoingMessage) -> ChannelAnswer:
        """Write the alert, in the envelope of the topic `alerts`, and wait until every replica has it."""
        alert = message.alert
        sealed = seal(alert, source="tocsin/alerter", traceparent=trace_of(alert.alert_id), sent_at=message.decided_at)
        try:
            await self._writer.write(self._topic, sealed.key, sealed.value, sealed.headers)
        except UnwritableError as error:
            return ChannelAnswer(DeliveryOutcome.DEAD, f"The brokers refuse it: {one_line(str(error), 300)}")
        except NOT_SENT as error:
            reason = f"Not written to {self._topic} ({type(error).__name__}): make the topic, or allow writing to it."
            return ChannelAnswer(DeliveryOutcome.RETRY, reason)
        except (KafkaError, OSError) as error:
            # An acknowledgement that did not come says nothing of the message.
            reason = f"Not known to be written: {type(error).__name__}: {one_line(str(error), 300)}"
            return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, reason)
        return ACCEPTED

    async def close(self) -> None:
        """Close the connection."""
        await self._writer.stop()
