"""What our consumer is for: Faust's own commits past an event in flight, and its fetch holds up the others."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import pytest
from aiokafka import AIOKafkaConsumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from intervaltree import IntervalTree

from services.processor.stream.transport import ConsumerThread

PARTITION = TP("articles", 0)


def consumer_of(kind: type[driver.Consumer], committed: int | None) -> Any:
    """The bookkeeping of a consumer, without its connections."""
    consumer: Any = kind.__new__(kind)
    consumer._committed_offset = {PARTITION: committed}
    consumer._acked = defaultdict(list)
    consumer._acked_index = defaultdict(set)
    consumer._gap = defaultdict(IntervalTree)
    consumer._unacked_messages = WeakSet()
    return consumer


def deliver(consumer: Any, offsets: range, acked: set[int]) -> list[SimpleNamespace]:
    """Take `offsets` in hand and acknowledge those in `acked`; the messages, which keep them tracked."""
    messages = []
    for offset in offsets:
        message = _Message(offset)
        messages.append(message)
        consumer._unacked_messages.add(message)
        if offset in acked:
            consumer._unacked_messages.discard(message)
            message.acked = True
            consumer._acked[PARTITION].append(offset)
            consumer._acked_index[PARTITION].add(offset)
    return messages


class _Message(SimpleNamespace):
    def __init__(self, offset: int) -> None:
        super().__init__(offset=offset, tp=PARTITION, acked=False)

    def __hash__(self) -> int:
        return id(self)


@pytest.mark.parametrize("committed", [None, 3])
def test_faust_as_it_comes_would_jump_over_it(committed: int | None) -> None:
    """When this fails, faust-streaming has mended issue 606 and our own check may go."""
    consumer = consumer_of(driver.Consumer, committed)
    kept = deliver(consumer, range(3, 12), acked=set(range(4, 12)))
    assert consumer._new_offset(PARTITION) == 12
    assert len(kept) == 9


async def test_the_fetch_wait_of_the_settings_reaches_the_consumer(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers="127.0.0.1:1", fetch_max_wait_ms=1500)
    assert consumer._fetch_max_wait_ms == 1500
    monkeypatch.setattr(driver.AIOKafkaConsumerThread, "_create_worker_consumer", lambda self, transport: consumer)
    thread = ConsumerThread.__new__(ConsumerThread)
    assert thread._create_worker_consumer(SimpleNamespace(fetch_wait_ms=20)) is consumer
    assert consumer._fetch_max_wait_ms == 20
    await consumer.stop()
