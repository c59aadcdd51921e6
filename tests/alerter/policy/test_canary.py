"""Canaries: what they are, that reading takes them for news, and what is taken for one that came back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas import AlertStatus, IncidentType
from services.alerter.policy.canary import Trace, Way, canary_article, canary_incident_id, judge, slot_of
from services.processor.extraction.extract import extract
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track

SENT = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
LATE = timedelta(minutes=5)
TOLD, WAITS, DEAD = AlertStatus.DELIVERED, AlertStatus.PENDING, AlertStatus.DEAD


@pytest.mark.parametrize("day", range(7))
def test_a_canary_is_read_as_one_incident_with_its_toll_place_and_day(day: int) -> None:
    article = canary_article(SENT + timedelta(days=day))
    (report,) = extract(article)
    assert (report.type, report.article.test) == (IncidentType.EXPLOSION, True)
    assert report.place is not None
    assert report.place.country == "BV"
    assert (report.toll.killed and report.toll.killed.low, report.toll.wounded and report.toll.wounded.low) == (12, 7)
    assert report.occurred is not None
    assert report.occurred.start == (SENT + timedelta(days=day)).replace(hour=0)
    incident = track(report, OpenIncidents()).entry.incident
    assert (incident.test, incident.incident_id) == (True, canary_incident_id(article.article_id))


def test_of_one_time_there_is_one_canary_whoever_sends_it() -> None:
    every = timedelta(minutes=15)
    assert slot_of(SENT + timedelta(minutes=14, seconds=59), every) == slot_of(SENT, every) == SENT
    assert slot_of(SENT + every, every) == SENT + every
    assert canary_article(SENT) == canary_article(SENT)
    assert canary_article(SENT).article_id != canary_article(SENT + every).article_id


@pytest.mark.parametrize(
    ("after", "trace", "way", "words"),
    [
        (299, Trace(False, 0, {}), Way.UNDER_WAY, ""),
        (301, Trace(False, 0, {}), Way.LATE, "not come out of the stream"),
        (1, Trace(True, 0, {}), Way.LATE, "no subscription with the test flag"),
        (9000, Trace(True, 1, {}), Way.KEPT, ""),
        (299, Trace(True, 0, {"a": [TOLD], "b": [WAITS]}), Way.UNDER_WAY, ""),
        (301, Trace(True, 0, {"a": [TOLD], "b": [WAITS]}), Way.LATE, "not accepted by b"),
        (1, Trace(True, 0, {"a": [TOLD], "b": [DEAD]}), Way.LATE, "given up for b"),
        (9000, Trace(True, 0, {"a": [TOLD], "b": [TOLD, TOLD]}), Way.BACK, ""),
        (9000, Trace(True, 0, {"a": [TOLD, WAITS]}), Way.LATE, "not accepted by a"),
    ],
)
def test_it_is_back_when_every_channel_has_accepted_it(after: int, trace: Trace, way: Way, words: str) -> None:
    found = judge(SENT, trace, LATE, SENT + timedelta(seconds=after))
    assert found.way is way
    assert words in found.because
    assert bool(found.because) is (way is Way.LATE)
