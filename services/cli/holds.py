"""`tocsin holds`: what subscriptions are not told yet, and why."""

from __future__ import annotations

import json as jsonlib
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.vocabulary import DecisionReason
from services.alerter.outbox.waiting import Listed, list_waiting, release_held
from services.alerter.policy.headline import headline_of
from services.alerter.policy.pacing import NEVER, WAITS, Release
from services.alerter.policy.plain_text import one_line
from services.cli.store_beside import Author, StoreUrl, author_of, in_store
from services.shared.errors import UserError
from services.shared.settings import load_settings

LONGEST_NAME, LONGEST_REASON = 100, 1000

holds_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What subscriptions are not told yet: held for a second source, or left for a time."
    "\n\nExample: tocsin holds list",
)


@holds_app.callback()
def holds() -> None:
    """What subscriptions are not told yet, and why."""


@holds_app.command("list")
def list_command(
    reason: Annotated[
        list[DecisionReason] | None,
        typer.Option(help=f"Only what waits for this; may be repeated: {', '.join(sorted(WAITS))}.", metavar="REASON"),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 1000,
    store: StoreUrl = None,
    json: Annotated[bool, typer.Option("--json", help="JSON, one object a line.")] = False,
) -> None:
    """Show what waits, what is due next first.

    Example: tocsin holds list --reason held
    """

    async def read(connection: AsyncConnection) -> list[Listed]:
        return await list_waiting(connection, reason or (), limit)

    found = in_store(load_settings(store=store), read)
    if json:
        for one in found:
            typer.echo(jsonlib.dumps(_row(one), ensure_ascii=False))
        return
    if not found:
        typer.echo("Nothing waits.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("subscription", "waits for", "until (UTC)", "since (UTC)", "incident", "what"):
        table.add_column(heading, overflow="fold")
    for one in found:
        due = "another incident" if one.waiting.due == NEVER else f"{one.waiting.due.astimezone(UTC):%Y-%m-%d %H:%M}"
        since = f"{one.waiting.since.astimezone(UTC):%Y-%m-%d %H:%M}"
        words = headline_of(one.incident)
        table.add_row(one.subscription, one.waiting.reason, due, since, one.incident.incident_id, words)
    Console(highlight=False, markup=False).print(table)


@holds_app.command("release")
def release_command(
    subscription: Annotated[str, typer.Argument(help="Who is to be told.")],
    incident: Annotated[str, typer.Argument(help="The incident that is held.")],
    revision: Annotated[int, typer.Option(min=1, help="The revision that you looked at.")],
    reason: Annotated[str, typer.Option(help="Why it may be told; whoever is told reads it.")],
    author: Author = None,
    store: StoreUrl = None,
) -> None:
    """Have what is held for a second source be told, by your word. News that comes meanwhile is held anew.

    Example: tocsin holds release night-desk inc-0123456789abcdef0123 --revision 2 --reason "confirmed by phone"
    """
    release = Release(one_line(author_of(author), LONGEST_NAME), one_line(reason, LONGEST_REASON))
    if not release.because:
        raise UserError("--reason: write why it may be told.")

    async def work(connection: AsyncConnection) -> bool:
        return await release_held(connection, subscription, incident, revision, release, datetime.now(UTC))

    if not in_store(load_settings(store=store), work):
        raise UserError(
            f"Revision {revision} of {incident} is not held for {subscription}: see `tocsin holds list --reason held`."
        )
    typer.echo(f"{incident} is released for {subscription}: it is told where nothing else keeps it.")


def _row(one: Listed) -> dict[str, object]:
    return {
        "subscription": one.subscription,
        "incident_id": one.incident.incident_id,
        "revision": one.waiting.revision,
        "reason": one.waiting.reason,
        "because": one.waiting.because,
        "since": one.waiting.since.isoformat(),
        "due": None if one.waiting.due == NEVER else one.waiting.due.isoformat(),
        "under": one.waiting.under,
        "headline": headline_of(one.incident),
    }
