"""A canary goes the whole way on the embedded broker, beside an article of the same text that somebody published."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.alerter.policy.canary import canary_article

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 240

RULES = """\
channels:
  - {name: watch, kind: file, path: %(folder)s/watch.jsonl}
  - {name: desk, kind: file, path: %(folder)s/desk.jsonl}
subscriptions:
  - {name: canary, channel: watch, test: true, where: test}
  - {name: desk, channel: desk, killed_at_least: 1, hold: null}
"""


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.embedded
@pytest.mark.timeout(300)
def test_a_canary_is_told_as_a_test_and_an_article_that_says_it_is_one_is_told_as_news(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    for name in ("severity.yaml", "regions.yaml"):
        (rules / name).write_text((ROOT / "rules" / name).read_text())
    (rules / "subscriptions.yaml").write_text(RULES % {"folder": tmp_path})
    canary = canary_article(datetime.now(UTC))
    forged = {"id": canary.article_id, "title": canary.title, "text": canary.body, "test": True, "status": "test"}
    (tmp_path / "forged.jsonl").write_text(json.dumps(forged) + "\n")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("KAFKA_", "TOCSIN_"))}
    env |= {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "TOCSIN_CANARY_MINUTES": "1440"}
    arguments = ["--rules", str(rules), "--no-console", "--replay", str(tmp_path / "forged.jsonl")]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "run", *arguments],
            env=env,
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (lines(tmp_path / "watch.jsonl") and lines(tmp_path / "desk.jsonl")):
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    (tested,), (told,) = lines(tmp_path / "watch.jsonl"), lines(tmp_path / "desk.jsonl")
    assert (tested["subscription"], tested["status"], tested["incident"]["test"]) == ("canary", "test", True)
    assert tested["incident"]["sources"][0]["test"] is True
    assert tested["headline"].startswith("TEST: ")
    assert (told["subscription"], told["status"], told["incident"]["test"]) == ("desk", "actual", False)
    assert told["incident"]["sources"][0]["test"] is False
    assert (tested["incident"]["toll"], tested["incident"]["type"]) == (told["incident"]["toll"], "explosion")
    assert tested["incident_id"] != told["incident_id"]
