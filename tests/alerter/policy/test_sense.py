"""Subscriptions that are allowed and probably not meant are said to be so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas import IncidentType, QuietHours, SeverityLevel, Weekday
from services.alerter.policy.matching import compile_subscription
from services.alerter.policy.sense import warnings_of
from tests.alerter.incidents import NOON, subscription

SUNDAY = QuietHours(start="08:00", end="08:00", days=(Weekday.SUNDAY,))
COUNTRIES = {"sahel": frozenset({"ML", "NE"})}


def warnings(**asked: Any) -> tuple[str, ...]:
    return warnings_of(compile_subscription(subscription(**asked)), COUNTRIES, NOON)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "has no condition: it is told of every incident."),
        ({"test": True}, "has no condition"),
        ({"severity_at_least": SeverityLevel.MINOR}, "which every incident has"),
        ({"types": tuple(IncidentType)}, "names every type"),
        ({"where": "true"}, "always true"),
        ({"where": "killed >= 0"}, "is probably told of every incident"),
        ({"killed_at_least": 5, "expires": NOON - timedelta(days=1)}, "expired on 2031-05-03"),
        ({"where": "1 > 2"}, "can never match: its condition `1 > 2` is always false"),
        ({"where": "killed > 50 && killed < 51"}, "can probably never match"),
        ({"where": "type == 'flood' && family == 'violence'", "types": (IncidentType.BOMBING,)}, "probably never"),
        ({"killed_at_least": 50, "where": "killed < 10"}, "that meet its other conditions meets its condition"),
        ({"killed_at_least": 50, "on": "best", "where": "killed_high < 10"}, "can probably never match"),
        ({"severity_at_least": SeverityLevel.SEVERE, "where": "severity == 'minor'"}, "can probably never match"),
        ({"certainty_at_least": "likely", "where": "certainty == 'possible'"}, "can probably never match"),
        ({"types": (IncidentType.FLOOD,), "where": "type == 'bombing'"}, "can probably never match"),
        ({"regions": ("ML",), "where": "country == 'NE'"}, "can probably never match"),
        ({"regions": ("sahel",), "where": "country == 'SO'"}, "can probably never match"),
        ({"outlets": ("A",), "except_outlets": ("a",)}, "every outlet that it asks for is among except_outlets"),
        ({"outlets": ("A",), "independent_sources_at_least": 2}, "asks for 2 independent sources and names 1 outlets"),
        (
            {"killed_at_least": 5, "quiet_hours": (QuietHours(start="08:00", end="08:00"),)},
            "is never outside its quiet hours",
        ),
    ],
)
def test_what_can_never_match_or_matches_everything_gets_a_warning(asked: dict[str, Any], said: str) -> None:
    (found,) = warnings(**asked)
    assert found.startswith("The subscription desk ")
    assert said in found


@pytest.mark.parametrize(
    "asked",
    [
        {"killed_at_least": 5},
        {"where": "killed > 50 && killed < 52"},
        {"where": "'school' in targets || wounded >= 20"},
        {"where": "killed + wounded > 10"},
        {"where": "perpetrators.exists(p, p.contains('JNIM'))"},
        {"where": "trend == 'rising' && sources >= 3 && place != ''"},
        {"where": "double(killed) / double(wounded + 1) > 0.5"},
        {"regions": ("sahel",), "where": "country == 'NE'"},
        {"regions": ("m49:011",), "where": "country == 'SO'"},
        {"killed_at_least": 50, "on": "high", "where": "killed < 10"},
        {"expires": NOON + timedelta(days=1), "types": (IncidentType.FLOOD,)},
        {
            "types": (IncidentType.FLOOD,),
            "quiet_hours": (SUNDAY,),
        },
        {"killed_at_least": 5, "quiet_hours": (QuietHours(start="00:00", end="23:59"),)},
        {"outlets": ("A", "B"), "independent_sources_at_least": 2},
    ],
)
def test_what_can_be_meant_gets_none(asked: dict[str, Any]) -> None:
    assert warnings(**asked) == ()
