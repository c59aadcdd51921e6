"""Recording attempts: those that end while one is being recorded share the next transaction and its fsync."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import DeliveryOutcome
from services.alerter.destinations import Limits
from services.alerter.notices import switched_off_notice
from services.alerter.outbox.claiming import Claimed
from services.alerter.outbox.destinations import SwitchedOff
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.notices import write_notice
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.taking import Take
from services.shared.envelope import trace_of

log = structlog.get_logger()

AT_ONCE = 200
"""Attempts recorded in one transaction."""
FAILED_AT_ONCE, FAILED_SHARE = 8, 1 / 16
"""How many of them failed: so many, or this share of those that wait to be recorded. Endpoints that fall silent
together are given up in one moment, and to record them all at once would hold up the event loop, and with it whoever is
well."""
FAILED_SECONDS = 0.25
"""How long they wait for a transaction that records something else, before one is made for them alone."""
GATHER_SECONDS = 0.05
"""How long attempts that have ended gather for one transaction: deciding waits for fewer of them then."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
"""Between attempts to reach a store that does not answer."""

_Waiting = tuple[Settlement, "asyncio.Future[bool]"]


@dataclass(slots=True)
class Recorder:
    """Writes settlements, waiting for as long as the store does not answer."""

    store: Store
    now: Callable[[], datetime]
    limits: Mapping[str, Limits]
    owners: Mapping[str, str]
    """Channel to the channel of its owner."""
    taking: Callable[[Collection[Claimed]], AbstractAsyncContextManager[Take]]
    """Gives what claims in the transaction that records: one commit for what was and what comes next."""
    store_answers: Callable[[str | None], None] = lambda reason: None
    """Told why the store does not answer."""
    _well: deque[_Waiting] = field(default_factory=deque)
    _failed: deque[_Waiting] = field(default_factory=deque)
    _failed_since: float = 0.0
    """When the first of them came, by the event loop's clock."""
    _writing: asyncio.Task[None] | None = None

    async def record(self, settlement: Settlement) -> bool:
        """Keep how an attempt ended: False where its lane has passed to another worker, and nothing is kept."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        well = settlement.delivery.outcome is DeliveryOutcome.ACCEPTED
        if not well and not self._failed:
            self._failed_since = asyncio.get_running_loop().time()
        (self._well if well else self._failed).append((settlement, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_waiting())
        return await kept

    async def stop(self) -> None:
        """Give up what waits for a store that does not answer."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write_waiting(self) -> None:
        while self._well or self._failed:
            await asyncio.sleep(GATHER_SECONDS)
            if not self._well and asyncio.get_running_loop().time() < self._failed_since + FAILED_SECONDS:
                continue
            failed = max(FAILED_AT_ONCE, int(len(self._failed) * FAILED_SHARE))
            batch = [*_first(self._well, AT_ONCE), *_first(self._failed, failed)]
            await self._write(batch)

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            kept = await self._settle([settlement for settlement, _ in batch])
        except Exception as error:
            if len(batch) > 1:
                # One that cannot be stored must not take the others with it.
                for one in batch:
                    await self._write([one])
                return
            log.exception("attempt_not_recorded", alert_id=batch[0][0].delivery.alert_id)
            if not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, future), done in zip(batch, kept, strict=True):
            if not future.done():
                future.set_result(done)

    async def _settle(self, settlements: Sequence[Settlement]) -> list[bool]:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self._transact(settlements)
            except StoreUnavailableError as error:
                # Until it is recorded, an attempt did not happen: after a crash it is made again.
                self.store_answers(str(error))
                log.warning("record_failed", attempts=len(settlements), error=str(error), retry_in_seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _transact(self, settlements: Sequence[Settlement]) -> list[bool]:
        settlements = [as_of(one, self.now()) for one in settlements]
        freed = [one.claimed for one in settlements]
        async with self.taking(freed) as take, self.store.transaction() as connection:
            settled = await settle_all(connection, settlements, self.limits)
            for off in settled.switched_off:
                await self._tell_owner(connection, off)
            # What waits behind these, in their lanes or for a place with their receivers.
            await take(connection, {one.alert.channel for one in freed})
        for off in settled.switched_off:
            owner = self.owners.get(off.channel)
            log.error("channel_switched_off", channel=off.channel, because=off.because, owner_channel=owner)
        return settled.kept

    async def _tell_owner(self, connection: AsyncConnection, off: SwitchedOff) -> None:
        owner = self.owners.get(off.channel)
        if owner is not None:
            notice = switched_off_notice(off.channel, off.because, off.at, owner)
            await write_notice(connection, notice, trace_of(notice.alert_id), off.at)


def as_of(settlement: Settlement, now: datetime) -> Settlement:
    """`settlement` as it is recorded at `now`: where the clock was set back since the attempt ended, by that clock, so
    that what follows it does not wait for as long. Pure."""
    delivery = settlement.delivery
    ahead = delivery.ended_at - now
    if ahead <= timedelta(0):
        return settlement
    again = None if delivery.next_attempt_at is None else delivery.next_attempt_at - ahead
    moved = {"started_at": delivery.started_at - ahead, "ended_at": now, "next_attempt_at": again}
    return replace(settlement, delivery=delivery.model_copy(update=moved))


def _first(waiting: deque[_Waiting], most: int) -> list[_Waiting]:
    return [waiting.popleft() for _ in range(min(most, len(waiting)))]
