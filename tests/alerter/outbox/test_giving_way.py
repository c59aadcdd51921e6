"""What waits behind a failing channel gives way to what is known now; what goes well goes out one by one."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from schemas import Alert, AlertKind, AlertStatus, DeliveryOutcome, Incident, IncidentStatus, Place, Told
from schemas.vocabulary import DecisionReason
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.deciding import Audience, Revision, decide_revision
from services.alerter.outbox.claiming import Claimed, Room, claim_due
from services.alerter.outbox.deciding import Decided, read_states, write_decided
from services.alerter.outbox.engine import Store
from services.alerter.outbox.looking import outbox_state
from services.alerter.outbox.publishing import outstanding
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.tables import alerts, decisions, deliveries
from services.alerter.outbox.tables import told as told_table
from services.alerter.policy.decision import Decision, decide, told_by
from services.alerter.policy.matching import CompiledSubscription, compile_subscription
from tests.alerter.incidents import KORU, NOON, exactly, incident, subscription
from tests.alerter.outbox.test_delivering import ended

MINUTE = timedelta(minutes=1)
FIFTY = compile_subscription(subscription(name="fifty", channel="a", killed_at_least=50))
TEN = compile_subscription(subscription(name="ten", channel="a", killed_at_least=10))


class Desk:
    """A store with one channel `a`, whose receiver takes what it is made to take."""

    def __init__(self, store: Store, identity: str, *asked: CompiledSubscription) -> None:
        self.store, self.identity, self.audience = store, identity, Audience(asked)
        self.now: datetime = NOON
        self.seen: list[Alert] = []
        self.revision = 0
        self.newest: Incident | None = None

    async def learn(
        self, killed: int, status: IncidentStatus = IncidentStatus.OPEN, place: Place = KORU
    ) -> list[Alert]:
        """A new revision is decided: the alerts that it makes."""
        self.revision += 1
        self.newest = incident(exactly(killed), self.revision, incident_id=self.identity, status=status, place=place)
        new = Decided()
        async with self.store.transaction() as connection:
            states = await read_states(connection, {self.identity}, self.now)
            decide_revision(Revision(self.newest, [], self.now), self.audience, states[self.identity], new, Counter())
            await write_decided(connection, new, states, self.now)
        return [row.alert for row in new.alerts]

    async def claim(self) -> Claimed | None:
        async with self.store.transaction() as connection:
            claimed = await claim_due(connection, Room({"a": 9}), self.now, self.now + MINUTE)
        mine = [one for one in claimed if one.alert.incident_id == self.identity]
        assert len(mine) <= 1
        return mine[0] if mine else None

    async def attempt(self, outcome: DeliveryOutcome, *, arrives: bool = False) -> bool:
        """The channel is tried once, if anything is due; `arrives`: the receiver has it though nobody knows."""
        claimed = await self.claim()
        if claimed is None:
            return False
        await self.settle(claimed, outcome)
        if arrives or outcome is DeliveryOutcome.ACCEPTED:
            self.seen.append(claimed.alert)
        return True

    async def settle(self, claimed: Claimed, outcome: DeliveryOutcome) -> None:
        again = None if outcome is DeliveryOutcome.ACCEPTED else self.now + 5 * MINUTE
        status = AlertStatus.DELIVERED if outcome is DeliveryOutcome.ACCEPTED else AlertStatus.PENDING
        async with self.store.transaction() as connection:
            await settle_all(
                connection, [Settlement(claimed, ended(claimed, outcome, again), status, ChannelAnswer(outcome))]
            )

    async def drain(self) -> None:
        self.now += 60 * MINUTE
        while await self.attempt(DeliveryOutcome.ACCEPTED):
            pass

    async def told(self) -> dict[str, int]:
        """What each subscription is taken to know: the revision."""
        query = select(told_table.c.subscription, told_table.c.revision).where(
            told_table.c.incident_id == self.identity
        )
        async with self.store.transaction() as connection:
            return {row.subscription: row.revision for row in await connection.execute(query)}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, "inc-1", FIFTY)


async def test_a_channel_that_goes_well_hears_every_revision_though_it_is_behind(desk: Desk) -> None:
    for killed in (60, 120, 87):
        await desk.learn(killed)
    await desk.drain()
    assert [(one.sequence, one.kind, one.supersedes) for one in desk.seen] == [
        (1, AlertKind.ALERT, ()),
        (2, AlertKind.UPDATE, ()),
        (3, AlertKind.CORRECTION, ()),
    ]


async def test_what_a_failing_channel_has_not_taken_gives_way_to_the_newest(desk: Desk) -> None:
    await desk.learn(60)
    await desk.attempt(DeliveryOutcome.RETRY)
    await desk.learn(120)
    await desk.learn(87)
    await desk.drain()
    (only,) = desk.seen
    assert (only.kind, only.revision, only.told_before) == (AlertKind.ALERT, 3, None)
    assert (only.sequence, only.supersedes) == (3, (1, 2))


async def test_a_cancel_of_what_nobody_has_seen_is_silent(desk: Desk) -> None:
    await desk.learn(60)
    await desk.attempt(DeliveryOutcome.RETRY)
    assert await desk.learn(60, IncidentStatus.RETRACTED) == []
    await desk.drain()
    assert desk.seen == []
    assert await desk.told() == {}


async def test_a_correction_that_is_no_longer_true_is_not_sent(desk: Desk) -> None:
    await desk.learn(60)
    await desk.attempt(DeliveryOutcome.ACCEPTED)
    await desk.learn(55)
    await desk.attempt(DeliveryOutcome.RETRY)
    assert await desk.learn(60) == []
    await desk.drain()
    assert [one.revision for one in desk.seen] == [1]
    assert await desk.told() == {"fifty": 1}
    await desk.learn(20)
    await desk.drain()
    assert (desk.seen[-1].sequence, desk.seen[-1].supersedes) == (3, (2,))
    assert desk.seen[-1].told_before is not None
    assert desk.seen[-1].told_before.toll.killed == exactly(60)


async def test_what_may_have_arrived_does_not_give_way_and_is_corrected(desk: Desk) -> None:
    await desk.learn(60)
    await desk.attempt(DeliveryOutcome.SENT_UNKNOWN, arrives=True)
    await desk.learn(20)
    await desk.drain()
    assert [one.kind for one in desk.seen] == [AlertKind.ALERT, AlertKind.ALERT, AlertKind.CORRECTION]
    assert desk.seen[0].alert_id == desk.seen[1].alert_id


async def test_what_is_being_sent_at_this_moment_does_not_give_way(desk: Desk) -> None:
    await desk.learn(60)
    await desk.attempt(DeliveryOutcome.RETRY)
    desk.now += 10 * MINUTE
    sending = await desk.claim()
    assert sending is not None
    (update,) = await desk.learn(120)
    assert (update.kind, update.supersedes) == (AlertKind.UPDATE, ())
    await desk.settle(sending, DeliveryOutcome.ACCEPTED)
    desk.seen.append(sending.alert)
    await desk.drain()
    assert [one.sequence for one in desk.seen] == [1, 2]


async def test_a_correction_is_outstanding_until_it_is_delivered(desk: Desk, store: Store) -> None:
    await desk.learn(60)
    await desk.drain()
    await desk.learn(20)
    async with store.transaction() as connection:
        assert (await outstanding(connection)).stale_claims == 1
    await desk.drain()
    async with store.transaction() as connection:
        assert (await outstanding(connection)).stale_claims == 0


async def test_a_correction_of_what_nobody_has_heard_is_no_claim_outstanding(desk: Desk, store: Store) -> None:
    await desk.learn(60)
    await desk.learn(20)
    async with store.transaction() as connection:
        assert (await outstanding(connection)).stale_claims == (await outbox_state(connection)).stale_claims == 0
    # A worker has it: from here on somebody may have heard.
    assert await desk.claim() is not None
    async with store.transaction() as connection:
        assert (await outstanding(connection)).stale_claims == (await outbox_state(connection)).stale_claims == 1


async def test_what_gave_way_is_kept_with_its_reason_and_as_a_delivery(desk: Desk, store: Store) -> None:
    await desk.learn(60)
    await desk.attempt(DeliveryOutcome.RETRY)
    await desk.learn(20)
    async with store.transaction() as connection:
        (row,) = (await connection.execute(select(alerts))).all()
        outcomes = (await connection.execute(select(deliveries.c.outcome).order_by(deliveries.c.attempt))).scalars()
        reasons = (await connection.execute(select(decisions.c.reason).order_by(decisions.c.revision))).scalars()
        assert list(outcomes) == [DeliveryOutcome.RETRY, DeliveryOutcome.SUPERSEDED]
        assert list(reasons) == [DecisionReason.FIRST_MATCH, DecisionReason.WITHDRAWN_UNTOLD]
    assert (row.status, row.next_attempt_at) == (AlertStatus.SUPERSEDED, None)
    assert "nothing to tell any more" in row.reason


async def test_an_incident_stays_on_the_channel_that_it_was_told_on(desk: Desk) -> None:
    await desk.learn(60)
    moved = compile_subscription(FIFTY.subscription.model_copy(update={"channel": "b"}))
    desk.audience = Audience([moved], channels={"a", "b"})
    (correction,) = await desk.learn(20)
    assert (correction.channel, correction.sequence) == ("a", 2)
    desk.audience = Audience([moved], channels={"b"})
    (again,) = await desk.learn(60)
    assert (again.channel, again.sequence) == ("b", 1)


async def test_a_subscription_that_has_left_hears_what_takes_back_what_it_was_told_and_nothing_else(desk: Desk) -> None:
    await desk.learn(60)
    desk.audience = Audience((), departed=[FIFTY])
    assert await desk.learn(120) == []
    (correction,) = await desk.learn(20)
    assert (correction.kind, correction.subscription, correction.channel) == (AlertKind.CORRECTION, "fifty", "a")
    assert await desk.learn(80) == []
    (cancel,) = await desk.learn(80, IncidentStatus.RETRACTED)
    assert cancel.kind is AlertKind.CANCEL


async def test_a_subscription_that_has_left_hears_of_another_place_although_the_toll_rose_too(desk: Desk) -> None:
    await desk.learn(60)
    desk.audience = Audience((), departed=[FIFTY])
    elsewhere = KORU.model_copy(update={"name": "Ayorou", "country": "NE", "admin1": None})
    (told,) = await desk.learn(120, place=elsewhere)
    assert (told.subscription, told.incident.place) == ("fifty", elsewhere)


async def test_a_subscription_that_had_left_before_hears_nothing(desk: Desk) -> None:
    desk.audience = Audience((), departed=[FIFTY])
    assert await desk.learn(60) == []
    assert await desk.learn(60, IncidentStatus.RETRACTED) == []


async def test_a_reply_names_the_first_message_that_the_channel_took(desk: Desk, store: Store) -> None:
    for killed, receipt in ((60, "first"), (120, "second")):
        await desk.learn(killed)
        claimed = await desk.claim()
        assert claimed is not None
        assert claimed.thread == (None if receipt == "first" else "first")
        taken = Settlement(
            claimed,
            ended(claimed, DeliveryOutcome.ACCEPTED),
            AlertStatus.DELIVERED,
            ChannelAnswer(DeliveryOutcome.ACCEPTED, receipt=receipt),
        )
        async with store.transaction() as connection:
            await settle_all(connection, [taken])


Step = tuple[Literal["learn"], int] | tuple[Literal["retract"]] | tuple[Literal["try"], str] | tuple[Literal["wait"]]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("learn"), st.sampled_from([5, 20, 55, 60, 120, 300])),
        st.tuples(st.just("try"), st.sampled_from(["accepted", "refused", "lost answer", "lost request"])),
        st.tuples(st.just("wait")),
        st.tuples(st.just("retract")),
    ),
    min_size=1,
    max_size=14,
)
_IDENTITIES = count()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("learn", 55), ("learn", 20), ("learn", 5), ("learn", 20)])
async def test_whatever_fails_in_the_end_every_subscriber_has_seen_the_truth_and_can_prove_that_nothing_is_missing(
    store: Store, steps: list[Step]
) -> None:
    desk = Desk(store, f"inc-h{next(_IDENTITIES)}", FIFTY, TEN)
    for step in steps:
        match step:
            case ("learn", int(killed)):
                if desk.newest is None or desk.newest.status is IncidentStatus.OPEN:
                    await desk.learn(killed)
            case ("retract",):
                if desk.newest is not None and desk.newest.status is IncidentStatus.OPEN:
                    await desk.learn(0, IncidentStatus.RETRACTED)
            case ("try", "accepted"):
                await desk.attempt(DeliveryOutcome.ACCEPTED)
            case ("try", "refused"):
                await desk.attempt(DeliveryOutcome.RETRY)
            case ("try", str(lost)):
                await desk.attempt(DeliveryOutcome.SENT_UNKNOWN, arrives=lost == "lost answer")
            case _:
                desk.now += 6 * MINUTE
    await desk.drain()
    for asked in (FIFTY, TEN):
        seen = [one for one in desk.seen if one.subscription == asked.subscription.name]
        assert not seen or seen[0].kind is AlertKind.ALERT
        known = told_of(seen[-1]) if seen else None
        if desk.newest is not None and (known is None or known.revision < desk.newest.revision):
            assert decide(asked, known, desk.newest).kind is None
    numbers = [one.sequence for one in desk.seen]
    named = {number for one in desk.seen for number in one.supersedes}
    assert not named & set(numbers)
    assert set(range(1, max(numbers, default=0) + 1)) == named | set(numbers)
    assert numbers == sorted(numbers)


def told_of(alert: Alert) -> Told:
    """What a receiver of `alert` knows, of what was told before it too."""
    decision = Decision(alert.kind, alert.reason, alert.because)
    return told_by(decision, alert.incident, alert.headline, alert.alert_id, alert.told_before)
