"""The seeds through the whole stream, as `make run` does it: on the embedded broker, and on real Apache Kafka."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOULKESSI = ROOT / "seeds" / "2025-06-02T0915_sahel-wire_boulkessi-base-attacked.txt"


def environment(folder: Path, **values: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KAFKA_", "TOCSIN_"))}
    return inherited | {"PYTHONPATH": str(ROOT), "TOCSIN_RULES": str(ROOT / "rules"), "TMPDIR": str(folder)} | values


def run(*arguments: str, env: dict[str, str], cwd: Path) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "run", *arguments],
        capture_output=True,
        text=True,
        env=env,
        cwd=cwd,
        timeout=100,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()] if "--json" in arguments else []
    return done.returncode, lines, done.stdout + done.stderr


def holds_for_the_seeds(lines: list[dict[str, Any]], said: str) -> None:
    """The promises of seeds/README.md for the default subscription."""
    alerts = [line["alert"] for line in lines if "alert" in line]
    assert Counter(alert["kind"] for alert in alerts) == {"alert": 1, "update": 1, "correction": 1}, said
    assert {alert["incident"]["place"]["name"] for alert in alerts} == {"Boulkessi"}
    lows = {alert["kind"]: alert["incident"]["toll"]["killed"]["low"] for alert in alerts}
    assert lows == {"alert": 60, "update": 104, "correction": 87}
    (summary,) = [line["summary"] for line in lines if "summary" in line]
    assert list(lines[-1]) == ["summary"]
    assert summary["articles"] == len(list((ROOT / "seeds").glob("*.txt")))
    assert (summary["alerts"], summary["deliveries"], summary["dead_letters"]) == (3, 3, 0)


@pytest.mark.embedded
def test_the_seeds_on_the_embedded_broker(tmp_path: Path) -> None:
    code, lines, said = run(
        "--replay", str(ROOT / "seeds"), "--once", "--json", env=environment(tmp_path), cwd=tmp_path
    )
    assert code == 0, said
    holds_for_the_seeds(lines, said)


@pytest.mark.embedded
def test_one_article_rings_exactly_one_alert_in_words(tmp_path: Path) -> None:
    code, _, said = run("--replay", str(BOULKESSI), "--once", env=environment(tmp_path), cwd=tmp_path)
    assert code == 0, said
    headlines = [line for line in said.splitlines() if line.startswith("At least 60 soldiers killed in an attack on ")]
    assert len(headlines) == 1, said
    assert "Boulkessi, Mali" in headlines[0]


@pytest.mark.kafka
def test_the_seeds_on_apache_kafka(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    env = environment(
        tmp_path,
        KAFKA_BOOTSTRAP_SERVERS=kafka,
        TOCSIN_TOPIC_PREFIX=topic_prefix,
        TOCSIN_STORE=f"sqlite:///{tmp_path}/store.db",
        TOCSIN_PROCESSOR_PORT="0",
        TOCSIN_COMMIT_INTERVAL_SECONDS="0.2",
        TOCSIN_ALERTER_PORT="18702",
    )
    code, lines, said = run("--replay", str(ROOT / "seeds"), "--once", "--json", env=env, cwd=tmp_path)
    assert code == 0, said
    holds_for_the_seeds(lines, said)
    code, lines, said = run("--replay", str(ROOT / "seeds"), "--once", "--json", env=env, cwd=tmp_path)
    assert code == 0, said
    assert [line for line in lines if "alert" in line] == [], "the same articles again must ring nothing"


@pytest.mark.embedded
def test_it_stays_up_until_it_is_interrupted_and_ends_cleanly(tmp_path: Path) -> None:
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "run", "--replay", str(BOULKESSI), "--json"],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert "alert" in json.loads(process.stdout.readline())
        time.sleep(1)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=40)
    finally:
        log.close()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert process.returncode == 0, (tmp_path / "log").read_text()
    assert "summary" in json.loads(out.splitlines()[-1])
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.embedded
def test_hostile_and_broken_articles_end_in_the_summary_and_never_stop_the_stream(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    rows: list[str] = [
        json.dumps(
            {"id": "bell", "text": "\x00\x07\x1b[31mGunmen killed 55 villagers in Zamfara, Nigeria, on Sunday."}
        ),
        json.dumps({"id": "html", "text": "<script>alert(1)</script>" * 1000}),
        json.dumps({"id": "long", "text": "killed " * 200_000}),
        json.dumps({"id": "digits", "text": "9" * 100_000 + " people were killed"}),
        json.dumps({"id": "commas", "text": "1," * 100_000 + " dead"}),
        json.dumps({"id": "brackets", "text": "(" * 50_000 + "killed 3" + ")" * 50_000}),
        "{not json",
        json.dumps({"id": "empty"}),
    ]
    feed.write_text("\n".join(rows))
    code, lines, said = run("--replay", str(feed), "--once", "--json", env=environment(tmp_path), cwd=tmp_path)
    summary = lines[-1]["summary"]
    assert code == 1, said
    assert (summary["articles"], summary["bad_inputs"], summary["dead_letters"]) == (6, 2, 0), said
    (alert,) = [line["alert"] for line in lines if "alert" in line]
    assert not any(ord(character) < 32 for character in alert["headline"])
