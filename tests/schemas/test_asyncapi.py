"""The AsyncAPI document is valid, and true of the topics, the envelopes and the messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from schemas import Message
from services.shared.dead_letters import DeadLetter, dead_headers
from services.shared.envelope import TYPES, Headers, seal, trace_of
from services.shared.topics import declared_topics
from tests.schemas.examples import example
from tools.generate_schemas import ROOT
from tools.schema_files.json_schema import PUBLISHED

META = Path(__file__).parent / "asyncapi_3_0_0/schema.json"
STREAMS = {name: model for name, model in PUBLISHED.items() if issubclass(model, Message)}


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.safe_load((ROOT / "schemas/asyncapi.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def asyncapi() -> Draft7Validator:
    """The schema of AsyncAPI 3.0.0 itself."""
    return Draft7Validator(json.loads(META.read_text(encoding="utf-8")))


def references_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references_in(inner)
    if isinstance(value, list):
        for inner in value:
            yield from references_in(inner)


def resolved(document: Any, reference: str) -> Any:
    """What `#/a/b` points to; raises KeyError where it points to nothing."""
    value = document
    for name in reference.removeprefix("#/").split("/"):
        value = value[name.replace("~1", "/").replace("~0", "~")]
    return value


def text_of(headers: Headers) -> dict[str, str]:
    return {name: value.decode() for name, value in headers}


def sealed_example(name: str) -> dict[str, str]:
    message = STREAMS[name].model_validate(example(name))
    assert isinstance(message, Message)
    sent_at = datetime(2025, 6, 2, 14, 31, tzinfo=UTC)
    return text_of(seal(message, source="tocsin/test", traceparent=trace_of(name), sent_at=sent_at).headers)


def test_the_document_is_asyncapi_3(document: Any, asyncapi: Draft7Validator) -> None:
    asyncapi.validate(document)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (["operations", "producer-writes-articles", "action"], "publish"),
        (["channels", "articles", "bindings", "kafka", "partitions"], 0),
        (["channels", "articles", "bindings", "kafka", "topicConfiguration", "cleanup.policy"], ["shrink"]),
        (["components", "messages", "article", "payload"], 7),
    ],
)
def test_a_document_that_is_not_asyncapi_3_would_be_seen(
    document: Any, asyncapi: Draft7Validator, path: list[str], wrong: Any
) -> None:
    spoilt = json.loads(json.dumps(document))
    place = spoilt
    for name in path[:-1]:
        place = place[name]
    assert path[-1] in place
    place[path[-1]] = wrong
    with pytest.raises(ValidationError):
        asyncapi.validate(spoilt)


def test_every_reference_leads_somewhere(document: Any) -> None:
    references = set(references_in(document))
    assert len(references) > 20
    for reference in references:
        if reference.startswith("#/"):
            assert resolved(document, reference)
        else:
            assert (ROOT / "schemas" / reference).is_file()


def test_the_channels_are_the_declared_topics_with_their_settings(document: Any) -> None:
    assert set(document["channels"]) == {topic.name for topic in declared_topics()}
    for topic in declared_topics():
        channel = document["channels"][topic.name]
        binding = channel["bindings"]["kafka"]
        assert channel["address"] == binding["topic"] == topic.name
        assert binding["partitions"] == topic.partitions
        written = {
            name: value[0] if isinstance(value, list) else str(value)
            for name, value in binding["topicConfiguration"].items()
        }
        assert written == topic.config()


def test_every_topic_is_written_by_somebody(document: Any) -> None:
    written = {
        operation["channel"]["$ref"].removeprefix("#/channels/")
        for operation in document["operations"].values()
        if operation["action"] == "send"
    }
    assert written == set(document["channels"])


@pytest.mark.parametrize("name", STREAMS)
def test_the_headers_of_a_sealed_message_are_as_the_document_says(document: Any, name: str) -> None:
    message = document["components"]["messages"][name]
    (trait,) = (resolved(document, trait["$ref"]) for trait in message["traits"])
    headers = sealed_example(name)
    for schema in (trait["headers"], message["headers"]):
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(headers)
    assert headers.keys() <= trait["headers"]["properties"].keys()
    assert headers["ce_type"] == TYPES[STREAMS[name]]
    with pytest.raises(ValidationError):
        Draft202012Validator(trait["headers"]).validate({**headers, "ce_specversion": "0.3"})


def test_the_headers_of_a_dead_letter_are_as_the_document_says(document: Any) -> None:
    schema = document["components"]["messages"]["dead-letter"]["headers"]
    failed_at = datetime(2025, 6, 2, 15, tzinfo=UTC)
    letter = DeadLetter("track", "reports", 0, 41, "ValidationError", "article: Field required", 1, failed_at)
    headers = text_of(dead_headers(letter))
    Draft202012Validator(schema).validate(headers)
    assert headers.keys() == schema["properties"].keys()


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_payload_of_every_message_is_its_json_schema(document: Any, name: str) -> None:
    schema = document["components"]["schemas"][name]
    assert schema["schemaFormat"] == "application/schema+json;version=draft-2020-12"
    written = json.loads((ROOT / "schemas" / schema["schema"]["$ref"]).read_text(encoding="utf-8"))
    assert written["$id"] == f"tocsin:schema:{name}:1"
    if name in STREAMS:
        assert document["components"]["messages"][name]["payload"] == {"$ref": f"#/components/schemas/{name}"}
