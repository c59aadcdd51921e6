"""What receivers that fail may cost a process that has more to do than it can."""

from __future__ import annotations

import asyncio
import time

from hypothesis import given
from hypothesis import strategies as st

from services.alerter.retry_budget import PER_SECOND, LoopLag, RetryBudget


def test_a_process_that_keeps_up_sets_no_bound() -> None:
    budget = RetryBudget()
    assert budget.left(0.0, behind=False) is None
    budget.spend(1000)
    assert budget.left(1.0, behind=False) is None
    assert budget.left(2.0, behind=True) == 1


@given(
    steps=st.lists(st.tuples(st.floats(0, 3), st.integers(0, 20)), max_size=60),
    started=st.floats(0, 1e6),
)
def test_over_any_stretch_in_which_the_process_is_behind_only_so_many_begin(
    steps: list[tuple[float, int]], started: float
) -> None:
    budget, now = RetryBudget(), started
    begun: list[tuple[float, int]] = []
    for wait, wanted in steps:
        now += wait
        left = budget.left(now, behind=True)
        assert left is not None
        done = min(wanted, left)
        budget.spend(done)
        begun.append((now, done))
    for place, (start, _) in enumerate(begun):
        total = 0
        for end, done in begun[place:]:
            total += done
            assert total <= PER_SECOND * (1 + end - start) + 0.01


def test_however_long_the_process_is_behind_receivers_that_fail_get_their_turns() -> None:
    budget, begun = RetryBudget(), 0
    for tenth in range(1000):
        left = budget.left(tenth / 10, behind=True) or 0
        budget.spend(left)
        begun += left
    assert 0.9 * PER_SECOND * 100 <= begun <= PER_SECOND * 100 + 1


def test_short_delays_now_and_then_are_no_sign_of_being_behind_and_a_long_one_is() -> None:
    lag = LoopLag()
    for number in range(200):
        lag.add(0.06 if number % 4 == 0 else 0.001)
        assert not lag.behind
    lag.add(0.5)
    assert lag.behind
    for _ in range(60):
        lag.add(0.001)
    assert not lag.behind


@given(st.lists(st.floats(0, 10), max_size=50))
def test_the_mean_lies_within_what_was_measured(delays: list[float]) -> None:
    lag = LoopLag()
    for delay in delays:
        lag.add(delay)
    assert 0 <= lag.seconds <= max(delays, default=0) + 1e-9


async def test_a_loop_that_is_held_up_is_found_to_be_behind() -> None:
    lag = LoopLag()
    measuring = asyncio.create_task(lag.run())
    while not lag.behind:
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_soon(time.sleep, 0.3)
    measuring.cancel()
