"""Lanes under everything that can happen to them: a machine that takes any steps in any order.

Several workers claim, send and record; deliveries fail, time out and arrive twice; workers die between any two steps;
revisions come; the clock goes on; channels are switched off and on; what was given up is sent again. Whatever happens,
each receiver hears an incident in order, nothing is lost, and in the end everybody knows what holds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import event, func, select

from schemas import Alert, AlertKind, AlertStatus, DeliveryOutcome, Incident, IncidentStatus, Told
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.deciding import Audience, Revision, decide_revision
from services.alerter.delivering import outcome_of
from services.alerter.ledger import Verified, verify_chain
from services.alerter.outbox.claiming import Claimed, Room, claim_due
from services.alerter.outbox.deciding import Decided, read_states, write_decided
from services.alerter.outbox.destinations import read_destinations, switch_off, switch_on
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.ledger import read_heads, read_ledger
from services.alerter.outbox.redriving import redrive
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.tables import alerts, deliveries, told
from services.alerter.policy.decision import decide
from services.alerter.policy.matching import CompiledSubscription, compile_subscription
from tests.alerter.incidents import NOON, exactly, incident, subscription

Result = TypeVar("Result")
LEASE = timedelta(minutes=2)
ANSWERS: dict[str, tuple[ChannelAnswer, bool]] = {
    "accepted": (ACCEPTED, True),
    "refused": (ChannelAnswer(DeliveryOutcome.RETRY, "Answered 500.", 500), False),
    "throttled": (ChannelAnswer(DeliveryOutcome.RETRY, "Answered 429.", 429, retry_after=30), False),
    "request lost": (ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, "No answer."), False),
    "answer lost": (ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, "No answer."), True),
    "refused for good": (ChannelAnswer(DeliveryOutcome.DEAD, "Refused with 422.", 422), False),
    "silent": (ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, "No answer in time.", silent=True), False),
    "gone": (ChannelAnswer(DeliveryOutcome.RETRY, "Answered 410.", 410, gone=True), False),
}
"""What a receiver does with a request: what its sender learns, and whether the receiver has the alert."""
_RUNS = count()


@dataclass
class Work:
    """One claim in a worker's hands."""

    claimed: Claimed
    lease_ends: datetime
    answer: ChannelAnswer | None = None
    started_at: datetime = NOON


@dataclass
class Worker:
    """One alerter."""

    works: list[Work] = field(default_factory=list)


class Lanes(RuleBasedStateMachine):
    """Two channels, three subscriptions, two incidents, two workers."""

    def __init__(self, store: Store, runner: asyncio.Runner) -> None:
        super().__init__()
        self.store, self.runner = store, runner
        number = next(_RUNS)
        self.now = NOON + timedelta(days=400 * number)
        self.channels = [f"a{number}", f"b{number}"]
        self.incident_ids = [f"inc-{number}-1", f"inc-{number}-2"]
        self.asked: list[CompiledSubscription] = [
            compile_subscription(subscription(name=f"{name}-{number}", channel=channel, killed_at_least=least))
            for name, channel, least in (
                ("fifty", self.channels[0], 50),
                ("ten", self.channels[0], 10),
                ("far", self.channels[1], 50),
            )
        ]
        self.newest: dict[str, Incident] = {}
        self.workers = [Worker(), Worker()]
        self.heard: list[Alert] = []

    def run(self, work: Awaitable[Result]) -> Result:
        async def go() -> Result:
            return await work

        return self.runner.run(go())

    # What comes from outside

    @rule(which=st.sampled_from([0, 0, 1]), killed=st.sampled_from([5, 20, 60, 120, 300]), taker=st.integers(0, 2))
    def a_revision_comes(self, which: int, killed: int, taker: int) -> None:
        identity = self.incident_ids[which]
        before = self.newest.get(identity)
        if before is None or before.status is IncidentStatus.OPEN:
            self.run(self._decide(identity, killed, IncidentStatus.OPEN, taker))

    @rule(which=st.integers(0, 1))
    def an_incident_is_retracted(self, which: int) -> None:
        before = self.newest.get(self.incident_ids[which])
        if before is not None and before.status is IncidentStatus.OPEN:
            self.run(self._decide(self.incident_ids[which], 0, IncidentStatus.RETRACTED, 2))

    async def _decide(self, identity: str, killed: int, status: IncidentStatus, taker: int) -> None:
        before = self.newest.get(identity)
        revision = 1 if before is None else before.revision + 1
        self.newest[identity] = incident(exactly(killed), revision, incident_id=identity, status=status)
        new = Decided()
        async with self.store.transaction() as connection:
            states = await read_states(connection, {identity}, self.now)
            one = Revision(self.newest[identity], [], self.now)
            decide_revision(one, Audience(self.asked), states[identity], new, Counter())
            await write_decided(connection, new, states, self.now)
            if taker < len(self.workers):
                await self._take(connection, self.workers[taker])

    @rule(seconds=st.sampled_from([7, 40, 400, 3 * 3600, 2 * 86400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(which=st.integers(0, 1))
    def a_channel_is_switched_off(self, which: int) -> None:
        self.run(self._switch(self.channels[which], on=False))

    @rule(which=st.integers(0, 1))
    def a_channel_is_switched_on(self, which: int) -> None:
        self.run(self._switch(self.channels[which], on=True))

    async def _switch(self, channel: str, *, on: bool) -> None:
        async with self.store.transaction() as connection:
            if on:
                await switch_on(connection, channel, self.now)
            else:
                await switch_off(connection, channel, "By hand.", self.now)

    @rule(pick=st.integers(0, 50))
    def something_is_sent_again_by_hand(self, pick: int) -> None:
        self.run(self._redrive(pick))

    async def _redrive(self, pick: int) -> None:
        async with self.store.transaction() as connection:
            query = select(alerts.c.alert_id).where(alerts.c.incident_id.in_(self.incident_ids))
            known = list(await connection.scalars(query.order_by(alerts.c.status, alerts.c.position)))
            if known:
                await redrive(connection, [known[pick % len(known)]], self.now)

    # What workers do

    @rule(which=st.integers(0, 1), suspects=st.sampled_from([0, 1, 32]))
    def a_worker_claims(self, which: int, suspects: int) -> None:
        """With or without room for receivers that fail."""
        self.run(self._claim(self.workers[which], suspects))

    async def _claim(self, worker: Worker, suspects: int = 32) -> None:
        async with self.store.transaction() as connection:
            await self._take(connection, worker, suspects)

    async def _take(self, connection: Any, worker: Worker, suspects: int = 32) -> None:
        under_way = [work.claimed.lane for work in worker.works]
        busy = Counter(lane[0] for lane in under_way)
        room = Room(dict.fromkeys(self.channels, 3), suspects=suspects, under_way=under_way, busy=busy)
        claimed = await claim_due(connection, room, self.now, self.now + LEASE)
        states = await read_destinations(connection, self.channels)
        assert sum(one.suspect for one in claimed) <= suspects
        for one in claimed:
            assert one.alert.channel not in states or states[one.alert.channel].off_at is None
            worker.works.append(Work(one, self.now + LEASE, started_at=self.now))

    @precondition(lambda self: any(work.answer is None for worker in self.workers for work in worker.works))
    @rule(which=st.integers(0, 1), place=st.integers(0, 5), what=st.sampled_from(sorted(ANSWERS)))
    def a_worker_sends(self, which: int, place: int, what: str) -> None:
        # An attempt is ended from outside long before its lease is.
        works = [one for one in self.workers[which].works if one.answer is None and one.lease_ends > self.now]
        if works:
            work = works[place % len(works)]
            work.answer, arrives = ANSWERS[what]
            if arrives:
                self.heard.append(work.claimed.alert)

    @precondition(lambda self: any(work.answer is not None for worker in self.workers for work in worker.works))
    @rule(which=st.integers(0, 1))
    def a_worker_records(self, which: int) -> None:
        self.run(self._record(self.workers[which]))

    async def _record(self, worker: Worker) -> None:
        done = [work for work in worker.works if work.answer is not None]
        if not done:
            return
        settlements = []
        for work in done:
            assert work.answer is not None
            delivery, status = outcome_of(work.claimed, work.answer, work.started_at, self.now)
            settlements.append(Settlement(work.claimed, delivery, status, work.answer))
        async with self.store.transaction() as connection:
            await settle_all(connection, settlements)
        worker.works = [work for work in worker.works if work.answer is None]

    @rule(which=st.integers(0, 1), what=st.sampled_from(sorted(ANSWERS)))
    def a_worker_claims_sends_and_records(self, which: int, what: str) -> None:
        self.run(self._attempt(self.workers[which], what))

    async def _attempt(self, worker: Worker, what: str) -> None:
        await self._claim(worker)
        for work in worker.works:
            if work.answer is None and work.lease_ends > self.now:
                work.answer, arrives = ANSWERS[what]
                if arrives:
                    self.heard.append(work.claimed.alert)
        await self._record(worker)

    @rule(which=st.integers(0, 1), sent=st.booleans())
    def a_worker_dies_with_what_it_has(self, which: int, sent: bool) -> None:
        """At once after claiming, or after sending and before recording."""
        self.run(self._die(self.workers[which], sent=sent))

    async def _die(self, worker: Worker, *, sent: bool) -> None:
        await self._claim(worker)
        if sent:
            self.heard += [work.claimed.alert for work in worker.works if work.lease_ends > self.now]
        worker.works.clear()

    @rule(which=st.integers(0, 1))
    def a_worker_dies(self, which: int) -> None:
        self.workers[which].works.clear()

    # What must hold

    @invariant()
    def every_receiver_hears_an_incident_in_order(self) -> None:
        for first in self._first_heard().values():
            sequences = [alert.sequence for alert in first]
            assert sequences == sorted(sequences), sequences

    def _first_heard(self) -> dict[tuple[str, str], list[Alert]]:
        """What each receiver heard of each incident, without what it had heard already."""
        heard: dict[tuple[str, str], dict[str, Alert]] = {}
        for alert in self.heard:
            heard.setdefault((alert.channel, alert.incident_id), {}).setdefault(alert.alert_id, alert)
        return {lane: list(by_id.values()) for lane, by_id in heard.items()}

    def teardown(self) -> None:
        self.run(self._come_to_rest())

    async def _come_to_rest(self) -> None:
        """Every worker starts anew, every receiver is well: whatever waits is told, and everything is looked at."""
        for worker in self.workers:
            worker.works.clear()
        for channel in self.channels:
            await self._switch(channel, on=True)
        for _ in range(200):
            self.now += timedelta(days=1)
            await self._attempt(self.workers[0], "accepted")
            async with self.store.reading() as connection:
                waiting = select(func.count()).where(
                    alerts.c.incident_id.in_(self.incident_ids), alerts.c.status == AlertStatus.PENDING
                )
                if not await connection.scalar(waiting):
                    break
        else:
            raise AssertionError("something never came to rest")
        self.every_receiver_hears_an_incident_in_order()
        async with self.store.reading() as connection:
            await self._nothing_is_lost(connection)
            await self._the_ledger_is_whole(connection)
        self._everybody_knows_what_holds()

    async def _nothing_is_lost(self, connection: Any) -> None:
        query = select(alerts).where(alerts.c.incident_id.in_(self.incident_ids)).order_by(alerts.c.sequence)
        rows = (await connection.execute(query)).all()
        heard_ids = {alert.alert_id for alert in self.heard}
        self.dead = {(row.subscription, row.incident_id) for row in rows if row.status == AlertStatus.DEAD}
        said = select(told).where(told.c.incident_id.in_(self.incident_ids))
        self.told = {
            (row.subscription, row.incident_id): Told.model_validate_json(row.told)
            for row in await connection.execute(said)
        }
        self.perhaps_heard = {
            (row.subscription, row.incident_id) for row in rows if row.status == AlertStatus.DEAD and row.maybe_seen
        }
        for row in rows:
            assert row.status in {AlertStatus.DELIVERED, AlertStatus.DEAD, AlertStatus.SUPERSEDED}
            assert row.alert_id in heard_ids or row.status != AlertStatus.DELIVERED
            assert row.alert_id not in heard_ids or row.maybe_seen
        for lane, first in self._first_heard().items():
            dead = {row.sequence for row in rows if (row.channel, row.incident_id) == lane and row.status == "dead"}
            numbers = {alert.sequence for alert in first}
            named = {number for alert in first for number in alert.supersedes}
            unexplained = set(range(1, max(numbers) + 1)) - numbers - named - dead
            # What gave way only after the last alert of its lane was decided is named by the next.
            later = {row.sequence for row in rows if row.status == "superseded" and row.superseded_by is None}
            assert unexplained <= later, (lane, unexplained)

    async def _the_ledger_is_whole(self, connection: Any) -> None:
        names = [one.subscription.name for one in self.asked]
        heads = {head.subscription: head for head in await read_heads(connection, names)}
        for name in names:
            rows = [row async for row in read_ledger(connection, name)]
            result = verify_chain(name, rows, heads.get(name))
            assert isinstance(result, Verified), result
            of_name = select(alerts.c.alert_id).where(alerts.c.subscription == name)
            attempts = select(func.count()).where(deliveries.c.alert_id.in_(of_name))
            assert result.entries == await connection.scalar(attempts)

    def _everybody_knows_what_holds(self) -> None:
        for asked in self.asked:
            for identity, newest in self.newest.items():
                name = asked.subscription.name
                mine = [
                    alert
                    for lane, first in self._first_heard().items()
                    for alert in first
                    if lane[1] == identity and alert.subscription == name
                ]
                # Only what may have arrived, and was given up then, can be taken back unheard.
                if mine and mine[0].kind is AlertKind.CANCEL:
                    assert (name, identity) in self.perhaps_heard
                if (name, identity) in self.dead:
                    continue
                # What the alerter takes the subscriber to know is what was heard last, and nothing is left to say.
                known = self.told.get((name, identity))
                assert (known and known.alert_id) == (mine[-1].alert_id if mine else None)
                if known is None or known.revision < newest.revision:
                    assert decide(asked, known, newest).kind is None, (name, identity, known, newest.toll)


def test_whatever_happens_lanes_are_heard_in_order_and_nothing_is_lost(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        store = runner.run(open_store(f"sqlite:///{tmp_path}/alerter.db"))

        @event.listens_for(store.engine.sync_engine, "connect")
        def _fast(connection: Any, _: object) -> None:
            # No power fails here, and a machine takes thousands of steps.
            connection.cursor().execute("PRAGMA synchronous=OFF")

        runner.run(store.engine.dispose())
        try:
            run_state_machine_as_test(
                lambda: Lanes(store, runner),
                settings=settings(
                    max_examples=50,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(store.close())
