"""Telling: alerts that are due go to their channels, in order per lane, and a slow one delays no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from schemas import AlertStatus, Delivery, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer, ChannelSender, OutgoingMessage
from services.alerter.outbox.delivering import Claimed, Settlement, claim_due, release
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.recording import Recorder
from services.alerter.retries import MOST_ATTEMPTS, delay_after
from services.alerter.waiting import wait_for_any

log = structlog.get_logger()

AT_ONCE = 256
"""Attempts under way at once, over all channels."""
TIMEOUT_MARGIN_SECONDS = 5.0
"""What an attempt may take beyond its channel's own timeout before it is ended from outside."""
LEASE_MARGIN = timedelta(seconds=60)
"""What a lease outlasts the longest attempt by: room to record it, and for the clocks of two machines to differ."""
POLL_SECONDS = 0.5
"""How often to look for what became due by time, or through another alerter."""
GATHER_SECONDS = 0.01
"""How long what became due gathers before a claim, which costs much the same for one lane or many."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
"""Between attempts to reach a store that does not answer."""
FAULT = "The fault is ours: the attempt failed in a way that nobody foresaw"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that has been recorded, for whoever counts."""

    claimed: Claimed
    delivery: Delivery
    channel_kind: str


@dataclass(slots=True)
class Deliverer:
    """Sends what is due until it is told to stop."""

    store: Store
    channels: Mapping[str, ChannelSender]
    now: Callable[[], datetime]
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    attempted: Callable[[Attempt], None] = lambda attempt: None
    """Told of every attempt once it is recorded."""
    store_answers: Callable[[str | None], None] = lambda reason: None
    """Told why the store does not answer, and None when it does."""
    at_once: int = AT_ONCE
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: dict[asyncio.Task[None], Claimed] = field(default_factory=dict)
    _recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self._recorder = Recorder(self.store, self.store_answers)

    def wake(self) -> None:
        """Something may be due now."""
        self._due.set()

    @property
    def under_way(self) -> int:
        """Attempts that are not recorded yet."""
        return len(self._tasks)

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; attempts under way go on, see `finish`."""
        pause = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            self.alive()
            self._due.clear()
            try:
                claimed = await self._claim()
            except StoreUnavailableError as error:
                self.store_answers(str(error))
                log.warning("claim_failed", error=str(error), retry_in_seconds=pause)
                await wait_for_any(stop, seconds=pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            pause = FIRST_PAUSE_SECONDS
            self.store_answers(None)
            for one in claimed:
                task = asyncio.create_task(self._deliver(one))
                self._tasks[task] = one
                task.add_done_callback(self._ended)
            if not claimed:
                await wait_for_any(self._due, stop, seconds=POLL_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)

    async def finish(self, seconds: float) -> None:
        """Let attempts under way end for `seconds`, then give up waiting: they are made again with the same ids."""
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=seconds)
        left = dict(self._tasks)
        for task, claimed in left.items():
            log.warning("attempt_abandoned", alert_id=claimed.alert.alert_id, channel=claimed.alert.channel)
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._recorder.stop()

    async def _claim(self) -> list[Claimed]:
        busy = Counter(claimed.alert.channel for claimed in self._tasks.values())
        room = {name: sender.concurrency - busy[name] for name, sender in self.channels.items()}
        limit = self.at_once - len(self._tasks)
        if limit < 1 or not any(places > 0 for places in room.values()):
            return []
        now = self.now()
        under_way = [(claimed.alert.channel, claimed.alert.incident_id) for claimed in self._tasks.values()]
        longest = max(sender.timeout_seconds for sender in self.channels.values())
        async with self.store.transaction() as connection:
            leased_until = now + timedelta(seconds=longest) + LEASE_MARGIN
            return await claim_due(connection, room, limit, now, leased_until, under_way)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._due.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_task_failed", error=repr(error))

    async def _deliver(self, claimed: Claimed) -> None:
        sender = self.channels[claimed.alert.channel]
        try:
            started_at = self.now()
            answer = await self._attempt(sender, claimed)
            delivery, status = outcome_of(claimed, answer, started_at, self.now())
            await self._record(Settlement(claimed, delivery, status, answer.receipt), sender.kind)
        except asyncio.CancelledError:
            await self._give_back(claimed)
            raise

    async def _attempt(self, sender: ChannelSender, claimed: Claimed) -> ChannelAnswer:
        message = OutgoingMessage(claimed.alert, claimed.decided_at, claimed.attempt, claimed.thread)
        try:
            async with asyncio.timeout(sender.timeout_seconds + TIMEOUT_MARGIN_SECONDS):
                return await sender.send(message)
        except TimeoutError:
            reason = f"The channel did not end within {sender.timeout_seconds:.0f} s."
            return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, reason)
        except Exception as error:
            # One channel's fault must not end the telling of all.
            log.exception("channel_fault", channel=claimed.alert.channel, alert_id=claimed.alert.alert_id)
            return ChannelAnswer(DeliveryOutcome.RETRY, f"{FAULT} ({type(error).__name__}).")

    async def _record(self, settlement: Settlement, kind: str) -> None:
        claimed, delivery = settlement.claimed, settlement.delivery
        where = {"alert_id": delivery.alert_id, "channel": delivery.channel, "attempt": delivery.attempt}
        if not await self._recorder.record(settlement):
            log.warning("lease_lost", **where, outcome=delivery.outcome)
            return
        level = log.info if delivery.outcome is DeliveryOutcome.ACCEPTED else log.warning
        next_at = delivery.next_attempt_at.isoformat() if delivery.next_attempt_at else None
        level("delivery", **where, outcome=delivery.outcome, reason=delivery.reason, next_attempt_at=next_at)
        self.attempted(Attempt(claimed, delivery, kind))

    async def _give_back(self, claimed: Claimed) -> None:
        try:
            async with asyncio.timeout(2):
                async with self.store.transaction() as connection:
                    await release(connection, claimed)
        except (StoreUnavailableError, TimeoutError) as error:
            log.warning("lease_not_given_back", alert_id=claimed.alert.alert_id, error=str(error))


def outcome_of(
    claimed: Claimed, answer: ChannelAnswer, started_at: datetime, ended_at: datetime
) -> tuple[Delivery, AlertStatus]:
    """The record of one attempt that was answered by `answer`, and where its alert stands then. Pure."""
    alert = claimed.alert
    outcome, reason, next_at = answer.outcome, answer.reason, None
    if outcome in (DeliveryOutcome.RETRY, DeliveryOutcome.SENT_UNKNOWN):
        delay = delay_after(claimed.attempt, answer, alert.alert_id)
        if delay is None:
            outcome = DeliveryOutcome.DEAD
            reason = f"Given up after {MOST_ATTEMPTS} attempts. The last: {reason}"
        else:
            next_at = ended_at + delay
    status = {DeliveryOutcome.ACCEPTED: AlertStatus.DELIVERED, DeliveryOutcome.DEAD: AlertStatus.DEAD}.get(
        outcome, AlertStatus.PENDING
    )
    delivery = Delivery(
        delivery_id=f"{alert.alert_id}/{claimed.attempt}",
        alert_id=alert.alert_id,
        subscription=alert.subscription,
        channel=alert.channel,
        incident_id=alert.incident_id,
        revision=alert.revision,
        attempt=claimed.attempt,
        outcome=outcome,
        reason=reason,
        status_code=answer.status_code,
        started_at=started_at,
        ended_at=ended_at,
        next_attempt_at=next_at,
    )
    return delivery, status
