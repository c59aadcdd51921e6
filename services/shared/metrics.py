"""Every metric of Tocsin, in one place: name, what it says, labels.

Names follow Prometheus: base units (seconds), `_total` for counters. A service makes its own from these with
`counter`, `gauge` and `histogram` in a registry of its own, so that several services can run in one process.
"""

from __future__ import annotations

from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Name(NamedTuple):
    """A metric without labels that is made from what is known at the time of reading."""

    name: str
    documentation: str


class Declared(NamedTuple):
    """A metric that the code counts up or observes."""

    name: str
    documentation: str
    labels: tuple[str, ...] = ()


# Every service: what /healthz says, as numbers.
HEALTHY = Name("tocsin_healthy", "1 while the service is alive and does its work, else 0.")
READY = Name("tocsin_ready", "1 while the service can do its work now, else 0.")
ASSIGNED_PARTITIONS = Name("tocsin_assigned_partitions", "Partitions that the service reads now.")
SECONDS_SINCE_PROGRESS = Name("tocsin_seconds_since_progress", "Seconds since a piece of work was finished.")
SECONDS_SINCE_COMMIT = Name("tocsin_seconds_since_commit", "Seconds since an offset was committed.")

# Every service that reads a topic. `stage` is extract, track, decide or deliver.
EVENTS = Declared(
    "tocsin_events_total",
    "Messages read, by how they ended: done, repeated (seen before, dropped) or dead (in the dead letters).",
    ("stage", "outcome"),
)
EVENT_SECONDS = Declared("tocsin_event_seconds", "Seconds that one message took, retries included.", ("stage",))
RETRIES = Declared(
    "tocsin_retries_total", "Failures that were tried again because they may pass, by exception.", ("stage", "error")
)
OUTPUTS = Declared("tocsin_outputs_total", "Messages that the broker acknowledged, by topic.", ("topic",))

# The alerter: deciding.
DECISIONS = Declared("tocsin_decisions_total", "Decisions taken, one for each subscription and revision.", ("reason",))
ALERTS = Declared("tocsin_alerts_total", "Alerts decided, by kind: alert, update, correction, cancel.", ("kind",))
WAITING = Declared(
    "tocsin_waiting",
    "What subscriptions are not told yet, by what it waits for: held, quiet_hours, digest, silenced and so on.",
    ("reason",),
)
STORE_FAILURES = Declared("tocsin_store_failures_total", "Transactions that the store refused and that are retried.")
CONSUMER_OFFSET = Declared("tocsin_consumer_offset", "Offset after the last one decided.", ("topic", "partition"))
CONSUMER_LAG = Declared("tocsin_consumer_lag", "Messages that are not decided yet.", ("topic", "partition"))

# The alerter: telling. `kind` is terminal, file or webhook.
DELIVERIES = Declared("tocsin_deliveries_total", "Attempts, by how they ended.", ("kind", "outcome"))
DELIVERY_SECONDS = Declared("tocsin_delivery_seconds", "Seconds that one attempt took.", ("kind",))
TELLING_SECONDS = Declared(
    "tocsin_telling_seconds",
    "Seconds from the append of an incident revision to its topic until the first attempt to tell of it began.",
)
OUTBOX_PENDING = Declared("tocsin_outbox_pending", "Alerts that are not delivered and not given up.")
STALE_CLAIMS = Declared(
    "tocsin_stale_claims_outstanding",
    "Corrections and cancels that are not delivered and not given up: what somebody was told and is known to be wrong.",
)
AUDIT_FAULTS = Declared(
    "tocsin_audit_faults", "What the last audit found not to add up: decided, settled, waiting. 0 is well."
)
HEARTBEAT_TIME = Declared(
    "tocsin_heartbeat_timestamp_seconds", "When the alerter last found everything in order, seconds since 1970."
)
CANARY_AGE = Declared(
    "tocsin_canary_age_seconds",
    "Seconds since the last canary that came back was sent; grows where none comes back. 0 where none is sent.",
)
CANARY_LATE = Declared("tocsin_canary_late", "1 while the newest canary that should have come back has not, else 0.")
CANARY_SECONDS = Declared(
    "tocsin_canary_seconds", "Seconds from the sending of a canary article until its last channel accepted the alert."
)
CHANNELS_OFF = Declared("tocsin_channels_switched_off", "Channels that are switched off.")
CONSENTS_MISSING = Declared(
    "tocsin_channels_without_consent",
    "Channels with `consent: ask` whose endpoint has not agreed to be told: they are sent nothing.",
)
LOOP_LAG = Declared(
    "tocsin_loop_lag_seconds",
    "How late the alerter comes to what is due, as a mean over about a second; above 0.04, receivers that fail wait.",
)
OUTBOX_OLDEST_SECONDS = Declared("tocsin_outbox_oldest_seconds", "Age of the oldest such alert; 0 where there is none.")

FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
"""Histogram bounds, seconds, for work within the machine: the targets lie between 5 ms and 1 s."""
SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 36000, 86400)
"""Histogram bounds, seconds, for what waits for others: a delivery may be retried for days."""


def counter(registry: CollectorRegistry, metric: Declared) -> Counter:
    """A counter for `metric` in `registry`."""
    return Counter(metric.name, metric.documentation, metric.labels, registry=registry)


def gauge(registry: CollectorRegistry, metric: Declared) -> Gauge:
    """A gauge for `metric` in `registry`."""
    return Gauge(metric.name, metric.documentation, metric.labels, registry=registry)


def histogram(registry: CollectorRegistry, metric: Declared, bounds: tuple[float, ...] = FAST) -> Histogram:
    """A histogram for `metric` in `registry`; `bounds` are the upper bounds of its buckets, in seconds."""
    return Histogram(metric.name, metric.documentation, metric.labels, buckets=bounds, registry=registry)
