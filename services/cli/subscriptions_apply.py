"""`tocsin subscriptions apply`: show what the file would change, and change it."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Incident, Subscription
from services.alerter.outbox.subscribers import Difference, apply_differences, differences
from services.alerter.policy.index import SubscriptionIndex
from services.alerter.policy.matching import compile_subscription
from services.alerter.subscriptions import FILE
from services.cli.incident_files import read_incidents
from services.cli.loading import load_with_notes
from services.cli.store_beside import Author, StoreUrl, author_of, in_store
from services.conditions.conditions import ConditionError
from services.shared.errors import UserError
from services.shared.settings import load_settings


def apply_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    incidents: Annotated[
        Path | None,
        typer.Option(help="What `tocsin incidents` printed (- for standard input): how many each change asks for."),
    ] = None,
    author: Author = None,
    rules: Annotated[Path | None, typer.Option(help="Folder of subscriptions.yaml and regions.yaml.")] = None,
    store: StoreUrl = None,
    json: Annotated[bool, typer.Option("--json", help="JSON, one object for each change.")] = False,
) -> None:
    """Make the subscriptions those of the file. A running alerter takes the change up within seconds.

    Shows the difference first, and asks. Subscriptions that were made through the API stay as they are; every change is
    kept, with who made it and when.

    Examples: tocsin subscriptions apply --dry-run

    tocsin incidents seeds | tocsin subscriptions apply --incidents - --yes
    """
    settings, now = load_settings(rules=rules, store=store), datetime.now(UTC)
    loaded = load_with_notes(settings)
    wanted = [one.subscription for one in loaded.subscriptions]

    async def look(connection: AsyncConnection) -> list[Difference]:
        return await differences(connection, wanted)

    changes = in_store(settings, look)
    known = None if incidents is None else list({one.incident_id: one for one in read_incidents(incidents)}.values())
    rows = _rows(changes, known)
    for row in rows:
        typer.echo(jsonlib.dumps(row, ensure_ascii=False) if json else _line(row))
    for note in loaded.notes:
        typer.echo(f"Note: {note}", err=True)
    if dry_run or not changes:
        if not changes:
            typer.echo(f"{settings.rules / FILE} is in force already.", err=True)
        return
    if not yes:
        if not sys.stdin.isatty() or (incidents is not None and str(incidents) == "-"):
            raise UserError("Nobody is there to ask: call again with --yes, or with --dry-run to change nothing.")
        typer.confirm(f"Apply {len(changes)} {'change' if len(changes) == 1 else 'changes'}?", abort=True, err=True)
    who = author_of(author)

    async def change(connection: AsyncConnection) -> list[Difference]:
        found = await differences(connection, wanted)
        if found == changes:
            await apply_differences(connection, found, now, who)
        return found

    if in_store(settings, change) != changes:
        raise UserError("Somebody has changed the subscriptions meanwhile: nothing was applied, call again.")
    typer.echo(f"Applied {len(changes)} {'change' if len(changes) == 1 else 'changes'} as {who}.", err=True)


def _rows(changes: Sequence[Difference], known: Sequence[Incident] | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for one in changes:
        row: dict[str, Any] = {
            "name": one.name,
            "change": "added" if one.before is None else "removed" if one.after is None else "changed",
            "fields": {name: [_value(one.before, name), _value(one.after, name)] for name in one.fields},
        }
        if one.before is None and one.after is not None:
            row["subscription"] = one.after.model_dump(mode="json", exclude_defaults=True)
        if known is not None:
            row |= {
                "incidents": len(known),
                "asks_for": _asked(one.after, known),
                "asked_for": _asked(one.before, known),
            }
        rows.append(row)
    return rows


def _value(subscription: Subscription | None, field: str) -> Any:
    return None if subscription is None else subscription.model_dump(mode="json")[field]


def _asked(subscription: Subscription | None, incidents: Iterable[Incident]) -> int:
    """How many of `incidents` the subscription asks for."""
    if subscription is None:
        return 0
    try:
        index = SubscriptionIndex([compile_subscription(subscription)])
    except ConditionError:
        return 0  # an earlier version's condition, which asks for nothing any more
    return sum(any(True for _ in index.asking(one)) for one in incidents)


def _line(row: dict[str, Any]) -> str:
    sign = {"added": "+", "changed": "~", "removed": "-"}[row["change"]]
    parts = [f"{name}: {_shown(before)} -> {_shown(after)}" for name, (before, after) in row["fields"].items()]
    if "subscription" in row:
        parts = [f"{name}: {_shown(value)}" for name, value in row["subscription"].items() if name != "name"]
    line = f"{sign} {row['name']}" + (f"  {'; '.join(parts)}" if parts else "")
    if "incidents" in row:
        line += f"\n    asks for {row['asks_for']} of {row['incidents']} known incidents, before {row['asked_for']}"
    return line


def _shown(value: Any) -> str:
    return "nothing" if value in (None, []) else jsonlib.dumps(value, ensure_ascii=False).strip('"')
