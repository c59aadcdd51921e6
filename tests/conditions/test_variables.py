from __future__ import annotations

import pytest
from hypothesis import given

from schemas import ClaimKind, Figure, Incident, Stance, Toll, Whose
from schemas.incident import TollRevision
from services.conditions.people import kinds_of_people, people_kinds
from services.conditions.variables import VARIABLES, Kind, incident_variables
from tests.conditions.incidents import at_least, boulkessi, claim, exactly, incident, incidents

_TYPES = {Kind.NUMBER: int, Kind.TRUTH: bool, Kind.TEXT: str, Kind.LIST: tuple}


@given(incidents())
def test_every_variable_has_a_value_of_its_kind_for_every_incident(any_incident: Incident) -> None:
    values = incident_variables(any_incident)
    assert values.keys() == VARIABLES.keys()
    for name, value in values.items():
        variable = VARIABLES[name]
        assert type(value) is _TYPES[variable.kind], name
        items = value if isinstance(value, tuple) else (value,)
        if variable.allowed and value != "":
            assert set(items) <= set(variable.allowed), name


@given(incidents())
def test_least_best_and_high_are_in_order_and_no_more_victims_die_than_people(any_incident: Incident) -> None:
    values = incident_variables(any_incident)
    for kind in ("killed", "killed_attackers", "wounded", "missing", "abducted", "displaced"):
        least, best, high = values[kind], values[f"{kind}_best"], values[f"{kind}_high"]
        assert isinstance(least, int)
        assert isinstance(best, int)
        assert isinstance(high, int)
        assert 0 <= least <= best <= high
    killed, victims = values["killed"], values["killed_victims"]
    assert isinstance(killed, int)
    assert isinstance(victims, int)
    assert 0 <= victims <= killed


def test_the_variables_of_an_incident_say_what_it_says() -> None:
    values = incident_variables(boulkessi())
    expected = {
        "killed": 60,
        "killed_best": 60,
        "killed_high": 60,
        "killed_stated": True,
        "killed_victims": 60,
        "wounded": 40,
        "abducted": 1,
        "missing": 0,
        "missing_stated": False,
        "harmed": 101,
        "type": "armed_attack",
        "family": "violence",
        "country": "ML",
        "admin1_code": "ML-5",
        "precision": "exact",
        "regions": ("sahel", "western-africa"),
        "people": ("soldier",),
        "perpetrators": ("JNIM", "Jama'at Nusrat al-Islam wal-Muslimin"),
        "responsibility": ("claimed_or_admitted",),
        "sources": 2,
        "articles": 3,
        "languages": ("en", "fr"),
        "trend": "first",
    }
    assert {name: values[name] for name in expected} == expected


def test_nothing_said_and_zero_said_differ_only_in_stated() -> None:
    silent, zero = incident_variables(incident()), incident_variables(incident(killed=exactly(0)))
    assert {name for name in VARIABLES if silent[name] != zero[name]} == {"killed_stated"}


@pytest.mark.parametrize(
    ("killed", "attackers", "victims"),
    [
        (exactly(13), exactly(13), 0),
        (exactly(13), None, 13),
        (at_least(60), Figure(low=3, best=5, high=8), 52),
        (exactly(2), exactly(5), 0),
    ],
)
def test_victims_are_the_dead_less_the_most_attackers(killed: Figure, attackers: Figure | None, victims: int) -> None:
    toll = Toll(killed=killed, killed_attackers=attackers)
    assert incident_variables(incident(toll=toll))["killed_victims"] == victims


@pytest.mark.parametrize(
    ("earlier", "now", "trend"), [(24, 60, "rising"), (60, 51, "falling"), (60, 60, "steady"), (None, 60, "first")]
)
def test_the_trend_compares_the_last_two_tolls(earlier: int | None, now: int, trend: str) -> None:
    tolls = [number for number in (earlier, now) if number is not None]
    history = tuple(
        TollRevision(revision=index, toll=Toll(killed=at_least(number)), article_id=f"a{index}")
        for index, number in enumerate(tolls, 1)
    )
    assert incident_variables(incident(killed=now, history=history))["trend"] == trend


def test_people_of_denied_claims_of_attackers_and_of_nobody_are_not_counted_among_those_harmed() -> None:
    claims = (
        claim("children", stance=Stance.DENIED),
        claim("soldiers", whose=Whose.ATTACKERS),
        claim("nurses", low=0, best=0, high=0),
        claim("two pilgrims", kind=ClaimKind.WOUNDED),
    )
    assert incident_variables(incident(claims=claims))["people"] == ("worshipper",)


@pytest.mark.parametrize(
    ("stated", "kinds"),
    [
        ("three children", {"child"}),
        ("At least FIVE schoolgirls", {"child", "student"}),
        ("aid workers", {"aid_worker"}),
        ("a humanitarian-worker", {"aid_worker"}),
        ("UN peacekeepers", {"peacekeeper"}),
        ("soldiers and policemen", {"soldier", "police"}),
        ("childish pranksters", set()),
        ("", set()),
    ],
)
def test_kinds_of_people_are_read_from_whole_words(stated: str, kinds: set[str]) -> None:
    assert kinds_of_people(stated) == kinds
    assert kinds <= set(people_kinds())
