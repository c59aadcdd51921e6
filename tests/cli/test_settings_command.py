"""`tocsin settings` shows what is in force and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.shared.errors import UserError
from services.shared.settings import Settings, variable_of

SECRET = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable_of(field), raising=False)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["settings", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_every_setting_is_a_line_of_the_table_with_its_value_and_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_BATCH_SIZE", "77")
    Path(".env").write_text("TOCSIN_LOG=json\n")
    rows = {line.split()[0]: line.split()[1:] for line in run().splitlines()}
    assert rows.keys() >= {variable_of(field) for field in Settings.model_fields}
    assert rows["TOCSIN_BATCH_SIZE"] == ["environment", "77"]
    assert rows["TOCSIN_LOG"] == [".env", "json"]
    assert rows["TOCSIN_LOG_LEVEL"] == ["default", "info"]


def test_with_json_every_setting_is_one_object_on_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_BATCH_SIZE", "77")
    rows = [json.loads(line) for line in run("--json").splitlines()]
    assert [row["name"] for row in rows] == [variable_of(field) for field in Settings.model_fields]
    assert {"name": "TOCSIN_BATCH_SIZE", "value": "77", "origin": "environment"} in rows


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_no_secret_is_printed(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("KAFKA_SASL_PASSWORD", "KAFKA_SSL_PASSWORD", "TOCSIN_HTTP_TOKEN"):
        monkeypatch.setenv(variable, SECRET)
    monkeypatch.setenv("TOCSIN_STORE", f"postgresql+psycopg://desk:{SECRET}@db.example/tocsin")
    output = run(*arguments)
    assert SECRET not in output
    assert output.count("********") == 4


def test_a_value_that_looks_like_markup_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_RULES", "[bold]rules[/bold]")
    assert "[bold]rules[/bold]" in run()


def test_a_long_value_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    brokers = ",".join(f"broker-{number}.example:9092" for number in range(20))
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", brokers)
    assert "".join(run().split()).count("example:9092") == 20


def test_wrong_settings_are_refused_with_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_BATCH_SIZE", "many")
    with pytest.raises(UserError, match="TOCSIN_BATCH_SIZE"):
        run()
