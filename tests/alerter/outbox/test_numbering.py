"""Numbers of a subscription's alerts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, select, text

from schemas import Alert
from services.alerter.outbox import migrate
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.numbering import numbered
from services.alerter.outbox.tables import alerts
from tests.alerter.incidents import NOON
from tests.alerter.outboxes import decided, on_channel, rising


async def numbers(store: Store) -> dict[str, list[tuple[int, str]]]:
    """Subscription to the numbers of its alerts with their ids, as they are kept."""
    found: dict[str, list[tuple[int, str]]] = {}
    async with store.transaction() as connection:
        query = select(alerts.c.subscription, alerts.c.number, alerts.c.alert_id).order_by(alerts.c.position)
        for subscription, number, alert_id in await connection.execute(query):
            found.setdefault(subscription, []).append((number, alert_id))
    return found


async def test_each_subscription_counts_its_alerts_from_one_whatever_the_incident(store: Store) -> None:
    first = await decided(store, [*rising("inc-1", 2), *rising("inc-2", 1)], on_channel("a"), on_channel("b"))
    second = await decided(store, rising("inc-3", 2), on_channel("a"))
    kept = await numbers(store)
    assert [number for number, _ in kept["all-a"]] == [1, 2, 3, 4, 5]
    assert [number for number, _ in kept["all-b"]] == [1, 2, 3]
    sent = [(one.number, one.alert_id) for one in (*first, *second) if one.subscription == "all-a"]
    assert sent == kept["all-a"], "what goes out by a channel has the number that the store has"


async def test_a_transaction_that_fails_leaves_no_gap(store: Store) -> None:
    (one,) = await decided(store, rising("inc-1", 1), on_channel("a"))

    async def fail() -> None:
        async with store.transaction() as connection:
            await numbered(connection, [one, one])
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        await fail()
    await decided(store, rising("inc-2", 1), on_channel("a"))
    assert [number for number, _ in (await numbers(store))["all-a"]] == [1, 2]


@pytest.mark.postgres
async def test_transactions_at_the_same_time_count_on_from_each_other_without_waiting_in_a_circle(
    postgres_url: str,
) -> None:
    stores = await asyncio.gather(*(open_store(postgres_url) for _ in range(3)))
    asked = [on_channel(f"c{number}") for number in range(20)]

    async def decide(number: int) -> None:
        order = asked if number % 2 else list(reversed(asked))
        await decided(stores[number % 3], rising(f"inc-{number}", 1), *order, at=NOON + timedelta(seconds=number))

    await asyncio.gather(*(decide(number) for number in range(12)))
    for counted in (await numbers(stores[0])).values():
        assert sorted(number for number, _ in counted) == list(range(1, 13))
    for store in stores:
        await store.close()


def test_alerts_from_before_there_were_numbers_get_theirs_in_the_order_of_the_store(tmp_path: Path) -> None:
    def run(connection: Connection, target: str) -> None:
        config = Config()
        config.set_main_option("script_location", migrate.LOCATION)
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, target)

    with create_engine(f"sqlite:///{tmp_path}/old.db").begin() as connection:
        run(connection, "0002")
        for position, subscription in enumerate(("a", "b", "a", "a"), 1):
            connection.execute(
                text(
                    "INSERT INTO alerts (alert_id, subscription, channel, incident_id, revision, sequence, kind, "
                    "payload, traceparent, appended_at, decided_at, status, attempts, reason) VALUES (:id, :name, 'c', "
                    "'i', 1, :id, 'alert', '{}', '', :at, :at, 'delivered', 1, '')"
                ),
                {"id": position, "name": subscription, "at": "2031-05-04 12:00:00.000000"},
            )
        run(connection, "head")
        found = connection.execute(text("SELECT subscription, number FROM alerts ORDER BY position")).all()
        assert [tuple(row) for row in found] == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]
        last = connection.execute(text("SELECT subscription, last_number FROM numbering ORDER BY subscription")).all()
        assert [tuple(row) for row in last] == [("a", 3), ("b", 1)]


def test_an_alert_of_an_earlier_version_has_no_number() -> None:
    assert Alert.model_fields["number"].default is None
