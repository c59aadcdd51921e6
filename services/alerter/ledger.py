"""Whether a ledger is whole: the first link of it that does not hold. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.alerter.outbox.ledger import Head, Row, digest_of, genesis


@dataclass(frozen=True, slots=True)
class Verified:
    """A ledger that is whole."""

    subscription: str
    entries: int
    digest: str
    """Of the last entry; kept elsewhere, it proves all of them."""


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """The first link that does not hold."""

    subscription: str
    sequence: int
    """The entry that is edited, missing or not where it was written."""
    reason: str
    """What is wrong, as one sentence."""


def verify_chain(subscription: str, rows: Iterable[Row], head: Head | None) -> Verified | LedgerFault:
    """Whether `rows`, all entries of `subscription` in order, follow on one another up to `head`, where it is known."""
    previous, sequence = genesis(subscription), 0
    for row in rows:
        sequence += 1
        if row.sequence > sequence:
            return LedgerFault(subscription, sequence, f"Entry {sequence} is missing: the next is {row.sequence}.")
        if row.sequence < sequence:
            return LedgerFault(subscription, row.sequence, f"Entry {row.sequence} stands where {sequence} should.")
        if digest_of(row.entry) != row.digest:
            return LedgerFault(subscription, sequence, f"Entry {sequence} was edited: its digest is another.")
        wrong = _link_fault(row, subscription, previous)
        if wrong is not None:
            return LedgerFault(subscription, sequence, wrong)
        previous = row.digest
    if head is not None and (head.sequence, head.digest) != (sequence, previous):
        if head.sequence > sequence:
            reason = f"Entries {sequence + 1} to {head.sequence} are missing at the end."
            return LedgerFault(subscription, sequence + 1, reason)
        return LedgerFault(subscription, sequence, f"The head names entry {head.sequence} and another digest.")
    return Verified(subscription, sequence, previous)


def _link_fault(row: Row, subscription: str, previous: str) -> str | None:
    try:
        values = json.loads(row.entry)
        within = values["subscription"], values["sequence"], values["previous"]
    except (ValueError, KeyError, TypeError):
        return f"Entry {row.sequence} is no ledger entry."
    if within[0] != subscription:
        return f"Entry {row.sequence} belongs to the ledger of {within[0]}."
    if within[1] != row.sequence:
        return f"Entry {row.sequence} was written as entry {within[1]}."
    if within[2] != previous:
        return f"Entry {row.sequence} does not follow on the one before it, which was edited, inserted or moved."
    return None


def verify_heads(ledgers: Mapping[str, Iterable[Row]], kept: Iterable[Head]) -> list[LedgerFault]:
    """Of heads that were `kept` elsewhere, those that the ledgers do not lead to any more."""
    faults = []
    for head in kept:
        if head.sequence == 0:
            continue
        digest = next((row.digest for row in ledgers.get(head.subscription, ()) if row.sequence == head.sequence), None)
        if digest is None:
            reason = f"Entry {head.sequence}, whose digest was kept elsewhere, is missing."
            faults.append(LedgerFault(head.subscription, head.sequence, reason))
        elif digest != head.digest:
            reason = f"Entry {head.sequence} is another than the one whose digest was kept elsewhere."
            faults.append(LedgerFault(head.subscription, head.sequence, reason))
    return faults
