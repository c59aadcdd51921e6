"""Which incidents a subscription asks for."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import ArticleRef, Circle, Figure, IncidentType, Place, Toll
from schemas.vocabulary import Certainty, FigureEnd, Modifier, PlacePrecision, SeverityLevel
from services.alerter.policy.matching import compile_subscription, match
from services.conditions.conditions import ConditionError
from tests.alerter.incidents import KORU, exactly, incident, subscription


def at(lat: float, lon: float, precision: PlacePrecision = PlacePrecision.EXACT) -> Place:
    return Place(name="Koru", lat=lat, lon=lon, precision=precision)


NEAR_KORU = Circle(lat=14.0, lon=-3.5, radius_km=60)
SQUARE = ((15.0, -4.0), (15.0, -2.0), (13.0, -2.0), (13.0, -4.0))
IN_MOPTI = KORU.model_copy(update={"precision": PlacePrecision.DIVISION})
BOTH = {"independent_sources": 2}
TWO = (
    ArticleRef(article_id="a1", source="Koru Daily", language="en"),
    ArticleRef(article_id="a2", source="www.Other.example", language="fr"),
)

UP_TO_90 = Figure(low=0, high=90, modifier=Modifier.AT_MOST)
NO_NUMBER = Figure(modifier=Modifier.VAGUE)


@pytest.mark.parametrize(
    ("conditions", "slots", "holds"),
    [
        ({}, {}, True),
        ({}, {"killed": None, "place": None}, True),
        ({"killed_at_least": 60}, {"killed": 60}, True),
        ({"killed_at_least": 61}, {"killed": 60}, False),
        ({"killed_at_least": 50}, {"killed": UP_TO_90}, False),
        ({"killed_at_least": 1}, {"killed": NO_NUMBER}, True),
        ({"killed_at_least": 1}, {"killed": None}, False),
        ({"killed_at_least": 1}, {"killed": exactly(0)}, False),
        ({"regions": ("sahel",)}, {}, True),
        ({"regions": ("horn-of-africa", "sahel")}, {}, True),
        ({"regions": ("ML",)}, {}, True),
        ({"regions": ("NE",)}, {}, False),
        ({"regions": ("horn-of-africa",)}, {}, False),
        ({"regions": ("sahel",)}, {"place": None, "regions": ()}, False),
        ({"regions": ("ML",)}, {"place": Place(name="Koru", precision=PlacePrecision.COUNTRY), "regions": ()}, False),
        ({"types": (IncidentType.ARMED_ATTACK, IncidentType.BOMBING)}, {}, True),
        ({"types": (IncidentType.FLOOD,)}, {}, False),
        ({"severity_at_least": SeverityLevel.SEVERE}, {}, True),
        ({"severity_at_least": SeverityLevel.MODERATE}, {}, True),
        ({"severity_at_least": SeverityLevel.EXTREME}, {}, False),
        ({"regions": ("ML Mopti",)}, {}, True),
        ({"regions": ("ML Mopti Region",)}, {}, True),
        ({"regions": ("ML-5",)}, {}, False),
        ({"regions": ("ML-5",)}, {"place": KORU.model_copy(update={"admin1_code": "ML-5"})}, True),
        ({"regions": ("ML Mopti",)}, {"place": KORU.model_copy(update={"precision": PlacePrecision.COUNTRY})}, False),
        ({"circles": (NEAR_KORU,)}, {}, True),
        ({"circles": (Circle(lat=14.0, lon=-3.5, radius_km=50),)}, {}, False),
        ({"circles": (NEAR_KORU,)}, {"place": IN_MOPTI}, False),
        ({"circles": (NEAR_KORU,), "regions": ("ML",)}, {"place": IN_MOPTI}, True),
        ({"circles": (Circle(lat=52.0, lon=179.9, radius_km=30),)}, {"place": at(52.0, -179.9)}, True),
        ({"circles": (Circle(lat=89.9, lon=0.0, radius_km=60),)}, {"place": at(89.8, 180.0)}, True),
        ({"polygons": (SQUARE,)}, {}, True),
        ({"polygons": (SQUARE,)}, {"place": at(15.5, -3.0)}, False),
        ({"polygons": (SQUARE,)}, {"place": at(15.0, -3.0)}, True),
        ({"wounded_at_least": 5}, {}, False),
        ({"wounded_at_least": 5}, {"toll": Toll(wounded=exactly(5))}, True),
        ({"abducted_at_least": 2}, {"toll": Toll(abducted=NO_NUMBER)}, False),
        ({"missing_at_least": 1}, {"toll": Toll(missing=NO_NUMBER)}, True),
        ({"displaced_at_least": 100}, {"toll": Toll(displaced=exactly(99))}, False),
        ({"killed_at_least": 50, "on": FigureEnd.HIGH}, {"killed": UP_TO_90}, True),
        ({"killed_at_least": 91, "on": FigureEnd.HIGH}, {"killed": UP_TO_90}, False),
        ({"killed_at_least": 50, "on": FigureEnd.BEST}, {"killed": Figure(low=40, best=50, high=60)}, True),
        ({"killed_at_least": 61, "on": FigureEnd.HIGH}, {"killed": 60}, False),
        ({"certainty_at_least": "likely"}, {}, True),
        ({"certainty_at_least": "observed"}, {}, False),
        ({"certainty_at_least": "possible"}, {"certainty": Certainty.UNLIKELY}, False),
        ({"certainty_at_least": "possible"}, {"certainty": Certainty.UNKNOWN}, False),
        ({"independent_sources_at_least": 2}, {"independent_sources": 1}, False),
        ({"independent_sources_at_least": 2}, {"independent_sources": 2}, True),
        ({"outlets": ("KORU daily",)}, {}, True),
        ({"outlets": ("Other",)}, {}, False),
        ({"except_outlets": ("Koru Daily",)}, {}, False),
        ({"except_outlets": ("Koru Daily",)}, {"sources": TWO}, True),
        ({"languages": ("fr",)}, {}, False),
        ({"languages": ("fr",)}, {"sources": TWO}, True),
        ({"languages": ("fr",), "outlets": ("Koru Daily",)}, {"sources": TWO}, False),
        (
            {"independent_sources_at_least": 2, "outlets": ("other.example", "koru daily")},
            {"sources": TWO, "independent_sources": 2},
            True,
        ),
        ({"independent_sources_at_least": 2, "languages": ("fr",)}, {"sources": TWO, **BOTH}, False),
        ({"where": "'military' in targets && killed > 10"}, {}, True),
        ({"where": "country == 'NE'"}, {}, False),
        ({"killed_at_least": 10, "regions": ("sahel",), "where": "country == 'NE'"}, {}, False),
    ],
)
def test_every_condition_must_be_met(conditions: dict[str, Any], slots: dict[str, Any], holds: bool) -> None:
    found = match(compile_subscription(subscription(**conditions)), incident(**slots))
    assert found.holds is holds
    assert bool(found.failed) is not holds


def test_what_was_met_and_what_was_not_is_said_with_the_values() -> None:
    asked = subscription(killed_at_least=50, severity_at_least=SeverityLevel.EXTREME, regions=("sahel",))
    found = match(compile_subscription(asked), incident(1200))
    assert found.met == ("at least 1,200 killed, and 50 or more are asked for",)
    assert found.failed == "severity is severe, and extreme or worse is asked for"


def test_a_condition_that_cannot_be_read_is_refused_when_the_subscription_is_compiled() -> None:
    with pytest.raises(ConditionError, match="kiled"):
        compile_subscription(subscription(where="kiled > 3"))


@pytest.mark.parametrize(
    ("place", "maybe"),
    [
        (at(14.0, -3.0, PlacePrecision.DIVISION), True),
        (at(16.5, -3.0, PlacePrecision.DIVISION), True),
        (at(18.0, -3.0, PlacePrecision.DIVISION), False),
        (at(18.0, -3.0, PlacePrecision.COUNTRY), True),
        (at(40.0, -3.0, PlacePrecision.COUNTRY), False),
        (at(18.0, -3.0), False),
        (Place(name="Mali", country="ML", precision=PlacePrecision.COUNTRY), False),
        (None, False),
    ],
)
@pytest.mark.parametrize(
    "area",
    [{"circles": (NEAR_KORU,)}, {"polygons": (SQUARE,)}],
    ids=["circle", "polygon"],
)
def test_a_place_that_may_be_in_an_area_is_said_to_be_so_and_is_not_taken_to_be(
    area: dict[str, Any], place: Place | None, maybe: bool
) -> None:
    found = match(compile_subscription(subscription(killed_at_least=50, **area)), incident(place=place, regions=()))
    assert (found.holds, found.maybe) == (False, maybe)
    if maybe:
        assert "may be in" in found.failed
    other = compile_subscription(subscription(killed_at_least=61, **area))
    assert not match(other, incident(place=place, regions=())).maybe
