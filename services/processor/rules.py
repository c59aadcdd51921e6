"""The rules folder: what an operator edits, loaded whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from services.processor.scoring.severity import SeverityRules, build_severity_rules
from services.processor.scoring.written import WrittenSeverity, faults_of
from services.processor.tracking.rules import LinkingRules
from services.regions.regions import Regions
from services.shared.regions_file import load_regions
from services.shared.rules_files import Problem, RulesError, read_rules


@dataclass(frozen=True, slots=True)
class Rules:
    """What the processor judges incidents by."""

    severity: SeverityRules
    regions: Regions
    linking: LinkingRules


def load_rules(folder: Path) -> Rules:
    """The rules of `folder`: severity.yaml, regions.yaml and, where there is one, linking.yaml.

    Raises RulesError naming every mistake in all of them, so that one run shows all there is to mend.
    """
    problems: list[Problem] = []
    try:
        regions = load_regions(folder)
    except RulesError as error:
        problems.extend(error.problems)
    try:
        severity = read_rules(folder / "severity.yaml", WrittenSeverity)
    except RulesError as error:
        problems.extend(error.problems)
    linking = LinkingRules()
    if (folder / "linking.yaml").exists():
        try:
            linking = read_rules(folder / "linking.yaml", LinkingRules).value
        except RulesError as error:
            problems.extend(error.problems)
    if problems:
        raise RulesError(*problems)
    faults = faults_of(severity.value, regions)
    if faults:
        raise RulesError(*(severity.problem_at(loc, message) for loc, message in faults))
    return Rules(severity=build_severity_rules(severity.value), regions=regions, linking=linking)
