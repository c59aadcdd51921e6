"""The envelope of every message: CloudEvents 1.0, Kafka protocol binding, binary mode, with W3C trace context."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cloudevents.core.bindings.kafka import to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from schemas import Alert, Article, Delivery, Incident, IncidentEdit, Message, Report

CONTENT_TYPE = "application/json"
TYPES: dict[type[Message], str] = {
    Article: "tocsin.article.v1",
    Report: "tocsin.report.v1",
    Incident: "tocsin.incident.v1",
    IncidentEdit: "tocsin.incident-edit.v1",
    Alert: "tocsin.alert.v1",
    Delivery: "tocsin.delivery.v1",
}
"""`ce_type` of each message."""
_FORMAT = JSONFormat()
_TRACEPARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
"""W3C Trace Context: version, trace id, span id and flags. A later version may add to it."""

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message ready for a topic."""

    key: bytes
    value: bytes
    headers: Headers


def seal(message: Message, *, source: str, traceparent: str, sent_at: datetime, value: bytes | None = None) -> Envelope:
    """`message` in its envelope; `value` is what `to_bytes` gives, where at hand.

    `source` is the service that makes it (`tocsin/producer`); `traceparent` is W3C trace context, see `trace_of` and
    `continue_trace`; `sent_at` is an aware time. The key is the one that DESIGN gives the message's topic.
    """
    return seal_written(
        Written(
            type(message),
            id_of(message),
            key_of(message),
            getattr(message, "revision", None),
            message.to_bytes() if value is None else value,
        ),
        source=source,
        traceparent=traceparent,
        sent_at=sent_at,
    )


@dataclass(frozen=True, slots=True)
class Written:
    """A message that is JSON already, with what its envelope says of it."""

    of: type[Message]
    identity: str
    key: str
    revision: int | None
    value: bytes


def seal_written(written: Written, *, source: str, traceparent: str, sent_at: datetime) -> Envelope:
    """As `seal`, without reading and writing the message anew."""
    attributes = {
        "id": written.identity,
        "source": source,
        "type": TYPES[written.of],
        "time": sent_at.astimezone(UTC),
        "datacontenttype": CONTENT_TYPE,
        "partitionkey": written.key,
        "traceparent": traceparent,
    }
    if written.revision is not None:
        attributes["sequence"] = str(written.revision)
    sealed = to_binary(CloudEvent(attributes, written.value), _FORMAT)
    headers = [*sealed.headers.items(), ("traceparent", traceparent.encode())]
    return Envelope(written.key.encode(), sealed.value, headers)


def id_of(message: Message) -> str:
    """The CloudEvents id: the same message always has the same, so that a repeat is recognised."""
    match message:
        case Article():
            return message.article_id
        case Report():
            return message.report_id
        case Incident():
            return f"{message.incident_id}/{message.revision}"
        case IncidentEdit():
            return message.edit_id
        case Alert():
            return message.alert_id
        case Delivery():
            return message.delivery_id
    raise TypeError(f"{type(message).__name__} is not one of the messages that go onto a topic")


def key_of(message: Message) -> str:
    """The partition key: what must stay in order stays on one partition."""
    match message:
        case Article():
            return message.article_id
        case Report():
            return message.article.article_id
        case Incident() | IncidentEdit():
            return message.incident_id
        case Alert() | Delivery():
            return alert_key(message.channel, message.incident_id)
    raise TypeError(f"{type(message).__name__} is not one of the messages that go onto a topic")


def alert_key(channel: str, incident_id: str) -> str:
    """The partition key of alerts and their attempts: a channel hears an incident in order."""
    return f"{channel}/{incident_id}"


def trace_of(identity: str) -> str:
    """The trace context that starts with `identity`: the same article always starts the same trace."""
    digest = hashlib.sha256(identity.encode()).hexdigest()
    return f"00-{digest[:32]}-{digest[32:48]}-01"


def continue_trace(headers: Headers | tuple[tuple[str, bytes], ...], identity: str) -> str:
    """Trace context for a message caused by one with `headers`: its trace, with a span of its own.

    Starts a trace from `identity` where the headers carry none that is well formed.
    """
    for name, value in headers:
        if name == "traceparent" and (found := _TRACEPARENT.fullmatch(value)):
            trace, parent, flags = (part.decode() for part in found.groups()[:3])
            span = hashlib.sha256(f"{parent}/{identity}".encode()).hexdigest()[:16]
            return f"00-{trace}-{span}-{flags}"
    return trace_of(identity)
