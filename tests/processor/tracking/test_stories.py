"""Stories of several articles, read and put together: a new one is a file in stories/, in the order of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from schemas import Article, Incident, Report
from services.processor.extraction.extract import extract
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track

STORIES = {
    path.stem: YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "stories").glob("*.yaml"))
}


def articles_of(story: dict[str, Any]) -> list[Article]:
    return [
        Article(
            article_id=one["id"],
            title=one["title"],
            body=one["text"],
            source=one["source"],
            published_at=one["published"] if isinstance(one["published"], datetime) else None,
        )
        for one in story["articles"]
    ]


def incidents_of(articles: list[Article]) -> list[Incident]:
    state = OpenIncidents()
    closed: dict[str, Incident] = {}
    for article in articles:
        for report in extract(article):
            closed |= {incident.incident_id: incident for incident in track(report, state).revisions}
    final = closed | {entry.incident.incident_id: entry.incident for entry in state}
    return [incident for incident in final.values() if incident.merged_into is None]


def told(incident: Incident) -> dict[str, Any]:
    """What a story expects of an incident."""
    killed = incident.toll.killed
    return {
        "articles": sorted(set(incident.article_ids)),
        "killed": None if killed is None else killed.best,
        "country": None if incident.place is None else incident.place.country,
        "status": incident.status.value,
    }


@pytest.mark.parametrize("name", STORIES)
def test_a_story_ends_in_its_incidents_in_whatever_order_its_articles_come(name: str) -> None:
    story = STORIES[name]
    expected = [
        {"articles": sorted(one["articles"]), "killed": one["killed"], "country": one["country"]}
        | {"status": one.get("status", "open")}
        for one in story["incidents"]
    ]
    articles = articles_of(story)

    for order in (articles, articles[::-1], articles[1:] + articles[:1]):
        found = [told(incident) for incident in incidents_of(order)]
        assert sorted(found, key=str) == sorted(expected, key=str), story["what"]


@cache
def reports_of(name: str) -> tuple[Report, ...]:
    return tuple(report for article in articles_of(STORIES[name]) for report in extract(article))


def final(reports: Sequence[Report]) -> list[dict[str, Any]]:
    state = OpenIncidents()
    closed: dict[str, Incident] = {}
    for report in reports:
        closed |= {incident.incident_id: incident for incident in track(report, state).revisions}
    ended = closed | {entry.incident.incident_id: entry.incident for entry in state}
    return sorted((told(one) for one in ended.values() if one.merged_into is None), key=str)


@settings(deadline=None)
@given(st.data())
def test_the_reports_of_a_story_end_the_same_in_any_order_and_however_often_they_come(data: st.DataObject) -> None:
    reports = reports_of(data.draw(st.sampled_from(sorted(STORIES))))
    places = range(len(reports))
    again = data.draw(st.lists(st.sampled_from(places), max_size=3)) if reports else []

    shuffled = [reports[at] for at in data.draw(st.permutations([*places, *again]))]

    assert final(shuffled) == final(reports)


@pytest.mark.parametrize("name", STORIES)
def test_no_toll_on_the_way_is_higher_than_was_ever_true(name: str) -> None:
    story = STORIES[name]
    highest = {tuple(sorted(one["articles"])): one["highest"] for one in story["incidents"]}

    for incident in incidents_of(articles_of(story)):
        lows = [revision.toll.killed.minimum for revision in incident.history if revision.toll.killed is not None]
        assert max(lows, default=0) == highest[tuple(sorted(set(incident.article_ids)))], story["what"]
