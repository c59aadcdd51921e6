"""`tocsin subscriptions`: what it says and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from schemas import Alert
from services.cli.subscriptions import subscriptions_app
from services.shared.errors import UserError
from services.shared.rules_files import RulesError
from tests.alerter.incidents import incident

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "regions.yaml").write_text((ROOT / "rules/regions.yaml").read_text())
    (folder / "subscriptions.yaml").write_text(
        f"""\
channels:
  - name: log
    kind: file
    path: {tmp_path}/alerts.jsonl
subscriptions:
  - name: mali
    channel: log
    regions: [ML]
    killed_at_least: 50
"""
    )
    return folder


def call(rules: Path, *arguments: str, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(subscriptions_app, [*arguments, "--rules", str(rules)], input=stdin)
    if isinstance(result.exception, UserError):
        raise result.exception
    return result


def test_check_says_that_all_is_well_and_how_much_there_is(rules: Path) -> None:
    result = call(rules, "check")
    assert result.exit_code == 0
    assert result.stdout.endswith("subscriptions.yaml is valid: 1 subscription, 1 channel.\n")
    assert json.loads(call(rules, "check", "--json").stdout) == {"channels": 1, "subscriptions": 1, "notes": []}


def test_check_names_what_is_wrong(rules: Path) -> None:
    file = rules / "subscriptions.yaml"
    file.write_text(file.read_text().replace("[ML]", "[Mali]"))
    with pytest.raises(RulesError, match=r"subscriptions.yaml:8: subscriptions\[0\].regions\[0\]: .*ML"):
        call(rules, "check")


def test_list_shows_the_conditions_in_words(rules: Path) -> None:
    lines = call(rules, "list").stdout.splitlines()
    assert lines[1].split(maxsplit=3) == ["mali", "log", "file", "at least 50 killed; in ML"]
    assert json.loads(call(rules, "list", "--json").stdout)["regions"] == ["ML"]


def test_test_sends_a_message_that_is_marked_as_a_test(rules: Path, tmp_path: Path) -> None:
    result = call(rules, "test", "mali")
    assert (result.exit_code, result.stdout) == (0, "The channel log accepted a test message.\n")
    (line,) = (tmp_path / "alerts.jsonl").read_text().splitlines()
    alert = Alert.model_validate_json(line)
    assert alert.status == "test"
    assert alert.headline == "TEST: 50 people killed, place not stated"


def test_test_exits_1_where_the_channel_does_not_accept(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").mkdir()
    result = call(rules, "test", "mali", "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["outcome"], said["channel"]) == ("retry", "log")
    assert "cannot be written to" in said["reason"]


def test_test_with_incidents_shows_what_would_be_told_and_sends_nothing(rules: Path, tmp_path: Path) -> None:
    revisions = [incident(killed, number) for number, killed in enumerate((20, 60, 61, 30), 1)]
    lines = b"\n".join(revision.to_bytes() for revision in revisions)
    rows = [
        json.loads(line)
        for line in call(rules, "test", "mali", "--incidents", "-", "--json", stdin=lines).stdout.splitlines()
    ]
    assert [(row["kind"], row["reason"]) for row in rows] == [
        (None, "no_match"),
        ("alert", "first_match"),
        (None, "nothing_new"),
        ("correction", "below_threshold"),
    ]
    assert not (tmp_path / "alerts.jsonl").exists()
    shown = call(rules, "test", "mali", "--incidents", "-", stdin=lines).stdout
    assert "correction  Correction: At least 30 soldiers killed" in shown


def test_a_line_that_is_no_incident_is_named(rules: Path, tmp_path: Path) -> None:
    file = tmp_path / "incidents.jsonl"
    file.write_bytes(incident(60).to_bytes() + b"\n{}\n")
    with pytest.raises(UserError, match=r"incidents.jsonl:2: not an incident \(incident_id: Field required\)"):
        call(rules, "test", "mali", "--incidents", str(file))


def test_a_subscription_that_does_not_exist_is_said_with_those_that_do(rules: Path) -> None:
    with pytest.raises(UserError, match="There is no subscription nowhere; there are: mali"):
        call(rules, "test", "nowhere")
