"""`tocsin subscriptions apply`, `silences` and `holds`: what they say, what they change, and how they exit."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from schemas import Hold, QuietHours
from services.alerter.deciding import Audience, Revision
from services.alerter.outbox.engine import open_store
from services.alerter.outbox.tables import subscription_changes
from services.alerter.policy.matching import compile_subscription
from services.cli.holds import holds_app
from services.cli.silences import silences_app
from services.cli.subscriptions import subscriptions_app
from services.shared.errors import UserError
from tests.alerter.incidents import NOON, incident, subscription
from tests.alerter.test_releasing import decide

ROOT = Path(__file__).resolve().parents[2]
FILE = """\
channels:
  - name: log
    kind: terminal
subscriptions:
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "regions.yaml").write_text((ROOT / "rules/regions.yaml").read_text())
    write(folder, "mali: regions: [ML]")
    return folder


def write(rules: Path, *lines: str) -> None:
    """Subscriptions, each `name: field: value`."""
    text = FILE
    for line in lines:
        name, _, fields = line.partition(": ")
        text += f"  - name: {name}\n    channel: log\n" + (f"    {fields}\n" if fields else "")
    (rules / "subscriptions.yaml").write_text(text if lines else text.replace("subscriptions:", "subscriptions: []"))


def call(app: Any, folder: Path, *arguments: str, stdin: str | None = None) -> Result:
    options = ["--store", f"sqlite:///{folder.parent}/alerter.db"]
    if app is subscriptions_app or arguments[0] == "add":
        options += ["--rules", str(folder)]
    result = CliRunner().invoke(app, [*arguments, *options], input=stdin)
    if isinstance(result.exception, UserError):
        raise result.exception
    return result


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_apply_shows_the_difference_and_keeps_every_change_with_its_author(rules: Path) -> None:
    assert call(subscriptions_app, rules, "apply", "--yes", "--author", "Ada").exit_code == 0
    write(rules, "mali: killed_at_least: 5", "new: types: [flood]")
    result = call(subscriptions_app, rules, "apply", "--yes", "--author", "Bo")
    assert result.stdout.splitlines() == [
        '~ mali  regions: ["ML"] -> nothing; killed_at_least: nothing -> 5',
        '+ new  channel: log; types: ["flood"]',
    ]
    assert "Applied 2 changes as Bo." in result.stderr
    write(rules, "new: types: [flood]")
    assert call(subscriptions_app, rules, "apply", "--yes", "--author", "Ada").stdout == "- mali\n"
    assert "in force already" in call(subscriptions_app, rules, "apply", "--yes").stderr

    async def kept() -> list[tuple[str, str | None, bool]]:
        store = await open_store(f"sqlite:///{rules.parent}/alerter.db")
        async with store.reading() as connection:
            found = await connection.execute(select(subscription_changes).order_by(subscription_changes.c.position))
            changes = [(row.name, row.author, row.written is None) for row in found]
        await store.close()
        return changes

    assert asyncio.run(kept()) == [
        ("mali", "Ada", False),
        ("mali", "Bo", False),
        ("new", "Bo", False),
        ("mali", "Ada", True),
    ]


def test_a_dry_run_changes_nothing_and_says_how_many_known_incidents_each_change_asks_for(rules: Path) -> None:
    call(subscriptions_app, rules, "apply", "--yes", "--author", "Ada")
    write(rules, "mali: killed_at_least: 50", "floods: types: [flood]")
    known = "".join(
        incident(killed, number, incident_id=f"inc-{number}").to_bytes().decode() + "\n"
        for number, killed in enumerate((20, 60, 90), 1)
    )
    arguments = ("apply", "--dry-run", "--incidents", "-", "--json")
    changed, added = rows(call(subscriptions_app, rules, *arguments, stdin=known))
    assert (changed["name"], changed["change"], changed["asks_for"], changed["asked_for"]) == ("mali", "changed", 2, 3)
    assert changed["fields"]["killed_at_least"] == [None, 50]
    assert (added["change"], added["incidents"], added["asks_for"]) == ("added", 3, 0)
    assert len(rows(call(subscriptions_app, rules, *arguments, stdin=known))) == 2


def test_without_somebody_to_ask_nothing_is_applied(rules: Path) -> None:
    with pytest.raises(UserError, match="call again with --yes"):
        call(subscriptions_app, rules, "apply")
    assert len(rows(call(subscriptions_app, rules, "apply", "--dry-run", "--json"))) == 1


def test_apply_refuses_a_file_with_mistakes_and_changes_nothing(rules: Path) -> None:
    write(rules, "mali: regions: [Mali]")
    with pytest.raises(UserError, match=r"regions\[0\]"):
        call(subscriptions_app, rules, "apply", "--yes")


def test_a_silence_is_added_listed_and_ended(rules: Path) -> None:
    named = ("--region", "ML", "--type", "flood", "--until", "2h", "--reason", "Known", "--author", "Ada")
    added = call(silences_app, rules, "add", *named)
    identity = added.stdout.strip()
    (row,) = rows(call(silences_app, rules, "list", "--json"))
    assert (row["silence_id"], row["regions"], row["author"], row["in_force"]) == (identity, ["ML"], "Ada", True)
    ends = datetime.fromisoformat(row["until"]) - datetime.fromisoformat(row["starts"])
    assert ends == timedelta(hours=2)
    assert "in force" in call(silences_app, rules, "list").stdout
    assert call(silences_app, rules, "expire", identity, "--author", "Bo").exit_code == 0
    assert call(silences_app, rules, "list").stdout == "There are no silences.\n"
    (row,) = rows(call(silences_app, rules, "list", "--all", "--json"))
    assert row["ended_by"] == "Bo"
    with pytest.raises(UserError, match=r"no silence .* that is not over"):
        call(silences_app, rules, "expire", identity)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--until", "2h"], "it would silence everything"),
        (["--until", "tomorrow", "--region", "ML"], "--until: tomorrow is no moment: write 90m, 2h, 3d"),
        (["--until", "2031-01-01T00:00", "--region", "ML"], "has no time zone"),
        (["--until", "2h", "--region", "Mali"], "did you mean ML"),
        (["--until", "2h", "--where", "kiled > 3"], "--where: .*kiled"),
        (["--until", "2001-01-01T00:00:00Z", "--region", "ML"], "until must be later than starts"),
        (["--from", "2001-01-01T00:00:00Z", "--until", "2h", "--region", "ML"], "which is past"),
    ],
)
def test_a_silence_that_cannot_be_meant_is_refused_in_a_sentence(rules: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        call(silences_app, rules, "add", "--reason", "Known", *arguments)


def test_holds_shows_what_waits_and_until_when(rules: Path) -> None:
    assert call(holds_app, rules, "list").stdout == "Nothing waits.\n"
    asked = compile_subscription(subscription(quiet_hours=(QuietHours(start="08:00", end="18:00"),)))

    async def wait() -> None:
        store = await open_store(f"sqlite:///{rules.parent}/alerter.db")
        await decide(store, Audience([asked]), Revision(incident(60, as_of=NOON), [], NOON))
        await store.close()

    asyncio.run(wait())
    (row,) = rows(call(holds_app, rules, "list", "--json"))
    assert (row["subscription"], row["reason"]) == ("desk", "quiet_hours")
    assert datetime.fromisoformat(row["due"]) == NOON.astimezone(UTC) + timedelta(hours=6)
    assert row["headline"].startswith("At least 60 soldiers killed")
    assert "quiet_hours" in call(holds_app, rules, "list").stdout
    assert rows(call(holds_app, rules, "list", "--json", "--reason", "held")) == []


def test_what_is_held_is_released_by_its_revision_and_nothing_else_is(rules: Path) -> None:
    asked = compile_subscription(subscription(hold=Hold()))

    async def wait() -> None:
        store = await open_store(f"sqlite:///{rules.parent}/alerter.db")
        await decide(store, Audience([asked]), Revision(incident(5000, as_of=NOON), [], NOON))
        await store.close()

    asyncio.run(wait())
    named = ("release", "desk", "inc-1", "--reason", "Confirmed", "--author", "Ada", "--revision")
    with pytest.raises(UserError, match="Revision 2 of inc-1 is not held"):
        call(holds_app, rules, *named, "2")
    assert "inc-1 is released for desk" in call(holds_app, rules, *named, "1").stdout
    (row,) = rows(call(holds_app, rules, "list", "--json"))
    assert datetime.fromisoformat(row["due"]) <= datetime.now(UTC)
