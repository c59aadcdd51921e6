"""Which reports tell of one incident."""

from __future__ import annotations

import pytest

from schemas import IncidentType, Perpetrator, Place, PlacePrecision, Report
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from tests.processor.tracking.reports import BOULKESSI, MALI, MOPTI, TIMBUKTU, at_least, exactly, report

JNIM = (Perpetrator(name="JNIM"),)
ELGON = Place(name="Elgon", country="KE", lat=1.13, lon=34.55, precision=PlacePrecision.EXACT)
MOPTI_TOWN = Place(
    name="Mopti",
    country="ML",
    admin1="Mopti",
    lat=14.48,
    lon=-4.18,
    precision=PlacePrecision.EXACT,
    geonames_id=2453347,
)
BOULIKESSI = BOULKESSI.model_copy(update={"name": "Boulikessi", "lat": 14.91})


def incidents_of(*reports: Report) -> list[set[str]]:
    """Article ids by incident."""
    state = OpenIncidents()
    for item in reports:
        track(item, state)
    return [set(entry.incident.article_ids) for entry in state]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (report("a", killed=at_least(60)), report("b", killed=at_least(51))),
        (report("a", killed=at_least(60)), report("b", killed=at_least(60), place=BOULIKESSI)),
        (report("a", killed=at_least(60)), report("b", killed=at_least(60), place=MOPTI)),
        (report("a", killed=at_least(60)), report("b", killed=at_least(60), place=MALI)),
        (report("a", perpetrators=JNIM), report("b", place=MALI, perpetrators=JNIM, killed=exactly(5))),
        (report("a"), report("b", day=None, hours=40)),
        (report("a", killed=at_least(60)), report("b", kind=IncidentType.ARMED_CLASH, killed=exactly(65))),
        (report("a", published=False), report("b", published=False)),
        (report("a", kind=IncidentType.CROWD_CRUSH), report("b", kind=IncidentType.CROWD_CRUSH, place=MALI)),
        (report("a", killed=at_least(60)), report("b", killed=at_least(60), place=MOPTI_TOWN)),
        (report("a", day=None, kind=IncidentType.EPIDEMIC, killed=exactly(14)),
         report("b", day=None, hours=24 * 16, kind=IncidentType.EPIDEMIC, killed=exactly(31))),
        (report("a", killed=exactly(60), kind=IncidentType.LANDSLIDE, place=ELGON),
         report("b", killed=exactly(60), kind=IncidentType.LANDSLIDE,
                place=ELGON.model_copy(update={"name": "Mount Elgon", "country": "UG"}))),
    ],
    ids=["same place", "near, other spelling", "province", "country and toll", "country and actor", "undated follow-up",
         "other type of the family", "no publication time", "a rare kind in the country",
         "a town named like the division", "bulletins on an outbreak", "a mountain on a border"],
)  # fmt: skip
def test_one_incident(first: Report, second: Report) -> None:
    assert incidents_of(first, second) == [{"a", "b"}]
    assert incidents_of(second, first) == [{"a", "b"}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (report("a"), report("b", place=TIMBUKTU)),
        (report("a"), report("a", place=TIMBUKTU, ordinal=1)),
        (report("a"), report("b", day=4, hours=110)),
        (report("a", day=None), report("b", day=None, hours=24 * 9)),
        (report("a"), report("b", kind=IncidentType.FLOOD)),
        (report("a", killed=exactly(60)), report("b", place=MALI, killed=exactly(3))),
        (report("a"), report("b", place=BOULKESSI.model_copy(update={"country": "NE"}))),
        (report("a", place=MOPTI), report("b", place=Place(name="Gao", country="ML", admin1="Gao",
                                                          precision=PlacePrecision.DIVISION))),
        (report("a", killed=exactly(60)), report("b", killed=exactly(3), place=MOPTI_TOWN)),
    ],
    ids=["other place", "one article, two incidents", "another day", "told nine days apart", "other family",
         "country only, other toll", "same name, other country", "other province", "the division's town, other toll"],
)  # fmt: skip
def test_two_incidents(first: Report, second: Report) -> None:
    assert sorted(map(sorted, incidents_of(first, second))) == sorted(
        [sorted({first.article.article_id}), sorted({second.article.article_id})]
    )
