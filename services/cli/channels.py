"""`tocsin channels`: how their receivers do, and switching them off and on."""

from __future__ import annotations

import json as jsonlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from schemas import WebhookChannel
from services.alerter.channels.consent import NOT_AGREED
from services.alerter.channels.webhook_signing import public_key_of
from services.alerter.destinations import HEALTHY, DestinationState
from services.alerter.outbox.destinations import read_destinations, switch_off, switch_on
from services.alerter.outbox.engine import Store
from services.alerter.outbox.redriving import ChannelCounts, counts_by_channel, last_reasons
from services.alerter.subscriptions import LoadedSubscriptions
from services.cli.loading import load_with_notes
from services.cli.store import with_store
from services.shared.errors import UserError
from services.shared.settings import load_settings

Rules = Annotated[Path | None, typer.Option(help="Folder of subscriptions.yaml and regions.yaml.")]
StoreOption = Annotated[str | None, typer.Option(help="SQLAlchemy URL of the store.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]
Name = Annotated[str, typer.Argument(help="The channel.")]

channels_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Channels: how their receivers do, and switching them off and on.\n\nExample: tocsin channels list",
)


@channels_app.command("list")
def list_command(rules: Rules = None, store: StoreOption = None, json: Json = False) -> None:
    """Show every channel: whether it is on, since when it fails and why, what waits for it and what was given up.

    Example: tocsin channels list
    """
    settings = load_settings(rules=rules, store=store)
    loaded = load_with_notes(settings)

    async def read(opened: Store) -> tuple[dict[str, DestinationState], dict[str, ChannelCounts], dict[str, str]]:
        async with opened.reading() as connection:
            found = await read_destinations(connection)
            failing = [name for name, one in found.items() if one.failures]
            return found, await counts_by_channel(connection), await last_reasons(connection, failing)

    states, counts, reasons = with_store(settings, read)
    rows = []
    now = datetime.now(UTC)
    for name in [*loaded.channels, *sorted({*states, *counts} - set(loaded.channels))]:
        channel, state = loaded.channels.get(name), states.get(name, HEALTHY)
        of = counts.get(name, ChannelCounts())
        rows.append(
            {
                "channel": name,
                "kind": channel.kind if channel else None,
                "owner_channel": channel.owner_channel if channel else None,
                "state": _state(state, reasons.get(name, ""), now) if channel else "not in the file",
                "failures": state.failures,
                "failing_since": state.failing_since.isoformat(timespec="seconds") if state.failing_since else None,
                "because": state.off_because or reasons.get(name, ""),
                "consent": channel.consent if isinstance(channel, WebhookChannel) else None,
                "waiting": of.waiting,
                "dead": of.dead,
            }
        )
    if json:
        for row in rows:
            typer.echo(jsonlib.dumps(row, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("channel", "kind", "state", "failing since", "waiting", "dead", "because"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        keys = ("channel", "kind", "state", "failing_since", "waiting", "dead", "because")
        table.add_row(*("" if row[key] is None else str(row[key]) for key in keys))
    Console(highlight=False, markup=False).print(table)


@channels_app.command("disable")
def disable_command(
    name: Name,
    because: Annotated[str, typer.Option(help="Why, for those who look.")] = "Switched off by hand.",
    rules: Rules = None,
    store: StoreOption = None,
) -> None:
    """Send nothing to a channel until it is switched on; what is decided for it waits.

    Example: tocsin channels disable duty-desk --because "moving to a new endpoint"
    """
    settings = load_settings(rules=rules, store=store)
    _known(load_with_notes(settings), name)

    async def work(opened: Store) -> bool:
        async with opened.transaction() as connection:
            return await switch_off(connection, name, because, datetime.now(UTC))

    typer.echo(f"The channel {name} is switched off." if with_store(settings, work) else f"{name} is off already.")


@channels_app.command("enable")
def enable_command(name: Name, rules: Rules = None, store: StoreOption = None) -> None:
    """Send to a channel again: whatever waits for it is due at once. What was given up stays so, see `tocsin alerts`.

    Example: tocsin channels enable duty-desk
    """
    settings = load_settings(rules=rules, store=store)
    _known(load_with_notes(settings), name)

    async def work(opened: Store) -> int:
        async with opened.transaction() as connection:
            return await switch_on(connection, name, datetime.now(UTC))

    waiting = with_store(settings, work)
    typer.echo(f"The channel {name} is on; {waiting} {'alert waits' if waiting == 1 else 'alerts wait'} for it.")


@channels_app.command("key")
def key_command(name: Name, rules: Rules = None, store: StoreOption = None, json: Json = False) -> None:
    """Show the public keys by which receivers verify a webhook channel's signatures (v1a); no secret is shown.

    Example: tocsin channels key duty-desk
    """
    loaded = load_with_notes(load_settings(rules=rules, store=store))
    _known(loaded, name)
    if loaded.channels[name].kind != "webhook":
        raise UserError(f"{name} is a {loaded.channels[name].kind} channel; webhooks alone are signed.")
    keys = [key for one in loaded.secrets[name].get_secret_value().split() if (key := public_key_of(one)) is not None]
    if not keys:
        raise UserError(
            f"The webhook {name} is signed with a secret that its receiver shares (whsec_). For a public key give it a "
            "private one, whsk_ and the base64 of 32 random bytes; while keys change, both may stand there."
        )
    for key in keys:
        typer.echo(jsonlib.dumps({"channel": name, "public_key": key}) if json else key)


def _known(loaded: LoadedSubscriptions, name: str) -> None:
    if name not in loaded.channels:
        raise UserError(f"There is no channel {name}; there are: {', '.join(loaded.channels) or 'none'}.")


def _state(state: DestinationState, reason: str, now: datetime) -> str:
    if state.off_at is not None:
        return f"off since {state.off_at.isoformat(timespec='seconds')}"
    if reason.startswith(NOT_AGREED):
        return "not agreed"
    if state.closed_until is not None and state.closed_until > now:
        return f"rests until {state.closed_until.isoformat(timespec='seconds')}"
    return "failing" if state.failures else "on"
