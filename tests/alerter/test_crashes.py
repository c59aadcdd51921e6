"""Killed with -9 at any step, the alerter loses nothing, repeats with the same id, and keeps the order."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from schemas import Alert
from tests.alerter.crash_child import CHANNELS, INCIDENTS, REVISIONS, told

ROOT = Path(__file__).resolve().parents[2]


def live(folder: Path, last_step: int) -> int:
    """Run an alerter that dies at `last_step`, or finishes before: its exit code."""
    command = [sys.executable, "-m", "tests.alerter.crash_child", str(folder), str(last_step)]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=60, capture_output=True).returncode


def check_lanes(heard: list[Alert]) -> None:
    """Every lane has its alerts in order, none is missing, and one that comes again has the same id and content."""
    lanes: dict[tuple[str, str], list[Alert]] = {}
    for alert in heard:
        lanes.setdefault((alert.channel, alert.incident_id), []).append(alert)
    assert len(lanes) == INCIDENTS * len(CHANNELS)
    for alerts in lanes.values():
        sequences = [alert.sequence for alert in alerts]
        assert sequences == sorted(sequences)
        assert set(sequences) == set(range(1, REVISIONS + 1))
        for alert in alerts:
            assert alert == next(one for one in alerts if one.sequence == alert.sequence)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_it_tells_everything_in_order(tmp_path: Path, seed: int) -> None:
    steps = random.Random(seed)
    deaths = 0
    while (code := live(tmp_path, steps.randint(30, 400))) != 0:
        assert code == -signal.SIGKILL
        deaths += 1
        assert deaths < 60
    assert deaths >= 3

    heard = [alert for name in CHANNELS for alert in told(tmp_path / f"channel-{name}.jsonl")]
    check_lanes(heard)
    # What may come twice is what was under way when it died: no more than a lane each time.
    repeats = Counter(alert.alert_id for alert in heard)
    assert sum(repeats.values()) - len(repeats) <= deaths * INCIDENTS * len(CHANNELS)

    published = told(tmp_path / "alerts.jsonl")
    assert {alert.alert_id for alert in published} == set(repeats)
    firsts = list({alert.alert_id: alert for alert in published}.values())
    check_lanes(firsts)


def test_left_alone_it_tells_everything_once(tmp_path: Path) -> None:
    assert live(tmp_path, 1_000_000) == 0
    heard = [alert for name in CHANNELS for alert in told(tmp_path / f"channel-{name}.jsonl")]
    check_lanes(heard)
    assert len(heard) == INCIDENTS * REVISIONS * len(CHANNELS)
    assert len(told(tmp_path / "alerts.jsonl")) == len(heard)
    assert len((tmp_path / "deliveries.jsonl").read_bytes().splitlines()) == len(heard)
