from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Figure, Incident, IncidentType, Place, PlacePrecision, Severity, SeverityLevel, Target, Toll
from services.processor.rules import load_rules
from services.processor.scoring.severity import SeverityRules, build_severity_rules, level_of, score
from services.processor.scoring.written import WrittenSeverity
from tests.conditions.incidents import KINDS, at_least, boulkessi, claim, exactly, incident, incidents

SHIPPED = load_rules(Path(__file__).parents[3] / "rules").severity
LEVELS = {"moderate": 25, "severe": 50, "extreme": 75}


def rules(*written: dict[str, Any], **levels: int) -> SeverityRules:
    casualties = [{"name": f"r{index}", "because": "So.", **rule} for index, rule in enumerate(written)]
    return build_severity_rules(
        WrittenSeverity.model_validate({"levels": {**LEVELS, **levels}, "casualties": casualties})
    )


def test_the_score_is_the_sum_of_the_rules_that_fire_each_with_the_values_that_it_read() -> None:
    severity = score(
        boulkessi(),
        rules(
            {"when": "killed >= 50 && 'sahel' in regions", "points": 40, "because": "{killed} dead in {regions}."},
            {"when": "killed >= 1000", "points": 50},
            {"when": "type == 'armed_attack'", "points": {"of": "wounded", "at": [[1, 3], [20, 12], [50, 18]]}},
            {"when": "size(people) > 0", "points": -7, "because": "{abducted|One|Many} of {people} in {type}."},
        ),
    )
    assert (severity.score, severity.level) == (45, SeverityLevel.MODERATE)
    assert [(rule.rule, rule.points, rule.because) for rule in severity.rules] == [
        ("r0", 40, "60 dead in sahel, western-africa."),
        ("r2", 12, "So."),
        ("r3", -7, "One of soldier in armed attack."),
    ]
    assert severity.rules[0].values == {"killed": 60, "regions": "sahel, western-africa"}
    assert severity.rules[1].values == {"type": "armed_attack", "wounded": 40}


@pytest.mark.parametrize(("points", "total"), [([60, 70], 100), ([-50], 0), ([], 0), ([99, 1], 100), ([30, -40], 0)])
def test_the_score_stays_between_0_and_100(points: list[int], total: int) -> None:
    assert score(incident(), rules(*({"when": "true", "points": number} for number in points))).score == total


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (0, "minor"),
        (24, "minor"),
        (25, "moderate"),
        (49, "moderate"),
        (50, "severe"),
        (75, "extreme"),
        (100, "extreme"),
    ],
)
def test_a_level_begins_at_its_cut_point(total: int, level: str) -> None:
    assert level_of(total, rules()) == level


@pytest.mark.parametrize(("killed", "points"), [(1, 0), (2, 5), (9, 5), (10, 20), (1_000_000, 20)])
def test_steps_give_the_points_of_the_highest_step_reached(killed: int, points: int) -> None:
    steps = rules({"when": "killed > 0", "points": {"of": "killed", "at": [[2, 5], [10, 20]]}})
    assert score(incident(killed=killed), steps).score == points


def test_a_rule_that_fails_on_an_incident_adds_nothing_and_says_so() -> None:
    failing = rules(
        {"when": "killed < 5 || 1 / (killed - 2 - 4) > 0", "points": 50}, {"when": "killed > 5", "points": 30}
    )
    severity = score(incident(killed=6), failing)
    assert severity.score == 30
    assert severity.rules[0].points == 0
    assert "could not be applied: division by zero" in severity.rules[0].because
    assert severity.rules[0].values == {"killed": 6}


SAHEL: dict[str, Any] = {
    "place": Place(name="Boulkessi", country="ML", precision=PlacePrecision.EXACT),
    "regions": ("sahel",),
}
BASE = (Target(kind="military", text="a base"),)


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("extreme", boulkessi()),
        ("severe", incident(killed=60, targets=BASE, claims=(claim("soldiers"),), **SAHEL)),
        ("minor", incident()),
        ("minor", incident(killed=exactly(0), wounded=exactly(0))),
        ("minor", incident(targets=(Target(kind="hospital", text="a clinic"),), **SAHEL)),
        ("minor", incident(IncidentType.FLOOD, displaced=5_000)),
        ("moderate", incident(IncidentType.FLOOD, displaced=200_000)),
        ("minor", incident(IncidentType.STABBING, wounded=3)),
        ("moderate", incident(IncidentType.STABBING, killed=1)),
        ("moderate", incident(IncidentType.ROAD_ACCIDENT, killed=9)),
        ("moderate", incident(killed=exactly(13), killed_attackers=exactly(13))),
        ("severe", incident(killed=13)),
        ("severe", incident(killed=10)),
        ("moderate", incident(IncidentType.ROAD_ACCIDENT, killed=10)),
        ("severe", incident(IncidentType.ROAD_ACCIDENT, killed=25)),
        ("extreme", incident(killed=100)),
        ("severe", incident(IncidentType.EARTHQUAKE, killed=100)),
        ("extreme", incident(IncidentType.EARTHQUAKE, killed=200)),
        ("moderate", incident(IncidentType.BOMBING, wounded=100)),
        ("moderate", incident(IncidentType.ABDUCTION, abducted=1)),
        (
            "extreme",
            incident(
                IncidentType.ABDUCTION,
                abducted=276,
                targets=(Target(kind="school", text="a school"),),
                claims=(claim("schoolgirls"),),
            ),
        ),
        ("severe", incident(IncidentType.MARITIME_ACCIDENT, killed=20, missing=20)),
        ("severe", incident(IncidentType.MARITIME_ACCIDENT, missing=200)),
    ],
)
def test_the_shipped_rules_give_each_of_these_the_level_that_a_desk_would(level: str, told: Incident) -> None:
    assert score(told, SHIPPED).level == level


@given(incidents())
def test_every_incident_has_a_score_that_its_rules_add_up_to_and_the_level_of_that_score(told: Incident) -> None:
    severity = score(told, SHIPPED)
    assert severity.score == max(0, min(100, sum(rule.points for rule in severity.rules)))
    assert severity.level == level_of(severity.score, SHIPPED)
    assert all(rule.because and "{" not in rule.because for rule in severity.rules)
    assert Severity.model_validate_json(severity.model_dump_json()) == severity
    assert score(told, SHIPPED) == severity


@given(incidents(), st.sampled_from(KINDS), st.integers(1, 5_000))
def test_more_people_harmed_never_lower_the_score_by_the_shipped_rules(told: Incident, kind: str, more: int) -> None:
    figure: Figure | None = getattr(told.toll, kind)
    grown = at_least(more) if figure is None else _grown(figure, more)
    worse = told.model_copy(update={"toll": told.toll.model_copy(update={kind: grown})})
    assert score(worse, SHIPPED).score >= score(told, SHIPPED).score


@given(incidents(), st.integers(1, 500))
def test_more_attackers_killed_never_lower_the_score_either(told: Incident, more: int) -> None:
    toll = told.toll.model_copy(
        update={
            "killed": _grown(told.toll.killed or exactly(0), more),
            "killed_attackers": _grown(told.toll.killed_attackers or exactly(0), more),
        }
    )
    assert score(told.model_copy(update={"toll": toll}), SHIPPED).score >= score(told, SHIPPED).score


@given(incidents())
def test_an_incident_that_harmed_nobody_scores_nothing_wherever_and_whatever_it_was(told: Incident) -> None:
    severity = score(told.model_copy(update={"toll": Toll()}), SHIPPED)
    assert (severity.score, severity.level) == (0, "minor")


@given(st.integers(100, 100_000), incidents())
def test_a_hundred_victims_of_violence_are_always_extreme(killed: int, told: Incident) -> None:
    attack = told.model_copy(update={"type": IncidentType.ARMED_ATTACK, "toll": Toll(killed=at_least(killed))})
    assert score(attack, SHIPPED).level == "extreme"


def _grown(figure: Figure, more: int) -> Figure:
    low = figure.minimum + more
    best = None if figure.best is None else max(figure.best + more, low)
    high = None if figure.high is None else max(figure.high + more, best or low)
    return figure.model_copy(update={"low": low, "best": best, "high": high})
