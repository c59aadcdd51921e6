"""`tocsin alerts`: what waits, what was given up, and having it sent again."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus
from services.alerter.outbox.engine import Store
from services.alerter.outbox.redriving import Redriven, dead_since, redrive, switched_off_among
from services.alerter.outbox.tables import alerts
from services.alerter.policy.plain_text import one_line
from services.cli.store import moment_of, with_store
from services.shared.settings import load_settings

StoreOption = Annotated[str | None, typer.Option(help="SQLAlchemy URL of the store.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]
Channel = Annotated[str | None, typer.Option(help="Only those of this channel.")]

alerts_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Alerts in the store: those that wait, those that were given up, and sending them again."
    "\n\nExample: tocsin alerts list --status dead",
)


@alerts_app.command("list")
def list_command(
    status: Annotated[AlertStatus, typer.Option(help="Where they stand.")] = AlertStatus.DEAD,
    channel: Channel = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 100,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Show alerts with the reason why they stand where they do; those that were given up, where nothing is asked for.

    Example: tocsin alerts list --status pending --channel duty-desk
    """

    async def read(opened: Store) -> list[dict[str, object]]:
        async with opened.reading() as connection:
            return await _rows(connection, status, channel, limit)

    rows = with_store(load_settings(store=store), read)
    if json:
        for row in rows:
            typer.echo(jsonlib.dumps(row, ensure_ascii=False))
        return
    typer.echo("\n\n".join(map(_shown, rows)) or f"No alert is {status.value}.")


def _shown(row: Mapping[str, object]) -> str:
    """One alert in lines that fit beside nothing: its id, what it says, and why it stands where it does."""
    attempts = "1 attempt" if row["attempts"] == 1 else f"{row['attempts']} attempts"
    due = f", next {row['next_attempt_at']}" if row["next_attempt_at"] else ""
    lines = [f"{row['alert_id']}  {row['channel']}, {attempts}{due}", row["headline"], row["reason"]]
    return "\n  ".join(one_line(str(line), 500) for line in lines if line)


@alerts_app.command("redrive")
def redrive_command(
    alert_ids: Annotated[list[str], typer.Argument(help="Ids of alerts, as `tocsin alerts list` shows them.")],
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Send alerts again: those given up go back into their lanes with the same ids, those that wait are due at once.

    Example: tocsin alerts redrive alert_5c66e0d2
    """

    async def work(opened: Store) -> tuple[Redriven, list[str]]:
        async with opened.transaction() as connection:
            result = await redrive(connection, alert_ids, datetime.now(UTC))
            return result, await switched_off_among(connection, result.put_back + result.brought_forward)

    _say(*with_store(load_settings(store=store), work), json=json)


@alerts_app.command("recover")
def recover_command(
    since: Annotated[str, typer.Option(help="Given up since then: 90m, 6h, 2d ago, or ISO 8601 with a time zone.")],
    channel: Annotated[str, typer.Option(help="The channel whose alerts were given up.")],
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Send everything again that was given up for a channel since a time.

    Example: tocsin alerts recover --since 6h --channel duty-desk
    """
    now = datetime.now(UTC)
    at = moment_of(since, now)

    async def work(opened: Store) -> tuple[Redriven, list[str]]:
        async with opened.transaction() as connection:
            result = await redrive(connection, await dead_since(connection, channel, at), now)
            return result, await switched_off_among(connection, result.put_back)

    _say(*with_store(load_settings(store=store), work), json=json)


async def _rows(
    connection: AsyncConnection, status: AlertStatus, channel: str | None, limit: int
) -> list[dict[str, object]]:
    query = select(alerts).where(alerts.c.status == status).order_by(alerts.c.position.desc()).limit(limit)
    if channel is not None:
        query = query.where(alerts.c.channel == channel)
    rows = []
    for row in await connection.execute(query):
        alert = Alert.model_validate_json(row.payload)
        rows.append(
            {
                "alert_id": row.alert_id,
                "subscription": row.subscription,
                "channel": row.channel,
                "incident_id": row.incident_id,
                "revision": row.revision,
                "sequence": row.sequence,
                "kind": row.kind,
                "status": row.status,
                "attempts": row.attempts,
                "next_attempt_at": row.next_attempt_at.isoformat(timespec="seconds") if row.next_attempt_at else None,
                "settled_at": row.settled_at.isoformat(timespec="seconds") if row.settled_at else None,
                "headline": alert.headline,
                "reason": row.reason,
            }
        )
    return rows


def _say(result: Redriven, off: list[str], *, json: bool) -> None:
    """Print what became of each alert; exit 1 where one was not to be found or stays as it is."""
    if json:
        typer.echo(jsonlib.dumps(asdict(result) | {"switched_off": off}, ensure_ascii=False))
    else:
        for name, ids in (("back in its lane", result.put_back), ("due at once", result.brought_forward)):
            for one in ids:
                typer.echo(f"{one}: {name}")
        for given in result.given_way:
            typer.echo(f"{given.alert_id}: gives way. {given.because}")
        for left in result.left:
            typer.echo(f"{left.alert_id}: stays as it is. {left.because}")
        if not any((result.put_back, result.brought_forward, result.given_way, result.left)):
            typer.echo("Nothing was given up there.")
        for channel in off:
            typer.echo(f"The channel {channel} is switched off; they wait for: tocsin channels enable {channel}")
    if result.left:
        raise typer.Exit(1)
