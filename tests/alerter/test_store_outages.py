"""A full disk, and a database whose connections are cut, in the middle of a burst: nothing is lost or mixed up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import psycopg
import pytest
from sqlalchemy import select

from schemas import AlertStatus
from services.alerter.auditing import Auditor
from services.alerter.deciding import Audience
from services.alerter.delivering import Deliverer
from services.alerter.outbox.auditing import Audit
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.tables import alerts
from services.alerter.reading import Reader
from tests.alerter.fakes import TOPIC, Clock, FakeChannel, FakeConsumer, FakeTopics, eventually, record_of
from tests.alerter.outboxes import decided, on_channel, rising

LANES, REVISIONS = 30, 3


async def settled(store: Store, number: int) -> None:
    """Return once so many alerts are delivered and nothing else is there."""
    while True:
        await asyncio.sleep(0.05)
        async with store.reading() as connection:
            found = list(await connection.scalars(select(alerts.c.status)))
        if len(found) == number and set(found) == {AlertStatus.DELIVERED}:
            return


def in_order(channel: FakeChannel) -> None:
    """Every lane was heard whole and in order; what came twice is the same alert."""
    heard: dict[str, list[int]] = {}
    for message in channel.sent:
        lane = heard.setdefault(message.alert.incident_id, [])
        if message.alert.sequence not in lane:
            lane.append(message.alert.sequence)
    assert len(heard) == LANES
    assert all(lane == list(range(1, REVISIONS + 1)) for lane in heard.values())


async def whole(store: Store) -> None:
    """The books add up."""
    found: list[Audit] = []
    await Auditor(store, Clock(), {"a"}, audited=found.append).once()
    assert [one.faults for one in found] == [()]


async def test_a_disk_that_is_full_holds_reading_and_telling_until_there_is_room(sqlite_store: Store) -> None:
    said: list[str] = []
    channel, stop, topics = FakeChannel(), asyncio.Event(), FakeTopics()
    revisions = [one for number in range(LANES) for one in rising(f"i{number}", REVISIONS)]
    consumer = FakeConsumer([record_of(one, offset) for offset, one in enumerate(revisions)])
    note = lambda reason: said.append(reason) if reason else None  # noqa: E731
    deliverer = Deliverer(sqlite_store, {"a": channel}, Clock(), store_answers=note)
    reader = Reader(
        sqlite_store,
        consumer,
        topics,
        Audience([on_channel("a")]),
        Clock(),
        10,
        taking=deliverer.taking,
        store_answers=note,
    )
    await room(sqlite_store, 1)
    running = [asyncio.create_task(deliverer.run(stop)), asyncio.create_task(reader.run(TOPIC, stop))]
    await eventually(lambda: len(said) > 2)
    assert any("full" in reason for reason in said)
    await room(sqlite_store, 2**30)
    await settled(sqlite_store, LANES * REVISIONS)
    stop.set()
    await asyncio.gather(*running)
    await deliverer.finish(5)
    assert topics.written == [], "no message is taken for a faulty one"
    in_order(channel)
    assert len(channel.sent) == LANES * REVISIONS
    await whole(sqlite_store)


async def room(store: Store, pages: int) -> None:
    """Let the file of the store have at most so many pages, or as many as it has."""
    async with store.transaction() as connection:
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


@pytest.mark.postgres
async def test_a_database_whose_connections_are_cut_again_and_again_is_gone_on_with(postgres_url: str) -> None:
    store, url = await open_store(postgres_url), postgres_url.replace("+psycopg", "")
    channel, clock, stop, draw = FakeChannel(), Clock(), asyncio.Event(), random.Random(7)
    for number in range(LANES):
        await decided(store, rising(f"i{number}", REVISIONS), on_channel("a"))
    deliverer = Deliverer(store, {"a": channel}, clock)
    running = asyncio.create_task(deliverer.run(stop))
    cut = 0
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as apart:
        while cut < 4:
            await asyncio.sleep(draw.uniform(0.05, 0.3))
            cut += bool(await cut_all(apart))
    # Of a claim that was cut while it was kept nobody knows whether it was: its lease says so in the end.
    clock.forward(minutes=10)
    await settled(store, LANES * REVISIONS)
    stop.set()
    await running
    await deliverer.finish(5)
    in_order(channel)
    await whole(store)
    await store.close()


async def cut_all(apart: psycopg.AsyncConnection[Sequence[object]]) -> int:
    """Cut every connection to the database but this one: how many those were."""
    found = await apart.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return len(await found.fetchall())
