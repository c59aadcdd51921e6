"""The index finds what asking every subscription finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ArticleRef, Circle, Figure, Incident, IncidentType, Place, Severity, Subscription, Toll
from schemas.vocabulary import Certainty, ClaimKind, FigureEnd, PlacePrecision, SeverityLevel
from services.alerter.policy.areas import boxes_around, distance_km
from services.alerter.policy.index import SubscriptionIndex
from services.alerter.policy.matching import CompiledSubscription, compile_subscription, match
from services.conditions.conditions import ConditionError
from tests.alerter.incidents import exactly, incident, subscription

LATITUDES = st.sampled_from([-90.0, -89.9, -14.0, 0.0, 13.0, 14.0, 14.3, 15.0, 60.0, 89.9, 90.0])
LONGITUDES = st.sampled_from([-180.0, -179.9, -3.5, -3.0, -2.0, 0.0, 90.0, 179.9, 180.0])
SQUARES = (
    ((15.0, -4.0), (15.0, -2.0), (13.0, -2.0), (13.0, -4.0)),
    ((-20.0, 176.0), (-20.0, 180.0), (-12.0, 180.0), (-12.0, 176.0)),
)
circles = st.builds(Circle, lat=LATITUDES, lon=LONGITUDES, radius_km=st.sampled_from([1.0, 40.0, 60.0, 900.0, 15000.0]))
thresholds = st.none() | st.integers(1, 60)
FAILS = "killed_stated && 100 / (wounded - 61 * 61) < 1000"
"""On an incident with 3,721 wounded."""
asked = st.fixed_dictionaries(
    {},
    optional={
        "regions": st.lists(
            st.sampled_from(["sahel", "ML", "NE", "ML-5", "ML Mopti", "NE Diffa"]), max_size=2, unique=True
        ).map(tuple),
        "circles": st.lists(circles, max_size=2).map(tuple),
        "polygons": st.lists(st.sampled_from(SQUARES), max_size=1).map(tuple),
        "types": st.lists(
            st.sampled_from([IncidentType.ARMED_ATTACK, IncidentType.FLOOD]), max_size=2, unique=True
        ).map(tuple),
        "severity_at_least": st.none() | st.sampled_from(SeverityLevel),
        **{f"{kind}_at_least": thresholds for kind in (ClaimKind.KILLED, ClaimKind.WOUNDED, ClaimKind.ABDUCTED)},
        "on": st.sampled_from(FigureEnd),
        "test": st.booleans(),
        "certainty_at_least": st.sampled_from([None, "possible", "likely", "observed"]),
        "independent_sources_at_least": st.sampled_from([None, 1, 2]),
        "except_outlets": st.sampled_from([(), ("a",), ("a", "b")]),
        "languages": st.sampled_from([(), ("en",), ("fr",)]),
        "where": st.sampled_from([None, "killed > 20", "country == 'ML'", FAILS]),
    },
)
up_to = st.integers(1, 60).map(lambda high: Figure(low=0, high=high))
figures = st.one_of(st.none(), st.just(exactly(3721)), st.integers(0, 60).map(exactly), up_to)
places = st.none() | st.builds(
    Place,
    name=st.just("Koru"),
    country=st.sampled_from(["ML", "NE", None]),
    admin1=st.sampled_from(["Mopti Region", "Diffa", None]),
    admin1_code=st.sampled_from(["ML-5", None]),
    lat=LATITUDES | st.none(),
    lon=LONGITUDES | st.none(),
    precision=st.sampled_from(PlacePrecision),
)
incidents = st.builds(
    incident,
    type=st.sampled_from([IncidentType.ARMED_ATTACK, IncidentType.FLOOD, IncidentType.FIRE]),
    place=places,
    regions=st.sampled_from([(), ("sahel",)]),
    toll=st.builds(Toll, killed=figures, wounded=figures, abducted=figures),
    severity=st.sampled_from([Severity(score=0, level=level) for level in SeverityLevel]),
    certainty=st.sampled_from(Certainty),
    independent_sources=st.integers(0, 3),
    test=st.booleans(),
    sources=st.sampled_from(
        [
            (ArticleRef(article_id="1", source="a", language="en"),),
            (ArticleRef(article_id="1", source="b", language="fr"), ArticleRef(article_id="2", source="c")),
        ]
    ),
)


def scanned(subscriptions: list[CompiledSubscription], one: Incident) -> list[Subscription]:
    """Every subscription that asks for `one`, found by asking all."""
    found = []
    for compiled in subscriptions:
        try:
            outcome = match(compiled, one)
        except ConditionError:
            found.append(compiled.subscription)
        else:
            if outcome.holds or outcome.maybe:
                found.append(compiled.subscription)
    return found


@given(st.lists(asked, max_size=12), incidents)
@settings(max_examples=150, deadline=None)
def test_the_index_finds_exactly_what_asking_every_subscription_finds(
    written: list[dict[str, Any]], one: Incident
) -> None:
    compiled = [compile_subscription(subscription(name=f"s{number}", **what)) for number, what in enumerate(written)]
    index = SubscriptionIndex(compiled)
    assert [found.subscription for found in index.asking(one)] == scanned(compiled, one)


def test_a_subscription_that_names_several_places_and_types_is_found_once() -> None:
    both = subscription(regions=("sahel", "ML"), types=(IncidentType.ARMED_ATTACK, IncidentType.FLOOD))
    index = SubscriptionIndex([compile_subscription(both)])
    assert [found.subscription for found in index.asking(incident())] == [both]


def test_subscriptions_elsewhere_with_other_types_or_above_the_toll_are_not_even_looked_at() -> None:
    others = [
        {"regions": ("NE",)},
        {"types": (IncidentType.FLOOD,)},
        {"killed_at_least": 61},
        {"severity_at_least": SeverityLevel.EXTREME},
        {"circles": (Circle(lat=40, lon=40, radius_km=10),)},
    ]
    index = SubscriptionIndex([compile_subscription(subscription(**what)) for what in others])
    assert index.candidates(incident(60)) == set()


@settings(deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0.1, 20_000), st.floats(-90, 90), st.floats(-180, 180))
def test_the_boxes_around_a_point_hold_everything_within_the_distance(
    lat: float, lon: float, km: float, lat2: float, lon2: float
) -> None:
    if distance_km(lat, lon, lat2, lon2) < km * 0.999:
        assert any(
            west - 1e-6 <= lon2 <= east + 1e-6 and south - 1e-6 <= lat2 <= north + 1e-6
            for west, south, east, north in boxes_around(lat, lon, km)
        )


@pytest.mark.parametrize("lon", [179.99, -179.99])
def test_a_circle_across_the_180th_meridian_is_found_from_both_sides(lon: float) -> None:
    place = Place(name="Taveuni", lat=-16.8, lon=-lon, precision=PlacePrecision.EXACT)
    index = SubscriptionIndex([compile_subscription(subscription(circles=(Circle(lat=-16.8, lon=lon, radius_km=9),)))])
    assert len(list(index.asking(incident(place=place, regions=())))) == 1
