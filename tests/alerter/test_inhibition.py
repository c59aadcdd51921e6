"""What stays under what: near it, or part of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Figure, Incident, IncidentType, Inhibition, Perpetrator, Place, Severity, SeverityLevel, Toll
from schemas.vocabulary import Modifier, PlacePrecision, Responsibility
from services.alerter.outbox.engine import Store
from services.alerter.outbox.waiting import read_lately, write_lately
from services.alerter.policy.inhibition import Under, inhibited_by, standing_of
from services.alerter.policy.pacing import ToldLately
from tests.alerter.incidents import KORU, NOON, exactly, incident

ASKED = Inhibition(radius_km=50, hours=24)
MOPTI = Place(name="Mopti", country="ML", admin1="Mopti", admin1_code="ML-5", precision=PlacePrecision.DIVISION)
MALI = Place(name="Mali", country="ML", precision=PlacePrecision.COUNTRY)
DISTRICT = Place(
    name="Bankass",
    country="ML",
    admin1="Mopti",
    admin1_code="ML-5",
    lat=14.1,
    lon=-3.5,
    precision=PlacePrecision.DISTRICT,
)
FAR = KORU.model_copy(update={"name": "Sari", "lat": 16.5})
KATIBA = (Perpetrator(name="Katiba Macina", aliases=("Macina Liberation Front",)),)
GUNMEN = (Perpetrator(name="gunmen", aliases=("unidentified armed group",)),)


def whole(killed: Figure | None = None, **slots: Any) -> Incident:
    return incident(killed or exactly(90), incident_id="whole", as_of=NOON, **slots)


def part(killed: Figure | None = None, **slots: Any) -> Incident:
    values: dict[str, Any] = {"incident_id": "part", "as_of": NOON + timedelta(hours=2), "place": FAR}
    return incident(killed or exactly(23), **(values | slots))


def under(one: Incident, told: Incident) -> Under | None:
    found = inhibited_by(ASKED, one, [standing_of(told)])
    return None if found is None else found[1]


def test_a_village_may_be_part_of_what_was_told_for_its_whole_province() -> None:
    assert under(part(), whole(place=MOPTI)) is Under.PART
    assert under(part(place=DISTRICT), whole(place=MOPTI)) is Under.PART


def test_a_division_is_known_by_its_code_or_by_its_name_however_it_is_spelt() -> None:
    coded = FAR.model_copy(update={"admin1": "Somewhere", "admin1_code": "ML-5"})
    spelt = FAR.model_copy(update={"admin1": "Mopti Region"})
    assert under(part(place=coded), whole(place=MOPTI)) is Under.PART
    assert under(part(place=spelt), whole(place=MOPTI)) is Under.PART


@pytest.mark.parametrize(
    "place",
    [
        FAR.model_copy(update={"admin1": "Gao"}),
        FAR.model_copy(update={"country": "BF"}),
        FAR.model_copy(update={"admin1": None}),
        MOPTI,
        MALI,
        None,
    ],
    ids=["other division", "other country", "no division", "the division itself", "the country", "no place"],
)
def test_what_is_not_known_to_lie_in_the_province_is_no_part(place: Place | None) -> None:
    assert under(part(place=place), whole(place=MOPTI)) is None


def test_a_province_is_no_part_of_one_of_its_villages() -> None:
    assert under(part(place=MOPTI), whole(place=FAR)) is None


def test_a_part_has_no_more_dead_than_the_whole() -> None:
    assert under(part(exactly(91)), whole(place=MOPTI)) is None
    assert under(part(exactly(90)), whole(place=MOPTI)) is Under.PART
    many = Figure(low=90, best=90, modifier=Modifier.AT_LEAST)
    assert under(part(exactly(91)), whole(many, place=MOPTI)) is Under.PART


def test_what_another_group_did_is_no_part() -> None:
    assert under(part(perpetrators=KATIBA), whole(place=MOPTI)) is None
    assert under(part(perpetrators=KATIBA), whole(place=MOPTI, perpetrators=KATIBA)) is Under.PART
    assert under(part(perpetrators=GUNMEN), whole(place=MOPTI, perpetrators=KATIBA)) is Under.PART


def test_what_a_group_denies_is_not_its_doing() -> None:
    denied = (Perpetrator(name="JNIM", responsibility=Responsibility.DENIED),)
    assert under(part(perpetrators=denied), whole(place=MALI, perpetrators=denied)) is None


def test_a_named_perpetrator_holds_a_country_together_and_gunmen_do_not() -> None:
    assert under(part(perpetrators=KATIBA), whole(place=MALI, perpetrators=KATIBA)) is Under.PART
    assert under(part(perpetrators=GUNMEN), whole(place=MALI, perpetrators=GUNMEN)) is None
    assert under(part(perpetrators=()), whole(place=MALI, perpetrators=())) is None


def test_a_natural_hazard_holds_a_country_together() -> None:
    flood: dict[str, Any] = {"type": IncidentType.FLOOD, "perpetrators": ()}
    assert under(part(**flood), whole(place=MALI, **flood)) is Under.PART
    assert under(part(**flood), whole(place=MALI)) is None


def test_what_is_worse_or_of_another_day_is_told_by_itself() -> None:
    extreme = Severity(score=95, level=SeverityLevel.EXTREME)
    assert under(part(severity=extreme), whole(place=MOPTI)) is None
    assert under(part(as_of=NOON + timedelta(hours=25)), whole(place=MOPTI)) is None


def test_what_is_near_is_said_to_be_near() -> None:
    near = FAR.model_copy(update={"lat": 14.2})
    assert under(part(exactly(200), place=near, perpetrators=KATIBA), whole()) is Under.NEAR


PLACES = st.none() | st.sampled_from([KORU, FAR, MOPTI, MALI, DISTRICT])
INCIDENTS = st.builds(
    lambda killed, place, by, kind, level: incident(
        None if killed is None else Figure(low=killed[0], best=killed[0], high=killed[1], modifier=Modifier.AT_LEAST),
        incident_id="told",
        place=place,
        perpetrators=by,
        type=kind,
        severity=Severity(score=50, level=level),
        as_of=datetime(2031, 5, 4, 9, tzinfo=UTC),
    ),
    st.none() | st.tuples(st.integers(0, 50), st.none() | st.integers(50, 90)),
    PLACES,
    st.sampled_from([(), KATIBA, GUNMEN, (*KATIBA, *GUNMEN)]),
    st.sampled_from([IncidentType.FLOOD, IncidentType.BOMBING]),
    st.sampled_from(SeverityLevel),
)


@given(INCIDENTS)
def test_nothing_stays_under_itself(one: Incident) -> None:
    assert inhibited_by(ASKED, one, [standing_of(one)]) is None


@given(INCIDENTS, INCIDENTS.map(lambda one: one.model_copy(update={"incident_id": "other"})))
def test_what_stays_under_another_is_never_worse_nor_of_another_family(one: Incident, told: Incident) -> None:
    found = inhibited_by(ASKED, one, [standing_of(told)])
    if found is not None:
        assert standing_of(one).severity.rank <= found[0].severity.rank
        assert standing_of(one).family is found[0].family
        wide = found[0].area
        assert found[1] is Under.NEAR or (wide is not None and wide.lat is None)


async def test_the_store_gives_back_what_was_told_as_it_was_kept(store: Store) -> None:
    kept = [
        ToldLately(NOON, "", standing_of(one))
        for one in (
            whole(place=MOPTI, perpetrators=KATIBA),
            whole(),
            whole(place=None, toll=Toll(), perpetrators=GUNMEN),
            whole(Figure(low=90, best=90, modifier=Modifier.AT_LEAST), place=MALI),
        )
    ]
    async with store.transaction() as connection:
        await write_lately(connection, [("desk", one) for one in kept], NOON)
        assert (await read_lately(connection, ["desk"], NOON)) == {"desk": kept}
