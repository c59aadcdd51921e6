from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemas import Place, PlacePrecision, SeverityLevel
from services.processor.rules import load_rules
from services.processor.scoring.severity import score
from services.regions.regions import regions_of
from services.shared.regions_file import load_regions
from services.shared.rules_files import RulesError
from tests.conditions.incidents import incident

SHIPPED = Path(__file__).parents[2] / "rules"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("severity.yaml", "regions.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    return tmp_path


def test_the_rules_that_ship_load_and_judge(folder: Path) -> None:
    rules = load_rules(folder)
    mali = Place(name="Mali", country="ML", precision=PlacePrecision.COUNTRY)
    found = regions_of(mali, rules.regions)
    assert "sahel" in found
    assert score(incident(killed=60, place=mali, regions=found), rules.severity).level is SeverityLevel.SEVERE
    assert regions_of(mali, load_regions(folder)) == found


def test_at_least_twenty_regions_ship() -> None:
    assert len([name for name in load_regions(SHIPPED).names if not name.startswith("m49:")]) - 29 >= 20


def test_mistakes_of_both_files_are_told_at_once(folder: Path) -> None:
    (folder / "regions.yaml").write_text("regions:\n  sahel:\n    name: Sahel\n    countries: [XX]\n")
    (folder / "severity.yaml").write_text(
        "levels: {moderate: 25, severe: 50, extreme: 75}\ntypes:\n"
        "  - name: bomb\n    when: type == 'bombin'\n    points: 5\n    because: Bombs.\n"
    )
    with pytest.raises(RulesError) as raised:
        load_rules(folder)
    assert [(Path(problem.file).name, problem.line, problem.field) for problem in raised.value.problems] == [
        ("regions.yaml", 4, "regions.sahel.countries[0]"),
        ("severity.yaml", 4, "types[0].when"),
    ]


@pytest.mark.parametrize(
    ("points", "line", "field", "said"),
    [
        ("five", 6, "types[0].points", 'must be a whole number, not "five"'),
        ("{of: killd, at: [[1, 5]]}", 6, "types[0].points.of", "killd is no number of an incident"),
        ("{of: killed, at: [[1]]}", 6, "types[0].points.at[0][1]", "is missing; add it"),
        ("{of: killed, steps: [[1, 5]], at: [[1, 5]]}", 6, "types[0].points.steps", "there is no such field"),
    ],
)
def test_a_mistake_in_points_is_told_once_and_as_what_it_was_meant_to_be(
    folder: Path, points: str, line: int, field: str, said: str
) -> None:
    (folder / "severity.yaml").write_text(
        "levels: {moderate: 25, severe: 50, extreme: 75}\n\ntypes:\n"
        f"  - name: bomb\n    when: killed > 1\n    points: {points}\n    because: Bombs.\n"
    )
    with pytest.raises(RulesError) as raised:
        load_rules(folder)
    (problem,) = raised.value.problems
    assert (problem.line, problem.field) == (line, field)
    assert said in problem.message


def test_a_region_that_a_rule_names_and_nobody_defines_is_told_by_line(folder: Path) -> None:
    text = (folder / "severity.yaml").read_text().replace('"darfur"', '"darfurr"')
    (folder / "severity.yaml").write_text(text)
    line = next(number for number, content in enumerate(text.splitlines(), 1) if "far_from_care" in content) + 1
    with pytest.raises(RulesError, match=rf"severity.yaml:{line}: regions\[0\].when: .*did you mean darfur\?"):
        load_rules(folder)


def test_a_missing_file_is_told_with_its_path(folder: Path) -> None:
    (folder / "severity.yaml").unlink()
    with pytest.raises(RulesError, match=r"severity.yaml: there is no such file"):
        load_rules(folder)
