"""Telling: alerts that are due go to their channels, in order per lane, and a slow one delays no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus, Delivery, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer, ChannelSender, OutgoingMessage
from services.alerter.destinations import Limits
from services.alerter.outbox.attempts import delivery_id
from services.alerter.outbox.claiming import Claimed, Lane, Room, claim_due, release
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.settling import Settlement
from services.alerter.recording import Recorder
from services.alerter.retries import MOST_ATTEMPTS, delay_after
from services.alerter.retry_budget import RetryBudget
from services.alerter.taking import Take
from services.alerter.waiting import wait_for_any

log = structlog.get_logger()

AT_ONCE = 2048
"""Attempts under way at once, over all channels: black holes that nobody knows of yet hold theirs for a whole timeout,
and must leave room for the others."""
SUSPECTS_SHARE = 1 / 8
"""Share of them that may be to receivers whose last attempt failed."""
TIMEOUT_MARGIN_SECONDS = 5.0
"""What an attempt may take beyond its channel's own timeout before it is ended from outside."""
LEASE_MARGIN = timedelta(seconds=60)
"""What a lease outlasts the longest attempt by: room to record it, and for the clocks of two machines to differ."""
POLL_SECONDS = 0.5
"""How often to look for what became due by time, through a command or through another alerter. What is decided here is
taken up in the transaction that decides it, and what follows in a lane in the one that records what was before."""
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
    channels: MutableMapping[str, ChannelSender]
    now: Callable[[], datetime]
    limits: MutableMapping[str, Limits] = field(default_factory=dict)
    """What holds for each channel; where one is not in it, the defaults."""
    owners: MutableMapping[str, str] = field(default_factory=dict)
    """Channel to the channel of its owner, where it has one."""
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    attempted: Callable[[Attempt], None] = lambda attempt: None
    """Told of every attempt once it is recorded."""
    store_answers: Callable[[str | None], None] = lambda reason: None
    """Told why the store does not answer, and None when it does."""
    at_once: int = AT_ONCE
    behind: Callable[[], bool] = lambda: False
    """Whether the process has more to do than it can: receivers that fail then wait for those that are well."""
    budget: RetryBudget = field(default_factory=RetryBudget)
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: dict[asyncio.Task[None], Claimed] = field(default_factory=dict)
    _under_way: dict[tuple[Lane, str], Claimed] = field(default_factory=dict)
    """What was claimed and is not recorded yet, by lane and lease."""
    _busy: Counter[str] = field(default_factory=Counter)
    """How much of it is to each channel."""
    _under_way_by_lane: Counter[Lane] = field(default_factory=Counter)
    _suspects: int = 0
    """How much of it is to receivers whose last attempt failed."""
    _strangers: set[str] = field(default_factory=set)
    _open: bool = False
    _claims: int = 0
    _more: bool = False
    """The last claim may have left something that is due."""
    _concurrency: dict[str, int] = field(init=False)
    _lease: timedelta = field(init=False)
    _recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        longest = max((sender.timeout_seconds for sender in self.channels.values()), default=0.0)
        self._lease = timedelta(seconds=longest) + LEASE_MARGIN
        self._concurrency = {name: sender.concurrency for name, sender in self.channels.items()}
        self._recorder = Recorder(self.store, self.now, self.limits, self.owners, self.taking, self.store_answers)

    def open(self, name: str, sender: ChannelSender, limits: Limits, owner: str | None) -> None:
        """Deliver to one channel more from now on; what waits for it is due."""
        self.channels[name], self.limits[name] = sender, limits
        if owner is not None:
            self.owners[name] = owner
        self._concurrency[name] = sender.concurrency
        self._lease = max(self._lease, timedelta(seconds=sender.timeout_seconds) + LEASE_MARGIN)
        self._strangers.discard(name)
        self.wake()

    def wake(self) -> None:
        """Something may be due now."""
        self._due.set()

    @property
    def under_way(self) -> int:
        """Attempts that are not recorded yet."""
        return len(self._under_way)

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; attempts under way go on, see `finish`."""
        pause = FIRST_PAUSE_SECONDS
        self._open = True
        while not stop.is_set():
            self.alive()
            self._due.clear()
            before = self._claims
            try:
                async with self.taking() as take, self.store.transaction() as connection:
                    await take(connection)
            except StoreUnavailableError as error:
                self.store_answers(str(error))
                log.warning("claim_failed", error=str(error), retry_in_seconds=pause)
                await wait_for_any(stop, seconds=pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            pause = FIRST_PAUSE_SECONDS
            self.store_answers(None)
            if self._claims == before:
                await wait_for_any(self._due, stop, seconds=POLL_SECONDS)
        self._open = False

    @asynccontextmanager
    async def taking(self, freed: Collection[Claimed] = ()) -> AsyncIterator[Take]:
        """Gives what claims in a transaction of the caller's; the attempts begin where this ends without a fault, after
        the commit. `freed` are claims that the same transaction settles."""
        taken: list[Claimed] = []

        async def take(
            connection: AsyncConnection, channels: Collection[str] | None = None, known: Sequence[Alert] = ()
        ) -> None:
            if not self._open:
                return
            now, room = self.now(), self._room(freed)
            # While more is due than there is room for, what is due longest goes first, whatever its channel.
            some = None if self._more else channels
            found = await claim_due(
                connection, room, now, now + self._lease, some, {one.alert_id: one for one in known}
            )
            self._more = room.more
            for one in found:
                self._under_way[one.lane, one.lease] = one
                self._count(one, 1)
            self.budget.spend(sum(one.suspect for one in found))
            taken.extend(found)

        try:
            yield take
        except BaseException:
            for one in taken:
                self._forget(one)
            raise
        self._claims += len(taken)
        for one in taken:
            task = asyncio.create_task(self._deliver(one))
            self._tasks[task] = one
            task.add_done_callback(self._ended)

    async def finish(self, seconds: float) -> None:
        """Let attempts under way end for `seconds`, then give up waiting: they are made again with the same ids."""
        self._open = False
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=seconds)
        left = dict(self._tasks)
        for task, claimed in left.items():
            log.warning("attempt_abandoned", alert_id=claimed.alert.alert_id, channel=claimed.alert.channel)
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._recorder.stop()

    def _room(self, freed: Collection[Claimed]) -> Room:
        """What can be taken on once `freed` are settled. Counted as attempts begin and end: there may be thousands."""
        gone = [one for one in freed if (one.lane, one.lease) in self._under_way]
        busy, lanes = self._busy.copy(), self._under_way_by_lane.copy()
        busy.subtract(one.alert.channel for one in gone)
        lanes.subtract(one.lane for one in gone)
        suspects = max(1, int(self.at_once * SUSPECTS_SHARE)) - self._suspects + sum(one.suspect for one in gone)
        budget = self.budget.left(asyncio.get_running_loop().time(), behind=self.behind())
        return Room(
            concurrency=self._concurrency,
            limits=self.limits,
            total=self.at_once - len(self._under_way) + len(gone),
            suspects=suspects if budget is None else min(suspects, budget),
            busy=busy,
            under_way=+lanes,
            strangers=self._strangers,
        )

    def _forget(self, claimed: Claimed) -> None:
        if self._under_way.pop((claimed.lane, claimed.lease), None) is not None:
            self._count(claimed, -1)

    def _count(self, claimed: Claimed, change: int) -> None:
        """Count an attempt that is under way (1) or no longer (-1)."""
        channel, lane = claimed.alert.channel, claimed.lane
        self._suspects += change * claimed.suspect
        self._busy[channel] += change
        self._under_way_by_lane[lane] += change
        if not self._busy[channel]:
            del self._busy[channel]
        if not self._under_way_by_lane[lane]:
            del self._under_way_by_lane[lane]

    def _ended(self, task: asyncio.Task[None]) -> None:
        claimed = self._tasks.pop(task)
        self._forget(claimed)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_task_failed", error=repr(error))

    async def _deliver(self, claimed: Claimed) -> None:
        sender = self.channels[claimed.alert.channel]
        try:
            started_at = self.now()
            answer = await self._attempt(sender, claimed)
            delivery, status = outcome_of(claimed, answer, started_at, self.now())
            await self._record(Settlement(claimed, delivery, status, answer), sender.kind)
        except asyncio.CancelledError:
            await self._give_back(claimed)
            raise

    async def _attempt(self, sender: ChannelSender, claimed: Claimed) -> ChannelAnswer:
        message = OutgoingMessage(
            claimed.alert, claimed.decided_at, claimed.attempt, claimed.thread, claimed.earlier, claimed.payload
        )
        try:
            async with asyncio.timeout(sender.timeout_seconds + TIMEOUT_MARGIN_SECONDS):
                return await sender.send(message)
        except TimeoutError:
            reason = f"The channel did not end within {sender.timeout_seconds:.0f} s."
            return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, reason, silent=True)
        except Exception as error:
            # One channel's fault must not end the telling of all.
            log.exception("channel_fault", channel=claimed.alert.channel, alert_id=claimed.alert.alert_id)
            return ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, f"{FAULT} ({type(error).__name__}).")

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
                    await release(connection, claimed, self.now())
        except (StoreUnavailableError, TimeoutError) as error:
            log.warning("lease_not_given_back", alert_id=claimed.alert.alert_id, error=str(error))


def outcome_of(
    claimed: Claimed, answer: ChannelAnswer, started_at: datetime, ended_at: datetime
) -> tuple[Delivery, AlertStatus]:
    """The record of one attempt that was answered by `answer`, and where its alert stands then. Pure."""
    alert = claimed.alert
    outcome, reason, next_at = answer.outcome, answer.reason, None
    if outcome in (DeliveryOutcome.RETRY, DeliveryOutcome.SENT_UNKNOWN):
        delay = delay_after(claimed.tries, answer, alert.alert_id)
        if delay is None:
            outcome = DeliveryOutcome.DEAD
            reason = f"Given up after {MOST_ATTEMPTS} attempts. The last: {reason}"
        else:
            next_at = ended_at + delay
    status = {DeliveryOutcome.ACCEPTED: AlertStatus.DELIVERED, DeliveryOutcome.DEAD: AlertStatus.DEAD}.get(
        outcome, AlertStatus.PENDING
    )
    delivery = Delivery(
        delivery_id=delivery_id(alert.alert_id, claimed.attempt),
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
