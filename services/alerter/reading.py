"""Reading incidents: each message is decided once, in one transaction with its offset, and none is passed over.

The store and not Kafka says where to go on. A message that cannot be decided goes to the dead letters, acknowledged
there before its offset is kept. While the store or the dead letters do not answer, reading holds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from schemas import Incident
from schemas.vocabulary import DecisionReason
from services.alerter.deciding import Audience, Revision, decide_revision
from services.alerter.outbox.deciding import Decided, next_offset, offset_of, read_states, set_offset, write_decided
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.waiting import read_lately
from services.alerter.taking import Taking, nobody_takes
from services.alerter.waiting import wait_for_any
from services.shared.dead_letters import DeadLetter, dead_headers
from services.shared.topic_writer import TopicWriter, UnwritableError
from services.shared.topics import dead_of

log = structlog.get_logger()

STAGE = "decide"
POLL_MS = 250
"""How long to wait for messages before looking around: whether to stop, whether partitions moved."""
COMMIT_SECONDS = 5.0
"""How long the last offsets may take to reach Kafka once reading has ended."""
LONGEST_ID = 200
"""Characters of an incident id; PostgreSQL cannot index keys of any length, and no id of ours comes near."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0


class PoisonError(Exception):
    """A message that no retry can help."""


class StoppedError(Exception):
    """The service was asked to stop while it held; what it held is read again."""


Read: TypeAlias = "tuple[ConsumerRecord[bytes, bytes], Revision | None]"
"""A message and the revision in it; None where there is none to decide."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of one transaction, for whoever counts."""

    partition: TopicPartition
    messages: int
    dead: int
    reasons: Counter[DecisionReason]
    decided: Decided
    next_offset: int


@dataclass(slots=True)
class Reader:
    """Decides what a consumer reads."""

    store: Store
    consumer: AIOKafkaConsumer
    writer: TopicWriter
    audience: Audience
    now: Callable[[], datetime]
    batch_size: int
    taking: Taking = nobody_takes
    """Gives what claims alerts in the transaction that decides them, so that they go out as soon as it is kept."""
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    assigned: Callable[[int, bool], None] = lambda partitions, joined: None
    """Told how many partitions are held, and whether the group has said so just now."""
    decided: Callable[[Batch], None] = lambda batch: None
    """Told of every transaction, before Kafka is."""
    committed: Callable[[], None] = lambda: None
    store_answers: Callable[[str | None], None] = lambda reason: None
    """Told why the store does not answer, and None when it does."""
    _positioned: set[TopicPartition] = field(default_factory=set)
    _pause: float = FIRST_PAUSE_SECONDS
    _uncommitted: dict[TopicPartition, int] = field(default_factory=dict)
    _committing: asyncio.Task[None] | None = None

    async def run(self, topic: str, stop: asyncio.Event) -> None:
        """Read `topic` until `stop` is set. The consumer must be started, and is not closed."""
        self.consumer.subscribe([topic], listener=_Listener(self))
        try:
            await self._read(stop)
            if self._committing is not None:
                await asyncio.wait({self._committing}, timeout=COMMIT_SECONDS)
        finally:
            if self._committing is not None:
                self._committing.cancel()

    async def _read(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.alive()
            try:
                await self._position()
                found = await self.consumer.getmany(timeout_ms=POLL_MS, max_records=self.batch_size)
            except (StoreUnavailableError, KafkaError) as error:
                await self._hold(error, stop)
                continue
            for partition, records in found.items():
                try:
                    await self._take(partition, records, stop)
                except StoppedError:
                    return
                except StoreUnavailableError as error:
                    self._read_again(partition)
                    await self._hold(error, stop)

    def moved(self, partitions: Iterable[TopicPartition], *, assigned: bool) -> None:
        """The group has given these partitions, or taken them: where to read them from is to be looked up again."""
        given = set(partitions)
        self._positioned -= given
        if assigned:
            self.assigned(len(given), True)
            log.info("partitions_assigned", partitions=sorted(one.partition for one in given))

    async def _position(self) -> None:
        """Stand where the store says, in every partition that was newly given."""
        held = self.consumer.assignment()
        self.assigned(len(held), False)
        for partition in held - self._positioned:
            async with self.store.transaction() as connection:
                offset = await offset_of(connection, partition.topic, partition.partition)
            try:
                first = (await self.consumer.beginning_offsets([partition]))[partition]
                end = (await self.consumer.end_offsets([partition]))[partition]
                if offset is not None and not first <= offset <= end:
                    log.warning(
                        "topic_was_made_anew", partition=partition.partition, stored=offset, first=first, end=end
                    )
                    await self._forget(partition, first)
                    offset = first
                self.consumer.seek(partition, first if offset is None else offset)
            except IllegalStateError:
                continue  # taken away meanwhile
            self._positioned.add(partition)

    async def _forget(self, partition: TopicPartition, offset: int) -> None:
        """The offset that is kept belongs to a topic that is no more. Revisions decided stay decided."""
        async with self.store.transaction() as connection:
            await next_offset(connection, partition.topic, partition.partition)
            await set_offset(connection, partition.topic, partition.partition, offset, self.now())

    def _read_again(self, partition: TopicPartition) -> None:
        self._positioned.discard(partition)

    async def _hold(self, error: Exception, stop: asyncio.Event) -> None:
        if isinstance(error, StoreUnavailableError):
            self.store_answers(str(error))
        log.warning("reading_holds", error=str(error) or repr(error), retry_in_seconds=self._pause)
        await wait_for_any(stop, seconds=self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)

    async def _take(
        self, partition: TopicPartition, records: Sequence[ConsumerRecord[bytes, bytes]], stop: asyncio.Event
    ) -> None:
        if partition not in self._positioned or partition not in self.consumer.assignment():
            return  # fetched before the partition moved; it is read again by whoever has it now
        read: list[Read] = []
        dead: set[int] = set()
        for record in records:
            try:
                read.append((record, revision_of(record)))
            except PoisonError as error:
                await self._bury(record, error, stop)
                dead.add(record.offset)
                read.append((record, None))
        batch = await self._decide(partition, read, dead, stop)
        self._pause = FIRST_PAUSE_SECONDS
        self.store_answers(None)
        self.decided(batch)
        self._uncommitted[partition] = batch.next_offset
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit())

    async def _commit(self) -> None:
        """Tell Kafka how far reading has come. Only lag monitors read it: the store has the offset."""
        while self._uncommitted:
            offsets, self._uncommitted = self._uncommitted, {}
            for partition, offset in offsets.items():
                try:
                    await self.consumer.commit({partition: offset})
                except (KafkaError, IllegalStateError) as error:
                    log.info("commit_refused", partition=partition.partition, error=repr(error))
            self.committed()

    async def _decide(
        self, partition: TopicPartition, read: Sequence[Read], dead: set[int], stop: asyncio.Event
    ) -> Batch:
        """Decide `read` but for the offsets in `dead`, in one transaction; what cannot be decided goes there too."""
        while True:
            try:
                return await self._transact(partition, read, dead)
            except _FaultyError as faulty:
                record, cause = faulty.record, faulty.cause
            except DBAPIError as error:
                # Something in the batch cannot be stored: found by storing each by itself.
                if len(read) > 1:
                    return _together([await self._decide(partition, [one], dead, stop) for one in read])
                record, cause = read[0][0], PoisonError(f"it cannot be stored ({type(error.orig).__name__})")
            await self._bury(record, cause, stop)
            dead.add(record.offset)

    async def _transact(self, partition: TopicPartition, read: Sequence[Read], dead: set[int]) -> Batch:
        reasons, decided = Counter[DecisionReason](), Decided()
        end = read[-1][0].offset + 1
        async with self.taking() as take, self.store.transaction(urgent=True) as connection:
            # Not before: the clock may be set while others have their turn.
            now = self.now()
            stored = await next_offset(connection, partition.topic, partition.partition)
            fresh = [
                (record, revision)
                for record, revision in read
                if revision is not None and record.offset not in dead and (stored is None or record.offset >= stored)
            ]
            states = await read_states(connection, {revision.incident.incident_id for _, revision in fresh}, now)
            looking_back = self.audience.looking_back([revision.incident for _, revision in fresh])
            lately = await read_lately(connection, looking_back, now)
            for record, revision in fresh:
                try:
                    state = states[revision.incident.incident_id]
                    decide_revision(revision, self.audience, state, decided, reasons, lately)
                except Exception as error:
                    # A fault of ours must cost one message its place, not the stream its life.
                    log.exception("decision_fault", partition=partition.partition, offset=record.offset)
                    raise _FaultyError(record, error) from error
            await write_decided(connection, decided, states, now)
            if stored is None or end > stored:
                await set_offset(connection, partition.topic, partition.partition, end, now)
            if decided.alerts:
                new = [row.alert for row in decided.alerts]
                await take(connection, {one.channel for one in new}, new)
        buried = sum(record.offset in dead for record, _ in read)
        return Batch(partition, len(read), buried, reasons, decided, max(end, stored or 0))

    async def _bury(self, record: ConsumerRecord[bytes, bytes], error: Exception, stop: asyncio.Event) -> None:
        """Write the dead letter of `record`, holding until the broker has it."""
        letter = DeadLetter(
            stage=STAGE,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            error=type(error).__name__,
            reason=str(error) or repr(error),
            attempts=1,
            failed_at=self.now(),
        )
        log.warning("dead_letter", topic=record.topic, offset=record.offset, reason=letter.reason[:300])
        headers = dead_headers(letter, record.headers)
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self.writer.write(dead_of(record.topic), record.key, record.value, headers)
            except (KafkaError, OSError, UnwritableError) as refused:
                log.error("dead_letter_refused", topic=dead_of(record.topic), error=repr(refused))
                await wait_for_any(stop, seconds=pause)
                if stop.is_set():
                    raise StoppedError from refused
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                return


def _together(batches: Sequence[Batch]) -> Batch:
    """Several transactions of one partition, in order, as one batch."""
    reasons, decided = Counter[DecisionReason](), Decided()
    for batch in batches:
        reasons += batch.reasons
        decided.decisions += batch.decided.decisions
        decided.alerts += batch.decided.alerts
        decided.given_way += batch.decided.given_way
        decided.put_back += batch.decided.put_back
        decided.considered |= batch.decided.considered
        decided.waiting |= batch.decided.waiting
    last = batches[-1]
    messages, dead = sum(batch.messages for batch in batches), sum(batch.dead for batch in batches)
    return Batch(last.partition, messages, dead, reasons, decided, last.next_offset)


class _FaultyError(Exception):
    """Deciding one record failed."""

    def __init__(self, record: ConsumerRecord[bytes, bytes], cause: Exception) -> None:
        super().__init__(str(cause))
        self.record, self.cause = record, cause


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Passes on what the group decides; looking up offsets is left to the reader, which can wait for the store."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def on_partitions_revoked(self, revoked: Any) -> None:
        self._reader.moved(revoked, assigned=False)

    def on_partitions_assigned(self, assigned: Any) -> None:
        self._reader.moved(assigned, assigned=True)


def revision_of(record: ConsumerRecord[bytes, bytes]) -> Revision | None:
    """The revision that `record` holds; None for a tombstone, which a compacted topic may hold.

    Raises PoisonError, naming what is wrong, where it holds something else.
    """
    if record.value is None:
        return None
    try:
        incident = Incident.from_bytes(record.value)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'message'}: {one['msg']}" for one in error.errors())
        raise PoisonError(f"not an incident: {faults}") from error
    identity = incident.incident_id
    if len(identity) > LONGEST_ID or not identity.isprintable():
        raise PoisonError(f"incident_id must be at most {LONGEST_ID} printable characters")
    at = datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC)
    return Revision(incident, list(record.headers), at)
