"""The one loop that every agent runs: no record is acknowledged before its outputs or its dead letter are.

Faust acknowledges an event whose handler raised, loses the rest of a batch, and drops sends that nobody awaits. So
nothing leaves this loop as an exception: bytes come in, the stage decodes them, what may pass is tried again a bounded
number of times, what cannot is written to the dead letters, and only then is the event acknowledged. While the brokers
cannot be written to, the loop holds; a kill in that state loses nothing, since nothing was committed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from services.processor.stream.records import PoisonError, Record, Result, Stage, TransientError, refuse_oversized
from services.processor.stream.writer import RefusedError, Writer
from services.shared.dead_letters import DeadLetter, dead_headers
from services.shared.topic_writer import Outgoing
from services.shared.topics import dead_of

log = structlog.get_logger()

TRANSIENT = (TransientError, OSError, TimeoutError)
REFUSED_PAUSE_SECONDS = 10.0
"""Between attempts to write a dead letter that its topic refuses, until somebody mends the topic."""


class Message(Protocol):
    """What this loop reads of a Faust message."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: object


class Event(Protocol):
    """What this loop reads of a Faust event."""

    message: Message


class Stream(Protocol):
    """What this loop uses of a Faust stream whose acknowledgements are ours to give."""

    def events(self) -> AsyncIterator[Event]:
        """Every event, in order per partition."""
        ...

    async def ack(self, event: Event) -> bool:
        """Let the event's offset be committed."""
        ...


@dataclass(frozen=True, slots=True)
class LoopPolicy:
    """How a loop treats failures, and what it tells of its work."""

    stage_name: str
    attempts: int
    """How often a record is tried while the stage fails in a way that may pass."""
    batch_size: int
    """Records whose outputs are awaited together, at the most."""
    now: Callable[[], datetime]
    """The clock for dead letters."""
    pause: Callable[[int], float] = lambda attempt: min(0.1 * 2**attempt, 5.0)
    """Seconds before attempt number `attempt + 1`."""
    done: Callable[[int, int], None] = lambda records, dead: None
    """Told after each batch: records acknowledged, and how many of them ended in the dead letters."""
    turn: Callable[[Outgoing], int] = lambda entry: 0
    """When a changelog entry of a batch is written: those of a lower number before all of a higher one, of whatever
    record they are."""


@dataclass(frozen=True, slots=True)
class _Handled:
    event: Event
    record: Record
    result: Result
    dead: bool


async def run_safely(stream: Stream, stage: Stage, writer: Writer, policy: LoopPolicy) -> None:
    """Run `stage` over `stream` until cancelled.

    Records are handled in order; their outputs are written in batches while the next records are being handled, and
    acknowledged in order once everything they gave rise to is safe.
    """
    handled: asyncio.Queue[_Handled] = asyncio.Queue(maxsize=policy.batch_size)
    writing = asyncio.create_task(_write_and_ack(stream, handled, writer, policy))
    try:
        async for event in stream.events():
            record = record_of(event.message)
            result, dead = await handle(record, stage, policy)
            await _put(handled, _Handled(event, record, result, dead), writing)
    finally:
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing


async def handle(record: Record, stage: Stage, policy: LoopPolicy) -> tuple[Result, bool]:
    """What `stage` makes of `record`, or its dead letter and True. Raises nothing but CancelledError."""
    for attempt in range(1, policy.attempts + 1):
        try:
            result = stage(record)
            refuse_oversized(result)
        except TRANSIENT as error:
            log.warning("stage_failed", stage=policy.stage_name, attempt=attempt, **_where(record), error=repr(error))
            if attempt == policy.attempts:
                return _dead(record, error, attempt, policy), True
            await asyncio.sleep(policy.pause(attempt))
        except PoisonError as error:
            return _dead(record, error, attempt, policy), True
        except Exception as error:
            # A fault of ours must cost one record its place, not the stream its life.
            log.exception("stage_fault", stage=policy.stage_name, **_where(record))
            return _dead(record, error, attempt, policy), True
        else:
            return result, False
    raise AssertionError("attempts is at least 1")


def record_of(message: Message) -> Record:
    """A Faust message as a plain value."""
    headers = message.headers
    pairs = headers.items() if isinstance(headers, dict) else (headers or ())
    return Record(
        message.topic,
        message.partition,
        message.offset,
        message.key,
        message.value,
        tuple(pairs),  # type: ignore[arg-type]
    )


async def _put(queue: asyncio.Queue[_Handled], item: _Handled, writing: asyncio.Task[None]) -> None:
    """Queue `item`; raise what ended the writing task, so that a dead writer is not a silent standstill."""
    putting = asyncio.ensure_future(queue.put(item)) if queue.full() else None
    if putting is None:
        if writing.done():
            writing.result()
        queue.put_nowait(item)
        return
    await asyncio.wait({putting, writing}, return_when=asyncio.FIRST_COMPLETED)
    if writing.done():
        putting.cancel()
        writing.result()
    await putting


async def _write_and_ack(stream: Stream, handled: asyncio.Queue[_Handled], writer: Writer, policy: LoopPolicy) -> None:
    while True:
        batch = [await handled.get()]
        while len(batch) < policy.batch_size and not handled.empty():
            batch.append(handled.get_nowait())
        dead = sum(item.dead for item in batch)
        dead += await _write(batch, lambda item: item.result.outputs, writer, policy)
        dead += await _write(batch, _latest_state(batch), writer, policy, policy.turn)
        for item in batch:
            await stream.ack(item.event)
        policy.done(len(batch), dead)


def _latest_state(batch: list[_Handled]) -> Callable[[_Handled], tuple[Outgoing, ...]]:
    """Changelog entries of each record, without those that a later record of the batch replaces."""
    last = {(output.topic, output.key): output for item in batch for output in item.result.state}
    return lambda item: tuple(o for o in item.result.state if last[(o.topic, o.key)] is o)


async def _write(
    batch: list[_Handled],
    outputs_of: Callable[[_Handled], tuple[Outgoing, ...]],
    writer: Writer,
    policy: LoopPolicy,
    turn: Callable[[Outgoing], int] | None = None,
) -> int:
    """Write the outputs of `batch`, by `turn` where that is given; records whose outputs are refused for good go to the
    dead letters: how many."""
    source = {id(output): item for item in batch for output in outputs_of(item)}
    outputs = [output for item in batch for output in outputs_of(item)]
    if not outputs:
        return 0
    if turn is not None:
        outputs.sort(key=turn)
    try:
        await writer.write(outputs)
    except RefusedError as refusal:
        items = {id(source[id(output)]): (source[id(output)], error) for output, error in refusal.refused}
        letters = [output for item, error in items.values() for output in _dead(item.record, error, 1, policy).outputs]
        await _write_dead_letters(letters, writer, policy)
        return sum(not item.dead for item, _ in items.values())
    return 0


async def _write_dead_letters(letters: list[Outgoing], writer: Writer, policy: LoopPolicy) -> None:
    """Write `letters`, holding the loop until they are taken: to hold is the only answer that loses nothing."""
    while True:
        try:
            await writer.write(letters)
        except RefusedError as refusal:
            letters = [output for output, _ in refusal.refused]
            log.error(
                "dead_letter_refused",
                stage=policy.stage_name,
                topic=letters[0].topic,
                messages=len(letters),
                error=str(refusal),
                retry_in_seconds=REFUSED_PAUSE_SECONDS,
            )
            await asyncio.sleep(REFUSED_PAUSE_SECONDS)
        else:
            return


def _dead(record: Record, error: BaseException, attempts: int, policy: LoopPolicy) -> Result:
    reason = str(error) or repr(error)
    letter = DeadLetter(
        stage=policy.stage_name,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        error=type(error).__name__,
        reason=reason,
        attempts=attempts,
        failed_at=policy.now(),
    )
    log.warning("dead_letter", stage=policy.stage_name, **_where(record), error=letter.error, reason=reason[:300])
    headers = dead_headers(letter, record.headers)
    return Result((Outgoing(dead_of(record.topic), record.key, record.value, headers),))


def _where(record: Record) -> dict[str, str | int]:
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}
