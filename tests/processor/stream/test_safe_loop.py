"""Every way in which a record can go wrong, and what must become of it: nothing is lost in any."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.stream import safe_loop
from services.processor.stream.records import ROOM_FOR_HEADERS, PoisonError, Record, Result, TransientError
from services.processor.stream.safe_loop import LoopPolicy, run_safely
from services.shared.dead_letters import read_dead
from services.shared.topic_writer import Outgoing
from services.shared.topics import MAX_MESSAGE_BYTES
from tests.processor.stream.fakes import NOON, FakeStream, FakeWriter, copy_of, policy


def passing(record: Record) -> Result:
    return Result((copy_of(record.value),))


async def run_until(done: Callable[[], bool], stream: FakeStream, stage, writer: FakeWriter, how: LoopPolicy) -> None:
    task = asyncio.create_task(run_safely(stream, stage, writer, how))
    async with asyncio.timeout(5):
        while not done() and not task.done():
            await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def run_all(stream: FakeStream, stage, writer: FakeWriter, how: LoopPolicy) -> None:
    await run_until(lambda: len(stream.acked) == len(stream.values), stream, stage, writer, how)


async def test_every_record_gives_its_output_and_is_acknowledged_in_order() -> None:
    stream, writer = FakeStream([b"%d" % n for n in range(20)]), FakeWriter()
    await run_all(stream, passing, writer, policy())
    assert [output.value for output in writer.on("reports")] == list(stream.values)
    assert stream.acked == list(range(20))


async def test_nothing_is_acknowledged_while_its_outputs_are_not_written() -> None:
    stream, writer = FakeStream([b"a", b"b"]), FakeWriter(held=asyncio.Event())
    task = asyncio.create_task(run_safely(stream, passing, writer, policy()))
    await asyncio.sleep(0.05)
    assert stream.acked == []
    assert writer.held is not None
    writer.held.set()
    async with asyncio.timeout(5):
        while len(stream.acked) < 2:
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_stop_while_writing_acknowledges_nothing() -> None:
    stream, writer = FakeStream([b"a"]), FakeWriter(held=asyncio.Event())
    task = asyncio.create_task(run_safely(stream, passing, writer, policy()))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stream.acked == []


@pytest.mark.parametrize("error", [PoisonError("no body"), ValueError("a fault of ours"), KeyError("x")])
async def test_a_record_that_cannot_be_processed_goes_whole_to_the_dead_letters_and_the_rest_goes_on(
    error: Exception,
) -> None:
    def stage(record: Record) -> Result:
        if record.value == b"3":
            raise error
        return passing(record)

    stream, writer = FakeStream([b"%d" % n for n in range(8)]), FakeWriter()
    await run_all(stream, stage, writer, policy())
    assert [output.value for output in writer.on("reports")] == [b"%d" % n for n in range(8) if n != 3]
    (dead,) = writer.on("articles.dead")
    letter = read_dead(dead.headers)
    assert (dead.value, dead.key, letter.offset, letter.attempts) == (b"3", b"k", 3, 1)
    assert (letter.error, letter.failed_at) == (type(error).__name__, NOON)
    assert stream.acked == list(range(8))


async def test_what_may_pass_is_tried_again_and_leaves_no_dead_letter() -> None:
    tries: list[bytes | None] = []

    def stage(record: Record) -> Result:
        tries.append(record.value)
        if len(tries) < 3:
            raise TransientError("not yet")
        return passing(record)

    stream, writer = FakeStream([b"a"]), FakeWriter()
    await run_all(stream, stage, writer, policy(attempts=3))
    assert tries == [b"a"] * 3
    assert [output.topic for output in writer.written] == ["reports"]


async def test_what_never_passes_is_tried_a_bounded_number_of_times() -> None:
    tries = 0

    def stage(record: Record) -> Result:
        nonlocal tries
        tries += 1
        raise OSError("gone")

    stream, writer = FakeStream([b"a"]), FakeWriter()
    await run_all(stream, stage, writer, policy(attempts=4))
    assert tries == 4
    assert read_dead(writer.on("articles.dead")[0].headers).attempts == 4


async def test_an_output_that_the_broker_refuses_for_good_makes_its_record_a_dead_letter() -> None:
    def stage(record: Record) -> Result:
        return Result((copy_of(record.value, "full" if record.value == b"1" else "reports"),))

    stream, writer = FakeStream([b"0", b"1", b"2"]), FakeWriter(refuse={"full"})
    await run_all(stream, stage, writer, policy())
    assert [output.value for output in writer.on("articles.dead")] == [b"1"]
    assert [output.value for output in writer.on("reports")] == [b"0", b"2"]
    assert stream.acked == [0, 1, 2]


async def test_while_a_dead_letter_is_refused_the_loop_holds_and_goes_on_when_it_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(safe_loop, "REFUSED_PAUSE_SECONDS", 0.001)
    attempts = 0

    def count(outputs: object) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 20:
            writer.refuse.clear()

    def stage(record: Record) -> Result:
        raise PoisonError("never")

    stream = FakeStream([b"a", b"b"])
    writer = FakeWriter(refuse={"articles.dead"}, before_write=count)
    await run_all(stream, stage, writer, policy(batch_size=1))
    assert attempts >= 20
    assert [output.value for output in writer.on("articles.dead")] == [b"a", b"b"]


@pytest.mark.parametrize(
    ("topic", "mend"), [("reports", "shorten the article"), ("desk-incidents", "split the incident")]
)
async def test_an_output_larger_than_a_message_may_be_is_a_dead_letter_that_says_so(topic: str, mend: str) -> None:
    def stage(record: Record) -> Result:
        return Result((copy_of(b"x" * (MAX_MESSAGE_BYTES - ROOM_FOR_HEADERS + 1), topic),))

    stream, writer = FakeStream([b"a"]), FakeWriter()
    await run_all(stream, stage, writer, policy())
    assert mend in read_dead(writer.on("articles.dead")[0].headers).reason


async def test_state_is_written_after_the_outputs_and_only_the_latest_of_each_key_in_a_batch() -> None:
    def stage(record: Record) -> Result:
        return Result((copy_of(record.value),), (Outgoing("changelog", b"same", record.value, []),))

    stream, writer = FakeStream([b"1", b"2", b"3"]), FakeWriter()
    order: list[set[str]] = []
    writer.before_write = lambda outputs: order.append({output.topic for output in outputs})
    await run_all(stream, stage, writer, policy(batch_size=10))
    assert writer.on("changelog")[-1].value == b"3"
    assert len(writer.on("changelog")) <= len(order) / 2
    assert all(later == {"changelog"} for earlier, later in itertools.pairwise(order) if "reports" in earlier)


async def test_state_of_a_batch_is_written_by_turns_whatever_record_it_is_of() -> None:
    def stage(record: Record) -> Result:
        number = record.value or b""
        entries = [Outgoing("changelog", name + number, value, []) for name, value in ((b"ends", None), (b"is", b"x"))]
        return Result((), tuple(entries))

    stream, writer = FakeStream([b"1", b"2", b"3"]), FakeWriter()
    batches: list[list[bool]] = []
    writer.before_write = lambda outputs: batches.append([output.value is None for output in outputs])
    await run_all(stream, stage, writer, policy(batch_size=10, turn=lambda entry: entry.value is None))
    assert max(map(len, batches)) > 2
    assert all(ends == sorted(ends) for ends in batches)


async def test_the_policy_is_told_of_what_is_done_and_what_is_dead() -> None:
    told: list[tuple[int, int]] = []

    def stage(record: Record) -> Result:
        if record.value == b"bad":
            raise PoisonError("bad")
        return passing(record)

    stream, writer = FakeStream([b"a", b"bad", b"c"]), FakeWriter()
    await run_all(stream, stage, writer, policy(done=lambda records, dead: told.append((records, dead))))
    assert (sum(records for records, _ in told), sum(dead for _, dead in told)) == (3, 1)


@given(
    fates=st.lists(st.sampled_from(["pass", "poison", "fault", "transient", "refused"]), max_size=30),
    batch_size=st.integers(1, 7),
)
def test_whatever_goes_wrong_every_record_ends_as_output_or_dead_letter_and_is_acknowledged_once(
    fates: list[str], batch_size: int
) -> None:
    def stage(record: Record) -> Result:
        fate = fates[record.offset]
        if fate == "poison":
            raise PoisonError("poison")
        if fate == "fault":
            raise ZeroDivisionError("fault")
        if fate == "transient":
            raise TransientError("transient")
        return Result((copy_of(record.value, "full" if fate == "refused" else "reports"),))

    async def scenario() -> None:
        stream = FakeStream([b"%d" % n for n in range(len(fates))])
        writer = FakeWriter(refuse={"full"})
        await run_all(stream, stage, writer, policy(batch_size=batch_size))
        assert stream.acked == list(range(len(fates)))
        passed = [b"%d" % n for n, fate in enumerate(fates) if fate == "pass"]
        dead = [b"%d" % n for n, fate in enumerate(fates) if fate != "pass"]
        assert [output.value for output in writer.on("reports")] == passed
        assert sorted(output.value or b"" for output in writer.on("articles.dead")) == sorted(dead)

    asyncio.run(scenario())
