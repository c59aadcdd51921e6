from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas import Figure, Toll
from schemas.vocabulary import Modifier
from services.conditions.figures import Counted, told_figure
from services.conditions.variables import SCORED, VARIABLES
from services.processor.scoring.sentences import check_sentence, fill_sentence, shown
from services.processor.scoring.written import WrittenSeverity, faults_of
from services.regions.regions import build_regions
from services.regions.written import WrittenRegions
from tests.conditions.incidents import incident as make_incident

LEVELS = {"moderate": 25, "severe": 50, "extreme": 75}
RULE = {"name": "dead", "when": "killed > 0", "points": 5, "because": "People died."}


def validate(*written: dict[str, Any], levels: dict[str, int] | None = None, **section: Any) -> WrittenSeverity:
    casualties = [{**RULE, **rule} for rule in written]
    return WrittenSeverity.model_validate({"levels": levels or LEVELS, "casualties": casualties, **section})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"when": "killd > 3"}, "there is no variable killd; did you mean killed?"),
        ({"when": "killed >"}, "column 9: mismatched input the end"),
        ({"when": "score > 3"}, "score cannot be used here"),
        ({"when": "severity == 'extreme'"}, "severity cannot be used here"),
        ({"when": "type == 'bombin'"}, 'did you mean "bombing"?'),
        ({"when": "killed / wounded > 2"}, "division by zero"),
        ({"because": "{killd} died."}, "there is no variable killd; did you mean {killed}?"),
        ({"because": "{score} points."}, "there is no variable score"),
        ({"because": "{killed died."}, "a brace is not part of a gap"),
        ({"because": "{killed|one} died."}, "a brace is not part of a gap"),
        ({"because": ""}, "at least 1 character"),
        ({"points": 101}, "less than or equal to 100"),
        ({"points": "5x"}, "valid integer"),
        ({"points": {"of": "regions", "at": [[1, 5]]}}, "regions is no number of an incident; there are: killed"),
        ({"points": {"of": "score", "at": [[1, 5]]}}, "score is no number of an incident"),
        ({"points": {"of": "killed", "at": []}}, "at least 1 item"),
        ({"points": {"of": "killed", "at": [[5, 1], [5, 2]]}}, "5 stands after 5; write the steps from the lowest"),
        ({"points": {"of": "killed", "at": [[5, 1], [2, 2]]}}, "2 stands after 5"),
        ({"points": {"of": "killed", "at": [[5, 500]]}}, "less than or equal to 100"),
        ({"name": "Not A Name"}, "pattern"),
        ({"weight": 3}, "Extra inputs are not permitted"),
    ],
)
def test_a_faulty_rule_is_refused_with_what_to_write(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        validate(rule)
    assert said in str(raised.value)


@pytest.mark.parametrize("levels", [{**LEVELS, "severe": 25}, {**LEVELS, "extreme": 30}, {**LEVELS, "moderate": 0}])
def test_levels_must_rise(levels: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        validate(levels=levels)


def test_two_rules_of_one_name_and_places_that_do_not_exist_are_faults() -> None:
    regions = build_regions(
        WrittenRegions.model_validate({"regions": {"sahel": {"name": "Sahel", "countries": ["ML"]}}})
    )
    written = validate(
        {"when": "'sahel' in regions || 'western-africa' in regions || country == 'ML' || country == ''"},
        {"name": "far", "when": "regions.exists(r, r in ['sahel', 'sahell'])"},
        {"name": "home", "when": "country in ['UK']"},
        trend=[RULE],
    )
    assert faults_of(written, regions) == [
        (("casualties", 1, "when"), 'there is no region "sahell"; did you mean sahel?'),
        (("casualties", 2, "when"), "UK is no ISO 3166-1 country code; write GB"),
        (("trend", 0, "name"), "another rule is called dead too; give each its own name"),
    ]


@pytest.mark.parametrize(
    ("template", "values", "sentence"),
    [
        ("At least {killed} {killed|person was|people were} killed.", {"killed": 1}, "At least 1 person was killed."),
        ("At least {killed} {killed|person was|people were} killed.", {"killed": 0}, "At least 0 people were killed."),
        ("{displaced} fled.", {"displaced": 1_200_000}, "1,200,000 fled."),
        ("Struck: {targets}.", {"targets": ("aid_worker", "school")}, "Struck: aid worker, school."),
        ("{killed_stated}", {"killed_stated": True}, "yes"),
        ("No gap.", {}, "No gap."),
        ("{killed||s}", {"killed": 2}, "s"),
    ],
)
def test_a_sentence_is_filled_with_the_values_of_the_incident(
    template: str, values: dict[str, Any], sentence: str
) -> None:
    assert fill_sentence(check_sentence(template), values, lambda figure: Counted("no", False)) == sentence


@pytest.mark.parametrize(
    ("figure", "template", "sentence"),
    [
        (
            Figure(low=36, best=40, high=44, modifier=Modifier.APPROXIMATELY),
            "{wounded_told} {wounded_told|person was|people were} wounded.",
            "About 40 people were wounded.",
        ),
        (
            Figure(low=60, best=None, high=None, modifier=Modifier.AT_LEAST),
            "{wounded_told} {wounded_told|person was|people were} wounded.",
            "At least 60 people were wounded.",
        ),
        (
            Figure(low=1, best=1, high=1, modifier=Modifier.EXACT),
            "Reports speak of {wounded_told} {wounded_told|person|people} wounded.",
            "Reports speak of one person wounded.",
        ),
        (
            Figure(low=2, best=None, high=None, modifier=Modifier.VAGUE),
            "{wounded_told} {wounded_told|person was|people were} wounded.",
            "At least 2 people were wounded.",
        ),
        (None, "{wounded_told} {wounded_told|person was|people were} wounded.", "No people were wounded."),
    ],
)
def test_a_figure_is_told_as_it_was_said(figure: Figure | None, template: str, sentence: str) -> None:
    incident = make_incident(toll=Toll(wounded=figure))
    assert fill_sentence(check_sentence(template), {}, partial(told_figure, incident)) == sentence


def test_a_value_that_looks_like_a_gap_is_not_filled_again() -> None:
    assert fill_sentence("{place}", {"place": "{killed}"}, lambda figure: Counted("no", False)) == "{killed}"
    assert shown("") == ""


def test_the_documentation_lists_every_variable_and_no_other() -> None:
    page = (Path(__file__).parents[3] / "docs" / "severity.md").read_text(encoding="utf-8")
    table = page.split("## Variables", 1)[1].split("\n## ", 1)[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert listed == list(VARIABLES)
    assert set(listed) > SCORED
