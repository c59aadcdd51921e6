"""`tocsin rules`: a usable folder is said to be so, and an incident's severity is explained point by point."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from services.cli.rules import rules_app

RULES = Path(__file__).parents[2] / "rules"
INCIDENT = {
    "incident_id": "inc-1",
    "revision": 3,
    "certainty": "likely",
    "independent_sources": 2,
    "severity": {
        "level": "severe",
        "score": 62,
        "rules": [{"rule": "killed", "points": 62, "because": "At least 60 people.", "values": {"killed": 60}}],
    },
}


def test_the_rules_that_come_with_it_can_be_used() -> None:
    result = CliRunner().invoke(rules_app, ["check", "--rules", str(RULES)])
    assert result.exit_code == 0
    assert "rules of severity" in result.output


def test_every_point_of_an_incident_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "incidents.jsonl"
    file.write_text(json.dumps(INCIDENT) + "\n", encoding="utf-8")
    result = CliRunner().invoke(rules_app, ["explain", "inc-1", str(file)])
    assert result.exit_code == 0
    assert "+62  killed: At least 60 people. (killed = 60)" in result.output


def test_an_incident_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "incidents.jsonl"
    file.write_text(json.dumps(INCIDENT) + "\n", encoding="utf-8")
    result = CliRunner().invoke(rules_app, ["explain", "inc-2", str(file)])
    assert "inc-2" in str(result.exception)
