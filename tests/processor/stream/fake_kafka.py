"""A consumer on a log that is kept in memory: what aiokafka does to positions, with answers that come late."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import faust
from aiokafka import ConsumerRecord
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from services.processor.stream.transport import Transport

TOPIC = "articles"


class FakeThread:
    """Stands for the thread that fetches. Positions move as aiokafka moves them; answers take turns of the loop."""

    def __init__(self, consumer: driver.Consumer, logs: Mapping[TP, list[int]], delays: list[int]) -> None:
        self.consumer = consumer
        self.logs = logs
        self.position = {tp: log[0] for tp, log in logs.items()}
        self.committed: dict[TP, int | None] = dict.fromkeys(logs)
        self.assigned = set(logs)
        self.beacon = SimpleNamespace(reattach=lambda parent: None)
        self._delays = deque(delays)

    async def _late(self) -> None:
        self._delays.rotate()
        for _ in range(self._delays[0]):
            await asyncio.sleep(0)

    async def getmany(self, active: set[TP], timeout: float) -> dict[TP, list[Any]]:  # noqa: ASYNC109
        if not self.consumer.flow_active:
            return {}
        await self._late()
        fetched = {}
        for tp in sorted(active & self.assigned):
            offsets = [offset for offset in self.logs[tp] if offset >= self.position[tp]][:5]
            if offsets:
                self.position[tp] = offsets[-1] + 1
                fetched[tp] = [_record(tp, offset) for offset in offsets]
        await self._late()
        return fetched

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        await self._late()
        for tp, offset in partitions.items():
            self.position[tp] = offset
        await self._late()

    async def seek_to_committed(self) -> dict[TP, int | None]:
        await self._late()
        for tp, offset in self.committed.items():
            if offset:
                self.position[tp] = offset
        answer = dict(self.committed)
        await self._late()
        return answer

    async def earliest_offsets(self, *partitions: TP) -> dict[TP, int]:
        await self._late()
        return {tp: self.logs[tp][0] for tp in partitions}

    async def commit(self, offsets: Mapping[TP, int]) -> bool:
        self.committed.update(offsets)
        return True

    def assignment(self) -> set[TP]:
        return self.assigned

    def highwater(self, tp: TP) -> int:
        return self.logs[tp][-1] + 1


class FakeTransport(Transport):
    """Makes consumers on logs in memory."""

    def __init__(self, *args: Any, logs: Mapping[TP, list[int]], delays: list[int]) -> None:
        super().__init__(*args, fetch_wait_ms=20)
        self.logs, self.delays = logs, delays

    def new_consumer_thread(self, consumer: Any) -> Any:
        return FakeThread(consumer, self.logs, self.delays)


class Reading:
    """A consumer that drains `logs` into `buffer`, as the stream's queue, and what has been done with it."""

    def __init__(self, logs: Mapping[TP, list[int]], delays: list[int]) -> None:
        app = faust.App("test", broker="kafka://127.0.0.1:1", store="memory://", topic_disable_leader=True)
        app.transport = FakeTransport(app.conf.broker_consumer, app, logs=logs, delays=delays)
        app.producer.flush = _nothing  # type: ignore[method-assign]
        app.topics._acking_topics.add(TOPIC)  # type: ignore[attr-defined]
        self.app: Any = app
        self.consumer: Any = app.transport.create_consumer(
            callback=self._take, on_partitions_revoked=self._revoked, on_partitions_assigned=self._assigned
        )
        self.consumer.sleep = _no_time
        self.thread: FakeThread = self.consumer._thread
        self.buffer: list[Any] = []
        self.done: dict[TP, set[int]] = {tp: set() for tp in logs}
        self.room = asyncio.Event()
        self.room.set()

    async def _take(self, message: Any) -> None:
        await self.room.wait()
        self.consumer.track_message(message)
        self.buffer.append(message)

    async def _revoked(self, revoked: set[TP]) -> None:
        self.consumer.stop_flow()
        self.consumer.pause_partitions(revoked)
        # What waits in the buffers of the streams is thrown away.
        self.buffer.clear()
        await self.consumer.commit()

    async def _assigned(self, assigned: set[TP], generation_id: int) -> None:
        self.consumer.pause_partitions(assigned)

    def start(self) -> None:
        self.stop = asyncio.Event()
        self.draining = asyncio.create_task(
            self.consumer._drain_messages(SimpleNamespace(_stopped=SimpleNamespace(is_set=self.stop.is_set)))
        )

    async def rebalance(self) -> None:
        """Lose every partition and get it back, as a worker that another leaves."""
        await self.consumer.on_partitions_revoked(set(self.thread.assigned))
        for tp, offset in self.thread.committed.items():
            self.thread.position[tp] = offset or self.thread.logs[tp][0]
        self.app.consumer_generation_id += 1
        await self.consumer.on_partitions_assigned(set(self.thread.assigned), self.app.consumer_generation_id)
        await self.resume()

    async def resume(self) -> None:
        self.consumer.resume_partitions(set(self.thread.assigned))
        await self.consumer.perform_seek()
        self.consumer.resume_flow()

    def work(self, count: int) -> None:
        """Finish the first `count` messages of the buffer."""
        for message in self.buffer[:count]:
            self.done[message.tp].add(message.offset)
            self.consumer.ack(message)
        del self.buffer[:count]

    async def turns(self, count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(0)

    async def end(self) -> None:
        self.stop.set()
        await asyncio.wait_for(self.draining, timeout=10)


def _record(tp: TP, offset: int) -> ConsumerRecord[bytes, bytes]:
    return ConsumerRecord(tp.topic, tp.partition, offset, 0, 0, None, b"", None, 0, 0, ())


async def _no_time(seconds: float) -> None:
    await asyncio.sleep(0)


async def _nothing() -> None:
    return None
