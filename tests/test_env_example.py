from __future__ import annotations

import re
from pathlib import Path

from pydantic import SecretStr

from services.shared.settings import Settings, variable_of

EXAMPLE = Path(__file__).parents[1] / ".env.example"
FOR_COMPOSE = {"POSTGRES_PASSWORD"}
"""Variables that only docker-compose.yml reads."""


def shown() -> dict[str, str]:
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))


def as_written(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)


def test_the_example_shows_every_setting_with_its_default() -> None:
    defaults = {variable_of(field): as_written(Settings.model_fields[field].default) for field in Settings.model_fields}
    assert {name: value for name, value in shown().items() if name not in FOR_COMPOSE} == defaults


def test_a_copy_of_the_example_changes_nothing() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_what_only_compose_reads_is_in_its_file() -> None:
    compose = (EXAMPLE.parent / "docker-compose.yml").read_text(encoding="utf-8")
    assert all(name in compose for name in FOR_COMPOSE)
