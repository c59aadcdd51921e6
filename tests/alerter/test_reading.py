"""Reading incidents: each is decided once, with its offset, and none is passed over, whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import TopicPartition
from sqlalchemy import Table, event, func, select
from sqlalchemy.exc import DataError, OperationalError

from schemas import Alert, Incident
from schemas.vocabulary import AlertKind, DecisionReason
from services.alerter.deciding import Audience, decide_revision
from services.alerter.outbox.deciding import offset_of, read_states, write_decided
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.tables import alerts, decisions, incidents, told
from services.alerter.policy.decision import decide
from services.alerter.policy.matching import CompiledSubscription, compile_subscription
from services.alerter.reading import Batch, PoisonError, Reader, revision_of
from services.shared.dead_letters import read_dead
from tests.alerter.fakes import TOPIC, Clock, FakeConsumer, FakeTopics, eventually, raw_record, record_of
from tests.alerter.incidents import NOON, incident, subscription

PARTITION = TopicPartition(TOPIC, 0)
MASS = compile_subscription(subscription(name="mass", killed_at_least=50))
EVERY = compile_subscription(subscription(name="every"))
RISING = [record_of(incident(killed, revision), revision - 1) for revision, killed in enumerate((20, 60, 150), 1)]


@pytest.fixture
def topics() -> FakeTopics:
    return FakeTopics()


@asynccontextmanager
async def running(
    store: Store, consumer: FakeConsumer, topics: FakeTopics, *subscriptions: CompiledSubscription
) -> AsyncIterator[list[Batch]]:
    """A reader at work; gives the batches that it reports."""
    batches: list[Batch] = []
    stop = asyncio.Event()
    reader = Reader(store, consumer, topics, Audience(subscriptions or (MASS,)), Clock(), 100, decided=batches.append)
    task = asyncio.create_task(reader.run(TOPIC, stop))
    try:
        yield batches
    finally:
        stop.set()
        await task


async def read_all(
    store: Store, consumer: FakeConsumer, topics: FakeTopics, *asked: CompiledSubscription
) -> list[Batch]:
    async with running(store, consumer, topics, *asked) as batches:
        await consumer.drained.wait()
    return batches


async def rows(store: Store, table: Table, *columns: str) -> list[tuple[Any, ...]]:
    async with store.transaction() as connection:
        wanted = [table.c[name] for name in columns]
        return [tuple(row) for row in await connection.execute(select(*wanted).order_by(*wanted))]


async def count(store: Store, table: Table) -> int:
    async with store.transaction() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def stored_offset(store: Store) -> int | None:
    async with store.transaction() as connection:
        return await offset_of(connection, TOPIC, 0)


async def test_offset_decision_told_state_and_alert_are_written_together(store: Store, topics: FakeTopics) -> None:
    consumer = FakeConsumer(RISING)
    batches = await read_all(store, consumer, topics, MASS, EVERY)

    assert await stored_offset(store) == 3
    assert consumer.commits == [{PARTITION: 3}]
    assert await rows(store, incidents, "incident_id", "revision", "considered") == [("inc-1", 3, 2)]
    assert await rows(store, decisions, "subscription", "revision", "kind", "reason") == [
        ("every", 1, "alert", "first_match"),
        ("every", 2, "update", "toll_rose"),
        ("every", 3, "update", "toll_rose"),
        ("mass", 2, "alert", "first_match"),
        ("mass", 3, "update", "toll_rose"),
    ]
    # One channel hears both subscriptions of an incident in one order, counted without gaps.
    assert await rows(store, alerts, "revision", "subscription") == [
        (1, "every"),
        (2, "every"),
        (2, "mass"),
        (3, "every"),
        (3, "mass"),
    ]
    assert [row[:2] for row in await rows(store, alerts, "sequence", "revision")] == [
        (1, 1),
        (2, 2),
        (3, 2),
        (4, 3),
        (5, 3),
    ]
    assert await rows(store, alerts, "status", "attempts") == [("pending", 0)] * 5
    assert batches[-1].reasons == {
        DecisionReason.NO_MATCH: 1,
        DecisionReason.FIRST_MATCH: 2,
        DecisionReason.TOLL_ROSE: 3,
    }


async def test_an_alert_carries_its_incident_its_reason_and_the_trace_of_its_cause(
    store: Store, topics: FakeTopics
) -> None:
    await read_all(store, FakeConsumer(RISING), topics)
    async with store.transaction() as connection:
        row = (await connection.execute(select(alerts).order_by(alerts.c.sequence.desc()))).first()
    assert row is not None
    alert = Alert.model_validate_json(row.payload)
    assert alert.kind is AlertKind.UPDATE
    assert alert.incident == incident(150, 3)
    assert alert.because == "Killed rose from at least 60 to at least 150."
    assert alert.body.startswith(alert.headline)
    assert alert.told_before is not None
    assert alert.told_before.revision == 2
    assert row.traceparent.split("-")[1] == dict(RISING[0].headers)["traceparent"].decode().split("-")[1]
    assert row.appended_at == NOON


async def test_messages_that_come_again_change_nothing(store: Store, topics: FakeTopics) -> None:
    await read_all(store, FakeConsumer(RISING), topics)
    before = await rows(store, alerts, "alert_id")
    again = [record_of(Incident.from_bytes(record.value or b""), record.offset + 3) for record in RISING]
    batches = await read_all(store, FakeConsumer([*RISING, *again]), topics)

    assert await rows(store, alerts, "alert_id") == before
    assert batches[-1].reasons == {DecisionReason.ALREADY_DECIDED: 3}
    assert await stored_offset(store) == 6


async def test_reading_goes_on_where_the_store_says_and_not_where_kafka_does(store: Store, topics: FakeTopics) -> None:
    consumer = FakeConsumer(RISING[:2])
    consumer.refuses_commits = True
    await read_all(store, consumer, topics)
    later = FakeConsumer(RISING)
    await read_all(store, later, topics)
    assert [row[0] for row in await rows(store, decisions, "revision")] == [2, 3]
    assert later.commits == [{PARTITION: 3}]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"\xff\xfe not json", "not an incident"),
        (b"{}", "incident_id: Field required"),
        (b"[]", "not an incident"),
        (incident(60).to_bytes().replace(b'"inc-1"', b'"' + b"i" * 500 + b'"'), "at most 200 printable"),
        (incident(60).to_bytes().replace(b'"inc-1"', b'"inc\\u0000"'), "at most 200 printable"),
    ],
)
async def test_poison_goes_to_the_dead_letters_byte_for_byte_and_the_next_is_decided(
    store: Store, topics: FakeTopics, value: bytes, said: str
) -> None:
    poison = raw_record(value, 0, headers=[("ce_id", b"x")])
    batches = await read_all(store, FakeConsumer([poison, record_of(incident(60), 1)]), topics)

    (letter,) = topics.on("incidents.dead")
    assert (letter.key, letter.value) == (b"inc-1", value)
    assert ("ce_id", b"x") in letter.headers
    read = read_dead(letter.headers)
    assert (read.stage, read.topic, read.partition, read.offset) == ("decide", TOPIC, 0, 0)
    assert said in read.reason
    assert len(await rows(store, alerts, "alert_id")) == 1
    assert (batches[-1].messages, batches[-1].dead) == (2, 1)


async def test_a_tombstone_is_passed_over(store: Store, topics: FakeTopics) -> None:
    await read_all(store, FakeConsumer([raw_record(None, 0), record_of(incident(60), 1)]), topics)
    assert await count(store, alerts) == 1
    assert topics.written == []


async def test_a_dead_letter_that_cannot_be_written_holds_the_offset(store: Store, topics: FakeTopics) -> None:
    topics.down = True
    consumer = FakeConsumer([raw_record(b"poison", 0), record_of(incident(60), 1)])
    async with running(store, consumer, topics):
        await asyncio.sleep(0.05)
        assert await stored_offset(store) is None
        assert consumer.commits == []
        topics.down = False
        await eventually(lambda: bool(consumer.commits))
    assert len(topics.on("incidents.dead")) == 1
    assert await stored_offset(store) == 2


async def test_a_stop_while_it_holds_leaves_the_message_to_be_read_again(store: Store, topics: FakeTopics) -> None:
    topics.down = True
    async with running(store, FakeConsumer([raw_record(b"poison", 0)]), topics):
        await asyncio.sleep(0.02)
    assert await stored_offset(store) is None


async def test_a_fault_in_deciding_costs_one_message_its_place_and_no_other(
    store: Store, topics: FakeTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(revision: Any, *others: Any) -> None:
        decide_revision(revision, *others)
        if revision.incident.incident_id == "inc-bad":
            raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("services.alerter.reading.decide_revision", faulty)
    records = [
        record_of(incident(60, incident_id=name), offset) for offset, name in enumerate(("inc-a", "inc-bad", "inc-b"))
    ]
    batches = await read_all(store, FakeConsumer(records), topics)

    assert await rows(store, alerts, "incident_id") == [("inc-a",), ("inc-b",)]
    (letter,) = topics.on("incidents.dead")
    assert read_dead(letter.headers).error == "ZeroDivisionError"
    assert await stored_offset(store) == 3
    assert batches[-1].reasons == {DecisionReason.FIRST_MATCH: 2}


async def test_a_message_that_the_database_refuses_costs_no_other_its_place(
    store: Store, topics: FakeTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refusing(connection: Any, decided: Any, states: Any, now: Any) -> None:
        if "inc-bad" in states:
            raise DataError("INSERT", {}, ValueError("cannot be stored"))
        await write_decided(connection, decided, states, now)

    monkeypatch.setattr("services.alerter.reading.write_decided", refusing)
    records = [
        record_of(incident(60, incident_id=name), offset) for offset, name in enumerate(("inc-a", "inc-bad", "inc-b"))
    ]
    (batch,) = await read_all(store, FakeConsumer(records), topics)
    assert await rows(store, alerts, "incident_id") == [("inc-a",), ("inc-b",)]
    assert "cannot be stored" in read_dead(topics.on("incidents.dead")[0].headers).reason
    assert (batch.messages, batch.dead, batch.next_offset) == (3, 1, 3)


async def test_a_store_that_is_down_holds_everything_and_loses_nothing(sqlite_store: Store, topics: FakeTopics) -> None:
    down = True

    def fail(*_: object) -> None:
        if down:
            raise OperationalError("BEGIN", {}, ConnectionError("connection refused"))

    consumer = FakeConsumer(RISING)
    said: list[str | None] = []
    stop = asyncio.Event()
    reader = Reader(sqlite_store, consumer, topics, Audience((MASS,)), Clock(), 100, store_answers=said.append)
    event.listen(sqlite_store.engine.sync_engine, "begin", fail)
    task = asyncio.create_task(reader.run(TOPIC, stop))
    await eventually(lambda: bool(said))
    assert consumer.commits == []
    down = False
    await eventually(lambda: bool(consumer.commits))
    stop.set()
    await task
    assert said[0] == "connection refused"
    assert said[-1] is None
    assert await count(sqlite_store, alerts) == 2
    assert await stored_offset(sqlite_store) == 3


async def test_a_store_that_fails_in_mid_transaction_has_nothing_of_it(sqlite_store: Store, topics: FakeTopics) -> None:
    failures = 2

    def fail(connection: Any, cursor: Any, statement: str, *_: object) -> None:
        nonlocal failures
        if statement.startswith("INSERT INTO consumed_offsets") and failures:
            failures -= 1
            raise OperationalError(statement, {}, ConnectionError("server closed the connection"))

    event.listen(sqlite_store.engine.sync_engine, "before_cursor_execute", fail)
    consumer = FakeConsumer(RISING)
    async with running(sqlite_store, consumer, topics) as batches:
        await eventually(lambda: failures == 0)
        await eventually(lambda: bool(batches))
    assert await rows(sqlite_store, decisions, "revision") == [(2,), (3,)]
    assert len(batches) == 1


@pytest.mark.postgres
async def test_of_two_alerters_that_hold_one_partition_for_a_moment_each_message_is_decided_once(
    postgres_url: str, topics: FakeTopics
) -> None:
    one, other = await open_store(postgres_url), await open_store(postgres_url)
    records = [record_of(incident(60, incident_id=f"inc-{n}"), n) for n in range(60)]
    stop = asyncio.Event()
    tasks, consumers = [], []
    for store in (one, other):
        consumer = FakeConsumer(records)
        consumers.append(consumer)
        reader = Reader(store, consumer, topics, Audience((MASS, EVERY)), Clock(), 7)
        tasks.append(asyncio.create_task(reader.run(TOPIC, stop)))
    await asyncio.gather(*(consumer.drained.wait() for consumer in consumers))
    stop.set()
    await asyncio.gather(*tasks)
    assert await count(one, decisions) == await count(one, alerts) == 120
    assert await rows(one, alerts, "sequence") == [(1,)] * 60 + [(2,)] * 60
    assert topics.written == []
    for store in (one, other):
        await store.close()


async def test_a_partition_that_moved_away_is_left_to_its_new_owner(sqlite_store: Store, topics: FakeTopics) -> None:
    consumer = FakeConsumer(RISING)
    real = consumer.getmany

    async def moves_after_fetch(**options: int) -> Any:
        found = await real(**options)
        if found:
            consumer.listener.on_partitions_revoked(consumer.held)
            consumer.held = set()
        return found

    consumer.getmany = moves_after_fetch  # type: ignore[method-assign]
    batches = await read_all(sqlite_store, consumer, topics)
    assert batches == []
    assert await stored_offset(sqlite_store) is None


async def test_a_partition_that_comes_back_is_read_from_where_the_store_stands(
    sqlite_store: Store, topics: FakeTopics
) -> None:
    consumer = FakeConsumer(RISING[:1])
    async with running(sqlite_store, consumer, topics) as batches:
        await eventually(lambda: len(batches) == 1)
        consumer.listener.on_partitions_revoked(consumer.held)
        consumer.positions.clear()
        consumer.log[PARTITION].extend(RISING[1:])
        consumer.listener.on_partitions_assigned(consumer.held)
        await eventually(lambda: len(batches) == 2)
    assert [batch.messages for batch in batches] == [1, 2]


async def test_a_topic_that_was_made_anew_is_read_from_its_beginning(sqlite_store: Store, topics: FakeTopics) -> None:
    await read_all(sqlite_store, FakeConsumer(RISING), topics)
    anew = FakeConsumer([record_of(incident(70, incident_id="inc-2"), 0)])
    await read_all(sqlite_store, anew, topics)
    assert await stored_offset(sqlite_store) == 1
    assert ("inc-2",) in await rows(sqlite_store, alerts, "incident_id")


async def test_what_was_told_is_read_back_as_it_was_told(store: Store, topics: FakeTopics) -> None:
    await read_all(store, FakeConsumer(RISING), topics)
    async with store.transaction() as connection:
        states = await read_states(connection, {"inc-1", "unknown"}, NOON)
    state = states["inc-1"]
    assert (state.decided_revision, state.sequences) == (3, {"console": 2})
    assert state.told["mass"].toll == incident(150, 3).toll
    assert decide(MASS, state.told["mass"], incident(150, 4)).reason is DecisionReason.NOTHING_NEW
    assert states["unknown"].decided_revision == 0
    assert await count(store, told) == 1


def test_the_time_of_a_message_is_when_the_broker_took_it() -> None:
    revision = revision_of(RISING[0])
    assert revision is not None
    assert revision.appended_at == NOON
    with pytest.raises(PoisonError):
        revision_of(raw_record(b"", 0))
