"""The steps of the stream on plain bytes, without Kafka."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas import Article, EditAction, Incident, IncidentEdit, Report, Severity, SeverityLevel
from services.processor.stages import Extraction, Tracking, decode
from services.processor.stream.records import PoisonError, Record
from services.processor.tracking.stored_entry import read_entry
from services.shared.envelope import seal, trace_of
from services.shared.topics import INCIDENT_EDITS, changelog_of
from tests.processor.tracking.reports import BOULKESSI, TIMBUKTU, at_least, exactly, report

NOW = datetime(2025, 6, 2, tzinfo=UTC)
ARTICLE = Article(article_id="a", title="t", body="b")
TRACE = trace_of("a")


def record_of(message: Article | Report, offset: int = 0) -> Record:
    sealed = seal(message, source="test", traceparent=TRACE, sent_at=NOW)
    return Record("t", 0, offset, sealed.key, sealed.value, tuple(sealed.headers))


def scored(incident: Incident) -> Severity:
    killed = incident.toll.killed
    return Severity(score=min(killed.minimum if killed else 0, 100), level=SeverityLevel.SEVERE)


def tracking() -> Tracking:
    return Tracking(scored, lambda: NOW)


def test_an_article_gives_a_report_for_each_incident_with_its_regions_in_its_trace() -> None:
    found = [report("a"), report("a", place=TIMBUKTU, ordinal=1)]
    stage = Extraction(lambda article: found, lambda place: ("sahel",), lambda: NOW, prefix="p-")
    result = stage(record_of(ARTICLE))
    reports = [Report.from_bytes(output.value or b"") for output in result.outputs]
    assert [item.report_id for item in reports] == ["a#0", "a#1"]
    assert {item.regions for item in reports} == {("sahel",)}
    assert {(output.topic, output.partition) for output in result.outputs} == {("p-reports", 0)}
    trace = {dict(output.headers)["traceparent"].decode().split("-")[1] for output in result.outputs}
    assert trace == {TRACE.split("-")[1]}


def test_an_article_that_tells_of_nothing_gives_nothing() -> None:
    assert Extraction(lambda article: (), lambda place: (), lambda: NOW)(record_of(ARTICLE)).outputs == ()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "no value"),
        (b"", "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[]", "Input should be an object"),
        (b'{"article_id": 1}', "article_id: Input should be a valid string; body: Field required"),
        (b'{"article_id": "a", "body": "b", "published_at": "2025-06-02T09:00:00"}', "published_at"),
    ],
)
def test_what_is_no_article_is_poison_and_says_why(value: bytes | None, says: str) -> None:
    with pytest.raises(PoisonError, match=says.replace("[", r"\[")):
        decode(Record("articles", 0, 0, None, value), Article)


def test_a_report_gives_a_scored_revision_and_a_changelog_entry() -> None:
    stage = tracking()
    result = stage(record_of(report("a", killed=at_least(60))))
    (output,) = result.outputs
    incident = Incident.from_bytes(output.value or b"")
    assert (output.topic, output.key) == ("incidents", incident.incident_id.encode())
    assert (incident.revision, incident.severity.score) == (1, 60)
    (entry,) = result.state
    assert entry.topic == changelog_of("")
    stored = read_entry(entry.value or b"").entry
    assert stored is not None
    assert stored.incident == incident


def test_a_report_that_changes_nothing_gives_no_revision_but_is_kept() -> None:
    stage = tracking()
    stage(record_of(report("a", killed=at_least(60), source="wire")))
    result = stage(record_of(report("b", killed=at_least(60), source="wire", hours=13)))
    assert result.outputs == ()
    stored = read_entry(result.state[0].value or b"").entry
    assert stored is not None
    assert len(stored.reports) == 2


def test_a_report_that_is_read_again_gives_the_same_message_again() -> None:
    stage = tracking()
    record = record_of(report("a", killed=at_least(60)))
    assert [o.value for o in stage(record).outputs] == [o.value for o in stage(record).outputs]


def test_what_was_restored_goes_on_where_it_was() -> None:
    first = tracking()
    entry = first(record_of(report("a", killed=at_least(60)))).state[0]
    second = tracking()
    assert len(second.restore({entry.key or b"": entry.value or b""}).entries) == 1
    later = record_of(report("b", killed=exactly(70), hours=30))
    assert [o.value for o in second(later).outputs] == [o.value for o in first(later).outputs]


def test_an_incident_that_is_closed_leaves_the_changelog() -> None:
    stage = tracking()
    first = stage(record_of(report("a", hours=1)))
    states = [
        entry
        for name in ("b", "c", "d")
        for entry in stage(record_of(report(name, place=TIMBUKTU, hours=24 * 15, day=14))).state
    ]
    assert [entry.key for entry in states if entry.value is None] == [first.outputs[0].key]


def edit_record(edit: IncidentEdit) -> Record:
    sealed = seal(edit, source="test", traceparent=TRACE, sent_at=NOW)
    return Record(INCIDENT_EDITS, 0, 0, sealed.key, sealed.value, tuple(sealed.headers))


def test_a_merge_by_hand_gives_both_incidents_and_one_entry() -> None:
    stage = tracking()
    here, there = (
        stage(record_of(report(name, place=place, killed=exactly(9)))).outputs[0].key
        for name, place in (("a", TIMBUKTU), ("b", BOULKESSI))
    )
    assert here is not None
    assert there is not None
    edit = IncidentEdit(
        edit_id="e", action=EditAction.MERGE, incident_id=there.decode(), into=here.decode(), reason="one raid",
        author="desk", made_at=NOW,
    )  # fmt: skip
    result = stage(edit_record(edit))
    told = [Incident.from_bytes(output.value or b"") for output in result.outputs]
    assert {(incident.incident_id, incident.merged_into) for incident in told} == {
        (here.decode(), None),
        (there.decode(), here.decode()),
    }
    assert {entry.key: entry.value is None for entry in result.state} == {here: False, there: True}


def test_an_edit_that_cannot_be_done_is_poison_and_says_why() -> None:
    edit = IncidentEdit(
        edit_id="e", action=EditAction.SPLIT, incident_id="inc-x", article_ids=("a",), reason="r", author="desk",
        made_at=NOW,
    )  # fmt: skip
    with pytest.raises(PoisonError, match="split e cannot be done: no open incident has the id inc-x"):
        tracking()(edit_record(edit))
