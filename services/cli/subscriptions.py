"""`tocsin subscriptions`: check who is told of what, list it, and try it out."""

from __future__ import annotations

import asyncio
import json as jsonlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from schemas import (
    DeliveryOutcome,
    Subscription,
    Told,
)
from services.alerter.policy.decision import alert_id, decide, told_by
from services.alerter.policy.matching import CompiledSubscription
from services.alerter.policy.message import compose
from services.alerter.subscriptions import FILE, LoadedSubscriptions
from services.cli.incident_files import read_incidents
from services.cli.loading import load_with_notes
from services.cli.subscriptions_apply import apply_command
from services.cli.trial_message import send_test_message
from services.shared.errors import UserError
from services.shared.logs import configure_logs
from services.shared.settings import load_settings

Rules = Annotated[Path | None, typer.Option(help="Folder of subscriptions.yaml and regions.yaml.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]

subscriptions_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Who is told of what, and by which channel: rules/subscriptions.yaml.",
)


@subscriptions_app.command("check")
def check_command(rules: Rules = None, json: Json = False) -> None:
    """Say everything that is wrong with the subscriptions, by line; exit 1 where anything is.

    Example: tocsin subscriptions check
    """
    folder, loaded = _load(rules)
    if json:
        row = {"channels": len(loaded.channels), "subscriptions": len(loaded.subscriptions), "notes": loaded.notes}
        typer.echo(jsonlib.dumps(row))
        return
    for note in loaded.notes:
        typer.echo(f"Note: {note}")
    typer.echo(
        f"{folder / FILE} is valid: {_count(len(loaded.subscriptions), 'subscription')}, "
        f"{_count(len(loaded.channels), 'channel')}."
    )


@subscriptions_app.command("list")
def list_command(rules: Rules = None, json: Json = False) -> None:
    """Show every subscription with its channel and conditions.

    Example: tocsin subscriptions list
    """
    _, loaded = _load(rules)
    if json:
        for compiled in loaded.subscriptions:
            typer.echo(compiled.subscription.model_dump_json())
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("subscription", "channel", "kind", "conditions"):
        table.add_column(heading, overflow="fold")
    for compiled in loaded.subscriptions:
        one = compiled.subscription
        table.add_row(one.name, one.channel, loaded.channels[one.channel].kind, _conditions(one))
    Console(highlight=False, markup=False).print(table)


subscriptions_app.command("apply")(apply_command)


@subscriptions_app.command("test")
def try_command(
    name: Annotated[str, typer.Argument(help="The subscription.")],
    incidents: Annotated[
        Path | None,
        typer.Option(help="Revisions of incidents, one JSON line each (- for standard input): nothing is sent."),
    ] = None,
    rules: Rules = None,
    json: Json = False,
) -> None:
    """Send a test message by the subscription's channel; or show what it would be told of given incidents.

    What is shown is what the facts call for, whatever the time of day: quiet hours and the like are left aside.

    Examples: tocsin subscriptions test mass-casualty

    tocsin incidents seeds | tocsin subscriptions test mass-casualty --incidents -
    """
    configure_logs(load_settings(rules=rules), "subscriptions")
    _, loaded = _load(rules)
    compiled = next((one for one in loaded.subscriptions if one.subscription.name == name), None)
    if compiled is None:
        known = ", ".join(one.subscription.name for one in loaded.subscriptions) or "none"
        raise UserError(f"There is no subscription {name}; there are: {known}.")
    if incidents is not None:
        for row in _would_be_told(compiled, incidents):
            typer.echo(jsonlib.dumps(row, ensure_ascii=False) if json else _told_line(row))
        return
    answer = asyncio.run(send_test_message(compiled.subscription, loaded, sys.stdout))
    row = {"subscription": name, "channel": compiled.subscription.channel, "outcome": answer.outcome.value}
    if json:
        typer.echo(jsonlib.dumps(row | {"reason": answer.reason, "status_code": answer.status_code}))
    elif answer.outcome is DeliveryOutcome.ACCEPTED:
        typer.echo(f"The channel {compiled.subscription.channel} accepted a test message.")
    else:
        typer.echo(f"The channel {compiled.subscription.channel} did not accept a test message: {answer.reason}")
    if answer.outcome is not DeliveryOutcome.ACCEPTED:
        raise typer.Exit(1)


def _load(rules: Path | None) -> tuple[Path, LoadedSubscriptions]:
    settings = load_settings(rules=rules)
    return settings.rules, load_with_notes(settings)


def _conditions(subscription: Subscription) -> str:
    parts = []
    if subscription.killed_at_least is not None:
        parts.append(f"at least {subscription.killed_at_least:,} killed")
    if subscription.severity_at_least is not None:
        parts.append(f"severity {subscription.severity_at_least} or worse")
    if subscription.types:
        parts.append(" or ".join(kind.replace("_", " ") for kind in subscription.types))
    if subscription.regions:
        parts.append("in " + " or ".join(subscription.regions))
    if subscription.where is not None:
        parts.append(subscription.where)
    return "; ".join(parts) + (" (test)" if subscription.test else "") if parts else "every incident"


def _would_be_told(compiled: CompiledSubscription, path: Path) -> Iterator[dict[str, Any]]:
    """One row for each revision: what it would be told, and why it would or would not."""
    told: dict[str, Told] = {}
    for incident in read_incidents(path):
        before = told.get(incident.incident_id)
        decision = decide(compiled, before, incident)
        headline = ""
        if decision.kind is not None:
            headline = compose(compiled.subscription, decision, incident, before).headline
            identity = alert_id(compiled.subscription.name, incident.incident_id, incident.revision)
            told[incident.incident_id] = told_by(decision, incident, headline, identity, before)
        yield {
            "incident_id": incident.incident_id,
            "revision": incident.revision,
            "kind": decision.kind,
            "reason": decision.reason,
            "because": decision.because,
            "headline": headline,
        }


def _told_line(row: dict[str, Any]) -> str:
    if row["kind"] is None:
        return f"-           {row['incident_id']} revision {row['revision']}: {row['because']}"
    return f"{row['kind']:<11} {row['headline']}\n            {row['because']}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
