"""Which incidents a subscription asks for."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import Figure, IncidentType, Place
from schemas.vocabulary import Modifier, PlacePrecision, SeverityLevel
from services.alerter.policy.matching import compile_subscription, match
from services.conditions.conditions import ConditionError
from tests.alerter.incidents import exactly, incident, subscription

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
