"""What came of it: incidents, alerts and deliveries as they appear on their topics."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer

from schemas import Alert, Delivery, DeliveryOutcome
from services.shared.kafka import new_consumer, partitions_of
from services.shared.settings import Settings
from services.shared.topics import ALERTS, DELIVERIES, INCIDENTS

SHOWN = ("alert_id", "subscription", "channel", "kind", "incident_id", "revision", "reason", "headline", "incident")
"""Fields of an alert in `tocsin run --json`, in order; other tools read them."""


@dataclass(slots=True)
class AlertFeed:
    """Follows the topics from where they end now, and calls `told` once for every alert that a channel accepted."""

    settings: Settings
    told: Callable[[Alert], None]
    deliveries: int = 0
    """Attempts, whatever came of them."""
    read: int = 0
    """Messages taken, of all topics."""
    _incidents: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)
    _waiting: dict[str, Alert] = field(default_factory=dict)
    _accepted: set[str] = field(default_factory=set)

    @property
    def incidents(self) -> int:
        """Incidents of which a revision was published."""
        return len(self._incidents)

    @property
    def alerts(self) -> int:
        """Alerts decided, told or not."""
        return len(self._seen)

    @property
    def undelivered(self) -> int:
        """Alerts that no channel has accepted yet."""
        return len(self._waiting)

    async def open(self) -> AIOKafkaConsumer:
        """A consumer that stands at the end of the topics; `follow` it, and stop it."""
        consumer = new_consumer(self.settings, group_id=None)
        await consumer.start()
        partitions = partitions_of(self.settings, (INCIDENTS, ALERTS, DELIVERIES))
        consumer.assign(partitions)
        for partition, offset in (await consumer.end_offsets(partitions)).items():
            consumer.seek(partition, offset)
        return consumer

    async def follow(self, consumer: AIOKafkaConsumer) -> None:
        """Take every message of `consumer`, until cancelled."""
        async for message in consumer:
            self.take(message.topic.removeprefix(self.settings.topic_prefix), message.key, message.value)

    def take(self, topic: str, key: bytes, value: bytes) -> None:
        """One message of `topic`; an alert and its delivery may come in either order, and more than once."""
        self.read += 1
        if topic == INCIDENTS:
            self._incidents.add(key.decode())
        elif topic == ALERTS:
            alert = Alert.from_bytes(value)
            if alert.alert_id not in self._seen:
                self._seen.add(alert.alert_id)
                self._waiting[alert.alert_id] = alert
                self._tell(alert.alert_id)
        else:
            delivery = Delivery.from_bytes(value)
            self.deliveries += 1
            if delivery.outcome is DeliveryOutcome.ACCEPTED:
                self._accepted.add(delivery.alert_id)
                self._tell(delivery.alert_id)

    def _tell(self, alert_id: str) -> None:
        if alert_id in self._waiting and alert_id in self._accepted:
            self.told(self._waiting.pop(alert_id))


def shown(alert: Alert) -> str:
    """An alert as the line that `tocsin run --json` prints for it."""
    values: dict[str, Any] = alert.model_dump(mode="json")
    return json.dumps({"alert": {name: values[name] for name in SHOWN}}, ensure_ascii=False)
