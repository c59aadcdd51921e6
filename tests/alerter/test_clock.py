"""A clock that is set: what waits for so long waits for so long, and nothing is sent twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from schemas import AlertStatus, DeliveryOutcome
from schemas.vocabulary import DecisionReason
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.clock import ClockWatch, catch_up_with_clock
from services.alerter.delivering import outcome_of
from services.alerter.destinations import DestinationState, Limits
from services.alerter.outbox.claiming import Claimed, Room, claim_due
from services.alerter.outbox.destinations import read_destinations
from services.alerter.outbox.engine import Store
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.tables import alerts, waiting
from tests.alerter.incidents import NOON
from tests.alerter.outboxes import decided, on_channel, rising

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
FAILED = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 500.", 500)
SILENT = ChannelAnswer(DeliveryOutcome.RETRY, "No answer.", silent=True)


@dataclass
class Clock:
    """A clock that can be set, and one that cannot."""

    wall: datetime = NOON
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.wall

    def steady(self) -> float:
        return self.seconds

    def go_on(self, by: timedelta) -> None:
        self.wall += by
        self.seconds += by.total_seconds()


def watch(store: Store, clock: Clock) -> ClockWatch:
    return ClockWatch(store, clock.now, clock.steady)


async def claim(store: Store, now: datetime, limits: Limits | None = None) -> list[Claimed]:
    room = Room({"a": 32}, {"a": limits or Limits()}, total=32)
    async with store.transaction() as connection:
        return await claim_due(connection, room, now, now + timedelta(minutes=2))


async def settle(store: Store, claimed: Claimed, answer: ChannelAnswer, at: datetime) -> None:
    delivery, status = outcome_of(claimed, answer, at, at)
    async with store.transaction() as connection:
        await settle_all(connection, [Settlement(claimed, delivery, status, answer)])


async def due(store: Store) -> list[datetime]:
    async with store.reading() as connection:
        query = select(alerts.c.next_attempt_at).where(alerts.c.status == AlertStatus.PENDING)
        return sorted(await connection.scalars(query))


async def test_where_the_clock_is_set_back_a_retry_waits_no_longer_for_it(store: Store) -> None:
    clock = Clock()
    watching = watch(store, clock)
    await decided(store, rising("i", 1), on_channel("a"))
    (one,) = await claim(store, NOON)
    await settle(store, one, FAILED, NOON)
    (was,) = await due(store)
    clock.wall -= HOUR
    assert await watching.look() == -HOUR
    assert await due(store) == [was - HOUR]
    (again,) = await claim(store, was - HOUR)
    assert again.attempt == 2
    await settle(store, again, ACCEPTED, was - HOUR)
    assert await claim(store, was + HOUR) == []


async def test_what_was_due_and_not_taken_up_yet_is_due_still(store: Store) -> None:
    clock = Clock()
    watching = watch(store, clock)
    await decided(store, rising("i", 1), on_channel("a"))
    clock.wall -= HOUR
    await watching.look()
    assert len(await claim(store, clock.wall)) == 1


async def test_what_is_being_sent_when_the_clock_is_set_is_not_sent_a_second_time(store: Store) -> None:
    clock = Clock()
    watching = watch(store, clock)
    await decided(store, rising("i", 1), on_channel("a"))
    (one,) = await claim(store, NOON)
    clock.wall -= HOUR
    await watching.look()
    assert await claim(store, clock.wall + SECOND) == []
    await settle(store, one, ACCEPTED, clock.wall + SECOND)
    assert await claim(store, NOON + HOUR) == []


async def test_a_rest_of_a_receiver_is_no_longer_for_a_clock_that_is_set_back(store: Store) -> None:
    clock = Clock()
    watching = watch(store, clock)
    await decided(store, rising("i", 1), on_channel("a"))
    await decided(store, rising("j", 1), on_channel("a"))
    for one in await claim(store, NOON):
        await settle(store, one, SILENT, NOON)
    closed = (await state_of(store)).closed_until
    assert closed is not None
    assert await claim(store, NOON + SECOND) == []
    clock.wall -= HOUR
    await watching.look()
    assert await claim(store, closed - HOUR - SECOND) == []
    (probe,) = await claim(store, closed - HOUR + timedelta(minutes=1))
    assert probe.probe


async def test_a_rate_limit_is_no_slower_for_a_clock_that_is_set_back(store: Store) -> None:
    limits, clock = Limits(per_minute=1), Clock()
    watching = watch(store, clock)
    for name in "ij":
        await decided(store, rising(name, 1), on_channel("a"))
    (one,) = await claim(store, NOON, limits)
    await settle(store, one, ACCEPTED, NOON)
    clock.wall -= HOUR
    await watching.look()
    assert await claim(store, clock.wall + SECOND, limits) == []
    assert len(await claim(store, clock.wall + timedelta(minutes=1), limits)) == 1


async def test_where_the_clock_is_set_forward_nothing_waits_longer_or_is_sent_twice(store: Store) -> None:
    limits, clock = Limits(per_minute=1), Clock()
    watching = watch(store, clock)
    for name in "ij":
        await decided(store, rising(name, 1), on_channel("a"))
    (one,) = await claim(store, NOON, limits)
    await settle(store, one, FAILED, NOON)
    clock.wall += HOUR
    # Another loop may look at the clock first.
    (other,) = await claim(store, clock.wall, limits)
    assert await watching.look() == HOUR
    await settle(store, other, ACCEPTED, clock.wall)
    (last,) = await claim(store, clock.wall + timedelta(minutes=1), limits)
    await settle(store, last, ACCEPTED, clock.wall + timedelta(minutes=1))
    assert {other.alert.incident_id, last.alert.incident_id} == {"i", "j"}
    assert await claim(store, clock.wall + 2 * HOUR, limits) == []


async def test_a_receiver_is_not_switched_off_for_days_that_only_the_clock_saw(sqlite_store: Store) -> None:
    clock = Clock()
    watching = watch(sqlite_store, clock)
    await decided(sqlite_store, rising("i", 1), on_channel("a"))
    (one,) = await claim(sqlite_store, NOON)
    await settle(sqlite_store, one, FAILED, NOON)
    clock.wall += timedelta(days=30)
    await watching.look()
    (again,) = await claim(sqlite_store, clock.wall + timedelta(minutes=1))
    await settle(sqlite_store, again, FAILED, clock.wall + timedelta(minutes=1))
    found = await state_of(sqlite_store)
    assert (found.off_at, found.failures) == (None, 2)


async def test_a_clock_that_runs_and_one_that_is_set_a_little_move_nothing(store: Store) -> None:
    clock = Clock()
    watching = watch(store, clock)
    await decided(store, rising("i", 1), on_channel("a"))
    (one,) = await claim(store, NOON)
    await settle(store, one, FAILED, NOON)
    before = await due(store)
    clock.go_on(HOUR)
    assert await watching.look() is None
    clock.wall += SECOND
    assert await watching.look() is None
    assert await due(store) == before


async def test_a_clock_that_was_set_back_while_nothing_ran_holds_nothing_up(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 1), on_channel("a"))
    (one,) = await claim(sqlite_store, NOON)
    await settle(sqlite_store, one, FAILED, NOON)
    (was,) = await due(sqlite_store)
    earlier = NOON - HOUR
    async with sqlite_store.transaction() as connection:
        await catch_up_with_clock(connection, earlier)
    assert await due(sqlite_store) == [was - HOUR]
    async with sqlite_store.transaction() as connection:
        await catch_up_with_clock(connection, NOON)
    assert await due(sqlite_store) == [was - HOUR]


@pytest.mark.parametrize(
    ("reason", "due_after"),
    [
        (DecisionReason.RATE_CAPPED, timedelta(minutes=40)),
        (DecisionReason.GROUPED, timedelta(minutes=40)),
        (DecisionReason.HELD, timedelta(0)),
        (DecisionReason.QUIET_HOURS, timedelta(minutes=100)),
        (DecisionReason.DIGEST, timedelta(minutes=100)),
        (DecisionReason.SILENCED, timedelta(minutes=100)),
    ],
)
async def test_spells_move_with_the_clock_and_times_of_day_do_not(
    store: Store, reason: DecisionReason, due_after: timedelta
) -> None:
    clock = Clock()
    watching = watch(store, clock)
    row = {"subscription": "s", "incident_id": "i", "revision": 1, "because": "", "occasion": 1, "since": NOON}
    async with store.transaction() as connection:
        await connection.execute(waiting.insert(), [row | {"reason": reason, "due_at": NOON + timedelta(minutes=40)}])
    clock.wall -= HOUR
    await watching.look()
    async with store.reading() as connection:
        assert await connection.scalar(select(waiting.c.due_at)) == clock.wall + due_after


async def test_the_loop_says_that_it_moved_times_and_ends_when_asked(sqlite_store: Store) -> None:
    clock, told, stop = Clock(), asyncio.Event(), asyncio.Event()
    watching = ClockWatch(sqlite_store, clock.now, clock.steady, moved=told.set)
    running = asyncio.create_task(watching.run(stop))
    clock.wall -= HOUR
    async with asyncio.timeout(30):
        await told.wait()
    stop.set()
    await running


async def state_of(store: Store) -> DestinationState:
    async with store.reading() as connection:
        return (await read_destinations(connection, {"a"}))["a"]
