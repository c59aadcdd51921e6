"""`tocsin silences`: for a time, somebody is not to be told of something."""

from __future__ import annotations

import json as jsonlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import IncidentType, Silence
from services.alerter.new_silence import SilenceFaultsError, new_silence
from services.alerter.outbox.silences import KeptSilence, add_silence, end_silence, known_silences
from services.cli.store_beside import Author, StoreUrl, author_of, in_store
from services.regions.regions import explain_unknown_region
from services.shared.errors import UserError
from services.shared.regions_file import load_regions
from services.shared.settings import load_settings

Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]

silences_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="For a time, somebody is not to be told of something; maintenance of a channel is a silence of it. What waits "
    "is told as it stands when the silence ends. Corrections and cancels are never silenced."
    "\n\nExample: tocsin silences list",
)


@silences_app.command("add")
def add_command(
    until: Annotated[str, typer.Option(help="When it ends: 90m, 2h, 3d from its beginning, or 2031-01-01T06:00:00Z.")],
    reason: Annotated[str, typer.Option(help="Why, for whoever finds that something was not told.")],
    starts: Annotated[str | None, typer.Option("--from", help="When it begins; now where left out.")] = None,
    subscription: Annotated[list[str] | None, typer.Option(help="Name of a subscription; may be repeated.")] = None,
    channel: Annotated[list[str] | None, typer.Option(help="Name of a channel; may be repeated.")] = None,
    incident: Annotated[list[str] | None, typer.Option(help="Id of an incident; may be repeated.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Region, country or division; may be repeated.")] = None,
    kind: Annotated[list[IncidentType] | None, typer.Option("--type", help="Incident type; may be repeated.")] = None,
    where: Annotated[str | None, typer.Option(help="A CEL condition over the incident's variables.")] = None,
    author: Author = None,
    rules: Annotated[Path | None, typer.Option(help="Folder of regions.yaml.")] = None,
    store: StoreUrl = None,
    json: Json = False,
) -> None:
    """Silence what meets all that is named; prints the silence's id.

    Examples: tocsin silences add --region ML --until 2h --reason "We know, the desk is on it"

    tocsin silences add --channel duty-desk --from 2031-01-01T22:00:00Z --until 4h --reason Maintenance
    """
    settings, now = load_settings(rules=rules, store=store), datetime.now(UTC)
    regions = load_regions(settings.rules) if region else None

    def explain(text: str) -> str | None:
        return None if regions is None else explain_unknown_region(text, regions)

    written = {
        "subscriptions": tuple(subscription or ()),
        "channels": tuple(channel or ()),
        "incidents": tuple(incident or ()),
        "regions": tuple(region or ()),
        "types": tuple(kind or ()),
        "where": where,
        "reason": reason,
    }
    try:
        silence = new_silence(written, starts, until, author_of(author), now, explain)
    except SilenceFaultsError as error:
        raise UserError("; ".join(_said(location, message) for location, message in error.faults)) from error

    async def add(connection: AsyncConnection) -> None:
        await add_silence(connection, silence, now)

    in_store(settings, add)
    typer.echo(silence.model_dump_json() if json else silence.silence_id)


@silences_app.command("list")
def list_command(
    every: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
    store: StoreUrl = None,
    json: Json = False,
) -> None:
    """Show the silences that are in force or to come.

    Example: tocsin silences list
    """
    now = datetime.now(UTC)

    async def read(connection: AsyncConnection) -> list[KeptSilence]:
        return await known_silences(connection, None if every else now)

    found = in_store(load_settings(store=store), read)
    if json:
        for one in found:
            row = one.silence.model_dump(mode="json", exclude_defaults=True)
            ended = one.ended_at.isoformat() if one.ended_at else None
            typer.echo(
                jsonlib.dumps(row | {"in_force": one.in_force(now), "ended_at": ended, "ended_by": one.ended_by})
            )
        return
    if not found:
        typer.echo("There are no silences.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("silence", "state", "until", "of", "author", "reason"):
        table.add_column(heading, overflow="fold")
    for one in found:
        state = "over" if one.over(now) else "in force" if one.in_force(now) else "to come"
        ends = f"{one.ended_at or one.silence.until:%Y-%m-%d %H:%M}"
        table.add_row(
            one.silence.silence_id, state, ends, _matcher(one.silence), one.silence.author, one.silence.reason
        )
    Console(highlight=False, markup=False).print(table)


@silences_app.command("expire")
def expire_command(
    silence: Annotated[str, typer.Argument(help="Its id.")], author: Author = None, store: StoreUrl = None
) -> None:
    """End a silence before its time; what waited for it is told as it stands.

    Example: tocsin silences expire silence-0123456789
    """
    who, now = author_of(author), datetime.now(UTC)

    async def end(connection: AsyncConnection) -> bool:
        return await end_silence(connection, silence, who, now)

    if not in_store(load_settings(store=store), end):
        raise UserError(f"There is no silence {silence} that is not over; `tocsin silences list --all` shows them.")
    typer.echo(f"The silence {silence} is over.")


def _matcher(silence: Silence) -> str:
    named = {
        "subscription": silence.subscriptions,
        "channel": silence.channels,
        "incident": silence.incidents,
        "in": silence.regions,
        "type": silence.types,
        "where": (silence.where,) if silence.where else (),
    }
    return "; ".join(f"{what} {' or '.join(values)}" for what, values in named.items() if values)


def _said(location: tuple[int | str, ...], message: str) -> str:
    if not location:
        return message
    option = {"starts": "from", "regions": "region", "types": "type"}.get(str(location[0]), str(location[0]))
    return f"--{option}: {message}"
