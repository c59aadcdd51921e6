"""Publishing: what the store holds comes onto its topic, in order; a crash repeats some of it and loses none."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

import pytest

from schemas import Alert, ClaimKind, Delivery, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.delivering import Deliverer
from services.alerter.outbox.engine import Store, open_store
from services.alerter.outbox.publishing import Outstanding
from services.alerter.publishing import LARGEST_ALERT, Publisher
from services.shared.dead_letters import alive_headers, read_dead
from tests.alerter.fakes import Clock, FakeChannel, FakeTopics, eventually
from tests.alerter.incidents import NOON, at_least, claim, incident
from tests.alerter.outboxes import decided, on_channel, rising

DEAD = ChannelAnswer(DeliveryOutcome.DEAD, "Answered 410.", 410)


def publisher(store: Store, topics: FakeTopics, found: list[Outstanding] | None = None) -> Publisher:
    return Publisher(store, topics, "x-", Clock(), refreshed=(found if found is not None else []).append)


async def deliver(store: Store, channel: FakeChannel, attempts: int) -> None:
    """Make so many attempts."""
    stop, made = asyncio.Event(), 0

    def count(_: object) -> None:
        nonlocal made
        made += 1

    deliverer = Deliverer(store, {"a": channel}, Clock(), attempted=count)
    task = asyncio.create_task(deliverer.run(stop))
    await eventually(lambda: made == attempts)
    stop.set()
    await task


async def test_alerts_and_attempts_come_onto_their_topics_in_order_with_lane_and_trace(store: Store) -> None:
    told = await decided(store, [*rising("i", 2), *rising("j", 1)], on_channel("a"))
    await deliver(store, FakeChannel(), 3)
    topics, found = FakeTopics(), list[Outstanding]()
    assert await publisher(store, topics, found).publish_all()

    published = topics.on("x-alerts")
    assert [Alert.from_bytes(message.value or b"") for message in published] == told
    assert [message.key for message in published] == [b"a/i", b"a/i", b"a/j"]
    headers = dict(published[0].headers)
    assert headers["ce_id"] == told[0].alert_id.encode()
    assert headers["ce_type"] == b"tocsin.alert.v1"
    assert headers["ce_source"] == b"tocsin/alerter"
    assert headers["traceparent"].startswith(b"00-")
    attempts = [Delivery.from_bytes(message.value or b"") for message in topics.on("x-deliveries")]
    assert sorted(one.delivery_id for one in attempts) == sorted(f"{alert.alert_id}/1" for alert in told)
    assert {message.key for message in topics.on("x-deliveries")} == {b"a/i", b"a/j"}
    assert found == [Outstanding(0, 0, None)]

    assert await publisher(store, topics).publish_all()
    assert len(topics.written) == 6


async def test_an_alert_that_was_given_up_goes_to_the_dead_letters_with_the_reason(store: Store) -> None:
    (alert,) = await decided(store, rising("i", 1), on_channel("a"))
    await deliver(store, FakeChannel(deque([DEAD])), 1)
    topics, found = FakeTopics(), list[Outstanding]()
    assert await publisher(store, topics, found).publish_all()

    (letter,), (original,) = topics.on("x-alerts.dead"), topics.on("x-alerts")
    assert (letter.key, letter.value) == (original.key, original.value)
    assert alive_headers(letter.headers) == original.headers
    read = read_dead(letter.headers)
    assert (read.stage, read.topic, read.partition, read.offset) == ("deliver", "x-alerts", 0, 0)
    assert (read.reason, read.attempts) == ("Answered 410.", 1)
    assert Alert.from_bytes(letter.value or b"").alert_id == alert.alert_id
    assert found[-1] == Outstanding(0, 0, None)


async def test_what_is_not_finished_is_counted_each_alert_once(sqlite_store: Store) -> None:
    store, topics, found = sqlite_store, FakeTopics(), list[Outstanding]()
    await decided(store, rising("i", 1), on_channel("a"))
    topics.down = True
    assert not await publisher(store, topics).publish_all()
    topics.down = False
    await publisher(store, topics, found).publish_all()
    assert found[-1] == Outstanding(1, 0, NOON)
    await deliver(store, FakeChannel(), 1)
    topics.down = True
    failing = publisher(store, topics, found)
    assert not await failing.publish_all()
    await failing._refresh()
    assert found[-1] == Outstanding(1, 0, None)
    topics.down = False
    await publisher(store, topics, found).publish_all()
    assert found[-1] == Outstanding(0, 0, None)


async def test_a_count_that_something_was_added_to_meanwhile_is_made_again(sqlite_store: Store) -> None:
    found = list[Outstanding]()
    one = publisher(sqlite_store, FakeTopics(), found)
    real = sqlite_store.reading
    calls = 0

    def adds(*_: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            one.wake()
        return real()

    one.store = type("Wrapped", (), {"reading": staticmethod(adds), "is_postgres": False})()
    await one._refresh()
    assert calls == 2
    assert len(found) == 1


async def test_a_lost_acknowledgement_repeats_a_message_with_the_same_id(store: Store) -> None:
    await decided(store, rising("i", 3), on_channel("a"))
    topics = FakeTopics()
    lost = {1}
    topics.loses_ack = lambda message: len(topics.written) in lost
    assert not await publisher(store, topics).publish_all()
    assert await publisher(store, topics).publish_all()
    ids = Counter(dict(message.headers)["ce_id"] for message in topics.on("x-alerts"))
    assert sorted(ids.values()) == [1, 1, 2]


async def test_a_broker_that_is_down_delays_everything_and_loses_nothing(sqlite_store: Store) -> None:
    await decided(sqlite_store, rising("i", 3), on_channel("a"))
    topics, stop = FakeTopics(), asyncio.Event()
    topics.down = True
    task = asyncio.create_task(publisher(sqlite_store, topics).run(stop))
    await asyncio.sleep(0.02)
    assert topics.written == []
    topics.down = False
    await eventually(lambda: len(topics.on("x-alerts")) == 3)
    stop.set()
    await task


@pytest.mark.postgres
async def test_of_several_alerters_one_publishes_at_a_time(postgres_url: str) -> None:
    stores = [await open_store(postgres_url) for _ in range(3)]
    for number in range(40):
        await decided(stores[0], rising(f"i{number}", 3), on_channel("a"))
    topics = FakeTopics()
    await asyncio.gather(*(publisher(store, topics).publish_all() for store in stores))
    alerts = [Alert.from_bytes(message.value or b"") for message in topics.on("x-alerts")]
    heard: dict[str, list[int]] = {}
    for alert in alerts:
        heard.setdefault(alert.incident_id, []).append(alert.sequence)
    assert list(heard.values()) == [[1, 2, 3]] * 40
    for store in stores:
        await store.close()


async def test_an_alert_beyond_what_a_topic_takes_is_published_without_its_last_claims(sqlite_store: Store) -> None:
    words = "w" * 100_000
    claims = (claim(ClaimKind.KILLED, at_least(60), words),) * (LARGEST_ALERT // len(words) + 2)
    await decided(sqlite_store, [incident(60, claims=claims)], on_channel("a"))
    topics = FakeTopics()
    assert await publisher(sqlite_store, topics).publish_all()
    (message,) = topics.on("x-alerts")
    assert len(message.value or b"") <= LARGEST_ALERT
    assert 0 < len(Alert.from_bytes(message.value or b"").incident.claims) < len(claims)
