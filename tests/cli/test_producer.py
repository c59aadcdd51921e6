"""`tocsin producer` and `tocsin replay` as somebody runs them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from services.shared.settings import load_settings
from services.shared.topic_admin import apply_topics
from services.shared.topics import declared_topics

ONE = b'{"text": "one"}\n'


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with `settings` instead of its own, and the commands importable from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KAFKA_", "TOCSIN_"))}
    return {**kept, **settings, "PYTHONPATH": str(Path(__file__).parents[2])}


def tocsin(
    arguments: Sequence[str | Path], folder: Path, stdin: bytes = b"", settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "services.cli", *map(str, arguments)]
    return subprocess.run(
        command, input=stdin, capture_output=True, check=False, cwd=folder, env=environment(settings or {})
    )


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
async def at_kafka(kafka: str, topic_prefix: str) -> dict[str, str]:
    """Settings of a Kafka that has the topics."""
    settings = load_settings(kafka_bootstrap_servers=kafka, topic_prefix=topic_prefix)
    await apply_topics(settings, declared_topics(topic_prefix))
    return {"KAFKA_BOOTSTRAP_SERVERS": kafka, "TOCSIN_TOPIC_PREFIX": topic_prefix}


def test_without_a_broker_a_sentence_says_where_it_was_looked_for(tmp_path: Path, nobody: str) -> None:
    done = tocsin(["replay", tmp_path, "--bootstrap-servers", nobody], tmp_path)
    assert done.returncode == 1
    assert f"Kafka at {nobody} does not answer" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_replay_asks_for_a_path(tmp_path: Path) -> None:
    done = tocsin(["replay"], tmp_path)
    assert done.returncode == 2
    assert b"PATH" in done.stderr


@pytest.mark.parametrize("command", ["producer", "replay"])
def test_help_gives_an_example(tmp_path: Path, command: str) -> None:
    done = tocsin([command, "--help"], tmp_path)
    assert done.returncode == 0
    assert b"Example:" in done.stdout


@pytest.mark.kafka
def test_articles_are_sent_and_the_summary_says_so(tmp_path: Path, at_kafka: dict[str, str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_bytes(ONE + b'{"text": "two"}\n' + ONE)
    (tmp_path / "in" / "b.txt").write_bytes(b"Title\nBody.\n")
    done = tocsin(["replay", "in"], tmp_path, settings=at_kafka)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"4 articles sent (")
    assert b"1 of them repeat an id that was sent before" in done.stdout
    assert b"publish_finished" in done.stderr


@pytest.mark.kafka
def test_bad_input_is_named_the_rest_is_sent_and_the_exit_code_says_so(
    tmp_path: Path, at_kafka: dict[str, str]
) -> None:
    done = tocsin(["producer", "-", "none.txt", "--json"], tmp_path, ONE + b"{bad\n" + b'{"text": "two"}\n', at_kafka)
    assert done.returncode == 1
    summary = json.loads(done.stdout)
    assert (summary["sent"], summary["bad"], summary["stopped"]) == (2, 2, False)
    assert [(bad["file"], bad["line"]) for bad in summary["bad_inputs"]] == [("standard input", 2), ("none.txt", None)]
    text = tocsin(["producer"], tmp_path, b"{bad\n", at_kafka)
    assert b"1 could not be sent:\n  standard input:1: not JSON" in text.stdout


@pytest.mark.kafka
def test_a_missing_topic_is_a_sentence(tmp_path: Path, kafka: str, topic_prefix: str) -> None:
    settings = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "TOCSIN_TOPIC_PREFIX": topic_prefix}
    done = tocsin(["producer"], tmp_path, ONE, settings)
    assert done.returncode == 1
    assert f"topic {topic_prefix}articles is missing" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.kafka
def test_an_interrupt_while_standard_input_is_silent_ends_it_and_says_what_was_sent(
    tmp_path: Path, at_kafka: dict[str, str]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "services.cli", "producer", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment({**at_kafka, "TOCSIN_LOG_LEVEL": "debug", "TOCSIN_LOG": "json"}),
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write(ONE)
        running.stdin.flush()
        while b"article_published" not in (log := running.stderr.readline()):
            assert log, "it ended before it published"
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
        summary = json.loads(running.stdout.read())
    assert running.returncode == 1
    assert (summary["sent"], summary["stopped"]) == (1, True)
    assert b"Traceback" not in rest
    assert b"Fatal Python error" not in rest
