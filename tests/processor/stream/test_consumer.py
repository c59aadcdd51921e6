"""Whatever the group does while messages are on their way, each is handed over and none is committed unread."""

from __future__ import annotations

import asyncio

from faust.types import TP
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.processor.stream.fake_kafka import TOPIC, Reading

TPS = (TP(TOPIC, 0), TP(TOPIC, 1))
ACTIONS = st.one_of(
    st.tuples(st.just("turns"), st.integers(1, 12)),
    st.tuples(st.just("work"), st.integers(1, 9)),
    st.tuples(st.just("commit"), st.just(0)),
    st.tuples(st.just("rebalance"), st.just(0)),
    st.tuples(st.just("seek"), st.just(0)),
    st.tuples(st.just("stop_flow"), st.just(0)),
    st.tuples(st.just("full"), st.integers(1, 6)),
)
LOGS = st.sets(st.integers(0, 60), min_size=1, max_size=40).map(sorted)


def check_commits(reading: Reading) -> None:
    for tp, offset in reading.thread.committed.items():
        unread = [one for one in reading.thread.logs[tp] if one < (offset or 0) and one not in reading.done[tp]]
        assert not unread, f"{tp} is committed to {offset}, and {unread} were never finished"


async def play(reading: Reading, actions: list[tuple[str, int]]) -> None:
    reading.start()
    await reading.rebalance()
    for action, count in actions:
        match action:
            case "turns":
                await reading.turns(count)
            case "work":
                reading.work(count)
            case "commit":
                await reading.consumer.commit()
            case "rebalance":
                await reading.rebalance()
            case "seek":
                reading.buffer.clear()
                await reading.consumer.perform_seek()
            case "stop_flow":
                reading.consumer.stop_flow()
                await reading.turns(3)
                reading.consumer.resume_flow()
            case "full":
                reading.room.clear()
                await reading.turns(count)
                reading.room.set()
        check_commits(reading)


async def finish(reading: Reading) -> None:
    """Work on until everything is committed, or nothing comes any more."""
    for _ in range(400):
        await reading.turns(10)
        reading.work(len(reading.buffer))
        await reading.consumer.commit()
        check_commits(reading)
        if all(reading.thread.committed[tp] == log[-1] + 1 for tp, log in reading.thread.logs.items()):
            break


@settings(deadline=None)
@given(
    logs=st.tuples(LOGS, LOGS),
    delays=st.lists(st.integers(0, 6), min_size=1, max_size=6),
    actions=st.lists(ACTIONS, max_size=25),
)
def test_every_message_is_finished_and_no_commit_covers_one_that_is_not(
    logs: tuple[list[int], list[int]], delays: list[int], actions: list[tuple[str, int]]
) -> None:
    async def story() -> None:
        reading = Reading(dict(zip(TPS, logs, strict=True)), delays)
        await play(reading, actions)
        await finish(reading)
        await reading.end()
        check_commits(reading)
        for tp, log in reading.thread.logs.items():
            assert set(log) <= reading.done[tp], "some messages never came"
            assert reading.thread.committed[tp] == log[-1] + 1, "what is finished was not committed"

    asyncio.run(story())


async def test_a_batch_that_was_fetched_before_a_seek_and_comes_in_after_it_is_fetched_again() -> None:
    reading = Reading({TPS[0]: list(range(30))}, delays=[8])
    reading.start()
    await reading.resume()
    await reading.turns(60)
    reading.work(4)
    await reading.consumer.commit()
    reading.buffer.clear()
    await reading.resume()
    await finish(reading)
    await reading.end()
    assert reading.done[TPS[0]] == set(range(30))


async def test_a_message_that_finds_no_room_when_the_flow_stops_is_handed_over_later() -> None:
    reading = Reading({TPS[0]: list(range(7))}, delays=[0])
    reading.start()
    reading.room.clear()
    await reading.resume()
    await reading.turns(30)
    assert not reading.buffer
    reading.consumer.stop_flow()
    await reading.turns(10)
    reading.room.set()
    reading.consumer.resume_flow()
    await finish(reading)
    await reading.end()
    assert reading.done[TPS[0]] == set(range(7))


async def test_what_waits_in_the_buffers_at_a_rebalance_comes_again_where_nothing_was_ever_committed() -> None:
    reading = Reading({TPS[0]: list(range(5, 12))}, delays=[1])
    reading.start()
    await reading.resume()
    await reading.turns(40)
    assert reading.buffer
    await reading.rebalance()
    await finish(reading)
    await reading.end()
    assert reading.done[TPS[0]] == set(range(5, 12))
