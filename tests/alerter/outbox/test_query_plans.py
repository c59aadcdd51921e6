"""What is asked for every message is found by an index: a store that has years of alerts is as fast as a new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import AlertStatus, DeliveryOutcome
from services.alerter.outbox.claiming import Claimed, Room, claim_due, release
from services.alerter.outbox.engine import Store
from services.alerter.outbox.publishing import (
    PublishedAlert,
    alerts_published,
    dead_published,
    deliveries_published,
    outstanding,
    unpublished_alerts,
    unpublished_dead,
    unpublished_deliveries,
)
from services.alerter.outbox.settling import settle_all
from services.alerter.outbox.tables import metadata
from tests.alerter.incidents import NOON
from tests.alerter.outbox.test_delivering import LEASED_UNTIL, PLENTY, ended, settlement
from tests.alerter.outboxes import decided, on_channel, rising

Ran = dict[str, Any]
"""Each statement that ran, and the values of its last run."""


@contextmanager
def watched(store: Store) -> Iterator[Ran]:
    """The statements that `store` runs meanwhile."""
    ran: Ran = {}

    def note(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        if not statement.startswith(("EXPLAIN", "PRAGMA")):
            ran[statement] = tuple(values[-1] if many and not isinstance(values, tuple) else values)

    engines = {store.engine.sync_engine, (store._readers or store.engine).sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield ran
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def scans(connection: AsyncConnection, ran: Ran) -> list[str]:
    """The steps of `ran` that look through a whole table, each with its statement."""
    tables = set(metadata.tables)
    found = []
    for statement, values in ran.items():
        for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
            words = row.detail.split()
            # SQLAlchemy calls a second use of a table `alerts_1`.
            if words[0] == "SCAN" and {words[1], words[1].rpartition("_")[0]} & tables and "INDEX" not in words:
                found.append(f"{row.detail}: {statement}")
    return found


async def tell_all(store: Store) -> None:
    """Decide, tell, fail, tell again and publish."""
    channels = [on_channel("a"), on_channel("b")]
    await decided(store, [*rising("i", 3), *rising("j", 2)], *channels)

    async def claim(minutes: int = 0, only: set[str] | None = None) -> list[Claimed]:
        now = NOON + timedelta(minutes=minutes)
        async with store.transaction() as connection:
            return await claim_due(connection, Room(PLENTY), now, now + (LEASED_UNTIL - NOON), only)

    async def settle(of: list[Claimed], outcome: DeliveryOutcome, status: AlertStatus) -> None:
        async with store.transaction() as connection:
            later = NOON + timedelta(seconds=5) if status is AlertStatus.PENDING else None
            kept = await settle_all(connection, [settlement(one, ended(one, outcome, later), status) for one in of])
            assert all(kept.kept)

    first = await claim()
    await settle(first[:2], DeliveryOutcome.ACCEPTED, AlertStatus.DELIVERED)
    await settle(first[2:3], DeliveryOutcome.RETRY, AlertStatus.PENDING)
    async with store.transaction() as connection:
        assert await release(connection, first[3], NOON)
    again = await claim(1, {"a", "b"})
    await settle([one for one in again if one.alert.incident_id == "j"], DeliveryOutcome.DEAD, AlertStatus.DEAD)
    await decided(store, rising("i", 4)[3:], *channels)
    # A dead letter follows once its alert is on its topic.
    for rounds in zip(*[await publish_all(store) for _ in range(2)], strict=True):
        assert any(rounds)


async def publish_all(store: Store) -> tuple[int, int, int]:
    """One round of publishing: how many alerts, attempts and dead letters."""
    async with store.reading() as connection:
        alerts = await unpublished_alerts(connection, 100)
        attempts = await unpublished_deliveries(connection, 100)
        dead = await unpublished_dead(connection, 100)
        await outstanding(connection)
    async with store.transaction() as connection:
        await alerts_published(connection, [PublishedAlert(one.position, 0, 0) for one in alerts], NOON)
        await deliveries_published(connection, [one.position for one in attempts], NOON)
        await dead_published(connection, [one.position for one in dead], NOON)
    return len(alerts), len(attempts), len(dead)


async def test_nothing_that_is_done_for_a_message_looks_through_a_whole_table(sqlite_store: Store) -> None:
    with watched(sqlite_store) as ran:
        await tell_all(sqlite_store)
    assert len(ran) > 20
    async with sqlite_store.transaction() as connection:
        assert await scans(connection, ran) == []


@pytest.mark.parametrize(
    "of", ["SELECT * FROM alerts WHERE reason = 'x'", "UPDATE lanes SET lease = NULL WHERE last_sequence = 3"]
)
async def test_a_statement_that_does_is_found(sqlite_store: Store, of: str) -> None:
    async with sqlite_store.transaction() as connection:
        assert await scans(connection, {of: ()}) != []
