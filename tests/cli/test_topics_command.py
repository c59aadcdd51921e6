"""`tocsin topics` makes the topics, says what it did, and fails where something is left to a person."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli.main import app
from services.shared.errors import UserError
from services.shared.settings import Settings, load_settings, variable_of
from services.shared.topic_admin import apply_topics
from services.shared.topics import declared_topics


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable_of(field), raising=False)


@pytest.fixture
def prefix(kafka: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The cluster and a prefix of our own, in the environment."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka)
    monkeypatch.setenv("TOCSIN_TOPIC_PREFIX", topic_prefix)
    return topic_prefix


def topics(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["topics", *arguments], catch_exceptions=False)


def states(result: Result) -> dict[str, str]:
    """Outcome by topic, from `--json`."""
    return {row["topic"]: row["outcome"] for row in map(json.loads, result.stdout.splitlines())}


@pytest.mark.kafka
class TestOnApacheKafka:
    def test_topics_are_made_once_and_every_run_says_what_it_did(self, prefix: str) -> None:
        total = len(declared_topics())
        listed = topics("list")
        assert listed.exit_code == 0
        assert f"{total} missing; `tocsin topics apply` creates what is missing." in listed.stdout
        for summary in (f"{total} created.", f"{total} unchanged."):
            applied = topics("apply")
            assert applied.exit_code == 0
            assert summary in applied.stdout
            assert f"{prefix}articles " in applied.stdout
        assert f"{total} unchanged." in topics("list").stdout

    def test_with_json_every_topic_is_one_object_on_a_line(self, prefix: str) -> None:
        created = [json.loads(line) for line in topics("apply", "--json").stdout.splitlines()]
        assert [row["topic"] for row in created] == [topic.name for topic in declared_topics(prefix)]
        articles = created[0]
        assert articles["outcome"] == "created"
        assert articles["partitions"] == 8
        assert articles["retention_ms"] == 604_800_000
        assert set(states(topics("list", "--json")).values()) == {"unchanged"}

    def test_a_topic_that_is_left_to_a_person_fails_the_command_and_is_explained(self, kafka: str, prefix: str) -> None:
        settings = load_settings(kafka_bootstrap_servers=kafka, topic_prefix=prefix)
        asyncio.run(apply_topics(settings, [replace(declared_topics(prefix)[0], partitions=3)]))
        for _ in range(2):
            applied = topics("apply")
            assert applied.exit_code == 1
            assert f"{prefix}articles has 3 partitions and must have 8" in applied.stdout
        found = states(topics("list", "--json"))
        assert found[f"{prefix}articles"] == "differs"
        assert Counter(found.values()) == {"differs": 1, "unchanged": len(found) - 1}


def test_a_cluster_that_is_not_there_is_named_with_what_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    for command in ("apply", "list"):
        with pytest.raises(UserError, match=r"127\.0\.0\.1:1 does not answer"):
            topics(command)


@pytest.mark.parametrize("arguments", [("apply", "--help"), ("list", "--help")])
def test_help_shows_an_example(arguments: tuple[str, ...]) -> None:
    result = topics(*arguments)
    assert result.exit_code == 0
    assert f"tocsin topics {arguments[0]}" in result.stdout
    assert "Example:" in result.stdout
