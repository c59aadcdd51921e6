"""A batch is written when all of it is acknowledged, whatever happens to the producer in between."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, MessageSizeTooLargeError

from services.processor.stream import writer as writer_module
from services.processor.stream.writer import RefusedError, Writer
from services.shared.topic_writer import Outgoing


class Cluster:
    """Brokers that can be down, lose acknowledgements, and refuse messages."""

    def __init__(self) -> None:
        self.log: list[bytes] = []
        self.down = 0
        """Connections that are refused before one is taken."""
        self.lose: set[bytes] = set()
        """Values whose first acknowledgement never comes."""
        self.refuse: set[bytes] = set()
        self.producers = 0

    def connect(self) -> FakeProducer:
        return FakeProducer(self)


class FakeProducer:
    """What the writer uses of an AIOKafkaProducer."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def start(self) -> None:
        if self._cluster.down:
            self._cluster.down -= 1
            raise KafkaConnectionError("no broker")
        self._cluster.producers += 1

    async def stop(self) -> None:
        return None

    async def send(self, topic: str, *, value: bytes, **_: object) -> asyncio.Future[object]:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if value in self._cluster.refuse:
            raise MessageSizeTooLargeError("too large")
        if value in self._cluster.lose:
            self._cluster.lose.discard(value)
            future.set_exception(KafkaTimeoutError("no answer"))
        else:
            self._cluster.log.append(value)
            future.set_result(None)
        return future


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "FIRST_PAUSE_SECONDS", 0.001)


def outputs(*values: bytes) -> list[Outgoing]:
    return [Outgoing("t", b"k", value, []) for value in values]


async def test_a_batch_is_written_in_order() -> None:
    cluster = Cluster()
    await Writer(cluster.connect).write(outputs(b"1", b"2", b"3"))
    assert cluster.log == [b"1", b"2", b"3"]


async def test_a_lost_acknowledgement_is_sent_again_by_a_new_producer() -> None:
    cluster = Cluster()
    cluster.lose = {b"2"}
    await Writer(cluster.connect).write(outputs(b"1", b"2", b"3"))
    assert set(cluster.log) == {b"1", b"2", b"3"}
    assert cluster.producers == 2


async def test_what_comes_after_a_message_that_was_not_written_is_written_again_after_it() -> None:
    cluster = Cluster()
    cluster.lose = {b"2"}
    await Writer(cluster.connect).write(outputs(b"1", b"2", b"3"))
    assert cluster.log[-2:] == [b"2", b"3"]


async def test_what_has_another_key_is_not_written_again() -> None:
    cluster = Cluster()
    cluster.lose = {b"1"}
    await Writer(cluster.connect).write([*outputs(b"1"), Outgoing("t", b"other", b"2", [])])
    assert cluster.log == [b"2", b"1"]


async def test_while_no_broker_answers_it_waits_and_then_writes() -> None:
    cluster = Cluster()
    cluster.down = 3
    await Writer(cluster.connect).write(outputs(b"1"))
    assert cluster.log == [b"1"]


async def test_what_is_refused_for_good_is_named_and_the_rest_is_written() -> None:
    cluster = Cluster()
    cluster.refuse = {b"2"}
    with pytest.raises(RefusedError) as refusal:
        await Writer(cluster.connect).write(outputs(b"1", b"2", b"3"))
    assert cluster.log == [b"1", b"3"]
    assert [output.value for output, _ in refusal.value.refused] == [b"2"]


async def test_starting_says_when_no_broker_answers() -> None:
    cluster = Cluster()
    cluster.down = 1
    with pytest.raises(KafkaConnectionError):
        await Writer(cluster.connect).start()
