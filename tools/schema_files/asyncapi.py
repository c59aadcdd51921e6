"""The AsyncAPI 3.0.0 document: every topic, what is on it, and which service reads and writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas import Message
from services.shared.dead_letters import PREFIX
from services.shared.envelope import CONTENT_TYPE, TYPES
from services.shared.topics import (
    ALERTS,
    ARTICLES,
    DELIVERIES,
    INCIDENT_EDITS,
    INCIDENTS,
    REPORTS,
    Topic,
    changelog_of,
    dead_of,
    declared_topics,
    group_of,
)
from tools.schema_files.json_schema import PUBLISHED, VERSION, unwrapped_text

KAFKA_BINDING = "0.5.0"
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"

DESCRIPTION = """
Articles go in, alerts come out; everything between is one of five messages, each on a topic of its own.
A sixth, `incident-edit`, is what an operator decides by hand.

Topic and group names stand here as they are with an empty `TOCSIN_TOPIC_PREFIX`; a prefix is put before every one. The
number of copies of each partition is `KAFKA_REPLICATION_FACTOR`. Every message is delivered at least once: what arrives
again has the same `ce_id` and is to be dropped.
"""

KEYS = {
    ARTICLES: "The article's id.",
    REPORTS: "The id of the article that the report was read from. The partition is 0 whatever the key.",
    INCIDENT_EDITS: "The incident's id. The partition is 0 whatever the key.",
    INCIDENTS: "The incident's id, so that the topic keeps the newest revision of each incident.",
    ALERTS: "`<channel>/<incident id>`, so that a channel hears of an incident in order.",
    DELIVERIES: "As that of the alert: `<channel>/<incident id>`.",
}
"""What the Kafka key of each stream holds (services.shared.envelope.key_of)."""

NAMES = {
    ARTICLES: "article",
    REPORTS: "report",
    INCIDENT_EDITS: "incident-edit",
    INCIDENTS: "incident",
    ALERTS: "alert",
    DELIVERIES: "delivery",
}
"""The message on each stream, as schemas/json names it."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One service reading or writing one topic."""

    service: str
    action: str
    topic: str
    summary: str

    @property
    def identity(self) -> str:
        """The operation's name in the document."""
        verb = {"send": "writes", "receive": "reads"}[self.action]
        return f"{self.service}-{verb}-{self.topic}"


FLOWS = (
    Flow("producer", "send", ARTICLES, "What was published, as it was published."),
    Flow("processor", "receive", ARTICLES, "Articles to read incidents out of."),
    Flow("processor", "send", REPORTS, "What each article says about each incident."),
    Flow("processor", "send", dead_of(ARTICLES), "Articles that could not be read."),
    Flow("processor", "receive", REPORTS, "Reports to link into incidents."),
    Flow("operator", "send", INCIDENT_EDITS, "Incidents split or merged by hand (`tocsin incidents split|merge`)."),
    Flow("processor", "receive", INCIDENT_EDITS, "What somebody decided about incidents."),
    Flow("processor", "send", dead_of(INCIDENT_EDITS), "Edits that could not be done."),
    Flow("processor", "send", INCIDENTS, "A revision of an incident each time that a fact in it changed."),
    Flow("processor", "send", dead_of(REPORTS), "Reports that could not be linked."),
    Flow("processor", "send", changelog_of(""), "The open incidents, to be restored by another worker."),
    Flow("processor", "receive", changelog_of(""), "The open incidents, when a worker takes them over."),
    Flow("alerter", "receive", INCIDENTS, "Incident revisions to decide upon for each subscription."),
    Flow("alerter", "send", ALERTS, "What a subscription is told."),
    Flow("alerter", "send", DELIVERIES, "Each attempt to tell a channel, and how it ended."),
    Flow("alerter", "send", dead_of(INCIDENTS), "Incidents that could not be decided upon."),
    Flow("alerter", "send", dead_of(ALERTS), "Alerts that a channel refused for good, or that ran out of attempts."),
)


def asyncapi_document() -> dict[str, Any]:
    """The whole document as plain values, in the order in which it is to be written.

    Message payloads refer to the JSON Schemas beside it (`json/article.json`).
    """
    topics = declared_topics()
    streams = {topic.name for topic in topics if topic.name in NAMES}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tocsin",
            "version": str(VERSION),
            "description": unwrapped_text(DESCRIPTION),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": _servers(),
        "channels": {topic.name: _channel(topic) for topic in topics},
        "operations": {flow.identity: _operation(flow) for flow in FLOWS},
        "components": {
            "messages": {
                **{NAMES[name]: _message(name) for name in KEYS if name in streams},
                "dead-letter": _dead_letter(),
                "tracker-state": _tracker_state(),
            },
            "messageTraits": {"cloudevents": _cloudevents()},
            "schemas": {name: _schema(name) for name in PUBLISHED},
            "securitySchemes": {
                "plain": {"type": "plain", "description": "KAFKA_SASL_MECHANISM=PLAIN"},
                "scram-sha-256": {"type": "scramSha256", "description": "KAFKA_SASL_MECHANISM=SCRAM-SHA-256"},
                "scram-sha-512": {"type": "scramSha512", "description": "KAFKA_SASL_MECHANISM=SCRAM-SHA-512"},
            },
        },
    }


def _servers() -> dict[str, Any]:
    brokers = {"bootstrap": {"default": "127.0.0.1:9092", "description": "KAFKA_BOOTSTRAP_SERVERS"}}
    schemes = ("plain", "scram-sha-256", "scram-sha-512")
    security = [{"$ref": f"#/components/securitySchemes/{scheme}"} for scheme in schemes]

    def server(protocol: str, setting: str) -> dict[str, Any]:
        return {
            "host": "{bootstrap}",
            "protocol": protocol,
            "description": f"KAFKA_SECURITY_PROTOCOL={setting}",
            "variables": brokers,
        }

    return {
        "plaintext": server("kafka", "PLAINTEXT"),
        "tls": server("kafka-secure", "SSL"),
        "sasl-plaintext": server("kafka", "SASL_PLAINTEXT") | {"security": security},
        "sasl-tls": server("kafka-secure", "SASL_SSL") | {"security": security},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": _about(topic),
        "messages": {_message_on(topic.name): {"$ref": f"#/components/messages/{_message_on(topic.name)}"}},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _about(topic: Topic) -> str:
    kept = (
        "The newest message of each key is kept."
        if topic.retention_ms is None
        else f"Messages are kept for {topic.retention_ms // 86_400_000} days."
    )
    if topic.name == changelog_of(""):
        return f"The processor's own; nobody else is to read it. {kept}"
    if topic.name in NAMES:
        return kept
    return f"The dead letters of `{topic.name.removesuffix(dead_of(''))}`. {kept}"


def _configuration(topic: Topic) -> dict[str, Any]:
    """The topic's settings with the types that the binding gives them."""
    return {name: [value] if name == "cleanup.policy" else int(value) for name, value in sorted(topic.config().items())}


def _message_on(topic: str) -> str:
    if topic == changelog_of(""):
        return "tracker-state"
    return NAMES.get(topic, "dead-letter")


def _operation(flow: Flow) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": flow.action,
        "channel": {"$ref": f"#/channels/{flow.topic}"},
        "summary": flow.summary,
        "tags": [{"name": flow.service}],
    }
    if flow.action == "receive" and flow.topic != changelog_of(""):
        group = {"type": "string", "const": group_of("", flow.service)}
        operation["bindings"] = {"kafka": {"groupId": group, "bindingVersion": KAFKA_BINDING}}
    return operation


def _message(topic: str) -> dict[str, Any]:
    name = NAMES[topic]
    model = PUBLISHED[name]
    if not issubclass(model, Message):
        raise TypeError(f"{model.__name__} is published, but is no message that goes onto a topic")
    return {
        "name": name,
        "title": model.__name__,
        "summary": unwrapped_text(model.__doc__ or ""),
        "description": f"Examples are examples/*/{name}.json.",
        "contentType": CONTENT_TYPE,
        "headers": {"type": "object", "properties": {"ce_type": {"type": "string", "const": TYPES[model]}}},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": _key(KEYS[topic]),
        "traits": [{"$ref": "#/components/messageTraits/cloudevents"}],
    }


def _key(description: str) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": description}, "bindingVersion": KAFKA_BINDING}}


def _schema(name: str) -> dict[str, Any]:
    return {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"./json/{name}.json"}}


def _cloudevents() -> dict[str, Any]:
    text = {"type": "string"}
    headers: dict[str, dict[str, Any]] = {
        "content-type": text | {"const": CONTENT_TYPE},
        "ce_specversion": text | {"const": "1.0"},
        "ce_id": text | {"description": "The same for the same message, so that a repeat is recognised."},
        "ce_source": text | {"description": "The service that made it, such as `tocsin/producer`."},
        "ce_type": text,
        "ce_time": text | {"format": "date-time", "description": "When it was sent."},
        "ce_partitionkey": text | {"description": "The Kafka key."},
        "ce_traceparent": text | {"description": "W3C trace context: one trace from the article to the delivery."},
        "traceparent": text | {"description": "As `ce_traceparent`, for tools that look for it by this name."},
    }
    sequence = text | {"description": "The revision, where the message has one."}
    return {
        "summary": "CloudEvents 1.0, Kafka protocol binding, binary mode.",
        "headers": {
            "type": "object",
            "properties": headers | {"ce_sequence": sequence},
            "required": list(headers),
        },
        "correlationId": {
            "location": "$message.header#/traceparent",
            "description": "The trace id within it is that of the article which began it all.",
        },
    }


def _dead_letter() -> dict[str, Any]:
    text = {"type": "string"}
    added = {
        "stage": "The step that gave up: `extract`, `track`, `decide`, `deliver`.",
        "topic": "Where the message was.",
        "partition": "Its partition there.",
        "offset": "Its offset there.",
        "error": "The kind of error.",
        "reason": "What is wrong and what to do, for a person.",
        "attempts": "How often it was tried.",
        "at": "When it was given up, as an RFC 3339 time.",
    }
    properties = {PREFIX + name: text | {"description": meaning} for name, meaning in added.items()}
    return {
        "name": "dead-letter",
        "title": "Dead letter",
        "summary": "A message that could not be processed, byte for byte, with the reason.",
        "description": "Key, value and the other headers are those of the message; the value may be anything.",
        "headers": {"type": "object", "properties": properties, "required": list(properties)},
        "bindings": _key("That of the message; absent where it had none."),
    }


def _tracker_state() -> dict[str, Any]:
    return {
        "name": "tracker-state",
        "title": "Tracker state",
        "summary": "One entry of the table of open incidents, in a form that only the processor knows.",
        "bindings": _key("The incident's id, as the processor's table has it."),
    }
