"""Sending canaries through the stream, and noticing where one does not come back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog
from aiokafka.errors import KafkaError

from schemas import Article, Subscription
from services.alerter.notices import canary_notice
from services.alerter.outbox.canaries import (
    SentCanary,
    forget_canaries,
    keep_canary,
    last_back,
    mark_back,
    mark_late,
    newest_canaries,
    old_canaries,
    trace_of_canary,
)
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.notices import write_notice
from services.alerter.policy.canary import Verdict, Way, canary_article, canary_incident_id, judge, slot_of
from services.alerter.waiting import wait_for_any
from services.shared.envelope import trace_of
from services.shared.topic_writer import UnwritableError

log = structlog.get_logger()

LOOK_SECONDS = 2.0
"""How often to look for what came back."""
NOBODY = "no subscription carries the test flag, so no canary is sent: add one with `test: true` and `where: test`"

Remove: TypeAlias = Callable[[Collection[str]], Awaitable[None]]
"""Writes tombstones of incidents, by their ids. Raises KafkaError, OSError or UnwritableError where one was not."""
Send: TypeAlias = Callable[[Article], Awaitable[None]]
"""Publishes an article. Raises KafkaError, OSError or UnwritableError where it was not."""


@dataclass(frozen=True, slots=True)
class CanaryState:
    """What a look found."""

    fault: str | None
    """What is wrong, as one sentence; None where canaries come back."""
    last_sent_at: datetime | None
    """When the last one that came back was sent."""


@dataclass(slots=True)
class Canaries:
    """Sends a canary every so often, and looks whether each comes back."""

    store: Store
    now: Callable[[], datetime]
    send: Send
    remove: Remove
    subscriptions: Callable[[], Collection[Subscription]]
    """Those in force that carry the test flag."""
    owners: Mapping[str, str]
    """Channel to the channel of its owner, where it has one."""
    every: timedelta
    late_after: timedelta
    looked: Callable[[CanaryState], None] = lambda state: None
    """Told of every look."""
    came_back: Callable[[float], None] = lambda seconds: None
    """Told of every canary that came back, and how many seconds that took."""
    noticed: Callable[[], None] = lambda: None
    """Told when an owner is to be told something."""
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    fault: str | None = field(default=None)
    """What the last look found wrong."""
    _unsent: str | None = field(default=None)
    _nobody: bool = field(default=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Send and look until `stop` is set."""
        while not stop.is_set():
            self.alive()
            try:
                await self.once()
            except StoreUnavailableError as error:
                log.warning("canaries_hold", error=str(error))
            await wait_for_any(stop, seconds=LOOK_SECONDS)

    async def once(self) -> None:
        """Look for what came back, and send what is due. Raises StoreUnavailableError."""
        tests = self.subscriptions()
        late = await self._look(tests)
        if tests:
            await self._send_due()
        await self._forget_old()
        if not tests and not self._nobody:
            log.warning("canary_without_subscription", mend=NOBODY)
        self._nobody = not tests
        self.fault = late or self._unsent if tests else NOBODY
        async with self.store.reading() as connection:
            last = await last_back(connection)
        self.looked(CanaryState(self.fault, None if last is None else last.sent_at))

    async def _look(self, tests: Collection[Subscription]) -> str | None:
        """What is wrong with the newest canary of which that can be said; None where it came back."""
        now = self.now()
        async with self.store.reading() as connection:
            sent = await newest_canaries(connection)
            open_ones = [one for one in sent if one.came_back_at is None]
            traces = {one.article_id: await trace_of_canary(connection, one.article_id) for one in open_ones}
        verdict = None
        for one in sent:
            found = (
                Verdict(Way.BACK)
                if one.came_back_at is not None
                else judge(one.sent_at, traces[one.article_id], self.late_after, now)
            )
            if one.came_back_at is None and found.way is Way.BACK:
                await self._mark_back(one, traces[one.article_id].settled_at or now)
            if verdict is None and found.way is not Way.UNDER_WAY:
                verdict = (one, found)
        if verdict is None or verdict[1].way is not Way.LATE:
            return None
        await self._mark_late(*verdict, sent, tests, now)
        return verdict[1].because

    async def _mark_back(self, canary: SentCanary, at: datetime) -> None:
        async with self.store.transaction() as connection:
            first = await mark_back(connection, canary.article_id, at)
        if first:
            seconds = max(0.0, (at - canary.sent_at).total_seconds())
            log.info("canary_back", article_id=canary.article_id, seconds=round(seconds, 3))
            self.came_back(seconds)

    async def _mark_late(
        self,
        canary: SentCanary,
        verdict: Verdict,
        sent: Collection[SentCanary],
        tests: Collection[Subscription],
        now: datetime,
    ) -> None:
        """Note that a canary is late, and tell the owners, once for each time that they stop coming back."""
        if canary.late_at is not None:
            return
        log.error("canary_late", article_id=canary.article_id, fault=verdict.because)
        before = max((one for one in sent if one.sent_at < canary.sent_at), key=lambda one: one.sent_at, default=None)
        lasting = before is not None and before.late_at is not None and before.came_back_at is None
        channels = verdict.channels or {one.channel for one in tests}
        async with self.store.transaction() as connection:
            first = await mark_late(connection, canary.article_id, now)
            if not first or lasting:
                return
            for channel in sorted(channels & self.owners.keys()):
                notice = canary_notice(channel, canary.article_id, verdict.because, now, self.owners[channel])
                await write_notice(connection, notice, trace_of(notice.alert_id), now)
        self.noticed()

    async def _forget_old(self) -> None:
        """Remove what is left of canaries of long ago: their incidents from the compacted topic, and so from everybody
        who reads it."""
        async with self.store.reading() as connection:
            old = await old_canaries(connection, self.now())
        if not old:
            return
        try:
            await self.remove([canary_incident_id(one) for one in old])
        except (KafkaError, OSError, UnwritableError) as error:
            log.warning("canaries_not_removed", error=repr(error))
            return
        async with self.store.transaction() as connection:
            await forget_canaries(connection, old)
        log.info("canaries_removed", canaries=len(old))

    async def _send_due(self) -> None:
        now = self.now()
        article = canary_article(slot_of(now, self.every))
        async with self.store.reading() as connection:
            known = {one.article_id for one in await newest_canaries(connection)}
        if article.article_id in known:
            return
        # Sent first: what is sent twice is the same article, and one that is only noted would be taken for lost.
        try:
            await self.send(article)
        except (KafkaError, OSError, UnwritableError) as error:
            self._unsent = f"no canary can be sent ({type(error).__name__}: {error})"
            log.warning("canary_not_sent", error=repr(error))
            return
        self._unsent = None
        async with self.store.transaction() as connection:
            await keep_canary(connection, article.article_id, now)
        log.info("canary_sent", article_id=article.article_id)
