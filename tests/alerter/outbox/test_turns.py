"""Whose turn it is: one at a time, the urgent first, and nobody for ever behind them."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerter.outbox.turns import Turns


async def order_of(asked: list[bool]) -> list[int]:
    """The numbers of those that ask while a first one, who is not urgent, has the turn; in the order of their turns."""
    turns, came, at_once = Turns(), list[int](), 0
    holding = asyncio.Event()

    async def hold() -> None:
        async with turns.turn(urgent=False, seconds=10):
            await holding.wait()

    async def ask(number: int, urgent: bool) -> None:
        nonlocal at_once
        async with turns.turn(urgent=urgent, seconds=10):
            at_once += 1
            assert at_once == 1
            came.append(number)
            await asyncio.sleep(0)
            at_once -= 1

    tasks = [asyncio.create_task(hold())]
    await asyncio.sleep(0)
    for number, urgent in enumerate(asked):
        tasks.append(asyncio.create_task(ask(number, urgent)))
        await asyncio.sleep(0)
    holding.set()
    await asyncio.gather(*tasks)
    return came


async def test_the_urgent_go_first_and_not_twice_in_a_row() -> None:
    assert await order_of([False, False, True, True, True]) == [2, 0, 3, 1, 4]


@given(st.lists(st.booleans(), max_size=12))
def test_each_has_its_turn_once_alone_and_in_order_among_its_like(asked: list[bool]) -> None:
    came = asyncio.run(order_of(asked))
    assert sorted(came) == list(range(len(asked)))
    for urgent in (True, False):
        like = [number for number in came if asked[number] is urgent]
        assert like == sorted(like)
    for place, (one, other) in enumerate(itertools.pairwise(came)):
        if asked[one] and asked[other]:
            assert all(asked[number] for number in came[place:])


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    turns = Turns()
    async with turns.turn(urgent=False, seconds=1):
        with pytest.raises(TimeoutError):
            async with turns.turn(urgent=True, seconds=0.01):
                raise AssertionError("two had the turn")
        waiting = asyncio.create_task(turns._wait(True, 10))
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with turns.turn(urgent=False, seconds=0.1):
        pass


async def test_a_turn_that_fails_is_passed_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="failed"):
        async with turns.turn(urgent=True, seconds=1):
            raise ValueError("failed")
    async with turns.turn(urgent=True, seconds=0.1):
        pass
