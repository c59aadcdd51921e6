"""What waited and is told at one moment is one message, and still an alert of its own for each incident."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from sqlalchemy import select

from schemas import Alert, AlertStatus, DeliveryOutcome, QuietHours
from services.alerter.bundling import MOST, bundled
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.deciding import Audience
from services.alerter.outbox.engine import Store
from services.alerter.outbox.tables import alerts, deliveries
from services.alerter.policy.matching import compile_subscription
from services.alerter.releasing import Releaser
from tests.alerter.fakes import Clock, FakeChannel, eventually
from tests.alerter.incidents import NOON, subscription
from tests.alerter.test_delivering import running
from tests.alerter.test_releasing import EVENING, EXTREME, decide, revision

DAY = QuietHours(start="08:00", end="18:00")
QUIET = Audience([compile_subscription(subscription(quiet_hours=(DAY,)))])


async def wait_for_the_evening(store: Store, *killed: int) -> list[Alert]:
    """What is told in the evening of incidents in which so many died by day."""
    for number, dead in enumerate(killed):
        at = NOON + timedelta(minutes=number)
        assert await decide(store, QUIET, revision(at, dead, incident_id=f"inc-{number}")) == []
    released = await Releaser(store, QUIET, lambda: EVENING).release()
    return [row.alert for row in released.decided.alerts]


async def states(store: Store) -> list[tuple[str, str, str | None]]:
    """Incident, status and carrier of every alert, in the order of incidents."""
    async with store.reading() as connection:
        found = await connection.execute(select(alerts).order_by(alerts.c.incident_id, alerts.c.sequence))
        return [(row.incident_id, row.status, row.carried_by) for row in found]


async def test_the_worst_carries_the_words_of_all_and_names_the_numbers_of_the_others(store: Store) -> None:
    told = await wait_for_the_evening(store, 60, 130, 55)
    (carrier,) = [alert for alert in told if alert.also]
    assert carrier.incident_id == "inc-1"
    assert carrier.headline.startswith("At least 130 soldiers killed")
    assert carrier.headline.endswith("; and 2 more alerts")
    assert [(one.incident_id, one.sequence, one.number) for one in carrier.also] == [("inc-0", 1, 1), ("inc-2", 1, 3)]
    assert {alert.carried_by for alert in told if not alert.also} == {carrier.alert_id}
    for number, dead in enumerate((130, 60, 55), 1):
        assert f"{number}. At least {dead} soldiers killed" in carrier.body
        assert f"Killed: at least {dead}" in carrier.body


async def test_one_alert_is_a_message_of_its_own(store: Store) -> None:
    (alert,) = await wait_for_the_evening(store, 60)
    assert (alert.also, alert.carried_by) == ((), None)


async def test_it_is_sent_once_and_settles_all_that_it_carries(sqlite_store: Store) -> None:
    told = await wait_for_the_evening(sqlite_store, 60, 130, 55)
    channel = FakeChannel()
    async with running(sqlite_store, {"console": channel}, Clock(EVENING)) as attempts:
        await eventually(lambda: len(attempts) == 1)
    assert [message.alert.incident_id for message in channel.sent] == ["inc-1"]
    assert [status for _, status, _ in await states(sqlite_store)] == [AlertStatus.DELIVERED] * 3
    async with sqlite_store.reading() as connection:
        rows = (await connection.execute(select(deliveries.c.alert_id, deliveries.c.outcome))).all()
    assert {row.alert_id for row in rows} == {alert.alert_id for alert in told}
    assert {row.outcome for row in rows} == {DeliveryOutcome.ACCEPTED}


async def test_what_follows_about_an_incident_waits_until_the_message_that_carries_it_is_taken(
    sqlite_store: Store,
) -> None:
    await wait_for_the_evening(sqlite_store, 60, 130)
    clock = Clock(EVENING)
    channel = FakeChannel(deque([ChannelAnswer(DeliveryOutcome.RETRY, "busy")]))
    later = revision(EVENING, 50, 2, incident_id="inc-0", **EXTREME)
    async with running(sqlite_store, {"console": channel}, clock) as attempts:
        await eventually(lambda: len(attempts) == 1)
        assert len(await decide(sqlite_store, QUIET, later)) == 1
        clock.forward(minutes=10)
        await eventually(lambda: len(attempts) == 3)
    sent = [(message.alert.incident_id, message.alert.revision) for message in channel.sent]
    assert sent == [("inc-1", 1), ("inc-1", 1), ("inc-0", 2)]


async def test_a_message_that_carries_others_waits_for_what_goes_before_each(sqlite_store: Store) -> None:
    early = revision(NOON - timedelta(hours=6), 60, incident_id="inc-0")
    assert len(await decide(sqlite_store, QUIET, early)) == 1
    at = NOON + timedelta(minutes=1)
    assert await decide(sqlite_store, QUIET, revision(at, 230, incident_id="inc-1")) == []
    assert await decide(sqlite_store, QUIET, revision(at, 130, 2, incident_id="inc-0")) == []
    assert len((await Releaser(sqlite_store, QUIET, lambda: EVENING).release()).decided.alerts) == 2
    clock = Clock(EVENING)
    channel = FakeChannel(deque([ChannelAnswer(DeliveryOutcome.RETRY, "busy")]))
    async with running(sqlite_store, {"console": channel}, clock) as attempts:
        await eventually(lambda: len(attempts) == 1)
        clock.forward(minutes=10)
        await eventually(lambda: len(attempts) == 3)
    sent = [(message.alert.incident_id, message.alert.revision) for message in channel.sent]
    assert sent == [("inc-0", 1), ("inc-0", 1), ("inc-1", 1)]


async def test_what_is_dead_with_its_carrier_can_be_sent_by_itself(sqlite_store: Store) -> None:
    await wait_for_the_evening(sqlite_store, 60, 130)
    channel = FakeChannel(always=ChannelAnswer(DeliveryOutcome.DEAD, "refused"))
    async with running(sqlite_store, {"console": channel}, Clock(EVENING)) as attempts:
        await eventually(lambda: len(attempts) == 1)
    assert await states(sqlite_store) == [("inc-0", AlertStatus.DEAD, None), ("inc-1", AlertStatus.DEAD, None)]


async def test_a_channel_that_keeps_one_thing_for_each_incident_gets_a_message_for_each(store: Store) -> None:
    for number in range(3):
        await decide(store, QUIET, revision(NOON, 60, incident_id=f"inc-{number}"))
    released = await Releaser(store, QUIET, lambda: EVENING, apart={"console"}).release()
    assert [(row.alert.also, row.alert.carried_by) for row in released.decided.alerts] == [((), None)] * 3


async def test_no_message_carries_more_than_can_be_read(store: Store) -> None:
    told = await wait_for_the_evening(store, *range(51, 51 + MOST + 2))
    assert sorted(len(alert.also) for alert in told if alert.also) == [1, MOST - 1]


def test_nothing_is_nothing() -> None:
    assert bundled([]) == []
