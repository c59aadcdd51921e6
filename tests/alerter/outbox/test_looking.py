"""Looking at what the store keeps, as the console does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from schemas import AlertStatus, Delivery, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.outbox import looking
from services.alerter.outbox.claiming import Room, claim_due
from services.alerter.outbox.engine import Store, StoreUnavailableError, open_beside, open_store
from services.alerter.outbox.settling import Settlement, settle_all
from services.alerter.outbox.subscribers import remember
from tests.alerter.incidents import NOON, subscription
from tests.alerter.outboxes import decided, on_channel, rising


async def settle(store: Store, outcome: DeliveryOutcome, status: AlertStatus) -> None:
    """One attempt at everything that is due."""
    async with store.transaction() as connection:
        claimed = await claim_due(connection, Room({"a": 10, "b": 10}), NOON, NOON + timedelta(minutes=1))
        settlements = [
            Settlement(
                one,
                Delivery(
                    delivery_id=f"{one.alert.alert_id}/{one.attempt}",
                    alert_id=one.alert.alert_id,
                    subscription=one.alert.subscription,
                    channel=one.alert.channel,
                    incident_id=one.alert.incident_id,
                    revision=one.alert.revision,
                    attempt=one.attempt,
                    outcome=outcome,
                    started_at=NOON,
                    ended_at=NOON,
                ),
                status,
                ChannelAnswer(outcome),
            )
            for one in claimed
        ]
        await settle_all(connection, settlements)


async def test_alerts_are_read_on_from_a_number_and_back_from_one(store: Store) -> None:
    await decided(store, [*rising("inc-1", 2), *rising("inc-2", 2), *rising("inc-3", 1)], on_channel("a"))
    async with store.reading() as connection:
        forth = await looking.alerts_after(connection, "all-a", 2, 2)
        back = await looking.alerts_before(connection, "all-a", None, 2)
        further = await looking.alerts_before(connection, "all-a", back[-1].number, 10)
        assert await looking.last_numbers(connection, ["all-a", "nobody"]) == {"all-a": 5}
    assert [record.number for record in forth] == [3, 4]
    assert [record.number for record in (*back, *further)] == [5, 4, 3, 2, 1]
    assert all(record.alert.number == record.number for record in forth)


async def test_an_alert_names_the_one_before_it_and_the_one_after_it(store: Store) -> None:
    await decided(store, [*rising("inc-1", 3), *rising("inc-2", 1)], on_channel("a"), on_channel("b"))
    async with store.reading() as connection:
        first, second, third = reversed(
            [one for one in await looking.alerts_about(connection, ["inc-1"], 10) if one.alert.channel == "a"]
        )
    assert (first.replaces, first.replaced_by) == (None, second.alert.alert_id)
    assert (second.replaces, second.replaced_by) == (first.alert.alert_id, third.alert.alert_id)
    assert third.replaced_by is None


async def test_attempts_and_what_became_of_an_alert_are_found(store: Store) -> None:
    (sent, dead) = await decided(store, rising("inc-1", 1), on_channel("a"), on_channel("b"))
    async with store.reading() as connection:
        waiting = await looking.outbox_state(connection)
    assert (waiting.pending, [one.channel for one in waiting.channels]) == (2, ["a", "b"])
    await settle(store, DeliveryOutcome.DEAD, AlertStatus.DEAD)
    async with store.reading() as connection:
        state = await looking.outbox_state(connection)
        assert (state.pending, state.dead, state.channels) == (0, 2, ())
        attempts = await looking.attempts_before(connection, None, 10)
        assert [one.delivery.alert_id for one in attempts] == [dead.alert_id, sent.alert_id]
        assert await looking.attempts_before(connection, attempts[-1].position, 10) == []
        of_b = await looking.attempts_before(connection, None, 10, channel="b")
        assert [one.delivery.channel for one in of_b] == ["b"]
        assert await looking.attempts_before(connection, None, 10, outcome=DeliveryOutcome.ACCEPTED) == []
        by_id = await looking.attempts_before(connection, None, 10, alert_id=sent.alert_id, subscription="all-a")
        assert len(by_id) == 1
        record = await looking.alert_of(connection, sent.alert_id)
        assert record is not None
        assert (record.status, record.attempts) == (AlertStatus.DEAD, 1)
        assert len(await looking.dead_alerts(connection, 10)) == 2
        assert await looking.alert_of(connection, "alert_unknown") is None


async def test_decisions_say_why_nothing_was_told_too(store: Store) -> None:
    one = rising("inc-1", 1)[0]
    same = one.model_copy(update={"revision": 2})
    await decided(store, [one, same], on_channel("a"))
    async with store.reading() as connection:
        found = await looking.decisions_about(connection, "inc-1", 10)
    assert [(row.revision, row.kind, bool(row.alert_id)) for row in found] == [(2, None, False), (1, "alert", True)]


async def test_subscriptions_are_shown_with_their_count_and_every_change(store: Store) -> None:
    async with store.transaction() as connection:
        await remember(connection, [subscription(name="all-a"), subscription(name="b")], NOON)
    async with store.transaction() as connection:
        await remember(connection, [subscription(name="all-a", killed_at_least=5)], NOON + timedelta(hours=1))
    await decided(store, rising("inc-1", 2), on_channel("a"))
    async with store.reading() as connection:
        a, b = await looking.known_subscriptions(connection)
        assert [one.subscription.name for one in await looking.known_subscriptions(connection, ["b"])] == ["b"]
        changes = await looking.changes_of(connection, "b", 10)
    assert (a.last_number, a.left_at, a.subscription.killed_at_least) == (2, None, 5)
    assert (b.last_number, b.left_at) == (0, NOON + timedelta(hours=1))
    assert [change.subscription is None for change in changes] == [True, False]


async def test_a_store_is_looked_at_beside_the_alerter_that_has_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/alerter.db"
    with pytest.raises(StoreUnavailableError, match=r"no store .* yet"):
        await open_beside(url)
    store = await open_store(url)
    await decided(store, rising("inc-1", 1), on_channel("a"))
    beside = await open_beside(url)
    async with beside.reading() as connection:
        assert len(await looking.alerts_after(connection, "all-a", 0, 10)) == 1
        # The alerter writes while somebody reads.
        await decided(store, rising("inc-2", 1), on_channel("a"))
    async with beside.reading() as connection:
        assert len(await looking.alerts_after(connection, "all-a", 0, 10)) == 2
    await beside.close()
    await store.close()


async def test_a_store_of_another_version_is_not_looked_at(store_url: str) -> None:
    store = await open_store(store_url)
    async with store.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    await store.close()
    with pytest.raises(StoreUnavailableError, match="another version"):
        await open_beside(store_url)
