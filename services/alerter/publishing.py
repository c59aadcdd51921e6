"""Putting alerts, attempts and dead letters onto their topics, so that a crash repeats some and loses none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from aiokafka.structs import RecordMetadata

from schemas import Alert
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.publishing import (
    DeadAlert,
    Outstanding,
    PublishedAlert,
    alerts_published,
    dead_published,
    deliveries_published,
    outstanding,
    sole_publisher,
    unpublished_alerts,
    unpublished_dead,
    unpublished_deliveries,
)
from services.alerter.trimming import trimmed
from services.alerter.waiting import wait_for_any
from services.shared.dead_letters import DeadLetter, dead_headers
from services.shared.envelope import Written, seal_written
from services.shared.topic_writer import Outgoing, TopicWriter
from services.shared.topics import ALERTS, DELIVERIES, MAX_MESSAGE_BYTES, dead_of

log = structlog.get_logger()

SOURCE = "tocsin/alerter"
STAGE = "deliver"
AT_ONCE = 200
"""Messages whose acknowledgements are awaited together."""
POLL_SECONDS = 1.0
GATHER_SECONDS = 0.25
"""How long what is to be published gathers before a round."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
LARGEST_ALERT = MAX_MESSAGE_BYTES - 256 * 1024
"""Bytes of an alert as JSON; what is left of a topic's limit is for headers and for a dead letter's reason."""


@dataclass(slots=True)
class Publisher:
    """Publishes what the store holds and its topics do not."""

    store: Store
    writer: TopicWriter
    prefix: str
    now: Callable[[], datetime]
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    published: Callable[[str, int], None] = lambda topic, messages: None
    """Told what the broker has acknowledged."""
    refreshed: Callable[[Outstanding], None] = lambda found: None
    """Told how much is not finished, after every round."""
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _added: int = 0

    def wake(self) -> None:
        """Something may have to be published."""
        self._added += 1
        self._due.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set; `publish_all` then does what is left."""
        pause = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            self.alive()
            self._due.clear()
            if await self.publish_all():
                pause = FIRST_PAUSE_SECONDS
                await wait_for_any(self._due, stop, seconds=POLL_SECONDS)
                # Nobody waits for a topic as they wait for a channel, and a round costs much the same for one or many.
                await wait_for_any(stop, seconds=GATHER_SECONDS)
            else:
                await wait_for_any(stop, seconds=pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def publish_all(self) -> bool:
        """Publish everything that is there now. False where the store or a broker did not answer."""
        try:
            async with sole_publisher(self.store) as alone:
                while alone and (done := await self._round()):
                    if done < 0:
                        return False
            await self._refresh()
        except StoreUnavailableError as error:
            log.warning("publishing_holds", error=str(error))
            return False
        return True

    async def _round(self) -> int:
        """One round over all three kinds, kept in one transaction: how many were published, or -1 where a broker did
        not answer."""
        async with self.store.reading() as connection:
            alerts = await unpublished_alerts(connection, AT_ONCE)
            attempts = await unpublished_deliveries(connection, AT_ONCE)
            dead = await unpublished_dead(connection, AT_ONCE)
        messages = [self._sealed(row.written, row.traceparent, row.decided_at, ALERTS) for row in alerts]
        messages += [self._sealed(row.written, row.traceparent, row.ended_at, DELIVERIES) for row in attempts]
        messages += [self._letter(row) for row in dead]
        if not messages:
            return 0
        answers = await self._write(messages)
        of_attempts, of_dead = len(alerts), len(alerts) + len(attempts)
        placed = [
            PublishedAlert(row.position, answer.partition, answer.offset)
            for row, answer in zip(alerts, answers[:of_attempts], strict=True)
            if isinstance(answer, RecordMetadata)
        ]
        tried = [row.position for row, one in zip(attempts, answers[of_attempts:of_dead], strict=True) if _is_on(one)]
        buried = [row.position for row, one in zip(dead, answers[of_dead:], strict=True) if _is_on(one)]
        if placed or tried or buried:
            async with self.store.transaction() as connection:
                await alerts_published(connection, placed, self.now())
                await deliveries_published(connection, tried, self.now())
                await dead_published(connection, buried, self.now())
        for topic, done in ((ALERTS, placed), (DELIVERIES, tried), (dead_of(ALERTS), buried)):
            if done:
                self.published(topic, len(done))
        total = len(placed) + len(tried) + len(buried)
        return total if total == len(messages) else -1

    async def _refresh(self) -> None:
        """Count what is not finished; again where something was added meanwhile, so that no count is too low."""
        while True:
            added = self._added
            async with self.store.reading() as connection:
                found = await outstanding(connection)
            if added == self._added:
                self.refreshed(found)
                return

    def _sealed(self, written: Written, traceparent: str, at: datetime, topic: str) -> Outgoing:
        if len(written.value) > LARGEST_ALERT and written.of is Alert:
            fitted = trimmed(Alert.from_bytes(written.value), LARGEST_ALERT)
            log.warning("alert_trimmed", alert_id=written.identity, left_out=fitted.left_out)
            written = replace(written, value=fitted.alert.to_bytes())
        envelope = seal_written(written, source=SOURCE, traceparent=traceparent, sent_at=at)
        return Outgoing(self.prefix + topic, envelope.key, envelope.value, envelope.headers)

    def _letter(self, dead: DeadAlert) -> Outgoing:
        original = self._sealed(dead.written, dead.traceparent, dead.decided_at, ALERTS)
        letter = DeadLetter(
            stage=STAGE,
            topic=original.topic,
            partition=dead.partition,
            offset=dead.offset,
            error="DeliveryError",
            reason=dead.reason,
            attempts=dead.attempts,
            failed_at=dead.given_up_at,
        )
        return Outgoing(dead_of(original.topic), original.key, original.value, dead_headers(letter, original.headers))

    async def _write(self, messages: Sequence[Outgoing]) -> list[RecordMetadata | Exception]:
        answers = await self.writer.write_all(messages) if messages else []
        for answer in answers:
            if isinstance(answer, Exception):
                log.warning("publish_failed", messages=len(messages), error=repr(answer))
                break
        return answers


def _is_on(answer: RecordMetadata | Exception) -> bool:
    """Whether the broker has acknowledged a message."""
    return isinstance(answer, RecordMetadata)
