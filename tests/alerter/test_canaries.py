"""Canaries are sent on their schedule, found when they come back, and missed when they do not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from aiokafka.errors import KafkaConnectionError
from sqlalchemy import select

from schemas import Alert, Article, Subscription
from services.alerter.auditing import Auditor
from services.alerter.canaries import Canaries, CanaryState
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.delivering import outcome_of
from services.alerter.outbox.claiming import Room, claim_due
from services.alerter.outbox.engine import Store
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.tables import alerts, told
from services.alerter.policy.canary import canary_incident_id
from services.alerter.policy.matching import compile_subscription
from services.processor.extraction.extract import extract
from services.processor.tracking.open_incidents import OpenIncidents
from services.processor.tracking.track import track
from tests.alerter.fakes import Clock
from tests.alerter.incidents import incident, subscription
from tests.alerter.outboxes import decided

CANARY = subscription(name="canary", channel="a", test=True, where="test")
DESK = subscription(name="desk", channel="a")


@dataclass
class World:
    """A store, a clock and canaries, with nothing between the article and the decision but the pure functions."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    sent: list[Article] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    states: list[CanaryState] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    subscriptions: Sequence[Subscription] = (CANARY, DESK)
    down: bool = False
    canaries: Canaries = field(init=False)

    def __post_init__(self) -> None:
        async def send(article: Article) -> None:
            if self.down:
                raise KafkaConnectionError("the broker is down")
            self.sent.append(article)

        async def remove(incident_ids: Collection[str]) -> None:
            if self.down:
                raise KafkaConnectionError("the broker is down")
            self.removed += incident_ids

        self.canaries = Canaries(
            self.store,
            self.clock,
            send,
            remove,
            lambda: [one for one in self.subscriptions if one.test],
            {"a": "owner"},
            timedelta(minutes=15),
            timedelta(minutes=5),
            looked=self.states.append,
            came_back=self.took.append,
        )

    async def look(self) -> CanaryState:
        await self.canaries.once()
        return self.states[-1]

    async def comes_out(self) -> None:
        """The newest canary goes through reading, linking and deciding."""
        (report,) = extract(self.sent[-1])
        await decided(
            self.store, track(report, OpenIncidents()).revisions, *map(compile_subscription, self.subscriptions)
        )

    async def notices(self) -> list[Alert]:
        """What owners are told, settled or not."""
        async with self.store.reading() as connection:
            rows = await connection.execute(select(alerts.c.payload).where(alerts.c.channel == "owner"))
            return [Alert.model_validate_json(payload) for (payload,) in rows]

    async def told(self, answer: ChannelAnswer = ACCEPTED) -> list[Alert]:
        """Everything due is tried once."""
        async with self.store.transaction() as connection:
            claims = await claim_due(connection, Room({"a": 99, "owner": 99}), self.clock.at, self.clock.at)
            settlements = []
            for one in claims:
                delivery, status = outcome_of(one, answer, self.clock.at, self.clock.at)
                settlements.append(Settlement(one, delivery, status, answer))
            await settle_all(connection, settlements)
        return [one.alert for one in claims]


async def test_one_is_sent_for_each_interval_and_no_more(store: Store) -> None:
    world = World(store)
    for _ in range(3):
        await world.look()
    assert len(world.sent) == 1
    world.clock.forward(minutes=14)
    await world.look()
    assert len(world.sent) == 1
    world.clock.forward(minutes=1)
    await world.look()
    assert len(world.sent) == 2
    assert all(article.test for article in world.sent)


async def test_only_the_subscription_with_the_test_flag_is_told_and_in_words_that_say_so(store: Store) -> None:
    world = World(store)
    await world.look()
    await world.comes_out()
    (alert,) = await world.told()
    assert (alert.subscription, alert.status, alert.incident.test) == ("canary", "test", True)
    assert alert.headline.startswith("TEST")
    assert "Nothing has happened" in alert.body


async def test_one_that_comes_back_is_counted_with_the_time_that_it_took(store: Store) -> None:
    world = World(store)
    await world.look()
    sent_at = world.clock.at
    world.clock.forward(seconds=3)
    await world.comes_out()
    await world.told()
    state = await world.look()
    assert (state.fault, state.last_sent_at, world.took) == (None, sent_at, [3.0])
    await world.look()
    assert world.took == [3.0]


async def test_one_that_stays_away_is_a_fault_that_keeps_the_heartbeat_back(store: Store) -> None:
    world, beats = World(store), []

    async def beat(at: object) -> None:
        beats.append(at)

    faults = lambda: () if world.canaries.fault is None else (world.canaries.fault,)  # noqa: E731
    auditor = Auditor(store, world.clock, {"a", "owner"}, (beat,), beside=faults)
    await world.look()
    await auditor.once()
    assert len(beats) == 1
    world.clock.forward(minutes=5, seconds=1)
    state = await world.look()
    assert state.fault is not None
    assert "has not come out of the stream" in state.fault
    await auditor.once()
    assert len(beats) == 1


async def test_the_owner_of_the_channel_is_told_once_until_one_comes_back(store: Store) -> None:
    world = World(store)
    for _ in range(3):
        await world.look()
        world.clock.forward(minutes=15)
    await world.look()
    (notice,) = await world.notices()
    assert (notice.status, notice.reason) == ("system", "canary_late")
    assert "channel a" in notice.headline
    await world.comes_out()
    await world.told()
    assert (await world.look()).fault is None
    for _ in range(2):
        world.clock.forward(minutes=15)
        await world.look()
    world.clock.forward(minutes=10)
    await world.look()
    assert len(await world.notices()) == 2


async def test_a_channel_that_does_not_accept_it_is_named(store: Store) -> None:
    world = World(store)
    await world.look()
    await world.comes_out()
    world.clock.forward(minutes=6)
    state = await world.look()
    assert state.fault is not None
    assert "was not accepted by a" in state.fault


async def test_without_a_subscription_none_is_sent_and_that_is_a_fault(store: Store) -> None:
    world = World(store, subscriptions=(DESK,))
    state = await world.look()
    assert world.sent == []
    assert state.fault is not None
    assert "test flag" in state.fault


async def test_one_that_no_subscription_asks_for_is_a_fault_that_says_so(store: Store) -> None:
    world = World(store, subscriptions=(CANARY.model_copy(update={"where": None, "killed_at_least": 50}),))
    await world.look()
    await world.comes_out()
    state = await world.look()
    assert state.fault is not None
    assert "no subscription with the test flag asks" in state.fault


async def test_while_the_broker_takes_none_that_is_a_fault_and_the_same_one_goes_later(store: Store) -> None:
    world = World(store, down=True)
    state = await world.look()
    assert state.fault is not None
    assert "no canary can be sent" in state.fault
    world.down = False
    assert (await world.look()).fault is None
    assert len(world.sent) == 1


async def test_what_happened_is_no_canary_whatever_its_article_is_called(store: Store) -> None:
    world = World(store)
    await world.look()
    forged = world.sent[-1].model_copy(update={"test": False})
    (report,) = extract(forged)
    await decided(store, track(report, OpenIncidents()).revisions, *map(compile_subscription, world.subscriptions))
    (alert,) = await world.told()
    assert (alert.subscription, alert.status) == ("desk", "actual")
    assert alert.incident_id != canary_incident_id(forged.article_id)
    world.clock.forward(minutes=6)
    assert (await world.look()).fault is not None


async def test_a_subscription_with_the_test_flag_hears_of_what_happened_as_a_test(store: Store) -> None:
    world = World(store, subscriptions=(CANARY.model_copy(update={"where": None}),))
    await decided(store, [incident(60)], *map(compile_subscription, world.subscriptions))
    (alert,) = await world.told()
    assert (alert.status, alert.incident.test) == ("test", False)
    assert "Nothing has happened" not in alert.body


async def test_what_is_left_of_a_canary_is_removed_after_a_week_and_its_numbered_alerts_stay(store: Store) -> None:
    world = World(store)
    await world.look()
    first = canary_incident_id(world.sent[0].article_id)
    await world.comes_out()
    world.clock.forward(days=6)
    await world.look()
    assert world.removed == []
    world.down = True
    world.clock.forward(days=2)
    await world.look()
    world.down = False
    await world.look()
    await world.look()
    assert world.removed == [first], "once, and not before the broker has taken it"
    async with store.reading() as connection:
        assert list(await connection.scalars(select(told.c.incident_id))) == []
        assert list(await connection.scalars(select(alerts.c.incident_id).where(alerts.c.channel == "a"))) == [first]
    world.clock.forward(days=6)
    await world.look()
    assert world.removed[1:] == [canary_incident_id(world.sent[1].article_id)]
