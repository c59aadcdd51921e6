"""The ledger: every attempt, chained by hash per subscription, so that what was edited, removed, inserted or put into
another order shows.

An entry is one attempt as canonical JSON (keys sorted, no spaces), with its place in the subscription's ledger and the
digest of the entry before it; its own digest is SHA-256 over that text. Whoever holds the digest of an entry can prove
everything up to it: nobody can make another past that ends in the same digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, Delivery
from services.alerter.outbox.driver_statements import insert_rows, upsert_rows
from services.alerter.outbox.statements import any_of, insert_into
from services.alerter.outbox.tables import ledger, ledger_heads


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt that is to be kept."""

    delivery: Delivery
    alert_sequence: int
    """The alert's number in its lane."""
    alert_digest: str
    """SHA-256 of the alert's JSON as the store has it: what was sent."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of one subscription's ledger."""

    subscription: str
    sequence: int
    """0 where it has none."""
    digest: str


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is kept."""

    subscription: str
    sequence: int
    entry: str
    digest: str


def genesis(subscription: str) -> str:
    """What stands for the digest before the first entry of `subscription`."""
    return hashlib.sha256(f"tocsin ledger of {subscription}".encode()).hexdigest()


def digest_of(text: str) -> str:
    """SHA-256 of `text`, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_alert(alert: Alert) -> str:
    """SHA-256 of `alert` as the store keeps it."""
    return digest_of(alert.model_dump_json())


def chained(head: Head, entries: Sequence[Entry]) -> list[Row]:
    """`entries` of one subscription as they follow on `head`. Pure."""
    rows = []
    previous, sequence = head.digest, head.sequence
    for one in entries:
        sequence += 1
        values: dict[str, Any] = one.delivery.model_dump(mode="json") | {
            "sequence": sequence,
            "previous": previous,
            "alert_sequence": one.alert_sequence,
            "alert_digest": one.alert_digest,
        }
        text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = digest_of(text)
        rows.append(Row(head.subscription, sequence, text, previous))
    return rows


async def append(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Add `entries`, in this order, in the caller's transaction, which holds the heads of their ledgers until it ends.

    Heads are locked in the order of their names, so that two transactions cannot wait for each other.
    """
    by_name: dict[str, list[Entry]] = {}
    for one in entries:
        by_name.setdefault(one.delivery.subscription, []).append(one)
    if not by_name:
        return
    names = sorted(by_name)
    heads = await _locked_heads(connection, names)
    rows = [row for name in names for row in chained(heads[name], by_name[name])]
    await insert_rows(
        connection,
        ledger,
        [
            {"subscription": one.subscription, "sequence": one.sequence, "entry": one.entry, "digest": one.digest}
            for one in rows
        ],
    )
    last = {row.subscription: row for row in rows}
    await upsert_rows(
        connection,
        ledger_heads,
        [{"subscription": name, "sequence": last[name].sequence, "digest": last[name].digest} for name in names],
    )


async def _locked_heads(connection: AsyncConnection, names: Sequence[str]) -> dict[str, Head]:
    heads = {head.subscription: head for head in await read_heads(connection, names, lock=True)}
    missing = [name for name in names if name not in heads]
    if missing and connection.dialect.name == "postgresql":
        # What is to be locked must be there. SQLite has one writer.
        first = [{"subscription": name, "sequence": 0, "digest": genesis(name)} for name in missing]
        keeping = insert_into(ledger_heads, connection.dialect.name)
        await connection.execute(keeping.on_conflict_do_nothing(index_elements=["subscription"]), first)
        heads |= {head.subscription: head for head in await read_heads(connection, missing, lock=True)}
    elif missing:
        heads |= {name: Head(name, 0, genesis(name)) for name in missing}
    return heads


async def read_heads(
    connection: AsyncConnection, names: Sequence[str] | None = None, *, lock: bool = False
) -> list[Head]:
    """The last entries of the ledgers of `names`, or of all, by name."""
    query = _HEADS if names is None else _SOME_HEADS
    if lock and connection.dialect.name == "postgresql":
        query = query.with_for_update()
    found = await connection.execute(query, {"some": list(names or ())})
    return [Head(row.subscription, row.sequence, row.digest) for row in found]


_HEADS = select(ledger_heads).order_by(ledger_heads.c.subscription)
_SOME_HEADS = _HEADS.where(ledger_heads.c.subscription.in_(any_of("some")))


async def read_ledger(connection: AsyncConnection, subscription: str, last: int | None = None) -> AsyncIterator[Row]:
    """The entries of `subscription` in order; only the `last` so many where given."""
    query = select(ledger).where(ledger.c.subscription == subscription)
    if last is None:
        async for row in await connection.stream(query.order_by(ledger.c.sequence, ledger.c.position)):
            yield Row(row.subscription, row.sequence, row.entry, row.digest)
        return
    found = (await connection.execute(query.order_by(ledger.c.sequence.desc()).limit(last))).all()
    for row in reversed(found):
        yield Row(row.subscription, row.sequence, row.entry, row.digest)


async def read_ledger_before(
    connection: AsyncConnection, subscription: str, sequence: int | None, limit: int
) -> list[Row]:
    """The newest entries of `subscription` before `sequence` (all where None), in descending order, at most `limit`."""
    query = select(ledger).where(ledger.c.subscription == subscription)
    if sequence is not None:
        query = query.where(ledger.c.sequence < sequence)
    found = await connection.execute(query.order_by(ledger.c.sequence.desc(), ledger.c.position.desc()).limit(limit))
    return [Row(row.subscription, row.sequence, row.entry, row.digest) for row in found]


async def subscriptions_in_ledger(connection: AsyncConnection) -> list[str]:
    """Every subscription that has entries or a head, by name: one whose head was removed too."""
    names = set(await connection.scalars(select(ledger.c.subscription).distinct()))
    return sorted(names | set(await connection.scalars(select(ledger_heads.c.subscription))))
