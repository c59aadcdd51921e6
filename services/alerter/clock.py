"""The machine's clock is set now and then, by its operator or over the network. What waits for so many minutes must not
wait for as long as the clock was set back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.moving import move_back, move_failures, newest_moment
from services.alerter.waiting import wait_for_any

log = structlog.get_logger()

POLL_SECONDS = 0.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SET = timedelta(seconds=5)
"""What the clock differs by at least from one look to the next where it was set; less is called running."""


def steady() -> float:
    """Seconds of a clock that nobody sets and that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(slots=True)
class ClockWatch:
    """Notices that the clock was set, and moves with it what waits in the store."""

    store: Store
    now: Callable[[], datetime]
    steady: Callable[[], float] = steady
    moved: Callable[[], None] = lambda: None
    """Told once times have been moved: something may be due."""
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    _apart: timedelta = field(init=False)
    """The clock less the steady one, as it was at the last look."""

    def __post_init__(self) -> None:
        self._apart = self._difference()

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set."""
        while not stop.is_set():
            self.alive()
            try:
                await self.look()
            except StoreUnavailableError as error:
                log.warning("clock_watch_holds", error=str(error))
            await wait_for_any(stop, seconds=POLL_SECONDS)

    async def look(self) -> timedelta | None:
        """By how much the clock was set since the last look; None where it was not. Raises StoreUnavailableError, and
        the next look sees it again.

        Set back, it leaves times in the store that lie too far ahead, for every alerter on it: they are moved. Set
        forward, it has retries come early, which is better than late; of alerters that share a store each has a clock
        of its own, and says nothing then of the times that the others have made.
        """
        apart = self._difference()
        by = apart - self._apart
        if abs(by) < SET:
            self._apart = apart
            return None
        now = self.now()
        if by < timedelta(0):
            async with self.store.transaction() as connection:
                await move_back(connection, now, -by)
        elif not self.store.is_postgres:
            async with self.store.transaction() as connection:
                await move_failures(connection, now - by, by)
        self._apart = apart
        log.warning("clock_was_set", seconds=round(by.total_seconds(), 1))
        self.moved()
        return by

    def _difference(self) -> timedelta:
        return self.now() - _EPOCH - timedelta(seconds=self.steady())


async def catch_up_with_clock(connection: AsyncConnection, now: datetime) -> None:
    """Where the store has things done later than `now`, its clock has been set back since: move what waits with it."""
    newest = await newest_moment(connection)
    if newest is not None and newest - now >= SET:
        await move_back(connection, now, newest - now)
        log.warning("clock_was_set", seconds=round((now - newest).total_seconds(), 1))
