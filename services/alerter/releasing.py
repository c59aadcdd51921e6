"""Releasing: what waits is decided again when its time has come, in one transaction with what follows from it.

The times are in the store. This loop only looks at the clock and asks what is due; it decides nothing by itself, and a
kill at any point leaves what was due to whoever looks next.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from schemas.vocabulary import DecisionReason
from services.alerter.bundling import bundled
from services.alerter.deciding import Audience, Revision, decide_due
from services.alerter.outbox.deciding import Decided, IncidentState, read_states, write_decided
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.waiting import due_incidents, put_off, read_incidents, read_lately, waiting_by_reason
from services.alerter.taking import Taking, nobody_takes
from services.alerter.waiting import wait_for_any

log = structlog.get_logger()

POLL_SECONDS = 1.0
"""How often to look for what became due."""
AT_ONCE = 100
"""Incidents that are decided again in one transaction."""
FAULT_WAIT = timedelta(minutes=1)
"""When what could not be decided is tried again."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0


@dataclass(frozen=True, slots=True)
class Released:
    """What came of one look, for whoever counts."""

    incidents: int
    """Incidents of which something was due."""
    reasons: Counter[DecisionReason]
    decided: Decided


@dataclass(slots=True)
class Releaser:
    """Decides again what is due, until it is told to stop."""

    store: Store
    audience: Audience
    now: Callable[[], datetime]
    taking: Taking = nobody_takes
    """Gives what claims alerts in the transaction that decides them, so that they go out as soon as it is kept."""
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    released: Callable[[Released], None] = lambda released: None
    """Told of every transaction in which something was due."""
    waits: Callable[[dict[DecisionReason, int]], None] = lambda by_reason: None
    """Told how much waits, by reason, whenever that may have changed."""
    store_answers: Callable[[str | None], None] = lambda reason: None
    """Told why the store does not answer, and None when it does."""
    apart: Collection[str] = frozenset()
    """Channels that take a message for each incident, whatever else is told at the same moment."""
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Something may be due now, or may wait that did not."""
        self._due.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Decide again what is due until `stop` is set."""
        pause = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            self.alive()
            self._due.clear()
            try:
                released = await self.release()
            except StoreUnavailableError as error:
                self.store_answers(str(error))
                log.warning("releasing_holds", error=str(error), retry_in_seconds=pause)
                await wait_for_any(stop, seconds=pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            pause = FIRST_PAUSE_SECONDS
            self.store_answers(None)
            if released.incidents:
                self.released(released)
            if released.incidents < AT_ONCE:
                await wait_for_any(self._due, stop, seconds=POLL_SECONDS)

    async def release(self) -> Released:
        """Decide again what is due now, at most AT_ONCE incidents. Raises StoreUnavailableError."""
        now = self.now()
        async with self.store.reading() as connection:
            due = await due_incidents(connection, now, AT_ONCE)
            self.waits(await waiting_by_reason(connection))
        reasons, decided = Counter[DecisionReason](), Decided()
        if not due:
            return Released(0, reasons, decided)
        try:
            await self._release(due, reasons, decided)
        except DBAPIError:
            # Something cannot be stored: found by deciding each by itself, so that it costs no other its time.
            reasons, decided = Counter[DecisionReason](), Decided()
            for incident_id in due:
                own = Decided()
                try:
                    await self._release([incident_id], reasons, own)
                except DBAPIError as error:
                    log.error("release_fault", incident_id=incident_id, error=type(error.orig).__name__)
                    async with self.store.transaction() as connection:
                        await put_off(connection, incident_id, now, now + FAULT_WAIT)
                decided.alerts += own.alerts
        return Released(len(due), reasons, decided)

    async def _release(self, due: list[str], reasons: Counter[DecisionReason], decided: Decided) -> None:
        async with self.taking() as take, self.store.transaction(urgent=True) as connection:
            # Not before: the clock may be set while others have their turn.
            now = self.now()
            states = await read_states(connection, due, now)
            kept = await read_incidents(connection, due)
            incidents = [one.incident for one in kept.values()]
            lately = await read_lately(connection, self.audience.looking_back(incidents), now)
            for incident_id in due:
                state, one = states[incident_id], kept.get(incident_id)
                if one is None or not _is_due(state, now):
                    continue  # another alerter was here first
                headers = [("traceparent", one.traceparent.encode())]
                revision = Revision(one.incident, headers, one.appended_at)
                decide_due(revision, self.audience, state, decided, reasons, lately, now)
            decided.alerts = bundled(decided.alerts, self.apart)
            await write_decided(connection, decided, states, now)
            if decided.alerts:
                new = [row.alert for row in decided.alerts]
                await take(connection, {one.channel for one in new}, new)


def _is_due(state: IncidentState, now: datetime) -> bool:
    return any(row.waiting.due <= now for row in state.waiting.values())
