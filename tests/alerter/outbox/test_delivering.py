"""Claims: whose turn it is, and that it is one worker's alone."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from schemas import Alert, AlertStatus, Delivery, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.outbox.claiming import Claimed, Room, claim_due, release, release_all, waiting_without
from services.alerter.outbox.engine import Store
from services.alerter.outbox.settling import Settlement, settle_all
from tests.alerter.incidents import NOON
from tests.alerter.outboxes import decided, on_channel, rising

LEASED_UNTIL = NOON + timedelta(minutes=2)
PLENTY = {"a": 99, "b": 99}


async def claim(
    store: Store, room: dict[str, int] | None = None, limit: int = 99, now: datetime = NOON
) -> list[Claimed]:
    async with store.transaction() as connection:
        return await claim_due(connection, Room(room or PLENTY, total=limit), now, now + (LEASED_UNTIL - NOON))


def ended(claimed: Claimed, outcome: DeliveryOutcome, next_at: datetime | None = None) -> Delivery:
    alert = claimed.alert
    return Delivery(
        delivery_id=f"{alert.alert_id}/{claimed.attempt}",
        alert_id=alert.alert_id,
        subscription=alert.subscription,
        channel=alert.channel,
        incident_id=alert.incident_id,
        revision=alert.revision,
        attempt=claimed.attempt,
        outcome=outcome,
        started_at=NOON,
        ended_at=NOON,
        next_attempt_at=next_at,
    )


def settlement(claimed: Claimed, delivery: Delivery, status: AlertStatus) -> Settlement:
    return Settlement(claimed, delivery, status, ChannelAnswer(delivery.outcome))


async def settle(store: Store, claimed: Claimed, delivery: Delivery, status: AlertStatus) -> bool:
    async with store.transaction() as connection:
        (kept,) = (await settle_all(connection, [settlement(claimed, delivery, status)])).kept
        return kept


async def accept(store: Store, claimed: Claimed) -> bool:
    return await settle(store, claimed, ended(claimed, DeliveryOutcome.ACCEPTED), AlertStatus.DELIVERED)


def lanes(claimed: list[Claimed]) -> list[tuple[str, str, int]]:
    return sorted((one.alert.channel, one.alert.incident_id, one.alert.sequence) for one in claimed)


async def test_each_lane_gives_its_first_alert_alone(store: Store) -> None:
    await decided(store, [*rising("i", 3), *rising("j", 2)], on_channel("a"), on_channel("b"))
    first = await claim(store)
    assert lanes(first) == [("a", "i", 1), ("a", "j", 1), ("b", "i", 1), ("b", "j", 1)]
    assert await claim(store) == []
    (done,) = [one for one in first if (one.alert.channel, one.alert.incident_id) == ("a", "i")]
    assert await accept(store, done)
    assert lanes(await claim(store)) == [("a", "i", 2)]


async def test_a_lane_whose_first_alert_waits_for_a_retry_gives_nothing_and_holds_up_no_other(store: Store) -> None:
    await decided(store, [*rising("i", 2), *rising("j", 1)], on_channel("a"))
    later = NOON + timedelta(minutes=5)
    for one in await claim(store):
        if one.alert.incident_id == "i":
            assert await settle(store, one, ended(one, DeliveryOutcome.RETRY, later), AlertStatus.PENDING)
        else:
            assert await accept(store, one)
    assert await claim(store) == []
    (again,) = await claim(store, now=later)
    assert (again.alert.sequence, again.attempt) == (1, 2)
    assert await settle(store, again, ended(again, DeliveryOutcome.DEAD), AlertStatus.DEAD)
    assert lanes(await claim(store, now=later)) == [("a", "i", 2)]


async def test_a_claim_keeps_to_the_room_of_each_channel_and_to_the_limit(store: Store) -> None:
    for name in "ijkl":
        await decided(store, rising(name, 1), on_channel("a"), on_channel("b"))
    assert lanes(await claim(store, {"a": 1, "b": 0})) == [("a", "i", 1)]
    assert len(await claim(store, {"a": 2, "b": 2}, limit=3)) == 3
    assert await claim(store, {"c": 5}) == []
    assert await claim(store, {}, limit=0) == []


async def test_those_due_longest_come_first(store: Store) -> None:
    await decided(store, rising("late", 1), on_channel("a"), at=NOON)
    await decided(store, rising("early", 1), on_channel("a"), at=NOON - timedelta(minutes=1))
    assert [one.alert.incident_id for one in await claim(store)] == ["early", "late"]
    assert await claim(store, now=NOON - timedelta(hours=1)) == []


async def test_a_lease_that_has_run_out_passes_on_and_its_old_holder_can_record_nothing(store: Store) -> None:
    await decided(store, rising("i", 1), on_channel("a"))
    (slow,) = await claim(store)
    assert await claim(store, now=LEASED_UNTIL) == []
    (taken_over,) = await claim(store, now=LEASED_UNTIL + timedelta(seconds=1))
    assert taken_over.alert.alert_id == slow.alert.alert_id
    assert taken_over.attempt == slow.attempt
    assert not await accept(store, slow)
    assert await accept(store, taken_over)


async def test_of_attempts_settled_together_those_that_lost_their_lease_are_left_out(store: Store) -> None:
    await decided(store, [*rising("i", 1), *rising("j", 1), *rising("k", 1)], on_channel("a"))
    held = await claim(store)
    async with store.transaction() as connection:
        assert await release(connection, held[1], NOON)
    accepted = DeliveryOutcome.ACCEPTED
    done = [Settlement(one, ended(one, accepted), AlertStatus.DELIVERED, ChannelAnswer(accepted)) for one in held]
    async with store.transaction() as connection:
        assert (await settle_all(connection, done)).kept == [True, False, True]
    (again,) = await claim(store)
    assert again.alert == held[1].alert


async def test_a_worker_takes_no_lane_from_itself_even_when_its_lease_has_run_out(store: Store) -> None:
    await decided(store, rising("i", 1), on_channel("a"))
    (slow,) = await claim(store)
    later = LEASED_UNTIL + timedelta(days=1)
    async with store.transaction() as connection:
        room = Room(PLENTY, under_way=[("a", "i")])
        assert await claim_due(connection, room, later, later + timedelta(minutes=1)) == []
    assert await accept(store, slow)


async def test_a_lane_that_is_given_back_is_free_at_once(store: Store) -> None:
    await decided(store, rising("i", 1), on_channel("a"))
    (one,) = await claim(store)
    async with store.transaction() as connection:
        assert await release(connection, one, NOON)
        assert not await release(connection, one, NOON)
    assert len(await claim(store)) == 1
    async with store.transaction() as connection:
        await release_all(connection, NOON)
    assert len(await claim(store)) == 1


async def test_many_workers_that_claim_at_once_never_get_the_same_lane(store: Store) -> None:
    for number in range(20):
        await decided(store, rising(f"i{number}", 2), on_channel("a"))
    claims = await asyncio.gather(*(claim(store, limit=3) for _ in range(8)))
    won = [one.alert.alert_id for some in claims for one in some]
    assert len(won) == len(set(won))
    rest = await claim(store)
    assert len(won) + len(rest) == 20


async def test_alerts_whose_channel_is_gone_are_counted(store: Store) -> None:
    await decided(store, rising("i", 2), on_channel("a"), on_channel("b"))
    async with store.transaction() as connection:
        assert await waiting_without(connection, {"a"}) == {"b": 2}
        assert await waiting_without(connection, {"a", "b"}) == {}


async def test_an_alert_names_what_its_receiver_has_or_may_have_of_the_incident_and_nothing_else(store: Store) -> None:
    await decided(store, rising("i", 4), on_channel("a"), on_channel("b"))
    names: list[list[str]] = []
    told: list[str] = []
    for outcome in (AlertStatus.DELIVERED, AlertStatus.DEAD, AlertStatus.DELIVERED, AlertStatus.DELIVERED):
        for one in await claim(store):
            accepted = one.alert.channel == "b" or outcome is AlertStatus.DELIVERED
            if one.alert.channel == "a":
                names.append([before.alert_id for before in one.earlier])
                assert names[-1] == told
                told += [one.alert.alert_id] if accepted else []
            if accepted:
                assert await accept(store, one)
            else:
                assert await settle(store, one, ended(one, DeliveryOutcome.DEAD), AlertStatus.DEAD)
    assert [len(one) for one in names] == [0, 1, 1, 2]


async def test_a_claim_for_some_channels_leaves_what_waits_for_others(store: Store) -> None:
    await decided(store, [*rising("i", 1), *rising("j", 1)], on_channel("a"), on_channel("b"))
    async with store.transaction() as connection:
        claimed = await claim_due(connection, Room(PLENTY), NOON, LEASED_UNTIL, {"b"})
    assert lanes(claimed) == [("b", "i", 1), ("b", "j", 1)]
    assert lanes(await claim(store)) == [("a", "i", 1), ("a", "j", 1)]


async def test_a_claim_says_whether_it_may_have_left_something(store: Store) -> None:
    await decided(store, [*rising("i", 1), *rising("j", 1)], on_channel("a"))
    said = []
    for total in (0, 1, 2, 2):
        room = Room(PLENTY, total=total)
        async with store.transaction() as connection:
            await claim_due(connection, room, NOON, LEASED_UNTIL)
        said.append(room.more)
    assert said == [True, True, False, False]


async def test_an_alert_that_is_claimed_as_it_is_written_is_what_the_store_has(store: Store) -> None:
    alerts = await decided(store, [*rising("i", 1), *rising("j", 1)], on_channel("a"))
    known = {alerts[0].alert_id: alerts[0]}
    async with store.transaction() as connection:
        claimed = await claim_due(connection, Room(PLENTY), NOON, LEASED_UNTIL, known=known)
    assert [one.alert for one in claimed] == alerts
    assert claimed[0].alert is alerts[0]
    assert [Alert.model_validate_json(one.payload) for one in claimed] == alerts
