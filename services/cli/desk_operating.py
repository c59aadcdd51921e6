"""What the console asks of the alerter's store for those who operate it: silences, what is held, and the ledger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Delivery, LedgerCheck, LedgerEntry, LedgerRecord, SilenceRecord, WaitRecord
from schemas.vocabulary import DecisionReason
from services.alerter.ledger import LedgerFault, verify_chain
from services.alerter.new_silence import SilenceFaultsError, new_silence
from services.alerter.outbox.engine import Store, StoreUnavailableError, open_beside
from services.alerter.outbox.ledger import Head, read_heads, read_ledger, read_ledger_before
from services.alerter.outbox.silences import KeptSilence, add_silence, end_silence, known_silences
from services.alerter.outbox.subscribers import FileRulesError, StaleVersionError
from services.alerter.outbox.waiting import Listed, list_waiting, release_held
from services.alerter.policy.headline import headline_of
from services.alerter.policy.pacing import NEVER, Release
from services.alerter.policy.plain_text import one_line
from services.alerter.subscriptions import ExplainRegion, LoadedSubscriptions
from services.console.desk import ConflictError, Fault, FaultyError, StaleError, UnavailableError, UnknownError
from services.shared.rules_messages import Location
from services.shared.settings import Settings

MOST_LINKS = 200_000
"""Entries of a ledger that are checked while somebody waits: a few seconds of work."""
LONGEST_NAME, LONGEST_REASON = 100, 1000


@dataclass(slots=True)
class OperatingDesk:
    """A part of the desk, and the store that all of it looks into. Close it when done."""

    settings: Settings
    loaded: LoadedSubscriptions
    explain_region: ExplainRegion
    _store: Store | None = field(default=None, kw_only=True)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock, kw_only=True)

    async def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            await self._store.close()
            self._store = None

    async def silences(self, *, over: bool) -> list[SilenceRecord]:
        """As services.console.desk.Desk, like all that follow."""
        now = datetime.now(UTC)
        async with self.reading() as connection:
            found = await known_silences(connection, None if over else now)
        return [_silence(one, now) for one in reversed(found)]

    async def add_silence(
        self, written: Mapping[str, Any], starts: str | None, until: str, author: str
    ) -> SilenceRecord:
        """Into the store, from which a running alerter takes it within seconds."""
        now = datetime.now(UTC)
        try:
            silence = new_silence(written, starts, until, author, now, self.explain_region)
        except SilenceFaultsError as error:
            faults = [Fault(field_of(location), message) for location, message in error.faults]
            raise FaultyError(faults) from None
        unknown = [name for name in silence.channels if name not in self.loaded.channels]
        if unknown:
            known = ", ".join(sorted(self.loaded.channels)) or "none"
            raise FaultyError([Fault("channels", f"there is no channel {', '.join(unknown)}; there are: {known}")])
        async with self.changing() as connection:
            await add_silence(connection, silence, now)
        return _silence(KeptSilence(silence, now, None, None), now)

    async def end_silence(self, silence_id: str, author: str) -> None:
        """What waited for it is decided again at once."""
        async with self.changing() as connection:
            if not await end_silence(connection, silence_id, author, datetime.now(UTC)):
                raise UnknownError(f"There is no silence {silence_id} that is not over.")

    async def waits(self, limit: int) -> list[WaitRecord]:
        """With their headlines."""
        async with self.reading() as connection:
            return [_wait(one) for one in await list_waiting(connection, limit=limit)]

    async def release(self, subscription: str, incident_id: str, revision: int, author: str, because: str) -> None:
        """A running alerter decides it again within a second."""
        release = Release(one_line(author, LONGEST_NAME), one_line(because, LONGEST_REASON))
        async with self.changing() as connection:
            if not await release_held(connection, subscription, incident_id, revision, release, datetime.now(UTC)):
                raise StaleError(
                    f"Revision {revision} of {incident_id} is not held for {subscription} any more: it was told or "
                    "withdrawn, or there is news, which nobody has looked at yet."
                )

    async def ledgers(self) -> list[LedgerRecord]:
        """Their heads."""
        async with self.reading() as connection:
            heads = await read_heads(connection)
        return [LedgerRecord(subscription=one.subscription, entries=one.sequence, digest=one.digest) for one in heads]

    async def ledger_before(self, subscription: str, sequence: int | None, limit: int) -> list[LedgerEntry]:
        """As they are kept."""
        async with self.reading() as connection:
            rows = await read_ledger_before(connection, subscription, sequence, limit)
        found = []
        for row in rows:
            try:
                delivery = Delivery.model_validate(json.loads(row.entry))
            except ValueError as error:
                raise ConflictError(
                    f"Entry {row.sequence} of the ledger is no ledger entry: check the ledger."
                ) from error
            found.append(LedgerEntry(sequence=row.sequence, digest=row.digest, delivery=delivery))
        return found

    async def check_ledger(self, subscription: str) -> LedgerCheck:
        """By the function of `tocsin ledger verify`."""
        async with self.reading() as connection:
            head = next(iter(await read_heads(connection, [subscription])), None)
            if head is not None and head.sequence > MOST_LINKS:
                raise ConflictError(
                    f"This ledger has {head.sequence:,} entries: check it with `tocsin ledger verify {subscription}`."
                )
            rows = [row async for row in read_ledger(connection, subscription)]
        if head is None and not rows:
            raise UnknownError(f"There is no ledger of {subscription}.")
        found = await asyncio.to_thread(verify_chain, subscription, rows, head or Head(subscription, 0, ""))
        if isinstance(found, LedgerFault):
            held = max(0, found.sequence - 1)
            return LedgerCheck(subscription=subscription, whole=False, entries=held, reason=found.reason)
        return LedgerCheck(subscription=subscription, whole=True, entries=found.entries, digest=found.digest)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads. Raises UnavailableError."""
        try:
            async with (await self._opened()).reading() as connection:
                yield connection
        except StoreUnavailableError as error:
            raise UnavailableError(str(error)) from error

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction. Raises UnavailableError, and ConflictError for what cannot be changed here or now."""
        try:
            async with (await self._opened()).transaction() as connection:
                yield connection
        except StoreUnavailableError as error:
            raise UnavailableError(str(error)) from error
        except FileRulesError as error:
            raise ConflictError(str(error)) from error
        except StaleVersionError as error:
            raise StaleError(str(error)) from error

    async def _opened(self) -> Store:
        async with self._opening:
            if self._store is None:
                self._store = await open_beside(self.settings.store.get_secret_value())
            return self._store


def _silence(one: KeptSilence, now: datetime) -> SilenceRecord:
    return SilenceRecord(
        silence=one.silence,
        state="over" if one.over(now) else "in_force" if one.in_force(now) else "to_come",
        added_at=one.added_at,
        ended_at=one.ended_at,
        ended_by=one.ended_by,
    )


def _wait(one: Listed) -> WaitRecord:
    waiting = one.waiting
    return WaitRecord(
        subscription=one.subscription,
        incident_id=one.incident.incident_id,
        revision=waiting.revision,
        headline=headline_of(one.incident),
        reason=waiting.reason,
        because=waiting.because,
        since=waiting.since,
        due_at=None if waiting.due >= NEVER else waiting.due,
        released_by=None if waiting.released is None else waiting.released.author,
        releasable=waiting.reason is DecisionReason.HELD and waiting.released is None,
    )


def field_of(location: Location) -> str:
    """`("regions", 1)` as `regions[1]`."""
    found = ""
    for step in location:
        found += f"[{step}]" if isinstance(step, int) else f".{step}" if found else step
    return found
