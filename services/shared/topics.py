"""Every topic that Tocsin uses, declared in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace

DAY_MS = 24 * 60 * 60 * 1000
EMBEDDED_PARTITIONS = 4
"""What the embedded broker gives every topic: librdkafka's mock cluster offers no way to declare another number."""
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
"""The largest article that is taken in, as JSON."""
MAX_DEAD_LETTER_BYTES = MAX_MESSAGE_BYTES + 1024 * 1024
"""A dead letter is the message itself and the reason in headers."""

ARTICLES = "articles"
REPORTS = "reports"
INCIDENTS = "incidents"
ALERTS = "alerts"
DELIVERIES = "deliveries"
INCIDENT_EDITS = "incident-edits"
REPORTS_PARTITION = 0
"""Linking must see every open incident, so all reports, and all edits of incidents, go to one partition."""
OPEN_INCIDENTS = "open-incidents"
"""The tracker's table; its changelog topic is `changelog_of(prefix)`."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it should be on the cluster."""

    name: str
    partitions: int
    retention_ms: int | None
    """Milliseconds that a message is kept; null where the topic is compacted instead."""
    max_message_bytes: int = MAX_MESSAGE_BYTES

    @property
    def compacted(self) -> bool:
        """The newest message of each key is kept for ever, earlier ones are not."""
        return self.retention_ms is None

    def config(self) -> dict[str, str]:
        """Topic settings in Kafka's own names."""
        settings = {"max.message.bytes": str(self.max_message_bytes)}
        if self.retention_ms is None:
            return settings | {"cleanup.policy": "compact"}
        return settings | {"cleanup.policy": "delete", "retention.ms": str(self.retention_ms)}


def partition_counts(prefix: str = "", *, embedded: bool = False) -> dict[str, int]:
    """Partitions of every topic by its name with the prefix, as declared."""
    return {topic.name: topic.partitions for topic in declared_topics(prefix, embedded=embedded)}


def dead_of(topic: str) -> str:
    """The dead-letter twin of `topic`."""
    return f"{topic}.dead"


def group_of(prefix: str, service: str) -> str:
    """The consumer group (and Faust app id) of a service."""
    return f"{prefix}tocsin-{service}"


def changelog_of(prefix: str) -> str:
    """The changelog of the tracker's table, in Faust's naming."""
    return f"{group_of(prefix, 'processor')}-{OPEN_INCIDENTS}-changelog"


def declared_topics(prefix: str = "", *, embedded: bool = False) -> tuple[Topic, ...]:
    """All topics with their partitions and retention.

    Articles keep a week, so that a reader that was down for a weekend catches up and a replay of the week is possible.
    Edits of incidents keep 30 days; the incident itself carries them further. Alerts and deliveries keep 30 days for
    those who follow them; the alerter's store is their lasting record. Dead letters keep 30 days: long enough for
    somebody to look.
    """

    def topic(name: str, partitions: int, retention_ms: int | None) -> Topic:
        return Topic(prefix + name, EMBEDDED_PARTITIONS if embedded else partitions, retention_ms)

    streams = (
        topic(ARTICLES, 8, 7 * DAY_MS),
        topic(REPORTS, 1, 7 * DAY_MS),
        topic(INCIDENT_EDITS, 1, 30 * DAY_MS),
        topic(INCIDENTS, 4, None),
        topic(ALERTS, 4, 30 * DAY_MS),
        topic(DELIVERIES, 4, 30 * DAY_MS),
    )
    dead = tuple(
        replace(topic(dead_of(name), 1, 30 * DAY_MS), max_message_bytes=MAX_DEAD_LETTER_BYTES)
        for name in (ARTICLES, REPORTS, INCIDENT_EDITS, INCIDENTS, ALERTS)
    )
    changelog = Topic(changelog_of(prefix), EMBEDDED_PARTITIONS if embedded else 1, None)
    return (*streams, *dead, changelog)
