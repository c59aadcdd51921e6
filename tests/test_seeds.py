"""The seed articles do what seeds/README.md says of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas import Article, Figure, Report, Stage, Subscription, Told, Toll
from services.alerter.policy.decision import alert_id, decide, told_by
from services.alerter.policy.matching import compile_subscription
from services.processor.extraction.extract import extract
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from services.producer.readers import read_articles

Expected = dict[str, Any]
SEEDS = Path(__file__).parents[1] / "seeds"
EXPECTED: list[Expected] = yaml.safe_load((SEEDS / "expectations.yaml").read_text())["articles"]
by_article = pytest.mark.parametrize("expected", EXPECTED, ids=[entry["file"][16:-4] for entry in EXPECTED])


@cache
def article_of(file: str) -> Article:
    (article,) = read_articles([SEEDS / file])
    assert isinstance(article, Article), article
    return article


@cache
def reports_of(file: str) -> tuple[Report, ...]:
    return extract(article_of(file))


def figures_of(report: Report) -> list[Figure]:
    return [figure for slot in Toll.model_fields if (figure := getattr(report.toll, slot)) is not None]


def tells_of_harm(report: Report) -> bool:
    return report.stage is not Stage.THREATENED and any(figure.minimum for figure in figures_of(report))


def what_is_wrong(report: Report, wanted: Expected) -> list[str]:
    """What the report says otherwise than is wanted of an incident."""
    wrong = []
    found: dict[str, set[Any]] = {
        "type": {report.type.value},
        "place": {report.place.name} if report.place else set(),
        "country": {report.place.country} if report.place else set(),
        "perpetrator": {name for one in report.perpetrators for name in (one.name, *one.aliases)},
        "responsibility": {
            one.responsibility.value
            for one in report.perpetrators
            if wanted.get("perpetrator") in (one.name, *one.aliases)
        },
        "target": {target.kind for target in report.targets},
    }
    wrong += [f"{slot}: {values}" for slot, values in found.items() if slot in wanted and wanted[slot] not in values]
    for slot in Toll.model_fields:
        figure = getattr(report.toll, slot)
        parts = wanted.get(slot, {})
        if parts and (figure is None or any(getattr(figure, part) != value for part, value in parts.items())):
            wrong.append(f"{slot}: {figure!r}")
    numbers = {number for figure in figures_of(report) for number in (figure.low, figure.best, figure.high)}
    if taken := numbers & set(wanted.get("not", [])):
        wrong.append(f"taken for a toll: {taken}")
    return wrong


def told(killed_at_least: int) -> dict[str, list[str]]:
    """By article: what a subscription is told after reading, tracking and deciding on all seeds in their order."""
    subscription = compile_subscription(Subscription(name="s", channel="c", killed_at_least=killed_at_least))
    incidents = OpenIncidents()
    last: dict[str, Told] = {}
    messages: dict[str, list[str]] = {}
    for expected in EXPECTED:
        file = expected["file"]
        messages[file] = []
        for report in reports_of(file):
            tracked = track(report, incidents)
            incident = tracked.entry.incident
            before = last.get(incident.incident_id)
            decision = decide(subscription, before, incident)
            if tracked.revised and decision.kind is not None:
                identity = alert_id("s", incident.incident_id, incident.revision)
                last[incident.incident_id] = told_by(decision, incident, "", identity)
                messages[file].append(decision.kind.value)
    return messages


def test_there_are_at_least_fifteen_seeds_each_dated_and_of_a_named_source() -> None:
    articles = list(read_articles([SEEDS]))
    assert len(articles) >= 15
    for article in articles:
        assert isinstance(article, Article)
        assert article.published_at is not None
        assert article.source


def test_there_is_an_expectation_for_every_seed_in_order_of_publication() -> None:
    assert [entry["file"] for entry in EXPECTED] == sorted(path.name for path in SEEDS.glob("*.txt"))


def test_the_readme_says_that_each_seed_tells_what_is_expected_of_it() -> None:
    rows = [line.split("|") for line in (SEEDS / "README.md").read_text().splitlines() if line.startswith("| `")]
    assert {row[1].strip(" `"): row[4].strip() for row in rows} == {entry["file"]: entry["tells"] for entry in EXPECTED}


@by_article
def test_reading_finds_the_incidents_that_are_expected_and_no_others(expected: Expected) -> None:
    found = [report for report in reports_of(expected["file"]) if tells_of_harm(report)]
    for wanted in expected["incidents"]:
        said = [what_is_wrong(report, wanted) for report in found]
        assert [] in said, f"{wanted['story']}: {said}"
    assert len(found) == len(expected["incidents"]), [(report.place, report.toll) for report in found]


def test_the_default_subscription_hears_of_boulkessi_alone_and_once_for_each_thing_that_is_new() -> None:
    assert told(killed_at_least=50) == {
        entry["file"]: [] if entry["tells"] == "nothing" else [entry["tells"]] for entry in EXPECTED
    }


def test_a_toll_that_falls_below_what_a_subscription_asks_for_is_corrected() -> None:
    kisumu = {file: kinds for file, kinds in told(killed_at_least=30).items() if "nyanza-star" in file}
    assert list(kisumu.values()) == [["alert"], ["correction"]]
