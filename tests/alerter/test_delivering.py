"""Telling: in order per lane, every alert until it is accepted or given up, and none held up by another."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from schemas import AlertStatus, Delivery, DeliveryOutcome
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.deciding import Audience, Revision, decide_revision
from services.alerter.delivering import Attempt, Deliverer, outcome_of
from services.alerter.destinations import Limits
from services.alerter.outbox.claiming import Claimed
from services.alerter.outbox.deciding import Decided, IncidentState
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.tables import alerts, deliveries
from services.alerter.retries import MOST_ATTEMPTS
from services.alerter.retry_budget import RetryBudget
from tests.alerter.fakes import Clock, FakeChannel, eventually
from tests.alerter.incidents import NOON
from tests.alerter.outboxes import decided, on_channel, rising

RETRY = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 500.", 500)
UNKNOWN = ChannelAnswer(DeliveryOutcome.SENT_UNKNOWN, "No answer.")
DEAD = ChannelAnswer(DeliveryOutcome.DEAD, "Refused with 400.", 400)
NEVER_OFF = {"a": Limits(off_after=timedelta(days=3650))}


@asynccontextmanager
async def running(
    store: Store, channels: Mapping[str, FakeChannel], clock: Clock, **options: Any
) -> AsyncIterator[list[Attempt]]:
    """A deliverer at work; gives the attempts that it records."""
    attempts: list[Attempt] = []
    stop = asyncio.Event()
    deliverer = Deliverer(store, channels, clock, attempted=attempts.append, **options)
    clock.moved = deliverer.wake
    task = asyncio.create_task(deliverer.run(stop))
    try:
        yield attempts
    finally:
        stop.set()
        await task
        await deliverer.finish(5)


async def statuses(store: Store) -> list[tuple[str, int]]:
    async with store.transaction() as connection:
        query = select(alerts.c.status, alerts.c.attempts).order_by(alerts.c.position)
        return [(row.status, row.attempts) for row in await connection.execute(query)]


def outcomes(attempts: list[Attempt]) -> list[tuple[int, int, str]]:
    return [(one.claimed.alert.sequence, one.delivery.attempt, one.delivery.outcome.value) for one in attempts]


async def test_a_lane_is_told_in_order_and_each_attempt_is_recorded(store: Store) -> None:
    told = await decided(store, rising("i", 3), on_channel("a"))
    channel = FakeChannel()
    async with running(store, {"a": channel}, Clock()) as attempts:
        await eventually(lambda: len(attempts) == 3)
    assert [message.alert.alert_id for message in channel.sent] == [alert.alert_id for alert in told]
    assert outcomes(attempts) == [(1, 1, "accepted"), (2, 1, "accepted"), (3, 1, "accepted")]
    assert await statuses(store) == [("delivered", 1)] * 3
    async with store.transaction() as connection:
        payloads = (await connection.scalars(select(deliveries.c.payload).order_by(deliveries.c.position))).all()
    assert [Delivery.model_validate_json(payload) for payload in payloads] == [one.delivery for one in attempts]


async def test_a_failed_attempt_is_made_again_when_it_is_due_with_the_same_id(sqlite_store: Store) -> None:
    (alert,) = await decided(sqlite_store, rising("i", 1), on_channel("a"))
    clock, channel = Clock(), FakeChannel(deque([RETRY, UNKNOWN]))
    async with running(sqlite_store, {"a": channel}, clock) as attempts:
        await eventually(lambda: len(attempts) == 1)
        clock.forward(seconds=3)
        await asyncio.sleep(0.02)
        assert len(attempts) == 1
        clock.forward(seconds=4)
        await eventually(lambda: len(attempts) == 2)
        clock.forward(minutes=6)
        await eventually(lambda: len(attempts) == 3)
    assert {message.alert.alert_id for message in channel.sent} == {alert.alert_id}
    assert [message.attempt for message in channel.sent] == [1, 2, 3]
    assert {message.decided_at for message in channel.sent} == {NOON}
    assert outcomes(attempts) == [(1, 1, "retry"), (1, 2, "sent_unknown"), (1, 3, "accepted")]
    first = attempts[0].delivery
    assert first.next_attempt_at is not None
    assert timedelta(seconds=4) <= first.next_attempt_at - first.ended_at <= timedelta(seconds=6)


async def test_an_alert_that_is_refused_is_given_up_and_the_next_goes_out(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 2), on_channel("a"))
    async with running(sqlite_store, {"a": FakeChannel(deque([DEAD]))}, Clock()) as attempts:
        await eventually(lambda: len(attempts) == 2)
    assert outcomes(attempts) == [(1, 1, "dead"), (2, 1, "accepted")]
    assert await statuses(sqlite_store) == [("dead", 1), ("delivered", 1)]


async def test_an_alert_that_fails_to_the_last_is_given_up_with_the_last_reason(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 1), on_channel("a"))
    clock = Clock()
    async with running(sqlite_store, {"a": FakeChannel(always=RETRY)}, clock, limits=NEVER_OFF) as attempts:
        for number in range(1, MOST_ATTEMPTS + 1):
            await eventually(lambda number=number: len(attempts) == number)  # type: ignore[misc]
            clock.forward(days=2)
    last = attempts[-1].delivery
    assert last.outcome is DeliveryOutcome.DEAD
    assert last.reason == "Given up after 10 attempts. The last: Answered 500."
    assert last.next_attempt_at is None
    assert await statuses(sqlite_store) == [("dead", MOST_ATTEMPTS)]


async def test_a_channel_that_hangs_holds_up_no_other(sqlite_store: Store) -> None:
    for number in range(30):
        await decided(sqlite_store, rising(f"i{number}", 1), on_channel("black-hole"), on_channel("healthy"))
    hangs, healthy = FakeChannel(holds=asyncio.Event(), concurrency=4), FakeChannel(concurrency=2)
    async with running(sqlite_store, {"black-hole": hangs, "healthy": healthy}, Clock(), at_once=8):
        await eventually(lambda: len(healthy.sent) == 30)
        assert hangs.most_at_once == 4
        assert healthy.most_at_once <= 2
        assert hangs.holds is not None
        hangs.holds.set()
        await eventually(lambda: len(hangs.sent) == 30)


async def test_while_the_process_is_behind_receivers_that_fail_wait_for_those_that_are_well_and_lose_nothing(
    sqlite_store: Store,
) -> None:
    bad, well, clock, behind = FakeChannel(always=RETRY), FakeChannel(), Clock(), [False]
    options = {"behind": lambda: behind[0], "budget": RetryBudget(per_second=0), "limits": NEVER_OFF}
    async with running(sqlite_store, {"a": bad, "b": well}, clock, **options) as attempts:
        await decided(sqlite_store, rising("first", 1), on_channel("a"))
        clock.moved()
        await eventually(lambda: len(attempts) == 1)
        behind[0] = True
        lanes = [one for number in range(40) for one in rising(f"i{number}", 1)]
        await decided(sqlite_store, lanes, on_channel("a"), on_channel("b"))
        clock.moved()
        await eventually(lambda: len(well.sent) == 40)
        # The one attempt that a budget begins with.
        assert len(bad.sent) <= 2
        behind[0], bad.always = False, ACCEPTED
        clock.forward(minutes=10)
        await eventually(lambda: sum(one.delivery.outcome is DeliveryOutcome.ACCEPTED for one in attempts) == 81)
    assert {status for status, _ in await statuses(sqlite_store)} == {"delivered"}


async def test_a_lane_that_waits_holds_up_no_other_lane_of_its_channel(sqlite_store: Store) -> None:
    for name in "ijk":
        await decided(sqlite_store, rising(name, 2), on_channel("a"))
    channel = FakeChannel(deque([RETRY]))
    async with running(sqlite_store, {"a": channel}, Clock()) as attempts:
        await eventually(lambda: len(attempts) == 5)
        await asyncio.sleep(0.02)
    heard: dict[DeliveryOutcome, list[str]] = {
        outcome: [] for outcome in (DeliveryOutcome.RETRY, DeliveryOutcome.ACCEPTED)
    }
    for one in attempts:
        heard[one.delivery.outcome].append(one.claimed.alert.incident_id)
    (failed,) = heard[DeliveryOutcome.RETRY]
    accepted = sorted(heard[DeliveryOutcome.ACCEPTED])
    assert accepted == sorted([*({*"ijk"} - {failed})] * 2)


async def test_a_channel_that_raises_is_tried_again_like_one_that_failed(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 1), on_channel("a"))
    clock, channel = Clock(), FakeChannel(deque([KeyError("a fault of ours")]))
    async with running(sqlite_store, {"a": channel}, clock) as attempts:
        await eventually(lambda: len(attempts) == 1)
        clock.forward(minutes=1)
        await eventually(lambda: len(attempts) == 2)
    assert outcomes(attempts) == [(1, 1, "sent_unknown"), (1, 2, "accepted")]
    assert "KeyError" in attempts[0].delivery.reason


async def test_an_attempt_that_never_ends_is_ended_and_its_outcome_called_unknown(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.alerter.delivering.TIMEOUT_MARGIN_SECONDS", 0.0)
    await decided(sqlite_store, rising("i", 1), on_channel("a"))
    channel = FakeChannel(holds=asyncio.Event(), timeout_seconds=0.01)
    async with running(sqlite_store, {"a": channel}, Clock()) as attempts:
        await eventually(lambda: len(attempts) == 1)
    assert outcomes(attempts) == [(1, 1, "sent_unknown")]


async def test_a_stop_lets_attempts_under_way_end_and_gives_back_those_that_do_not(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 1), on_channel("a"))
    channel, stop = FakeChannel(holds=asyncio.Event()), asyncio.Event()
    deliverer = Deliverer(sqlite_store, {"a": channel}, Clock())
    task = asyncio.create_task(deliverer.run(stop))
    await eventually(lambda: deliverer.under_way == 1)
    stop.set()
    await task
    await deliverer.finish(0.01)
    assert channel.sent == []
    assert await statuses(sqlite_store) == [("pending", 0)]
    # Given back, the lane can be claimed at once by whoever comes next.
    healthy = FakeChannel()
    async with running(sqlite_store, {"a": healthy}, Clock()) as attempts:
        await eventually(lambda: len(attempts) == 1)


async def test_a_store_that_is_down_delays_the_record_and_repeats_nothing(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 1), on_channel("a"))
    channel, down = FakeChannel(holds=asyncio.Event()), False
    said: list[str | None] = []

    def fail(*_: object) -> None:
        if down:
            raise OperationalError("BEGIN", {}, ConnectionError("connection refused"))

    event.listen(sqlite_store.engine.sync_engine, "begin", fail)
    async with running(sqlite_store, {"a": channel}, Clock(), store_answers=said.append) as attempts:
        await eventually(lambda: channel.at_once == 1)
        down = True
        assert channel.holds is not None
        channel.holds.set()
        await eventually(lambda: "connection refused" in said)
        assert attempts == []
        down = False
        await eventually(lambda: len(attempts) == 1)
    assert len(channel.sent) == 1


async def test_alerts_of_a_channel_that_is_gone_wait_for_it(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 1), on_channel("gone"), on_channel("a"))
    async with running(sqlite_store, {"a": FakeChannel()}, Clock()) as attempts:
        await eventually(lambda: len(attempts) == 1)
    assert sorted(await statuses(sqlite_store)) == [("delivered", 1), ("pending", 0)]


@pytest.mark.postgres
async def test_two_alerters_on_one_database_tell_each_alert_once_and_in_order(postgres_url: str) -> None:
    stores = [await open_store(postgres_url) for _ in range(2)]
    for number in range(25):
        await decided(stores[0], rising(f"i{number}", 3), on_channel("a"))
    channel, clock, stop = FakeChannel(concurrency=5), Clock(), asyncio.Event()
    deliverers = [Deliverer(store, {"a": channel}, clock) for store in stores]
    tasks = [asyncio.create_task(deliverer.run(stop)) for deliverer in deliverers]
    await eventually(lambda: len(channel.sent) >= 75)
    stop.set()
    await asyncio.gather(*tasks)
    for deliverer in deliverers:
        await deliverer.finish(5)
    heard: dict[str, list[int]] = {}
    for message in channel.sent:
        heard.setdefault(message.alert.incident_id, []).append(message.alert.sequence)
    assert list(heard.values()) == [[1, 2, 3]] * 25
    assert await statuses(stores[0]) == [("delivered", 1)] * 75
    for store in stores:
        await store.close()


async def test_a_channel_that_is_switched_off_has_its_owner_told_on_another_one(store: Store) -> None:
    await decided(store, rising("i", 1), on_channel("a"))
    gone = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 410.", 410, gone=True)
    channel, owner = FakeChannel(always=gone), FakeChannel()
    async with running(store, {"a": channel, "desk": owner}, Clock(), owners={"a": "desk"}) as attempts:
        await eventually(lambda: len(attempts) == 2)
    (notice,) = [message.alert for message in owner.sent]
    assert notice.headline == "Tocsin has switched off the channel a: nothing is sent to it any more"
    assert "Answered 410." in notice.body
    assert (notice.status, notice.channel, notice.subscription) == ("system", "desk", "tocsin")
    assert await statuses(store) == [("pending", 1), ("delivered", 1)]


answers = st.lists(st.sampled_from([ACCEPTED, RETRY, UNKNOWN, DEAD]), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers, st.integers(1, 3), st.integers(1, 3))
async def test_whatever_fails_a_lane_is_heard_in_order_and_every_alert_is_settled(
    tmp_path_factory: pytest.TempPathFactory, given_answers: list[ChannelAnswer], lanes: int, revisions: int
) -> None:
    store = await open_store(f"sqlite:///{tmp_path_factory.mktemp('store')}/alerter.db")
    clock, channel = Clock(), FakeChannel(deque(given_answers))
    try:
        for number in range(lanes):
            await decided(store, rising(f"i{number}", revisions), on_channel("a"))
        async with running(store, {"a": channel}, clock, limits=NEVER_OFF) as attempts:
            while any(status == "pending" for status, _ in await statuses(store)):
                clock.forward(days=2)
                await asyncio.sleep(0.001)
        settled = Counter(status for status, _ in await statuses(store))
    finally:
        await store.close()
    heard: dict[str, list[int]] = {}
    for message in channel.sent:
        heard.setdefault(message.alert.incident_id, []).append(message.alert.sequence)
    assert len(heard) == lanes
    for sequences in heard.values():
        assert sequences == sorted(sequences)
        assert set(sequences) == set(range(1, revisions + 1))
    assert settled["dead"] == sum(one.delivery.outcome is DeliveryOutcome.DEAD for one in attempts)
    assert settled["delivered"] + settled["dead"] == lanes * revisions


def test_how_an_attempt_ended_is_worked_out_without_a_clock() -> None:
    new = Decided()
    first = Revision(rising("i", 1)[0], [], NOON)
    decide_revision(first, Audience([on_channel("a")]), IncidentState(), new, Counter())
    alert = new.alerts[0].alert
    claimed = Claimed(alert, 1, NOON, NOON, "00-0-0-01", "lease")
    delivery, status = outcome_of(claimed, ACCEPTED, NOON, NOON + timedelta(seconds=1))
    assert (delivery.delivery_id, status) == (f"{alert.alert_id}/1", AlertStatus.DELIVERED)
    assert (delivery.reason, delivery.next_attempt_at) == ("", None)
