"""`tocsin channels`, `alerts` and `ledger` on the store of an alerter that runs or not."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas import AlertStatus, DeliveryOutcome
from services.alerter.channels.consent import NOT_AGREED
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.delivering import outcome_of
from services.alerter.outbox.claiming import Room, claim_due
from services.alerter.outbox.engine import open_store
from services.alerter.outbox.settling import Settlement, settle_all
from services.cli.main import app
from services.cli.store import moment_of
from services.shared.errors import UserError
from tests.alerter.incidents import NOON
from tests.alerter.outbox.test_delivering import LEASED_UNTIL, ended
from tests.alerter.outboxes import decided, on_channel, rising

SUBSCRIPTIONS = """\
channels:
  - name: a
    kind: file
    path: a.jsonl
    owner_channel: b
  - name: b
    kind: terminal
subscriptions:
  - name: all-a
    channel: a
    killed_at_least: 1
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rules folder and a store in which one alert of channel `a` was delivered and one was given up."""
    monkeypatch.setenv("TOCSIN_RULES", str(tmp_path))
    monkeypatch.setenv("TOCSIN_STORE", f"sqlite:///{tmp_path}/alerter.db")
    (tmp_path / "subscriptions.yaml").write_text(SUBSCRIPTIONS)
    (tmp_path / "regions.yaml").write_text((Path(__file__).parents[2] / "rules/regions.yaml").read_text())
    asyncio.run(_fill(tmp_path))
    return tmp_path


async def _fill(folder: Path) -> None:
    store = await open_store(f"sqlite:///{folder}/alerter.db")
    for name, outcome, status in (
        ("i", DeliveryOutcome.ACCEPTED, AlertStatus.DELIVERED),
        ("j", DeliveryOutcome.DEAD, AlertStatus.DEAD),
    ):
        await decided(store, rising(name, 1), on_channel("a"))
        async with store.transaction() as connection:
            (claimed,) = await claim_due(connection, Room({"a": 9}), NOON, LEASED_UNTIL)
            answer = ChannelAnswer(outcome)
            await settle_all(connection, [Settlement(claimed, ended(claimed, outcome), status, answer)])
    await store.close()


def tocsin(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    return result.output


def test_what_was_given_up_is_listed_and_sent_again(folder: Path) -> None:
    (dead,) = [json.loads(line) for line in tocsin("alerts", "list", "--json").splitlines()]
    assert (dead["incident_id"], dead["status"], dead["attempts"]) == ("j", "dead", 1)
    shown = tocsin("alerts", "list").splitlines()
    assert shown[0] == f"{dead['alert_id']} {dead['channel']}, 1 attempt"
    assert shown[1:] == [f"  {line}" for line in (dead["headline"], dead["reason"]) if line]
    assert tocsin("alerts", "redrive", dead["alert_id"]) == f"{dead['alert_id']}: back in its lane\n"
    assert tocsin("alerts", "list", "--json") == ""
    assert tocsin("alerts", "list") == "No alert is dead.\n"
    assert dead["alert_id"] in tocsin("alerts", "list", "--status", "pending", "--json")
    assert "stays as it is. There is no such alert." in tocsin("alerts", "redrive", "alert_0", code=1)


def test_everything_given_up_since_a_time_is_recovered(folder: Path) -> None:
    assert "Nothing was given up" in tocsin(
        "alerts", "recover", "--since", "2031-05-04T13:00:00+00:00", "--channel", "a"
    )
    assert "back in its lane" in tocsin("alerts", "recover", "--since", "2031-05-04T11:00:00+00:00", "--channel", "a")


def test_a_channel_is_switched_off_and_on(folder: Path) -> None:
    tocsin("channels", "disable", "a", "--because", "Maintenance.")
    first, second = [json.loads(line) for line in tocsin("channels", "list", "--json").splitlines()]
    assert (first["channel"], first["because"], first["dead"], first["owner_channel"]) == ("a", "Maintenance.", 1, "b")
    assert first["state"].startswith("off since")
    assert second["state"] == "on"
    recovered = tocsin("alerts", "recover", "--since", "2031-05-04T11:00:00+00:00", "--channel", "a")
    assert "tocsin channels enable a" in recovered
    assert tocsin("channels", "enable", "a") == "The channel a is on; 1 alert waits for it.\n"
    result = CliRunner().invoke(app, ["channels", "enable", "c"])
    assert isinstance(result.exception, UserError)


def test_a_channel_that_fails_says_why_and_one_that_has_not_agreed_says_so(folder: Path) -> None:
    for reason, state in (("Answered 503", "failing"), (f"{NOT_AGREED}: answered 405", "not agreed")):
        asyncio.run(_fail(folder, reason))
        first, _ = [json.loads(line) for line in tocsin("channels", "list", "--json").splitlines()]
        assert (first["state"], first["because"], first["consent"]) == (state, reason, None)
    assert "not agreed" in tocsin("channels", "list")


async def _fail(folder: Path, reason: str) -> None:
    store = await open_store(f"sqlite:///{folder}/alerter.db")
    await decided(store, rising(f"k-{len(reason)}", 1), on_channel("a"))
    async with store.transaction() as connection:
        (claimed,) = await claim_due(connection, Room({"a": 9}), NOON, LEASED_UNTIL)
        answer = ChannelAnswer(DeliveryOutcome.RETRY, reason)
        delivery, status = outcome_of(claimed, answer, NOON, NOON)
        await settle_all(connection, [Settlement(claimed, delivery, status, answer)])
    await store.close()


def test_the_ledger_is_shown_and_proves_itself(folder: Path) -> None:
    assert "accepted" in tocsin("ledger", "show", "all-a")
    assert tocsin("ledger", "verify").startswith("all-a: 2 entries, whole, digest ")
    (head,) = [json.loads(line) for line in tocsin("ledger", "head").splitlines()]
    assert (head["subscription"], head["sequence"]) == ("all-a", 2)


def test_a_ledger_that_somebody_touched_is_named_with_its_first_broken_link(folder: Path) -> None:
    kept = folder / "heads.jsonl"
    kept.write_text(tocsin("ledger", "head"))
    with sqlite3.connect(folder / "alerter.db") as database:
        database.execute("UPDATE ledger SET entry = replace(entry, 'dead', 'accepted') WHERE sequence = 2")
    assert "all-a: broken at entry 2. Entry 2 was edited" in tocsin("ledger", "verify", code=1)
    with sqlite3.connect(folder / "alerter.db") as database:
        database.execute("DELETE FROM ledger WHERE sequence = 2")
    assert "broken at entry 2. Entries 2 to 2 are missing" in tocsin("ledger", "verify", code=1)
    with sqlite3.connect(folder / "alerter.db") as database:
        database.execute("UPDATE ledger_heads SET sequence = 1, digest = (SELECT digest FROM ledger)")
    tocsin("ledger", "verify")
    assert "whose digest was kept elsewhere, is missing" in tocsin("ledger", "verify", "--head", str(kept), code=1)


def test_a_time_is_so_long_ago_or_stands_with_its_zone() -> None:
    assert [moment_of(text, NOON).isoformat() for text in ("90m", "2d", "2031-05-04T12:00:00+02:00")] == [
        "2031-05-04T10:30:00+00:00",
        "2031-05-02T12:00:00+00:00",
        "2031-05-04T10:00:00+00:00",
    ]
    for text in ("yesterday", "2031-05-04T12:00:00"):
        with pytest.raises(UserError):
            moment_of(text, NOON)
