"""What the alerter says of its work: metrics and health, from what its loops tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from aiokafka import AIOKafkaConsumer
from prometheus_client import CollectorRegistry

from schemas import DecisionReason
from services.alerter.canaries import CanaryState
from services.alerter.delivering import Attempt
from services.alerter.outbox.auditing import Audit
from services.alerter.outbox.deciding import OutboxRow
from services.alerter.outbox.publishing import Outstanding
from services.alerter.policy.pacing import WAITS
from services.alerter.publishing import Publisher
from services.alerter.reading import STAGE, Batch
from services.alerter.releasing import Released
from services.shared import metrics
from services.shared.health import Health


class Reporting:
    """Counts what happened, and wakes the loop that has to go on with it."""

    def __init__(
        self, health: Health, registry: CollectorRegistry, consumer: AIOKafkaConsumer, now: Callable[[], datetime]
    ) -> None:
        self._health, self._consumer, self._now = health, consumer, now
        self._publisher: Publisher | None = None
        self._events = metrics.counter(registry, metrics.EVENTS)
        self._decisions = metrics.counter(registry, metrics.DECISIONS)
        self._alerts = metrics.counter(registry, metrics.ALERTS)
        self._failures = metrics.counter(registry, metrics.STORE_FAILURES)
        self._offset = metrics.gauge(registry, metrics.CONSUMER_OFFSET)
        self._lag = metrics.gauge(registry, metrics.CONSUMER_LAG)
        self._deliveries = metrics.counter(registry, metrics.DELIVERIES)
        self._delivery_seconds = metrics.histogram(registry, metrics.DELIVERY_SECONDS, metrics.SLOW)
        self._telling_seconds = metrics.histogram(registry, metrics.TELLING_SECONDS, metrics.SLOW)
        self._outputs = metrics.counter(registry, metrics.OUTPUTS)
        self._pending = metrics.gauge(registry, metrics.OUTBOX_PENDING)
        self._stale = metrics.gauge(registry, metrics.STALE_CLAIMS)
        self._waiting = metrics.gauge(registry, metrics.WAITING)
        self._canary_age = metrics.gauge(registry, metrics.CANARY_AGE)
        self._canary_late = metrics.gauge(registry, metrics.CANARY_LATE)
        self._canary_seconds = metrics.histogram(registry, metrics.CANARY_SECONDS, metrics.SLOW)
        self._faults = metrics.gauge(registry, metrics.AUDIT_FAULTS)
        self._heartbeat = metrics.gauge(registry, metrics.HEARTBEAT_TIME)
        self._off = metrics.gauge(registry, metrics.CHANNELS_OFF)
        self._oldest = metrics.gauge(registry, metrics.OUTBOX_OLDEST_SECONDS)

    def wakes(self, publisher: Publisher) -> None:
        """Wake this loop when another has made work for it."""
        self._publisher = publisher

    def alive(self, loop: str) -> None:
        """A loop has come round."""
        self._health.alive(loop)

    def decided(self, batch: Batch) -> None:
        """One transaction of decisions."""
        topic, partition = batch.partition.topic, str(batch.partition.partition)
        self._events.labels(STAGE, "done").inc(batch.messages - batch.dead)
        self._events.labels(STAGE, "dead").inc(batch.dead)
        for reason, times in batch.reasons.items():
            self._decisions.labels(reason).inc(times)
        self._count(batch.decided.alerts)
        self._offset.labels(topic, partition).set(batch.next_offset)
        end = self._consumer.highwater(batch.partition)
        if end is not None:
            self._lag.labels(topic, partition).set(max(0, end - batch.next_offset))
        self._health.progress(STAGE)
        if batch.decided.alerts and self._publisher is not None:
            # Kafka is told only after this, so that whoever sees no lag sees these alerts as not finished.
            self._pending.inc(len(batch.decided.alerts))
            self._publisher.wake()

    def released(self, released: Released) -> None:
        """One transaction in which what had waited was decided again."""
        for reason, times in released.reasons.items():
            self._decisions.labels(reason).inc(times)
        self._count(released.decided.alerts)
        self._health.progress("release")
        if released.decided.alerts and self._publisher is not None:
            self._pending.inc(len(released.decided.alerts))
            self._publisher.wake()

    def _count(self, rows: Iterable[OutboxRow]) -> None:
        for row in rows:
            if not row.alert.incident.test:
                self._alerts.labels(row.alert.kind).inc()

    def waits(self, by_reason: Mapping[DecisionReason, int]) -> None:
        """How much waits, by reason."""
        for reason in WAITS:
            self._waiting.labels(reason).set(by_reason.get(reason, 0))

    def attempted(self, attempt: Attempt) -> None:
        """One attempt, recorded."""
        delivery, kind = attempt.delivery, attempt.channel_kind
        self._deliveries.labels(kind, delivery.outcome).inc()
        self._delivery_seconds.labels(kind).observe(_seconds(delivery.started_at, delivery.ended_at))
        if delivery.attempt == 1:
            self._telling_seconds.observe(_seconds(attempt.claimed.appended_at, delivery.started_at))
        self._health.progress("deliver")
        self._health.committed("deliver")
        if self._publisher is not None:
            self._publisher.wake()

    def published(self, topic: str, messages: int) -> None:
        """The broker has acknowledged messages for `topic`."""
        self._outputs.labels(topic).inc(messages)

    def refreshed(self, found: Outstanding) -> None:
        """How much is not finished."""
        self._pending.set(found.pending)
        self._stale.set(found.stale_claims)
        self._oldest.set(0 if found.oldest_at is None else max(0.0, _seconds(found.oldest_at, self._now())))

    def audited(self, found: Audit) -> None:
        """What an audit found."""
        self._faults.set(len(found.faults))
        self._off.set(found.switched_off)

    def beaten(self, at: datetime) -> None:
        """A heartbeat was given."""
        self._heartbeat.set(at.timestamp())

    def canaries(self, state: CanaryState) -> None:
        """What a look for canaries found: where one is late, the alerter is alive and not ready."""
        self._health.fault("canary", state.fault)
        self._canary_late.set(float(state.fault is not None))
        if state.last_sent_at is not None:
            self._canary_age.set(max(0.0, _seconds(state.last_sent_at, self._now())))

    def canary_back(self, seconds: float) -> None:
        """A canary came back after so many seconds."""
        self._canary_seconds.observe(seconds)

    def assigned(self, partitions: int, joined: bool) -> None:
        """How many partitions are held; `joined` where the group has just said so.

        A group that has joined and has none to give has more alerters than partitions: the spare one is well.
        """
        self._health.assigned(partitions)
        if joined:
            self._health.expects_assignment(partitions > 0)

    def committed(self) -> None:
        """The offset of what was decided is kept."""
        self._health.committed(STAGE)

    def store_answers(self, reason: str | None) -> None:
        """Why the store does not answer; None where it does."""
        self._health.fault("store", reason)
        if reason is not None:
            self._failures.inc()


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()
