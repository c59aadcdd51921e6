"""The auditor: whether everything that was decided is settled or waits, and a heartbeat for as long as it is so.

Whoever watches pages when the heartbeat stays away: then the alerter is gone, stuck, or has lost something.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import structlog

from services.alerter.channels.contract import ChannelAnswer
from services.alerter.channels.http_client import HttpClient
from services.alerter.channels.http_exchange import HttpTransport
from services.alerter.outbox.auditing import Audit, audit
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.waiting import wait_for_any

log = structlog.get_logger()

AUDIT_SECONDS = 60.0
BEAT_SECONDS = 10.0
"""How long the answer to a heartbeat is waited for."""

Beat = Callable[[datetime], Awaitable[None]]
"""Tells somebody that all was well at that moment. Raises OSError where that cannot be told."""


@dataclass(slots=True)
class Auditor:
    """Audits the store every so often, and beats after each audit that found nothing."""

    store: Store
    now: Callable[[], datetime]
    channels: Collection[str]
    """The channels that there are."""
    beats: tuple[Beat, ...] = ()
    audited: Callable[[Audit], None] = lambda found: None
    """Told of every audit."""
    beaten: Callable[[datetime], None] = lambda at: None
    """Told of every heartbeat."""
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    beside: Callable[[], Collection[str]] = tuple
    """What else is wrong at the moment, a sentence each: it keeps the heartbeat back too."""
    every_seconds: float = AUDIT_SECONDS
    _checked: int = field(default=0)
    """Decisions up to this position were found whole."""

    async def run(self, stop: asyncio.Event) -> None:
        """Audit until `stop` is set."""
        while not stop.is_set():
            self.alive()
            await self.once()
            await wait_for_any(stop, seconds=self.every_seconds)

    async def once(self) -> None:
        """One audit, and a heartbeat where it found nothing."""
        now = self.now()
        try:
            async with self.store.reading() as connection:
                found = await audit(connection, self._checked, self.channels, now)
        except StoreUnavailableError as error:
            # No audit, no heartbeat: that is what somebody is paged for.
            log.warning("audit_holds", error=str(error))
            return
        found = replace(found, faults=(*found.faults, *self.beside()))
        self.audited(found)
        if found.faults:
            for fault in found.faults:
                log.error("audit_fault", fault=fault)
            return
        self._checked = found.checked
        for beat in self.beats:
            try:
                await beat(now)
            except OSError as error:
                log.warning("heartbeat_not_told", error=str(error))
        self.beaten(now)


def beat_into(path: Path) -> Beat:
    """Writes the moment into the file `path`, whole or not at all."""

    async def beat(at: datetime) -> None:
        await asyncio.to_thread(_write_whole, path, f"{at.isoformat(timespec='seconds')}\n")

    return beat


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def beat_at(url: str, now: Callable[[], datetime], connections: HttpTransport) -> Beat:
    """Asks for `url` with GET, as services that watch for heartbeats want it, over the connections of channels: its
    address is held to the same rules."""

    async def beat(_: datetime) -> None:
        client = HttpClient(BEAT_SECONDS, now, connections=connections)
        reply = await client.request(url, b"", {"user-agent": "Tocsin"}, method="GET")
        if isinstance(reply, ChannelAnswer):
            raise OSError(reply.reason)
        if not 200 <= reply.status < 300:
            raise OSError(f"the heartbeat was answered {reply.status}")

    return beat
