"""Writing to Kafka: acknowledged or said to be not, with a new producer after every failure."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, MessageSizeTooLargeError, ProducerClosed
from aiokafka.structs import RecordMetadata

from services.shared.topic_writer import Outgoing, TopicWriter, UnwritableError


class Producer:
    """A producer whose sends end as it is told, and which can be of use until one has failed."""

    def __init__(self, answers: deque[Exception | None], made: list[Producer], starts: bool = True) -> None:
        self.answers, self.starts, self.stopped = answers, starts, False
        self.sent: list[bytes] = []
        made.append(self)

    async def start(self) -> None:
        if not self.starts:
            raise KafkaConnectionError("no broker")

    async def stop(self) -> None:
        self.stopped = True

    async def send(self, topic: str, *, value: bytes, **_: Any) -> asyncio.Future[RecordMetadata]:
        answer = self.answers.popleft() if self.answers else None
        if isinstance(answer, MessageSizeTooLargeError | ProducerClosed):
            raise answer
        future: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        if answer is None:
            self.sent.append(value)
            offset = len(self.sent) - 1
            future.set_result(RecordMetadata(topic, 0, TopicPartition(topic, 0), offset, 0, 0, 0))
        else:
            future.set_exception(answer)
        return future


def messages(*values: bytes) -> list[Outgoing]:
    return [Outgoing("alerts", b"k", value, []) for value in values]


async def test_messages_are_written_in_order_and_each_says_where_it_stands() -> None:
    made: list[Producer] = []
    writer = TopicWriter(lambda: Producer(deque(), made))
    answers = await writer.write_all(messages(b"a", b"b"))
    assert [answer.offset for answer in answers if isinstance(answer, RecordMetadata)] == [0, 1]
    assert (await writer.write("alerts", b"k", b"c", [])).offset == 2
    assert made[0].sent == [b"a", b"b", b"c"]
    await writer.stop()
    assert made[0].stopped


async def test_after_a_failure_the_next_write_has_a_new_producer() -> None:
    made: list[Producer] = []
    writer = TopicWriter(lambda: Producer(deque([None, KafkaTimeoutError()]) if not made else deque(), made))
    first, second = await writer.write_all(messages(b"a", b"b"))
    assert isinstance(first, RecordMetadata)
    assert isinstance(second, KafkaTimeoutError)
    assert made[0].stopped
    await writer.write("alerts", b"k", b"b", [])
    assert made[1].sent == [b"b"]


async def test_after_a_message_that_could_not_be_sent_none_of_its_partition_is() -> None:
    made: list[Producer] = []
    writer = TopicWriter(lambda: Producer(deque([None, ProducerClosed()]), made))
    reports = [Outgoing("reports", key, key, [], 0) for key in (b"a", b"b", b"c")]
    answers = await writer.write_all([*reports, Outgoing("reports", b"d", b"d", [], 1)])
    assert [isinstance(answer, RecordMetadata) for answer in answers] == [True, False, False, True]
    assert made[0].sent == [b"a", b"d"]


async def test_what_was_taken_after_a_message_that_failed_counts_as_not_written() -> None:
    made: list[Producer] = []
    writer = TopicWriter(lambda: Producer(deque([KafkaTimeoutError(), None]), made))
    answers = await writer.write_all([*messages(b"a", b"b"), Outgoing("alerts", b"other", b"c", [])])
    assert [isinstance(answer, RecordMetadata) for answer in answers] == [False, False, True]
    assert made[0].sent == [b"b", b"c"]


async def test_a_message_that_is_refused_for_good_stops_no_other_and_no_producer() -> None:
    made: list[Producer] = []
    writer = TopicWriter(lambda: Producer(deque([MessageSizeTooLargeError("too large")]), made))
    refused, written = await writer.write_all(messages(b"big", b"a"))
    assert isinstance(refused, UnwritableError)
    assert isinstance(written, RecordMetadata)
    assert not made[0].stopped
    made[0].answers.append(MessageSizeTooLargeError("too large"))
    with pytest.raises(UnwritableError):
        await writer.write("alerts", b"k", b"big", [])


async def test_where_no_broker_answers_every_message_says_so_and_nothing_is_left_open() -> None:
    made: list[Producer] = []
    writer = TopicWriter(lambda: Producer(deque(), made, starts=len(made) > 0))
    assert all(isinstance(answer, KafkaConnectionError) for answer in await writer.write_all(messages(b"a", b"b")))
    assert made[0].stopped
    assert isinstance((await writer.write_all(messages(b"a")))[0], RecordMetadata)


async def test_tasks_that_write_at_once_share_one_producer() -> None:
    made: list[Producer] = []
    writer = TopicWriter(lambda: Producer(deque(), made))
    await asyncio.gather(*(writer.write("alerts", b"k", b"a", []) for _ in range(20)))
    assert len(made) == 1
