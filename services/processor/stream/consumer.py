"""Faust's Kafka consumer, with its draining of fetched messages replaced by one that skips none.

Faust 0.15.3 can lose messages at a rebalance. It notes a message as read although it gave up handing it over; it throws
away the rest of a batch, and what waits in the streams' buffers, and goes back only in partitions that have a committed
offset; and where a batch that was fetched before a seek comes in after it, Faust takes what lies between for compacted
away, acknowledges it unread, and drops it when it is fetched. Its commit also jumps over an event in flight
(faust-streaming issue 606).

Here each partition has the offset that is handed over next, and everything that moves the position starts a new epoch.
A batch counts only where it was asked for in the epoch in which it comes in; then it begins at the consumer's position,
and what is missing in it really is not there. What is not handed over is fetched again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import structlog
from aiokafka.errors import IllegalStateError
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from services.processor.stream.progress import Progress

log = structlog.get_logger()

FETCH_TIMEOUT_SECONDS = 1.0
YIELD_EVERY = 10
"""Messages after which the streams get a turn."""
GO_BACK_PAUSE_SECONDS = 0.1
"""After a position could not be set, which happens while the group is rebalancing."""

Records = Mapping[TP, list[Any]]


class Consumer(driver.Consumer):
    """A consumer that hands over every message of its partitions and never commits past one that is not safe."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._expected: dict[TP, int] = {}
        """The offset that is handed over next. A partition that is acknowledged waits until it is known."""
        self._astray: set[TP] = set()
        """Partitions whose position is past what is expected: they go back before they are fetched again."""
        self._progress: dict[TP, Progress] = {}
        self._epoch = 0
        self._fetched_in = 0
        """The epoch in which the batch at hand was asked for."""
        self._positions = asyncio.Lock()
        """Held while a batch is handed over, and while positions are moved."""
        self._turned = asyncio.Event()
        """Set when the batch at hand is out of date."""
        super().__init__(*args, **kwargs)

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        thread: driver.AIOKafkaConsumerThread = cast("Any", self.transport).new_consumer_thread(self)
        return thread

    def _turn(self) -> None:
        """Make out of date what is being fetched or handed over."""
        self._epoch += 1
        self._turned.set()

    def stop_flow(self) -> None:
        """Hand nothing over until the flow is resumed."""
        super().stop_flow()
        self._turn()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish what is in hand and commit it, then forget the partitions."""
        self._turn()
        await super().on_partitions_revoked(revoked)
        for tp in revoked:
            self._expected.pop(tp, None)
            self._progress.pop(tp, None)
            self._committed_offset.pop(tp, None)
            self._astray.discard(tp)

    async def perform_seek(self) -> None:
        """Go to the committed offset of every partition, or to its beginning where none is committed."""
        async with self._moving():
            committed = {ensure_TP(tp): offset for tp, offset in (await self.seek_to_committed()).items()}
            # Where the changelog is read from is the business of whoever restores the table.
            committed = {tp: offset for tp, offset in committed.items() if not self._is_changelog_tp(tp)}
            begun = {tp: offset for tp, offset in committed.items() if offset is not None and offset > 0}
            fresh = [tp for tp in committed if tp not in begun]
            if fresh:
                earliest = {ensure_TP(tp): offset or 0 for tp, offset in (await self.earliest_offsets(*fresh)).items()}
                await super().seek_wait(earliest)
                self._expect(earliest)
            self._expect(begun)
            self._committed_offset.update(begun)
            for tp in committed:
                self._progress[tp] = Progress()

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Go to these offsets."""
        async with self._moving():
            await super().seek_wait(partitions)
            self._expect(partitions)

    def _expect(self, positions: Mapping[TP, int]) -> None:
        self._expected.update(positions)
        self._read_offset.update({tp: offset or None for tp, offset in positions.items()})
        self._astray.difference_update(positions)

    @asynccontextmanager
    async def _moving(self) -> AsyncIterator[None]:
        self._turn()
        async with self._positions:
            try:
                yield
            except BaseException:
                self._astray.update(self._expected)
                raise
            finally:
                self._turn()

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Records:  # noqa: ASYNC109
        await self._go_back()
        if self._astray and active_partitions is not None:
            # A copy only then: Faust resumes partitions by adding them to the set that a fetch is waiting with.
            active_partitions = active_partitions - self._astray
            if not active_partitions:
                await self.sleep(GO_BACK_PAUSE_SECONDS)
                return {}
        self._fetched_in = self._epoch
        return await super()._getmany(active_partitions, timeout)

    async def _go_back(self) -> None:
        """Set the position of each partition that is astray to what is expected of it."""
        if not self._astray:
            return
        async with self._positions:
            for tp in tuple(self._astray):
                offset = self._expected.get(tp)
                if offset is None:
                    # It was revoked while another went back, or its position is about to be set.
                    self._astray.discard(tp)
                    continue
                try:
                    await super().seek_wait({tp: offset})
                except IllegalStateError as error:
                    log.info("position_not_set", topic=tp.topic, partition=tp.partition, error=repr(error))
                else:
                    self._astray.discard(tp)

    async def _drain_messages(self, fetcher: Any) -> None:
        """Fetch and hand over until the consumer or `fetcher` stops."""
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):  # noqa: SLF001
                records, active = await self._wait_next_records(FETCH_TIMEOUT_SECONDS)
                await asyncio.sleep(0)
                if self.should_stop:
                    continue
                if records:
                    async with self._positions:
                        await self._hand_over({ensure_TP(tp): batch for tp, batch in records.items()}, active)
                if self._commit_every is not None and self._n_acked >= self._commit_every:
                    self._n_acked = 0
                    await self.commit()
        except self.consumer_stopped_errors:
            if not self.transport.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.transport.app.should_stop:
                raise

    async def _hand_over(self, records: Records, active: set[TP] | None) -> None:
        """Hand over what is of this epoch, until it ends; go back for the rest."""
        try:
            if self._fetched_in == self._epoch and self.flow_active:
                self._turned.clear()
                await self._until_turned(self._hand_each(records, active))
        finally:
            for tp, batch in records.items():
                expected = self._expected.get(tp)
                if batch and expected is not None and expected <= batch[-1].offset:
                    self._astray.add(tp)

    async def _until_turned(self, work: Any) -> None:
        """Await `work`, and end it when the epoch does."""
        working = asyncio.ensure_future(work)
        turned = asyncio.ensure_future(self._turned.wait())
        try:
            await asyncio.wait({working, turned}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            turned.cancel()
            if not working.done():
                working.cancel()
                await asyncio.wait({working})
        if not working.cancelled():
            working.result()

    async def _hand_each(self, records: Records, active: set[TP] | None) -> None:
        for tp, batch in records.items():
            if batch:
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
        since_yield = 0
        for tp, record in self._in_turn(records):
            if active is not None and tp not in active and tp not in self._buffered_partitions:
                continue
            expected = self._expected.get(tp)
            acknowledged = self.app.topics.acks_enabled_for(tp.topic)
            if (expected is None and acknowledged) or (expected is not None and record.offset < expected):
                continue
            progress = self._progress.setdefault(tp, Progress()) if acknowledged else None
            if progress:
                # Before it is handed over: the stream may be quick to acknowledge it.
                progress.hand(record.offset)
            try:
                await self.callback(self._to_message(tp, record))
            except BaseException:
                if progress:
                    progress.take_back(record.offset)
                raise
            self._expected[tp] = record.offset + 1
            self._read_offset[tp] = record.offset
            since_yield += 1
            if since_yield >= YIELD_EVERY:
                since_yield = 0
                await asyncio.sleep(0)

    def _in_turn(self, records: Records) -> Iterator[tuple[TP, Any]]:
        """Topics and partitions in turn, so that a backlog of one does not keep the others waiting."""
        return self.scheduler.iterate(records)

    def ack(self, message: Any) -> bool:
        """Everything that `message` gave rise to is safe. False where that was known."""
        if message.acked:
            return False
        message.acked = True
        self._unacked_messages.discard(message)
        progress = self._progress.get(message.tp)
        if progress is not None:
            progress.ack(message.offset)
            self._n_acked += 1
        waiting = self._waiting_for_ack
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        return True

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in self._progress if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        progress = self._progress.get(tp)
        return progress.committable() if progress else None

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        did_commit: bool = await super()._commit_offsets(offsets, start_new_transaction)
        if did_commit:
            cast("Any", self.transport).committed()
        return did_commit
