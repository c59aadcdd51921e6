"""Receivers as all alerters on one store see them: breakers, turns, switching off and on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from schemas import AlertStatus, DeliveryOutcome
from services.alerter.channels.contract import ACCEPTED, ChannelAnswer
from services.alerter.delivering import outcome_of
from services.alerter.destinations import BREAKS_AFTER, FIRST_REST, Limits
from services.alerter.outbox.claiming import Claimed, Room, claim_due, release
from services.alerter.outbox.destinations import read_destinations, switch_off, switch_on
from services.alerter.outbox.due import MOST_CANDIDATES
from services.alerter.outbox.engine import Store
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.tables import alerts
from tests.alerter.incidents import NOON
from tests.alerter.outboxes import decided, on_channel, rising

RETRY = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 500.", 500)
GONE = ChannelAnswer(DeliveryOutcome.RETRY, "Answered 410.", 410, gone=True)
SECOND = timedelta(seconds=1)


async def claim(store: Store, now: datetime = NOON, limits: Limits | None = None, **options: int) -> list[Claimed]:
    room = Room({"a": 32, "b": 32}, {"a": limits or Limits()}, **options)
    async with store.transaction() as connection:
        return await claim_due(connection, room, now, now + timedelta(minutes=2))


async def settle(store: Store, claimed: Claimed, answer: ChannelAnswer, at: datetime = NOON) -> list[str]:
    delivery, status = outcome_of(claimed, answer, at, at)
    async with store.transaction() as connection:
        settled = await settle_all(connection, [Settlement(claimed, delivery, status, answer)])
    return [off.channel for off in settled.switched_off]


async def fill(store: Store, lanes: int) -> None:
    for number in range(lanes):
        await decided(store, rising(f"i{number}", 1), on_channel("a"))


@pytest.fixture
async def broken(store: Store) -> Store:
    """A store with ten lanes of a channel whose receiver has just failed so often that it is left alone."""
    await fill(store, 10)
    for one in await claim(store, total=BREAKS_AFTER):
        await settle(store, one, RETRY)
    return store


async def test_a_broken_receiver_is_left_alone_and_then_asked_with_one_alert(broken: Store) -> None:
    assert await claim(broken) == []
    (probe,) = await claim(broken, NOON + FIRST_REST)
    assert probe.probe
    # Another alerter, or this one a moment later, does not ask as well.
    assert await claim(broken, NOON + FIRST_REST) == []
    await settle(broken, probe, RETRY, NOON + FIRST_REST)
    assert await claim(broken, NOON + 2 * FIRST_REST) == []


async def test_what_waits_for_a_receiver_that_has_recovered_is_due_at_once(broken: Store) -> None:
    later = NOON + FIRST_REST
    (probe,) = await claim(broken, later)
    await settle(broken, probe, ACCEPTED, later)
    assert len(await claim(broken, later)) == 9


async def when_due(store: Store) -> list[datetime]:
    """When each alert that waits is due."""
    async with store.reading() as connection:
        due = select(alerts.c.next_attempt_at).where(alerts.c.status == AlertStatus.PENDING).order_by("next_attempt_at")
        return list(await connection.scalars(due))


async def test_what_waits_for_a_receiver_that_is_left_alone_is_looked_at_once_and_not_at_every_turn(
    broken: Store,
) -> None:
    assert await claim(broken) == []
    rest_ends = NOON + FIRST_REST
    assert (await when_due(broken))[-1] >= rest_ends
    later = await decided(broken, rising("later", 1), on_channel("a"), at=NOON + SECOND)
    assert await claim(broken, NOON + 2 * SECOND) == []
    assert min(await when_due(broken)) > NOON + 2 * SECOND
    (probe,) = await claim(broken, rest_ends)
    await settle(broken, probe, RETRY, rest_ends + SECOND)
    # What was put off until the end of the probe's lease is put off until the end of the second rest, not longer.
    assert await claim(broken, rest_ends + 2 * FIRST_REST) == []
    (second,) = await claim(broken, rest_ends + SECOND + 2 * FIRST_REST)
    await settle(broken, second, ACCEPTED, rest_ends + 2 * SECOND + 2 * FIRST_REST)
    left = await claim(broken, rest_ends + 2 * SECOND + 2 * FIRST_REST)
    assert len(left) == 10
    assert later[0].alert_id in {one.alert.alert_id for one in [probe, second, *left]}


async def test_what_was_put_off_for_a_probe_that_was_given_back_is_due_again(broken: Store) -> None:
    rest_ends = NOON + FIRST_REST
    (probe,) = await claim(broken, rest_ends)
    assert await claim(broken, rest_ends + SECOND) == []
    async with broken.transaction() as connection:
        assert await release(connection, probe, rest_ends + 2 * SECOND)
    (again,) = await claim(broken, rest_ends + 2 * SECOND)
    assert again.probe
    await settle(broken, again, ACCEPTED, rest_ends + 3 * SECOND)
    assert len(await claim(broken, rest_ends + 3 * SECOND)) == 9


async def test_what_waits_for_a_channel_that_is_off_is_due_once_it_is_on(store: Store) -> None:
    await fill(store, 3)
    async with store.transaction() as connection:
        assert await switch_off(connection, "a", "By hand.", NOON)
    assert await claim(store) == []
    assert min(await when_due(store)) > NOON + 10 * SECOND
    async with store.transaction() as connection:
        assert await switch_on(connection, "a", NOON + SECOND) == 3
    assert len(await claim(store, NOON + SECOND)) == 3


async def test_a_receiver_that_asked_for_a_pause_gets_it_although_it_takes_what_was_under_way(store: Store) -> None:
    await fill(store, 4)
    first, second = await claim(store, total=2)
    await settle(store, first, ChannelAnswer(DeliveryOutcome.RETRY, "Answered 429.", 429, retry_after=600))
    assert await claim(store) == []
    assert len([due for due in await when_due(store) if due > NOON]) == 4
    await settle(store, second, ACCEPTED, NOON + SECOND)
    assert await claim(store, NOON + 599 * SECOND) == []
    assert len(await claim(store, NOON + 600 * SECOND)) == 3


async def test_where_the_worker_with_the_probe_dies_another_asks_after_its_lease(broken: Store) -> None:
    later = NOON + FIRST_REST
    assert len(await claim(broken, later)) == 1
    assert len(await claim(broken, later + timedelta(minutes=2, seconds=1))) == 1


async def test_failing_receivers_leave_room_for_the_healthy(store: Store) -> None:
    await fill(store, 4)
    for one in await claim(store, total=1):
        await settle(store, one, RETRY)
    for number in range(4):
        await decided(store, rising(f"b{number}", 1), on_channel("b"))
    assert {one.alert.channel for one in await claim(store, suspects=0)} == {"b"}


async def test_a_rate_limit_holds_for_all_workers_together(store: Store) -> None:
    await fill(store, 10)
    limits = Limits(per_minute=60, burst=3)
    assert [len(await claim(store, NOON + after * SECOND, limits)) for after in (0, 0, 1, 1, 3)] == [3, 0, 1, 0, 2]


async def test_a_receiver_that_is_gone_is_switched_off_and_its_alerts_wait_until_it_is_on_again(store: Store) -> None:
    await fill(store, 3)
    (first, *_) = await claim(store, total=1)
    assert await settle(store, first, GONE) == ["a"]
    assert await claim(store, NOON + timedelta(days=30)) == []
    later = NOON + timedelta(days=30)
    async with store.transaction() as connection:
        assert await switch_on(connection, "a", later) == 3
    assert len(await claim(store, later)) == 3


async def test_a_channel_is_switched_off_and_on_by_hand(store: Store) -> None:
    await fill(store, 1)
    async with store.transaction() as connection:
        assert await switch_off(connection, "a", "Maintenance.", NOON)
        assert not await switch_off(connection, "a", "Again.", NOON)
        assert (await read_destinations(connection))["a"].off_because == "Maintenance."
    assert await claim(store) == []
    async with store.transaction() as connection:
        await switch_on(connection, "a", NOON)
    assert len(await claim(store)) == 1


async def test_what_is_for_receivers_that_are_well_goes_before_what_has_waited_longer_for_one_that_fails(
    store: Store,
) -> None:
    await fill(store, 4)
    (first,) = await claim(store, total=1)
    await settle(store, first, RETRY)
    later = NOON + timedelta(minutes=10)
    await decided(store, rising("new", 1), on_channel("b"), at=later)
    claimed = await claim(store, later, total=2)
    assert [one.alert.channel for one in claimed] == ["b", "a"]
    assert [one.suspect for one in claimed] == [False, True]


async def test_however_much_waits_for_receivers_that_fail_it_hides_nothing(sqlite_store: Store) -> None:
    many = [one for number in range(MOST_CANDIDATES + 1) for one in rising(f"i{number}", 1)]
    await decided(sqlite_store, many, on_channel("a"))
    (first,) = await claim(sqlite_store, total=1)
    await settle(sqlite_store, first, RETRY)
    later = NOON + timedelta(minutes=10)
    await decided(sqlite_store, rising("new", 1), on_channel("b"), at=later)
    for suspects in (0, 32):
        claimed = await claim(sqlite_store, later, total=1, suspects=suspects)
        assert [one.alert.channel for one in claimed] == (["b"] if suspects == 0 else ["a"])


async def test_where_one_receiver_that_fails_can_take_no_more_another_is_not_hidden_behind_it(store: Store) -> None:
    await decided(store, [one for number in range(40) for one in rising(f"i{number}", 1)], on_channel("a"))
    await decided(store, rising("j", 1), on_channel("b"), at=NOON + SECOND)
    for one in [*await claim(store, total=1), *await claim_of(store, "b")]:
        await settle(store, one, RETRY)
    later = NOON + timedelta(minutes=5)
    room = Room({"a": 32, "b": 32}, suspects=2, busy={"a": 16})
    async with store.transaction() as connection:
        claimed = await claim_due(connection, room, later, later + timedelta(minutes=2))
    assert [one.alert.channel for one in claimed] == ["b"]


async def claim_of(store: Store, channel: str) -> list[Claimed]:
    """What is due for `channel` alone."""
    at = NOON + SECOND
    async with store.transaction() as connection:
        return await claim_due(connection, Room({channel: 1}), at, at + timedelta(minutes=2), {channel})
