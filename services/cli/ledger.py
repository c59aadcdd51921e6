"""`tocsin ledger`: every attempt, and whether anybody has touched what is written of them."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from services.alerter.ledger import LedgerFault, Verified, verify_chain, verify_heads
from services.alerter.outbox.engine import Store
from services.alerter.outbox.ledger import Head, Row, read_heads, read_ledger, subscriptions_in_ledger
from services.cli.store import with_store
from services.shared.errors import UserError
from services.shared.settings import load_settings

StoreOption = Annotated[str | None, typer.Option(help="SQLAlchemy URL of the store.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]

ledger_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The ledger of attempts: show it, verify it, and print the digests that prove it."
    "\n\nExample: tocsin ledger verify",
)


@ledger_app.command("show")
def show_command(
    subscription: Annotated[str, typer.Argument(help="Whose ledger.")],
    last: Annotated[int, typer.Option(min=1, help="Only the last so many entries.")] = 20,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Show the attempts of a subscription, oldest first.

    Example: tocsin ledger show mass-casualty --last 5
    """

    async def read(opened: Store) -> list[Row]:
        async with opened.reading() as connection:
            return [row async for row in read_ledger(connection, subscription, last)]

    for row in with_store(load_settings(store=store), read):
        if json:
            typer.echo(jsonlib.dumps({"digest": row.digest, "entry": row.entry}, ensure_ascii=False))
            continue
        entry = jsonlib.loads(row.entry)
        said = f": {entry['reason']}" if entry["reason"] else ""
        typer.echo(
            f"{row.sequence} {entry['ended_at']} {entry['delivery_id']} {entry['channel']} {entry['outcome']}{said}"
        )


@ledger_app.command("head")
def head_command(store: StoreOption = None) -> None:
    """Print the digest of each ledger's last entry, one JSON line each: kept elsewhere, it proves all before it.

    Example: tocsin ledger head > heads-2026-11-30.jsonl
    """

    async def read(opened: Store) -> list[Head]:
        async with opened.reading() as connection:
            return await read_heads(connection)

    for head in with_store(load_settings(store=store), read):
        row = {"subscription": head.subscription, "sequence": head.sequence, "digest": head.digest}
        typer.echo(jsonlib.dumps(row))


@ledger_app.command("verify")
def verify_command(
    subscription: Annotated[str | None, typer.Argument(help="Only this ledger; all where left out.")] = None,
    head: Annotated[
        Path | None, typer.Option(help="What `tocsin ledger head` printed before: shows what was cut off since.")
    ] = None,
    store: StoreOption = None,
    json: Json = False,
) -> None:
    """Check every link of the ledgers, and name the first that does not hold; exit 1 where one does not.

    Example: tocsin ledger verify --head heads-2026-11-30.jsonl
    """
    kept = [one for one in _heads(head) if subscription in (None, one.subscription)] if head is not None else []

    async def verify(opened: Store) -> list[Verified | LedgerFault]:
        found: list[Verified | LedgerFault] = []
        async with opened.reading() as connection:
            heads = {one.subscription: one for one in await read_heads(connection)}
            there = await subscriptions_in_ledger(connection)
            names = (
                [subscription] if subscription is not None else sorted({*there, *(one.subscription for one in kept)})
            )
            for name in names:
                rows = [row async for row in read_ledger(connection, name)]
                result = verify_chain(name, rows, heads.get(name, Head(name, 0, "") if rows else None))
                faults = verify_heads({name: rows}, [one for one in kept if one.subscription == name])
                found.append(faults[0] if faults and isinstance(result, Verified) else result)
        return found

    results = with_store(load_settings(store=store), verify)
    for one in results:
        whole = isinstance(one, Verified)
        if json:
            detail = (
                {"entries": one.entries, "digest": one.digest}
                if isinstance(one, Verified)
                else {"sequence": one.sequence, "reason": one.reason}
            )
            typer.echo(jsonlib.dumps({"subscription": one.subscription, "whole": whole} | detail))
        elif isinstance(one, Verified):
            typer.echo(f"{one.subscription}: {one.entries} entries, whole, digest {one.digest}")
        else:
            typer.echo(f"{one.subscription}: broken at entry {one.sequence}. {one.reason}")
    if any(isinstance(one, LedgerFault) for one in results):
        raise typer.Exit(1)


def _heads(path: Path) -> list[Head]:
    """The heads in the file `path`. Raises UserError naming the line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    heads = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = jsonlib.loads(line)
            heads.append(Head(str(row["subscription"]), int(row["sequence"]), str(row["digest"])))
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path}:{number}: not a line of `tocsin ledger head` ({error}).") from error
    return heads
