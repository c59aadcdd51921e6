"""Every message travels as a CloudEvent that any CloudEvents library can read back."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from schemas import Alert, Article, Delivery, Incident, IncidentEdit, Message, Report, Told
from services.shared.envelope import TYPES, Envelope, continue_trace, id_of, key_of, seal, trace_of
from tests.schemas.examples import example
from tests.strategies import timestamps, values_of
from tools.schema_files.json_schema import PUBLISHED

SENT_AT = datetime(2025, 6, 2, 16, 31, 7, 250000, tzinfo=timezone(timedelta(hours=2)))
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MESSAGES = {name: model for name, model in PUBLISHED.items() if issubclass(model, Message) and model in TYPES}
IDS = {
    "article": "{article_id}",
    "report": "{report_id}",
    "incident": "{incident_id}/{revision}",
    "incident-edit": "{edit_id}",
    "alert": "{alert_id}",
    "delivery": "{delivery_id}",
}
KEYS = {
    "article": "{article_id}",
    "report": "{article[article_id]}",
    "incident": "{incident_id}",
    "incident-edit": "{incident_id}",
    "alert": "{channel}/{incident_id}",
    "delivery": "{channel}/{incident_id}",
}
TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
every_message = pytest.mark.parametrize("name", MESSAGES)


def message(name: str) -> Message:
    return MESSAGES[name].model_validate(example(name))


def sealed(name: str) -> Envelope:
    return seal(message(name), source="tocsin/test", traceparent=TRACE, sent_at=SENT_AT)


@every_message
def test_headers_are_those_of_cloudevents_in_binary_mode(name: str) -> None:
    headers = dict(sealed(name).headers)
    written = example(name)
    expected = {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_type": f"tocsin.{name}.v1",
        "ce_id": IDS[name].format(**written),
        "ce_source": "tocsin/test",
        "ce_time": "2025-06-02T14:31:07.250000Z",
        "ce_partitionkey": KEYS[name].format(**written),
        "ce_traceparent": TRACE,
        "traceparent": TRACE,
    }
    if "revision" in written:
        expected["ce_sequence"] = str(written["revision"])
    assert headers == {header: value.encode() for header, value in expected.items()}
    assert len(headers) == len(sealed(name).headers)


@every_message
def test_the_value_is_the_message_alone(name: str) -> None:
    assert MESSAGES[name].from_bytes(sealed(name).value) == message(name)


@every_message
def test_the_key_is_the_partition_key(name: str) -> None:
    assert sealed(name).key == dict(sealed(name).headers)["ce_partitionkey"]


@every_message
@given(sent_at=timestamps(), data=st.data())
def test_the_cloudevents_library_reads_it_back(name: str, sent_at: datetime, data: st.DataObject) -> None:
    original = data.draw(values_of(MESSAGES[name]))
    envelope = seal(original, source="tocsin/test", traceparent=TRACE, sent_at=sent_at)
    event = from_binary(KafkaMessage(dict(envelope.headers), envelope.key, envelope.value), JSONFormat())
    assert event.get_id() == id_of(original)
    assert event.get_type() == TYPES[MESSAGES[name]]
    assert event.get_source() == "tocsin/test"
    assert event.get_specversion() == "1.0"
    assert event.get_datacontenttype() == "application/json"
    assert event.get_time() == sent_at
    assert event.get_extension("partitionkey") == key_of(original)
    assert event.get_extension("traceparent") == TRACE
    assert event.get_extension("sequence") == (str(original.revision) if hasattr(original, "revision") else None)
    assert event.get_data() == json.loads(original.to_bytes())


def test_the_same_message_has_the_same_id_and_another_revision_another() -> None:
    incident = message("incident")
    assert isinstance(incident, Incident)
    later = incident.model_copy(update={"revision": 2})
    assert id_of(incident) == id_of(incident.model_copy())
    assert id_of(incident) != id_of(later)
    assert key_of(incident) == key_of(later)


def test_an_alert_and_its_deliveries_share_a_partition_so_that_a_channel_hears_in_order() -> None:
    assert key_of(message("alert")) == key_of(message("delivery"))


def test_what_is_no_message_of_a_topic_is_refused_by_name() -> None:
    alert = message("alert")
    assert isinstance(alert, Alert)
    told = Told(alert_id="a", kind=alert.kind, revision=1, toll=alert.incident.toll, headline="")
    for question in (id_of, key_of):
        with pytest.raises(TypeError, match="Told"):
            question(told)


def test_each_message_has_one_type() -> None:
    assert set(TYPES) == {Article, Report, Incident, IncidentEdit, Alert, Delivery}
    assert len(set(TYPES.values())) == len(TYPES)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_trace_is_well_formed_and_depends_on_what_starts_it_alone(one: str, other: str) -> None:
    assert TRACEPARENT.fullmatch(trace_of(one))
    assert (trace_of(one) == trace_of(other)) == (one == other)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_trace_goes_on_with_a_span_of_its_own(cause: str, effect: str) -> None:
    before = trace_of(cause)
    after = continue_trace([("content-type", b"x"), ("traceparent", before.encode())], effect)
    assert TRACEPARENT.fullmatch(after)
    assert after.split("-")[1] == before.split("-")[1]
    assert after.split("-")[2] != before.split("-")[2]
    assert continue_trace((("traceparent", before.encode()),), effect) == after


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"garbage",
        b"00-short-b7ad6b7169203331-01",
        b"00-0af7651916cd43dd8448eb211c80319c-b7ad-01",
        b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        b"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        b"00-zzf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        b"00-00000000000000000000000000000000-b7ad6b7169203331-01",
        b"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        b"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        b"0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        b"\xff\xfe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ],
)
def test_a_trace_that_is_not_well_formed_by_w3c_is_replaced_by_a_new_one(header: bytes) -> None:
    assert continue_trace([("traceparent", header)], "report-1") == trace_of("report-1")


def test_a_trace_of_a_later_version_goes_on_in_ours() -> None:
    later = TRACE.replace("00-", "01-", 1) + "-more"
    assert continue_trace([("traceparent", later.encode())], "report-1") == continue_trace(
        [("traceparent", TRACE.encode())], "report-1"
    )


def test_without_a_trace_a_new_one_starts() -> None:
    assert continue_trace([], "report-1") == trace_of("report-1")


def test_the_trace_of_an_article_goes_on_to_its_delivery() -> None:
    trace = trace_of(id_of(message("article")))
    spans = {trace.split("-")[2]}
    for name in ("report", "incident", "alert", "delivery"):
        envelope = seal(message(name), source="tocsin/test", traceparent=trace, sent_at=SENT_AT.astimezone(UTC))
        assert dict(envelope.headers)["traceparent"].split(b"-")[1].decode() == trace.split("-")[1]
        trace = continue_trace(envelope.headers, id_of(message(name)))
        spans.add(trace.split("-")[2])
    assert len(spans) == 5
