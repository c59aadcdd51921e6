from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import aclosing

import pytest
import structlog

from services.producer.read_ahead import AHEAD, read_ahead


async def taken(items: Iterator[int], stop: asyncio.Event | None = None) -> list[int]:
    async with aclosing(read_ahead(items, stop or asyncio.Event())) as reading:
        return [item async for item in reading]


async def test_all_items_come_in_their_order() -> None:
    assert await taken(iter(range(1000))) == list(range(1000))


async def test_nothing_is_read_far_ahead_of_what_was_asked_for() -> None:
    read = 0

    def items() -> Iterator[int]:
        nonlocal read
        for number in range(10_000):
            read = number + 1
            yield number

    async with aclosing(read_ahead(items(), asyncio.Event())) as reading:
        asked = 0
        async for _ in reading:
            asked += 1
            # One more is read before the reader notices that there is no place for it.
            assert read <= asked + AHEAD + 1
    assert asked == 10_000


async def test_a_stop_ends_it_while_the_input_is_silent() -> None:
    stop, silence = asyncio.Event(), threading.Event()

    def items() -> Iterator[int]:
        yield 1
        silence.wait()

    async with aclosing(read_ahead(items(), stop)) as reading:
        assert await anext(reading) == 1
        asyncio.get_running_loop().call_soon(stop.set)
        with pytest.raises(StopAsyncIteration):
            await anext(reading)
    silence.set()


async def test_an_error_of_the_input_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("torn")

    async with aclosing(read_ahead(items(), asyncio.Event())) as reading:
        assert [await anext(reading), await anext(reading)] == [1, 2]
        with pytest.raises(ValueError, match="torn"):
            await anext(reading)


async def test_a_consumer_that_leaves_lets_the_reader_go() -> None:
    closed = threading.Event()

    def items() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    async with aclosing(read_ahead(items(), asyncio.Event())) as reading:
        await anext(reading)
    assert await asyncio.to_thread(closed.wait, 30)


async def test_what_is_bound_to_log_lines_here_is_bound_in_the_reader() -> None:
    def items() -> Iterator[int]:
        yield structlog.contextvars.get_contextvars()["run"]

    with structlog.contextvars.bound_contextvars(run=7):
        assert await taken(items()) == [7]
