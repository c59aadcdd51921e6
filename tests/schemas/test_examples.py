"""The published examples are true, tell one story, and can be read for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas import Alert, Article, Claim, Delivery, Evidence, Incident, Report, Subscriptions
from services.shared.envelope import id_of
from tests.schemas.examples import EXAMPLES, NEWEST, example, model_of, name_of
from tools.generate_schemas import ROOT
from tools.schema_files.json_schema import PUBLISHED

every_example = pytest.mark.parametrize("path", EXAMPLES, ids=name_of)


@pytest.fixture
def article() -> Article:
    return Article.model_validate(example("article"))


@pytest.fixture
def report() -> Report:
    return Report.model_validate(example("report"))


@pytest.fixture
def incident() -> Incident:
    return Incident.model_validate(example("incident"))


@pytest.fixture
def alert() -> Alert:
    return Alert.model_validate(example("alert"))


def test_every_message_has_an_example() -> None:
    assert {path.stem for path in NEWEST.glob("*.json")} == PUBLISHED.keys()


@every_example
def test_every_example_ever_published_can_still_be_read(path: Path) -> None:
    model_of(path).model_validate_json(path.read_bytes())


@every_example
def test_every_example_is_valid_by_the_published_json_schema(path: Path) -> None:
    schema = json.loads((ROOT / f"schemas/json/{path.stem}.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted(NEWEST.glob("*.json")), ids=name_of)
def test_the_newest_examples_show_every_field_and_none_that_is_not_there(path: Path) -> None:
    written = json.loads(path.read_text(encoding="utf-8"))
    assert model_of(path).model_validate(written).model_dump(mode="json") == written


def evidence_of(report: Report) -> Iterator[Evidence]:
    yield from report.evidence
    for claim in report.claims:
        yield from claim.evidence


def test_every_quote_of_the_example_report_stands_in_the_article_at_its_offsets(
    article: Article, report: Report
) -> None:
    proofs = list(evidence_of(report))
    assert len(proofs) > 5
    for proof in proofs:
        assert article.text_of(proof.field)[proof.start : proof.end] == proof.quote


def test_the_report_names_the_article(article: Article, report: Report) -> None:
    assert report.article == article.ref()
    assert id_of(report) == f"{article.article_id}#{report.ordinal}"


def test_the_incident_is_put_together_from_the_report(report: Report, incident: Incident) -> None:
    assert incident.report_ids == (report.report_id,)
    assert incident.sources == (report.article,)
    assert incident.toll == report.toll
    assert incident.place == report.place
    assert [Claim.model_validate(claim.model_dump()) for claim in incident.claims] == list(report.claims)
    assert {claim.report_id for claim in incident.claims} == {report.report_id}


def test_the_severity_is_what_its_rules_add_up_to(incident: Incident) -> None:
    assert sum(rule.points for rule in incident.severity.rules) == incident.severity.score


def test_the_alert_tells_of_the_incident_to_a_subscription_that_asks_for_it(incident: Incident, alert: Alert) -> None:
    subscriptions = Subscriptions.model_validate(example("subscriptions"))
    (asked,) = [one for one in subscriptions.subscriptions if one.name == alert.subscription]
    assert alert.incident == incident
    assert (alert.incident_id, alert.revision) == (incident.incident_id, incident.revision)
    assert alert.channel == asked.channel
    assert asked.channel in {channel.name for channel in subscriptions.channels}
    assert asked.killed_at_least is not None
    assert incident.toll.killed is not None
    assert incident.toll.killed.minimum >= asked.killed_at_least
    assert alert.headline.startswith("At least 60 soldiers killed")
    assert alert.body.startswith(alert.headline)


def test_the_delivery_is_of_the_alert(alert: Alert) -> None:
    delivery = Delivery.model_validate(example("delivery"))
    for field in ("alert_id", "subscription", "channel", "incident_id", "revision"):
        assert getattr(delivery, field) == getattr(alert, field)
    assert id_of(delivery) == f"{alert.alert_id}/{delivery.attempt}"
    assert delivery.started_at < delivery.ended_at
