"""Killed with -9 while one message tells of several incidents, each of them is told, and by no other message."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import select

from schemas import AlertStatus, Delivery
from services.alerter.ledger import Verified, verify_chain
from services.alerter.outbox.engine import open_store
from services.alerter.outbox.ledger import read_heads, read_ledger
from services.alerter.outbox.tables import alerts
from tests.alerter.bundle_crash_child import DAYS, INCIDENTS, QUIET
from tests.alerter.crash_child import told

ROOT = Path(__file__).resolve().parents[2]
LIVES = 22
"""More than the steps from sending a message until it is recorded, so that each is somebody's last."""


def live(folder: Path, last_step: int) -> int:
    command = [sys.executable, "-m", "tests.alerter.bundle_crash_child", str(folder), str(last_step)]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=120, capture_output=True).returncode


@pytest.mark.timeout(300)
async def test_killed_at_every_step_of_a_bundle_it_tells_each_incident_by_one_message(tmp_path: Path) -> None:
    deaths = 0
    for last_step in range(1, LIVES):
        code = live(tmp_path, last_step)
        assert code in (0, -signal.SIGKILL)
        deaths += code != 0
    assert live(tmp_path, 1_000_000) == 0
    assert deaths > LIVES / 2

    heard = told(tmp_path / "channel-a.jsonl")
    # A message that comes again is the same, and comes before the next.
    messages = [[*same] for _, same in groupby(heard, key=lambda one: one.alert_id)]
    assert len(messages) == DAYS
    assert all(one == same[0] for same in messages for one in same)
    assert 0 < len(heard) - DAYS <= deaths

    # Each incident is told on each day, in order, by the message of that day alone.
    for day, (message, *_) in enumerate(messages, 1):
        named = [(message.incident_id, message.sequence), *((one.incident_id, one.sequence) for one in message.also)]
        assert sorted(named) == [(f"inc-{number}", day) for number in range(INCIDENTS)]

    # And what the store and the topics say of it is the same.
    store = await open_store(f"sqlite:///{tmp_path}/alerter.db")
    async with store.reading() as connection:
        rows = (await connection.execute(select(alerts))).all()
        entries = [one async for one in read_ledger(connection, QUIET.name)]
        (head,) = await read_heads(connection, [QUIET.name])
    await store.close()
    assert verify_chain(QUIET.name, entries, head) == Verified(QUIET.name, DAYS * INCIDENTS, head.digest)
    carriers = {message.alert_id for message, *_ in messages}
    assert Counter(row.carried_by for row in rows if row.carried_by) == dict.fromkeys(carriers, INCIDENTS - 1)
    assert {row.alert_id for row in rows if row.carried_by is None} == carriers
    assert {row.status for row in rows} == {AlertStatus.DELIVERED}
    assert {row.alert_id for row in rows} == {one.alert_id for one in told(tmp_path / "alerts.jsonl")}
    lines = (tmp_path / "deliveries.jsonl").read_bytes().splitlines()
    recorded = {one.delivery_id: one for one in map(Delivery.model_validate_json, lines)}
    assert Counter(one.alert_id for one in recorded.values()) == dict.fromkeys((row.alert_id for row in rows), 1)
